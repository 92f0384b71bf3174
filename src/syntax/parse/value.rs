//! What operators stand between: literals, names, calls, brackets, `match`.

use super::Rule;
use super::build::{Builder, Built};
use super::expression::expression;
use super::shape::{Pair, Pairs};
use super::{literal, rules};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Argument, Expr, ExprKind, Name, Period, TimeUnit};

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

/// A value of the grammar: a literal, a name, a call, a bracket, a `match`.
pub(super) fn value(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Expr> {
    let place = builder.place(&pair);
    let written = builder.author(place.0);
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

fn path(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Vec<Name> {
    pair.into_inner().map(|name| literal::name(builder, &name)).collect()
}

/// The subjects of `on` and `match`.
pub(super) fn subjects(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Vec<Expr> {
    let expressions = pair.into_inner().filter(|part| part.as_rule() == Rule::expression);
    let subjects: Vec<Expr> = expressions.filter_map(|part| expression(builder, part)).collect();
    subjects.into_iter().map(|subject| rules::arithmetic(builder, subject, "a subject")).collect()
}

/// A literal with or without a sign, or a name.
pub(super) fn constant(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Expr> {
    let place = builder.place(&pair);
    let mut parts = pair.into_inner();
    let first = parts.next()?;
    if first.as_rule() != Rule::minus {
        return value(builder, first);
    }
    let inner = value(builder, parts.next()?)?;
    Some(Expr { kind: ExprKind::Negate(Box::new(inner)), place })
}

pub(super) fn constants(builder: &mut B<'_, '_, '_>, inner: Pairs<'_>) -> Vec<Expr> {
    inner.filter(|pair| pair.as_rule() == Rule::constant).filter_map(|pair| constant(builder, pair)).collect()
}

// ---- calls

/// What stands between the brackets of a call, for [`reference`] to give a name.
pub(super) fn call_parts(builder: &mut B<'_, '_, '_>, inner: Pairs<'_>) -> Call {
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
fn clause(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Box<Expr>> {
    let expr = pair.into_inner().find(|part| part.as_rule() == Rule::expression)?;
    expression(builder, expr).map(Box::new)
}

fn reference(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<ExprKind> {
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
pub(super) fn period(builder: &mut B<'_, '_, '_>, pair: Pair<'_>) -> Option<Period> {
    let place = builder.place(&pair);
    let mut parts = pair.into_inner();
    let (count, unit) = (parts.next()?, parts.next()?);
    let count_place = builder.place(&count);
    let kind = match count.as_rule() {
        Rule::number => ExprKind::Number(builder.written(&count).to_owned()),
        _ => ExprKind::Path(vec![literal::name(builder, &count)]),
    };
    let unit = match builder.written(&unit).trim_end_matches('s') {
        "day" => TimeUnit::Days,
        "week" => TimeUnit::Weeks,
        "month" => TimeUnit::Months,
        _ => TimeUnit::Years,
    };
    Some(Period { count: Box::new(Expr { kind, place: count_place }), unit, place })
}
