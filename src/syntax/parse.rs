//! Text into the syntax tree, with every slip reported at once.
//!
//! The stations: [`lex`] cuts tokens, [`chunks`] cuts declarations and checks brackets, [`slips`] names tokens of other
//! languages, [`groups`] takes brackets apart, [`flat`] tells the grammar (`grammar/gradus.pest`) of each group no more than
//! it needs, [`shape`] keeps what it made of it, [`read`] does so from the outside in, and [`build`] makes the tree from the
//! innermost group outwards. None of them recurses over the author's brackets, so neither time nor stack
//! can be driven up by a hostile file.

mod build;
mod chunks;
mod declaration;
mod expected;
mod expression;
mod flat;
mod groups;
mod lex;
mod literal;
mod mixed;
mod read;
mod rules;
mod shape;
mod slips;
#[cfg(test)]
mod tests;
mod value;
mod words;

use super::ast;
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::Limits;
use crate::source::{SourceId, Span};
use chunks::Tape;
use lex::{Kind, Token};
use shape::Shapes;
use std::ops::Range;

/// The parser that pest makes from the grammar, in a module of its own because it has no documentation.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/gradus.pest"]
    pub(super) struct Grammar;
}

use grammar::{Grammar, Rule};

/// What came of a text.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// Every declaration that could be read.
    pub(crate) file: ast::RuleFile,
    /// What is wrong, in the order of the text.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The names of declarations that could not be read: nobody needs to hear that they are unknown.
    pub(crate) broken: Vec<ast::Name>,
    /// How many rules the text has.
    pub(crate) rules: usize,
}

/// Reads one source.
pub(crate) fn parse(source: SourceId, text: &str, limits: &Limits) -> Parsed {
    let mut report = Report::new(source, limits);
    let mut parsed = Parsed::default();
    if text.len() > limits.source_bytes {
        let message = format!("the source has {} bytes; the limit is {}", text.len(), limits.source_bytes);
        parsed.diagnostics.push(Diagnostic::error(Code::SourceLimit, Span::new(source, 0, 0), message));
        return parsed;
    }
    let tokens = lex::lex(text, &mut report);
    parsed.file.comments = tokens.comments;
    let tape = Tape { text, tokens: &tokens.list };
    parsed.rules = count_rules(tape, limits, &mut report);
    if parsed.rules <= limits.rules {
        let mut shapes = Shapes::default();
        for chunk in chunks::cut(tape, limits.nesting, &mut report) {
            slips::find(tape, chunk.clone(), &mut report);
            read_chunk(tape, chunk, &mut shapes, &mut report, &mut parsed);
        }
    }
    parsed.diagnostics = report.finish();
    parsed
}

/// Every rule has one `=>`, so the limit can be kept before anything is built.
fn count_rules(tape: Tape<'_>, limits: &Limits, report: &mut Report<'_>) -> usize {
    let mut rules = 0;
    for (index, token) in tape.tokens.iter().enumerate() {
        if token.kind == Kind::Mark && tape.word(index) == "=>" {
            rules += 1;
            if rules == limits.rules.saturating_add(1) {
                let message = format!("more than {} rules", limits.rules);
                report.add(Diagnostic::error(Code::SizeLimit, report.token(token), message));
            }
        }
    }
    rules
}

/// Reads one chunk that the scan found nothing wrong with.
fn read_chunk(tape: Tape<'_>, chunk: Range<usize>, shapes: &mut Shapes, report: &mut Report<'_>, parsed: &mut Parsed) {
    let (Some(first), Some(last)) = (tape.tokens.get(chunk.start), tape.tokens.get(chunk.end.wrapping_sub(1))) else {
        return;
    };
    let bytes = first.start..last.end;
    if !report.has_fault_in(&bytes) {
        let items = build::build(tape, chunk.clone(), shapes, report);
        if !report.has_fault_in(&bytes) {
            parsed.file.items.extend(items);
            return;
        }
    }
    parsed.broken.extend(declared_names(tape, chunk, report));
}

/// The names that a chunk was about to declare.
fn declared_names(tape: Tape<'_>, chunk: Range<usize>, report: &Report<'_>) -> Option<ast::Name> {
    let named = matches!(tape.word(chunk.start), "field" | "param" | "let" | "classify" | "score" | "tags");
    let token = tape.tokens.get(chunk.start + 1).filter(|token| named && token.kind == Kind::Word)?;
    Some(ast::Name { text: literal::normal(tape.word(chunk.start + 1)), place: ast::Place(report.token(token)) })
}

/// Collects what is wrong.
struct Report<'a> {
    source: SourceId,
    limits: &'a Limits,
    diagnostics: Vec<Diagnostic>,
    /// Where something is wrong, in bytes, even when its message was dropped.
    faults: std::collections::BTreeSet<u32>,
}

impl<'a> Report<'a> {
    fn new(source: SourceId, limits: &'a Limits) -> Report<'a> {
        Report { source, limits, diagnostics: Vec::new(), faults: std::collections::BTreeSet::new() }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    fn token(&self, token: &Token) -> Span {
        Span { source: self.source, start: token.start, end: token.end }
    }

    /// Noise makes an error of every byte; a multiple of what will be shown is enough.
    fn add(&mut self, diagnostic: Diagnostic) {
        self.faults.insert(diagnostic.span().start);
        if !self.is_full() {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Notes a fault that has no message of its own.
    fn mark(&mut self, span: Span) {
        self.faults.insert(span.start);
    }

    /// Whether further messages would be dropped.
    fn is_full(&self) -> bool {
        self.diagnostics.len() > self.limits.diagnostics.saturating_mul(4)
    }

    fn has_fault_in(&self, bytes: &Range<u32>) -> bool {
        self.faults.range(bytes.clone()).next().is_some()
    }

    fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| (diagnostic.span().start, diagnostic.span().end));
        self.diagnostics
    }
}
