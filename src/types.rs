//! The types of the language, and the fields that have them.

use crate::value::Fixed;
use crate::value::text::{exact_of, is_plain, normal_form, normal_of};
use crate::value::vocabulary::Vocabulary;
use rustc_hash::FxHashSet;
use std::borrow::Cow;
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
    /// As the file spells them; what outcomes say comes from here.
    labels: Box<[Box<str>]>,
    /// By normal form, and by spelling too: a normal form is its own normal form, so no label has another's as its
    /// spelling.
    positions: Vocabulary,
}

impl Choice {
    /// From labels whose normal forms differ; a later duplicate is dropped (the checker has reported it).
    pub(crate) fn new<'a>(ordered: bool, labels: impl IntoIterator<Item = &'a str>) -> Choice {
        let (mut seen, mut kept, mut spellings) = (FxHashSet::default(), Vec::<Box<str>>::new(), Vec::new());
        for label in labels {
            let position = u32::try_from(kept.len()).unwrap_or(u32::MAX);
            let normal = Cow::from(normal_form(label));
            if seen.insert(normal.clone()) {
                if normal != label {
                    spellings.push((Cow::Borrowed(label), position));
                }
                spellings.push((normal, position));
                kept.push(label.into());
            }
        }
        Choice { ordered, labels: kept.into(), positions: Vocabulary::new(spellings) }
    }

    /// The position of a label, by normal form.
    #[inline]
    pub(crate) fn find(&self, normal: &str) -> Option<u32> {
        self.positions.get(normal)
    }

    /// The position of a label as somebody wrote it.
    #[inline]
    pub(crate) fn find_written(&self, label: &str) -> Option<u32> {
        self.positions.get(label).or_else(|| self.find_unlike(label))
    }

    /// The position of a label that is written in neither the file's way nor normal form.
    fn find_unlike(&self, label: &str) -> Option<u32> {
        if is_plain(label) && exact_of(label).len() == label.len() {
            return None;
        }
        self.find(normal_of(label, &mut String::new()))
    }

    /// The label at a position, as the file spells it.
    #[inline]
    pub(crate) fn label(&self, position: u32) -> &str {
        self.labels.get(position as usize).map_or("", |label| label)
    }

    /// Every spelling by which a label is known at once, with its position.
    pub(crate) fn spellings(&self) -> impl Iterator<Item = (Cow<'_, str>, u32)> {
        let labels = (0..).zip(self.labels());
        labels.flat_map(|(position, label)| [(label.into(), position), (normal_form(label).into(), position)])
    }

    /// All labels as the file spells them, in order.
    pub(crate) fn labels(&self) -> impl ExactSizeIterator<Item = &str> {
        self.labels.iter().map(|label| &**label)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }
}

impl PartialEq for Choice {
    fn eq(&self, other: &Choice) -> bool {
        let mut labels = self.labels().zip(0..);
        self.ordered == other.ordered
            && self.len() == other.len()
            && labels.all(|(label, position)| other.find_written(label) == Some(position))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_found_by_normal_form_and_shown_as_written() {
        let choice = Choice::new(false, ["VIP 客户", "ＥＲＰ", "待定", "erp", "Straße"]);
        assert_eq!(choice.labels().collect::<Vec<_>>(), ["VIP 客户", "ＥＲＰ", "待定", "Straße"]);
        for (written, position) in [
            ("VIP 客户", Some(0)),
            (" vip 客户", Some(0)),
            ("ｖｉｐ 客户", Some(0)),
            ("ＥＲＰ", Some(1)),
            ("erp", Some(1)),
            ("ERP", Some(1)),
            ("待定", Some(2)),
            ("待定\u{3000}", Some(2)),
            ("待定 ", Some(2)),
            ("待 定", None),
            ("STRASSE", Some(3)),
            ("", None),
        ] {
            assert_eq!(choice.find_written(written), position, "{written}");
            assert_eq!(choice.find(&normal_form(written)), position, "{written}");
        }
        assert_eq!((choice.label(1), choice.label(9), choice.len()), ("ＥＲＰ", "", 4));
    }

    #[test]
    fn choices_are_equal_by_normal_forms_in_order() {
        let choice = Choice::new(false, ["VIP", "待定"]);
        assert_eq!(choice, Choice::new(false, ["ｖｉｐ", "待定"]));
        for other in
            [Choice::new(true, ["VIP", "待定"]), Choice::new(false, ["待定", "VIP"]), Choice::new(false, ["VIP"])]
        {
            assert_ne!(choice, other);
        }
    }
}
