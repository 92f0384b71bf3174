//! Flat expressions into trees. From loose to tight: `or`, `and` (never mixed), `not`, comparisons (never chained),
//! `+ -`, `* /`, unary `-`.

use super::Rule;
use super::build::{Builder, Built};
use super::{literal, rules};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    AffixEnd, Argument, ArithmeticOperator, CompareOperator, Container, Direction, Expr, ExprKind, LogicOperator, Name,
    Period, Place, Quantifier, Quoted, TimeUnit,
};
use pest::iterators::{Pair, Pairs};

type B<'a, 'r, 'l> = Builder<'a, 'r, 'l>;

/// What stands between the brackets of a call.
#[derive(Default)]
pub(super) struct Call {
    distinct: bool,
    arguments: Vec<Argument>,
    list: Option<Expr>,
    by: Option<Box<Expr>>,
    filter: Option<Box<Expr>>,
}

/// A piece of a flat expression.
enum Piece {
    Not(Span),
    Minus(Span),
    Value(Expr),
    Logic(LogicOperator),
    Arithmetic(ArithmeticOperator),
    Test(Test),
}

/// What compares: infix operators take an arithmetic operand from the right, the others carry theirs.
enum Test {
    Compare(CompareOperator, Span),
    In { negated: bool },
    Contains(Quantifier),
    Affix(AffixEnd),
    Within,
    InInterval { negated: bool, interval: crate::syntax::ast::Interval },
    Is { present: bool, end: Span },
    Matches(Quoted),
    Window { direction: Direction, period: Period },
}

type Pieces = std::iter::Peekable<std::vec::IntoIter<Piece>>;

/// An expression of the grammar as a tree.
pub(super) fn expression(builder: &mut B<'_, '_, '_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    let mut pieces = Vec::new();
    for part in pair.into_inner() {
        pieces.push(piece(builder, part)?);
    }
    logic(builder, &mut pieces.into_iter().peekable())
}

fn piece(builder: &mut B<'_, '_, '_>, pair: Pair<'_, Rule>) -> Option<Piece> {
    let span = builder.span(&pair);
    let arithmetic = |operator| Some(Piece::Arithmetic(operator));
    match pair.as_rule() {
        Rule::not => Some(Piece::Not(span)),
        // The grammar tells a sign from a difference by its rule's place; both are called `minus`.
        Rule::sign => Some(Piece::Minus(span)),
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

fn test(builder: &mut B<'_, '_, '_>, pair: Pair<'_, Rule>) -> Option<Test> {
    let span = builder.span(&pair);
    let rule = pair.as_rule();
    let written = pair.as_str().trim_end();
    let negated = written.starts_with("not");
    Some(match rule {
        Rule::compare => Test::Compare(compare_operator(written)?, span),
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
            let direction = if direction.as_str() == "last" { Direction::Last } else { Direction::Next };
            Test::Window { direction, period: period(builder, parts.next()?)? }
        }
        _ => return None,
    })
}

fn compare_operator(written: &str) -> Option<CompareOperator> {
    Some(match written {
        "==" => CompareOperator::Equal,
        "!=" => CompareOperator::NotEqual,
        "<" => CompareOperator::Less,
        "<=" => CompareOperator::LessOrEqual,
        ">" => CompareOperator::Greater,
        ">=" => CompareOperator::GreaterOrEqual,
        _ => return None,
    })
}

// ---- precedence

/// A chain of `and` or of `or`.
fn logic(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces) -> Option<Expr> {
    let first = condition(builder, pieces)?;
    let mut operands = vec![first];
    let mut operators = Vec::new();
    while let Some(&Piece::Logic(operator)) = pieces.peek() {
        pieces.next();
        operators.push(operator);
        operands.push(condition(builder, pieces)?);
    }
    let Some(&operator) = operators.first() else { return operands.pop() };
    let place = joined(operands.first()?, operands.last()?);
    if operators.iter().any(|other| *other != operator) {
        mixed_logic(builder, place.0, &operands, &operators);
    }
    Some(Expr { kind: ExprKind::Logic(operator, operands), place })
}

/// Runs of `not` and one comparison.
fn condition(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces) -> Option<Expr> {
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

fn comparison(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces) -> Option<Expr> {
    let mut expr = sum(builder, pieces)?;
    let mut chain = Vec::new();
    while let Some(Piece::Test(_)) = pieces.peek() {
        let Some(Piece::Test(test)) = pieces.next() else { break };
        if let Test::Compare(operator, _) = test {
            chain.push((operator, expr.place.0));
        }
        let count = chain.len();
        let tested = is_condition(&expr);
        let place = expr.place;
        expr = compared(builder, expr, test, pieces)?;
        if tested {
            let chained = (count >= 2).then(|| chain.as_slice());
            chained_comparison(builder, place.0, &expr, chained);
        }
    }
    Some(expr)
}

/// One comparison on top of `subject`.
fn compared(builder: &mut B<'_, '_, '_>, subject: Expr, test: Test, pieces: &mut Pieces) -> Option<Expr> {
    let start = subject.place.0;
    let subject = Box::new(subject);
    let mut right = || sum(builder, pieces).map(Box::new);
    let (kind, end) = match test {
        Test::Compare(operator, _) => {
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

fn sum(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces) -> Option<Expr> {
    let first = product(builder, pieces)?;
    let mut rest = Vec::new();
    while let Some(&Piece::Arithmetic(operator @ (ArithmeticOperator::Add | ArithmeticOperator::Subtract))) =
        pieces.peek()
    {
        pieces.next();
        rest.push((operator, product(builder, pieces)?));
    }
    Some(arithmetic(first, rest))
}

fn product(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces) -> Option<Expr> {
    let first = signed(builder, pieces)?;
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

fn signed(builder: &mut B<'_, '_, '_>, pieces: &mut Pieces) -> Option<Expr> {
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

// ---- what authors mix up

/// The author's text at `span`, cut when it is long.
fn shown(builder: &B<'_, '_, '_>, span: Span) -> String {
    let text = builder.author(span).split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= 40 { text } else { text.chars().take(36).chain("…".chars()).collect() }
}

fn mixed_logic(builder: &mut B<'_, '_, '_>, span: Span, operands: &[Expr], operators: &[LogicOperator]) {
    let texts: Vec<String> = operands.iter().take(6).map(|operand| shown(builder, operand.place.0)).collect();
    let cut = operands.len() > texts.len();
    let tight_and = reading(&texts, operators, LogicOperator::And, cut);
    let tight_or = reading(&texts, operators, LogicOperator::Or, cut);
    let message = format!("`and` and `or` are mixed: this is `{tight_and}` or `{tight_or}`");
    let error = Diagnostic::error(Code::MixedLogic, span, message);
    builder.report.add(error.help("put the parentheses that you mean"));
}

/// The chain with parentheses around the runs of `tight`.
fn reading(texts: &[String], operators: &[LogicOperator], tight: LogicOperator, cut: bool) -> String {
    let word = |operator| if operator == LogicOperator::And { " and " } else { " or " };
    let mut out = String::new();
    let mut run = String::new();
    let mut length = 0;
    for (position, text) in texts.iter().enumerate() {
        run.push_str(text);
        length += 1;
        let next = operators.get(position).copied().filter(|_| position + 1 < texts.len());
        if next == Some(tight) {
            run.push_str(word(tight));
            continue;
        }
        if length > 1 {
            out.push_str(&format!("({run})"));
        } else {
            out.push_str(&run);
        }
        if let Some(operator) = next {
            out.push_str(word(operator));
        }
        run.clear();
        length = 0;
    }
    if cut {
        out.push_str(" …");
    }
    out
}

/// `1 < x < 5`: `expr` compares a comparison that stood at `inner`.
fn chained_comparison(
    builder: &mut B<'_, '_, '_>,
    inner: Span,
    expr: &Expr,
    chain: Option<&[(CompareOperator, Span)]>,
) {
    let error = Diagnostic::error(Code::ChainedComparison, expr.place.0, "comparisons do not chain");
    let both = |builder: &B<'_, '_, '_>| -> Option<String> {
        let [.., (lower, _), (upper, _)] = *chain? else { return None };
        let ExprKind::Compare(_, left, high) = &expr.kind else { return None };
        let ExprKind::Compare(_, low, middle) = &left.kind else { return None };
        let [low, middle, high] = [low, middle, high].map(|part| shown(builder, part.place.0));
        let plain = format!("`{low} {} {middle} and {middle} {} {high}`", mark(lower), mark(upper));
        Some(match interval(lower, upper, &low, &high) {
            Some(interval) => format!("write {plain}, or `{middle} in {interval}`"),
            None => format!("write {plain}"),
        })
    };
    let help = both(builder).unwrap_or_else(|| {
        format!("join two comparisons with `and`, or put the first in parentheses: `({})`", shown(builder, inner))
    });
    builder.report.add(error.help(help));
}

fn mark(operator: CompareOperator) -> &'static str {
    match operator {
        CompareOperator::Equal => "==",
        CompareOperator::NotEqual => "!=",
        CompareOperator::Less => "<",
        CompareOperator::LessOrEqual => "<=",
        CompareOperator::Greater => ">",
        CompareOperator::GreaterOrEqual => ">=",
    }
}

/// `low < x <= high` as `(low..high]`.
fn interval(lower: CompareOperator, upper: CompareOperator, low: &str, high: &str) -> Option<String> {
    use CompareOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
    Some(match (lower, upper) {
        (Less | LessOrEqual, Less | LessOrEqual) => {
            let (open, close) = (if lower == Less { '(' } else { '[' }, if upper == Less { ')' } else { ']' });
            format!("{open}{low}..{high}{close}")
        }
        (Greater | GreaterOrEqual, Greater | GreaterOrEqual) => {
            let (open, close) = (if upper == Greater { '(' } else { '[' }, if lower == Greater { ')' } else { ']' });
            format!("{open}{high}..{low}{close}")
        }
        _ => return None,
    })
}

// ---- values

/// A value of the grammar: a literal, a name, a call, a bracket, a `match`.
pub(super) fn value(builder: &mut B<'_, '_, '_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    let place = builder.place(&pair);
    let written = pair.as_str().trim_end();
    let kind = match pair.as_rule() {
        Rule::number => ExprKind::Number(written.to_owned()),
        Rule::text => ExprKind::Text(literal::quoted(builder, &pair).text),
        Rule::date => literal::date(builder, &pair),
        Rule::truth => ExprKind::Bool(written == "true"),
        Rule::now => ExprKind::Now,
        Rule::today => ExprKind::Today,
        Rule::element => ExprKind::Element(literal::name(builder, &pair.into_inner().next()?)),
        Rule::path => ExprKind::Path(path(builder, pair)),
        Rule::paren => match builder.take(&pair) {
            Some(Built::Expression(inner)) => ExprKind::Paren(Box::new(inner)),
            _ => return None,
        },
        Rule::set => ExprKind::Set(builder.expressions_of(&pair)),
        Rule::reference => reference(builder, pair)?,
        Rule::match_ => {
            let (mut subjects, mut rules) = (Vec::new(), Vec::new());
            for part in pair.into_inner() {
                match part.as_rule() {
                    Rule::subjects => subjects = self::subjects(builder, part),
                    Rule::condition_block | Rule::pattern_block => rules = builder.rules_of(&part),
                    _ => {}
                }
            }
            rules::skip_is_a_name(&mut rules);
            ExprKind::Match { subjects, rules }
        }
        _ => return None,
    };
    Some(Expr { kind, place })
}

fn path(builder: &mut B<'_, '_, '_>, pair: Pair<'_, Rule>) -> Vec<Name> {
    pair.into_inner().map(|name| literal::name(builder, &name)).collect()
}

/// The subjects of `on` and `match`.
pub(super) fn subjects(builder: &mut B<'_, '_, '_>, pair: Pair<'_, Rule>) -> Vec<Expr> {
    let expressions = pair.into_inner().filter(|part| part.as_rule() == Rule::expression);
    let subjects: Vec<Expr> = expressions.filter_map(|part| expression(builder, part)).collect();
    subjects.into_iter().map(|subject| rules::arithmetic(builder, subject, "a subject")).collect()
}

/// A literal with or without a sign, or a name.
pub(super) fn constant(builder: &mut B<'_, '_, '_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    let place = builder.place(&pair);
    let mut parts = pair.into_inner();
    let first = parts.next()?;
    if first.as_rule() != Rule::minus {
        return value(builder, first);
    }
    let inner = value(builder, parts.next()?)?;
    Some(Expr { kind: ExprKind::Negate(Box::new(inner)), place })
}

pub(super) fn constants(builder: &mut B<'_, '_, '_>, inner: Pairs<'_, Rule>) -> Vec<Expr> {
    inner.filter(|pair| pair.as_rule() == Rule::constant).filter_map(|pair| constant(builder, pair)).collect()
}

// ---- calls

/// What stands between the brackets of a call, for [`reference`] to give a name.
pub(super) fn call_parts(builder: &mut B<'_, '_, '_>, inner: Pairs<'_, Rule>) -> Call {
    let mut call = Call::default();
    for pair in inner {
        match pair.as_rule() {
            Rule::distinct => call.distinct = true,
            Rule::period => call.arguments.extend(period(builder, pair).map(Argument::Period)),
            Rule::expression => call.arguments.extend(expression(builder, pair).map(Argument::Value)),
            Rule::of => {
                let list = pair.into_inner().find(|part| part.as_rule() == Rule::path);
                call.list = list.and_then(|list| value(builder, list));
            }
            Rule::by => call.by = clause(builder, pair),
            Rule::filter => call.filter = clause(builder, pair),
            _ => {}
        }
    }
    call
}

/// The expression after `by` or `where`.
fn clause(builder: &mut B<'_, '_, '_>, pair: Pair<'_, Rule>) -> Option<Box<Expr>> {
    let expr = pair.into_inner().find(|part| part.as_rule() == Rule::expression)?;
    expression(builder, expr).map(Box::new)
}

fn reference(builder: &mut B<'_, '_, '_>, pair: Pair<'_, Rule>) -> Option<ExprKind> {
    let mut parts = pair.into_inner();
    let path_pair = parts.next()?;
    let path_place = builder.place(&path_pair);
    let mut names = path(builder, path_pair);
    let Some(brackets) = parts.next() else { return Some(ExprKind::Path(names)) };
    let Some(Built::Call(call)) = builder.take(&brackets) else { return None };
    if names.len() != 1 {
        let shown = builder.author(path_place.0).to_owned();
        builder.error(
            Code::Syntax,
            path_place.0,
            format!("`{shown}` is not a function: functions have no dot in their name"),
        );
        return None;
    }
    let function = names.pop()?;
    if let Some(list) = call.list {
        let value = whole_value(builder, call.arguments)?;
        let (by, filter, value) = (call.by, call.filter, Some(Box::new(value)));
        return Some(ExprKind::Aggregate {
            function,
            distinct: call.distinct,
            value,
            list: Box::new(list),
            by,
            filter,
        });
    }
    if call.filter.is_some() {
        let list = whole_value(builder, call.arguments)?;
        if !matches!(list.kind, ExprKind::Path(_)) {
            let error =
                Diagnostic::error(Code::Syntax, list.place.0, "only the name of a list can stand before `where`");
            builder.report.add(error.help("to use a value of each element, write `VALUE of LIST where …`"));
        }
        let list = Box::new(list);
        return Some(ExprKind::Aggregate {
            function,
            distinct: call.distinct,
            value: None,
            list,
            by: None,
            filter: call.filter,
        });
    }
    if call.distinct {
        let error = Diagnostic::error(Code::Syntax, function.place.0, "`distinct` needs a value and its list");
        builder.report.add(error.help(format!("write `{}(distinct VALUE of LIST)`", function.text)));
    }
    Some(ExprKind::Call { function, arguments: call.arguments })
}

/// The single value before `of` or `where`.
fn whole_value(builder: &mut B<'_, '_, '_>, mut arguments: Vec<Argument>) -> Option<Expr> {
    match arguments.pop()? {
        Argument::Value(value) => Some(value),
        Argument::Period(period) => {
            builder.error(Code::Syntax, period.place.0, "a period cannot stand before `of` or `where`");
            None
        }
    }
}

/// `30 days`
fn period(builder: &mut B<'_, '_, '_>, pair: Pair<'_, Rule>) -> Option<Period> {
    let place = builder.place(&pair);
    let mut parts = pair.into_inner();
    let (count, unit) = (parts.next()?, parts.next()?);
    let count_place = builder.place(&count);
    let kind = match count.as_rule() {
        Rule::number => ExprKind::Number(count.as_str().trim_end().to_owned()),
        _ => ExprKind::Path(vec![literal::name(builder, &count)]),
    };
    let unit = match unit.as_str().trim_end().trim_end_matches('s') {
        "day" => TimeUnit::Days,
        "week" => TimeUnit::Weeks,
        "month" => TimeUnit::Months,
        _ => TimeUnit::Years,
    };
    Some(Period { count: Box::new(Expr { kind, place: count_place }), unit, place })
}
