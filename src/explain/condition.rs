//! A condition with its parts: which of them are true, false or unknown, and which ones decided.

use super::show::{Form, form_of, population, shown};
use super::words::{Words, asked, kind};
use super::{Truth, as_map};
use crate::eval::State;
use crate::hir::node::Node;
use crate::hir::{NodeId, Rules};
use serde::Serialize;

/// How many parts of one condition are shown.
const PARTS: usize = 200;
/// How deep they are shown.
const DEPTH: usize = 40;

/// A condition, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Condition {
    /// As the rule language writes it.
    pub condition: String,
    /// What a `let` calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it is true.
    pub truth: Truth,
    /// Whether the truth of the whole condition rests on it: of `a and b` that is false the false parts, of `a or b` that
    /// is true the true ones.
    pub decides: bool,
    /// Of a condition that is not made of others: the values that it reads; nothing for what is missing.
    #[serde(serialize_with = "as_map", skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, Option<String>)>,
    /// What it is made of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Condition>,
    /// The condition without `not`.
    #[serde(skip)]
    pub(super) node: NodeId,
    /// Whether the whole asks for its opposite.
    #[serde(skip)]
    pub(super) negated: bool,
    /// Whether it is as the whole asks; nothing when it is unknown.
    #[serde(skip)]
    pub(super) met: Option<bool>,
    /// How its values are written.
    #[serde(skip)]
    pub(super) forms: Vec<Form>,
    /// The fields, lists and outcomes that are missing.
    #[serde(skip)]
    pub(super) missing: Vec<NodeId>,
}

impl Condition {
    /// The conditions that are not made of others, in order.
    pub(super) fn leaves(&self) -> Vec<&Condition> {
        let (mut pending, mut found) = (vec![self], Vec::new());
        while let Some(next) = pending.pop() {
            if next.parts.is_empty() {
                found.push(next);
            }
            pending.extend(next.parts.iter().rev());
        }
        found
    }

    /// Those of them that decided.
    pub(super) fn deciding(&self) -> Vec<&Condition> {
        self.leaves().into_iter().filter(|leaf| leaf.decides).collect()
    }
}

/// Takes a condition apart.
pub(super) struct Parts<'p, 'a> {
    rules: &'p Rules,
    state: &'p State<'a>,
    words: Words<'p>,
    left: usize,
}

impl<'p, 'a> Parts<'p, 'a> {
    pub(super) fn of(rules: &'p Rules, state: &'p State<'a>, condition: NodeId) -> Condition {
        let mut parts = Parts { rules, state, words: Words::of_rules(rules), left: PARTS };
        parts.condition(condition, false, true, 0)
    }

    fn condition(&mut self, id: NodeId, negated: bool, decides: bool, depth: usize) -> Condition {
        let rules = self.rules;
        self.left = self.left.saturating_sub(1);
        match rules.nodes.get(id) {
            Node::Not(inner) => {
                let inside = self.condition(*inner, !negated, decides, depth);
                // what a person sees is the condition with its `not`
                return Condition {
                    condition: self.words.written(id),
                    name: self.name(id),
                    truth: self.truth(id),
                    ..inside
                };
            }
            Node::Fires(inner) | Node::When(_, inner) => return self.condition(*inner, negated, decides, depth),
            Node::Outcome(inner) if asked(rules, id).is_none() => {
                return self.condition(*inner, negated, decides, depth);
            }
            _ => {}
        }
        let mut found = Condition {
            condition: self.words.written(id),
            name: self.name(id),
            truth: self.truth(id),
            decides,
            values: Vec::new(),
            parts: Vec::new(),
            node: id,
            negated,
            met: self.state.truth(id).map(|truth| truth != negated),
            forms: Vec::new(),
            missing: Vec::new(),
        };
        match rules.nodes.get(id) {
            Node::All(list) | Node::Any(list) | Node::AtLeast(_, list)
                if asked(rules, id).is_none() && self.left >= list.len() && depth < DEPTH =>
            {
                for part in list {
                    let decides = decides && self.decides(id, self.truth(*part));
                    found.parts.push(self.condition(*part, negated, decides, depth + 1));
                }
            }
            _ => self.read(id, &mut found),
        }
        found
    }

    /// The values that a condition reads.
    fn read(&self, id: NodeId, found: &mut Condition) {
        let subjects = asked(self.rules, id).map_or_else(|| self.rules.nodes.mentions(id).into(), |it| it.subjects());
        for subject in subjects {
            let value = self.state.value(subject);
            let shown = shown(self.state, value, kind(self.rules, subject).as_ref());
            found.values.push((self.words.value(subject), shown));
            found.forms.push(form_of(value));
        }
        let mentions = self.rules.nodes.mentions(id);
        if mentions.iter().any(|id| matches!(self.rules.nodes.get(*id), Node::PopulationLoaded)) {
            found.values.push(("population".into(), population(self.state)));
            found.forms.push(Form::Plain);
        }
        let missing = |id: &NodeId| !self.state.is_present(*id);
        found.missing = mentions.iter().copied().filter(missing).collect();
    }

    /// Whether the truth of a condition rests on a part of this truth.
    fn decides(&self, whole: NodeId, part: Truth) -> bool {
        let own = self.truth(whole);
        match (self.rules.nodes.get(whole), own) {
            (Node::All(_), Truth::True) | (Node::Any(_), Truth::False) => true,
            _ => part == own,
        }
    }

    fn truth(&self, id: NodeId) -> Truth {
        Truth::from(self.state.truth(id))
    }

    fn name(&self, id: NodeId) -> Option<String> {
        self.rules.binding(id).map(|it| it.name.clone())
    }
}
