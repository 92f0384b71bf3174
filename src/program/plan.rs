//! Straight-line plans: each node computed once, after the nodes that it is made of.

use crate::hir::node::Node;
use crate::hir::{NodeId, Rules, Score};
use rustc_hash::FxHashMap;

/// What to compute.
///
/// There is no recursion and no branch that could be left out wrongly. Nodes that belong to the elements of a list are
/// in the body of their list function.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// In order.
    pub(crate) steps: Vec<NodeId>,
    /// Which fields are read: positions in the schema, ascending.
    pub(crate) wanted: Vec<usize>,
    /// Whether the others are read too, so that what is wrong with a lead is known.
    pub(crate) reads_all: bool,
}

pub(super) fn all_nodes(rules: &Rules) -> impl Iterator<Item = NodeId> {
    (0..rules.nodes.len()).map(|index| NodeId(u32::try_from(index).unwrap_or(u32::MAX)))
}

/// What a score consists of.
pub(crate) fn score_values(score: &Score) -> Vec<NodeId> {
    [score.score, score.coverage].into_iter().chain(score.grade).collect()
}

/// Everything that the host sees.
pub(super) fn outcomes(rules: &Rules) -> Vec<NodeId> {
    let classes = rules.classes.iter().map(|class| class.value);
    let scores = rules.scores.iter().flat_map(score_values);
    classes.chain(scores).chain(rules.tags.iter().map(|tags| tags.value)).collect()
}

/// Outcomes, and what explanations show beside them: tests, results, and what they mention.
pub(super) fn explained(rules: &Rules) -> Plan {
    let mut shown = outcomes(rules);
    let mut rule = |rule: &crate::hir::Rule| {
        shown.push(rule.test);
        shown.extend(rule.result);
    };
    rules.classes.iter().flat_map(|class| &class.rules).for_each(&mut rule);
    rules.tags.iter().flat_map(|tags| &tags.rules).for_each(&mut rule);
    for score in &rules.scores {
        score.indicators.iter().flat_map(|indicator| &indicator.rules).for_each(&mut rule);
        score.grade_rules.iter().for_each(&mut rule);
    }
    for score in &rules.scores {
        shown.push(score.sum);
        shown.extend(score.indicators.iter().flat_map(|indicator| [indicator.points, indicator.covered]));
    }
    let guards = rules.classes.iter().map(|it| it.guard);
    let guards = guards.chain(rules.scores.iter().map(|it| it.guard)).chain(rules.tags.iter().map(|it| it.guard));
    shown.extend(guards.flatten());
    Plan { reads_all: true, ..plan(rules, &shown) }
}

/// Everything that the roots are made of, in order.
pub(crate) fn plan(rules: &Rules, roots: &[NodeId]) -> Plan {
    let steps = reachable(rules, roots, |id| !rules.nodes.is_of_element(id));
    let slots = steps.iter().filter_map(|&id| match rules.nodes.get(id) {
        Node::Field(slot) => Some(*slot as usize),
        _ => None,
    });
    let mut wanted: Vec<usize> = slots.collect();
    wanted.sort_unstable();
    Plan { steps, wanted, reads_all: false }
}

/// Nodes below the roots, ascending. Those that are not kept are passed through.
pub(super) fn reachable(rules: &Rules, roots: &[NodeId], keep: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
    let mut seen = vec![false; rules.nodes.len()];
    let mut pending = roots.to_vec();
    let mut found = Vec::new();
    while let Some(id) = pending.pop() {
        if !std::mem::replace(&mut seen[id.index()], true) {
            if keep(id) {
                found.push(id);
            }
            rules.nodes.get(id).children(|child| pending.push(child));
        }
    }
    found.sort_unstable();
    found
}

/// The per-element nodes of every list function.
pub(super) fn bodies(rules: &Rules) -> FxHashMap<NodeId, Box<[NodeId]>> {
    let mut bodies = FxHashMap::default();
    for id in all_nodes(rules) {
        if let Node::Aggregate(aggregate) = rules.nodes.get(id) {
            let roots = [aggregate.value, aggregate.key, aggregate.filter];
            bodies.insert(id, body(rules, roots.into_iter().flatten().collect()));
        }
    }
    bodies
}

/// The nodes below some that have a value per element. They are few, and found without looking at all others.
fn body(rules: &Rules, roots: Vec<NodeId>) -> Box<[NodeId]> {
    let mut found = std::collections::BTreeSet::new();
    let mut pending = roots;
    while let Some(id) = pending.pop() {
        if rules.nodes.is_of_element(id) && found.insert(id) {
            rules.nodes.get(id).children(|child| pending.push(child));
        }
    }
    found.into_iter().collect()
}
