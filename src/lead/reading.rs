//! A lead as the evaluation sees it: typed, in slots, nothing copied.

use crate::lead::DataIssue;
use crate::value::{Fixed, Text};
use jiff::{Timestamp, civil};
use ordered_float::OrderedFloat;

/// A value during evaluation. Small and copied freely; texts stay where the lead or the rule set has them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Datum<'a> {
    /// Missing; of a condition: unknown.
    Missing,
    Bool(bool),
    Int(i64),
    Decimal(Fixed),
    Float(OrderedFloat<f64>),
    /// Compared in normal form.
    Text(&'a Text),
    /// Compared exactly, trimmed.
    Code(&'a Text),
    /// A path, compared by segments in normal form.
    Region(&'a Text),
    Date(civil::Date),
    Instant(Timestamp),
    /// A label of a choice, by position.
    Label(u32),
    /// Labels of a closed set: positions, ascending, in `Reading::labels`.
    Labels(Range),
    /// Members of an open set: in `Reading::texts`, ascending by the form that counts, each once.
    Texts(Range),
    /// The same of a `set of code`.
    Codes(Range),
    /// A list that the host loaded: its rows in `Reading::rows`.
    List(Rows),
    /// A text of a record whose forms are computed if a condition asks for them.
    Raw(&'a str),
    /// The same of a `code`.
    RawCode(&'a str),
    /// A text of a record with its forms.
    Formed(&'a Formed<'a>),
    /// A text that a prepared lead keeps.
    Kept(u32),
}

impl Datum<'_> {
    /// The value by itself; missing when it points into something.
    pub(crate) fn alone<'b>(self) -> Datum<'b> {
        match self {
            Datum::Bool(it) => Datum::Bool(it),
            Datum::Int(it) => Datum::Int(it),
            Datum::Decimal(it) => Datum::Decimal(it),
            Datum::Float(it) => Datum::Float(it),
            Datum::Date(it) => Datum::Date(it),
            Datum::Instant(it) => Datum::Instant(it),
            Datum::Label(it) => Datum::Label(it),
            _ => Datum::Missing,
        }
    }
}

/// The forms of a text that conditions look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Formed<'a> {
    pub(crate) normal: &'a str,
    pub(crate) searchable: &'a str,
}

/// A stretch of one of the reading's stores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// The elements of a list: `count` rows of `width` columns from `start` on, one column per element field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) start: u32,
    pub(crate) count: u32,
    pub(crate) width: u32,
}

/// What was read from one lead: a datum per field of the schema, and the stores that sets and lists point into.
#[derive(Debug, Default)]
pub(crate) struct Reading<'a> {
    /// By position of the field in the schema; missing where a field is not wanted.
    pub(crate) fields: Vec<Datum<'a>>,
    pub(crate) rows: Vec<Datum<'a>>,
    pub(crate) labels: Vec<u32>,
    pub(crate) texts: Vec<&'a Text>,
    /// What could not be read as its type.
    pub(crate) issues: Vec<DataIssue>,
}

impl<'a> Reading<'a> {
    /// The room of the stores for another lifetime: they are empty, and collecting nothing in place keeps allocations.
    pub(crate) fn recycle<'b>(mut self) -> Reading<'b> {
        self.clear();
        Reading {
            fields: self.fields.into_iter().map(|_| Datum::Missing).collect(),
            rows: self.rows.into_iter().map(|_| Datum::Missing).collect(),
            labels: self.labels,
            texts: self.texts.into_iter().map_while(|_| None).collect(),
            issues: self.issues,
        }
    }
}

impl Reading<'_> {
    /// Empty again, with the room that its stores have.
    pub(crate) fn clear(&mut self) {
        self.fields.clear();
        self.rows.clear();
        self.labels.clear();
        self.texts.clear();
        self.issues.clear();
    }
}

impl<'a> Reading<'a> {
    /// The labels of a set.
    pub(crate) fn labels(&self, range: Range) -> &[u32] {
        &self.labels[range.start as usize..range.end as usize]
    }

    /// The members of an open set.
    pub(crate) fn texts(&self, range: Range) -> &[&'a Text] {
        &self.texts[range.start as usize..range.end as usize]
    }

    /// Keeps labels, ascending, as a set.
    pub(crate) fn keep_labels(&mut self, labels: impl IntoIterator<Item = u32>) -> Range {
        let start = self.labels.len();
        self.labels.extend(labels);
        Range::new(start, self.labels.len())
    }

    /// Keeps labels that come in any order, and some twice, as a set.
    pub(crate) fn keep_sorted_labels(&mut self, labels: impl IntoIterator<Item = u32>) -> Range {
        let start = self.labels.len();
        self.labels.extend(labels);
        self.labels[start..].sort_unstable();
        dedup(&mut self.labels, start, |left, right| left == right)
    }

    /// Keeps texts, ascending and each once, as a set.
    pub(crate) fn keep_texts(&mut self, texts: impl IntoIterator<Item = &'a Text>) -> Range {
        let start = self.texts.len();
        self.texts.extend(texts);
        Range::new(start, self.texts.len())
    }
}

impl Range {
    fn new(start: usize, end: usize) -> Range {
        let cut = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Range { start: cut(start), end: cut(end) }
    }
}

/// Drops neighbours that are the same, from `start` on.
pub(super) fn dedup<T: Copy>(store: &mut Vec<T>, start: usize, same: impl Fn(T, T) -> bool) -> Range {
    let mut end = start;
    for position in start..store.len() {
        if end == start || !same(store[end - 1], store[position]) {
            store[end] = store[position];
            end += 1;
        }
    }
    store.truncate(end);
    Range::new(start, end)
}
