//! The types of the language, and the fields that have them.

use crate::value::text::normal_form;
use crate::value::{Fixed, Text};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// What kind of value an expression or a field has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Bool,
    Int,
    Decimal,
    Float,
    Text,
    Code,
    Date,
    DateTime,
    Choice(Arc<Choice>),
    Set(Arc<Choice>),
    SetOfText,
    SetOfCode,
    Region,
    List(Arc<[FieldType]>),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bool => f.write_str("bool"),
            Type::Int => f.write_str("int"),
            Type::Decimal => f.write_str("decimal"),
            Type::Float => f.write_str("float"),
            Type::Text => f.write_str("text"),
            Type::Code => f.write_str("code"),
            Type::Date => f.write_str("date"),
            Type::DateTime => f.write_str("datetime"),
            Type::Choice(choice) if choice.ordered => f.write_str("ordered choice"),
            Type::Choice(_) => f.write_str("choice"),
            Type::Set(_) => f.write_str("set"),
            Type::SetOfText => f.write_str("set of text"),
            Type::SetOfCode => f.write_str("set of code"),
            Type::Region => f.write_str("region"),
            Type::List(_) => f.write_str("list"),
        }
    }
}

/// A closed list of labels. A label is found by its normal form and shown as the file spells it.
#[derive(Debug)]
pub(crate) struct Choice {
    /// Whether the order of the labels means something: lowest first.
    pub(crate) ordered: bool,
    labels: Vec<Text>,
    by_normal: HashMap<Box<str>, u32>,
    /// As the file spells them: what outcomes say, found again without computing a normal form.
    by_spelling: HashMap<Box<str>, u32>,
}

impl Choice {
    /// From labels whose normal forms differ; a later duplicate is dropped (the checker has reported it).
    pub(crate) fn new<'a>(ordered: bool, labels: impl IntoIterator<Item = &'a str>) -> Choice {
        let mut choice = Choice { ordered, labels: Vec::new(), by_normal: HashMap::new(), by_spelling: HashMap::new() };
        for label in labels {
            let text = Text::new(label);
            let next = u32::try_from(choice.labels.len()).unwrap_or(u32::MAX);
            if !choice.by_normal.contains_key(text.normal()) {
                choice.by_normal.insert(text.normal().into(), next);
                choice.by_spelling.insert(text.original().into(), next);
                choice.labels.push(text);
            }
        }
        choice
    }

    /// The position of a label, by normal form.
    pub(crate) fn find(&self, normal: &str) -> Option<u32> {
        self.by_normal.get(normal).copied()
    }

    /// The position of a label as somebody wrote it.
    pub(crate) fn find_written(&self, label: &str) -> Option<u32> {
        self.by_spelling.get(label).copied().or_else(|| self.find(&normal_form(label)))
    }

    /// The label at a position, as the file spells it.
    pub(crate) fn label(&self, position: u32) -> &str {
        self.labels.get(position as usize).map_or("", |label| label.original())
    }

    /// All labels, in order.
    pub(crate) fn labels(&self) -> impl ExactSizeIterator<Item = &Text> {
        self.labels.iter()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }
}

impl PartialEq for Choice {
    fn eq(&self, other: &Choice) -> bool {
        self.ordered == other.ordered && self.labels.iter().map(Text::normal).eq(other.labels.iter().map(Text::normal))
    }
}

impl Eq for Choice {}

/// A field of the lead or of a list's elements: name, type, and which values mean that there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldType {
    pub(crate) name: Box<str>,
    pub(crate) title: Option<Box<str>>,
    pub(crate) kind: Type,
    pub(crate) placeholders: Placeholders,
    /// Whether the rule file declares it (rather than only the standard lead).
    pub(crate) declared: bool,
    /// Whether an element without it is a data issue: `at` of activities and purchases.
    pub(crate) required: bool,
}

/// Values that mean "there is none". Texts are compared in normal form, before the type is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Placeholders {
    /// Normal forms, the file's own and, where it applies, the header's.
    pub(crate) texts: Vec<Box<str>>,
    /// Numbers.
    pub(crate) numbers: Vec<Fixed>,
}

impl Placeholders {
    /// Whether a text in normal form means missing: blank, or listed.
    pub(crate) fn hold_text(&self, normal: &str) -> bool {
        normal.is_empty() || self.texts.iter().any(|text| **text == *normal)
    }

    /// Whether a number means missing.
    pub(crate) fn hold_number(&self, number: Fixed) -> bool {
        self.numbers.contains(&number)
    }
}
