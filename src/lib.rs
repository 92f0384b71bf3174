#![doc = include_str!("docs/overview.md")]

mod access;
mod affected;
pub mod analysis;
mod batch;
mod binding;
mod change;
mod check;
mod columns;
pub mod diagnostic;
pub mod docs;
mod eval;
mod evaluator;
pub mod explain;
mod finding;
mod grid;
mod hir;
mod lead;
mod limits;
mod loaded;
mod measuring;
mod operator;
mod outcome;
pub mod paths;
pub mod population;
mod prepared;
mod previous;
mod program;
mod read_set;
mod report;
mod rule_set;
mod source;
#[doc(hidden)]
pub mod stations;
#[cfg(feature = "proptest")]
pub mod strategy;
pub mod syntax;
mod time;
mod transition;
mod types;
mod value;
mod versions;

pub use binding::{BindError, Binding, RecordEvaluator};
pub use change::{Change, Changes};
pub use columns::{Column, ColumnOutcomes, Columns, ColumnsError};
pub use diagnostic::{Diagnostic, LoadError};
pub use evaluator::{Context, Evaluator};
pub use explain::Explanation;
#[cfg(feature = "derive")]
pub use gradus_derive::Record;
pub use lead::field::{ToField, Units};
pub use lead::record::{FieldKind, FieldValue, FieldVisitor, Record, RecordField};
pub use lead::{Activity, DataIssue, DataIssueKind, Lead, LeadError, Purchase};
pub use limits::Limits;
pub use loaded::{ClassId, OutcomeId, ScoreId, TagsId};
pub use measuring::PopulationBuilder;
pub use outcome::{Outcome, Scored};
pub use population::Population;
pub use prepared::PreparedLead;
pub use previous::{Previous, PreviousError, PreviousScore};
pub use read_set::ReadSet;
pub use report::{Failure, TestReport, TestResult};
pub use rule_set::{RuleSet, RuleSetBuilder};
pub use source::{Position, Source, SourceId, Span};
pub use time::At;
pub use transition::{Causes, Difference, Direction, Part, Transition, compare};
pub use value::{Fields, Text, Value};
