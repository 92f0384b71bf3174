//! The ledger of a score: lines whose contributions add up to it exactly.

use crate::eval::State;
use crate::eval::number::fixed;
use crate::hir::{self, NodeId};
use crate::loaded::Loaded;
use crate::value::Fixed;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

/// A line of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// The indicator; `clamp` and `rounding` for what these changed.
    pub indicator: String,
    /// Its title, for people.
    pub title: Option<String>,
    /// The rules that fired, as written.
    pub rules: Vec<String>,
    /// The points it gave; missing when it was skipped.
    #[serde(serialize_with = "digits")]
    pub points: Option<Decimal>,
    /// Its share of the score, before skips; missing when the score has no weights.
    #[serde(serialize_with = "digits")]
    pub weight: Option<Decimal>,
    /// Whether a rule with `skip` took it out: its weight is shared out among the others.
    #[serde(skip_serializing_if = "is_false")]
    pub skipped: bool,
    /// What its rules gave together, when the indicator's own `clamp` changed that.
    #[serde(serialize_with = "digits", skip_serializing_if = "Option::is_none")]
    pub unclamped: Option<Decimal>,
    /// Whether everything was there that its rules asked for; missing for `clamp` and `rounding`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covered: Option<bool>,
    /// What the line adds to the score.
    #[serde(serialize_with = "own_digits")]
    pub contribution: Decimal,
}

#[expect(clippy::ref_option, reason = "serde hands the field over by reference")]
fn digits<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    value.and_then(Fixed::from_decimal).map(|value| value.to_string()).serialize(serializer)
}

pub(crate) fn own_digits<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    digits(&Some(*value), serializer)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The points of a rule that fired; missing ones count nothing.
pub(super) fn points_of(state: &State<'_>, result: NodeId) -> Fixed {
    fixed(state.value(result)).and_then(Fixed::in_range).unwrap_or(Fixed::ZERO)
}

/// One line per indicator, then what the clamp and rounding changed; none when the score is missing.
pub(super) fn of(rules: &Loaded, state: &State<'_>, score: &hir::Score) -> Vec<Entry> {
    let Some(total) = fixed(state.value(score.score)) else { return Vec::new() };
    let kept = score.indicators.iter().filter(|indicator| state.is_present(indicator.points));
    let weights = kept.map(|indicator| indicator.weight.unwrap_or(Fixed::ZERO).units()).sum();
    let remaining = Fixed::from_units(weights);
    let mut lines: Vec<Entry> = Vec::with_capacity(score.indicators.len() + 1);
    let mut sum = 0;
    for indicator in &score.indicators {
        let points = fixed(state.value(indicator.points));
        let contribution = points.map_or(Fixed::ZERO, |points| match indicator.weight.filter(|_| score.weighted) {
            Some(weight) => points.multiply(weight).and_then(|part| part.divide(remaining)).unwrap_or(Fixed::ZERO),
            None => points,
        });
        sum += contribution.units();
        lines.push(Entry {
            indicator: indicator.name.clone(),
            title: indicator.title.clone(),
            rules: fired(rules, state, indicator),
            points: points.map(Fixed::to_decimal),
            weight: indicator.weight.filter(|_| score.weighted).map(Fixed::to_decimal),
            skipped: points.is_none(),
            unclamped: points.and_then(|points| unclamped(state, indicator, points)).map(Fixed::to_decimal),
            covered: Some(state.fires(indicator.covered)),
            contribution: contribution.to_decimal(),
        });
    }
    let rest = Fixed::from_units(total.units() - sum);
    if rest != Fixed::ZERO {
        // where the clamp bites the difference is the clamp's, and otherwise it is rounding
        let clamped = score.clamp.apply(Fixed::from_units(sum)) == total && score.clamp != hir::node::Clamp::default();
        lines.push(Entry {
            indicator: if clamped { "clamp" } else { "rounding" }.into(),
            title: None,
            rules: Vec::new(),
            points: None,
            weight: None,
            skipped: false,
            unclamped: None,
            covered: None,
            contribution: rest.to_decimal(),
        });
    }
    lines
}

/// The rules of an indicator that counted.
fn counted<'r>(state: &State<'_>, indicator: &'r hir::Indicator) -> impl Iterator<Item = &'r hir::Rule> {
    let count = if indicator.sum { usize::MAX } else { 1 };
    indicator.rules.iter().filter(|rule| state.fires(rule.test)).take(count)
}

/// The same, as written.
fn fired(rules: &Loaded, state: &State<'_>, indicator: &hir::Indicator) -> Vec<String> {
    counted(state, indicator).map(|rule| super::one_line(rules.text(rule.span))).collect()
}

/// The points before the indicator's clamp, when it changed them.
fn unclamped(state: &State<'_>, indicator: &hir::Indicator, points: Fixed) -> Option<Fixed> {
    let given = counted(state, indicator).filter_map(|rule| rule.result).map(|result| points_of(state, result).units());
    let total = given.fold(0_i128, i128::saturating_add);
    Fixed::from_units(total).in_range().filter(|total| *total != points)
}
