//! What cost the most points: ranked, in the manner of PMML's reason codes.

use super::model::ScoreExplanation;
use crate::eval::State;
use crate::eval::number::{fixed, of_constant};
use crate::hir;
use crate::value::Fixed;
use rust_decimal::Decimal;
use serde::Serialize;

/// An indicator that cost a score something.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// The indicator.
    pub indicator: String,
    /// Its title, for people.
    pub title: Option<String>,
    /// The points that it gave.
    #[serde(serialize_with = "super::ledger::own_digits")]
    pub points: Decimal,
    /// What they are measured against: the most that it can give, or the caller's baseline.
    #[serde(serialize_with = "super::ledger::own_digits")]
    pub baseline: Decimal,
    /// What that cost the score: the difference times the weight.
    #[serde(serialize_with = "super::ledger::own_digits")]
    pub lost: Decimal,
    /// The rule that gives the most, as written, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Its test.
    #[serde(skip)]
    pub(super) test: Option<hir::NodeId>,
}

/// On which side of its baseline an indicator counts against a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Points below the baseline are a reason: the more points the better (PMML's `pointsBelow`).
    Below,
    /// Points above it are one: the fewer points the better (PMML's `pointsAbove`).
    Above,
}

impl ScoreExplanation {
    /// Indicators by how far they are from baselines of the caller, the farthest first; those on the good side are left
    /// out, those at their baseline are not, and of equal ones the earlier comes first. Names without an indicator, and
    /// indicators that were skipped, give nothing.
    ///
    /// ```
    /// use gradus::explain::Direction;
    /// use gradus::{Lead, RuleSet};
    /// use rust_decimal::Decimal;
    ///
    /// let rules = RuleSet::parse(r#"
    ///     score risk {
    ///       indicator age { employees >= 100 => 30, otherwise => 12 }
    ///       indicator money { budget > 0 => 10, otherwise => 2 }
    ///     }"#)?;
    /// let why = rules.explain(&Lead::new().with_employees(50), &rules.at(jiff::Timestamp::UNIX_EPOCH));
    /// let baselines = [("age", Decimal::from(18)), ("money", Decimal::from(19))];
    /// let reasons = why.scores[0].reasons_against(baselines, Direction::Below);
    /// let lost: Vec<_> = reasons.iter().map(|it| (it.indicator.as_str(), it.lost.to_string())).collect();
    /// assert_eq!(lost, [("money", "17".to_owned()), ("age", "6".to_owned())]);
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn reasons_against<'b>(
        &self,
        baselines: impl IntoIterator<Item = (&'b str, Decimal)>,
        direction: Direction,
    ) -> Vec<Reason> {
        let remaining = self.remaining();
        let found = baselines.into_iter().filter_map(|(name, baseline)| {
            let entry = self.ledger.iter().find(|entry| entry.indicator == name && entry.covered.is_some())?;
            let (points, baseline) = (Fixed::from_decimal(entry.points?)?, Fixed::from_decimal(baseline)?);
            let difference = match direction {
                Direction::Below => baseline.subtract(points)?,
                Direction::Above => points.subtract(baseline)?,
            };
            let lost = weighted(difference, entry.weight.and_then(Fixed::from_decimal), remaining)?;
            Some(Reason {
                indicator: entry.indicator.clone(),
                title: entry.title.clone(),
                points: points.to_decimal(),
                baseline: baseline.to_decimal(),
                lost: lost.to_decimal(),
                rule: None,
                test: None,
            })
        });
        ranked(found.filter(|reason| reason.lost >= Decimal::ZERO).collect())
    }

    /// The weights that are not skipped.
    fn remaining(&self) -> Fixed {
        let kept = self.ledger.iter().filter(|entry| !entry.skipped).filter_map(|entry| entry.weight);
        Fixed::from_units(kept.filter_map(Fixed::from_decimal).map(Fixed::units).sum())
    }
}

/// The share of a difference in points that the score feels.
fn weighted(difference: Fixed, weight: Option<Fixed>, remaining: Fixed) -> Option<Fixed> {
    match weight {
        Some(weight) => difference.multiply(weight)?.divide(remaining),
        None => Some(difference),
    }
}

fn ranked(mut reasons: Vec<Reason>) -> Vec<Reason> {
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.lost));
    reasons
}

/// Indicators by what they cost against the most that they can give.
pub(super) fn against_the_best(
    score: &hir::Score,
    state: &State<'_>,
    written: impl Fn(&hir::Rule) -> String,
) -> Vec<Reason> {
    if fixed(state.value(score.score)).is_none() {
        return Vec::new();
    }
    let given = |indicator: &hir::Indicator| fixed(state.value(indicator.points));
    let kept = score.indicators.iter().filter(|indicator| given(indicator).is_some());
    let remaining = Fixed::from_units(kept.clone().filter_map(|it| it.weight).map(Fixed::units).sum());
    let found = kept.filter_map(|indicator| {
        let (points, best) = (given(indicator)?, most(indicator)?);
        let weight = indicator.weight.filter(|_| score.weighted);
        let lost = weighted(best.subtract(points)?, weight, remaining).filter(|lost| *lost > Fixed::ZERO)?;
        let rule = indicator.rules.iter().find(|rule| constant(rule, state) == Some(best)).filter(|_| !indicator.sum);
        Some(Reason {
            indicator: indicator.name.clone(),
            title: indicator.title.clone(),
            points: points.to_decimal(),
            baseline: best.to_decimal(),
            lost: lost.to_decimal(),
            rule: rule.map(&written),
            test: rule.map(|rule| rule.test),
        })
    });
    ranked(found.collect())
}

/// The most that an indicator can give; nothing when there is no telling.
fn most(indicator: &hir::Indicator) -> Option<Fixed> {
    Some(indicator.reach.1).filter(|most| *most < Fixed::MAX)
}

/// The points of a rule whose points are a constant.
fn constant(rule: &hir::Rule, state: &State<'_>) -> Option<Fixed> {
    let nodes = &state.inputs.rules.nodes;
    let mut node = rule.result?;
    while let hir::node::Node::ToDecimal(inner) = nodes.get(node) {
        node = *inner;
    }
    fixed(of_constant(nodes.constant(node)?))
}
