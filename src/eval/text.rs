//! Conditions on texts, sets of texts, and regions.

use crate::hir::Rules;
use crate::hir::node::Node;
use crate::lead::reading::{Datum, Reading};
use crate::operator::{AffixEnd, Quantifier};
use crate::value::Text;
use crate::value::text::{exact_of, region_segments};
use regex::Regex;

/// The form in which a text compares; nothing when it is none.
pub(super) fn form(datum: Datum<'_>) -> Option<&str> {
    match datum {
        Datum::Text(text) => Some(text.normal()),
        Datum::Code(text) => Some(text.exact()),
        Datum::Formed(text) => Some(text.normal),
        Datum::RawCode(text) => Some(exact_of(text)),
        _ => None,
    }
}

/// The same form of a constant.
fn form_like<'t>(datum: Datum<'_>, text: &'t Text) -> &'t str {
    if matches!(datum, Datum::Code(_) | Datum::RawCode(_)) { text.exact() } else { text.normal() }
}

/// A condition on one text: true, false, or unknown.
pub(super) fn decide(rules: &Rules, condition: &Node, value: Datum<'_>) -> Option<bool> {
    match condition {
        Node::Contains(_, quantifier, needles) => contains(value, *quantifier, needles),
        Node::Affix(_, end, needle) => has_affix(value, *end, needle),
        Node::Matches(_, regex) => matches(value, &rules.regexes[*regex as usize]),
        Node::WithinRegions(_, regions) => within_regions(value, regions),
        _ => None,
    }
}

/// Whether a condition on one text holds for a text of the kind that compares in normal form, or for a `code`.
pub(crate) fn holds(rules: &Rules, condition: &Node, text: &Text, is_code: bool) -> Option<bool> {
    decide(rules, condition, if is_code { Datum::Code(text) } else { Datum::Text(text) })
}

/// `need contains any { "a", "b" }`
fn contains(subject: Datum<'_>, quantifier: Quantifier, needles: &[Text]) -> Option<bool> {
    let text = form(subject)?;
    let found = |needle: &Text| text.contains(form_like(subject, needle));
    Some(if quantifier == Quantifier::All { needles.iter().all(found) } else { needles.iter().any(found) })
}

/// `email ends with "@example.com"`
fn has_affix(subject: Datum<'_>, end: AffixEnd, needle: &Text) -> Option<bool> {
    let (text, needle) = (form(subject)?, form_like(subject, needle));
    Some(match end {
        AffixEnd::Start => text.starts_with(needle),
        AffixEnd::End => text.ends_with(needle),
    })
}

/// `company matches r"公司$"`: the case of a text is folded by the expression, not in the text
fn matches(subject: Datum<'_>, regex: &Regex) -> Option<bool> {
    match subject {
        Datum::Text(text) => Some(regex.is_match(text.searchable())),
        Datum::Code(text) => Some(regex.is_match(text.exact())),
        Datum::Formed(text) => Some(regex.is_match(text.searchable)),
        Datum::RawCode(text) => Some(regex.is_match(exact_of(text))),
        _ => None,
    }
}

/// `interests contains all { "erp", "crm" }`
pub(super) fn has(subject: Datum<'_>, quantifier: Quantifier, texts: &[Text], reading: &Reading<'_>) -> Option<bool> {
    let (range, form): (_, fn(&Text) -> &str) = match subject {
        Datum::Texts(range) => (range, Text::normal),
        Datum::Codes(range) => (range, Text::exact),
        _ => return None,
    };
    let own = reading.texts(range);
    let held = |text: &Text| own.binary_search_by(|member| form(member).cmp(form(text))).is_ok();
    Some(if quantifier == Quantifier::All { texts.iter().all(held) } else { texts.iter().any(held) })
}

/// `interests within { "erp", "crm" }`
pub(super) fn within(subject: Datum<'_>, texts: &[Text], reading: &Reading<'_>) -> Option<bool> {
    let (range, form): (_, fn(&Text) -> &str) = match subject {
        Datum::Texts(range) => (range, Text::normal),
        Datum::Codes(range) => (range, Text::exact),
        _ => return None,
    };
    let held = |member: &&Text| texts.binary_search_by(|text| form(text).cmp(form(member))).is_ok();
    Some(reading.texts(range).iter().all(held))
}

/// `region within { "中国/广东", "中国/浙江" }`: one of them, or below it
fn within_regions(subject: Datum<'_>, regions: &[Text]) -> Option<bool> {
    let Datum::Region(text) = subject else { return None };
    let below = |region: &Text| {
        let mut own = region_segments(text.normal());
        region_segments(region.normal()).all(|segment| own.next() == Some(segment))
    };
    Some(regions.iter().any(below))
}
