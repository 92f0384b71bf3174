//! Comparisons of data. The checker has seen to it that both sides compare.

use super::number::fixed;
use crate::hir::node::Constant;
use crate::lead::reading::{Datum, Range, Reading};
use crate::operator::CompareOperator;
use crate::time::At;
use crate::value::Text;
use crate::value::text::region_segments;
use std::cmp::Ordering;

/// The order of two values; nothing when one is missing.
pub(crate) fn order(a: Datum<'_>, b: Datum<'_>, at: &At) -> Option<Ordering> {
    match (a, b) {
        (Datum::Int(a), Datum::Int(b)) => Some(a.cmp(&b)),
        (Datum::Float(a), Datum::Float(b)) => Some(a.cmp(&b)),
        (Datum::Bool(a), Datum::Bool(b)) => Some(a.cmp(&b)),
        (Datum::Label(a), Datum::Label(b)) => Some(a.cmp(&b)),
        (Datum::Instant(a), Datum::Instant(b)) => Some(a.cmp(&b)),
        (Datum::Date(_) | Datum::Instant(_), Datum::Date(_) | Datum::Instant(_)) => Some(at.date(a)?.cmp(&at.date(b)?)),
        (Datum::Text(a), Datum::Text(b)) => Some(a.normal().cmp(b.normal())),
        (Datum::Code(a), Datum::Code(b)) => Some(a.exact().cmp(b.exact())),
        (Datum::Region(a), Datum::Region(b)) => Some(region_segments(a.normal()).cmp(region_segments(b.normal()))),
        _ => Some(fixed(a)?.cmp(&fixed(b)?)),
    }
}

/// Whether two values are equal; nothing when one is missing.
pub(crate) fn equal(a: Datum<'_>, b: Datum<'_>, reading: &Reading<'_>, at: &At) -> Option<bool> {
    match (a, b) {
        (Datum::Labels(a), Datum::Labels(b)) => Some(reading.labels(a) == reading.labels(b)),
        (Datum::Texts(a), Datum::Texts(b)) => Some(same_texts(reading, a, b, Text::normal)),
        (Datum::Codes(a), Datum::Codes(b)) => Some(same_texts(reading, a, b, Text::exact)),
        _ => order(a, b, at).map(Ordering::is_eq),
    }
}

fn same_texts(reading: &Reading<'_>, a: Range, b: Range, form: fn(&Text) -> &str) -> bool {
    reading.texts(a).iter().map(|text| form(text)).eq(reading.texts(b).iter().map(|text| form(text)))
}

/// `a OP b`: true, false, or unknown
pub(crate) fn compare(op: CompareOperator, a: Datum<'_>, b: Datum<'_>, reading: &Reading<'_>, at: &At) -> Option<bool> {
    match op {
        CompareOperator::Equal => equal(a, b, reading, at),
        CompareOperator::NotEqual => equal(a, b, reading, at).map(|equal| !equal),
        CompareOperator::Less => order(a, b, at).map(Ordering::is_lt),
        CompareOperator::LessOrEqual => order(a, b, at).map(Ordering::is_le),
        CompareOperator::Greater => order(a, b, at).map(Ordering::is_gt),
        CompareOperator::GreaterOrEqual => order(a, b, at).map(Ordering::is_ge),
    }
}

/// A constant that is no set, as a datum.
pub(crate) fn of_constant(constant: &Constant) -> Datum<'_> {
    match constant {
        Constant::Bool(value) => Datum::Bool(*value),
        Constant::Int(value) => Datum::Int(*value),
        Constant::Decimal(value) => Datum::Decimal(*value),
        Constant::Float(value) => Datum::Float(*value),
        Constant::Text(text) => Datum::Text(text),
        Constant::Code(text) => Datum::Code(text),
        Constant::Region(text) => Datum::Region(text),
        Constant::Date(date) => Datum::Date(*date),
        Constant::Instant(instant) => Datum::Instant(*instant),
        Constant::Label(label) => Datum::Label(*label),
        Constant::Missing | Constant::Labels(_) | Constant::Texts(_) | Constant::Codes(_) => Datum::Missing,
    }
}

/// The order of two constants, where it does not depend on a zone.
pub(crate) fn order_of_constants(a: &Constant, b: &Constant) -> Option<Ordering> {
    match (a, b) {
        (Constant::Date(_), Constant::Instant(_)) | (Constant::Instant(_), Constant::Date(_)) => None,
        _ => order(of_constant(a), of_constant(b), &At::new(jiff::Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC)),
    }
}
