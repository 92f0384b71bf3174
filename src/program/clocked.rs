//! What of a rule set moves with the clock, when nothing else changes.

use super::plan::{self, Plan, plan};
use crate::hir::node::Node;
use crate::hir::{NodeId, Rules};

/// The nodes that outcomes are made of, and which of them depend on the instant of the evaluation.
#[derive(Debug, Default)]
pub(crate) struct Clocked {
    /// All of them.
    pub(crate) plan: Plan,
    /// Those that depend on the instant, in order; what belongs to the elements of a list is in its list function.
    pub(crate) steps: Vec<NodeId>,
    /// The values that the host sees, as far as they depend on the instant.
    pub(crate) outcomes: Vec<NodeId>,
    /// Whether a moment within a day can matter: `now` or `hours_since` is among them.
    pub(crate) within_days: bool,
    /// For each node of the rule set its place among those that depend on the instant; [`FIXED`] for all others.
    places: Vec<u32>,
    /// How many have a place.
    pub(crate) count: usize,
}

/// The place of a node that has the same value at every instant.
const FIXED: u32 = u32::MAX;

impl Clocked {
    pub(super) fn new(rules: &Rules) -> Clocked {
        let seen = plan::outcomes(rules);
        let mut reached = vec![false; rules.nodes.len()];
        for id in plan::reachable(rules, &seen, |_| true) {
            reached[id.index()] = true;
        }
        let mut clocked = Clocked { plan: plan(rules, &seen), ..Clocked::default() };
        clocked.places = vec![FIXED; rules.nodes.len()];
        // children come before their parents
        for id in plan::all_nodes(rules).filter(|id| reached[id.index()]) {
            let node = rules.nodes.get(id);
            let mut moves = reads_clock(node);
            node.children(|child| moves |= clocked.moves(child));
            if moves {
                clocked.places[id.index()] = u32::try_from(clocked.count).unwrap_or(FIXED);
                clocked.count += 1;
                clocked.within_days |= matches!(node, Node::Now | Node::HoursSince(_));
            }
        }
        clocked.steps = clocked.plan.steps.iter().copied().filter(|id| clocked.moves(*id)).collect();
        clocked.outcomes = seen.into_iter().filter(|id| clocked.moves(*id)).collect();
        clocked
    }

    /// Whether the value of a node depends on the instant.
    pub(crate) fn moves(&self, id: NodeId) -> bool {
        self.place(id).is_some()
    }

    /// The place of a node among those that depend on the instant.
    pub(crate) fn place(&self, id: NodeId) -> Option<usize> {
        self.places.get(id.index()).filter(|place| **place != FIXED).map(|place| *place as usize)
    }
}

/// Whether a node asks for the instant itself, beside what it is made of.
pub(crate) fn reads_clock(node: &Node) -> bool {
    matches!(
        node,
        Node::Now | Node::Today | Node::Window(..) | Node::HoursSince(_) | Node::MonthsSince(_) | Node::Decay(..)
    )
}
