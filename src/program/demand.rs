//! What has to be known for the outcomes, and by which means.

use super::plan;
use crate::grid::{Boxes, Builder};
use crate::hir::node::{Award, Constant, Indicator, Node};
use crate::hir::{NodeId, Rules};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// How the value of a node is found.
#[derive(Debug)]
pub(super) enum Unit {
    /// From the values of its children.
    Compute,
    /// The same value as that of another node.
    Same(NodeId),
    /// Of a `match`: the boxes of each arm.
    Choose(Vec<Boxes>),
    /// Of a `when`: the boxes of the guard.
    Guard(Boxes),
    /// Of an indicator: its points.
    Points,
    /// Whether an indicator, the one below, is covered.
    Covered(NodeId),
    /// Of a score all of whose points are constants: sum and coverage at once, in these nodes.
    Total { sum: NodeId, coverage: NodeId },
    /// Found with the other one of the two.
    WithTotal,
    /// Of a set of tags that later rules read: the boxes of each label.
    Labels(Vec<Boxes>),
}

/// The boxes of an indicator.
#[derive(Debug)]
pub(super) struct Rating {
    /// Where each rule is true.
    pub(super) rules: Vec<Boxes>,
    /// Where something is missing that each rule mentions and none before it.
    pub(super) missing: Vec<Boxes>,
}

/// The boxes of a block of tags.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) labels: Vec<Boxes>,
    pub(super) guard: Option<Boxes>,
}

/// Everything that is needed, found from the outcomes downwards.
pub(super) struct Demand<'r> {
    pub(super) rules: &'r Rules,
    pub(super) builder: Builder<'r>,
    /// Ascending, so that what a node is made of comes before it.
    pub(super) units: BTreeMap<NodeId, Unit>,
    pub(super) ratings: FxHashMap<NodeId, Rating>,
    /// In the order of the blocks.
    pub(super) tags: Vec<Block>,
    /// Nodes that have a value per element of a list, and are computed by the list function.
    pub(super) of_elements: FxHashSet<NodeId>,
    pending: Vec<NodeId>,
}

impl<'r> Demand<'r> {
    pub(super) fn new(rules: &'r Rules) -> Demand<'r> {
        let roots = plan::outcomes(rules);
        let reachable = plan::reachable(rules, &roots, |_| true);
        let mut demand = Demand {
            rules,
            builder: Builder::new(rules, &reachable),
            units: BTreeMap::new(),
            ratings: FxHashMap::default(),
            tags: Vec::new(),
            of_elements: FxHashSet::default(),
            pending: Vec::new(),
        };
        for tags in &rules.tags {
            let block = demand.tag_block(tags.value);
            demand.tags.push(block);
        }
        for score in &rules.scores {
            demand.total(score);
        }
        demand.pending.extend(rules.classes.iter().map(|class| class.value));
        demand.pending.extend(rules.scores.iter().flat_map(plan::score_values));
        demand.settle();
        demand
    }

    /// Follows what is needed until nothing new is.
    fn settle(&mut self) {
        loop {
            self.pending.extend(self.builder.take_demanded());
            let Some(node) = self.pending.pop() else { return };
            if self.units.contains_key(&node) || self.of_elements.contains(&node) {
                continue;
            }
            if self.rules.nodes.is_of_element(node) {
                self.of_elements.insert(node);
                self.demand_children(node);
            } else {
                let unit = self.unit(node);
                self.units.insert(node, unit);
            }
        }
    }

    fn demand_children(&mut self, node: NodeId) {
        let pending = &mut self.pending;
        self.rules.nodes.get(node).children(|child| pending.push(child));
    }

    /// How a value is found, and what that needs.
    fn unit(&mut self, node: NodeId) -> Unit {
        let rules = self.rules;
        match rules.nodes.get(node) {
            Node::Outcome(inner) => {
                self.pending.push(*inner);
                Unit::Same(*inner)
            }
            Node::Match { arms, .. } => {
                let boxes = arms.iter().map(|(test, _)| self.builder.test(*test)).collect();
                arms.iter().for_each(|(_, value)| self.value(*value));
                Unit::Choose(boxes)
            }
            Node::When(guard, inner) => {
                self.value(*inner);
                Unit::Guard(self.builder.test(*guard))
            }
            Node::Indicator(indicator) => {
                self.rate(node, indicator);
                for (_, award) in &indicator.rules {
                    if let Award::Points(points) = award {
                        self.value(*points);
                    }
                }
                Unit::Points
            }
            Node::Covered(inner) => {
                if let Node::Indicator(indicator) = rules.nodes.get(*inner) {
                    self.rate(*inner, indicator);
                    let mentions = indicator.mentions.iter().flat_map(|mentions| &mentions.points);
                    self.pending.extend(mentions.copied());
                }
                Unit::Covered(*inner)
            }
            Node::TagSet(tests) => Unit::Labels(tests.iter().map(|test| self.label(*test)).collect()),
            _ => {
                self.demand_children(node);
                Unit::Compute
            }
        }
    }

    /// A value that is either a constant or has to be there.
    fn value(&mut self, node: NodeId) {
        if !is_scalar(self.rules, node) {
            self.pending.push(node);
        }
    }

    fn rate(&mut self, node: NodeId, indicator: &Indicator) {
        if self.ratings.contains_key(&node) {
            return;
        }
        let rules = indicator.rules.iter().map(|(test, _)| self.builder.test(*test)).collect();
        let mut mentioned = FxHashSet::default();
        let missing = indicator.mentions.iter().map(|mentions| {
            let new = mentions.test.iter().filter(|id| mentioned.insert(**id));
            new.flat_map(|id| self.builder.absent(*id)).collect()
        });
        let missing = missing.collect();
        self.ratings.insert(node, Rating { rules, missing });
    }

    /// The boxes of a block of tags.
    fn tag_block(&mut self, value: NodeId) -> Block {
        let rules = self.rules;
        let mut block = Block::default();
        let mut node = value;
        loop {
            match rules.nodes.get(node) {
                Node::Outcome(inner) => node = *inner,
                Node::When(test, inner) => {
                    block.guard = Some(self.builder.test(*test));
                    node = *inner;
                }
                Node::TagSet(tests) => {
                    block.labels = tests.iter().map(|test| self.label(*test)).collect();
                    return block;
                }
                _ => return block,
            }
        }
    }

    /// Where any rule of a label is true. There may be many, and they need not be one condition.
    fn label(&mut self, fires: NodeId) -> Boxes {
        let rules = self.rules;
        match rules.nodes.get(fires) {
            Node::Fires(inner) => match rules.nodes.get(*inner) {
                Node::Any(list) => list.iter().flat_map(|test| self.builder.test(*test)).collect(),
                _ => self.builder.test(*inner),
            },
            _ => self.builder.test(fires),
        }
    }

    /// A score whose points are all constants is summed by tables.
    fn total(&mut self, score: &crate::hir::Score) {
        let rules = self.rules;
        let (sum, coverage) = (self.made_of(score.score), self.made_of(score.coverage));
        let (Node::Score(parts), Node::Coverage(_)) = (rules.nodes.get(sum), rules.nodes.get(coverage)) else { return };
        if !super::ledger::is_constant(rules, parts) {
            return;
        }
        for part in &parts.parts {
            if let Node::Indicator(indicator) = rules.nodes.get(part.node) {
                self.rate(part.node, indicator);
            }
        }
        // both are known from when the first of them is
        self.units.insert(sum.max(coverage), Unit::WithTotal);
        self.units.insert(sum.min(coverage), Unit::Total { sum, coverage });
    }

    /// What an outcome is the value of, whatever its guard.
    fn made_of(&self, mut node: NodeId) -> NodeId {
        while let Node::Outcome(inner) | Node::When(_, inner) = self.rules.nodes.get(node) {
            node = *inner;
        }
        node
    }
}

/// Whether a node is a constant that is no set.
pub(super) fn is_scalar(rules: &Rules, node: NodeId) -> bool {
    let constant = rules.nodes.constant(node);
    constant.is_some_and(|it| !matches!(it, Constant::Labels(_) | Constant::Texts(_) | Constant::Codes(_)))
}
