//! Classifies, scores, grades and tags sales leads and customers by a rule file, and says why.

pub mod diagnostic;
mod limits;
mod source;
pub mod syntax;

pub use diagnostic::{Diagnostic, LoadError};
pub use limits::Limits;
pub use source::{Position, Source, SourceId, Span};
