//! Checked model → program: what is computed, located and looked up, in which order.
//!
//! The whole outcome of a lead is found on the grid: the values that axes ask about are located in their cells, once
//! each; rows of bits tell which boxes of which rules hold; tables give points by cell. What does not fit is an
//! expression, computed once by a [`Plan`] and shared. Explanations, which show every node, run a plan of all nodes.

mod assembly;
mod clocked;
mod demand;
mod flat;
mod layout;
mod ledger;
mod listing;
mod locator;
mod plan;
mod rating;
mod whole;

pub(crate) use clocked::{Clocked, reads_clock};
pub(crate) use flat::{Flat, FlatRated, FlatRows, FlatScore, FlatTags, Pick, Row};
pub(crate) use layout::{Grid, LazyAxis, Rows, Sparse};
pub(crate) use ledger::{Entry, Ledger};
pub(crate) use listing::{Listing, Words};
pub(crate) use locator::{Finder, Locator, Predicate, Search, Source, count_cuts};
pub(crate) use plan::{Plan, plan, score_values};
pub(crate) use rating::{Indicating, NONE, Ruling};
pub(crate) use whole::{Step, TagStep, Value, Whole};

use crate::hir::{NodeId, Rules};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The executable form of a rule set.
#[derive(Debug)]
pub(crate) struct Program {
    /// Everything that the host sees.
    pub(crate) whole: Whole,
    /// The same in short, when there are no expressions.
    pub(crate) flat: Option<Flat>,
    /// Where a population holds the values of what its functions measure; ascending by node.
    measures: Box<[(NodeId, usize)]>,
    /// The nodes of each list function that have a value per element.
    bodies: FxHashMap<NodeId, Box<[NodeId]>>,
    /// Plans that not everybody needs, made when they are first asked for.
    explained: OnceLock<Plan>,
    measured: OnceLock<Plan>,
    clocked: OnceLock<Clocked>,
    classes: Box<[OnceLock<Plan>]>,
    scores: Box<[OnceLock<Plan>]>,
    tags: Box<[OnceLock<Plan>]>,
}

impl Program {
    /// The nodes that are computed for each element.
    pub(crate) fn body(&self, aggregate: NodeId) -> &[NodeId] {
        self.bodies.get(&aggregate).map(|body| &**body).unwrap_or_default()
    }

    /// How many bytes it takes: rows, tables, steps and registers.
    pub(crate) fn bytes(&self) -> usize {
        self.whole.bytes() + self.flat.as_ref().map_or(0, Flat::bytes)
    }

    /// One classification alone.
    pub(crate) fn class(&self, rules: &Rules, index: usize) -> &Plan {
        self.classes[index].get_or_init(|| plan(rules, &[rules.classes[index].value]))
    }

    /// One score alone, with its grade and its coverage.
    pub(crate) fn score(&self, rules: &Rules, index: usize) -> &Plan {
        self.scores[index].get_or_init(|| plan(rules, &score_values(&rules.scores[index])))
    }

    /// One block of tags alone.
    pub(crate) fn tags(&self, rules: &Rules, index: usize) -> &Plan {
        self.tags[index].get_or_init(|| plan(rules, &[rules.tags[index].value]))
    }

    /// Outcomes and everything that an explanation shows.
    pub(crate) fn explained(&self, rules: &Rules) -> &Plan {
        self.explained.get_or_init(|| plan::explained(rules))
    }

    /// Outcomes, and what of them moves with the clock.
    pub(crate) fn clocked(&self, rules: &Rules) -> &Clocked {
        self.clocked.get_or_init(|| Clocked::new(rules))
    }

    /// What is measured over a population.
    pub(crate) fn measured(&self, rules: &Rules) -> &Plan {
        let roots = || rules.measured.iter().map(|measured| measured.node).collect::<Vec<NodeId>>();
        self.measured.get_or_init(|| plan(rules, &roots()))
    }

    /// Where a population holds the values of a node.
    pub(crate) fn measure(&self, node: NodeId) -> Option<usize> {
        let found = self.measures.binary_search_by_key(&node, |(node, _)| *node).ok()?;
        self.measures.get(found).map(|(_, measure)| *measure)
    }
}

/// Compiles a rule set. About linear in its size.
pub(crate) fn compile(rules: &Rules) -> Program {
    let unmade = |count: usize| (0..count).map(|_| OnceLock::new()).collect();
    let mut measures: Vec<(NodeId, usize)> = rules.measured.iter().map(|it| it.node).zip(0..).collect();
    measures.sort_unstable();
    let whole = whole::compile(rules);
    Program {
        flat: Flat::new(rules, &whole),
        whole,
        bodies: plan::bodies(rules),
        measures: measures.into(),
        explained: OnceLock::new(),
        measured: OnceLock::new(),
        clocked: OnceLock::new(),
        classes: unmade(rules.classes.len()),
        scores: unmade(rules.scores.len()),
        tags: unmade(rules.tags.len()),
    }
}
