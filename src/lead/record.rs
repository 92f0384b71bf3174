//! Records of the host: what a rule set reads of them without a [`Lead`](super::Lead).

use super::composed;
use super::read::{self, Path, Schema};
use super::reading::{Datum, Range, Reading};
use crate::types::{FieldType, Type};
use crate::value::text::exact_of;
use crate::value::{Fixed, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
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
///         &[RecordField::new("company", FieldKind::Text), RecordField::new("employees", FieldKind::Int)]
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
            visitor.field(field, self.value(field));
        }
    }
}

/// Takes the values of a record.
pub trait FieldVisitor<'a> {
    /// A field by its number, and its value.
    fn field(&mut self, field: usize, value: FieldValue<'a>);
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

/// How a field of a record is read.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// The field's position in the schema.
    slot: u32,
    /// Whether the evaluation may need the value itself, beyond the reading: it is then kept as a lead would hold it.
    kept: bool,
    field: FieldType,
}

impl Access {
    /// Whether the value is kept as a lead would hold it.
    pub(crate) fn is_kept(&self) -> bool {
        self.kept
    }
}

/// How the fields of a type of records are read; nothing for those that a rule set does not know.
pub(crate) type Accesses = Box<[Option<Access>]>;

/// The position of a field in a schema; names are compared in Unicode normal form C.
pub(crate) fn slot(field: RecordField, schema: &Schema) -> Option<usize> {
    schema.slot(&composed(Cow::Borrowed(field.name)))
}

/// Finds the fields of records in a schema. Values that must outlive the reading are those of `values`.
pub(crate) fn bind(fields: &[RecordField], schema: &Schema, values: &[u32]) -> Accesses {
    let bound = fields.iter().map(|field| {
        let slot = slot(*field, schema)?;
        let known = &schema.fields[slot];
        let slot = u32::try_from(slot).ok()?;
        let points_into = match known.kind {
            // what is no borrowed text has to be somewhere
            Type::Text | Type::Code => values.contains(&slot) || field.kind != FieldKind::Text,
            Type::Region | Type::SetOfText | Type::SetOfCode | Type::List(_) => true,
            _ => false,
        };
        Some(Access { slot, kept: points_into, field: known.clone() })
    });
    bound.collect()
}

/// The values that must outlive the reading, by position in the schema.
pub(crate) fn keep<R: Record>(record: &R, accesses: &[Option<Access>]) -> Vec<(u32, Value)> {
    let kept = accesses.iter().enumerate().filter_map(|(field, access)| Some((field, access.as_ref()?)));
    let kept = kept.filter(|(_, access)| access.kept);
    kept.map(|(field, access)| (access.slot, record.value(field).to_value())).collect()
}

/// Reads a record as a lead is read.
pub(crate) fn read<'a, R: Record>(
    record: &'a R,
    accesses: &[Option<Access>],
    kept: &'a [(u32, Value)],
    schema: &Schema,
    zone: &TimeZone,
    into: &mut Reading<'a>,
) {
    into.clear();
    into.fields.resize(schema.fields.len(), Datum::Missing);
    record.visit(&mut Reader { accesses, zone, into });
    for (slot, value) in kept {
        let field = &schema.fields[*slot as usize];
        into.fields[*slot as usize] = read::read_value(value, field, zone, Path::Field(&field.name), into);
    }
    // a lead's fields are in the order of their names, and so is what is wrong with them
    into.issues.sort_by(|left, right| field_of(&left.path).cmp(field_of(&right.path)));
}

/// The field that a path starts from.
fn field_of(path: &str) -> &str {
    path.split(['[', '.']).next().unwrap_or(path)
}

struct Reader<'r, 'a> {
    accesses: &'r [Option<Access>],
    zone: &'r TimeZone,
    into: &'r mut Reading<'a>,
}

impl<'a> FieldVisitor<'a> for Reader<'_, 'a> {
    #[inline]
    fn field(&mut self, field: usize, value: FieldValue<'a>) {
        if let Some(Some(access)) = self.accesses.get(field)
            && !access.kept
        {
            let datum = self.read(&access.field, &value);
            self.into.fields[access.slot as usize] = datum;
        }
    }
}

impl<'a> Reader<'_, 'a> {
    /// The usual pairs of a type and a value at once, all others as a lead would read them.
    fn read(&mut self, field: &FieldType, value: &FieldValue<'a>) -> Datum<'a> {
        let plain = field.placeholders.numbers.is_empty();
        match (&field.kind, value) {
            (_, FieldValue::Missing) => Datum::Missing,
            (Type::Choice(choice), FieldValue::Text(text)) => match choice.find_written(text) {
                Some(label) if field.placeholders.texts.is_empty() => Datum::Label(label),
                _ => self.slowly(field, value),
            },
            (Type::Set(choice), FieldValue::Strings(texts)) if field.placeholders.texts.is_empty() => {
                let labels = texts.iter().map(|text| choice.find_written(text));
                match self.into.try_labels(labels) {
                    Some(range) => set(range),
                    None => self.slowly(field, value),
                }
            }
            (Type::Set(choice), FieldValue::Texts(texts)) if field.placeholders.texts.is_empty() => {
                let labels = texts.iter().map(|text| choice.find_written(text));
                match self.into.try_labels(labels) {
                    Some(range) => set(range),
                    None => self.slowly(field, value),
                }
            }
            (Type::Bool, FieldValue::Bool(truth)) => Datum::Bool(*truth),
            (Type::Int, FieldValue::Int(number)) if plain => Datum::Int(*number),
            (Type::Decimal, FieldValue::Int(number)) if plain && within(*number) => {
                Datum::Decimal(Fixed::from_int(*number))
            }
            (Type::Decimal, FieldValue::Scaled(units, places)) if plain => match Fixed::scaled(*units, *places) {
                Some(number) => Datum::Decimal(number),
                None => self.slowly(field, value),
            },
            (Type::Decimal, FieldValue::Decimal(number)) if plain => match Fixed::from_decimal(*number) {
                Some(number) => Datum::Decimal(number),
                None => self.slowly(field, value),
            },
            (Type::Text, FieldValue::Text(text)) if field.placeholders.texts.is_empty() => {
                if exact_of(text).is_empty() { Datum::Missing } else { Datum::Raw(text) }
            }
            (Type::Code, FieldValue::Text(text)) if field.placeholders.texts.is_empty() => {
                if exact_of(text).is_empty() { Datum::Missing } else { Datum::RawCode(text) }
            }
            (Type::Date, FieldValue::Date(date)) => Datum::Date(*date),
            (Type::DateTime, FieldValue::Instant(instant)) => Datum::Instant(*instant),
            _ => self.slowly(field, value),
        }
    }

    /// As a lead would read it. What the result would point into is gone afterwards: such values were kept, or are texts.
    #[cold]
    fn slowly(&mut self, field: &FieldType, value: &FieldValue<'a>) -> Datum<'a> {
        let owned = value.to_value();
        let mut apart = Reading::default();
        let datum = read::read_value(&owned, field, self.zone, Path::Field(&field.name), &mut apart);
        self.into.issues.append(&mut apart.issues);
        match datum {
            Datum::Labels(range) => Datum::Labels(self.into.keep_labels(apart.labels(range).iter().copied())),
            Datum::Text(_) => match value {
                FieldValue::Text(text) => Datum::Raw(text),
                _ => Datum::Missing,
            },
            Datum::Code(_) => match value {
                FieldValue::Text(text) => Datum::RawCode(text),
                _ => Datum::Missing,
            },
            Datum::Bool(it) => Datum::Bool(it),
            Datum::Int(it) => Datum::Int(it),
            Datum::Decimal(it) => Datum::Decimal(it),
            Datum::Float(it) => Datum::Float(it),
            Datum::Date(it) => Datum::Date(it),
            Datum::Instant(it) => Datum::Instant(it),
            Datum::Label(it) => Datum::Label(it),
            Datum::Missing
            | Datum::Raw(_)
            | Datum::RawCode(_)
            | Datum::Formed(_)
            | Datum::Kept(_)
            | Datum::Region(_)
            | Datum::Texts(_)
            | Datum::Codes(_)
            | Datum::List(_) => Datum::Missing,
        }
    }
}

fn set<'a>(range: Range) -> Datum<'a> {
    if range.start == range.end { Datum::Missing } else { Datum::Labels(range) }
}

/// Whether a whole number is in the range of decimals.
fn within(number: i64) -> bool {
    Fixed::from_int(number).in_range().is_some()
}
