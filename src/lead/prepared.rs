//! A lead that was read once for a rule set: evaluating it looks up no label and folds no text.

use super::reading::{Datum, Reading};
use super::{DataIssue, Lead, read};
use crate::types::{FieldType, Type};
use crate::value::Text;
use jiff::tz::TimeZone;
use smallvec::SmallVec;

/// What was read of a lead, owned.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    /// By position in the schema; texts are kept beside.
    fields: Box<[Datum<'static>]>,
    rows: Box<[Datum<'static>]>,
    labels: SmallVec<[u32; 8]>,
    /// Members of open sets.
    members: Box<[Text]>,
    texts: Box<[(Form, Text)]>,
    /// The identifier, by its place among the texts.
    id: Option<u32>,
    pub(crate) issues: Box<[DataIssue]>,
    /// In which zone dates and times were read, when there are any.
    zone: Option<TimeZone>,
}

/// How a text compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Code,
    Region,
}

impl Prepared {
    /// Reads every field that the schema knows.
    pub(crate) fn new(lead: &Lead, schema: &read::Schema, zone: &TimeZone) -> Prepared {
        let mut reading = Reading::default();
        read::read(lead, schema, None, zone, &mut reading);
        let mut texts = Vec::new();
        let fields: Box<[Datum<'static>]> = reading.fields.iter().map(|datum| keep(*datum, &mut texts)).collect();
        let id = match schema.id.and_then(|slot| fields.get(slot as usize)) {
            Some(Datum::Kept(place)) => Some(*place),
            _ => None,
        };
        let rows = reading.rows.iter().map(|datum| keep(*datum, &mut texts)).collect();
        let has_times = schema.fields.iter().any(|field| knows_times(field) && lead.get(&field.name).is_some());
        Prepared {
            fields,
            rows,
            id,
            labels: reading.labels.as_slice().into(),
            members: reading.texts.iter().map(|text| (*text).clone()).collect(),
            texts: texts.into(),
            issues: reading.issues.into(),
            zone: has_times.then(|| zone.clone()),
        }
    }

    /// Lets go of what is only read by expressions, and keeps the texts.
    pub(crate) fn forget_fields(&mut self) {
        self.fields = Box::default();
        self.rows = Box::default();
        self.members = Box::default();
    }

    /// Whether an evaluation in a zone would read the same.
    pub(crate) fn fits(&self, zone: &TimeZone) -> bool {
        self.zone.as_ref().is_none_or(|own| own == zone)
    }

    /// The value of a field.
    pub(crate) fn field(&self, slot: u32) -> Datum<'_> {
        self.resolve(self.fields[slot as usize])
    }

    /// The identifier.
    pub(crate) fn id(&self) -> Datum<'_> {
        self.id.map_or(Datum::Missing, |place| self.text(place))
    }

    fn resolve(&self, datum: Datum<'static>) -> Datum<'_> {
        if let Datum::Kept(place) = datum { self.text(place) } else { datum }
    }

    /// A text by its place.
    fn text(&self, place: u32) -> Datum<'_> {
        match &self.texts[place as usize] {
            (Form::Text, text) => Datum::Text(text),
            (Form::Code, text) => Datum::Code(text),
            (Form::Region, text) => Datum::Region(text),
        }
    }

    /// Puts what sets and lists point into where an evaluation looks for it.
    pub(crate) fn lend<'a>(&'a self, reading: &mut Reading<'a>) {
        reading.labels.extend_from_slice(&self.labels);
        reading.texts.extend(&self.members);
        reading.rows.extend(self.rows.iter().map(|datum| self.resolve(*datum)));
        reading.issues.extend_from_slice(&self.issues);
    }
}

/// A value without what it points to.
fn keep(datum: Datum<'_>, texts: &mut Vec<(Form, Text)>) -> Datum<'static> {
    let mut text = |form: Form, text: &Text| {
        texts.push((form, text.clone()));
        Datum::Kept(u32::try_from(texts.len() - 1).unwrap_or(u32::MAX))
    };
    match datum {
        Datum::Text(it) => text(Form::Text, it),
        Datum::Code(it) => text(Form::Code, it),
        Datum::Region(it) => text(Form::Region, it),
        Datum::Labels(it) => Datum::Labels(it),
        Datum::Texts(it) => Datum::Texts(it),
        Datum::Codes(it) => Datum::Codes(it),
        Datum::List(it) => Datum::List(it),
        other => other.alone(),
    }
}

/// Whether reading a field may depend on the zone.
fn knows_times(field: &FieldType) -> bool {
    match &field.kind {
        Type::Date | Type::DateTime => true,
        Type::List(elements) => elements.iter().any(knows_times),
        _ => false,
    }
}
