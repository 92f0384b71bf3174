//! A diagnostic as text: the line it is about, carets under the place, help.

use super::Diagnostic;
use crate::source::Source;

/// Renders one diagnostic with the lines that it points into.
pub fn render(sources: &[Source], diagnostic: &Diagnostic) -> String {
    let span = diagnostic.span();
    let Some(source) = sources.get(span.source.0 as usize) else { return diagnostic.message.clone() };
    format!("{}: {}: {}\n", source.name, source.position(span.start), diagnostic.message)
}
