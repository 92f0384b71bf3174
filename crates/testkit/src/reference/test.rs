//! `test` blocks.

use super::expression::{Evaluation, TOP};
use super::number::{literal, print};
use super::{Reference, invalid};
use crate::json::Json;
use gradus::syntax::ast::{Data, Entry, Expr, ExprKind, Item, Test};
use jiff::Timestamp;

impl Reference {
    /// Runs a test of one of the files: each `expect` must be true.
    pub fn run_test(&self, test: &Test) -> Result<(), String> {
        let (lead, at, previous, population) = self.test_inputs(test);
        let measured = population.as_ref().map(|leads: &Vec<Json>| self.measure(leads, at, None));
        let evaluation = Evaluation::new(self, &lead, self.clock(at, None), previous.as_ref(), measured.as_ref());
        for (index, expect) in test.expects.iter().enumerate() {
            match evaluation.condition(expect, TOP) {
                Some(true) => {}
                truth => {
                    let failed = failing_part(&evaluation, expect);
                    let truth = truth.map_or("unknown".to_owned(), |truth| truth.to_string());
                    let title = &test.title.text;
                    return Err(format!("test \"{title}\": expect {} is {truth}: {failed:?}", index + 1));
                }
            }
        }
        Ok(())
    }

    /// The outcome of the lead of a test, as [`Reference::evaluate`] gives it.
    pub fn test_outcome(&self, test: &Test) -> Json {
        let (lead, at, previous, population) = self.test_inputs(test);
        self.evaluate(&lead, at, None, previous.as_ref(), population.as_deref())
    }

    /// The lead, the instant, the previous outcome and the population of a test.
    pub fn test_inputs(&self, test: &Test) -> (Json, Timestamp, Option<Json>, Option<Vec<Json>>) {
        let previous = test.previous.as_ref().map(|entries| self.previous_outcome(entries));
        let population = test.population.as_ref().map(|leads| leads.iter().map(|lead| record(lead)).collect());
        (record(&test.given), self.test_instant(test), previous, population)
    }

    /// When a test takes place; the start of 1970 when it does not say.
    fn test_instant(&self, test: &Test) -> Timestamp {
        match test.at.as_ref().map(|at| &at.kind) {
            None => Timestamp::UNIX_EPOCH,
            Some(ExprKind::Date(text) | ExprKind::DateTime(text)) => {
                match self.clock(Timestamp::UNIX_EPOCH, None).parse_instant(text) {
                    Some(instant) => instant,
                    None => invalid(&format!("instant `@{text}`")),
                }
            }
            Some(other) => invalid(&format!("a test at {other:?}")),
        }
    }

    /// `previous { member: "银牌", fit: { score: 70 } }` in the form of an outcome.
    fn previous_outcome(&self, entries: &[Entry]) -> Json {
        let group = |wanted: &str| {
            let own = entries.iter().filter(|entry| match self.declaration(&entry.name.text) {
                Some(Item::Classify(_)) => wanted == "classes",
                Some(Item::Score(_)) => wanted == "scores",
                Some(Item::Tags(_)) => wanted == "tags",
                _ => invalid(&format!("previous `{}`", entry.name.text)),
            });
            let values = own.map(|entry| (entry.name.text.clone(), data(&entry.value)));
            (wanted.to_owned(), Json::Object(values.collect()))
        };
        Json::Object(["classes", "scores", "tags"].map(group).into())
    }
}

/// The smallest operand of an `and` that is not true, for the message.
fn failing_part<'e>(evaluation: &Evaluation<'_>, expr: &'e Expr) -> &'e Expr {
    let operands: &[Expr] = match &expr.kind {
        ExprKind::Logic(gradus::syntax::ast::LogicOperator::And, operands) => operands,
        _ => return expr,
    };
    let failing = operands.iter().find(|operand| evaluation.condition(operand, TOP) != Some(true));
    failing.map_or(expr, |operand| failing_part(evaluation, operand))
}

fn record(entries: &[Entry]) -> Json {
    Json::Object(entries.iter().map(|entry| (entry.name.text.clone(), data(&entry.value))).collect())
}

fn data(value: &Data) -> Json {
    match value {
        Data::Constant(expr) => constant(expr),
        Data::Set(items, _) => Json::Array(items.iter().map(constant).collect()),
        Data::List(records, _) => Json::Array(records.iter().map(|entries| record(entries)).collect()),
        Data::Record(entries, _) => record(entries),
    }
}

fn constant(expr: &Expr) -> Json {
    match &expr.kind {
        ExprKind::Number(text) if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => Json::number(text),
        ExprKind::Number(text) => Json::Number(print(&literal(text).0)),
        ExprKind::Negate(inner) => match constant(inner) {
            Json::Number(digits) => Json::Number(format!("-{digits}")),
            other => other,
        },
        ExprKind::Paren(inner) => constant(inner),
        ExprKind::Text(text) | ExprKind::Date(text) | ExprKind::DateTime(text) => Json::text(text),
        ExprKind::Bool(truth) => Json::Bool(*truth),
        other => invalid(&format!("a value of a test that is {other:?}")),
    }
}
