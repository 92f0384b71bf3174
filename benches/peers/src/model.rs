//! Conditions as a tree, from which each engine's own source is printed.

use crate::record::{AMOUNTS, BOOLS, INTS, LABELS, MEMBERS, Record, SETS, TEXTS, VALUES};
use std::fmt::Write as _;

/// A condition. On a missing value it is false; nothing here negates, so that two-valued engines agree.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// The label is one of these.
    Label(usize, Vec<usize>),
    /// At least the first, below the second.
    Int(usize, Option<i64>, Option<i64>),
    /// The same of an amount, in cents.
    Amount(usize, Option<i64>, Option<i64>),
    Bool(usize, bool),
    /// The set has one of these.
    Any(usize, Vec<usize>),
    /// The text contains one of these.
    Text(usize, Vec<&'static str>),
    /// The job title is there, or is not.
    Title(bool),
    /// The budget is there, or is not.
    Budget(bool),
    All(Vec<Test>),
    Or(Vec<Test>),
}

impl Test {
    /// Visits the tests that are not made of others.
    pub fn leaves<'t>(&'t self, visit: &mut impl FnMut(&'t Test)) {
        match self {
            Test::All(list) | Test::Or(list) => list.iter().for_each(|test| test.leaves(visit)),
            leaf => visit(leaf),
        }
    }
}

/// What a language calls things.
pub trait Syntax {
    /// A test that is not made of others.
    fn leaf(&self, test: &Test) -> String;

    fn and(&self) -> &'static str {
        " && "
    }

    fn or(&self) -> &'static str {
        " || "
    }

    fn condition(&self, test: &Test) -> String {
        let (list, word) = match test {
            Test::All(list) => (list, self.and()),
            Test::Or(list) => (list, self.or()),
            leaf => return self.leaf(leaf),
        };
        let parts: Vec<String> = list
            .iter()
            .map(|part| match part {
                Test::All(_) | Test::Or(_) => format!("({})", self.condition(part)),
                leaf => self.leaf(leaf),
            })
            .collect();
        parts.join(word)
    }
}

pub fn quoted<'a>(labels: impl IntoIterator<Item = &'a str>, between: &str) -> String {
    let mut list = String::new();
    for label in labels {
        let before = if list.is_empty() { "" } else { between };
        let _ = write!(list, "{before}\"{label}\"");
    }
    list
}

pub fn labels(field: usize, list: &[usize]) -> impl Iterator<Item = &'static str> {
    list.iter().map(move |&label| VALUES[field][label].as_str())
}

pub fn members(field: usize, list: &[usize]) -> impl Iterator<Item = &'static str> {
    list.iter().map(move |&label| MEMBERS[field][label].as_str())
}

/// The in-house baseline of W2: the tree, walked over the plain struct.
pub fn holds(test: &Test, record: &Record) -> bool {
    let within = |value: i64, low: &Option<i64>, high: &Option<i64>| {
        low.is_none_or(|low| value >= low) && high.is_none_or(|high| value < high)
    };
    match test {
        Test::Label(field, list) => {
            record.label(*field).is_some_and(|label| list.iter().any(|&it| VALUES[*field][it] == label))
        }
        Test::Int(field, low, high) => within(record.int(*field), low, high),
        Test::Amount(field, low, high) => record.amount(*field).is_some_and(|value| within(value, low, high)),
        Test::Bool(field, wanted) => record.bool(*field) == *wanted,
        Test::Any(field, list) => {
            record.set(*field).iter().any(|own| list.iter().any(|&it| MEMBERS[*field][it] == *own))
        }
        Test::Text(field, needles) => needles.iter().any(|needle| record.text(*field).contains(needle)),
        Test::Title(present) => record.title.is_some() == *present,
        Test::Budget(present) => record.budget.is_some() == *present,
        Test::All(list) => list.iter().all(|test| holds(test, record)),
        Test::Or(list) => list.iter().any(|test| holds(test, record)),
    }
}

/// Gradus's own syntax.
pub struct Gradus;

impl Syntax for Gradus {
    fn leaf(&self, test: &Test) -> String {
        let range = |name: &str, low: Option<String>, high: Option<String>| match (low, high) {
            (Some(low), Some(high)) => format!("{name} in [{low}..{high})"),
            (Some(low), None) => format!("{name} >= {low}"),
            (None, Some(high)) => format!("{name} < {high}"),
            (None, None) => format!("{name} is present"),
        };
        let cents = |value: i64| match value % 100 {
            0 => (value / 100).to_string(),
            rest => format!("{}.{rest:02}", value / 100),
        };
        match test {
            Test::Label(field, list) if list.len() == 1 => {
                format!("{} == {}", LABELS[*field], quoted(labels(*field, list), ", "))
            }
            Test::Label(field, list) => format!("{} in {{ {} }}", LABELS[*field], quoted(labels(*field, list), ", ")),
            Test::Int(field, low, high) => {
                range(INTS[*field], low.map(|it| it.to_string()), high.map(|it| it.to_string()))
            }
            Test::Amount(field, low, high) => range(AMOUNTS[*field], low.map(cents), high.map(cents)),
            Test::Bool(field, wanted) => format!("{} == {wanted}", BOOLS[*field]),
            Test::Any(field, list) if list.len() == 1 => {
                format!("{} contains {}", SETS[*field], quoted(members(*field, list), ", "))
            }
            Test::Any(field, list) => {
                format!("{} contains any {{ {} }}", SETS[*field], quoted(members(*field, list), ", "))
            }
            Test::Text(field, needles) if needles.len() == 1 => {
                format!("{} contains \"{}\"", TEXTS[*field], needles[0])
            }
            Test::Text(field, needles) => {
                format!("{} contains any {{ {} }}", TEXTS[*field], quoted(needles.iter().copied(), ", "))
            }
            Test::Title(present) => format!("title is {}", if *present { "present" } else { "missing" }),
            Test::Budget(present) => format!("budget is {}", if *present { "present" } else { "missing" }),
            Test::All(_) | Test::Or(_) => self.condition(test),
        }
    }

    fn and(&self) -> &'static str {
        " and "
    }

    fn or(&self) -> &'static str {
        " or "
    }
}

/// The declarations of the 24 fields.
pub fn fields() -> String {
    let mut text = String::new();
    for (name, values) in LABELS.iter().zip(&*VALUES) {
        let _ = writeln!(text, "field {name} : choice {{ {} }}", quoted(values.iter().map(String::as_str), ", "));
    }
    for (name, values) in SETS.iter().zip(&*MEMBERS) {
        let _ = writeln!(text, "field {name} : set {{ {} }}", quoted(values.iter().map(String::as_str), ", "));
    }
    for (names, kind) in [(&INTS[..], "int"), (&AMOUNTS[..], "decimal"), (&BOOLS[..], "bool"), (&TEXTS[..], "text")] {
        for name in names {
            let _ = writeln!(text, "field {name} : {kind}");
        }
    }
    text
}
