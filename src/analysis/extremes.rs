//! The least and the greatest points and scores, each with a lead that has them.

use super::budget::Budget;
use super::prover::{Answer, Prover};
use super::search::Goal;
use super::trial::{Trial, key};
use super::view::View;
use crate::finding::Witness;
use crate::hir::NodeId;
use crate::loaded::Loaded;
use crate::value::Fixed;
use rust_decimal::Decimal;

/// Steps for one question.
const STEPS: u64 = 4_000_000;

/// What the points of an indicator, or a score, can be.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reach {
    /// The name of the indicator, or of the score.
    pub name: String,
    /// The least value that was found, with a lead that has it; nothing when every lead lacks a value.
    pub least: Option<(Decimal, Witness)>,
    /// The greatest one.
    pub greatest: Option<(Decimal, Witness)>,
    /// Whether it is proved that no lead has less or more. Else there may be such leads.
    pub proved: bool,
}

/// What a score can be, and the points of each of its indicators.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ScoreReach {
    /// The score.
    pub score: Reach,
    /// The points of each indicator, in the order of the rule file.
    pub indicators: Vec<Reach>,
}

/// What a score and its indicators can be.
pub(crate) fn reach(loaded: &Loaded, score: usize) -> Option<ScoreReach> {
    let score = loaded.model.scores.get(score)?;
    let prover = Prover::new(loaded, &[]);
    let mut budget = Budget::new(loaded.analysis_steps);
    let of = |name: &str, node: NodeId, budget: &mut Budget| ends(&prover, name, node, score.guard, budget);
    Some(ScoreReach {
        score: of(&score.name, score.score, &mut budget),
        indicators: score.indicators.iter().map(|it| of(&it.name, it.points, &mut budget)).collect(),
    })
}

fn ends(prover: &Prover<'_>, name: &str, node: NodeId, guard: Option<NodeId>, budget: &mut Budget) -> Reach {
    let mut find = |greatest: bool| Seeker { prover, node, guard, greatest, proved: true }.find(budget);
    let (least, low_proved) = find(false);
    let (greatest, high_proved) = find(true);
    Reach { name: name.to_owned(), least, greatest, proved: low_proved && high_proved }
}

/// Looks for one end.
struct Seeker<'s, 'l> {
    prover: &'s Prover<'l>,
    node: NodeId,
    guard: Option<NodeId>,
    greatest: bool,
    proved: bool,
}

impl Seeker<'_, '_> {
    /// The end with a lead, and whether there is nothing past it: halves what is left until nothing is.
    fn find(mut self, budget: &mut Budget) -> (Option<(Decimal, Witness)>, bool) {
        let picture = &self.prover.picture;
        let mut view = View::new(picture, &self.prover.certain.start, None);
        view.fill(&super::picture::reachable(picture.rules, [self.node]));
        let Some((low, high)) = view.value(self.node).ends() else { return (None, true) };
        let range = Fixed::MIN.units()..=Fixed::MAX.units();
        let (mut low, mut high) = (low.clamp(*range.start(), *range.end()), high.clamp(*range.start(), *range.end()));
        // most often the end of what is possible is reached
        let end = if self.greatest { high } else { low };
        let mut best = self.attained(end, end, budget);
        if best.is_none() {
            best = self.attained(low, high, budget);
        }
        loop {
            match &best {
                None => return (None, self.proved),
                Some((units, _)) if self.greatest => low = *units,
                Some((units, _)) => high = *units,
            }
            if low >= high || !self.proved {
                let best = best.map(|(units, witness)| (Fixed::from_units(units).to_decimal(), witness));
                return (best, self.proved);
            }
            // the half past the best one, and at least one step
            let middle = low + (high - low) / 2;
            let (first, last) = if self.greatest { ((middle).max(low + 1), high) } else { (low, middle.min(high - 1)) };
            match self.attained(first, last, budget) {
                Some(better) => best = Some(better),
                None if self.greatest => high = first - 1,
                None => low = last + 1,
            }
        }
    }

    /// A lead whose value lies between two, both included, with its value.
    fn attained(&mut self, low: i128, high: i128, budget: &mut Budget) -> Option<(i128, Witness)> {
        let guard = self.guard.map(|guard| (guard, super::possible::TRUE));
        let goal = Goal { values: vec![(self.node, vec![(low, high + 1)], false)], ..Goal::truths(guard) };
        let mut part = budget.part(STEPS);
        let answer = self.prover.show(&goal, &mut part);
        budget.give_back(part);
        match answer {
            Answer::Some(Some(witness)) => {
                let mut trial = Trial::new(self.prover.loaded, witness.at(), &[self.node]);
                let previous = witness.previous().cloned().unwrap_or_default();
                let units = trial.look(witness.lead(), &previous, |state| key(state.value(self.node), state))?;
                Some((units, *witness))
            }
            Answer::Never => None,
            Answer::Some(None) | Answer::Undecided | Answer::TooMuch => {
                self.proved = false;
                None
            }
        }
    }
}
