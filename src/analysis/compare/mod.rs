//! Two versions of a rule set: proved to be equal for every lead, or leads that show how they differ.
//!
//! Both become one graph, in which nodes that mean the same are one node. What the versions have in common is then equal
//! at once; of every other value the cells are searched in which the two may differ, from where the rules differ on. What
//! is found is evaluated by both versions before it is reported.

mod deciding;
mod likeness;
mod merge;
mod model;
mod pairs;
mod trials;

pub use deciding::{DecidingRule, deciding};
pub use model::{Comparison, DeclarationChange, RuleChange, Undecided};

use super::budget::{Budget, Exhausted};
use super::picture::reachable;
use super::possible::Possible;
use super::prover::Prover;
use super::search::{Leaf, Next, Search, Stand};
use super::view::View;
use crate::grid::Cells;
use crate::hir::node::Node;
use crate::hir::{NodeId, Rules};
use crate::lead::Lead;
use crate::loaded::Loaded;
use crate::previous::Previous;
use crate::types::Type;
use likeness::{Likener, Likeness};
use merge::{Merged, as_given, merge};
use pairs::{Pair, pairs};
use std::cell::RefCell;
use std::sync::Arc;
use trials::{Seen, Trials};

/// Steps for one value at most, and for looking for one lead.
const STEPS: u64 = 40_000_000;
const STEPS_OF_LEAD: u64 = 2_000_000;
/// Places at which no lead was found, after which it is given up.
const FAILURES: usize = 40;
/// Places at which a score was different only together with its grade.
const TOGETHER: usize = 40;
/// Pairs of labels that are looked at one by one.
const COMBINATIONS: usize = 400;

/// What differs between two versions.
pub(crate) fn compare(old: &Arc<Loaded>, new: &Arc<Loaded>) -> Comparison {
    if old.fingerprint == new.fingerprint {
        return Comparison::default();
    }
    let mut merged = merge(old, new);
    let pairs = pairs(&mut merged, &old.model, &new.model);
    let moved = old.model.zone != new.model.zone;
    let in_zone = |pair: &Pair| moved && pair.nodes.iter().any(|node| is_in_zone(&merged.rules, *node));
    let open: Vec<Pair> = pairs.iter().filter(|pair| !pair.is_same()).cloned().collect();
    let mut undecided: Vec<Undecided> = Vec::new();
    for pair in pairs.iter().filter(|pair| in_zone(pair)) {
        let reason = "it depends on dates or on the clock, and the versions have different zones";
        undecided.push(Undecided { what: pair.what(), reason: reason.to_owned() });
    }
    let mut trials = Trials::new(old, new, &pairs);
    for test in old.model.tests.iter().chain(&new.model.tests) {
        trials.look(&test.given, &test.previous.clone().unwrap_or_default(), test.at, None);
    }
    if !open.is_empty() {
        let loaded = Merged::load(merged.rules, old);
        let roots = open.iter().flat_map(|pair| pair.nodes).collect();
        let prover = Prover::of(&loaded, roots, &[]);
        let mut budget = Budget::new(loaded.analysis_steps);
        for pair in &open {
            let mut part = budget.part(STEPS);
            let reason = Hunt { prover: &prover, pair, trials: RefCell::new(&mut trials) }.run(&mut part);
            budget.give_back(part);
            undecided.extend(reason.map(|reason| Undecided { what: pair.what(), reason }));
        }
    }
    Comparison { declarations: declarations(&old.model, &new.model), changes: trials.finish(&pairs), undecided }
}

/// What only one version declares, in the order of the new version.
fn declarations(old: &Rules, new: &Rules) -> Vec<DeclarationChange> {
    let of = |rules: &Rules| -> Vec<(&'static str, String)> {
        let classes = rules.classes.iter().map(|class| ("classify", class.name.clone()));
        let scores = rules.scores.iter().map(|score| ("score", score.name.clone()));
        classes.chain(scores).chain(rules.tags.iter().map(|tags| ("tags", tags.name.clone()))).collect()
    };
    let (old, new) = (of(old), of(new));
    let only = |those: &[(&'static str, String)], others: &[(&'static str, String)], added| {
        let gone = those.iter().filter(|it| !others.contains(it));
        gone.map(|(kind, name)| DeclarationChange { name: name.clone(), kind, added }).collect::<Vec<_>>()
    };
    [only(&new, &old, true), only(&old, &new, false)].concat()
}

/// Whether a value depends on the zone in which days are counted.
fn is_in_zone(rules: &Rules, root: NodeId) -> bool {
    let (mut seen, mut pending) = (rustc_hash::FxHashSet::default(), vec![root]);
    let is_time = |kind: &Type| matches!(kind, Type::Date | Type::DateTime);
    while let Some(id) = pending.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = rules.nodes.get(id);
        let field = |slot: u32| rules.schema.fields.get(slot as usize).map(|field| &field.kind);
        let found = match node {
            Node::Now | Node::Today | Node::Window(..) => true,
            Node::Field(slot) => field(*slot).is_some_and(is_time),
            Node::Element(slot, column) => match field(*slot) {
                Some(Type::List(fields)) => fields.get(*column as usize).is_some_and(|field| is_time(&field.kind)),
                _ => false,
            },
            _ => false,
        };
        if found {
            return true;
        }
        node.children(|child| pending.push(child));
    }
    false
}

/// Looks for the leads for which one value differs.
struct Hunt<'h, 'p, 't> {
    prover: &'h Prover<'p>,
    pair: &'h Pair,
    trials: RefCell<&'h mut Trials<'t>>,
}

impl Hunt<'_, '_, '_> {
    /// Visits every place where the two can differ. Why that is not known, if so.
    fn run(&self, budget: &mut Budget) -> Option<String> {
        let cone = reachable(self.prover.picture.rules, self.pair.nodes);
        let mut for_leads = budget.part(STEPS / 2);
        let (mut failures, mut together, mut left) = (0, 0, Vec::new());
        let known = RefCell::new(self.known());
        let mut judge = |cells: &[Cells], budget: &mut Budget| self.stand(cells, &cone, &known.borrow(), budget);
        let result = Search::new(&self.prover.picture, &self.prover.certain).run_with(
            &super::region::Area::default(),
            budget,
            &mut judge,
            &mut |leaf: Leaf<'_>| {
                let mut part = for_leads.part(STEPS_OF_LEAD);
                let seen = self.seek(leaf.cells, &cone, &known, &mut part);
                for_leads.give_back(part);
                match seen {
                    Seen::New => *known.borrow_mut() = self.known(),
                    Seen::Known if self.is_single() => together += 1,
                    Seen::Known | Seen::Nothing => {
                        failures += 1;
                        left.push(self.at(leaf.cells, &cone));
                    }
                }
                let enough = self.is_single() && !known.borrow().is_empty();
                if enough || failures >= FAILURES || together >= TOGETHER { Next::Stop } else { Next::GoOn }
            },
        );
        let known = known.into_inner();
        let is_single = self.is_single();
        left.retain(|kind| match kind {
            _ if is_single => known.is_empty() && together == 0,
            Some(kind) => !known.contains(kind),
            None => true,
        });
        match result {
            Err(Exhausted) if !is_single || known.is_empty() => {
                Some("it would have taken too many steps to look at all possibilities".to_owned())
            }
            _ if left.is_empty() => None,
            _ => Some("it may differ for some leads, of which none was found".to_owned()),
        }
    }

    /// Whether it only matters that the two differ, and not how.
    fn is_single(&self) -> bool {
        self.pair.is_number() || self.pair.lonely
    }

    /// The kinds of change that are known already, by keys.
    fn known(&self) -> Vec<(Option<i128>, Option<i128>)> {
        let key = |version: usize, label: &Option<String>| {
            let labels = self.pair.labels.as_ref().map(|labels| &labels[version]);
            let place = labels.and_then(|labels| labels.iter().position(|known| Some(known) == label.as_ref()));
            place.and_then(|place| i128::try_from(place).ok())
        };
        let found = self.trials.borrow().known(self.pair);
        let is_tag = self.pair.labels.is_none() && !self.pair.is_number();
        let keys = found.iter().map(|(from, to)| {
            if is_tag {
                // a tag, or a block of tags, that was given is not, or the other way round
                let had = i128::from(to.is_none());
                (Some(had), Some(1 - had))
            } else {
                (key(0, from), key(1, to))
            }
        });
        keys.collect()
    }

    /// What the values are in some cells, if that is certain.
    fn at(&self, cells: &[Cells], cone: &[NodeId]) -> Option<(Option<i128>, Option<i128>)> {
        let mut view = View::new(&self.prover.picture, cells, None);
        view.fill(cone);
        let [old, new] = self.pair.nodes.map(|node| view.value(node));
        let key = |value: &Possible| value.keys.first().map(|(key, _)| *key);
        (old.is_certain() && new.is_certain()).then(|| (key(&old), key(&new)))
    }

    /// Whether the two can differ in some cells, in a way that is not known yet.
    fn stand(
        &self,
        cells: &[Cells],
        cone: &[NodeId],
        known: &[(Option<i128>, Option<i128>)],
        budget: &mut Budget,
    ) -> Result<Stand, Exhausted> {
        budget.spend(1 + cone.len())?;
        let is_single = self.is_single();
        if is_single && !known.is_empty() {
            return Ok(Stand::Lost);
        }
        let mut view = View::new(&self.prover.picture, cells, None);
        view.fill(cone);
        let [old, new] = self.pair.nodes.map(|node| view.value(node));
        if !is_single && !known.is_empty() && self.are_known(&old, &new, known) {
            return Ok(Stand::Lost);
        }
        let names = self.pair.labels.as_ref().filter(|_| self.pair.is_renamed());
        Ok(match Likener::new(&mut view, names).outcomes(self.pair.nodes) {
            Likeness::Same => Stand::Lost,
            Likeness::Open(open) => Stand::Open(open),
            Likeness::Unlike if old.is_certain() && new.is_certain() => Stand::Reached,
            Likeness::Unlike => Stand::Perhaps,
        })
    }

    /// Whether all differences that are possible are known.
    fn are_known(&self, old: &Possible, new: &Possible, known: &[(Option<i128>, Option<i128>)]) -> bool {
        let (Some(old), Some(new)) = (every_key(old), every_key(new)) else { return false };
        let label = |version: usize, key: &Option<i128>| {
            let place = usize::try_from((*key)?).ok()?;
            self.pair.labels.as_ref().and_then(|labels| labels[version].get(place))
        };
        let same = |a: &Option<i128>, b: &Option<i128>| match self.pair.labels {
            Some(_) => a.is_some() == b.is_some() && label(0, a) == label(1, b),
            None => a == b,
        };
        old.iter().all(|a| new.iter().all(|b| same(a, b) || known.contains(&(*a, *b))))
    }

    /// Looks for a lead in some cells, and tries it.
    fn seek(
        &self,
        cells: &[Cells],
        cone: &[NodeId],
        known: &RefCell<Vec<(Option<i128>, Option<i128>)>>,
        budget: &mut Budget,
    ) -> Seen {
        let mut best = Seen::Nothing;
        let now = self.prover.at.now();
        let mut accept = |lead: &Lead, previous: &Previous| {
            for lead in as_given(lead) {
                match self.trials.borrow_mut().look(&lead, previous, now, Some(self.pair)) {
                    Seen::Nothing => {}
                    Seen::Known => best = Seen::Known,
                    Seen::New => {
                        best = Seen::New;
                        return true;
                    }
                }
            }
            best == Seen::Known && self.is_single()
        };
        let mut judge = |cells: &[Cells], budget: &mut Budget| self.stand(cells, cone, &known.borrow(), budget);
        self.prover.seek(cells, budget, &mut judge, &mut accept);
        best
    }
}

/// The keys that a value can have, and nothing for "missing"; nothing at all when there are many.
fn every_key(value: &Possible) -> Option<Vec<Option<i128>>> {
    let mut keys: Vec<Option<i128>> = if value.missing { vec![None] } else { Vec::new() };
    for (low, high) in &value.keys {
        if high.checked_sub(*low).is_none_or(|width| width > COMBINATIONS as i128) || keys.len() > COMBINATIONS {
            return None;
        }
        keys.extend((*low..=*high).map(Some));
    }
    Some(keys)
}
