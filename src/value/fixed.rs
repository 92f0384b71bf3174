//! `Fixed`: the numbers of the language, exactly.

use ethnum::I256;
use rust_decimal::Decimal;
use std::fmt;

/// A decimal with twelve places, as a whole number of billionths of a thousandth.
///
/// A value in range has at most 16 digits before the point; 64-bit whole numbers past that range are held exactly too,
/// so that comparing them with decimals is exact. Operations that leave the range give `None`, which the language calls
/// missing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Fixed(i128);

/// How many places there are after the point.
pub(crate) const PLACES: u32 = 12;
/// One, in units.
const ONE: i128 = 1_000_000_000_000;
/// The first magnitude past the range, in units: 10^16.
const LIMIT: i128 = 10_000_000_000_000_000 * ONE;

impl Fixed {
    /// Nothing.
    pub(crate) const ZERO: Fixed = Fixed(0);
    /// One.
    pub(crate) const ONE: Fixed = Fixed(ONE);
    /// The least decimal in range.
    pub(crate) const MIN: Fixed = Fixed(-LIMIT + 1);
    /// The greatest decimal in range.
    pub(crate) const MAX: Fixed = Fixed(LIMIT - 1);

    /// A whole number, exactly, in range or not.
    pub(crate) const fn from_int(value: i64) -> Fixed {
        Fixed(value as i128 * ONE)
    }

    /// From units of 10^-12.
    pub(crate) const fn from_units(units: i128) -> Fixed {
        Fixed(units)
    }

    /// So many units of 10^-`places`, if a decimal can be that large and has that many places.
    #[inline]
    pub(crate) fn scaled(units: i64, places: u32) -> Option<Fixed> {
        const LIFTS: [i128; 13] = {
            let (mut lifts, mut places) = ([ONE; 13], 1);
            while places < 13 {
                lifts[places] = lifts[places - 1] / 10;
                places += 1;
            }
            lifts
        };
        Fixed(i128::from(units) * LIFTS.get(places as usize)?).in_range()
    }

    /// In units of 10^-12.
    pub(crate) const fn units(self) -> i128 {
        self.0
    }

    /// The number itself, if a decimal can be that large.
    pub(crate) fn in_range(self) -> Option<Fixed> {
        (self.0.unsigned_abs() < LIMIT.unsigned_abs()).then_some(self)
    }

    /// The whole number that it is, if it is one of 64 bits.
    pub(crate) fn to_int(self) -> Option<i64> {
        (self.0 % ONE == 0).then(|| i64::try_from(self.0 / ONE).ok()).flatten()
    }

    /// `self + other`, exact.
    pub(crate) fn add(self, other: Fixed) -> Option<Fixed> {
        Fixed(self.0.checked_add(other.0)?).in_range()
    }

    /// `self - other`, exact.
    pub(crate) fn subtract(self, other: Fixed) -> Option<Fixed> {
        Fixed(self.0.checked_sub(other.0)?).in_range()
    }

    /// `self × other`, rounded to twelve places.
    pub(crate) fn multiply(self, other: Fixed) -> Option<Fixed> {
        match self.0.checked_mul(other.0) {
            Some(product) => Fixed(divide_rounded(product, ONE)).in_range(),
            None => from_wide(divide_rounded_wide(I256::from(self.0) * I256::from(other.0), I256::from(ONE))),
        }
    }

    /// The share `part / whole`, rounded to twelve places.
    pub(crate) fn share(part: usize, whole: usize) -> Option<Fixed> {
        let count = |n: usize| i64::try_from(n).ok().map(Fixed::from_int);
        count(part)?.divide(count(whole)?)
    }

    /// `self / other`, rounded to twelve places; nothing for a division by zero.
    pub(crate) fn divide(self, other: Fixed) -> Option<Fixed> {
        if other.0 == 0 {
            return None;
        }
        match self.0.checked_mul(ONE) {
            Some(scaled) => Fixed(divide_rounded(scaled, other.0)).in_range(),
            None => from_wide(divide_rounded_wide(I256::from(self.0) * I256::from(ONE), I256::from(other.0))),
        }
    }

    /// Rounded to `digits` places after the point, half away from zero; negative digits round before the point.
    /// The result may be past the range.
    pub(crate) fn round(self, digits: i64) -> Option<Fixed> {
        let drop = i64::from(PLACES) - digits;
        if drop <= 0 {
            return Some(self);
        }
        let Some(unit) = u32::try_from(drop).ok().and_then(|drop| 10_i128.checked_pow(drop)) else {
            return Some(Fixed::ZERO);
        };
        divide_rounded(self.0, unit).checked_mul(unit).map(Fixed)
    }

    /// Without its sign.
    pub(crate) fn abs(self) -> Fixed {
        Fixed(self.0.abs())
    }

    /// The nearest floating-point number.
    pub(crate) fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// For the public interface; the number must be in range, as all results are.
    pub(crate) fn to_decimal(self) -> Decimal {
        Decimal::try_from_i128_with_scale(self.0, PLACES).unwrap_or(Decimal::MAX).normalize()
    }

    /// From the public interface; nothing when it has more than twelve places or is out of range.
    pub(crate) fn from_decimal(value: Decimal) -> Option<Fixed> {
        let value = value.normalize();
        let lift = PLACES.checked_sub(value.scale())?;
        Fixed(value.mantissa().checked_mul(10_i128.checked_pow(lift)?)?).in_range()
    }

    /// Reads digits as people and JSON write them: `-12.50`, `5e3`. The error says which rule they break.
    pub(crate) fn parse(text: &str) -> Result<Fixed, NumberError> {
        parse_digits(text)
    }
}

/// Why digits are not a decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// Not a number at all.
    NotANumber,
    /// More than twelve places after the point.
    TooManyPlaces,
    /// More than sixteen digits before the point.
    OutOfRange,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NumberError::NotANumber => "not a number",
            NumberError::TooManyPlaces => "more than 12 digits after the point",
            NumberError::OutOfRange => "more than 16 digits before the point",
        })
    }
}

/// `sign? digits (. digits)? (e sign? digits)?`, exactly.
fn parse_digits(text: &str) -> Result<Fixed, NumberError> {
    let (negative, body) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
        None => (body, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = || whole.bytes().chain(fraction.bytes());
    let pointed = mantissa.len() != whole.len();
    if whole.is_empty() || (pointed && fraction.is_empty()) || !digits().all(|digit| digit.is_ascii_digit()) {
        return Err(NumberError::NotANumber);
    }
    let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX).saturating_sub(exponent);
    collect(digits(), places).map(|units| Fixed(if negative { -units } else { units }))
}

/// The exponent; absurdly large ones are as good as their cut.
fn parse_exponent(text: &str) -> Result<i64, NumberError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(NumberError::NotANumber);
    }
    let magnitude = digits.parse::<i64>().unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    Ok(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// The units of `digits` with `places` of them after the point.
fn collect(digits: impl Iterator<Item = u8>, places: i64) -> Result<i128, NumberError> {
    let (mut value, mut zeros) = (0_i128, 0_i64);
    for digit in digits.map(|digit| digit - b'0') {
        zeros += 1;
        if digit == 0 {
            continue;
        }
        // zeros are held back until a digit follows, so that trailing ones never count
        let lift = if value == 0 { 1 } else { power_of_ten(zeros).ok_or(NumberError::OutOfRange)? };
        value =
            value.checked_mul(lift).and_then(|value| value.checked_add(digit.into())).ok_or(NumberError::OutOfRange)?;
        zeros = 0;
    }
    if value == 0 {
        return Ok(0);
    }
    let lift = i64::from(PLACES) - (places - zeros);
    if lift < 0 {
        return Err(NumberError::TooManyPlaces);
    }
    let units = power_of_ten(lift).and_then(|lift| value.checked_mul(lift)).ok_or(NumberError::OutOfRange)?;
    Fixed(units).in_range().map(Fixed::units).ok_or(NumberError::OutOfRange)
}

/// 10 to a power that 128 bits can hold.
fn power_of_ten(power: i64) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(power).ok()?)
}

/// Quotient rounded half away from zero.
pub(crate) fn divide_rounded(dividend: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    if rest.unsigned_abs() >= divisor.unsigned_abs() - rest.unsigned_abs() {
        quotient + dividend.signum() * divisor.signum()
    } else {
        quotient
    }
}

/// The same in 256 bits.
pub(crate) fn divide_rounded_wide(dividend: I256, divisor: I256) -> I256 {
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    if rest.unsigned_abs() >= divisor.unsigned_abs() - rest.unsigned_abs() {
        quotient + dividend.signum() * divisor.signum()
    } else {
        quotient
    }
}

/// A wide number of units, if it is in range.
pub(crate) fn from_wide(units: I256) -> Option<Fixed> {
    Fixed(i128::try_from(units).ok()?).in_range()
}

impl fmt::Display for Fixed {
    /// Without exponent and trailing zeros, never `-0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let (whole, fraction) = (magnitude / ONE.unsigned_abs(), magnitude % ONE.unsigned_abs());
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{whole}")?;
        if fraction == 0 {
            return Ok(());
        }
        let (mut fraction, mut width) = (fraction, PLACES as usize);
        while fraction % 10 == 0 {
            fraction /= 10;
            width -= 1;
        }
        write!(f, ".{fraction:0width$}")
    }
}

impl fmt::Debug for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Fixed {
        Fixed::parse(text).expect("a decimal")
    }

    #[test]
    fn digits_are_read_exactly() {
        for (text, shown) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.000000000001", "-0.000000000001"),
            ("12.50", "12.5"),
            ("5e3", "5000"),
            ("1.5E-2", "0.015"),
            ("9999999999999999.999999999999", "9999999999999999.999999999999"),
            ("0.10000000000000000000000000000000000000000000000", "0.1"),
            ("00012", "12"),
            ("0e999999999999999999999", "0"),
        ] {
            assert_eq!(fixed(text).to_string(), shown, "{text}");
        }
        for (text, error) in [
            ("", NumberError::NotANumber),
            ("1.", NumberError::NotANumber),
            (".5", NumberError::NotANumber),
            ("1e", NumberError::NotANumber),
            ("1e400", NumberError::OutOfRange),
            ("1e-400", NumberError::TooManyPlaces),
            ("0.0000000000001", NumberError::TooManyPlaces),
            ("10000000000000000", NumberError::OutOfRange),
            ("1234567890123456789012345678901234567890", NumberError::OutOfRange),
        ] {
            assert_eq!(Fixed::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn quotients_round_half_away_from_zero() {
        assert_eq!(fixed("10").divide(fixed("3")), Some(fixed("3.333333333333")));
        assert_eq!(fixed("-10").divide(fixed("6")), Some(fixed("-1.666666666667")));
        assert_eq!(fixed("0.000001").multiply(fixed("0.0000005")), Some(fixed("0.000000000001")));
        assert_eq!(fixed("-0.000001").multiply(fixed("0.0000005")), Some(fixed("-0.000000000001")));
        assert_eq!(fixed("0.000001").multiply(fixed("0.0000004")), Some(Fixed::ZERO));
        assert_eq!(fixed("9999999999999999").multiply(fixed("9999999999999999")), None);
        assert_eq!(
            fixed("9999999999999999").multiply(fixed("0.999999999999")).map(|it| it.to_string()),
            Some("9999999999989999.000000000001".into())
        );
        assert_eq!(Fixed::from_int(i64::MAX).divide(Fixed::from_int(1000)), Some(fixed("9223372036854775.807")));
        assert_eq!(fixed("1250").round(-2), Some(fixed("1300")));
        assert_eq!(fixed("-2.5").round(0), Some(fixed("-3")));
        assert_eq!(fixed("1").round(-40), Some(Fixed::ZERO));
    }
}
