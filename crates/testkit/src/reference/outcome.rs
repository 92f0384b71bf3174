//! Classes, tags and the outcome of a lead.

use super::expression::{Evaluation, TOP};
use super::number::print;
use super::score::ScoreOutcome;
use super::types::{Type, convert};
use super::value::Value;
use super::{invalid, text};
use crate::json::Json;
use gradus::syntax::ast::{Classify, Expr, Item, Rule, RuleResult, RuleTest, Tags};
use std::rc::Rc;

/// What is found out once per lead.
#[derive(Clone)]
pub(super) enum Outcome {
    Value(Value),
    Score(Rc<ScoreOutcome>),
}

impl Outcome {
    pub(super) fn into_value(self) -> Value {
        match self {
            Outcome::Value(value) => value,
            Outcome::Score(_) => invalid("a score as a value"),
        }
    }
}

impl Evaluation<'_> {
    /// Unless the guard is true the outcome is missing.
    pub(super) fn is_open(&self, guard: Option<&Expr>) -> bool {
        guard.is_none_or(|guard| self.condition(guard, TOP) == Some(true))
    }

    pub(super) fn subjects(&self, on: &[Expr]) -> Vec<Value> {
        on.iter().map(|subject| self.value(subject, TOP)).collect()
    }

    /// The label of the first rule that fires.
    pub(super) fn class(&self, classify: &Classify) -> Value {
        let compute = || {
            if !self.is_open(classify.when.as_ref()) {
                return Value::Missing;
            }
            let subjects = self.subjects(&classify.on);
            match classify.rules.iter().find(|rule| self.fires(rule, &subjects, TOP)) {
                None => Value::Missing,
                Some(rule) => {
                    let labels = Type::Choice(self.rules.class_labels(classify));
                    convert(self.value(result(rule), TOP), &labels, &self.clock)
                }
            }
        };
        self.once(format!("classify {}", classify.name.text), || Outcome::Value(compute())).into_value()
    }

    /// All tags of a block, in the order of their first rule.
    pub(super) fn tag_set(&self, tags: &Tags) -> Value {
        let compute = || {
            if !self.is_open(tags.when.as_ref()) {
                return Value::Missing;
            }
            let labels = self.rules.tag_labels(tags);
            let all = (0..labels.0.len()).map(|index| Value::Label(index, Rc::clone(&labels)));
            Value::Set(all.filter(|label| self.has_tag(tags, label) == Some(true)).collect())
        };
        self.once(format!("tags {}", tags.name.text), || Outcome::Value(compute())).into_value()
    }

    /// Whether a block gives a label: unknown only when its guard is not true. Only the rules of that label are looked
    /// at, so that a block can read its own labels.
    pub(super) fn has_tag(&self, tags: &Tags, label: &Value) -> Option<bool> {
        let wanted = text::normal_form(label.as_text()?);
        let compute = || {
            if !self.is_open(tags.when.as_ref()) {
                return None;
            }
            let subjects = self.subjects(&tags.on);
            let gives = |rule: &Rule| {
                let value = self.value(result(rule), TOP);
                value.as_text().map(text::normal_form).as_ref() == Some(&wanted)
            };
            // `otherwise` looks at every other rule, the rest only at itself.
            Some(tags.rules.iter().filter(|rule| gives(rule)).any(|rule| match rule.test {
                RuleTest::Otherwise(_) => {
                    self.all_firing(&tags.rules, &subjects, TOP).iter().any(|firing| std::ptr::eq(*firing, rule))
                }
                _ => self.fires(rule, &subjects, TOP),
            }))
        };
        let key = format!("tags {} {wanted}", tags.name.text);
        self.once(key, || Outcome::Value(Value::truth(compute()))).into_value().as_truth()
    }

    /// `{"id", "classes", "scores", "tags"}`
    pub(super) fn outcome(&self) -> Json {
        let (mut classes, mut scores, mut tags) = (Vec::new(), Vec::new(), Vec::new());
        for item in self.rules.items() {
            match item {
                Item::Classify(classify) => classes.push((classify.name.text.clone(), to_json(&self.class(classify)))),
                Item::Score(score) => scores.push((score.name.text.clone(), self.score(score).to_json())),
                Item::Tags(block) => tags.push((block.name.text.clone(), to_json(&self.tag_set(block)))),
                _ => {}
            }
        }
        let id = self.lead.get("id").map_or(Json::Null, to_json);
        let parts = [("classes", classes), ("scores", scores), ("tags", tags)];
        let parts = parts.into_iter().map(|(key, entries)| (key.to_owned(), Json::Object(entries)));
        Json::Object(std::iter::once(("id".to_owned(), id)).chain(parts).collect())
    }
}

/// The expression after `=>`.
pub(super) fn result(rule: &Rule) -> &Expr {
    match &rule.result {
        RuleResult::Value(value) => value,
        RuleResult::Skip(_) => invalid("`skip` outside an indicator"),
    }
}

/// A value as an outcome shows it.
pub(super) fn to_json(value: &Value) -> Json {
    match value {
        Value::Missing => Json::Null,
        Value::Number(number, _) => Json::Text(print(number)),
        Value::Set(items) => Json::Array(items.iter().map(to_json).collect()),
        other => other.as_text().map_or(Json::Null, Json::text),
    }
}
