//! The stations of loading by themselves, for `benches/load.rs`, which says which of them a slowdown is in. They are no part
//! of the interface: the model has no public form.

use crate::check::{self, Input};
use crate::diagnostic::LoadError;
use crate::hir;
use crate::limits::Limits;
use crate::program::{self, Program};
use crate::source::{Source, SourceId};
use crate::syntax::{self, ast};

/// A checked rule file.
pub struct Model(hir::Rules);

/// What an evaluation runs.
#[expect(dead_code, reason = "it is made to be timed")]
pub struct Compiled(Program);

/// Text into tree.
///
/// # Errors
/// What the grammar refuses.
pub fn parse(text: &str, limits: &Limits) -> Result<ast::RuleFile, LoadError> {
    let parsed = syntax::parse(SourceId(0), text, limits);
    if parsed.diagnostics.is_empty() {
        return Ok(parsed.file);
    }
    Err(LoadError::new(vec![Source::new("rules", text)], parsed.diagnostics, limits.diagnostics))
}

/// Tree into model.
///
/// # Errors
/// What makes no sense; the places are those of `text`.
pub fn check(file: &ast::RuleFile, text: &str, limits: &Limits) -> Result<Model, LoadError> {
    let files = std::slice::from_ref(file);
    let (model, found) = check::check(&Input { files, broken: &[], params: &[], zone: None, limits });
    if found.is_empty() {
        return Ok(Model(model));
    }
    Err(LoadError::new(vec![Source::new("rules", text)], found, limits.diagnostics))
}

/// The lines whose hash is the fingerprint.
pub fn canonical(file: &ast::RuleFile) -> Vec<String> {
    syntax::canonical(std::slice::from_ref(file))
}

/// Model into program.
pub fn compile(model: &Model) -> Compiled {
    Compiled(program::compile(&model.0))
}
