//! Keys in cells, and values of keys.

use super::bounds::Bounds;
use crate::grid::{Axis, Space};
use crate::time::{At, add_days};
use crate::value::{Fixed, Value};
use jiff::Timestamp;
use jiff::civil::Date;

const ONE: i128 = Fixed::ONE.units();
/// How many labels are left out one by one.
const LABELS: usize = 128;

/// A round key in a cell.
pub(super) fn key_in(axis: &Axis, bounds: &Bounds, cell: usize) -> Option<i128> {
    let low = if cell == 1 { None } else { axis.cuts.get(cell - 2).copied() };
    let high = axis.cuts.get(cell - 1).copied();
    let first = bounds.first_from(low.unwrap_or(i128::MIN), high.unwrap_or(i128::MAX))?;
    if !matches!(axis.space, Space::Int | Space::Units) {
        // days, instants and labels: the first; where there is none, the last
        return if low.is_none() {
            high.map(|high| high - 1).filter(|key| *key >= first).or(Some(first))
        } else {
            Some(first)
        };
    }
    let one = if axis.space == Space::Int { 1 } else { ONE };
    let fits = |key: &i128| {
        low.is_none_or(|low| low <= *key)
            && high.is_none_or(|high| *key < high)
            && bounds.first_from(*key, *key + 1).is_some()
    };
    let (low, high) = (low.unwrap_or(i128::MIN), high.unwrap_or(i128::MAX));
    let mut unit = one.checked_mul(1_000_000_000_000).unwrap_or(one);
    let near = if low == i128::MIN { high.min(one).min(0) } else { low };
    while unit > 0 {
        if unit <= near.abs().max(one) {
            let up = near.div_euclid(unit) * unit;
            let tries = [near, up, up + unit, 0, up - unit];
            if let Some(key) = tries.iter().copied().find(|key| key % unit == 0 && fits(key)) {
                return Some(key);
            }
        }
        unit /= 10;
    }
    Some(first)
}

/// A day by its number.
pub(super) fn date_of(number: i128) -> Option<Date> {
    let start = crate::time::day_number(Date::ZERO);
    let days = i64::try_from(number).ok()?.checked_sub(start)?;
    let date = add_days(Date::ZERO, days);
    (i128::from(crate::time::day_number(date)) == number).then_some(date)
}

pub(super) fn civil(instant: Timestamp, at: &At) -> Date {
    instant.to_zoned(at.zone().clone()).date()
}

/// The number whose key it is.
pub(super) fn float_of(key: i128) -> f64 {
    let bits = u64::try_from(key.unsigned_abs()).unwrap_or(0);
    let value = f64::from_bits(bits);
    if key < 0 { -value } else { value }
}

/// A set of some labels.
pub(super) fn set_of(labels: &[&str]) -> Value {
    Value::List(labels.iter().map(|label| Value::from(*label)).collect())
}

/// Sets of labels: each alone, all, all but one, two neighbours; and the empty one where it is something.
pub(super) fn sets(labels: &[&str], empty: bool) -> Vec<Value> {
    let mut found: Vec<Value> = if empty { vec![Value::List(Vec::new())] } else { Vec::new() };
    found.extend(labels.iter().map(|label| set_of(&[label])));
    if labels.len() <= 7 {
        for bits in 1_u32..1 << labels.len() {
            let chosen = labels.iter().zip(0..).filter(|(_, bit)| bits >> bit & 1 == 1).map(|(label, _)| *label);
            found.push(set_of(&chosen.collect::<Vec<_>>()));
        }
    } else {
        found.push(set_of(labels));
        for left_out in 0..labels.len().min(LABELS) {
            let chosen = labels.iter().enumerate().filter(|(place, _)| *place != left_out).map(|(_, label)| *label);
            found.push(set_of(&chosen.collect::<Vec<_>>()));
            found.push(set_of(&[labels[left_out], labels[(left_out + 1) % labels.len()]]));
        }
    }
    found
}
