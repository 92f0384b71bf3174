//! What an outcome depends on.

use crate::hir::node::Node;
use crate::hir::{NodeId, PreviousPart, Rules};
use crate::program::{reads_clock, score_values};
use crate::types::Type;
use serde::Serialize;
use std::collections::BTreeSet;

/// Everything that a declaration, or a whole rule set, reads: directly, through lets, and through the outcomes that it
/// refers to. What it does not read cannot change it.
///
/// Serialises as `{"fields", "clock", "previous", "population"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReadSet {
    fields: BTreeSet<String>,
    clock: bool,
    previous: BTreeSet<String>,
    population: bool,
}

impl ReadSet {
    /// The fields of the lead, by name and in the order of the names. Fields of the elements of a list are written with
    /// their list, `purchases.amount`; the list itself, `purchases`, is there too, since how many elements it has counts.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = &str> {
        self.fields.iter().map(String::as_str)
    }

    /// Whether it reads the clock, so that it can change while nothing else does: see
    /// [`RuleSet::next_change`](crate::RuleSet::next_change).
    pub fn reads_clock(&self) -> bool {
        self.clock
    }

    /// What it reads of the last outcome: `member`, `fit.score`, `fit.grade`, `fit.coverage`.
    pub fn previous(&self) -> impl ExactSizeIterator<Item = &str> {
        self.previous.iter().map(String::as_str)
    }

    /// Whether it reads the last outcome.
    pub fn reads_previous(&self) -> bool {
        !self.previous.is_empty()
    }

    /// Whether it reads the population.
    pub fn reads_population(&self) -> bool {
        self.population
    }

    /// Whether it reads one of some fields. `purchases` stands for the whole list, so for the fields of its elements too;
    /// `purchases.amount` stands for that field of elements that stay.
    pub fn reads_any(&self, fields: &[&str]) -> bool {
        reads_any(&self.fields, fields)
    }

    /// Adds what another one reads.
    fn extend(&mut self, other: &ReadSet) {
        self.fields.extend(other.fields.iter().cloned());
        self.clock |= other.clock;
        self.previous.extend(other.previous.iter().cloned());
        self.population |= other.population;
    }
}

/// Whether one of some fields is among those that are read, itself or as the list of one.
pub(crate) fn reads_any(read: &BTreeSet<String>, fields: &[&str]) -> bool {
    fields.iter().any(|field| {
        read.contains(*field)
            || read.iter().any(|read| read.strip_prefix(field).is_some_and(|rest| rest.starts_with('.')))
    })
}

/// What each declaration reads: in the order of the model classifications, scores, blocks of tags.
#[derive(Debug)]
pub(crate) struct ReadSets {
    pub(crate) classes: Vec<ReadSet>,
    pub(crate) scores: Vec<ReadSet>,
    pub(crate) tags: Vec<ReadSet>,
    /// All of them.
    pub(crate) whole: ReadSet,
}

impl ReadSets {
    pub(crate) fn new(rules: &Rules) -> ReadSets {
        let mut walk = Walk { rules, seen: vec![0; rules.nodes.len()], round: 0 };
        let mut sets = ReadSets {
            classes: rules.classes.iter().map(|class| walk.read(vec![class.value])).collect(),
            scores: rules.scores.iter().map(|score| walk.read(score_values(score))).collect(),
            tags: rules.tags.iter().map(|tags| walk.read(vec![tags.value])).collect(),
            whole: ReadSet::default(),
        };
        for set in sets.classes.iter().chain(&sets.scores).chain(&sets.tags) {
            sets.whole.extend(set);
        }
        sets
    }
}

/// Walks over what values are made of, one declaration after another.
struct Walk<'r> {
    rules: &'r Rules,
    /// In which round each node was met last.
    seen: Vec<u32>,
    round: u32,
}

impl Walk<'_> {
    fn read(&mut self, mut pending: Vec<NodeId>) -> ReadSet {
        self.round += 1;
        let mut set = ReadSet::default();
        while let Some(id) = pending.pop() {
            if std::mem::replace(&mut self.seen[id.index()], self.round) == self.round {
                continue;
            }
            let node = self.rules.nodes.get(id);
            self.note(node, &mut set);
            node.children(|child| pending.push(child));
        }
        set
    }

    fn note(&self, node: &Node, set: &mut ReadSet) {
        set.clock |= reads_clock(node);
        let name = |slot: u32| self.rules.schema.fields.get(slot as usize).map(|field| field.name.to_string());
        match node {
            Node::Field(slot) => set.fields.extend(name(*slot)),
            Node::Element(list, column) => set.fields.extend(self.element(*list, *column)),
            Node::Previous(position) => {
                set.previous.extend(self.rules.previous.get(*position as usize).map(|previous| match previous.part {
                    PreviousPart::Class(_) | PreviousPart::Tags(_) => previous.outcome.clone(),
                    PreviousPart::Score => format!("{}.score", previous.outcome),
                    PreviousPart::Grade(_) => format!("{}.grade", previous.outcome),
                    PreviousPart::Coverage => format!("{}.coverage", previous.outcome),
                }));
            }
            Node::PopulationLoaded | Node::Rank(..) => set.population = true,
            _ => {}
        }
    }

    /// `purchases.amount`
    fn element(&self, list: u32, column: u32) -> Option<String> {
        let list = self.rules.schema.fields.get(list as usize)?;
        let Type::List(elements) = &list.kind else { return None };
        Some(format!("{}.{}", list.name, elements.get(column as usize)?.name))
    }
}
