//! Values and expressions in words: as rule files write them, and as people read them.

mod expression;
mod relation;
mod standard;

pub(crate) use relation::{Asked, Needles, asked};

use crate::hir::node::{Constant, Fold, Node};
use crate::hir::{NodeId, PreviousPart, Rules};
use crate::types::{Choice, Type};
use std::sync::Arc;

/// The language of explanations for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese, in simplified characters.
    Chinese,
}

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// The rule language.
    Rules,
    /// People.
    People(Language),
}

/// Writes values and expressions of a rule set.
#[derive(Clone, Copy)]
pub(crate) struct Words<'r> {
    pub(super) rules: &'r Rules,
    pub(super) dialect: Dialect,
}

/// What people call a field of a lead: its title, or else the name that fields of the standard lead have.
pub(crate) fn field_called<'n>(name: &'n str, title: Option<&'n str>, language: Language) -> &'n str {
    title.or_else(|| standard::standard_title(name, language)).unwrap_or(name)
}

/// A part of an outcome.
pub(super) enum Part<'r> {
    Class(&'r crate::hir::Class),
    Score(&'r crate::hir::Score),
    Grade(&'r crate::hir::Score),
    Coverage(&'r crate::hir::Score),
    Points(&'r crate::hir::Score, &'r crate::hir::Indicator),
    Tags(&'r crate::hir::Tags),
    Tag(&'r crate::hir::Tags, u32),
}

/// What an outcome is made of, without its guard.
fn unwrapped(rules: &Rules, id: NodeId) -> Option<NodeId> {
    let Node::Outcome(inner) = rules.nodes.get(id) else { return None };
    match rules.nodes.get(*inner) {
        Node::When(_, value) => Some(*value),
        _ => Some(*inner),
    }
}

/// The outcome that a node is the value of.
pub(super) fn part(rules: &Rules, id: NodeId) -> Option<Part<'_>> {
    let inner = unwrapped(rules, id)?;
    if let Some(class) = rules.classes.iter().find(|class| class.value == id) {
        return Some(Part::Class(class));
    }
    for score in &rules.scores {
        if score.grade == Some(id) {
            return Some(Part::Grade(score));
        }
        if id == score.score {
            return Some(Part::Score(score));
        }
        if id == score.coverage {
            return Some(Part::Coverage(score));
        }
        if let Some(indicator) = score.indicators.iter().find(|indicator| indicator.points == inner) {
            return Some(Part::Points(score, indicator));
        }
    }
    rules.tags.iter().find_map(|tags| {
        if tags.value == id {
            return Some(Part::Tags(tags));
        }
        let Node::TagSet(tests) = rules.nodes.get(unwrapped(rules, tags.value)?) else { return None };
        let label = tests.iter().position(|test| *test == inner)?;
        Some(Part::Tag(tags, u32::try_from(label).ok()?))
    })
}

/// The type of a value, where its labels need it.
pub(crate) fn kind(rules: &Rules, id: NodeId) -> Option<Type> {
    let choice = |labels: &Arc<Choice>| Some(Type::Choice(Arc::clone(labels)));
    let set = |labels: &Arc<Choice>| Some(Type::Set(Arc::clone(labels)));
    match rules.nodes.get(id) {
        Node::Field(slot) => Some(rules.schema.fields.get(*slot as usize)?.kind.clone()),
        Node::Element(list, column) => match &rules.schema.fields.get(*list as usize)?.kind {
            Type::List(elements) => Some(elements.get(*column as usize)?.kind.clone()),
            _ => None,
        },
        Node::Previous(position) => match &rules.previous.get(*position as usize)?.part {
            PreviousPart::Class(labels) | PreviousPart::Grade(labels) => choice(labels),
            PreviousPart::Tags(labels) => set(labels),
            PreviousPart::Score | PreviousPart::Coverage => None,
        },
        Node::Aggregate(it) if matches!(it.fold, Fold::First | Fold::Last | Fold::Least | Fold::Greatest) => {
            kind(rules, it.value?)
        }
        Node::Outcome(_) => match part(rules, id)? {
            Part::Class(class) => choice(&class.labels),
            Part::Grade(score) => choice(score.grades.as_ref()?),
            Part::Tags(tags) => set(&tags.labels),
            _ => None,
        },
        _ => rules.binding(id).map(|it| it.kind.clone()),
    }
}

impl<'r> Words<'r> {
    /// As rule files write it.
    pub(crate) fn of_rules(rules: &'r Rules) -> Words<'r> {
        Words { rules, dialect: Dialect::Rules }
    }

    /// As people read it.
    pub(crate) fn for_people(rules: &'r Rules, language: Language) -> Words<'r> {
        Words { rules, dialect: Dialect::People(language) }
    }

    /// Whether people read it in Chinese.
    pub(super) fn is_chinese(self) -> bool {
        self.dialect == Dialect::People(Language::Chinese)
    }

    /// One of two texts, by language; the rule language is English.
    pub(super) fn either<T>(self, english: T, chinese: T) -> T {
        if self.is_chinese() { chinese } else { english }
    }

    /// What something with a title is called.
    pub(super) fn called(self, name: &str, title: Option<&str>) -> String {
        match (self.dialect, title) {
            (Dialect::People(_), Some(title)) => title.to_owned(),
            _ => name.to_owned(),
        }
    }

    /// What a field is called.
    pub(super) fn field(self, slot: u32) -> String {
        let Some(field) = self.rules.schema.fields.get(slot as usize) else { return "?".into() };
        match self.dialect {
            Dialect::Rules => field.name.to_string(),
            Dialect::People(language) => field_called(&field.name, field.title.as_deref(), language).to_owned(),
        }
    }

    /// What a field of the elements of a list is called.
    fn element(self, element: &crate::types::FieldType) -> String {
        match self.dialect {
            Dialect::Rules => format!(".{}", element.name),
            Dialect::People(language) => element
                .title
                .as_deref()
                .or_else(|| standard::element_title(&element.name, language))
                .unwrap_or(&element.name)
                .to_owned(),
        }
    }

    /// A name before what is said of it: `员工数为`, `deals_12m 为`.
    pub(super) fn before(self, name: &str, said: &str) -> String {
        let blank = if self.is_chinese() && !name.ends_with(|it: char| it.is_ascii()) { "" } else { " " };
        format!("{name}{blank}{said}")
    }

    /// What a part of an outcome is called.
    fn part(self, part: &Part<'_>) -> String {
        let score = |it: &crate::hir::Score| self.called(&it.name, it.title.as_deref());
        let english = |name: String, rules: &str, people: &str| match self.dialect {
            Dialect::Rules => format!("{name}.{rules}"),
            Dialect::People(_) => format!("{name} {people}"),
        };
        match part {
            Part::Class(class) => self.called(&class.name, class.title.as_deref()),
            Part::Tags(tags) => self.called(&tags.name, tags.title.as_deref()),
            Part::Grade(it) if self.is_chinese() => {
                let name = score(it);
                if name.ends_with("等级") { name } else { format!("{name}等级") }
            }
            Part::Score(it) if self.is_chinese() => {
                let name = score(it);
                if name.ends_with('分') || name.ends_with("分数") { name } else { format!("{name}得分") }
            }
            Part::Coverage(it) if self.is_chinese() => format!("{}的资料完整度", score(it)),
            Part::Points(it, indicator) if self.is_chinese() => {
                format!("{}的{}得分", score(it), self.called(&indicator.name, indicator.title.as_deref()))
            }
            Part::Grade(it) => english(score(it), "grade", "grade"),
            Part::Score(it) => english(score(it), "score", "score"),
            Part::Coverage(it) => english(score(it), "coverage", "coverage"),
            Part::Points(it, indicator) => {
                let indicator = self.called(&indicator.name, indicator.title.as_deref());
                english(score(it), &format!("{indicator}.points"), &format!("points of {indicator}"))
            }
            Part::Tag(tags, label) => {
                let (name, label) = (self.called(&tags.name, tags.title.as_deref()), tags.labels.label(*label));
                match self.dialect {
                    Dialect::Rules => format!("{name} contains \"{label}\""),
                    Dialect::People(Language::English) => format!("{name} has `{label}`"),
                    Dialect::People(Language::Chinese) => self.before(&name, &format!("有「{label}」")),
                }
            }
        }
    }

    /// A constant.
    pub(super) fn constant(self, constant: &Constant, kind: Option<&Type>) -> String {
        let label = |position: u32| match kind {
            Some(Type::Choice(choice) | Type::Set(choice)) => self.quoted(choice.label(position)),
            _ => format!("label {position}"),
        };
        match constant {
            Constant::Missing => self.either("missing", "无").into(),
            Constant::Bool(value) => self.truth(*value).into(),
            Constant::Int(value) => self.number(&value.to_string()),
            Constant::Decimal(value) => self.number(&value.to_string()),
            Constant::Float(value) => value.to_string(),
            Constant::Text(text) | Constant::Code(text) | Constant::Region(text) => self.quoted(text.original()),
            Constant::Date(date) => self.moment(&date.to_string()),
            Constant::Instant(instant) => self.moment(&instant.to_string()),
            Constant::Label(position) => label(*position),
            Constant::Labels(labels) => self.listed(labels.iter().map(|it| label(*it)).collect()),
            Constant::Texts(all) | Constant::Codes(all) => {
                self.listed(all.iter().map(|it| self.quoted(it.original())).collect())
            }
        }
    }

    /// yes or no
    pub(super) fn truth(self, value: bool) -> &'static str {
        match (self.dialect, value) {
            (Dialect::Rules, true) => "true",
            (Dialect::Rules, false) => "false",
            (Dialect::People(Language::English), true) => "yes",
            (Dialect::People(Language::English), false) => "no",
            (Dialect::People(Language::Chinese), true) => "是",
            (Dialect::People(Language::Chinese), false) => "否",
        }
    }

    /// A text: in quotation marks in the rule language.
    pub(super) fn quoted(self, text: &str) -> String {
        if self.dialect == Dialect::Rules { format!("{text:?}") } else { text.to_owned() }
    }

    fn moment(self, text: &str) -> String {
        if self.dialect == Dialect::Rules { format!("@{text}") } else { text.to_owned() }
    }

    /// Several things: a set in the rule language; for people the first few, and how many there are.
    pub(super) fn listed(self, mut members: Vec<String>) -> String {
        /// How many people like to read.
        const SHOWN: usize = 8;
        if self.dialect == Dialect::Rules {
            return format!("{{ {} }}", members.join(", "));
        }
        let count = members.len();
        members.truncate(if count > SHOWN + 2 { SHOWN } else { count });
        let shown = members.join(self.either(", ", "、"));
        match count - members.len() {
            0 => shown,
            more => self.either(format!("{shown} and {more} more"), format!("{shown}等 {count} 项")),
        }
    }

    /// Digits as they are read: `1,500,000`, `150万`. In the rule language as they are.
    pub(super) fn number(self, digits: &str) -> String {
        match self.dialect {
            Dialect::Rules => digits.to_owned(),
            Dialect::People(Language::English) => grouped(digits),
            Dialect::People(Language::Chinese) => in_myriads(digits).unwrap_or_else(|| digits.to_owned()),
        }
    }
}

/// `-1234567.5` as `-1,234,567.5`; four digits stay together.
fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let (whole, places) = digits.split_once('.').map_or((digits, None), |(whole, places)| (whole, Some(places)));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && whole.len() > 4 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(places) = places {
        text.push('.');
        text.push_str(places);
    }
    text
}

/// `1500000` as `150万`, `120000000` as `1.2亿`; nothing when that would not be shorter.
fn in_myriads(digits: &str) -> Option<String> {
    let (sign, whole) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    if !whole.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    [(8, "亿"), (4, "万")].into_iter().find_map(|(zeros, unit)| {
        let (front, back) = whole.split_at_checked(whole.len().checked_sub(zeros)?)?;
        let places = back.trim_end_matches('0');
        match (front, places.len()) {
            ("", _) => None,
            (_, 0) => Some(format!("{sign}{front}{unit}")),
            (_, 1 | 2) => Some(format!("{sign}{front}.{places}{unit}")),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_read() {
        let english = ["0", "999", "1000", "9999.5", "10000", "-1234567.25"].map(grouped);
        assert_eq!(english, ["0", "999", "1000", "9999.5", "10,000", "-1,234,567.25"]);
        let chinese = ["0", "9999", "10000", "15000", "15200", "12345", "5000000", "-20000", "120000000", "100000.5"];
        let chinese = chinese.map(|digits| in_myriads(digits).unwrap_or_default());
        assert_eq!(chinese, ["", "", "1万", "1.5万", "1.52万", "", "500万", "-2万", "1.2亿", ""]);
    }
}
