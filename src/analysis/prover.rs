//! Whether some lead shows something: proved that none does, or shown by one that was evaluated.

use super::budget::{Budget, Exhausted};
use super::joint::{Group, Joint, Row, orders, single_origin};
use super::picture::{Origin, Picture, roots};
use super::region::Area;
use super::sample::{Sampler, set};
use super::search::{Goal, Judge, Leaf, Next, Search};
use super::trial::{Trial, asked, cell, key, truth};
use crate::finding::Witness;
use crate::grid::{AxisId, Cells, Space};
use crate::hir::NodeId;
use crate::lead::Lead;
use crate::loaded::Loaded;
use crate::previous::Previous;
use crate::time::At;
use crate::value::Value;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// What came of a question.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// No lead does.
    Never,
    /// Some lead does; this one, where one was asked for.
    Some(Option<Box<Witness>>),
    /// No lead was found, and none was excluded.
    Undecided,
    /// There were too many possibilities.
    TooMuch,
}

/// Whether a lead with its last outcome is what is looked for.
pub(crate) type Accept<'a> = dyn FnMut(&Lead, &Previous) -> bool + 'a;

/// Places of a search at which a lead is looked for.
const TRIES: usize = 40;
/// Combinations of values that are tried at one place, where values depend on each other.
const COMBINATIONS: usize = 800;
/// Tests of the file whose leads are looked at.
const SEEDS: usize = 64;

/// Answers questions about one rule set.
pub(crate) struct Prover<'l> {
    pub(crate) loaded: &'l Loaded,
    pub(crate) picture: Picture<'l>,
    /// What is certain.
    pub(crate) certain: Joint,
    /// What is known to be, with values for it.
    known: OnceLock<Known>,
    /// What decides the outcomes that are asked about.
    roots: Vec<NodeId>,
    seeds: OnceLock<Vec<Seed>>,
    /// When the drafted leads are evaluated.
    pub(crate) at: At,
}

/// Combinations of cells for which there are values.
struct Known {
    joint: Joint,
    /// For each group with rows: a value for each row.
    values: Vec<Vec<Value>>,
}

/// A lead of the file's own tests, with everything that its evaluation says.
struct Seed {
    witness: Witness,
    truths: Vec<u8>,
    keys: Vec<Option<i128>>,
}

impl<'l> Prover<'l> {
    /// Looks at everything that decides an outcome. Of the tests, regions are known too.
    pub(crate) fn new(loaded: &'l Loaded, tests: &[NodeId]) -> Prover<'l> {
        Prover::of(loaded, roots(&loaded.model), tests)
    }

    /// Looks at what decides some nodes.
    pub(crate) fn of(loaded: &'l Loaded, roots: Vec<NodeId>, tests: &[NodeId]) -> Prover<'l> {
        let rules = &loaded.model;
        let picture = Picture::new(rules, &roots, tests);
        let certain = Joint::certain(&picture);
        let at = rules.tests.iter().map(|test| test.at).find(|at| *at != Timestamp::UNIX_EPOCH);
        let at = At::new(at.unwrap_or(NOON), rules.zone.clone());
        Prover { loaded, picture, certain, known: OnceLock::new(), roots, seeds: OnceLock::new(), at }
    }

    /// Whether some lead reaches a goal.
    pub(crate) fn can(&self, goal: &Goal, budget: &mut Budget) -> Answer {
        if goal.unclamped.is_none() && self.seed(goal).is_some() {
            return Answer::Some(None);
        }
        match self.certainly(goal, budget) {
            Ok(Certainty::Never) => Answer::Never,
            Ok(Certainty::Is) => Answer::Some(None),
            // what would be without a clamp cannot be evaluated
            Ok(Certainty::Perhaps) if goal.unclamped.is_some() => Answer::Undecided,
            Ok(Certainty::Perhaps) => self.find(goal, budget),
            Err(Exhausted) => Answer::TooMuch,
        }
    }

    /// Whether some lead reaches a goal, and one that does.
    pub(crate) fn show(&self, goal: &Goal, budget: &mut Budget) -> Answer {
        match self.certainly(goal, budget) {
            Ok(Certainty::Never) => Answer::Never,
            Ok(_) => match self.find(goal, budget) {
                Answer::Undecided | Answer::TooMuch => match self.seed(goal) {
                    Some(seed) => Answer::Some(Some(Box::new(seed.clone()))),
                    None => Answer::Undecided,
                },
                found => found,
            },
            Err(Exhausted) => match self.seed(goal) {
                Some(seed) => Answer::Some(Some(Box::new(seed.clone()))),
                None => Answer::TooMuch,
            },
        }
    }

    /// What can be told without a lead.
    fn certainly(&self, goal: &Goal, budget: &mut Budget) -> Result<Certainty, Exhausted> {
        let mut found = Certainty::Never;
        let mut places = 0;
        Search::new(&self.picture, &self.certain).run(goal, budget, &mut |leaf: Leaf<'_>| {
            places += 1;
            found = if leaf.certain && leaf.exact { Certainty::Is } else { Certainty::Perhaps };
            if found == Certainty::Is || places >= TRIES { Next::Stop } else { Next::GoOn }
        })?;
        Ok(found)
    }

    /// Looks for a lead where values are known, and evaluates it.
    fn find(&self, goal: &Goal, budget: &mut Budget) -> Answer {
        let known = self.known();
        let mut trial = Trial::new(self.loaded, &self.at, &goal.nodes());
        let (mut found, mut tries) = (None, 0);
        let result = Search::new(&self.picture, &known.joint).run(goal, budget, &mut |leaf: Leaf<'_>| {
            tries += 1;
            found = self.draft(known, leaf.cells, &mut |lead, previous| trial.reaches(lead, previous, goal));
            if found.is_some() || tries >= TRIES { Next::Stop } else { Next::GoOn }
        });
        match (found, result) {
            (Some((lead, previous)), _) => Answer::Some(Some(Box::new(Witness::new(lead, self.at.clone(), previous)))),
            (None, Ok(_)) => Answer::Undecided,
            (None, Err(Exhausted)) => Answer::TooMuch,
        }
    }

    /// Looks for a lead in some cells that is accepted, at places of which it is told how they stand. Whether there was one.
    pub(crate) fn seek(
        &self,
        cells: &[Cells],
        budget: &mut Budget,
        stand: &mut Judge<'_>,
        accept: &mut Accept<'_>,
    ) -> bool {
        let known = self.known();
        let mut area = Area::default();
        for axis in self.picture.axis_ids().filter(|axis| cells[axis.index()] != self.certain.start[axis.index()]) {
            match area.restricted(axis, &cells[axis.index()]) {
                Some(narrower) => area = narrower,
                None => return false,
            }
        }
        let (mut found, mut tries) = (false, 0);
        let result = Search::new(&self.picture, &known.joint).run_with(&area, budget, stand, &mut |leaf: Leaf<'_>| {
            tries += 1;
            found = self.draft(known, leaf.cells, accept).is_some();
            if found || tries >= TRIES { Next::Stop } else { Next::GoOn }
        });
        result.is_ok() && found
    }

    /// A lead in these cells that is accepted.
    fn draft(&self, known: &Known, cells: &[Cells], accept: &mut Accept<'_>) -> Option<(Lead, Previous)> {
        let picture = &self.picture;
        let (mut lead, mut previous) = (Lead::new(), Previous::default());
        let touched = |axis: AxisId| cells[axis.index()] != known.joint.start[axis.index()];
        for (group, values) in known.joint.groups.iter().zip(&known.values) {
            if group.axes.iter().any(|axis| touched(*axis)) {
                let value = self.choices(group, values, cells).into_iter().next()?;
                set(picture, group.origin, &value, &mut lead, &mut previous);
            }
        }
        if accept(&lead, &previous) {
            return Some((lead, previous));
        }
        // several things of a lead decide together: try their values with each other
        let is_order = |group: &Group| matches!(group.origin, Origin::Order(..));
        let mut origins: Vec<Origin> = picture
            .axis_ids()
            .filter(|axis| touched(*axis) && known.joint.group(*axis).is_none_or(is_order))
            .flat_map(|axis| picture.origins[axis.index()].iter().copied())
            .collect();
        origins.extend(
            known
                .joint
                .groups
                .iter()
                .filter(|group| !group.exact && group.axes.iter().any(|axis| touched(*axis)))
                .map(|group| group.origin),
        );
        origins.sort_unstable();
        origins.dedup();
        let options: Vec<(Origin, Vec<Value>)> = origins
            .into_iter()
            .filter_map(|origin| {
                let place = known.joint.groups.iter().position(|group| group.origin == origin)?;
                let mut values = self.choices(&known.joint.groups[place], &known.values[place], cells);
                values.truncate(24);
                (values.len() > 1).then_some((origin, values))
            })
            .collect();
        let combinations = options.iter().try_fold(1_usize, |count, (_, values)| count.checked_mul(values.len()));
        let combinations = combinations.unwrap_or(usize::MAX).min(COMBINATIONS);
        for number in 1..combinations {
            let mut rest = number;
            for (origin, values) in &options {
                set(picture, *origin, &values[rest % values.len()], &mut lead, &mut previous);
                rest /= values.len();
            }
            if accept(&lead, &previous) {
                return Some((lead, previous));
            }
        }
        None
    }

    /// Values of a group's origin whose cells are among these.
    fn choices(&self, group: &Group, values: &[Value], cells: &[Cells]) -> Vec<Value> {
        if let Some(rows) = &group.rows {
            let fits = |row: &Row| {
                row.iter().zip(&group.axes).all(|(cell, axis)| cells[axis.index()].contains(*cell as usize))
            };
            let mut found: Vec<Value> =
                rows.iter().zip(values).filter(|(row, _)| fits(row)).map(|(_, value)| value.clone()).collect();
            // something rather than nothing
            found.sort_by_key(|value| *value == Value::Null);
            return found;
        }
        let sampler = Sampler::new(&self.picture, &self.at);
        let mut found = Vec::new();
        for axis in &group.axes {
            let cells = &cells[axis.index()];
            let all = cells.runs().flatten().filter(|cell| *cell > 0);
            found.extend(all.take(24).filter_map(|cell| sampler.in_cell(*axis, cell)));
            if cells.contains(0) {
                found.push(Value::Null);
            }
        }
        found
    }

    fn known(&self) -> &Known {
        self.known.get_or_init(|| {
            let picture = &self.picture;
            let mut start = self.certain.start.clone();
            let sampler = Sampler::new(picture, &self.at);
            let mut groups: BTreeMap<Origin, Vec<AxisId>> = BTreeMap::new();
            for axis in picture.axis_ids().filter(|axis| !picture.is_derived(*axis)) {
                let origins = &picture.origins[axis.index()];
                if origins.contains(&Origin::Population) {
                    start[axis.index()] = Cells::one(start[axis.index()].count(), 0);
                } else if let Some(origin) = single_origin(origins) {
                    groups.entry(origin).or_default().push(axis);
                }
            }
            // what is asked together with something else needs more than one value for each cell
            let mixed: BTreeSet<Origin> = picture
                .axis_ids()
                .map(|axis| &picture.origins[axis.index()])
                .filter(|origins| single_origin(origins).is_none())
                .flatten()
                .copied()
                .collect();
            let (mut joined, mut values) = (Vec::new(), Vec::new());
            for (origin, axes) in groups {
                let alone = self.certain.group(axes[0]).is_some_and(|group| group.exact && group.rows.is_none());
                let is_there = |axis: AxisId| picture.axes.get(axis).space == Space::Presence;
                if alone
                    && axes.len() == 1
                    && !is_there(axes[0])
                    && origin != Origin::Instant
                    && !mixed.contains(&origin)
                {
                    joined.push(Group { origin, axes, rows: None, exact: true });
                    values.push(Vec::new());
                } else {
                    let tried =
                        if origin == Origin::Instant { vec![Value::Null] } else { sampler.values(origin, &axes) };
                    let (rows, kept) = self.rows(origin, &axes, &tried, mixed.contains(&origin));
                    joined.push(Group { origin, axes, rows: Some(rows), exact: false });
                    values.push(kept);
                }
            }
            for group in orders(picture) {
                values.push(vec![Value::Null; group.rows.as_ref().map_or(0, Vec::len)]);
                joined.push(group);
            }
            Known { joint: Joint::with(picture, joined, start), values }
        })
    }

    /// The cells of values: each combination once, unless the values themselves matter.
    fn rows(&self, origin: Origin, axes: &[AxisId], tried: &[Value], every: bool) -> (Vec<Row>, Vec<Value>) {
        let picture = &self.picture;
        let mut trial = Trial::new(self.loaded, &self.at, &asked(picture, axes));
        let (mut rows, mut values): (Vec<Row>, Vec<Value>) = (Vec::new(), Vec::new());
        for value in tried {
            let (mut lead, mut previous) = (Lead::new(), Previous::default());
            set(picture, origin, value, &mut lead, &mut previous);
            let row: Row =
                trial.look(&lead, &previous, |state| axes.iter().map(|axis| cell(picture, *axis, state)).collect());
            if every || !rows.contains(&row) {
                rows.push(row);
                values.push(value.clone());
            }
        }
        (rows, values)
    }

    /// A lead of the file's tests that reaches a goal.
    fn seed(&self, goal: &Goal) -> Option<&Witness> {
        let seeds = self.seeds.get_or_init(|| self.find_seeds());
        let reaches = |seed: &&Seed| {
            goal.truths.iter().all(|(id, wanted)| seed.truths[id.index()] & wanted != 0)
                && goal.values.iter().all(|(id, ranges, missing)| match seed.keys[id.index()] {
                    Some(key) => ranges.iter().any(|(low, end)| *low <= key && (key < *end || *end == i128::MAX)),
                    None => *missing,
                })
        };
        seeds.iter().find(reaches).map(|seed| &seed.witness)
    }

    fn find_seeds(&self) -> Vec<Seed> {
        let rules = &self.loaded.model;
        let nodes = super::picture::reachable(rules, self.roots.iter().copied());
        let tests = rules.tests.iter().filter(|test| test.population.is_none()).take(SEEDS);
        let seeds = tests.map(|test| {
            let at = At::new(test.at, rules.zone.clone());
            let mut trial = Trial::new(self.loaded, &at, &nodes);
            let previous = test.previous.clone().unwrap_or_default();
            let (truths, keys) = trial.look(&test.given, &previous, |state| {
                let (mut truths, mut keys) = (vec![0; rules.nodes.len()], vec![None; rules.nodes.len()]);
                for id in &nodes {
                    truths[id.index()] = truth(state, *id);
                    keys[id.index()] = key(state.value(*id), state);
                }
                (truths, keys)
            });
            Seed { witness: Witness::new(test.given.clone(), at, previous), truths, keys }
        });
        seeds.collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Certainty {
    Never,
    Is,
    Perhaps,
}

/// When leads are evaluated, if no test of the file says so: 2026-01-15, noon in UTC.
const NOON: Timestamp = Timestamp::constant(1_768_478_400, 0);
