//! Classifies, scores, grades and tags sales leads and customers by a rule file, and says why.

mod check;
pub mod diagnostic;
mod eval;
mod explain;
mod hir;
mod lead;
mod limits;
mod outcome;
mod population;
mod program;
mod report;
mod rule_set;
mod source;
pub mod syntax;
mod time;
mod types;
mod value;

pub use diagnostic::{Diagnostic, LoadError};
pub use explain::{
    ClassExplanation, Entry, Explanation, IndicatorExplanation, RuleExplanation, ScoreExplanation, TagsExplanation,
    Truth, Verdict,
};
pub use lead::{Activity, DataIssue, DataIssueKind, Lead, LeadError, Purchase};
pub use limits::Limits;
pub use outcome::{Outcome, Previous, PreviousError, PreviousScore, Scored};
pub use population::Population;
pub use report::{Failure, TestReport, TestResult};
pub use rule_set::{ClassId, Context, Evaluator, RuleSet, RuleSetBuilder, ScoreId, TagsId};
pub use source::{Position, Source, SourceId, Span};
pub use time::At;
pub use value::{Record, Text, Value};
