//! Whether a score rises or falls with one field, everything else being equal.

use super::budget::{Budget, Exhausted};
use super::picture::{Origin, Picture, reachable};
use super::prover::{Answer, Prover};
use super::region::Area;
use super::sample::Sampler;
use super::search::{Goal, Next, Search, Stand};
use super::trial::{Trial, key};
use super::view::View;
use crate::finding::Witness;
use crate::grid::{AxisId, Cells, Space};
use crate::hir::NodeId;
use crate::hir::node::Node;
use crate::loaded::Loaded;

/// How a score depends on one field, everything else being equal; of values that are there.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Monotony {
    /// It does not.
    Constant,
    /// Where the field rises, the score never falls, and for some leads it rises.
    Up,
    /// Where the field rises, the score never rises, and for some leads it falls.
    Down,
    /// It rises for some leads and falls for others: two leads that differ only in the field, the smaller value first.
    Neither {
        /// Where it rises.
        rises: Box<[Witness; 2]>,
        /// Where it falls.
        falls: Box<[Witness; 2]>,
    },
    /// Neither proved nor refuted: the score is computed from the field, or there are too many possibilities.
    Undecided,
}

/// How a score depends on a field; nothing when there is no such score or field, or its values have no order.
pub(crate) fn monotony(loaded: &Loaded, score: usize, field: &str) -> Option<Monotony> {
    let score = loaded.model.scores.get(score)?;
    let slot = u32::try_from(loaded.model.schema.slot(field)?).ok()?;
    let prover = Prover::new(loaded, &[]);
    let picture = &prover.picture;
    let origin = Origin::Field(slot);
    let cone = reachable(picture.rules, [score.score]);
    if !cone.iter().any(|id| *picture.rules.nodes.get(*id) == Node::Field(slot)) {
        return Some(Monotony::Constant);
    }
    let asking = |axis: &AxisId| {
        cone.contains(&picture.axes.get(*axis).subject) && picture.origins[axis.index()].contains(&origin)
    };
    let asked: Vec<AxisId> = picture.axis_ids().filter(asking).collect();
    let [axis] = asked.as_slice() else { return Some(Monotony::Undecided) };
    let described = picture.axes.get(*axis);
    if *picture.rules.nodes.get(described.subject) != Node::Field(slot) {
        return Some(Monotony::Undecided);
    }
    let is_ordered = matches!(
        described.space,
        Space::Bool | Space::Label | Space::Int | Space::Units | Space::Float | Space::Day | Space::Instant
    );
    if !is_ordered {
        return if described.space == Space::Presence { Some(Monotony::Constant) } else { None };
    }
    // points that are made of the field change inside of its cells too
    let computed = cone.iter().any(|id| makes_values(picture, *id, slot));
    if computed {
        return Some(Monotony::Undecided);
    }
    let mut budget = Budget::new(loaded.analysis_steps);
    let mut comparison =
        Comparison { prover: &prover, axis: *axis, score: score.score, cone, rises: None, falls: None, missed: false };
    let result = comparison.run(&mut budget);
    Some(match (comparison.rises, comparison.falls, result) {
        (Some(rises), Some(falls), _) => Monotony::Neither { rises: Box::new(rises), falls: Box::new(falls) },
        (_, _, Err(Exhausted)) => Monotony::Undecided,
        _ if comparison.missed => Monotony::Undecided,
        (Some(_), None, _) => Monotony::Up,
        (None, Some(_), _) => Monotony::Down,
        (None, None, _) => Monotony::Constant,
    })
}

/// Whether a node makes a value of a field, rather than asking where it lies.
fn makes_values(picture: &Picture<'_>, id: NodeId, slot: u32) -> bool {
    let mut found = false;
    let node = picture.rules.nodes.get(id);
    if picture.atom(id).is_some() || matches!(node, Node::IsPresent(_) | Node::CountPresent(_) | Node::PresentRatio(_))
    {
        return false;
    }
    if let Node::Match { arms, .. } = node {
        return arms.iter().any(|(_, value)| *picture.rules.nodes.get(*value) == Node::Field(slot));
    }
    if let Node::Indicator(indicator) = node {
        return indicator.rules.iter().any(|(_, award)| match award {
            crate::hir::node::Award::Points(points) => *picture.rules.nodes.get(*points) == Node::Field(slot),
            crate::hir::node::Award::Skip => false,
        });
    }
    node.children(|child| found |= *picture.rules.nodes.get(child) == Node::Field(slot));
    found
}

/// The score in one cell of the field against the next one.
struct Comparison<'c, 'l> {
    prover: &'c Prover<'l>,
    axis: AxisId,
    score: NodeId,
    cone: Vec<NodeId>,
    rises: Option<[Witness; 2]>,
    falls: Option<[Witness; 2]>,
    /// A difference for which no two leads were found.
    missed: bool,
}

impl Comparison<'_, '_> {
    fn run(&mut self, budget: &mut Budget) -> Result<(), Exhausted> {
        let start = &self.prover.certain.start[self.axis.index()];
        let cells: Vec<usize> = start.runs().flatten().filter(|cell| *cell > 0).collect();
        for pair in cells.windows(2) {
            let [low, high] = pair else { continue };
            if self.rises.is_some() && self.falls.is_some() {
                return Ok(());
            }
            self.compare(*low, *high, budget)?;
        }
        Ok(())
    }

    /// Looks for leads whose score differs between two cells.
    fn compare(&mut self, low: usize, high: usize, budget: &mut Budget) -> Result<(), Exhausted> {
        let prover = self.prover;
        let (axis, score, cone) = (self.axis, self.score, self.cone.clone());
        let (wants_rise, wants_fall) = (self.rises.is_none(), self.falls.is_none());
        let mut leaves: Vec<(Area, bool)> = Vec::new();
        let (mut rise, mut fall) = (!wants_rise, !wants_fall);
        let count = prover.picture.axes.get(axis).count();
        let mut stand = |cells: &[Cells], budget: &mut Budget| -> Result<Stand, Exhausted> {
            budget.spend(2 * cone.len() + cells.len())?;
            let mut cells = cells.to_vec();
            let mut looks = [low, high].map(|cell| {
                cells[axis.index()] = Cells::one(count, cell);
                let mut view = View::new(&prover.picture, &cells, None);
                view.fill(&cone);
                let (value, open) = (view.value(score), view.open(score));
                (value, open)
            });
            let [(first, first_open), (second, second_open)] = &mut looks;
            let (Some((least, most)), Some((next_least, next_most))) = (first.ends(), second.ends()) else {
                return Ok(Stand::Lost);
            };
            let (may_rise, may_fall) = (next_most > least, next_least < most);
            if !(may_rise && wants_rise || may_fall && wants_fall) {
                return Ok(Stand::Lost);
            }
            let certain = first.is_certain() && second.is_certain();
            Ok(match first_open.take().or(second_open.take()) {
                Some(open) => Stand::Open(open),
                None if certain => Stand::Reached,
                None => Stand::Perhaps,
            })
        };
        let narrowed = |cells: &[Cells]| {
            let mut area = Area::default();
            for (index, own) in cells.iter().enumerate() {
                let id = AxisId(u32::try_from(index).unwrap_or(u32::MAX));
                if id != axis && *own != prover.certain.start[index] {
                    area = area.restricted(id, own)?;
                }
            }
            area.restricted(axis, &Cells::one(count, low))
        };
        Search::new(&prover.picture, &prover.certain).run_with(&Area::default(), budget, &mut stand, &mut |leaf| {
            if let Some(area) = narrowed(leaf.cells) {
                leaves.push((area, leaf.certain));
            }
            if leaves.len() >= LEAVES { Next::Stop } else { Next::GoOn }
        })?;
        self.missed |= leaves.len() >= LEAVES;
        for (area, _) in leaves {
            if rise && fall {
                return Ok(());
            }
            match self.shown(area, high, budget) {
                Some((pair, true)) => {
                    rise = true;
                    self.rises.get_or_insert(pair);
                }
                Some((pair, false)) => {
                    fall = true;
                    self.falls.get_or_insert(pair);
                }
                None => self.missed = true,
            }
        }
        Ok(())
    }

    /// Two leads that differ only in the field and in their score, and whether it rises.
    fn shown(&self, area: Area, high: usize, budget: &mut Budget) -> Option<([Witness; 2], bool)> {
        let prover = self.prover;
        let goal = Goal { values: vec![(self.score, vec![(i128::MIN, i128::MAX)], false)], area, ..Goal::default() };
        let mut part = budget.part(STEPS);
        let answer = prover.show(&goal, &mut part);
        budget.give_back(part);
        let Answer::Some(Some(first)) = answer else { return None };
        let value = Sampler::new(&prover.picture, &prover.at).in_cell(self.axis, high)?;
        let Node::Field(slot) = prover.picture.rules.nodes.get(prover.picture.axes.get(self.axis).subject) else {
            return None;
        };
        let name = prover.picture.rules.schema.fields.get(*slot as usize)?.name.to_string();
        let previous = first.previous().cloned().unwrap_or_default();
        let second = Witness::new(first.lead().clone().with(name, value), first.at().clone(), previous.clone());
        let mut trial = Trial::new(prover.loaded, first.at(), &[self.score]);
        let mut score =
            |witness: &Witness| trial.look(witness.lead(), &previous, |state| key(state.value(self.score), state));
        let (one, other) = (score(&first)?, score(&second)?);
        (one != other).then_some(([*first, second], other > one))
    }
}

/// Places with a difference that are looked at between two cells.
const LEAVES: usize = 200;
/// Steps for a pair of leads.
const STEPS: u64 = 2_000_000;
