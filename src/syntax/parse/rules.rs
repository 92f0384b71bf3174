//! Rules, patterns and intervals.

use super::Rule;
use super::build::{Builder, Built};
use super::shape::{Pair, Pairs};
use super::{expression, value};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{self, Expr, Interval, Pattern, PatternItem, Place, RuleResult, RuleTest};
use smallvec::{SmallVec, smallvec};
use std::iter::Peekable;

type B<'a, 'r, 'l> = Builder<'a, 'r, 'l>;

/// The rules of a block from its pieces.
pub(super) fn rules<'s>(builder: &mut B<'_, '_, '_>, pieces: impl Iterator<Item = Pair<'s>>) -> Vec<ast::Rule> {
    let (mut rules, mut pieces) = (Vec::new(), pieces.peekable());
    while let Some(piece) = pieces.next() {
        if piece.as_rule() == Rule::condition_part {
            rules.extend(rule_in_parts(builder, piece, &mut pieces));
        } else {
            let whole = |pair: &Pair<'_>| matches!(pair.as_rule(), Rule::condition_rule | Rule::pattern_rule);
            rules.extend(piece.into_inner().filter(whole).filter_map(|pair| rule(builder, pair)));
        }
    }
    rules
}

/// `a == 1 and`, `b == 2 =>`, `"x",`
fn rule_in_parts<'s>(
    builder: &mut B<'_, '_, '_>,
    first: Pair<'s>,
    rest: &mut Peekable<impl Iterator<Item = Pair<'s>>>,
) -> Option<ast::Rule> {
    let mut parts = smallvec![first];
    parts.extend(std::iter::from_fn(|| rest.next_if(|piece| piece.as_rule() == Rule::condition_part)));
    let parts: SmallVec<[Pair<'_>; 8]> = parts;
    let result = rest.next()?.into_inner().next()?;
    let inner = parts.into_iter().flat_map(Pair::into_inner);
    let condition = expression::chain(builder, inner.filter(|it| !matches!(it.as_rule(), Rule::arrow | Rule::EOI)))?;
    let place = Place(builder.span(&first).to(builder.span(&result)));
    let result = match result.as_rule() {
        Rule::skip => RuleResult::Skip(builder.place(&result)),
        _ => RuleResult::Value(expression::expression(builder, result)?),
    };
    Some(ast::Rule { test: RuleTest::Condition(condition), result, place })
}

fn rule(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<ast::Rule> {
    let place = builder.place(&pair);
    let mut patterns = Vec::new();
    let (mut test, mut result) = (None, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::otherwise => test = Some(RuleTest::Otherwise(builder.place(&part))),
            Rule::always => test = Some(RuleTest::Always(builder.place(&part))),
            Rule::pattern => patterns.push(pattern(builder, part)),
            Rule::skip => result = Some(RuleResult::Skip(builder.place(&part))),
            Rule::expression if test.is_none() && patterns.is_empty() => {
                test = Some(RuleTest::Condition(expression::expression(builder, part)?));
            }
            Rule::expression => result = Some(RuleResult::Value(expression::expression(builder, part)?)),
            _ => {}
        }
    }
    let test = test.unwrap_or(RuleTest::Patterns(patterns));
    Some(ast::Rule { test, result: result?, place })
}

/// `skip` is a word only in an indicator; elsewhere it is a name.
pub(super) fn skip_is_a_name(rules: &mut [ast::Rule]) {
    for rule in rules {
        if let RuleResult::Skip(place) = rule.result {
            let name = ast::Name { text: "skip".to_owned(), place };
            rule.result = RuleResult::Value(Expr { kind: ast::ExprKind::Path(vec![name]), place });
        }
    }
}

fn pattern(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Pattern {
    let place = builder.place(&pair);
    let alternatives = pair.into_inner().filter_map(|item| pattern_item(builder, item)).collect();
    Pattern { alternatives, place }
}

fn pattern_item(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<PatternItem> {
    let place = builder.place(&pair);
    Some(match pair.as_rule() {
        Rule::missing => PatternItem::Missing(place),
        Rule::present => PatternItem::Present(place),
        Rule::anything => PatternItem::Anything(place),
        Rule::interval => PatternItem::Interval(interval(builder, &pair)),
        Rule::constant => PatternItem::Constant(value::constant(builder, pair)?),
        Rule::in_set => {
            let container = pair.into_inner().find(|part| matches!(part.as_rule(), Rule::set | Rule::path))?;
            PatternItem::In(value::value(builder, container)?)
        }
        _ => return None,
    })
}

/// `[a..b)`
pub(super) fn interval(builder: &mut B<'_, '_, '_>, pair: &Pair<'_>) -> Interval {
    let written = builder.written(pair);
    let (low, high) = match builder.take(pair) {
        Some(Built::Ends { low, high }) => (low, high),
        _ => (None, None),
    };
    Interval {
        low,
        low_closed: written.starts_with('['),
        high,
        high_closed: written.ends_with(']'),
        place: builder.place(pair),
    }
}

/// What stands between the brackets of an interval.
pub(super) fn interval_ends(builder: &mut B<'_, '_, '_>, inner: Pairs<'_>) -> Built {
    let (mut low, mut high, mut upper) = (None, None, false);
    for part in inner {
        match part.as_rule() {
            Rule::dots => upper = true,
            Rule::expression => {
                let end =
                    expression::expression(builder, part).map(|end| arithmetic(builder, end, "an interval's end"));
                *(if upper { &mut high } else { &mut low }) = end.map(Box::new);
            }
            _ => {}
        }
    }
    Built::Ends { low, high }
}

/// Refuses a bare condition where a value stands.
pub(super) fn arithmetic(builder: &mut B<'_, '_, '_>, expr: Expr, what: &str) -> Expr {
    if expression::is_condition(&expr) {
        let text = builder.author(expr.place.0).to_owned();
        let message = format!("`{text}` is a condition and cannot stand bare as {what}");
        let error = Diagnostic::error(Code::Syntax, expr.place.0, message);
        builder.report.add(error.help(format!("put it in parentheses, `({text})`, or give it a name with `let`")));
    }
    expr
}
