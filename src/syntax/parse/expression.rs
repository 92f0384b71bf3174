//! Flat expressions into trees. From loose to tight: `or`, `and` (never mixed), `not`, comparisons (never chained),
//! `+ -`, `* /`, unary `-`.

use super::Rule;
use super::build::Builder;
use super::mixed::{chained_comparison, mixed_logic};
use super::shape::Pair;
use super::value::{period, value};
use super::{literal, rules};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    AffixEnd, ArithmeticOperator, CompareOperator, Container, Direction, Expr, ExprKind, Interval, LogicOperator,
    Period, Place, Quantifier, Quoted,
};
use smallvec::SmallVec;

type B<'a, 'r, 'l> = Builder<'a, 'r, 'l>;

/// A piece of a flat expression.
pub(super) enum Piece {
    Not(Span),
    Minus(Span),
    Value(Expr),
    Logic(LogicOperator),
    Arithmetic(ArithmeticOperator),
    Test(Test),
}

/// What compares: infix operators take an arithmetic operand from the right, the others carry theirs.
pub(super) enum Test {
    Compare(CompareOperator),
    In { negated: bool },
    Contains(Quantifier),
    Affix(AffixEnd),
    Within,
    InInterval { negated: bool, interval: Interval },
    Is { present: bool, end: Span },
    Matches(Quoted),
    Window { direction: Direction, period: Period },
}

type Pieces<'p> = std::iter::Peekable<std::vec::Drain<'p, Piece>>;

/// An expression of the grammar as a tree.
pub(super) fn expression(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Expr> {
    chain(builder, pair.into_inner())
}

/// What an expression of the grammar is made of as a tree.
pub(super) fn chain<'s>(builder: &mut B<'_, '_, '_>, mut parts: impl Iterator<Item = Pair<'s>>) -> Option<Expr> {
    let first = piece(builder, parts.next()?)?;
    let Some(second) = parts.next() else {
        return match first {
            Piece::Value(value) => Some(value),
            _ => None,
        };
    };
    let mut pieces = std::mem::take(&mut builder.pieces);
    pieces.push(first);
    let read = pieces_of(builder, &mut pieces, std::iter::once(second).chain(parts));
    let expr = read.and_then(|()| logic(builder, &mut pieces.drain(..).peekable()));
    pieces.clear();
    builder.pieces = pieces;
    expr
}

fn pieces_of<'s>(
    builder: &mut B<'_, '_, '_>,
    pieces: &mut Vec<Piece>,
    parts: impl Iterator<Item = Pair<'s>>,
) -> Option<()> {
    for part in parts {
        pieces.push(piece(builder, part)?);
    }
    Some(())
}

fn piece(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Piece> {
    let arithmetic = |operator| Some(Piece::Arithmetic(operator));
    match pair.as_rule() {
        Rule::not => Some(Piece::Not(builder.span(&pair))),
        Rule::sign => Some(Piece::Minus(builder.span(&pair))),
        Rule::and => Some(Piece::Logic(LogicOperator::And)),
        Rule::or => Some(Piece::Logic(LogicOperator::Or)),
        Rule::plus => arithmetic(ArithmeticOperator::Add),
        Rule::minus => arithmetic(ArithmeticOperator::Subtract),
        Rule::times => arithmetic(ArithmeticOperator::Multiply),
        Rule::divide => arithmetic(ArithmeticOperator::Divide),
        Rule::compare
        | Rule::in_op
        | Rule::contains
        | Rule::affix
        | Rule::within
        | Rule::in_interval
        | Rule::is
        | Rule::matches
        | Rule::window => test(builder, pair).map(Piece::Test),
        _ => value(builder, pair).map(Piece::Value),
    }
}

fn test(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Test> {
    let span = builder.span(&pair);
    let rule = pair.as_rule();
    let written = builder.author(span);
    let negated = written.starts_with("not");
    Some(match rule {
        Rule::compare => Test::Compare(CompareOperator::ALL.into_iter().find(|it| it.written() == written)?),
        Rule::in_op => Test::In { negated },
        Rule::within => Test::Within,
        Rule::contains if written.ends_with("any") => Test::Contains(Quantifier::Any),
        Rule::contains if written.ends_with("all") => Test::Contains(Quantifier::All),
        Rule::contains => Test::Contains(Quantifier::One),
        Rule::affix if written.starts_with("starts") => Test::Affix(AffixEnd::Start),
        Rule::affix => Test::Affix(AffixEnd::End),
        Rule::is => Test::Is { present: written.ends_with("present"), end: span },
        Rule::in_interval => {
            let interval = pair.into_inner().find(|part| part.as_rule() == Rule::interval)?;
            Test::InInterval { negated, interval: rules::interval(builder, &interval) }
        }
        Rule::matches => {
            let text = pair.into_inner().find(|part| matches!(part.as_rule(), Rule::raw | Rule::text))?;
            Test::Matches(literal::quoted(builder, &text))
        }
        Rule::window => {
            let mut parts = pair.into_inner();
            let direction = parts.find(|part| part.as_rule() == Rule::direction)?;
            let direction = if builder.written(&direction) == "last" { Direction::Last } else { Direction::Next };
            Test::Window { direction, period: period(builder, parts.next()?)? }
        }
        _ => return None,
    })
}

// ---- precedence

/// A chain of `and` or of `or`.
fn logic(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces<'_>) -> Option<Expr> {
    let first = condition(builder, pieces)?;
    let Some(&Piece::Logic(operator)) = pieces.peek() else { return Some(first) };
    let mut operands = Vec::with_capacity(4);
    operands.push(first);
    let mut operators: SmallVec<[LogicOperator; 8]> = SmallVec::new();
    while let Some(&Piece::Logic(operator)) = pieces.peek() {
        pieces.next();
        operators.push(operator);
        operands.push(condition(builder, pieces)?);
    }
    let place = joined(operands.first()?, operands.last()?);
    if operators.iter().any(|other| *other != operator) {
        mixed_logic(builder, place.0, &operands, &operators);
    }
    Some(Expr { kind: ExprKind::Logic(operator, operands), place })
}

/// Runs of `not` and one comparison.
fn condition(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces<'_>) -> Option<Expr> {
    let mut nots = Vec::new();
    while let Some(&Piece::Not(span)) = pieces.peek() {
        pieces.next();
        nots.push(span);
    }
    let mut expr = comparison(builder, pieces)?;
    for span in nots.into_iter().rev() {
        let place = Place(span.to(expr.place.0));
        expr = Expr { kind: ExprKind::Not(Box::new(expr)), place };
    }
    Some(expr)
}

fn comparison(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces<'_>) -> Option<Expr> {
    let mut expr = sum(builder, pieces)?;
    let mut chain: SmallVec<[CompareOperator; 4]> = SmallVec::new();
    while let Some(Piece::Test(_)) = pieces.peek() {
        let Some(Piece::Test(test)) = pieces.next() else { break };
        if let Test::Compare(operator) = test {
            chain.push(operator);
        }
        let count = chain.len();
        let tested = is_condition(&expr);
        let place = expr.place;
        expr = compared(builder, expr, test, pieces)?;
        if tested {
            let chained = (count >= 2).then_some(chain.as_slice());
            chained_comparison(builder, place.0, &expr, chained);
        }
    }
    Some(expr)
}

/// One comparison on top of `subject`.
fn compared(builder: &mut B<'_, '_, '_>, subject: Expr, test: Test, pieces: &mut Pieces<'_>) -> Option<Expr> {
    let start = subject.place.0;
    let subject = Box::new(subject);
    let mut right = || sum(builder, pieces).map(Box::new);
    let (kind, end) = match test {
        Test::Compare(operator) => {
            let right = right()?;
            let end = right.place.0;
            (ExprKind::Compare(operator, subject, right), end)
        }
        Test::In { negated } => {
            let set = right()?;
            let end = set.place.0;
            (ExprKind::In { subject, negated, container: Container::Set(set) }, end)
        }
        Test::Contains(quantifier) => {
            let needle = right()?;
            let end = needle.place.0;
            (ExprKind::Contains { subject, quantifier, needle }, end)
        }
        Test::Affix(affix) => {
            let needle = right()?;
            let end = needle.place.0;
            (ExprKind::Affix { subject, end: affix, needle }, end)
        }
        Test::Within => {
            let container = right()?;
            let end = container.place.0;
            (ExprKind::Within { subject, container }, end)
        }
        Test::InInterval { negated, interval } => {
            let end = interval.place.0;
            (ExprKind::In { subject, negated, container: Container::Interval(interval) }, end)
        }
        Test::Is { present, end } => (ExprKind::Is { subject, present }, end),
        Test::Matches(pattern) => {
            let end = pattern.place.0;
            (ExprKind::Matches { subject, pattern }, end)
        }
        Test::Window { direction, period } => {
            let end = period.place.0;
            (ExprKind::Window { subject, direction, period }, end)
        }
    };
    Some(Expr { kind, place: Place(start.to(end)) })
}

fn sum(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces<'_>) -> Option<Expr> {
    let first = product(builder, pieces)?;
    if !matches!(pieces.peek(), Some(Piece::Arithmetic(_))) {
        return Some(first);
    }
    let mut rest = Vec::new();
    while let Some(&Piece::Arithmetic(operator @ (ArithmeticOperator::Add | ArithmeticOperator::Subtract))) =
        pieces.peek()
    {
        pieces.next();
        rest.push((operator, product(builder, pieces)?));
    }
    Some(arithmetic(first, rest))
}

fn product(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces<'_>) -> Option<Expr> {
    let first = signed(builder, pieces)?;
    if !matches!(pieces.peek(), Some(Piece::Arithmetic(_))) {
        return Some(first);
    }
    let mut rest = Vec::new();
    while let Some(&Piece::Arithmetic(operator @ (ArithmeticOperator::Multiply | ArithmeticOperator::Divide))) =
        pieces.peek()
    {
        pieces.next();
        rest.push((operator, signed(builder, pieces)?));
    }
    Some(arithmetic(first, rest))
}

fn arithmetic(first: Expr, rest: Vec<(ArithmeticOperator, Expr)>) -> Expr {
    match rest.last() {
        Some((_, last)) => {
            let place = joined(&first, last);
            Expr { kind: ExprKind::Arithmetic(Box::new(first), rest), place }
        }
        None => first,
    }
}

fn signed(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces<'_>) -> Option<Expr> {
    let mut signs = Vec::new();
    loop {
        match pieces.next()? {
            Piece::Minus(span) => signs.push(span),
            Piece::Not(span) => {
                let error =
                    Diagnostic::error(Code::Syntax, span, "`not` cannot stand inside a comparison or a calculation");
                builder.report.add(error.help("put the negated condition in parentheses: `(not …)`"));
            }
            Piece::Value(mut expr) => {
                for span in signs.into_iter().rev() {
                    let place = Place(span.to(expr.place.0));
                    expr = Expr { kind: ExprKind::Negate(Box::new(expr)), place };
                }
                return Some(expr);
            }
            Piece::Logic(_) | Piece::Arithmetic(_) | Piece::Test(_) => return None,
        }
    }
}

fn joined(first: &Expr, last: &Expr) -> Place {
    Place(first.place.0.to(last.place.0))
}

/// Whether an expression is looser than arithmetic.
pub(super) fn is_condition(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Not(_)
            | ExprKind::Logic(..)
            | ExprKind::Compare(..)
            | ExprKind::In { .. }
            | ExprKind::Contains { .. }
            | ExprKind::Affix { .. }
            | ExprKind::Matches { .. }
            | ExprKind::Within { .. }
            | ExprKind::Window { .. }
            | ExprKind::Is { .. }
    )
}
