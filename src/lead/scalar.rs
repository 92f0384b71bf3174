//! One value as one of the simple types, and what to say when it is none.

use super::DataIssueKind;
use super::reading::Datum;
use crate::types::{Choice, Type};
use crate::value::fixed::{NumberError, PLACES};
use crate::value::moment::Moment;
use crate::value::text::region_segments;
use crate::value::{Fixed, Text, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use std::fmt;

/// Why a value cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    WrongType,
    UnknownLabel,
    /// A number that breaks a rule of decimals.
    Number(NumberError),
    /// Outside the calendar or outside 64 bits.
    OutOfRange,
}

impl Unread {
    /// What kind of issue it is for a host.
    pub(super) fn kind(self) -> DataIssueKind {
        match self {
            Unread::WrongType | Unread::Number(NumberError::NotANumber) => DataIssueKind::WrongType,
            Unread::UnknownLabel => DataIssueKind::UnknownLabel,
            Unread::Number(_) | Unread::OutOfRange => DataIssueKind::OutOfRange,
        }
    }

    /// What was expected, and what came.
    pub(super) fn message(self, kind: &Type, value: &Value) -> String {
        let found = Found(value);
        match self {
            Unread::WrongType | Unread::Number(NumberError::NotANumber) => format!("expected {kind}, found {found}"),
            Unread::UnknownLabel => format!("expected a label of the {kind}, found {found}"),
            Unread::Number(NumberError::TooManyPlaces) if *kind == Type::Int => {
                format!("expected {kind}, found {found}")
            }
            Unread::Number(error) => format!("expected {kind}, found {found} with {error}"),
            Unread::OutOfRange => format!("expected {kind}, found {found}, which is out of range"),
        }
    }
}

/// A value in a message: what it is, and a start of it.
pub(super) struct Found<'v>(pub(super) &'v Value);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("nothing"),
            Value::Bool(value) => write!(f, "bool `{value}`"),
            Value::Int(value) => write!(f, "int `{value}`"),
            Value::Decimal(value) => write!(f, "decimal `{value}`"),
            Value::Number(digits) => write!(f, "number `{}`", Cut(digits)),
            Value::Float(value) => write!(f, "float `{value:?}`"),
            Value::Text(text) => write!(f, "text `{}`", Cut(text.original())),
            Value::Date(date) => write!(f, "date `{date}`"),
            Value::Instant(instant) => write!(f, "datetime `{instant}`"),
            Value::List(_) => f.write_str("a list"),
            Value::Record(_) => f.write_str("an object"),
        }
    }
}

/// At most forty characters.
struct Cut<'v>(&'v str);

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(40) {
            None => f.write_str(self.0),
            Some((end, _)) => write!(f, "{}…", &self.0[..end]),
        }
    }
}

pub(super) fn bool(value: &Value) -> Result<bool, Unread> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::Text(text) if text.normal() == "true" => Ok(true),
        Value::Text(text) if text.normal() == "false" => Ok(false),
        _ => Err(Unread::WrongType),
    }
}

/// The exact number that a value is or spells; whole ones in range or not.
pub(super) fn exact(value: &Value) -> Result<Fixed, Unread> {
    match value {
        Value::Int(value) => Ok(Fixed::from_int(*value)),
        Value::Decimal(value) => decimal_units(*value),
        Value::Number(digits) => Fixed::parse(digits).map_err(Unread::Number),
        Value::Float(value) if value.is_finite() => Fixed::parse(Shortest::of(*value).as_str()).map_err(Unread::Number),
        Value::Text(text) => match text.exact().parse() {
            Ok(whole) => Ok(Fixed::from_int(whole)),
            Err(_) => Fixed::parse(text.exact()).map_err(Unread::Number),
        },
        _ => Err(Unread::WrongType),
    }
}

/// A decimal, exactly.
fn decimal_units(value: Decimal) -> Result<Fixed, Unread> {
    // nearly always this is one multiplication
    let lift = PLACES.checked_sub(value.scale()).and_then(|lift| 10_i128.checked_pow(lift));
    if let Some(number) = lift.and_then(|lift| value.mantissa().checked_mul(lift)).map(Fixed::from_units) {
        return number.in_range().ok_or(Unread::Number(NumberError::OutOfRange));
    }
    Fixed::from_decimal(value).ok_or_else(|| match value.normalize().scale() {
        0..=PLACES => Unread::Number(NumberError::OutOfRange),
        _ => Unread::Number(NumberError::TooManyPlaces),
    })
}

pub(super) fn int(value: &Value) -> Result<i64, Unread> {
    match exact(value) {
        Ok(number) => number.to_int().ok_or(Unread::WrongType),
        Err(Unread::Number(NumberError::OutOfRange)) => Err(Unread::OutOfRange),
        Err(unread) => Err(unread),
    }
}

pub(super) fn decimal(value: &Value) -> Result<Fixed, Unread> {
    exact(value)?.in_range().ok_or(Unread::Number(NumberError::OutOfRange))
}

/// The nearest finite float.
pub(super) fn float(value: &Value) -> Result<f64, Unread> {
    let nearest = match value {
        Value::Float(value) => *value,
        Value::Number(digits) => digits.parse().map_err(|_| Unread::WrongType)?,
        Value::Int(_) | Value::Decimal(_) => {
            let mut digits = Shortest::default();
            // a decimal has at most 31 characters, an int 20
            let _fits = fmt::write(&mut digits, format_args!("{}", Plain(value)));
            digits.as_str().parse().map_err(|_| Unread::WrongType)?
        }
        // the grammar of decimals first: `inf` and `nan` are not numbers
        Value::Text(text) => match Fixed::parse(text.exact()) {
            Err(NumberError::NotANumber) => return Err(Unread::WrongType),
            _ => text.exact().parse().map_err(|_| Unread::WrongType)?,
        },
        _ => return Err(Unread::WrongType),
    };
    if nearest.is_finite() { Ok(nearest + 0.0) } else { Err(Unread::OutOfRange) }
}

/// The digits of an int or a decimal.
struct Plain<'v>(&'v Value);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Int(value) => value.fmt(f),
            Value::Decimal(value) => value.fmt(f),
            _ => Ok(()),
        }
    }
}

/// Digits on the stack: the shortest form of a float has at most 24 characters.
struct Shortest {
    bytes: [u8; 40],
    length: usize,
}

impl Default for Shortest {
    fn default() -> Shortest {
        Shortest { bytes: [0; 40], length: 0 }
    }
}

impl Shortest {
    fn of(value: f64) -> Shortest {
        let mut digits = Shortest::default();
        let _fits = fmt::write(&mut digits, format_args!("{value:e}"));
        digits
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl fmt::Write for Shortest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

pub(super) fn text(value: &Value) -> Result<&Text, Unread> {
    match value {
        Value::Text(text) => Ok(text),
        _ => Err(Unread::WrongType),
    }
}

pub(super) fn label(text: &Text, choice: &Choice) -> Result<u32, Unread> {
    choice.find(text.normal()).ok_or(Unread::UnknownLabel)
}

/// A path without a segment is missing.
pub(super) fn region(path: &Text) -> Datum<'_> {
    if region_segments(path.normal()).next().is_some() { Datum::Region(path) } else { Datum::Missing }
}

fn moment(value: &Value) -> Result<Moment, Unread> {
    match value {
        Value::Date(date) => Ok(Moment::Date(*date)),
        Value::Instant(instant) => Ok(Moment::Instant(*instant)),
        Value::Text(text) => Moment::parse(text.exact()).ok_or(Unread::WrongType),
        _ => Err(Unread::WrongType),
    }
}

pub(super) fn date(value: &Value, zone: &TimeZone) -> Result<Date, Unread> {
    Ok(moment(value)?.date(zone))
}

pub(super) fn instant(value: &Value, zone: &TimeZone) -> Result<Timestamp, Unread> {
    moment(value)?.instant(zone).ok_or(Unread::OutOfRange)
}
