//! Runs the grammar over the groups of a chunk, from the outside in, and builds the tree from the inside out.

use super::chunks::Tape;
use super::groups::{self, Group};
use super::{Grammar, Report, Rule, declaration, expected, expression, literal, rules};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast;
use pest::Parser;
use pest::iterators::{Pair, Pairs};
use std::ops::Range;

/// What a group became; the bracket it stands in takes it out.
pub(super) enum Built {
    Expression(ast::Expr),
    Expressions(Vec<ast::Expr>),
    Ends { low: Option<Box<ast::Expr>>, high: Option<Box<ast::Expr>> },
    Call(expression::Call),
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
pub(super) fn build(tape: Tape<'_>, chunk: Range<usize>, report: &mut Report<'_>) -> Vec<ast::Item> {
    let groups = groups::split(tape, chunk);
    let pairs = read(tape, &groups, report);
    let mut builder = Builder { tape, groups: &groups, built: Vec::new(), current: 0, report };
    builder.built.resize_with(groups.len(), || None);
    for (index, read) in pairs.into_iter().enumerate().rev() {
        let Some(pair) = read.and_then(|mut pairs| pairs.next()) else { continue };
        builder.current = index;
        builder.built[index] = builder.group(pair);
    }
    match builder.built.first_mut().and_then(Option::take) {
        Some(Built::Items(items)) => items,
        _ => Vec::new(),
    }
}

/// The grammar over each group; what a bracket holds is known from where it stands, so outer groups come first.
fn read<'i>(tape: Tape<'_>, groups: &'i [Group], report: &mut Report<'_>) -> Vec<Option<Pairs<'i, Rule>>> {
    let mut inside = vec![None; groups.len()];
    if let Some(first) = inside.first_mut() {
        *first = Some(Rule::declarations);
    }
    let mut all = Vec::with_capacity(groups.len());
    for (index, group) in groups.iter().enumerate() {
        let Some(rule) = inside[index] else {
            all.push(None);
            continue;
        };
        match Grammar::parse(rule, &group.text) {
            Ok(pairs) => {
                assign(group, pairs.clone(), &mut inside);
                all.push(Some(pairs));
            }
            Err(error) => {
                expected::explain(tape, group, rule, &error, report);
                all.push(None);
            }
        }
    }
    all
}

/// Notes for each bracket of a group what stands inside it.
fn assign(group: &Group, pairs: Pairs<'_, Rule>, inside: &mut [Option<Rule>]) {
    let mut patterns = false;
    for pair in pairs.flatten() {
        let rule = match pair.as_rule() {
            Rule::classify | Rule::indicator | Rule::tags => {
                patterns = false;
                continue;
            }
            Rule::on => {
                patterns = true;
                continue;
            }
            Rule::rules if patterns => Rule::pattern_rules,
            Rule::rules | Rule::condition_block => Rule::condition_rules,
            Rule::pattern_block => Rule::pattern_rules,
            Rule::score_parts => Rule::score_inside,
            Rule::test_parts => Rule::test_inside,
            Rule::record => Rule::record_inside,
            Rule::record_or_set => Rule::record_or_set_inside,
            Rule::records => Rule::records_inside,
            Rule::constants => Rule::constants_inside,
            Rule::labels => Rule::labels_inside,
            Rule::elements => Rule::elements_inside,
            Rule::interval => Rule::interval_inside,
            Rule::paren => Rule::paren_inside,
            Rule::set => Rule::set_inside,
            Rule::arguments => Rule::arguments_inside,
            _ => continue,
        };
        if let Some(slot) = group.child(pair.as_span().start()).and_then(|child| inside.get_mut(child)) {
            *slot = Some(rule);
        }
    }
}

/// Makes the tree of one group after the other.
pub(super) struct Builder<'a, 'r, 'l> {
    pub(super) tape: Tape<'a>,
    groups: &'a [Group],
    built: Vec<Option<Built>>,
    current: usize,
    pub(super) report: &'r mut Report<'l>,
}

impl Builder<'_, '_, '_> {
    fn group(&mut self, pair: Pair<'_, Rule>) -> Option<Built> {
        let rule = pair.as_rule();
        let mut inner = pair.into_inner();
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
                    Built::Expressions(expression::constants(self, inner))
                }
            }
            Rule::constants_inside => Built::Expressions(expression::constants(self, inner)),
            Rule::condition_rules | Rule::pattern_rules => Built::Rules(rules::rules(self, inner)),
            Rule::interval_inside => rules::interval_ends(self, inner),
            Rule::paren_inside => Built::Expression(inner.next().and_then(|pair| expression::expression(self, pair))?),
            Rule::set_inside => Built::Expressions(
                inner
                    .filter(|pair| pair.as_rule() == Rule::expression)
                    .filter_map(|pair| expression::expression(self, pair))
                    .collect(),
            ),
            Rule::arguments_inside => Built::Call(expression::call_parts(self, inner)),
            _ => return None,
        })
    }

    /// What the bracket of this pair holds.
    pub(super) fn take(&mut self, bracket: &Pair<'_, Rule>) -> Option<Built> {
        let child = self.groups.get(self.current)?.child(bracket.as_span().start())?;
        self.built.get_mut(child)?.take()
    }

    pub(super) fn entries_of(&mut self, bracket: &Pair<'_, Rule>) -> Vec<ast::Entry> {
        match self.take(bracket) {
            Some(Built::Entries(entries)) => entries,
            _ => Vec::new(),
        }
    }

    pub(super) fn expressions_of(&mut self, bracket: &Pair<'_, Rule>) -> Vec<ast::Expr> {
        match self.take(bracket) {
            Some(Built::Expressions(values)) => values,
            _ => Vec::new(),
        }
    }

    pub(super) fn rules_of(&mut self, bracket: &Pair<'_, Rule>) -> Vec<ast::Rule> {
        match self.take(bracket) {
            Some(Built::Rules(rules)) => rules,
            _ => Vec::new(),
        }
    }

    /// Where a pair stood in the source.
    pub(super) fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let flat = pair.as_span();
        // The grammar lets a pair end behind the blank that follows it.
        let last = flat.start() + flat.as_str().trim_end().len().saturating_sub(1);
        let Some(group) = self.groups.get(self.current) else { return Span::default() };
        let (start, end) = (group.origin(self.tape, flat.start()), group.origin(self.tape, last) + 1);
        self.report.span(start, end)
    }

    pub(super) fn place(&self, pair: &Pair<'_, Rule>) -> ast::Place {
        ast::Place(self.span(pair))
    }

    /// The author's text at a place.
    pub(super) fn author(&self, span: Span) -> &str {
        self.tape.text.get(span.range()).unwrap_or_default()
    }

    pub(super) fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.report.add(Diagnostic::error(code, span, message));
    }
}
