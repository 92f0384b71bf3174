//! Classifies, scores, grades and tags sales leads and customers by a rule file, and says why.

pub mod diagnostic;
mod eval;
mod lead;
mod limits;
mod source;
pub mod syntax;
mod time;
mod types;
mod value;

pub use diagnostic::{Diagnostic, LoadError};
pub use lead::{Activity, DataIssue, Lead, LeadError, Purchase};
pub use limits::Limits;
pub use source::{Position, Source, SourceId, Span};
pub use time::At;
pub use value::{Record, Text, Value};
