//! Records of the host: what a rule set reads of them without a [`Lead`](super::Lead).

use super::composed;
use super::read::Schema;
use crate::types::Type;
use crate::value::Value;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::fmt;

/// A type of the host whose values can be evaluated as leads, field by field, without building a
/// [`Lead`](crate::Lead). `#[derive(Record)]`, of the feature `derive`, writes it for a struct. By hand:
///
/// ```
/// use gradus::{FieldKind, FieldValue, Record, RecordField, ToField};
///
/// struct Customer {
///     company: String,
///     employees: Option<i64>,
/// }
///
/// impl Record for Customer {
///     fn fields() -> &'static [RecordField] {
///         const {
///             &[RecordField::new("company", FieldKind::Text), RecordField::new("employees", FieldKind::Int)]
///         }
///     }
///
///     fn value(&self, field: usize) -> FieldValue<'_> {
///         match field {
///             0 => FieldValue::Text(&self.company),
///             1 => self.employees.to_field(),
///             _ => FieldValue::Missing,
///         }
///     }
/// }
/// ```
pub trait Record {
    /// The fields, in the order of their numbers.
    fn fields() -> &'static [RecordField];

    /// The value of a field by its number; [`FieldValue::Missing`] past the last.
    fn value(&self, field: usize) -> FieldValue<'_>;

    /// Hands every value over, in the order of the fields. What is derived does it without a branch per field.
    fn visit<'a>(&'a self, visitor: &mut impl FieldVisitor<'a>) {
        for field in 0..Self::fields().len() {
            visitor.field(field, &self.value(field));
        }
    }
}

/// Takes the values of a record.
pub trait FieldVisitor<'a> {
    /// A field by its number, and its value.
    fn field(&mut self, field: usize, value: &FieldValue<'a>);
}

/// A field of a record: how rule files call it, and what kind of value it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordField {
    /// The name that rule files use.
    pub name: &'static str,
    /// What kind of value the record has there.
    pub kind: FieldKind,
}

impl RecordField {
    /// A field by name and kind.
    pub const fn new(name: &'static str, kind: FieldKind) -> RecordField {
        RecordField { name, kind }
    }
}

/// What kind of value a record has in a field, present or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldKind {
    /// A truth value.
    Bool,
    /// A whole number.
    Int,
    /// A decimal.
    Decimal,
    /// A binary floating-point number.
    Float,
    /// A text, a label, or anything that is written as text.
    Text,
    /// Texts or labels.
    Texts,
    /// A civil date.
    Date,
    /// An instant.
    Instant,
    /// Any value, such as a list of elements, or a text that is not borrowed from the record.
    Value,
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FieldKind::Bool => "bool",
            FieldKind::Int => "int",
            FieldKind::Decimal => "decimal",
            FieldKind::Float => "float",
            FieldKind::Text => "text",
            FieldKind::Texts => "texts",
            FieldKind::Date => "date",
            FieldKind::Instant => "instant",
            FieldKind::Value => "any value",
        })
    }
}

/// The value of a field of a record.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FieldValue<'a> {
    /// There is none.
    Missing,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A decimal.
    Decimal(Decimal),
    /// A whole number of units of 10 to the minus so many, such as cents.
    Scaled(i64, u32),
    /// A binary floating-point number.
    Float(f64),
    /// A text, a label, or anything that is written as text.
    Text(&'a str),
    /// Texts or labels.
    Strings(&'a [String]),
    /// The same, borrowed.
    Texts(&'a [&'a str]),
    /// A civil date.
    Date(Date),
    /// An instant.
    Instant(Timestamp),
    /// Any value, such as a list of elements.
    Value(Value),
}

impl FieldValue<'_> {
    /// A record in a field of another one, as a list holds it: what is missing in it is left out.
    pub fn from_record<R: Record>(record: &R) -> FieldValue<'static> {
        let values = R::fields().iter().enumerate().map(|(index, field)| (field.name, record.value(index)));
        let present = values.filter(|(_, value)| *value != FieldValue::Missing);
        let named = present.map(|(name, value)| (composed(Cow::Borrowed(name)), value.to_value()));
        FieldValue::Value(Value::Record(named.filter(|(_, value)| *value != Value::Null).collect()))
    }

    /// The same as a lead would hold it.
    pub(crate) fn to_value(&self) -> Value {
        let list = |texts: &mut dyn Iterator<Item = &str>| Value::List(texts.map(Value::from).collect());
        match self {
            FieldValue::Missing => Value::Null,
            FieldValue::Bool(value) => (*value).into(),
            FieldValue::Int(value) => (*value).into(),
            FieldValue::Decimal(value) => (*value).into(),
            FieldValue::Scaled(units, places) => match Decimal::try_new(*units, *places) {
                Ok(value) => value.into(),
                // more places than decimals have
                Err(_) => Value::Number(format!("{units}e-{places}").into()),
            },
            FieldValue::Float(value) => (*value).into(),
            FieldValue::Text(text) => (*text).into(),
            FieldValue::Strings(texts) => list(&mut texts.iter().map(String::as_str)),
            FieldValue::Texts(texts) => list(&mut texts.iter().copied()),
            FieldValue::Date(date) => (*date).into(),
            FieldValue::Instant(instant) => (*instant).into(),
            FieldValue::Value(value) => value.clone(),
        }
    }
}

/// Whether a field of this type is ever read from values of this kind.
pub(crate) fn is_readable(declared: &Type, kind: FieldKind) -> bool {
    match declared {
        _ if kind == FieldKind::Value => true,
        Type::Bool => matches!(kind, FieldKind::Bool | FieldKind::Text),
        Type::Int | Type::Decimal | Type::Float => {
            matches!(kind, FieldKind::Int | FieldKind::Decimal | FieldKind::Float | FieldKind::Text)
        }
        Type::Text | Type::Code | Type::Region | Type::Choice(_) => kind == FieldKind::Text,
        Type::Date | Type::DateTime => matches!(kind, FieldKind::Date | FieldKind::Instant | FieldKind::Text),
        Type::Set(_) | Type::SetOfText | Type::SetOfCode => matches!(kind, FieldKind::Texts | FieldKind::Text),
        Type::List(_) => false,
    }
}

/// The position of a field in a schema; names are compared in Unicode normal form C.
pub(crate) fn slot(field: &RecordField, schema: &Schema) -> Option<usize> {
    schema.slot(&composed(Cow::Borrowed(field.name)))
}
