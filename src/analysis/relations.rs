//! Tags that imply or exclude each other.

use super::budget::Budget;
use super::possible::{FALSE, TRUE, Truths, UNKNOWN};
use super::prover::{Answer, Prover};
use super::search::Goal;
use crate::hir::NodeId;
use crate::hir::node::Node;
use crate::loaded::Loaded;
use std::fmt;

/// How many pairs of tags are looked at.
const PAIRS: usize = 20_000;
/// Steps for one question.
const STEPS: u64 = 1_000_000;

/// A tag: the name of its block, and its label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Tag {
    /// The block.
    pub block: String,
    /// The label.
    pub label: String,
}

/// What two tags have to do with each other, for every lead: proved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TagRelation {
    /// Whoever has the first has the second.
    Implies(Tag, Tag),
    /// Nobody has one of them without the other.
    Same(Tag, Tag),
    /// Nobody has both.
    Excludes(Tag, Tag),
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.block, crate::finding::quoted(&self.label))
    }
}

impl fmt::Display for TagRelation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TagRelation::Implies(one, other) => write!(f, "{one} implies {other}"),
            TagRelation::Same(one, other) => write!(f, "{one} is given with {other}, and never without"),
            TagRelation::Excludes(one, other) => write!(f, "{one} excludes {other}"),
        }
    }
}

/// A tag with what gives it.
struct Given {
    tag: Tag,
    fires: NodeId,
    guard: Option<NodeId>,
}

impl Given {
    fn is(&self) -> impl Iterator<Item = (NodeId, Truths)> {
        self.guard.into_iter().chain([self.fires]).map(|id| (id, TRUE))
    }

    /// The ways in which it is not given.
    fn is_not(&self) -> impl Iterator<Item = (NodeId, Truths)> {
        self.guard.into_iter().chain([self.fires]).map(|id| (id, FALSE | UNKNOWN))
    }
}

/// All relations between tags that some lead gets.
pub(crate) fn relations(loaded: &Loaded) -> Vec<TagRelation> {
    let prover = Prover::new(loaded, &[]);
    let mut budget = Budget::new(loaded.analysis_steps);
    let mut never = |goal: Goal| {
        let mut part = budget.part(STEPS);
        let answer = prover.can(&goal, &mut part);
        budget.give_back(part);
        matches!(answer, Answer::Never)
    };
    let given: Vec<Given> = tags(loaded).into_iter().filter(|tag| !never(Goal::truths(tag.is()))).collect();
    let mut found = Vec::new();
    let mut looked_at = 0;
    for (place, one) in given.iter().enumerate() {
        for other in &given[place + 1..] {
            looked_at += 1;
            if looked_at > PAIRS {
                return found;
            }
            let (a, b) = (one.tag.clone(), other.tag.clone());
            if never(Goal::truths(one.is().chain(other.is()))) {
                found.push(TagRelation::Excludes(a, b));
                continue;
            }
            let mut without =
                |one: &Given, other: &Given| other.is_not().all(|not| never(Goal::truths(one.is().chain([not]))));
            match (without(one, other), without(other, one)) {
                (true, true) => found.push(TagRelation::Same(a, b)),
                (true, false) => found.push(TagRelation::Implies(a, b)),
                (false, true) => found.push(TagRelation::Implies(b, a)),
                (false, false) => {}
            }
        }
    }
    found
}

fn tags(loaded: &Loaded) -> Vec<Given> {
    let rules = &loaded.model;
    let mut found = Vec::new();
    for tags in &rules.tags {
        let mut node = tags.value;
        while let Node::Outcome(inner) | Node::When(_, inner) = rules.nodes.get(node) {
            node = *inner;
        }
        let Node::TagSet(fires) = rules.nodes.get(node) else { continue };
        for (label, fires) in tags.labels.labels().zip(fires) {
            let tag = Tag { block: tags.name.clone(), label: label.to_owned() };
            found.push(Given { tag, fires: *fires, guard: tags.guard });
        }
    }
    found
}
