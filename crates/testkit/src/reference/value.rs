//! Values as they are while rules are evaluated, and what makes two of them equal or ordered.

use super::number::{self, fits_decimal, fits_int, to_float};
use super::text::{normal_form, segments};
use super::time::Clock;
use jiff::Timestamp;
use jiff::civil::Date;
use num_rational::BigRational;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

/// A closed list of labels, lowest first when it is ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Labels(pub(super) Vec<String>);

impl Labels {
    /// The place of a label, found in normal form.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let wanted = normal_form(text);
        self.0.iter().position(|label| normal_form(label) == wanted)
    }
}

/// One child record of a list.
pub(super) type Element = HashMap<String, Value>;

/// A value; `Missing` is one.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Missing,
    Bool(bool),
    /// An `int` or a `decimal`; which one decides its range.
    Number(BigRational, bool),
    Float(f64),
    /// As it was written.
    Text(String),
    /// Trimmed.
    Code(String),
    Label(usize, Rc<Labels>),
    /// Texts, codes, labels or, in a set that is written out, other constants.
    Set(Vec<Value>),
    Date(Date),
    Instant(Timestamp),
    /// Normal forms of its segments.
    Region(Vec<String>),
    List(Rc<Vec<Element>>),
}

impl Value {
    /// An `int`, or missing when it overflows.
    pub(super) fn int(number: BigRational) -> Value {
        if fits_int(&number) { Value::Number(number, true) } else { Value::Missing }
    }

    /// A whole number that a function counted.
    pub(super) fn count(number: impl Into<num_bigint::BigInt>) -> Value {
        Value::int(number::whole(number))
    }

    /// A `decimal` rounded to its places, or missing past the range.
    pub(super) fn decimal(number: &BigRational) -> Value {
        let rounded = number::round(number, number::PLACES);
        if fits_decimal(&rounded) { Value::Number(rounded, false) } else { Value::Missing }
    }

    /// `true`, `false` or unknown.
    pub(super) fn truth(truth: Option<bool>) -> Value {
        truth.map_or(Value::Missing, Value::Bool)
    }

    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Value::Missing)
    }

    pub(super) fn as_truth(&self) -> Option<bool> {
        match self {
            Value::Missing => None,
            Value::Bool(truth) => Some(*truth),
            other => super::invalid(&format!("a condition that is {other:?}")),
        }
    }

    pub(super) fn as_number(&self) -> Option<&BigRational> {
        match self {
            Value::Missing => None,
            Value::Number(number, _) => Some(number),
            other => super::invalid(&format!("a number that is {other:?}")),
        }
    }

    pub(super) fn as_set(&self) -> Option<&[Value]> {
        match self {
            Value::Missing => None,
            Value::Set(items) => Some(items),
            other => super::invalid(&format!("a set that is {other:?}")),
        }
    }

    /// The text of a text, code or label.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Value::Missing => None,
            Value::Text(text) | Value::Code(text) => Some(text),
            Value::Label(index, labels) => Some(&labels.0[*index]),
            other => super::invalid(&format!("a text that is {other:?}")),
        }
    }

    /// The civil date of a date or instant.
    pub(super) fn as_date(&self, clock: &Clock) -> Option<Date> {
        match self {
            Value::Missing => None,
            Value::Date(date) => Some(*date),
            Value::Instant(instant) => Some(clock.date_of(*instant)),
            other => super::invalid(&format!("a date that is {other:?}")),
        }
    }
}

/// Whether two values are equal; unknown when one is missing.
pub(super) fn equal(a: &Value, b: &Value, clock: &Clock) -> Option<bool> {
    match (a, b) {
        (Value::Missing, _) | (_, Value::Missing) => None,
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Set(a), Value::Set(b)) => Some(is_subset(a, b, clock) && is_subset(b, a, clock)),
        (Value::Region(a), Value::Region(b)) => Some(a == b),
        (Value::Region(region), Value::Text(text)) | (Value::Text(text), Value::Region(region)) => {
            Some(*region == segments(text))
        }
        (Value::Code(code), other) | (other, Value::Code(code)) => other.as_text().map(|text| code == text.trim()),
        (Value::Text(_) | Value::Label(..), _) => Some(a.as_text().map(normal_form) == b.as_text().map(normal_form)),
        _ => order(a, b, clock).map(Ordering::is_eq),
    }
}

/// Which of two values is greater; unknown when one is missing.
pub(super) fn order(a: &Value, b: &Value, clock: &Clock) -> Option<Ordering> {
    match (a, b) {
        (Value::Missing, _) | (_, Value::Missing) => None,
        (Value::Number(a, _), Value::Number(b, _)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Float(a), Value::Number(b, _)) => a.partial_cmp(&to_float(b)),
        (Value::Number(a, _), Value::Float(b)) => to_float(a).partial_cmp(b),
        (Value::Label(a, _), Value::Label(b, _)) => Some(a.cmp(b)),
        (Value::Label(a, labels), Value::Text(b)) => Some(a.cmp(&known(labels, b))),
        (Value::Text(a), Value::Label(b, labels)) => Some(known(labels, a).cmp(b)),
        (Value::Instant(a), Value::Instant(b)) => Some(a.cmp(b)),
        (Value::Date(_) | Value::Instant(_), Value::Date(_) | Value::Instant(_)) => {
            Some(a.as_date(clock)?.cmp(&b.as_date(clock)?))
        }
        _ => super::invalid(&format!("an order between {a:?} and {b:?}")),
    }
}

fn known(labels: &Labels, text: &str) -> usize {
    labels.find(text).unwrap_or_else(|| super::invalid(&format!("label \"{text}\" is not among {:?}", labels.0)))
}

/// Whether a set has an element.
pub(super) fn has(set: &[Value], element: &Value, clock: &Clock) -> bool {
    set.iter().any(|item| equal(item, element, clock) == Some(true))
}

/// Whether every element of one set is in another.
pub(super) fn is_subset(small: &[Value], big: &[Value], clock: &Clock) -> bool {
    small.iter().all(|item| has(big, item, clock))
}

/// The elements of a set, each once.
pub(super) fn distinct(items: Vec<Value>, clock: &Clock) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !has(&kept, &item, clock) {
            kept.push(item);
        }
    }
    kept
}
