//! Why a text is no lead.

/// Why a JSON text is not a lead: where, what is wrong, and what to do about it.
///
/// Only text that is no JSON object ends up here. A value of the wrong type inside a field is a
/// [`DataIssue`](crate::DataIssue), found when the lead meets a rule set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line}, column {column}{}: {help}", in_path(.path))]
pub struct LeadError {
    pub(super) message: String,
    pub(super) help: &'static str,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) path: String,
}

impl LeadError {
    /// The line of the text, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The character in the line, from 1.
    pub fn column(&self) -> usize {
        self.column
    }

    /// The field, such as `activities[2].at`; empty when it is the lead as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong, without its place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    pub fn help(&self) -> &str {
        self.help
    }
}

/// ` in `path``, where there is one.
pub(super) fn in_path(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" in `{path}`") }
}
