//! Points, coverage, and the weighted sum. Sums are exact and rounded once, at the end.

use super::State;
use super::number::{decimal, fixed};
use crate::hir::node::{Award, Indicator, ScoreParts};
use crate::lead::reading::Datum;
use crate::value::Fixed;
use crate::value::fixed::{divide_rounded_wide, from_wide};
use ethnum::I256;

/// The points of a rule, missing ones and those past the range counting nothing; nothing at all for `skip`.
fn award(state: &State<'_>, award: Award) -> Option<Fixed> {
    match award {
        Award::Points(node) => Some(fixed(state.value(node)).and_then(Fixed::in_range).unwrap_or(Fixed::ZERO)),
        Award::Skip => None,
    }
}

/// The points of an indicator; missing when a rule with `skip` takes it out. A sum is exact; past the range it counts
/// nothing, as points do.
pub(super) fn points<'a>(state: &State<'a>, indicator: &Indicator) -> Datum<'a> {
    let mut fired =
        indicator.rules.iter().filter(|(test, _)| state.fires(*test)).map(|(_, result)| award(state, *result));
    let points = if indicator.sum {
        let total: Option<i128> = fired.try_fold(0_i128, |total, points| Some(total.saturating_add(points?.units())));
        total.map(Fixed::from_units)
    } else {
        fired.next().unwrap_or(Some(Fixed::ZERO))
    };
    decimal(points.map(|points| indicator.clamp.apply(points.in_range().unwrap_or(Fixed::ZERO))))
}

/// Whether everything was there that the indicator's rules asked for, up to the one that fired.
pub(super) fn is_covered(state: &State<'_>, indicator: &Indicator) -> bool {
    let there = |mentions: &[crate::hir::NodeId]| mentions.iter().all(|id| state.is_present(*id));
    for ((test, result), mentions) in indicator.rules.iter().zip(&indicator.mentions) {
        if !there(&mentions.test) {
            return false;
        }
        if state.fires(*test) {
            if matches!(result, Award::Skip) || !there(&mentions.points) {
                return false;
            }
            if !indicator.sum {
                return true;
            }
        }
    }
    true
}

/// Σ weight × points, exact and then a decimal; after skips divided by the sum of the remaining weights. Missing when all
/// are skipped, or past the range.
pub(super) fn total(state: &State<'_>, score: &ScoreParts) -> Option<Fixed> {
    let (mut sum, mut weights, mut kept) = (I256::ZERO, 0, false);
    for part in &score.parts {
        if let Some(points) = fixed(state.value(part.node)) {
            sum += I256::from(part.weight.units()) * I256::from(points.units());
            weights += part.weight.units();
            kept = true;
        }
    }
    let sum = kept.then(|| divide_rounded_wide(sum, I256::from(Fixed::ONE.units()))).and_then(from_wide)?;
    let total = if score.weighted { sum.divide(Fixed::from_units(weights))? } else { sum };
    Some(score.clamp.apply(total))
}

/// The weight, or else the share, of the covered indicators.
pub(super) fn coverage(state: &State<'_>, score: &ScoreParts) -> Option<Fixed> {
    let covered = score.parts.iter().filter(|part| state.fires(part.node));
    let (sum, count) = covered.fold((0, 0), |(sum, count), part| (sum + part.weight.units(), count + 1));
    if score.weighted { Some(Fixed::from_units(sum)) } else { Fixed::share(count, score.parts.len()) }
}
