//! Checked model → program: which nodes are computed in which order, for everything and for each outcome alone.

use crate::hir::node::Node;
use crate::hir::{NodeId, Rules};
use std::collections::HashMap;
use std::fmt;

/// The executable form of a rule set: straight-line plans over the nodes of the model.
///
/// A plan computes each node once, after the nodes that it is made of: there is no recursion and no branch that could be
/// left out wrongly. Nodes that belong to the elements of a list are in the body of their list function.
#[derive(Debug)]
pub(crate) struct Program {
    /// Everything that the host sees.
    pub(crate) whole: Plan,
    /// One for each classification, score and block of tags, by position.
    pub(crate) classes: Vec<Plan>,
    pub(crate) scores: Vec<Plan>,
    pub(crate) tags: Vec<Plan>,
    /// Outcomes and everything that an explanation shows.
    pub(crate) explained: Plan,
    /// What is measured over a population: the arguments of its functions.
    pub(crate) measures: Vec<NodeId>,
    pub(crate) measured: Plan,
    /// The nodes of each list function that have a value per element.
    bodies: HashMap<NodeId, Box<[NodeId]>>,
}

/// What to compute.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// In order.
    pub(crate) steps: Vec<NodeId>,
    /// Which fields are read: positions in the schema, ascending.
    pub(crate) wanted: Vec<usize>,
    /// Whether the others are read too, so that what is wrong with a lead is known.
    pub(crate) reads_all: bool,
}

impl Program {
    /// The nodes that are computed for each element.
    pub(crate) fn body(&self, aggregate: NodeId) -> &[NodeId] {
        self.bodies.get(&aggregate).map(|body| &**body).unwrap_or_default()
    }
}

/// Plans a rule set. Linear in its size for each outcome.
pub(crate) fn compile(rules: &Rules) -> Program {
    let classes: Vec<NodeId> = rules.classes.iter().map(|class| class.value).collect();
    let scores: Vec<Vec<NodeId>> = rules
        .scores
        .iter()
        .map(|score| [score.score, score.coverage].into_iter().chain(score.grade).collect())
        .collect();
    let tags: Vec<NodeId> = rules.tags.iter().map(|tags| tags.value).collect();
    let whole: Vec<NodeId> = classes.iter().chain(scores.iter().flatten()).chain(&tags).copied().collect();
    let mut measures: Vec<NodeId> = all_nodes(rules)
        .filter_map(|id| if let Node::Rank(_, ranked) = rules.nodes.get(id) { Some(*ranked) } else { None })
        .collect();
    measures.sort_unstable();
    measures.dedup();
    let explained = whole.iter().copied().chain(shown(rules)).collect::<Vec<_>>();
    Program {
        whole: reading_all(plan(rules, &whole), rules),
        explained: reading_all(plan(rules, &explained), rules),
        classes: classes.iter().map(|&root| plan(rules, &[root])).collect(),
        scores: scores.iter().map(|roots| plan(rules, roots)).collect(),
        tags: tags.iter().map(|&root| plan(rules, &[root])).collect(),
        measured: plan(rules, &measures),
        measures,
        bodies: bodies(rules),
    }
}

fn all_nodes(rules: &Rules) -> impl Iterator<Item = NodeId> {
    (0..rules.nodes.len()).map(|index| NodeId(u32::try_from(index).unwrap_or(u32::MAX)))
}

/// What explanations show beside the outcomes: tests, results, and what they mention.
fn shown(rules: &Rules) -> Vec<NodeId> {
    let mut shown = Vec::new();
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
    shown
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

/// Of a whole outcome: the fields that the file declares matter even when no rule asks for them, and every other field
/// that the lead has is looked at, so that nothing wrong goes unsaid.
fn reading_all(mut plan: Plan, rules: &Rules) -> Plan {
    let fields = rules.schema.fields.iter().enumerate();
    plan.wanted.extend(fields.filter(|(_, field)| field.declared || *field.name == *"id").map(|(slot, _)| slot));
    plan.wanted.sort_unstable();
    plan.wanted.dedup();
    Plan { reads_all: true, ..plan }
}

/// Nodes below the roots, ascending. Those that are not kept are passed through.
fn reachable(rules: &Rules, roots: &[NodeId], keep: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
    let mut seen = std::collections::HashSet::new();
    let mut pending = roots.to_vec();
    let mut found = Vec::new();
    while let Some(id) = pending.pop() {
        if seen.insert(id) {
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
fn bodies(rules: &Rules) -> HashMap<NodeId, Box<[NodeId]>> {
    let aggregates = all_nodes(rules).filter_map(|id| match rules.nodes.get(id) {
        Node::Aggregate(aggregate) => Some((id, aggregate)),
        _ => None,
    });
    let bodies = aggregates.map(|(id, aggregate)| {
        let roots: Vec<NodeId> = [aggregate.value, aggregate.key, aggregate.filter].into_iter().flatten().collect();
        (id, reachable(rules, &roots, |id| rules.nodes.is_of_element(id)).into_boxed_slice())
    });
    bodies.collect()
}

/// A listing: one line per node, what it computes from which.
pub(crate) struct Listing<'r>(pub(crate) &'r Rules, pub(crate) &'r Program);

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &id in &self.1.whole.steps {
            let node = self.0.nodes.get(id);
            write!(f, "n{} = ", id.0)?;
            match node {
                Node::Field(slot) => writeln!(f, "field {}", self.0.schema.fields[*slot as usize].name)?,
                node => writeln!(f, "{node:?}")?,
            }
            for inner in self.1.body(id) {
                writeln!(f, "    each n{} = {:?}", inner.0, self.0.nodes.get(*inner))?;
            }
        }
        Ok(())
    }
}
