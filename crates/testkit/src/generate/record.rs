//! Leads, populations and last outcomes for some rule files.

use super::fields::{activities, purchases, standard_lead};
use super::walk::{Constants, result_texts};
use super::words::{DATES, NUMBERS, PLACEHOLDERS, REGIONS, TEXTS, TIMES};
use super::world::Kind;
use crate::json::Json;
use arbitrary::{Result, Unstructured};
use gradus::syntax::ast::{Item, RuleFile, TypeExpr, TypeKind};
use jiff::ToSpan;
use jiff::civil::Date;

/// A lead: values on and around the constants of the files, placeholders, labels that no list has, odd spellings, and
/// often nothing.
pub fn lead(u: &mut Unstructured<'_>, files: &[RuleFile]) -> Result<Json> {
    Drawer { u, constants: Constants::of(files) }.lead(&lead_fields(files))
}

/// Some leads to rank against, now and then none.
pub fn population(u: &mut Unstructured<'_>, files: &[RuleFile]) -> Result<Vec<Json>> {
    let fields = lead_fields(files);
    let mut drawer = Drawer { u, constants: Constants::of(files) };
    let count = drawer.u.int_in_range(0..=6_usize)?;
    (0..count).map(|_| drawer.lead(&fields)).collect()
}

/// The host's values for some params. Those of numbers that may be ends of intervals stay as they are, since other ends
/// could leave gaps that the checks refuse.
pub fn params(u: &mut Unstructured<'_>, files: &[RuleFile]) -> Result<Vec<(String, Json)>> {
    let mut values = Vec::new();
    for item in files.iter().flat_map(|file| &file.items) {
        let Item::Param(param) = item else { continue };
        if !u.ratio(1, 3)? {
            continue;
        }
        let value = match kind_of(&param.kind) {
            Kind::Int => Json::number(u.int_in_range(1..=60)?),
            Kind::Bool => Json::Bool(u.arbitrary()?),
            Kind::Date => Json::text(*u.choose(DATES)?),
            Kind::Choice(labels, _) => Json::text(u.choose(&labels)?),
            _ => continue,
        };
        values.push((param.name.text.clone(), value));
    }
    Ok(values)
}

/// A last outcome, with labels that no longer exist.
pub fn previous(u: &mut Unstructured<'_>, files: &[RuleFile]) -> Result<Json> {
    let mut drawer = Drawer { u, constants: Constants::of(files) };
    let (mut classes, mut scores, mut tags) = (Vec::new(), Vec::new(), Vec::new());
    for item in files.iter().flat_map(|file| &file.items) {
        match item {
            Item::Classify(classify) => {
                classes.push((classify.name.text.clone(), drawer.last_label(&result_texts(&classify.rules))?));
            }
            Item::Score(score) => {
                let grades = result_texts(score.grades.as_deref().unwrap_or_default());
                let parts = [
                    ("score", Json::text(drawer.score()?)),
                    ("grade", drawer.last_label(&grades)?),
                    ("coverage", Json::text(*drawer.u.choose(&["1", "0.5", "0"])?)),
                ];
                let parts = parts.map(|(key, value)| (key.to_owned(), value));
                scores.push((score.name.text.clone(), Json::Object(parts.into())));
            }
            Item::Tags(block) => {
                let count = drawer.u.int_in_range(0..=2_usize)?;
                let labels = result_texts(&block.rules);
                let labels: Vec<Json> = (0..count).map(|_| drawer.last_label(&labels)).collect::<Result<_>>()?;
                // A class may be missing, a tag is there or not.
                let labels = labels.into_iter().filter(|label| *label != Json::Null).collect();
                tags.push((block.name.text.clone(), Json::Array(labels)));
            }
            _ => {}
        }
    }
    let parts = [("classes", classes), ("scores", scores), ("tags", tags)];
    Ok(Json::Object(parts.map(|(key, entries)| (key.to_owned(), Json::Object(entries))).into()))
}

/// The fields of a lead: the standard ones, and what the files declare.
fn lead_fields(files: &[RuleFile]) -> Vec<(String, Kind)> {
    let mut fields = standard_lead();
    for item in files.iter().flat_map(|file| &file.items) {
        let Item::Field(field) = item else { continue };
        let own = field.name.text.as_str();
        let kind = match (own, kind_of(&field.kind)) {
            ("activities", Kind::List(elements)) => Kind::List(merged(activities(), elements)),
            ("purchases", Kind::List(elements)) => Kind::List(merged(purchases(), elements)),
            (_, kind) => kind,
        };
        fields.retain(|(name, _)| name != own);
        fields.push((own.to_owned(), kind));
    }
    fields
}

fn merged(mut standard: Vec<(String, Kind)>, own: Vec<(String, Kind)>) -> Vec<(String, Kind)> {
    standard.retain(|(name, _)| own.iter().all(|(other, _)| other != name));
    standard.extend(own);
    standard
}

fn kind_of(written: &TypeExpr) -> Kind {
    let labels = |quoted: &[gradus::syntax::ast::Quoted]| quoted.iter().map(|label| label.text.clone()).collect();
    match &written.kind {
        TypeKind::Bool => Kind::Bool,
        TypeKind::Int => Kind::Int,
        TypeKind::Decimal => Kind::Decimal,
        TypeKind::Float => Kind::Float,
        TypeKind::Text => Kind::Text,
        TypeKind::Code => Kind::Code,
        TypeKind::Date => Kind::Date,
        TypeKind::DateTime => Kind::DateTime,
        TypeKind::Choice(list) => Kind::Choice(labels(list), false),
        TypeKind::OrderedChoice(list) => Kind::Choice(labels(list), true),
        TypeKind::Set(list) => Kind::SetOf(labels(list)),
        TypeKind::SetOfText => Kind::SetOfText,
        TypeKind::SetOfCode => Kind::SetOfCode,
        TypeKind::Region => Kind::Region,
        TypeKind::List(fields) => {
            Kind::List(fields.iter().map(|field| (field.name.text.clone(), kind_of(&field.kind))).collect())
        }
    }
}

/// Draws values of a lead.
struct Drawer<'u, 'b> {
    u: &'u mut Unstructured<'b>,
    constants: Constants,
}

impl Drawer<'_, '_> {
    fn lead(&mut self, fields: &[(String, Kind)]) -> Result<Json> {
        self.record(fields, |field| field == "id")
    }

    fn record(&mut self, fields: &[(String, Kind)], is_needed: impl Fn(&str) -> bool) -> Result<Json> {
        let mut entries = Vec::new();
        for (field, kind) in fields {
            if is_needed(field) || self.u.ratio(3, 5)? {
                entries.push((field.clone(), self.value(field, kind)?));
            }
        }
        Ok(Json::Object(entries))
    }

    fn value(&mut self, field: &str, kind: &Kind) -> Result<Json> {
        let always_there = matches!(field, "id" | "at");
        if !always_there && self.u.ratio(1, 16)? {
            // Null, blank, a placeholder, a value of another type.
            let odd =
                [Json::Null, Json::text(" \u{3000} "), Json::text(*self.u.choose(PLACEHOLDERS)?), Json::number(-1)];
            return Ok(self.u.choose(&odd)?.clone());
        }
        Ok(match kind {
            Kind::Bool => Json::Bool(self.u.arbitrary()?),
            Kind::Int => Json::Number(self.digits(true)?),
            Kind::Decimal if self.u.ratio(1, 6)? => Json::Text(self.digits(false)?),
            Kind::Decimal => Json::Number(self.digits(false)?),
            Kind::Float => {
                let own = ["0.3", "0.1", "1e300", "-2.5E-7", "0.30000000000000004", "5e-324"];
                if self.u.ratio(1, 3)? { Json::number(self.u.choose(&own)?) } else { Json::Number(self.digits(false)?) }
            }
            Kind::Text => Json::Text(self.text(TEXTS)?),
            Kind::Code => Json::Text(self.text(&["A-1", "a-1", "b 2", "13800000000"])?),
            Kind::Date => Json::Text(self.date()?),
            Kind::DateTime => Json::Text(self.instant()?),
            Kind::Choice(labels, _) => Json::Text(self.label(labels)?),
            Kind::Region => Json::text(*self.u.choose(REGIONS)?),
            Kind::SetOf(labels) => self.set(|drawer| drawer.label(labels))?,
            Kind::SetOfText => self.set(|drawer| drawer.text(TEXTS))?,
            Kind::SetOfCode => self.set(|drawer| drawer.text(&["A-1", "a-1", "b 2"]))?,
            Kind::List(fields) => {
                let is_standard = matches!(field, "activities" | "purchases");
                let count = self.u.int_in_range(0..=4_usize)?;
                let records = (0..count).map(|_| self.record(fields, |element| is_standard && element == "at"));
                Json::Array(records.collect::<Result<_>>()?)
            }
        })
    }

    /// A number that an outcome can hold.
    fn score(&mut self) -> Result<String> {
        let digits = self.digits(false)?;
        Ok(if matches!(digits.as_str(), "1e-13" | "10000000000000000") { "82.5".to_owned() } else { digits })
    }

    /// The digits of a number on or near a constant, at the end of a range, or of an odd form.
    fn digits(&mut self, whole: bool) -> Result<String> {
        let ends: &[&str] = if whole {
            &["9223372036854775807", "-9223372036854775808", "5.0", "1e3", "3000000000", "2.5"]
        } else {
            &[
                "9999999999999999.999999999999",
                "-9999999999999999",
                "0.000000000001",
                "12.50",
                "1e-13",
                "10000000000000000",
            ]
        };
        if self.u.ratio(1, 12)? {
            return Ok((*self.u.choose(ends)?).to_owned());
        }
        let hundredths = match self.constants.numbers.as_slice() {
            [] => self.u.choose(NUMBERS)?.0,
            numbers => {
                let written = self.u.choose(numbers)?;
                NUMBERS.iter().find(|(_, text)| text == written).map_or(700, |(hundredths, _)| *hundredths)
            }
        };
        let step = if whole { 100 } else { 1 };
        let near = hundredths + step * self.u.choose(&[0, 0, 1, -1])?;
        let near = if self.u.ratio(1, 4)? { -near } else { near };
        Ok(if whole {
            (near / 100).to_string()
        } else {
            let sign = if near < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", near.abs() / 100, near.abs() % 100)
        })
    }

    /// A text, a constant of the files now and then, oddly spelt now and then.
    fn text(&mut self, texts: &[&str]) -> Result<String> {
        let text = match self.constants.texts.as_slice() {
            found if !found.is_empty() && self.u.arbitrary()? => self.u.choose(found)?.clone(),
            _ => (*self.u.choose(texts)?).to_owned(),
        };
        self.spelt(text)
    }

    /// A label of a list, sometimes one that it does not have.
    fn label(&mut self, labels: &[String]) -> Result<String> {
        let label = if self.u.ratio(1, 10)? { "不在列表".to_owned() } else { self.u.choose(labels)?.clone() };
        self.spelt(label)
    }

    /// The same in normal form, most of the time.
    fn spelt(&mut self, text: String) -> Result<String> {
        Ok(match self.u.int_in_range(0..=11)? {
            1 => format!(" {text}\u{3000}"),
            2 => text.to_uppercase(),
            3 => text.to_lowercase(),
            4 => text.chars().map(full_width).collect(),
            _ => text,
        })
    }

    fn date(&mut self) -> Result<String> {
        if self.u.ratio(1, 10)? {
            return self.instant();
        }
        let text = match self.constants.dates.as_slice() {
            dates if !dates.is_empty() && self.u.arbitrary()? => self.u.choose(dates)?.clone(),
            _ => (*self.u.choose(DATES)?).to_owned(),
        };
        let date: Date = text.parse().unwrap_or(Date::ZERO);
        let days = self.u.int_in_range(-31..=31_i32)?;
        let shift = if self.u.arbitrary()? { 0 } else { days };
        Ok(date.checked_add(shift.days()).unwrap_or(date).to_string())
    }

    fn instant(&mut self) -> Result<String> {
        match self.constants.instants.as_slice() {
            instants if !instants.is_empty() && self.u.ratio(1, 3)? => Ok(self.u.choose(instants)?.clone()),
            _ if self.u.ratio(1, 8)? => Ok((*self.u.choose(DATES)?).to_owned()),
            _ => Ok(format!("{}{}", self.u.choose(DATES)?, self.u.choose(TIMES)?)),
        }
    }

    /// A set: an array, an empty one, with nulls and blanks in it, or a text alone.
    fn set(&mut self, item: impl Fn(&mut Self) -> Result<String>) -> Result<Json> {
        if self.u.ratio(1, 8)? {
            return Ok(Json::Text(item(self)?));
        }
        let count = self.u.int_in_range(0..=3_usize)?;
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(if self.u.ratio(1, 10)? {
                self.u.choose(&[Json::Null, Json::text(" "), Json::text("N/A")])?.clone()
            } else {
                Json::Text(item(self)?)
            });
        }
        Ok(Json::Array(items))
    }

    /// A label of a last outcome: one of today's, one that is gone, or none.
    fn last_label(&mut self, labels: &[String]) -> Result<Json> {
        Ok(match labels {
            [] => Json::Null,
            _ if self.u.ratio(1, 6)? => Json::Null,
            _ if self.u.ratio(1, 8)? => Json::text("已废除的标签"),
            labels => Json::text(self.u.choose(labels)?),
        })
    }
}

/// The full-width twin of an ASCII character.
fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        other => other,
    }
}
