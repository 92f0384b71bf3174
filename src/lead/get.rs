//! What getters make of a stored value, however it came in: typed, or as JSON text.

use crate::value::fixed::Fixed;
use crate::value::moment::Moment;
use crate::value::{Fields, Value};
use jiff::{Timestamp, civil};
use rust_decimal::Decimal;

pub(super) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text.original()),
        _ => None,
    }
}

pub(super) fn bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        _ => None,
    }
}

pub(super) fn int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(value) => Some(*value),
        Value::Decimal(value) => Fixed::from_decimal(*value)?.to_int(),
        _ => None,
    }
}

pub(super) fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(value) => Some((*value).into()),
        Value::Decimal(value) => Some(*value),
        Value::Text(text) => Some(Fixed::parse(text.exact()).ok()?.to_decimal()),
        _ => None,
    }
}

pub(super) fn date(value: &Value) -> Option<civil::Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::Text(text) => match Moment::parse(text.exact())? {
            Moment::Date(date) => Some(date),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Instant(instant) => Some(*instant),
        Value::Text(text) => match Moment::parse(text.exact())? {
            Moment::Instant(instant) => Some(instant),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn labels(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::Text(text) => Some(vec![text.original()]),
        Value::List(values) => Some(values.iter().filter_map(text).collect()),
        _ => None,
    }
}

pub(super) fn records<T: From<Fields>>(value: &Value) -> Option<Vec<T>> {
    let Value::List(values) = value else { return None };
    let record = |value: &Value| match value {
        Value::Record(record) => Some(T::from(record.clone())),
        _ => None,
    };
    Some(values.iter().filter_map(record).collect())
}
