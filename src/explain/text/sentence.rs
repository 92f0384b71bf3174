//! A condition in a sentence: the value, and what was asked of it.

use super::{Teller, short};
use crate::explain::Truth;
use crate::explain::condition::Condition;
use crate::explain::show::Form;
use crate::explain::words::{Asked, asked};
use crate::hir::NodeId;
use crate::hir::node::Node;
use crate::operator::CompareOperator;

/// How many members of a list are named when the value is one of them.
const LISTED: usize = 4;

impl Teller<'_> {
    /// A value without what was asked of it.
    pub(super) fn present_value(self, leaf: &Condition) -> String {
        let Some(found) = asked(self.rules, leaf.node) else { return self.words.value(leaf.node) };
        if matches!(found, Asked::Present(_) | Asked::Tag(_)) {
            return self.sentence(leaf);
        }
        let values = found.subjects().into_iter().zip(leaf.values.iter().zip(&leaf.forms));
        self.together(values.map(|(id, ((_, value), form))| self.is(id, *form, value.as_deref())))
    }

    /// `员工数为 320（100 到 1000 以下）`: the value, and what was asked of it.
    pub(super) fn sentence(self, leaf: &Condition) -> String {
        let words = self.words;
        let Some(found) = asked(self.rules, leaf.node) else {
            let holds = match leaf.met {
                Some(true) => words.either("holds", "成立"),
                Some(false) => words.either("does not hold", "不成立"),
                None => words.either("cannot be told", "无法判断"),
            };
            return format!("{} {holds}", words.value(leaf.node));
        };
        let first = leaf.values.first().and_then(|(_, value)| value.as_deref());
        let form = leaf.forms.first().copied().unwrap_or(Form::Plain);
        match &found {
            Asked::Present(id) => {
                let there = leaf.truth == Truth::True;
                let there = if leaf.negated { leaf.met == Some(false) } else { there };
                self.filled(*id, there, form, first)
            }
            Asked::Tag(id) => {
                let there = leaf.met.map(|met| met != leaf.negated);
                match there {
                    Some(true) => words.value(*id),
                    _ => self
                        .either(format!("not: {}", words.value(*id)), words.value(*id).replacen("有「", "没有「", 1)),
                }
            }
            Asked::Holds(id) => {
                let truth = leaf.met.map(|met| met != leaf.negated);
                let told = if truth.is_some() { words.holds(*id, truth) } else { None };
                told.unwrap_or_else(|| self.is(*id, form, first))
            }
            Asked::Sides(_, a, b) => {
                let other = leaf.values.get(1).and_then(|(_, value)| value.as_deref());
                let other_form = leaf.forms.get(1).copied().unwrap_or(Form::Plain);
                let asked = self.asked(leaf, &found);
                format!("{}{asked}{}{}", self.is(*a, form, first), self.comma(), self.is(*b, other_form, other))
            }
            other => {
                let id = other.subjects().first().copied().unwrap_or(leaf.node);
                let told = match first {
                    None if !matches!(self.rules.nodes.get(id), Node::Field(_))
                        && !leaf.missing.is_empty()
                        && leaf.missing != [id] =>
                    {
                        let name = self.words.value(id);
                        let missing = self.names(leaf.missing.clone());
                        let verb = if leaf.missing.len() == 1 { "is" } else { "are" };
                        let english = format!("is unknown because {missing} {verb} missing");
                        self.words.before(&name, &self.either(english, format!("未知，缺 {missing}")))
                    }
                    _ => self.is(id, form, first),
                };
                // `行业为 汽车` says it all
                let equal = if leaf.negated { CompareOperator::NotEqual } else { CompareOperator::Equal };
                let evident =
                    leaf.met == Some(true) && matches!(other, Asked::Compared(_, operator, _) if *operator == equal);
                let told = if evident { told } else { format!("{told}{}", self.asked(leaf, other)) };
                // what ranks were taken among
                match leaf.values.get(1).and_then(|(_, population)| population.as_deref()) {
                    Some(population) => self
                        .either(format!("{told}; population is {population}"), format!("{told}；总体为 {population}")),
                    None => told,
                }
            }
        }
    }

    /// `（要求 ≥ 1000）`
    fn asked(self, leaf: &Condition, asked: &Asked<'_>) -> String {
        let requirement = match asked {
            // that it is one of them is enough
            Asked::OneOf(_, members) if leaf.met == Some(true) && !leaf.negated && members.len() > LISTED => {
                let count = members.len();
                self.either(format!("one of {count} listed"), format!("所列 {count} 项之一"))
            }
            _ => self.words.requirement(asked, leaf.negated),
        };
        match leaf.met {
            Some(true) => self.either(format!(" ({requirement})"), format!("（{requirement}）")),
            _ => self.either(format!(" (needed: {requirement})"), format!("（要求 {requirement}）")),
        }
    }

    /// `预算已填`, with what it is.
    fn filled(self, id: NodeId, there: bool, form: Form, value: Option<&str>) -> String {
        match value.filter(|_| there) {
            Some(_) => self.is(id, form, value),
            None if there => {
                let name = self.words.value(id);
                self.words.before(&name, self.words.either("is there", "已填"))
            }
            None => self.is(id, form, None),
        }
    }

    /// `员工数为 320`, `预算未填`
    pub(super) fn is(self, id: NodeId, form: Form, value: Option<&str>) -> String {
        let name = self.words.value(id);
        let Some(value) = value else {
            let is_field = matches!(self.rules.nodes.get(id), Node::Field(_));
            let said = match is_field {
                true => self.words.either("is not filled in", "未填"),
                false => self.words.either("has no value", "没有值"),
            };
            return self.words.before(&name, said);
        };
        let value = match form {
            Form::Plain => value.trim().to_owned(),
            Form::Number => self.words.number(&short(value)),
            Form::Truth => self.words.truth(value == "true").to_owned(),
            Form::Count => {
                let count = value.split(' ').next().unwrap_or_default();
                self.either(format!("{count} in number"), format!("{count} 条"))
            }
        };
        if value.is_empty() {
            return self.words.before(&name, self.words.either("is empty", "是空的"));
        }
        self.words.before(&name, &self.either(format!("is {value}"), format!("为 {value}")))
    }
}
