//! Operators that do not go together: `a and b or c`, `1 < x < 5`.

use super::build::Builder;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{CompareOperator, Expr, ExprKind, LogicOperator};

type B<'a, 'r, 'l> = Builder<'a, 'r, 'l>;

/// The author's text at `span`, cut when it is long.
fn shown(builder: &B<'_, '_, '_>, span: Span) -> String {
    let text = builder.author(span).split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= 40 { text } else { text.chars().take(36).chain("…".chars()).collect() }
}

/// `a and b or c`: shows both readings.
pub(super) fn mixed_logic(builder: &mut B<'_, '_, '_>, span: Span, operands: &[Expr], operators: &[LogicOperator]) {
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
pub(super) fn chained_comparison(
    builder: &mut B<'_, '_, '_>,
    inner: Span,
    expr: &Expr,
    chain: Option<&[CompareOperator]>,
) {
    let error = Diagnostic::error(Code::ChainedComparison, expr.place.0, "comparisons do not chain");
    let both = |builder: &B<'_, '_, '_>| -> Option<String> {
        let [.., lower, upper] = *chain? else { return None };
        let ExprKind::Compare(_, left, high) = &expr.kind else { return None };
        let ExprKind::Compare(_, low, middle) = &left.kind else { return None };
        let [low, middle, high] = [low, middle, high].map(|part| shown(builder, part.place.0));
        let plain = format!("`{low} {} {middle} and {middle} {} {high}`", lower.written(), upper.written());
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
