//! Text ⇄ syntax tree: the only folder that knows how rule files are written.

pub mod ast;
mod canonical;
mod parse;
mod print;

pub(crate) use canonical::{canonical, expression as canonical_expression};
pub(crate) use parse::parse;
pub use print::{print_expression, print_pattern, print_rule_test};

use crate::diagnostic::LoadError;
use crate::limits::Limits;
use crate::source::{Source, SourceId};

/// Parses one source into its syntax tree, which may still be wrong in what it says.
///
/// # Errors
/// Everything that does not follow the grammar, at once.
pub fn parse_file(name: &str, text: &str) -> Result<ast::RuleFile, LoadError> {
    let limits = Limits::default();
    let parsed = parse(SourceId(0), text, &limits);
    if parsed.diagnostics.is_empty() {
        return Ok(parsed.file);
    }
    Err(LoadError::new(vec![Source::new(name, text)], parsed.diagnostics, limits.diagnostics))
}

/// Prints a tree in canonical layout. Parsing the text gives an equal tree; comments are left out.
pub fn print(file: &ast::RuleFile) -> String {
    print::print(file, None)
}

/// Brings a source into canonical layout, its comments kept. Formatting the result again changes nothing.
///
/// ```
/// let text = "let big=deal_size>=5万 // ¥\n";
/// assert_eq!(gradus::syntax::format("rules", text)?, "let big = deal_size >= 5万  // ¥\n");
/// # Ok::<(), gradus::LoadError>(())
/// ```
///
/// # Errors
/// Everything that does not follow the grammar, at once: such a text is left as it is.
pub fn format(name: &str, text: &str) -> Result<String, LoadError> {
    Ok(print::print(&parse_file(name, text)?, Some(text)))
}
