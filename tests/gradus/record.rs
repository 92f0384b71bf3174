//! A lead as a record of a host: the same values, handed over field by field.

use gradus::{FieldKind, FieldValue, Lead, Record, RecordField, ToField, Value};
use std::cell::Cell;

thread_local! {
    /// The fields of the records of this thread: each generated lead has its own.
    static FIELDS: Cell<&'static [RecordField]> = const { Cell::new(&[]) };
}

/// A record with the fields of one lead.
pub(crate) struct Host {
    values: Vec<Kept>,
}

/// A value, or the texts of a list of texts.
enum Kept {
    Value(Value),
    Texts(Vec<String>),
}

impl Host {
    /// A record with the values of a lead. Its fields are those of all records until the next one is made.
    pub(crate) fn like(lead: &Lead) -> Host {
        let names = lead.iter().map(|(name, _)| RecordField::new(name.to_owned().leak(), FieldKind::Value));
        FIELDS.set(names.collect::<Vec<_>>().leak());
        Host { values: lead.iter().map(|(_, value)| Kept::new(value)).collect() }
    }
}

impl Kept {
    fn new(value: &Value) -> Kept {
        let texts = match value {
            Value::List(list) => {
                list.iter().map(|it| if let Value::Text(text) = it { Some(text.original()) } else { None })
            }
            _ => return Kept::Value(value.clone()),
        };
        match texts.collect::<Option<Vec<&str>>>() {
            Some(texts) if !texts.is_empty() => Kept::Texts(texts.into_iter().map(str::to_owned).collect()),
            _ => Kept::Value(value.clone()),
        }
    }
}

impl Record for Host {
    fn fields() -> &'static [RecordField] {
        FIELDS.get()
    }

    fn value(&self, field: usize) -> FieldValue<'_> {
        match self.values.get(field) {
            None => FieldValue::Missing,
            Some(Kept::Texts(texts)) => FieldValue::Strings(texts),
            Some(Kept::Value(value)) => value.to_field(),
        }
    }
}
