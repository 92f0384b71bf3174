//! Builds the tree from what the grammar made of the groups of a chunk, from the inside out.

use super::chunks::Tape;
use super::groups::Groups;
use super::shape::{Pair, Shapes};
use super::{Report, Rule, declaration, expression, literal, read, rules, value};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast;
use std::ops::Range;

/// What a group became; the bracket it stands in takes it out.
pub(super) enum Built {
    Expression(ast::Expr),
    Expressions(Vec<ast::Expr>),
    Ends { low: Option<Box<ast::Expr>>, high: Option<Box<ast::Expr>> },
    Call(value::Call),
    Rules(Vec<ast::Rule>),
    Labels(Vec<ast::Quoted>),
    Fields(Vec<ast::Field>),
    Entries(Vec<ast::Entry>),
    Records(Vec<Vec<ast::Entry>>),
    Score(declaration::ScoreParts),
    Test(declaration::TestParts),
    Items(Vec<ast::Item>),
}

/// The items of a chunk whose brackets are balanced; what is wrong is reported.
pub(super) fn build(
    tape: Tape<'_>,
    chunk: Range<usize>,
    shapes: &mut Shapes,
    report: &mut Report<'_>,
) -> Vec<ast::Item> {
    let groups = Groups::split(tape, chunk);
    let reading = read::read(tape, &groups, shapes, report);
    let mut builder = Builder { tape, groups: &groups, built: Vec::new(), pieces: Vec::new(), report };
    builder.built.resize_with(groups.len(), || None);
    for group in (0..groups.len()).rev() {
        let mut pairs = reading.pairs(shapes, group);
        builder.built[group] = pairs.next().and_then(|first| builder.group(first, pairs));
    }
    match builder.built.first_mut().and_then(Option::take) {
        Some(Built::Items(items)) => items,
        _ => Vec::new(),
    }
}

/// Makes the tree of one group after the other.
pub(super) struct Builder<'a, 'r, 'l> {
    pub(super) tape: Tape<'a>,
    groups: &'r Groups<'a>,
    built: Vec<Option<Built>>,
    /// Room for the pieces of an expression.
    pub(super) pieces: Vec<expression::Piece>,
    pub(super) report: &'r mut Report<'l>,
}

impl<'a> Builder<'a, '_, '_> {
    /// A group from its pieces; only blocks of rules have more than one.
    fn group<'s>(&mut self, first: Pair<'s>, rest: impl Iterator<Item = Pair<'s>>) -> Option<Built> {
        let rule = first.as_rule();
        let mut inner = first.into_inner();
        Some(match rule {
            Rule::declarations => Built::Items(inner.filter_map(|pair| declaration::item(self, pair)).collect()),
            Rule::score_inside => Built::Score(declaration::score_parts(self, inner)),
            Rule::test_inside => Built::Test(declaration::test_parts(self, inner)),
            Rule::elements_inside => Built::Fields(
                inner
                    .filter(|pair| pair.as_rule() == Rule::element_body)
                    .filter_map(|pair| declaration::field(self, pair))
                    .collect(),
            ),
            Rule::labels_inside => Built::Labels(
                inner.filter(|pair| pair.as_rule() == Rule::text).map(|pair| literal::quoted(self, &pair)).collect(),
            ),
            Rule::record_inside => Built::Entries(declaration::entries(self, inner)),
            Rule::records_inside => Built::Records(
                inner.filter(|pair| pair.as_rule() == Rule::record).map(|pair| self.entries_of(&pair)).collect(),
            ),
            Rule::record_or_set_inside => {
                if inner.peek().is_some_and(|pair| pair.as_rule() == Rule::entry) {
                    Built::Entries(declaration::entries(self, inner))
                } else {
                    Built::Expressions(value::constants(self, inner))
                }
            }
            Rule::constants_inside => Built::Expressions(value::constants(self, inner)),
            Rule::condition_rules | Rule::pattern_rules | Rule::condition_part => {
                Built::Rules(rules::rules(self, std::iter::once(first).chain(rest)))
            }
            Rule::interval_inside => rules::interval_ends(self, inner),
            Rule::paren_inside => Built::Expression(inner.next().and_then(|pair| expression::expression(self, pair))?),
            Rule::set_inside => Built::Expressions(
                inner
                    .filter(|pair| pair.as_rule() == Rule::expression)
                    .filter_map(|pair| expression::expression(self, pair))
                    .collect(),
            ),
            Rule::arguments_inside => Built::Call(value::call_parts(self, inner)),
            _ => return None,
        })
    }

    /// What the bracket of this pair holds.
    pub(super) fn take(&mut self, bracket: &Pair<'_>) -> Option<Built> {
        let child = self.groups.opened_by(bracket.first())?;
        self.built.get_mut(child)?.take()
    }

    pub(super) fn entries_of(&mut self, bracket: &Pair<'_>) -> Vec<ast::Entry> {
        match self.take(bracket) {
            Some(Built::Entries(entries)) => entries,
            _ => Vec::new(),
        }
    }

    pub(super) fn expressions_of(&mut self, bracket: &Pair<'_>) -> Vec<ast::Expr> {
        match self.take(bracket) {
            Some(Built::Expressions(values)) => values,
            _ => Vec::new(),
        }
    }

    pub(super) fn rules_of(&mut self, bracket: &Pair<'_>) -> Vec<ast::Rule> {
        match self.take(bracket) {
            Some(Built::Rules(rules)) => rules,
            _ => Vec::new(),
        }
    }

    /// Where a pair stood in the source.
    pub(super) fn span(&self, pair: &Pair<'_>) -> Span {
        let bytes = pair.bytes(self.tape);
        Span { source: self.report.source, start: bytes.start, end: bytes.end }
    }

    /// What the author wrote there.
    pub(super) fn written(&self, pair: &Pair<'_>) -> &'a str {
        self.author(self.span(pair))
    }

    pub(super) fn place(&self, pair: &Pair<'_>) -> ast::Place {
        ast::Place(self.span(pair))
    }

    /// The author's text at a place.
    pub(super) fn author(&self, span: Span) -> &'a str {
        self.tape.text.get(span.range()).unwrap_or_default()
    }

    pub(super) fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.report.add(Diagnostic::error(code, span, message));
    }
}
