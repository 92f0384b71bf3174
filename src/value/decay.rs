//! Points that fade with age, exactly: every result is the true value rounded once to six places, half away from zero.
//!
//! Quick ways come first and give up when they cannot prove their digit; the last way always can.

use super::Fixed;
use super::fixed::{divide_rounded, divide_rounded_wide, from_wide};
use ethnum::{I256, U256};
use num_bigint::{BigInt, BigUint, Sign};

/// A millionth, in units: results are whole numbers of these.
const MILLIONTH: i128 = 1_000_000;
/// Places after the binary point in the 256-bit ways: the square of a fraction still fits.
const BITS: u32 = 120;
/// ln 2 × 2^120, rounded down.
const LN_2: u128 = 921_350_637_599_661_305_226_344_307_672_478_454;
/// One, in units of `Fixed`.
const ONE: i128 = 1_000_000_000_000;
/// Precision past which even adversaries cannot go; results that close to the middle do not exist.
const MAX_BITS: u32 = 1 << 14;

/// `cliff`: all points before the end of the period, none from then on.
pub(crate) fn cliff(points: Fixed, age: i64, period: i64) -> Option<Fixed> {
    if age < period { points.round(6).and_then(Fixed::in_range) } else { Some(Fixed::ZERO) }
}

/// `linear_decay`: points × (days − age) / days, none from `days` on.
pub(crate) fn linear_decay(points: Fixed, age: i64, days: i64) -> Option<Fixed> {
    let age = age.max(0);
    if age >= days {
        return Some(Fixed::ZERO);
    }
    let left = i128::from(days - age);
    let divisor = i128::from(days) * MILLIONTH;
    match points.units().checked_mul(left) {
        Some(dividend) => from_millionths(divide_rounded(dividend, divisor)),
        None => {
            let dividend = I256::from(points.units()) * I256::from(left);
            from_millionths(i128::try_from(divide_rounded_wide(dividend, I256::from(divisor))).ok()?)
        }
    }
}

/// `half_life`: points × 2^(−age/days). Nothing when `days` is not positive.
pub(crate) fn half_life(points: Fixed, age: i64, days: i64) -> Option<Fixed> {
    if days <= 0 {
        return None;
    }
    let (halvings, rest) = (age.max(0) / days, age.max(0) % days);
    // the largest int is less than 2^63; after 90 halvings less than half a millionth is left
    if halvings > 90 {
        return Some(Fixed::ZERO);
    }
    let halvings = u32::try_from(halvings).ok()?;
    if rest == 0 {
        let divisor = I256::from(MILLIONTH) << halvings;
        return from_wide(divide_rounded_wide(I256::from(points.units()), divisor) * I256::from(MILLIONTH));
    }
    if points == Fixed::ZERO {
        return Some(Fixed::ZERO);
    }
    let magnitude = points.units().unsigned_abs();
    let millionths = half_life_float(magnitude, halvings, rest, days)
        .or_else(|| half_life_wide(magnitude, halvings, rest, days))
        .or_else(|| half_life_exact(magnitude, halvings, rest, days))?;
    from_millionths(millionths * points.units().signum())
}

/// `step_decay`: points × (1 − rate)^k, where k counts the whole periods. Nothing when `period` is not positive or the
/// rate is not between 0 and 1.
pub(crate) fn step_decay(points: Fixed, age: i64, rate: Fixed, period: i64) -> Option<Fixed> {
    let kept = u128::try_from(ONE - rate.units()).ok().filter(|&kept| kept <= ONE.unsigned_abs())?;
    if period <= 0 {
        return None;
    }
    let steps = (age.max(0) / period).unsigned_abs();
    if steps == 0 || kept == ONE.unsigned_abs() || points == Fixed::ZERO {
        return points.round(6).and_then(Fixed::in_range);
    }
    if kept == 0 {
        return Some(Fixed::ZERO);
    }
    let magnitude = points.units().unsigned_abs();
    let common = greatest_common_divisor(kept, ONE.unsigned_abs());
    let ratio = (kept / common, ONE.unsigned_abs() / common);
    let millionths = steps_small(magnitude, ratio, steps)
        .or_else(|| steps_wide(magnitude, kept, steps))
        .or_else(|| steps_exact(magnitude, ratio, steps))?;
    from_millionths(millionths * points.units().signum())
}

/// A whole number of millionths, if it is in range.
fn from_millionths(millionths: i128) -> Option<Fixed> {
    Fixed::from_units(millionths.checked_mul(MILLIONTH)?).in_range()
}

/// In floating point, with a bound on the error.
///
/// With u = 2^-53, relative: u for the points; 3 u for the exponent, which is at most 1 and whose error the exponential
/// takes × ln 2; 2 u for the exponential (`libm` promises less than one unit of the last place); u each for the quotient
/// and the product; halving is exact. Together less than 8 u = 2^-50. A bound of 2^-48 also pays for the sums below.
fn half_life_float(magnitude: u128, halvings: u32, rest: i64, days: i64) -> Option<i128> {
    const BOUND: f64 = 16.0 * f64::EPSILON;
    #[expect(clippy::cast_precision_loss, reason = "the error is part of the bound")]
    let (points, exponent) = (magnitude as f64, rest as f64 / days as f64);
    let halved = libm::ldexp(libm::exp2(-exponent), -i32::try_from(halvings).ok()?);
    let millionths = points * (halved / 1e6);
    let error = millionths * BOUND;
    let (low, high) = ((millionths - error + 0.5).floor(), (millionths + error + 0.5).floor());
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
    (low == high && high < 9e15).then_some(low as i128)
}

/// In 256 bits: e^(−x) by its series, with x = rest/days × ln 2 < 0.7.
fn half_life_wide(magnitude: u128, halvings: u32, rest: i64, days: i64) -> Option<i128> {
    let days = U256::from(days.unsigned_abs());
    let x = U256::from(rest.unsigned_abs()) * U256::from(LN_2) / days;
    let one = U256::ONE << BITS;
    // 1 − x + x²/2 − …, terms rounded down: each is off by less than two units, and 40 terms are more than enough
    let (mut plus, mut minus, mut term) = (one, U256::ZERO, one);
    for n in 1_u32..=40 {
        term = ((term * x) >> BITS) / U256::from(n);
        if n % 2 == 0 { plus += term } else { minus += term }
    }
    let power = plus - minus;
    let error = U256::new(128);
    let round = |power: U256| round_shifted(U256::from(magnitude) * power, BITS + halvings);
    let (low, high) = (round(power - error), round(power + error));
    (low == high).then_some(low).flatten()
}

/// A value × 2^-bits, from units to millionths, half up.
fn round_shifted(value: U256, bits: u32) -> Option<i128> {
    // half a millionth is a whole number of units, so what the shift drops cannot decide
    let divisor = U256::from(MILLIONTH.unsigned_abs());
    let units = value >> bits;
    let up = units % divisor * U256::new(2) >= divisor;
    i128::try_from(units / divisor + U256::from(u8::from(up))).ok()
}

/// With as many bits as it takes. It ends: a root of 2 is irrational, so the value is never in the middle.
fn half_life_exact(magnitude: u128, halvings: u32, rest: i64, days: i64) -> Option<i128> {
    let mut bits = 256;
    loop {
        let x = ln_2(bits) * rest.unsigned_abs() / days.unsigned_abs();
        let power = exponential(&x, bits);
        // x is off by less than `bits` units of its last place, each term of the series by two
        let decided = decide(&power, &BigInt::from(4 * bits), magnitude, bits + halvings);
        if decided.is_some() || bits >= MAX_BITS {
            return decided.or_else(|| round_scaled(&power, magnitude, bits + halvings));
        }
        bits *= 2;
    }
}

/// ln 2 × 2^bits, as Σ 1/(k 2^k): off by less than `bits` units.
fn ln_2(bits: u32) -> BigInt {
    let one = BigInt::from(1) << bits;
    (1..=bits).map(|k| (&one >> k) / k).sum()
}

/// e^(−x) for 0 ≤ x < 1, everything × 2^bits.
fn exponential(x: &BigInt, bits: u32) -> BigInt {
    let mut term = BigInt::from(1) << bits;
    let mut sum = term.clone();
    let mut n = 1_u32;
    while term.sign() != Sign::NoSign {
        term = -((term * x) >> bits) / n;
        sum += &term;
        n += 1;
    }
    sum
}

/// The millionths of magnitude × power × 2^-bits, when everything within the error rounds to the same.
fn decide(power: &BigInt, error: &BigInt, magnitude: u128, bits: u32) -> Option<i128> {
    let low = round_scaled(&(power - error), magnitude, bits)?;
    (round_scaled(&(power + error), magnitude, bits) == Some(low)).then_some(low)
}

/// The millionths of magnitude × power × 2^-bits, half up.
fn round_scaled(power: &BigInt, magnitude: u128, bits: u32) -> Option<i128> {
    let divisor = BigInt::from(MILLIONTH) << bits;
    // floor((2 × dividend + divisor) / (2 × divisor)), of a number that an error may have pushed below zero
    let dividend = power.max(&BigInt::from(0)) * magnitude * 2 + &divisor;
    i128::try_from(dividend / (divisor * 2)).ok()
}

/// (1 − rate)^steps as a fraction in 256 bits, when it fits: exact.
fn steps_small(magnitude: u128, ratio: (u128, u128), steps: u64) -> Option<i128> {
    let steps = u32::try_from(steps).ok().filter(|&steps| steps <= 128)?;
    let dividend = I256::from(ratio.0).checked_pow(steps)?.checked_mul(I256::from(magnitude))?;
    let divisor = I256::from(ratio.1).checked_pow(steps)?.checked_mul(I256::from(MILLIONTH))?;
    i128::try_from(divide_rounded_wide(dividend, divisor)).ok()
}

/// As an interval of 256-bit products.
fn steps_wide(magnitude: u128, kept: u128, steps: u64) -> Option<i128> {
    let one = U256::ONE << BITS;
    let start = (U256::from(kept) << BITS) / U256::from(ONE.unsigned_abs());
    let times = |left: (U256, U256), right: (U256, U256)| {
        ((left.0 * right.0) >> BITS, (((left.1 * right.1) >> BITS) + U256::ONE).min(one))
    };
    let (mut square, mut power) = ((start, (start + U256::ONE).min(one)), (one, one));
    let mut steps = steps;
    while steps > 0 {
        if steps % 2 == 1 {
            power = times(power, square);
        }
        square = times(square, square);
        steps /= 2;
    }
    let round = |power: U256| round_shifted(U256::from(magnitude) * power, BITS);
    let (low, high) = (round(power.0), round(power.1));
    (low == high).then_some(low).flatten()
}

/// As a fraction up to 128 steps, and past them with as many bits as it takes.
///
/// It ends: for the value to lie in the middle between two millionths, the denominator to the power of the steps would
/// have to divide twice the points in units, less than 2^105; so it never is past 105 steps.
fn steps_exact(magnitude: u128, ratio: (u128, u128), steps: u64) -> Option<i128> {
    if let Some(steps) = u32::try_from(steps).ok().filter(|&steps| steps <= 128) {
        let dividend = BigUint::from(ratio.0).pow(steps) * magnitude * 2_u32;
        let divisor = BigUint::from(ratio.1).pow(steps) * MILLIONTH.unsigned_abs();
        return i128::try_from((dividend + &divisor) / (divisor * 2_u32)).ok();
    }
    let mut bits = 256;
    loop {
        let (power, error) = power_interval(ratio, steps, bits);
        let decided = decide(&power, &error, magnitude, bits);
        if decided.is_some() || bits >= MAX_BITS {
            return decided.or_else(|| round_scaled(&power, magnitude, bits));
        }
        bits *= 2;
    }
}

/// ratio^steps × 2^bits from below, and how much may be missing.
fn power_interval(ratio: (u128, u128), steps: u64, bits: u32) -> (BigInt, BigInt) {
    let one = BigInt::from(1) << bits;
    let start = (BigInt::from(ratio.0) << bits) / ratio.1;
    let (mut square, mut power) = ((start.clone(), start + 1), (one.clone(), one));
    let mut steps = steps;
    while steps > 0 {
        if steps % 2 == 1 {
            power = ((&power.0 * &square.0) >> bits, ((&power.1 * &square.1) >> bits) + 1);
        }
        square = ((&square.0 * &square.0) >> bits, ((&square.1 * &square.1) >> bits) + 1);
        steps /= 2;
    }
    let error = power.1 - &power.0;
    (power.0, error)
}

fn greatest_common_divisor(mut left: u128, mut right: u128) -> u128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

#[cfg(test)]
mod tests;
