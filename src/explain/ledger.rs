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
    /// What the line adds to the score.
    #[serde(serialize_with = "own_digits")]
    pub contribution: Decimal,
}

#[expect(clippy::ref_option, reason = "serde hands the field over by reference")]
fn digits<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    value.and_then(Fixed::from_decimal).map(|value| value.to_string()).serialize(serializer)
}

fn own_digits<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    digits(&Some(*value), serializer)
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
            contribution: rest.to_decimal(),
        });
    }
    lines
}

/// The rules of an indicator that counted, as written.
fn fired(rules: &Loaded, state: &State<'_>, indicator: &hir::Indicator) -> Vec<String> {
    let fired = indicator.rules.iter().filter(|rule| state.fires(rule.test));
    let count = if indicator.sum { usize::MAX } else { 1 };
    fired.take(count).map(|rule| super::one_line(rules.text(rule.span))).collect()
}
