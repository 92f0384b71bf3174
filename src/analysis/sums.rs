//! Points and scores, when what they are made of is only known roughly.

use super::picture::constant_units;
use super::possible::Possible;
use crate::hir::node::{Clamp, Constant};
use crate::value::Fixed;
use crate::value::fixed::{divide_rounded_wide, from_wide};
use ethnum::I256;

const ONE: i128 = Fixed::ONE.units();

/// Points after the indicator's clamp; a sum past the range counts nothing.
pub(super) fn finish_points(mut points: Possible, skipped: bool, clamp: Clamp) -> Possible {
    let limit = Fixed::MAX.units();
    if points.ends().is_some_and(|(low, high)| low < -limit || high > limit) {
        points.keys.iter_mut().for_each(|(low, high)| (*low, *high) = ((*low).max(-limit), (*high).min(limit)));
        points.keys.push((0, 0));
        points.tidy();
    }
    let mut points = points.mapped(|units| clamp.apply(Fixed::from_units(units)).units());
    points.missing = skipped;
    points
}

/// The weighted sum of points that are kept, as it is computed: rounded once, then divided by what remains of the weights.
pub(super) fn exact_sums(weighted: bool, parts: &[&(Fixed, Possible)]) -> Possible {
    // in units of 10^-24, as far as they reach; a sum past the range is missing
    let mut sums: Vec<(I256, I256)> = vec![(I256::ZERO, I256::ZERO)];
    let mut weights = 0;
    for (weight, points) in parts {
        weights += weight.units();
        let times = |units: i128| I256::from(weight.units()) * I256::from(units);
        let mut next = Vec::with_capacity(sums.len() * points.keys.len());
        for (low, high) in &sums {
            next.extend(points.keys.iter().map(|(first, last)| (low + times(*first), high + times(*last))));
        }
        next.sort_unstable();
        next.dedup();
        if next.len() > SUMS {
            let (low, high) = (next.iter().map(|it| it.0).min(), next.iter().map(|it| it.1).max());
            next = low.zip(high).into_iter().collect();
        }
        sums = next;
    }
    let mut found = Possible::never();
    let finish = |sum: I256| {
        let sum = from_wide(divide_rounded_wide(sum, I256::from(ONE)))?;
        if weighted { sum.divide(Fixed::from_units(weights)) } else { Some(sum) }
    };
    for (low, high) in sums {
        match (finish(low), finish(high)) {
            (Some(low), Some(high)) => found.keys.push((low.units(), high.units())),
            _ => {
                found.missing = true;
                if low != high {
                    found.keys.push((Fixed::MIN.units(), Fixed::MAX.units()));
                }
            }
        }
    }
    found.tidy();
    found
}

/// How many sums are told apart.
const SUMS: usize = 64;

/// Any average between the least and the greatest points, or any sum of parts that may be left out.
pub(super) fn possible_averages(weighted: bool, parts: &[(Fixed, Possible)]) -> Possible {
    let ends =
        parts.iter().filter_map(|(weight, points)| points.ends().map(|(low, high)| (*weight, low, high, points)));
    let mut found = Possible::never();
    let (low, high) = if weighted {
        ends.fold((i128::MAX, i128::MIN), |(low, high), (_, least, most, _)| (low.min(least), high.max(most)))
    } else {
        ends.fold((0, 0), |(low, high): (i128, i128), (_, least, most, points)| {
            let optional = |end: i128, worse: i128| if points.missing { worse } else { end };
            (low.saturating_add(optional(least, least.min(0))), high.saturating_add(optional(most, most.max(0))))
        })
    };
    // the one rounding may pass the ends by a unit
    found.keys.push((low.saturating_sub(1), high.saturating_add(1)));
    found
}

/// What a constant is.
pub(super) fn of_constant(constant: &Constant) -> Possible {
    match constant {
        Constant::Missing => Possible::missing(),
        Constant::Bool(value) => Possible::key((*value).into()),
        Constant::Label(label) => Possible::key((*label).into()),
        Constant::Date(date) => Possible::key(crate::time::day_number(*date).into()),
        other => constant_units(other).map_or(Possible { missing: false, ..Possible::anything() }, Possible::key),
    }
}
