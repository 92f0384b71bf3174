//! A lead from JSON: what is missing, what is a placeholder, what has the wrong type.

use super::number::{fits_decimal, fits_int, is_decimal, parse};
use super::text::{normal_form, segments};
use super::time::Clock;
use super::types::{FieldInfo, Fields, Items, Type};
use super::value::{Element, Value, distinct};
use crate::json::Json;
use num_rational::BigRational;
use std::rc::Rc;

/// The declared fields of a record; other keys are ignored.
pub(super) fn read_record(record: &Json, fields: &Fields, clock: &Clock) -> Element {
    let read = |(name, info): (&String, &FieldInfo)| {
        let value = record.get(name).map_or(Value::Missing, |json| read_value(json, info, clock));
        (name.clone(), value)
    };
    fields.iter().map(read).collect()
}

/// A value of a field; missing when it is null, blank, a placeholder or of another type.
pub(super) fn read_value(json: &Json, info: &FieldInfo, clock: &Clock) -> Value {
    let is_placeholder = |text: &str| {
        let normal = normal_form(text);
        normal.is_empty() || info.placeholders.contains(&normal)
    };
    match (json, &info.kind) {
        (_, Type::Set(items)) => read_set(json, items, &is_placeholder, clock),
        (Json::Text(text), _) if is_placeholder(text) => Value::Missing,
        (Json::Bool(truth), Type::Bool) => Value::Bool(*truth),
        (Json::Number(digits), Type::Float) => match digits.parse::<f64>() {
            Ok(float) if float.is_finite() && !info.numbers.iter().any(|n| super::number::to_float(n) == float) => {
                Value::Float(float)
            }
            _ => Value::Missing,
        },
        (Json::Number(digits), Type::Int | Type::Decimal) => read_number(digits, info),
        (Json::Text(text), Type::Decimal) => read_number(text.trim(), info),
        (Json::Text(text), Type::Text) => Value::Text(text.clone()),
        (Json::Text(text), Type::Code) => Value::Code(text.trim().to_owned()),
        (Json::Text(text), Type::Choice(labels)) => {
            labels.find(text).map_or(Value::Missing, |index| Value::Label(index, Rc::clone(labels)))
        }
        (Json::Text(text), Type::Date) => clock.parse_date(text).map_or(Value::Missing, Value::Date),
        (Json::Text(text), Type::DateTime) => clock.parse_instant(text).map_or(Value::Missing, Value::Instant),
        (Json::Text(text), Type::Region) => {
            let segments = segments(text);
            if segments.is_empty() { Value::Missing } else { Value::Region(segments) }
        }
        (Json::Array(items), Type::List(fields)) => {
            let records = items.iter().filter(|item| matches!(item, Json::Object(_)));
            Value::List(Rc::new(records.map(|item| read_record(item, fields, clock)).collect()))
        }
        _ => Value::Missing,
    }
}

fn read_number(digits: &str, info: &FieldInfo) -> Value {
    let as_int = matches!(info.kind, Type::Int);
    let fits = |number: &BigRational| {
        if as_int { fits_int(number) } else { is_decimal(number) && fits_decimal(number) }
    };
    match parse(digits) {
        Some(number) if fits(&number) && !info.numbers.contains(&number) => Value::Number(number, as_int),
        _ => Value::Missing,
    }
}

/// A set: an array of texts, or one text. Nulls, blanks, placeholders and unknown labels are taken away; with nothing
/// left it is missing.
fn read_set(json: &Json, items: &Items, is_placeholder: &dyn Fn(&str) -> bool, clock: &Clock) -> Value {
    let texts: Vec<&str> = match json {
        Json::Text(text) => vec![text],
        Json::Array(elements) => elements.iter().filter_map(Json::as_text).collect(),
        _ => return Value::Missing,
    };
    let read = |text: &&str| match items {
        Items::Text => Some(Value::Text((*text).to_owned())),
        Items::Code => Some(Value::Code(text.trim().to_owned())),
        Items::Closed(labels) => labels.find(text).map(|index| Value::Label(index, Rc::clone(labels))),
    };
    let values: Vec<Value> = texts.iter().filter(|text| !is_placeholder(text)).filter_map(read).collect();
    if values.is_empty() { Value::Missing } else { Value::Set(distinct(values, clock)) }
}
