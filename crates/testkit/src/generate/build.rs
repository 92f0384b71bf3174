//! Nodes of the syntax tree, with parentheses where precedence asks for them.

use gradus::syntax::ast::{
    ArithmeticOperator, CompareOperator, Container, Expr, ExprKind, Interval, LogicOperator, Name, Place, Quoted,
    TypeExpr, TypeKind,
};

pub(super) fn name(text: &str) -> Name {
    Name { text: text.to_owned(), place: Place::default() }
}

pub(super) fn quoted(text: &str) -> Quoted {
    Quoted { text: text.to_owned(), place: Place::default() }
}

pub(super) fn kind(kind: TypeKind) -> TypeExpr {
    TypeExpr { kind, place: Place::default() }
}

pub(super) fn expr(kind: ExprKind) -> Expr {
    Expr { kind, place: Place::default() }
}

pub(super) fn text(text: &str) -> Expr {
    expr(ExprKind::Text(text.to_owned()))
}

pub(super) fn path(names: &[String]) -> Expr {
    expr(ExprKind::Path(names.iter().map(|part| name(part)).collect()))
}

/// How tightly a node holds together, from `and` to a name.
fn tightness(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Logic(..) => 0,
        ExprKind::Not(_) => 1,
        ExprKind::Compare(..)
        | ExprKind::In { .. }
        | ExprKind::Contains { .. }
        | ExprKind::Affix { .. }
        | ExprKind::Matches { .. }
        | ExprKind::Within { .. }
        | ExprKind::Window { .. }
        | ExprKind::Is { .. } => 2,
        ExprKind::Arithmetic(_, rest) => match rest.first() {
            Some((ArithmeticOperator::Add | ArithmeticOperator::Subtract, _)) => 3,
            _ => 4,
        },
        ExprKind::Negate(_) => 5,
        _ => 6,
    }
}

fn at_least(tight: u8, inner: Expr) -> Expr {
    if tightness(&inner) < tight { expr(ExprKind::Paren(Box::new(inner))) } else { inner }
}

/// An operand of a comparison: arithmetic, or something in parentheses.
pub(super) fn operand(inner: Expr) -> Expr {
    at_least(3, inner)
}

pub(super) fn boxed(inner: Expr) -> Box<Expr> {
    Box::new(operand(inner))
}

pub(super) fn not(inner: Expr) -> Expr {
    expr(ExprKind::Not(Box::new(at_least(2, inner))))
}

/// A chain of `and` or `or`; one operand stays as it is.
pub(super) fn logic(operator: LogicOperator, operands: Vec<Expr>) -> Expr {
    let mut operands: Vec<Expr> = operands.into_iter().map(|operand| at_least(1, operand)).collect();
    match operands.pop() {
        Some(only) if operands.is_empty() => only,
        last => expr(ExprKind::Logic(operator, operands.into_iter().chain(last).collect())),
    }
}

pub(super) fn compare(operator: CompareOperator, a: Expr, b: Expr) -> Expr {
    expr(ExprKind::Compare(operator, boxed(a), boxed(b)))
}

/// `a + b` or `a * b`; everything looser goes into parentheses, a sign too.
pub(super) fn arithmetic(a: Expr, operator: ArithmeticOperator, b: Expr) -> Expr {
    let is_sum = matches!(operator, ArithmeticOperator::Add | ArithmeticOperator::Subtract);
    let fit = |inner: Expr| {
        let is_product = tightness(&inner) == 4;
        if is_sum && is_product { inner } else { at_least(6, inner) }
    };
    expr(ExprKind::Arithmetic(Box::new(fit(a)), vec![(operator, fit(b))]))
}

pub(super) fn negate(inner: Expr) -> Expr {
    expr(ExprKind::Negate(Box::new(at_least(6, inner))))
}

pub(super) fn is_in(subject: Expr, negated: bool, container: Container) -> Expr {
    expr(ExprKind::In { subject: boxed(subject), negated, container })
}

pub(super) fn set(items: Vec<Expr>) -> Expr {
    expr(ExprKind::Set(items))
}

pub(super) fn texts(items: &[String]) -> Expr {
    set(items.iter().map(|item| text(item)).collect())
}

/// An interval by its ends and whether each belongs to it. An end that is left out is written with a square bracket.
pub(super) fn interval(low: Option<(Expr, bool)>, high: Option<(Expr, bool)>) -> Interval {
    let closed = |end: &Option<(Expr, bool)>| end.as_ref().is_none_or(|(_, closed)| *closed);
    let (low_closed, high_closed) = (closed(&low), closed(&high));
    let end = |end: Option<(Expr, bool)>| end.map(|(end, _)| boxed(end));
    Interval { low: end(low), low_closed, high: end(high), high_closed, place: Place::default() }
}

pub(super) fn call(function: &str, arguments: Vec<Expr>) -> Expr {
    let arguments = arguments.into_iter().map(gradus::syntax::ast::Argument::Value).collect();
    expr(ExprKind::Call { function: name(function), arguments })
}
