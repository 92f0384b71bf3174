#![doc = include_str!("docs/overview.md")]

mod check;
pub mod diagnostic;
pub mod docs;
mod eval;
pub mod explain;
mod hir;
mod lead;
mod limits;
mod loaded;
mod operator;
mod outcome;
mod population;
mod previous;
mod program;
mod report;
mod rule_set;
mod source;
#[doc(hidden)]
pub mod stations;
#[cfg(feature = "proptest")]
pub mod strategy;
pub mod syntax;
mod time;
mod types;
mod value;

pub use diagnostic::{Diagnostic, LoadError};
pub use explain::Explanation;
pub use lead::{Activity, DataIssue, DataIssueKind, Lead, LeadError, Purchase};
pub use limits::Limits;
pub use loaded::{ClassId, ScoreId, TagsId};
pub use outcome::{Outcome, Scored};
pub use population::Population;
pub use previous::{Previous, PreviousError, PreviousScore};
pub use report::{Failure, TestReport, TestResult};
pub use rule_set::{Context, Evaluator, RuleSet, RuleSetBuilder};
pub use source::{Position, Source, SourceId, Span};
pub use time::At;
pub use value::{Record, Text, Value};
