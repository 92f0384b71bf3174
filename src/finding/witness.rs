//! A lead that shows something, as data, as a `test` block, and as JSON.

use crate::lead::Lead;
use crate::previous::{Previous, PreviousScore};
use crate::time::At;
use crate::value::{Fields, Value};
use jiff::Timestamp;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// A lead that shows what a [`Finding`](super::Finding) says, with the instant at which it does.
///
/// Displayed as a `test` block that can be pasted into the rule file. Serialises to `{"lead", "at", "previous"}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    lead: Lead,
    at: At,
    previous: Option<Previous>,
    title: String,
    /// What the block expects, as conditions of the language.
    expects: Vec<String>,
}

impl Witness {
    pub(crate) fn new(lead: Lead, at: At, previous: Previous) -> Witness {
        let previous = (previous != Previous::default()).then_some(previous);
        Witness { lead, at, previous, title: "witness".to_owned(), expects: Vec::new() }
    }

    /// With the title of its test, and what the test expects.
    pub(crate) fn expecting(mut self, title: impl Into<String>, expects: Vec<String>) -> Witness {
        self.title = title.into();
        self.expects = expects;
        self
    }

    /// The lead.
    pub fn lead(&self) -> &Lead {
        &self.lead
    }

    /// When it is evaluated, in the zone of the rule set.
    pub fn at(&self) -> &At {
        &self.at
    }

    /// The lead's last outcome, where rules read it.
    pub fn previous(&self) -> Option<&Previous> {
        self.previous.as_ref()
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "test {} at {} {{", quoted(&self.title), instant(self.at.now(), &self.at))?;
        let mut given = String::new();
        for (place, (name, value)) in self.lead.iter().enumerate() {
            given.push_str(if place == 0 { " " } else { ", " });
            let _ = write!(given, "{name}: ");
            data(value, &self.at, &mut given);
        }
        writeln!(f, "  given {{{given} }}")?;
        if let Some(previous) = &self.previous {
            writeln!(f, "  previous {{ {} }}", last_outcome(previous))?;
        }
        // a test has to expect something
        let given = self
            .lead
            .iter()
            .next()
            .map_or_else(|| "id is missing".to_owned(), |(name, _)| format!("{name} is present"));
        let expects = if self.expects.is_empty() { std::slice::from_ref(&given) } else { &self.expects };
        for (place, expected) in expects.iter().enumerate() {
            let end = if place + 1 == expects.len() { "" } else { "," };
            writeln!(f, "  expect {expected}{end}")?;
        }
        f.write_str("}")
    }
}

/// A text of the language.
pub(crate) fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for c in text.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            '\r' => written.push_str("\\r"),
            c => written.push(c),
        }
    }
    written.push('"');
    written
}

fn instant(instant: Timestamp, at: &At) -> String {
    let zoned = instant.to_zoned(at.zone().clone());
    let seconds = if zoned.subsec_nanosecond() == 0 { "%Y-%m-%dT%H:%M:%S%:z" } else { "%Y-%m-%dT%H:%M:%S%.f%:z" };
    format!("@{}", zoned.strftime(seconds))
}

/// A value as data of a `test` block.
fn data(value: &Value, at: &At, into: &mut String) {
    let written = match value {
        Value::Null => quoted(""),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Decimal(value) => value.normalize().to_string(),
        Value::Number(digits) => digits.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Text(text) => quoted(text.original()),
        Value::Date(date) => format!("@{date}"),
        Value::Instant(it) => instant(*it, at),
        Value::List(values) => {
            let is_set = matches!(values.first(), Some(first) if !matches!(first, Value::Record(_)));
            let (open, close) = if is_set { ("{ ", " }") } else { ("[ ", " ]") };
            into.push_str(open);
            for (place, value) in values.iter().enumerate() {
                if place > 0 {
                    into.push_str(", ");
                }
                data(value, at, into);
            }
            into.push_str(close);
            return;
        }
        Value::Record(fields) => {
            record(fields, at, into);
            return;
        }
    };
    into.push_str(&written);
}

fn record(fields: &Fields, at: &At, into: &mut String) {
    into.push_str("{ ");
    for (place, (name, value)) in fields.iter().enumerate() {
        if place > 0 {
            into.push_str(", ");
        }
        let _ = write!(into, "{name}: ");
        data(value, at, into);
    }
    into.push_str(" }");
}

/// The last outcome as data of a `test` block.
fn last_outcome(previous: &Previous) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (name, label) in &previous.classes {
        parts.extend(label.as_ref().map(|label| format!("{name}: {}", quoted(label))));
    }
    for (name, score) in &previous.scores {
        let shown = score_parts(score).into_iter().map(|(part, value)| format!("{part}: {value}"));
        let shown: Vec<String> = shown.collect();
        if !shown.is_empty() {
            parts.push(format!("{name}: {{ {} }}", shown.join(", ")));
        }
    }
    for (name, tags) in &previous.tags {
        if let Some(tags) = tags {
            let tags: Vec<String> = tags.iter().map(|tag| quoted(tag)).collect();
            parts.push(format!("{name}: {{ {} }}", tags.join(", ")));
        }
    }
    parts.join(", ")
}

fn score_parts(score: &PreviousScore) -> Vec<(&'static str, String)> {
    let number = |value: Option<rust_decimal::Decimal>| value.map(|value| value.normalize().to_string());
    let parts = [
        ("score", number(score.score)),
        ("grade", score.grade.as_deref().map(quoted)),
        ("coverage", number(score.coverage)),
    ];
    parts.into_iter().filter_map(|(part, value)| Some((part, value?))).collect()
}

/// The last outcome in the JSON form of an outcome.
#[derive(Serialize)]
struct LastOutcome<'w> {
    classes: &'w BTreeMap<String, Option<String>>,
    scores: BTreeMap<&'w str, BTreeMap<&'static str, Option<String>>>,
    tags: &'w BTreeMap<String, Option<Vec<String>>>,
}

impl<'w> LastOutcome<'w> {
    fn of(previous: &'w Previous) -> LastOutcome<'w> {
        let number = |value: Option<rust_decimal::Decimal>| value.map(|value| value.normalize().to_string());
        let scores = previous.scores.iter().map(|(name, score)| {
            let parts =
                [("score", number(score.score)), ("grade", score.grade.clone()), ("coverage", number(score.coverage))];
            (name.as_str(), parts.into_iter().collect())
        });
        LastOutcome { classes: &previous.classes, scores: scores.collect(), tags: &previous.tags }
    }
}

impl Serialize for Witness {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut witness = serializer.serialize_struct("Witness", 3)?;
        witness.serialize_field("lead", &self.lead)?;
        witness.serialize_field("at", &self.at.now().to_string())?;
        witness.serialize_field("previous", &self.previous.as_ref().map(LastOutcome::of))?;
        witness.end()
    }
}
