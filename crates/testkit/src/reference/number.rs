//! Exact numbers and the places where they are rounded.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};

/// How many places a `decimal` has after the point.
pub(super) const PLACES: i32 = 12;

/// 10^exponent, also for negative exponents.
pub(super) fn ten_to(exponent: i32) -> BigRational {
    let power = BigRational::from_integer(Pow::pow(BigInt::from(10), exponent.unsigned_abs()));
    if exponent < 0 { power.recip() } else { power }
}

/// A whole number as a fraction.
pub(super) fn whole(number: impl Into<BigInt>) -> BigRational {
    BigRational::from_integer(number.into())
}

/// Rounded to places after the point, half away from zero.
pub(super) fn round(number: &BigRational, places: i32) -> BigRational {
    let unit = ten_to(-places);
    // `BigRational::round` rounds halves away from zero.
    (number / &unit).round() * unit
}

/// Whether it fits an `int`.
pub(super) fn fits_int(number: &BigRational) -> bool {
    number.is_integer() && number.to_integer().to_i64().is_some()
}

/// Whether it fits a `decimal`'s 16 digits before the point.
pub(super) fn fits_decimal(number: &BigRational) -> bool {
    number.abs() < ten_to(16)
}

/// Whether it has no more than twelve places after the point.
pub(super) fn is_decimal(number: &BigRational) -> bool {
    (number * ten_to(PLACES)).is_integer()
}

/// A number by its digits, as JSON and rule files write it: `-12.50`, `1e3`. Nothing when it is not a number or its
/// exponent is beyond anything that a type could hold.
pub(super) fn parse(digits: &str) -> Option<BigRational> {
    let (sign, unsigned) = match digits.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, digits.strip_prefix('+').unwrap_or(digits)),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], unsigned[at + 1..].parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{before}{after}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: BigInt = all.parse().ok()?;
    if number.is_zero() {
        return Some(BigRational::zero());
    }
    let exponent = exponent.checked_sub(i32::try_from(after.len()).ok()?)?;
    if exponent.unsigned_abs() > 100_000 {
        return None;
    }
    Some(whole(number * sign) * ten_to(exponent))
}

/// A number literal of a rule file, `50_000`, `1.5万`, `30%`, and whether it is an `int`.
pub(super) fn literal(text: &str) -> (BigRational, bool) {
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    let (digits, factor) = match plain.chars().last() {
        Some('%') => (&plain[..plain.len() - 1], ten_to(-2)),
        Some('万') => (&plain[..plain.len() - '万'.len_utf8()], ten_to(4)),
        Some('亿') => (&plain[..plain.len() - '亿'.len_utf8()], ten_to(8)),
        _ => (plain.as_str(), BigRational::one()),
    };
    let Some(number) = parse(digits.trim_end()) else { super::invalid(&format!("number `{text}`")) };
    let number = number * &factor;
    // `1.5万` is 15000, an int; `30%` and `5.0` are decimals.
    let is_int = number.is_integer() && (factor > BigRational::one() || !plain.contains(['.', '%']));
    (number, is_int)
}

/// The digits of a number with at most twelve places: no exponent, no trailing zeros, no `-0`.
pub(super) fn print(number: &BigRational) -> String {
    let scaled = (number * ten_to(PLACES)).round().to_integer();
    let sign = if scaled.is_negative() { "-" } else { "" };
    let digits = format!("{:0>13}", scaled.abs().to_string());
    let (before, after) = digits.split_at(digits.len() - 12);
    let after = after.trim_end_matches('0');
    if after.is_empty() { format!("{sign}{before}") } else { format!("{sign}{before}.{after}") }
}

/// The nearest binary floating point number, for comparisons with a `float`.
pub(super) fn to_float(number: &BigRational) -> f64 {
    match print(number).parse() {
        Ok(float) => float,
        Err(_) => super::invalid(&format!("a float constant {number}")),
    }
}

/// |points| × 2^(−age/half) rounded to six places, correctly: the greatest whole k with k − ½ ≤ v, where v is the value
/// times 10^6, found by comparing whole numbers.
pub(super) fn half_life(points: &BigRational, age: u32, half: u32) -> BigRational {
    let scaled = points.abs() * ten_to(6);
    let shared = num_gcd(age, half);
    let (age, half) = (age / shared, half / shared);
    // k − ½ ≤ scaled × 2^(−age/half)  ⇔  (2k − 1)^half × 2^age × denominator^half ≤ (2 × numerator)^half
    let right: BigInt = Pow::pow(scaled.numer() * 2, half);
    let reaches = |k: &BigInt| {
        let left: BigInt = Pow::pow((k * 2 - 1) * scaled.denom(), half);
        (left << age) <= right
    };
    let (mut low, mut high) = (BigInt::zero(), scaled.to_integer() + 2);
    while &high - &low > BigInt::one() {
        let middle: BigInt = (&low + &high) / 2;
        if reaches(&middle) { low = middle } else { high = middle }
    }
    let result = whole(low) * ten_to(-6);
    if points.is_negative() { -result } else { result }
}

fn num_gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a.max(1) } else { num_gcd(b, a % b) }
}
