//! Lead × schema → reading: each field as its type, or missing.

use super::reading::{Datum, Range, Reading, Rows, dedup};
use super::scalar::{self, Found, Unread};
use super::{DataIssue, DataIssueKind, Lead};
use crate::types::{FieldType, Type};
use crate::value::{Fields, Fixed, Text, Value};
use jiff::tz::TimeZone;
use ordered_float::OrderedFloat;
use std::fmt;

/// The fields that a rule set knows, by name. The position of a field is its slot in a [`Reading`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Schema {
    /// Sorted by name.
    pub(crate) fields: Vec<FieldType>,
    /// The slot of the field that identifies a lead.
    pub(crate) id: Option<u32>,
}

impl Schema {
    /// From fields in any order.
    pub(crate) fn new(mut fields: Vec<FieldType>) -> Schema {
        fields.sort_by(|left, right| left.name.cmp(&right.name));
        let id = fields.iter().position(|field| *field.name == *"id").map(size);
        Schema { fields, id }
    }

    /// The slot of a field.
    pub(crate) fn slot(&self, name: &str) -> Option<usize> {
        self.fields.binary_search_by(|field| (*field.name).cmp(name)).ok()
    }
}

/// Reads the wanted fields (all, without `wanted`) of a lead. Allocates nothing once the reading's stores are large
/// enough, unless there are issues. Fields that the schema does not know are passed over.
pub(crate) fn read<'a>(
    lead: &'a Lead,
    schema: &Schema,
    wanted: Option<&[usize]>,
    zone: &TimeZone,
    into: &mut Reading<'a>,
) {
    into.clear();
    into.fields.resize(schema.fields.len(), Datum::Missing);
    let mut fields = schema.fields.iter().enumerate().peekable();
    for (name, value) in &lead.0 {
        while fields.next_if(|(_, field)| *field.name < **name).is_some() {}
        let Some((slot, field)) = fields.next_if(|(_, field)| *field.name == **name) else { continue };
        if wanted.is_none_or(|wanted| wanted.binary_search(&slot).is_ok()) {
            into.fields[slot] = read_value(value, field, zone, Path::Field(name), into);
        }
    }
}

/// Everything in a lead that the schema does not expect: what cannot be read, and fields that nobody declared.
pub(crate) fn check(lead: &Lead, schema: &Schema, zone: &TimeZone) -> Vec<DataIssue> {
    let mut reading = Reading::default();
    read(lead, schema, None, zone, &mut reading);
    let mut issues = std::mem::take(&mut reading.issues);
    unknown_fields(&lead.0, &schema.fields, None, &mut issues);
    for (name, value) in lead.iter() {
        let Some(Type::List(elements)) = schema.slot(name).map(|slot| &schema.fields[slot].kind) else { continue };
        let Value::List(values) = value else { continue };
        let list = Path::Field(name);
        for (index, value) in values.iter().enumerate() {
            if let Value::Record(record) = value {
                unknown_fields(record, elements, Some(&Path::Index(&list, index)), &mut issues);
            }
        }
    }
    issues
}

/// Reports the fields of a record that are not among the known ones.
fn unknown_fields(record: &Fields, known: &[FieldType], parent: Option<&Path<'_>>, issues: &mut Vec<DataIssue>) {
    for name in record.keys().filter(|name| !known.iter().any(|field| *field.name == ***name)) {
        let path = parent.map_or(Path::Field(name), |parent| Path::Inside(parent, name));
        let help = crate::diagnostic::did_you_mean(name, known.iter().map(|field| &*field.name));
        let help = help.map_or_else(String::new, |help| format!(": {help}"));
        issues.push(DataIssue {
            path: path.to_string(),
            kind: DataIssueKind::UnknownField,
            message: format!("unknown field `{name}`{help}"),
        });
    }
}

/// Where a value is, without an allocation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'p> {
    /// `activities`
    Field(&'p str),
    /// `activities[2]`
    Index(&'p Path<'p>, usize),
    /// `activities[2].at`
    Inside(&'p Path<'p>, &'p str),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Field(name) => f.write_str(name),
            Path::Index(list, index) => write!(f, "{list}[{index}]"),
            Path::Inside(element, name) => write!(f, "{element}.{name}"),
        }
    }
}

/// Reads one value as a field's type. Placeholders and blank text are missing; what cannot be read is missing too, with
/// an issue.
pub(crate) fn read_value<'a>(
    value: &'a Value,
    field: &FieldType,
    zone: &TimeZone,
    path: Path<'_>,
    into: &mut Reading<'a>,
) -> Datum<'a> {
    if is_placeholder(value, field) {
        return Datum::Missing;
    }
    let read = match &field.kind {
        Type::Set(_) | Type::SetOfText | Type::SetOfCode => return read_set(value, field, path, into),
        Type::List(elements) => return read_list(value, elements, zone, path, into),
        Type::Bool => scalar::bool(value).map(Datum::Bool),
        Type::Int => scalar::int(value).map(Datum::Int),
        Type::Decimal => scalar::decimal(value).map(Datum::Decimal),
        Type::Float => scalar::float(value).map(|number| Datum::Float(OrderedFloat(number))),
        Type::Text => scalar::text(value).map(Datum::Text),
        Type::Code => scalar::text(value).map(Datum::Code),
        Type::Region => scalar::text(value).map(scalar::region),
        Type::Choice(choice) => scalar::text(value).and_then(|text| scalar::label(text, choice)).map(Datum::Label),
        Type::Date => scalar::date(value, zone).map(Datum::Date),
        Type::DateTime => scalar::instant(value, zone).map(Datum::Instant),
    };
    match read {
        Ok(datum) if is_number_placeholder(datum, field) => Datum::Missing,
        Ok(datum) => datum,
        Err(unread) => into.refuse(path, unread.kind(), unread.message(&field.kind, value)),
    }
}

/// Whether a value means that there is none, before its type is looked at.
fn is_placeholder(value: &Value, field: &FieldType) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => field.placeholders.hold_text(text.normal()),
        Value::Int(_) | Value::Decimal(_) | Value::Number(_) | Value::Float(_) => {
            !field.placeholders.numbers.is_empty()
                && scalar::exact(value).is_ok_and(|number| field.placeholders.hold_number(number))
        }
        _ => false,
    }
}

/// Whether a number that came as text means that there is none.
fn is_number_placeholder(datum: Datum<'_>, field: &FieldType) -> bool {
    match datum {
        Datum::Int(number) => field.placeholders.hold_number(Fixed::from_int(number)),
        Datum::Decimal(number) => field.placeholders.hold_number(number),
        Datum::Float(number) => field.placeholders.numbers.iter().any(|it| it.to_f64() == *number),
        _ => false,
    }
}

impl Reading<'_> {
    /// Notes an issue; what has one is missing.
    fn refuse<'d>(&mut self, path: Path<'_>, kind: DataIssueKind, message: String) -> Datum<'d> {
        self.issues.push(DataIssue { path: path.to_string(), kind, message });
        Datum::Missing
    }
}

/// Adds each member to the store of its kind, then sorts the new stretch and drops duplicates. A text is one label.
fn read_set<'a>(value: &'a Value, field: &FieldType, path: Path<'_>, into: &mut Reading<'a>) -> Datum<'a> {
    let (first_label, first_text) = (into.labels.len(), into.texts.len());
    match value {
        Value::List(values) => {
            for (index, value) in values.iter().enumerate() {
                read_member(value, field, Path::Index(&path, index), into);
            }
        }
        Value::Text(_) => read_member(value, field, path, into),
        _ => return into.refuse(path, DataIssueKind::WrongType, Unread::WrongType.message(&field.kind, value)),
    }
    match field.kind {
        Type::Set(_) => {
            into.labels[first_label..].sort_unstable();
            let range = dedup(&mut into.labels, first_label, |left, right| left == right);
            if range.start == range.end { Datum::Missing } else { Datum::Labels(range) }
        }
        Type::SetOfCode => into.finish_texts(first_text, Text::exact).map_or(Datum::Missing, Datum::Codes),
        _ => into.finish_texts(first_text, Text::normal).map_or(Datum::Missing, Datum::Texts),
    }
}

/// One member of a set: taken away when it is a placeholder, reported too when it cannot be a member.
fn read_member<'a>(value: &'a Value, field: &FieldType, path: Path<'_>, into: &mut Reading<'a>) {
    if is_placeholder(value, field) {
        return;
    }
    let read = match (&field.kind, scalar::text(value)) {
        (Type::Set(choice), Ok(text)) => scalar::label(text, choice).map(|label| into.labels.push(label)),
        (_, read) => read.map(|text| into.texts.push(text)),
    };
    if let Err(unread) = read {
        let kind = if unread == Unread::UnknownLabel { &field.kind } else { &Type::Text };
        into.refuse(path, unread.kind(), unread.message(kind, value));
    }
}

impl<'a> Reading<'a> {
    /// Sorts the texts from `start` on by the form that counts, each once; nothing when there are none.
    fn finish_texts(&mut self, start: usize, form: fn(&Text) -> &str) -> Option<Range> {
        let stretch = &mut self.texts[start..];
        stretch.sort_unstable_by(|left, right| {
            form(left).cmp(form(right)).then_with(|| left.original().cmp(right.original()))
        });
        let range = dedup(&mut self.texts, start, |left, right| form(left) == form(right));
        (range.start < range.end).then_some(range)
    }
}

/// A position in a store. Four thousand million entries do not fit into memory.
fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Rows for the elements of a list. An element that is nothing is passed over; one that is no object too, with an issue.
fn read_list<'a>(
    value: &'a Value,
    elements: &[FieldType],
    zone: &TimeZone,
    path: Path<'_>,
    into: &mut Reading<'a>,
) -> Datum<'a> {
    let Value::List(values) = value else {
        return into.refuse(path, DataIssueKind::WrongType, format!("expected list, found {}", Found(value)));
    };
    let start = into.rows.len();
    let count = values.iter().filter(|value| matches!(value, Value::Record(_))).count();
    // all rows first: lists inside the elements go behind them
    into.rows.resize(start + count * elements.len(), Datum::Missing);
    let mut row = start;
    for (index, value) in values.iter().enumerate() {
        let path = Path::Index(&path, index);
        match value {
            Value::Record(record) => {
                read_element(record, elements, zone, path, row, into);
                row += elements.len();
            }
            Value::Null => {}
            other => {
                into.refuse(path, DataIssueKind::WrongType, format!("expected an object, found {}", Found(other)));
            }
        }
    }
    Datum::List(Rows { start: size(start), count: size(count), width: size(elements.len()) })
}

/// The fields of one element, into the row that starts at `row`.
fn read_element<'a>(
    record: &'a Fields,
    elements: &[FieldType],
    zone: &TimeZone,
    path: Path<'_>,
    row: usize,
    into: &mut Reading<'a>,
) {
    for (column, field) in elements.iter().enumerate() {
        let path = Path::Inside(&path, &field.name);
        let issues = into.issues.len();
        let value = record.get(&field.name).unwrap_or(&Value::Null);
        let datum = read_value(value, field, zone, path, into);
        if field.required && matches!(datum, Datum::Missing) && into.issues.len() == issues {
            into.refuse(path, DataIssueKind::MissingValue, format!("expected {}, found nothing", field.kind));
        }
        into.rows[row + column] = datum;
    }
}
