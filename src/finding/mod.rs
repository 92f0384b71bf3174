//! What an analysis finds in a rule set that loads, as data.

mod witness;

pub use witness::Witness;
pub(crate) use witness::quoted;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::Span;

/// Something about a rule set that its author should know: a rule that never fires, leads that are left out.
///
/// Everything that a finding claims is proved, or shown by its witness.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    diagnostic: Diagnostic,
    witness: Option<Witness>,
}

impl Finding {
    pub(crate) fn new(severity: Severity, code: Code, span: Span, message: impl Into<String>) -> Finding {
        Finding { diagnostic: Diagnostic { severity, ..Diagnostic::error(code, span, message) }, witness: None }
    }

    /// A warning at a place.
    pub(crate) fn warning(code: Code, span: Span, message: impl Into<String>) -> Finding {
        Finding::new(Severity::Warning, code, span, message)
    }

    /// Something worth knowing about a place.
    pub(crate) fn hint(code: Code, span: Span, message: impl Into<String>) -> Finding {
        Finding::new(Severity::Hint, code, span, message)
    }

    pub(crate) fn related(mut self, span: Span, text: impl Into<String>) -> Finding {
        self.diagnostic = self.diagnostic.related(span, text);
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Finding {
        self.diagnostic = self.diagnostic.help(help);
        self
    }

    pub(crate) fn shown_by(mut self, witness: Option<Witness>) -> Finding {
        self.witness = witness;
        self
    }

    /// Which kind of thing it is.
    pub fn code(&self) -> Code {
        self.diagnostic.code
    }

    /// Whether a careful author would change the file, or would only want to know.
    pub fn severity(&self) -> Severity {
        self.diagnostic.severity
    }

    /// The place itself.
    pub fn span(&self) -> Span {
        self.diagnostic.span()
    }

    /// What is the case, in one line.
    pub fn message(&self) -> &str {
        &self.diagnostic.message
    }

    /// A way out.
    pub fn help_text(&self) -> Option<&str> {
        self.diagnostic.help.as_deref()
    }

    /// A lead that shows it, where there is one to be shown.
    pub fn witness(&self) -> Option<&Witness> {
        self.witness.as_ref()
    }

    /// All of it but the witness, to be [rendered](crate::diagnostic::render) with carets.
    pub fn diagnostic(&self) -> &Diagnostic {
        &self.diagnostic
    }
}
