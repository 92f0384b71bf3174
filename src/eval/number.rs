//! Arithmetic on data: exact, and missing where a result leaves its range.

use crate::hir::node::{Constant, NumberKind};
use crate::lead::reading::Datum;
use crate::operator::ArithmeticOperator;
use crate::value::Fixed;

/// A number as a decimal, exactly, in range or not; nothing for everything else.
pub(crate) fn fixed(datum: Datum<'_>) -> Option<Fixed> {
    match datum {
        Datum::Int(value) => Some(Fixed::from_int(value)),
        Datum::Decimal(value) => Some(value),
        _ => None,
    }
}

/// A decimal, or missing.
pub(crate) fn decimal<'a>(value: Option<Fixed>) -> Datum<'a> {
    value.map_or(Datum::Missing, Datum::Decimal)
}

/// An int, or missing.
pub(crate) fn int<'a>(value: Option<i64>) -> Datum<'a> {
    value.map_or(Datum::Missing, Datum::Int)
}

/// `a + b` and the like; a missing side, a division by zero and a result out of range give missing.
pub(crate) fn arithmetic<'a>(op: ArithmeticOperator, kind: NumberKind, a: Datum<'_>, b: Datum<'_>) -> Datum<'a> {
    match (kind, a, b) {
        (NumberKind::Int, Datum::Int(a), Datum::Int(b)) => int(match op {
            ArithmeticOperator::Add => a.checked_add(b),
            ArithmeticOperator::Subtract => a.checked_sub(b),
            ArithmeticOperator::Multiply => a.checked_mul(b),
            // the quotient of ints is a decimal
            ArithmeticOperator::Divide => None,
        }),
        _ => decimal(fixed(a).zip(fixed(b)).and_then(|(a, b)| match op {
            ArithmeticOperator::Add => a.add(b),
            ArithmeticOperator::Subtract => a.subtract(b),
            ArithmeticOperator::Multiply => a.multiply(b),
            ArithmeticOperator::Divide => a.divide(b),
        })),
    }
}

/// A numeric constant as a datum; everything else is missing.
pub(crate) fn of_constant(constant: &Constant) -> Datum<'static> {
    match constant {
        Constant::Int(value) => Datum::Int(*value),
        Constant::Decimal(value) => Datum::Decimal(*value),
        _ => Datum::Missing,
    }
}

/// A number as a constant.
pub(crate) fn to_constant(datum: Datum<'_>) -> Constant {
    match datum {
        Datum::Int(value) => Constant::Int(value),
        Datum::Decimal(value) => Constant::Decimal(value),
        _ => Constant::Missing,
    }
}
