//! `test` blocks: their data as leads, their expectations as conditions.

use super::{Checker, Entity};
use crate::diagnostic::{Code, did_you_mean};
use crate::hir;
use crate::hir::node::{Constant, Node};
use crate::lead::read::{Path, read_value};
use crate::lead::reading::{Datum, Reading};
use crate::lead::{DataIssue, Lead};
use crate::previous::{Previous, PreviousScore};
use crate::syntax::ast::{self, Data, Entry, Expr, ExprKind};
use crate::types::{FieldType, Placeholders, Type};
use crate::value::moment::start_of_day;
use crate::value::{Fields, Text, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::collections::HashSet;

/// A value of a host as a constant of a type, or what is wrong with it.
pub(super) fn constant_of_value(
    value: &Value,
    name: &str,
    kind: &Type,
    zone: Option<&TimeZone>,
) -> Result<Constant, String> {
    let field = FieldType {
        name: name.into(),
        title: None,
        kind: kind.clone(),
        placeholders: Placeholders::default(),
        declared: true,
        required: false,
    };
    let mut reading = Reading::default();
    let datum = read_value(value, &field, zone.unwrap_or(&TimeZone::UTC), Path::Field(name), &mut reading);
    if let Some(DataIssue { message, .. }) = reading.issues.first() {
        return Err(message.clone());
    }
    let texts =
        |from: u32, to: u32| reading.texts[from as usize..to as usize].iter().map(|&text| text.clone()).collect();
    Ok(match datum {
        Datum::Missing | Datum::List(_) => return Err("a param cannot be missing".into()),
        // a param is no record and no prepared lead
        Datum::Raw(_) | Datum::RawCode(_) | Datum::Formed(_) | Datum::Kept(_) => {
            return Err("a param is a value".into());
        }
        Datum::Bool(value) => Constant::Bool(value),
        Datum::Int(value) => Constant::Int(value),
        Datum::Decimal(value) => Constant::Decimal(value),
        Datum::Float(value) => Constant::Float(value),
        Datum::Text(text) => Constant::Text(text.clone()),
        Datum::Code(text) => Constant::Code(text.clone()),
        Datum::Region(text) => Constant::Region(text.clone()),
        Datum::Date(date) => Constant::Date(date),
        Datum::Instant(instant) => Constant::Instant(instant),
        Datum::Label(label) => Constant::Label(label),
        Datum::Labels(range) => Constant::Labels(reading.labels[range.start as usize..range.end as usize].into()),
        Datum::Texts(range) => Constant::Texts(texts(range.start, range.end)),
        Datum::Codes(range) => Constant::Codes(texts(range.start, range.end)),
    })
}

impl Checker<'_> {
    /// Checks every `test` block.
    pub(super) fn check_tests(&mut self) {
        for test in std::mem::take(&mut self.tests) {
            let at = self.test_instant(test);
            let given = self.lead(&test.given);
            let previous = test.previous.as_ref().map(|entries| self.previous_of(entries));
            let population = test.population.as_ref().map(|leads| leads.iter().map(|lead| self.lead(lead)).collect());
            let mut expects = Vec::with_capacity(test.expects.len());
            for expected in &test.expects {
                if let Some(condition) = self.condition(expected) {
                    expects.push(hir::Expectation { span: expected.place.0, condition });
                }
            }
            if test.expects.is_empty() {
                self.error(Code::InvalidTest, test.title.place, "this test expects nothing")
                    .set_help("add `expect` and a condition");
            }
            if test.at.is_none() {
                self.refuse_clockless(test, &expects);
            }
            let title = test.title.text.clone();
            self.checked_tests.push(hir::Test {
                title,
                span: test.title.place.0,
                at,
                given,
                previous,
                population,
                expects,
            });
        }
    }

    /// Without `at` a test may only expect what does not depend on the time.
    fn refuse_clockless(&mut self, test: &ast::Test, expects: &[hir::Expectation]) {
        let (mut seen, mut pending) = (HashSet::new(), expects.iter().map(|it| it.condition).collect::<Vec<_>>());
        while let Some(id) = pending.pop() {
            let node = self.nodes.get(id);
            if matches!(
                node,
                Node::Now
                    | Node::Today
                    | Node::Window(..)
                    | Node::HoursSince(_)
                    | Node::MonthsSince(_)
                    | Node::Decay(..)
            ) {
                self.error(Code::InvalidTest, test.title.place, "this test does not say when")
                    .set_help("what it expects depends on the time, and rules know no clock: write `at @2026-11-21` after the title");
                return;
            }
            if seen.insert(id) {
                node.children(|child| pending.push(child));
            }
        }
    }

    /// The instant after `at`; a date is the start of its day in the file's zone.
    fn test_instant(&mut self, test: &ast::Test) -> Timestamp {
        let Some(at) = &test.at else { return Timestamp::UNIX_EPOCH };
        let operand = self.expression(at);
        let zone = self.header.zone.clone().unwrap_or(TimeZone::UTC);
        let instant = match operand.typed().and_then(|(node, _)| self.nodes.constant(node)) {
            Some(Constant::Instant(instant)) => Some(*instant),
            Some(Constant::Date(date)) => start_of_day(*date, &zone),
            _ => None,
        };
        if instant.is_none() && !operand.is_error() {
            self.error(Code::InvalidTest, at.place, "expected a date or an instant, such as `@2026-11-21`");
        }
        instant.unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The lead of `given { … }`, every value checked against its field.
    fn lead(&mut self, entries: &[Entry]) -> Lead {
        let mut lead = Lead::new();
        let zone = self.header.zone.clone().unwrap_or(TimeZone::UTC);
        for entry in entries {
            let name = &entry.name;
            let field = match self.entity(&name.text) {
                Some(Entity::Field(index)) => self.schema[index as usize].clone(),
                Some(Entity::Broken) => continue,
                other => {
                    self.unknown_field(entry, other.is_some());
                    continue;
                }
            };
            if lead.get(&name.text).is_some() {
                self.error(Code::DuplicateName, name.place, format!("`{}` is given twice", name.text));
            }
            let value = self.value(&entry.value);
            let mut reading = Reading::default();
            read_value(&value, &field, &zone, Path::Field(&name.text), &mut reading);
            for issue in std::mem::take(&mut reading.issues) {
                let at = if issue.path == name.text { String::new() } else { format!("`{}`: ", issue.path) };
                self.error(Code::InvalidTest, entry.value.place(), format!("{at}{}", issue.message));
            }
            self.unknown_elements(&entry.value, &field);
            lead.set(name.text.clone(), value);
        }
        lead
    }

    fn unknown_field(&mut self, entry: &Entry, is_other: bool) {
        let name = &entry.name;
        let message = if is_other {
            format!("`{}` is not a field, so a lead cannot have it", name.text)
        } else {
            format!("no field is called `{}`", name.text)
        };
        let help = did_you_mean(&name.text, self.schema.iter().map(|field| &*field.name));
        self.error(Code::UnknownName, name.place, message).set_maybe_help(help);
    }

    /// Fields of elements that the list does not have.
    fn unknown_elements(&mut self, data: &Data, field: &FieldType) {
        let (Data::List(elements, _), Type::List(fields)) = (data, &field.kind) else { return };
        for entry in elements.iter().flatten() {
            if !fields.iter().any(|field| *field.name == *entry.name.text) {
                let help = did_you_mean(&entry.name.text, fields.iter().map(|field| &*field.name));
                let message = format!("elements of `{}` have no field `{}`", field.name, entry.name.text);
                self.error(Code::UnknownPart, entry.name.place, message).set_maybe_help(help);
            }
        }
    }

    /// A value of a test as a host would hand it over.
    fn value(&mut self, data: &Data) -> Value {
        match data {
            Data::Constant(constant) => self.constant_value(constant),
            Data::Set(members, _) => Value::List(members.iter().map(|member| self.constant_value(member)).collect()),
            Data::List(elements, _) => {
                Value::List(elements.iter().map(|element| Value::Record(self.record(element))).collect())
            }
            Data::Record(entries, _) => Value::Record(self.record(entries)),
        }
    }

    fn record(&mut self, entries: &[Entry]) -> Fields {
        let values = entries.iter().map(|entry| (Cow::Owned(entry.name.text.clone()), self.value(&entry.value)));
        values.collect()
    }

    fn constant_value(&mut self, expression: &Expr) -> Value {
        if let ExprKind::Text(text) = &expression.kind {
            return Value::Text(Text::new(text.as_str()));
        }
        let operand = self.expression(expression);
        match operand.typed().and_then(|(node, _)| self.nodes.constant(node)) {
            Some(Constant::Bool(value)) => Value::Bool(*value),
            Some(Constant::Int(value)) => Value::Int(*value),
            Some(Constant::Decimal(value)) => Value::Decimal(value.to_decimal()),
            Some(Constant::Date(date)) => Value::Date(*date),
            Some(Constant::Instant(instant)) => Value::Instant(*instant),
            _ => {
                if !operand.is_error() {
                    self.error(Code::NotConstant, expression.place, "test data are literals");
                }
                Value::Null
            }
        }
    }

    /// `previous { member: "银牌", fit: { score: 70 } }`; labels that no longer exist are allowed: they read as missing
    fn previous_of(&mut self, entries: &[Entry]) -> Previous {
        let mut previous = Previous::default();
        for entry in entries {
            let name = entry.name.text.clone();
            match self.entity(&name) {
                Some(Entity::Class(_)) => {
                    let label = self.quoted_data(&entry.value);
                    previous.classes.insert(name, label);
                }
                Some(Entity::Score(_)) => {
                    let score = self.previous_score(&entry.value);
                    previous.scores.insert(name, score);
                }
                Some(Entity::Tags(_)) => {
                    let labels = self.quoted_set(&entry.value);
                    previous.tags.insert(name, labels);
                }
                Some(Entity::Broken) => {}
                _ => {
                    let outcomes = self.outcome_names();
                    let help = did_you_mean(&name, outcomes.iter().map(String::as_str));
                    self.error(Code::UnknownName, entry.name.place, format!("no outcome is called `{name}`"))
                        .set_maybe_help(help);
                }
            }
        }
        previous
    }

    fn quoted_data(&mut self, data: &Data) -> Option<String> {
        match data {
            Data::Constant(Expr { kind: ExprKind::Text(text), .. }) => Some(text.clone()),
            other => {
                self.error(Code::InvalidTest, other.place(), "expected a quoted label");
                None
            }
        }
    }

    fn quoted_set(&mut self, data: &Data) -> Option<Vec<String>> {
        let Data::Set(members, _) = data else {
            self.error(Code::InvalidTest, data.place(), "expected a set of labels, such as `{ \"a\" }`");
            return None;
        };
        let mut labels = Vec::with_capacity(members.len());
        for member in members {
            match Self::quoted(member) {
                Some(text) => labels.push(text.to_owned()),
                None => {
                    self.error(Code::InvalidTest, member.place, "expected a quoted label");
                }
            }
        }
        Some(labels)
    }

    fn previous_score(&mut self, data: &Data) -> PreviousScore {
        let mut score = PreviousScore::default();
        let Data::Record(entries, _) = data else {
            self.error(
                Code::InvalidTest,
                data.place(),
                "expected the parts of a score, such as `{ score: 70, grade: \"A\" }`",
            );
            return score;
        };
        for entry in entries {
            match (entry.name.text.as_str(), &entry.value) {
                ("grade", grade) => score.grade = self.quoted_data(grade),
                ("score", Data::Constant(value)) => {
                    score.score = self.decimal_constant(value).map(super::super::value::fixed::Fixed::to_decimal);
                }
                ("coverage", Data::Constant(value)) => {
                    score.coverage = self.decimal_constant(value).map(super::super::value::fixed::Fixed::to_decimal);
                }
                (name, _) => {
                    let help = did_you_mean(name, ["score", "grade", "coverage"]);
                    self.error(Code::UnknownPart, entry.name.place, format!("the last score has no part `{name}`"))
                        .set_help(help.unwrap_or_else(|| "its parts are `score`, `grade` and `coverage`".into()));
                }
            }
        }
        score
    }

    /// The names of all outcomes, in the order of the text.
    pub(super) fn outcome_names(&self) -> Vec<String> {
        let classes = self.classes.iter().map(|it| &it.syntax.name.text);
        let scores = self.scores.iter().map(|it| &it.syntax.name.text);
        let tags = self.tags.iter().map(|it| &it.syntax.name.text);
        classes.chain(scores).chain(tags).cloned().collect()
    }
}
