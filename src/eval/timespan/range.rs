//! What a value may be during a stretch of time.

use super::trend::Trend;
use crate::eval::compare;
use crate::eval::number::fixed;
use crate::lead::reading::{Datum, Reading};
use crate::time::{At, day_number};
use crate::value::Fixed;
use std::cmp::Ordering;

/// The values that a node may have during a stretch of time: more than it has, perhaps, but never fewer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Range<'a> {
    /// One value all the time.
    Same(Datum<'a>),
    /// A condition, from the least to the greatest that it may be.
    Truth(Truth, Truth),
    /// Values that have an order.
    Between(Ends<'a>),
    /// Anything, missing too.
    Any,
}

/// A truth value, in the order that `and` and `or` go by: they are the least and the greatest of their operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Truth {
    False,
    Unknown,
    True,
}

/// The least and the greatest of values that have an order, of one kind, neither missing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends<'a> {
    pub(super) low: Datum<'a>,
    pub(super) high: Datum<'a>,
    /// Whether it may also be missing.
    pub(super) missing: bool,
    /// How the value goes with the clock, where that says more than the ends.
    pub(super) trend: Option<Trend>,
}

impl Truth {
    pub(super) fn of(datum: Datum<'_>) -> Truth {
        match datum {
            Datum::Bool(false) => Truth::False,
            Datum::Bool(true) => Truth::True,
            _ => Truth::Unknown,
        }
    }

    pub(super) fn certain(truth: bool) -> Truth {
        if truth { Truth::True } else { Truth::False }
    }

    pub(super) fn datum<'a>(self) -> Datum<'a> {
        match self {
            Truth::False => Datum::Bool(false),
            Truth::Unknown => Datum::Missing,
            Truth::True => Datum::Bool(true),
        }
    }

    pub(super) fn negated(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

impl<'a> Range<'a> {
    /// A value that is always missing, or a condition that is always unknown.
    pub(super) const MISSING: Range<'a> = Range::Same(Datum::Missing);
    /// A condition of which nothing is known.
    pub(super) const OPEN: Range<'a> = Range::Truth(Truth::False, Truth::True);

    /// A condition.
    pub(super) fn truth(low: Truth, high: Truth) -> Range<'a> {
        if low == high { Range::Same(low.datum()) } else { Range::Truth(low, high) }
    }

    /// A condition that is true, false, or either.
    pub(super) fn decided(low: bool, high: bool) -> Range<'a> {
        Range::truth(Truth::certain(low), Truth::certain(high))
    }

    /// Values between two, which may be the same; anything, when one of the two is missing.
    pub(super) fn between(low: Datum<'a>, high: Datum<'a>, missing: bool, trend: Option<Trend>) -> Range<'a> {
        match key(low).zip(key(high)) {
            Some((low_key, high_key)) if low_key == high_key && !missing => Range::Same(low),
            Some((low_key, high_key)) if low_key <= high_key => Range::Between(Ends { low, high, missing, trend }),
            _ => Range::Any,
        }
    }

    /// As a condition.
    pub(super) fn truths(self) -> (Truth, Truth) {
        match self {
            Range::Same(datum) => (Truth::of(datum), Truth::of(datum)),
            Range::Truth(low, high) => (low, high),
            Range::Between(_) => (Truth::Unknown, Truth::Unknown),
            Range::Any => (Truth::False, Truth::True),
        }
    }

    /// Whether it may be true, and whether it always is.
    pub(super) fn fires(self) -> (bool, bool) {
        let (low, high) = self.truths();
        (high == Truth::True, low == Truth::True)
    }

    /// Whether it may be there, and whether it always is.
    pub(super) fn present(self) -> (bool, bool) {
        match self {
            Range::Same(datum) => {
                let present = !matches!(datum, Datum::Missing);
                (present, present)
            }
            Range::Truth(..) | Range::Any => (true, false),
            Range::Between(ends) => (true, !ends.missing),
        }
    }

    /// The ends, if there are any: of one value, unless it is missing, the value itself.
    pub(super) fn ends(self) -> Option<Ends<'a>> {
        match self {
            Range::Same(datum) => key(datum).map(|_| Ends { low: datum, high: datum, missing: false, trend: None }),
            Range::Between(ends) => Some(ends),
            Range::Truth(..) | Range::Any => None,
        }
    }

    /// How it goes with the clock.
    pub(super) fn trend(self) -> Option<Trend> {
        let ends = self.ends()?;
        ends.trend.or_else(|| Some(Trend::flat(key(ends.low)?, key(ends.high)?)))
    }

    /// What is in either.
    pub(super) fn or(self, other: Range<'a>, reading: &Reading<'_>, at: &At) -> Range<'a> {
        match (self, other) {
            (Range::Same(a), Range::Same(b)) if same(a, b, reading, at) => self,
            (Range::Same(Datum::Missing), other) | (other, Range::Same(Datum::Missing)) => other.or_missing(),
            _ => match (self.ends(), other.ends()) {
                (Some(a), Some(b)) if kind(a.low) == kind(b.low) => {
                    let low = if key(b.low) < key(a.low) { b.low } else { a.low };
                    let high = if key(b.high) > key(a.high) { b.high } else { a.high };
                    Range::between(low, high, a.missing || b.missing, None)
                }
                (None, None) => match (self.condition(), other.condition()) {
                    (Some(a), Some(b)) => Range::truth(a.0.min(b.0), a.1.max(b.1)),
                    _ => Range::Any,
                },
                _ => Range::Any,
            },
        }
    }

    /// The same, or missing.
    pub(super) fn or_missing(self) -> Range<'a> {
        match (self.condition(), self.ends()) {
            (Some((low, high)), _) => Range::truth(low.min(Truth::Unknown), high.max(Truth::Unknown)),
            (None, Some(ends)) => Range::Between(Ends { missing: true, ..ends }),
            (None, None) if matches!(self, Range::Same(Datum::Missing)) => self,
            _ => Range::Any,
        }
    }

    /// The values that it has when it is there.
    pub(super) fn if_present(self) -> Range<'a> {
        match self {
            Range::Between(ends) => Range::between(ends.low, ends.high, false, ends.trend),
            other => other,
        }
    }

    /// The truth values, of what is known to be a condition.
    fn condition(self) -> Option<(Truth, Truth)> {
        match self {
            Range::Truth(low, high) => Some((low, high)),
            Range::Same(datum @ Datum::Bool(_)) => Some((Truth::of(datum), Truth::of(datum))),
            _ => None,
        }
    }
}

/// Whether two data are the same value.
pub(super) fn same(a: Datum<'_>, b: Datum<'_>, reading: &Reading<'_>, at: &At) -> bool {
    match (a, b) {
        (Datum::Missing, Datum::Missing) => true,
        (Datum::Missing, _) | (_, Datum::Missing) => false,
        _ => compare::equal(a, b, reading, at) == Some(true),
    }
}

/// A number that has the order of the values: units of 10^-12, a day in them, nanoseconds. Nothing for all others.
pub(super) fn key(datum: Datum<'_>) -> Option<i128> {
    match datum {
        Datum::Date(date) => Some(Fixed::from_int(day_number(date)).units()),
        Datum::Instant(instant) => Some(instant.as_nanosecond()),
        _ => fixed(datum).map(Fixed::units),
    }
}

/// Whether keys of two data can be compared.
pub(super) fn kind(datum: Datum<'_>) -> u8 {
    match datum {
        Datum::Int(_) => 0,
        Datum::Decimal(_) => 1,
        Datum::Date(_) => 2,
        Datum::Instant(_) => 3,
        _ => 4,
    }
}

/// The lesser and the greater of two, by key.
pub(super) fn ordered<'a>(a: Datum<'a>, b: Datum<'a>) -> (Datum<'a>, Datum<'a>) {
    if key(a).cmp(&key(b)) == Ordering::Greater { (b, a) } else { (a, b) }
}
