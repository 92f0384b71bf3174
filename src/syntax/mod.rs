//! Text ⇄ syntax tree: the only folder that knows how rule files are written.

pub mod ast;
mod parse;

pub(crate) use parse::{Parsed, parse};

use crate::diagnostic::{LoadError, Severity};
use crate::limits::Limits;
use crate::source::{Source, SourceId};

/// Reads one rule file into its tree, within the default limits; nothing is checked but the syntax.
pub fn parse_file(name: &str, text: &str) -> Result<ast::RuleFile, LoadError> {
    let parsed = parse(SourceId(0), text, &Limits::default());
    if parsed.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(LoadError::new(vec![Source::new(name, text)], parsed.diagnostics));
    }
    Ok(parsed.file)
}
