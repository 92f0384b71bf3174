//! Decay against exact arithmetic.

use super::*;

/// Numbers that look random, the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: i64) -> i64 {
        i64::try_from(self.next() % end.unsigned_abs()).expect("below an i64")
    }

    /// Of any size in range, positive.
    fn units(&mut self) -> u128 {
        let digits = u32::try_from(self.below(27)).expect("small") + 1;
        (u128::from(self.next()) << 64 | u128::from(self.next())) % 10_u128.pow(digits) + 1
    }
}

fn fixed(text: &str) -> Fixed {
    Fixed::parse(text).expect("a number")
}

#[test]
fn published_figures() {
    assert_eq!(half_life(fixed("12"), 7, 30), Some(fixed("10.208006")));
    assert_eq!(half_life(fixed("10"), 7, 30), Some(fixed("8.506672")));
    assert_eq!(half_life(fixed("-12"), 60, 30), Some(fixed("-3")));
    assert_eq!(half_life(fixed("12"), -5, 30), Some(fixed("12")));
    let rate = fixed("0.25");
    for (weeks, left) in [(0, "1000"), (1, "750"), (2, "562.5"), (8, "100.112915")] {
        assert_eq!(step_decay(fixed("1000"), weeks * 7 + 6, rate, 7), Some(fixed(left)));
    }
    assert_eq!(linear_decay(fixed("1000"), 7, 28), Some(fixed("750")));
    assert_eq!(linear_decay(fixed("-1"), 1, 3), Some(fixed("-0.666667")));
    assert_eq!(linear_decay(fixed("1000"), 28, 28), Some(Fixed::ZERO));
    assert_eq!(cliff(fixed("7.0000005"), 29, 30), Some(fixed("7.000001")));
    assert_eq!(cliff(fixed("7"), 30, 30), Some(Fixed::ZERO));
}

#[test]
fn constants_agree_with_their_series() {
    assert_eq!(ln_2(256) >> (256 - BITS), BigInt::from(LN_2));
}

/// The half-life without roots: x = 2^(−a/d) lies between two fractions when x^d does.
#[test]
fn half_lives_are_rounded_correctly() {
    let mut random = Random(1);
    for _ in 0..2000 {
        let (magnitude, days) = (random.units(), random.below(40) + 1);
        let age = random.below(80 * days);
        let points = Fixed::from_units(i128::try_from(magnitude).expect("in range"));
        let millionths = half_life(points, age, days).expect("in range").units() / MILLIONTH;
        let power = u32::try_from(days).expect("small");
        let bound = |twice: i128| BigInt::from(twice * MILLIONTH / 2).pow(power) << age;
        let value = BigInt::from(magnitude).pow(power);
        assert!(value < bound(2 * millionths + 1), "{points} {age} {days}");
        assert!(millionths == 0 || bound(2 * millionths - 1) <= value, "{points} {age} {days}");
    }
}

#[test]
fn all_ways_to_a_half_life_agree() {
    let mut random = Random(2);
    let mut quick = 0;
    for _ in 0..2000 {
        let size = random.below(62);
        let (magnitude, days) = (random.units(), random.below(1_i64 << size) + 2);
        let (rest, halvings) = (random.below(days - 1) + 1, u32::try_from(random.below(81)).expect("small"));
        let exact = half_life_exact(magnitude, halvings, rest, days);
        assert!(exact.is_some());
        let float = half_life_float(magnitude, halvings, rest, days);
        quick += u32::from(float.is_some());
        assert!(float.is_none_or(|_| float == exact), "{magnitude} {halvings} {rest} {days}");
        let wide = half_life_wide(magnitude, halvings, rest, days);
        assert!(wide.is_none_or(|_| wide == exact), "{magnitude} {halvings} {rest} {days}");
    }
    assert!(quick > 1000, "{quick}");
}

#[test]
fn steps_are_rounded_correctly() {
    let mut random = Random(3);
    for round in 0..3000 {
        let (magnitude, steps) = (random.units(), random.below(100) + 1);
        let rate = match round % 3 {
            0 => i128::from(random.below(99) + 1) * (ONE / 100),
            1 => i128::from(random.below(999) + 1) * (ONE / 1000),
            _ => i128::from(random.below(999_999_999_999) + 1),
        };
        let points = Fixed::from_units(i128::try_from(magnitude).expect("in range"));
        let found = step_decay(points, steps, Fixed::from_units(rate), 1).expect("in range").units() / MILLIONTH;
        let power = u32::try_from(steps).expect("small");
        let dividend = BigInt::from(ONE - rate).pow(power) * magnitude * 2;
        let divisor = BigInt::from(ONE).pow(power) * MILLIONTH;
        let exact = i128::try_from((dividend + &divisor) / (divisor * 2)).expect("in range");
        assert_eq!(found, exact, "{points} {steps} {rate}");
        let kept = (ONE - rate).unsigned_abs();
        let wide = steps_wide(magnitude, kept, steps.unsigned_abs());
        assert!(wide.is_none_or(|wide| wide == exact), "{points} {steps} {rate}");
        let (power, error) = power_interval((kept, ONE.unsigned_abs()), steps.unsigned_abs(), 512);
        assert_eq!(decide(&power, &error, magnitude, 512), Some(exact), "{points} {steps} {rate}");
    }
}

#[test]
fn ties_go_away_from_zero() {
    // 0.000001 halved once lies in the middle, whichever way is taken
    assert_eq!(half_life(fixed("-0.000001"), 30, 30), Some(fixed("-0.000001")));
    assert_eq!(step_decay(fixed("0.000001"), 1, fixed("0.5"), 1), Some(fixed("0.000001")));
    assert_eq!(steps_exact(MILLIONTH.unsigned_abs(), (1, 2), 1), Some(1));
    assert_eq!(linear_decay(fixed("-0.000001"), 1, 2), Some(fixed("-0.000001")));
    assert_eq!(half_life(fixed("9999999999999999.9999999"), 0, 30), None);
}

#[test]
fn extremes_neither_panic_nor_run_away() {
    let slowest = Fixed::from_units(1);
    // 1 − 10^-12 to the power of 10^12 is close to 1/e
    assert_eq!(step_decay(fixed("1000000"), 1_000_000_000_000, slowest, 1), Some(fixed("367879.441171")));
    for points in [Fixed::MAX, Fixed::MIN, Fixed::ZERO, Fixed::from_units(1), fixed("12.345678901234")] {
        for age in [i64::MIN, -1, 0, 1, 7, 1 << 31, 1 << 46, i64::MAX - 1, i64::MAX] {
            for period in [i64::MIN, 0, 1, 3, 30, 1 << 40, i64::MAX - 1, i64::MAX] {
                for rate in
                    [Fixed::ZERO, slowest, fixed("0.333333333333"), fixed("0.999999999999"), Fixed::ONE, Fixed::MAX]
                {
                    let _left = step_decay(points, age, rate, period);
                }
                let _left =
                    (half_life(points, age, period), linear_decay(points, age, period), cliff(points, age, period));
            }
        }
    }
}
