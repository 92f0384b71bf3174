//! `previous.…`: the last outcome that the host hands in.

use super::expression::Evaluation;
use super::invalid;
use super::lead::read_value;
use super::types::{FieldInfo, Items, Type};
use super::value::Value;
use crate::json::Json;
use gradus::syntax::ast::Item;
use std::rc::Rc;

impl Evaluation<'_> {
    /// The value behind `previous`; missing when there is none or its label no longer exists.
    pub(super) fn previous_value(&self, path: &[&str]) -> Value {
        let (group, kind) = match (self.rules.declaration(path[0]), &path[1..]) {
            (Some(Item::Classify(classify)), []) => ("classes", Type::Choice(self.rules.class_labels(classify))),
            (Some(Item::Tags(tags)), []) => ("tags", Type::Set(Items::Closed(self.rules.tag_labels(tags)))),
            (Some(Item::Score(score)), ["grade"]) => ("scores", Type::Choice(self.rules.grade_labels(score))),
            (Some(Item::Score(_)), ["score" | "coverage"]) => ("scores", Type::Decimal),
            // Points are not part of an outcome.
            (Some(Item::Score(_)), [_, "points"]) => return Value::Missing,
            _ => invalid(&format!("previous.{}", path.join("."))),
        };
        let start = self.previous.and_then(|previous| previous.get(group));
        let Some(json) = path.iter().try_fold(start, |json, key| Some(json?.get(key))).flatten() else {
            return Value::Missing;
        };
        if let (Json::Array(labels), Type::Set(Items::Closed(known))) = (json, &kind) {
            // Unlike the set of a lead, an outcome without tags is there.
            let found = labels.iter().filter_map(|label| known.find(label.as_text()?));
            return Value::Set(found.map(|index| Value::Label(index, Rc::clone(known))).collect());
        }
        read_value(json, &FieldInfo { kind, placeholders: Vec::new(), numbers: Vec::new() }, &self.clock)
    }
}
