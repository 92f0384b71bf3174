//! Values that have an order, as whole numbers: what is next to what, and which of two is the more readable.

use crate::lead::reading::Datum;
use crate::time::{At, add_days, day_number, days_between};
use crate::types::Type;
use crate::value::{Fixed, Value};
use jiff::Timestamp;
use jiff::civil::Date;

/// How a field's values are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    Int,
    /// In units of 10^-12.
    Decimal,
    /// In millionths.
    Float,
    /// By the number of the day.
    Date,
    /// In nanoseconds.
    Instant,
}

const UNITS: i128 = 1_000_000_000_000;
const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;
/// Millionths of a float.
const PARTS: f64 = 1_000_000.0;

impl Scale {
    pub(super) fn of(kind: &Type) -> Option<Scale> {
        Some(match kind {
            Type::Int => Scale::Int,
            Type::Decimal => Scale::Decimal,
            Type::Float => Scale::Float,
            Type::Date => Scale::Date,
            Type::DateTime => Scale::Instant,
            _ => return None,
        })
    }

    /// Where a value is.
    pub(super) fn key(self, datum: Datum<'_>) -> Option<i128> {
        match (self, datum) {
            (Scale::Int, Datum::Int(value)) => Some(value.into()),
            (Scale::Decimal, Datum::Decimal(value)) => Some(value.units()),
            #[expect(clippy::cast_possible_truncation, reason = "a float past the range of keys is at its end")]
            (Scale::Float, Datum::Float(value)) => Some((value.0 * PARTS).floor() as i128),
            (Scale::Date, Datum::Date(date)) => Some(day_number(date).into()),
            (Scale::Instant, Datum::Instant(instant)) => Some(instant.as_nanosecond()),
            _ => None,
        }
    }

    /// The value at a key; nothing past the range.
    pub(super) fn value(self, key: i128) -> Option<Value> {
        Some(match self {
            Scale::Int => Value::Int(i64::try_from(key).ok()?),
            Scale::Decimal => Value::Decimal(Fixed::from_units(key).in_range()?.to_decimal()),
            #[expect(clippy::cast_precision_loss, reason = "millionths of numbers that people write")]
            Scale::Float => Value::Float(key as f64 / PARTS),
            Scale::Date => Value::Date(date(key)?),
            Scale::Instant => Value::Instant(Timestamp::from_nanosecond(key).ok()?),
        })
    }

    /// The ends of the range.
    pub(super) fn ends(self) -> (i128, i128) {
        match self {
            Scale::Int => (i64::MIN.into(), i64::MAX.into()),
            Scale::Decimal => (Fixed::MIN.units(), Fixed::MAX.units()),
            Scale::Float => (-(1 << 62), 1 << 62),
            Scale::Date => (day_number(Date::MIN).into(), day_number(Date::MAX).into()),
            Scale::Instant => (Timestamp::MIN.as_nanosecond(), Timestamp::MAX.as_nanosecond()),
        }
    }

    /// A step that people take: one, a cent, a day, a second.
    pub(super) fn step(self) -> i128 {
        match self {
            Scale::Int | Scale::Date | Scale::Float => 1,
            Scale::Decimal => UNITS / 100,
            Scale::Instant => SECOND,
        }
    }

    /// From where on distances of missing values are counted.
    pub(super) fn origin(self, at: &At) -> i128 {
        match self {
            Scale::Int | Scale::Decimal | Scale::Float => 0,
            Scale::Date => day_number(at.today()).into(),
            Scale::Instant => at.now().as_nanosecond(),
        }
    }

    /// How far one key is from another, in millionths: a number by its share of the larger of the two, a time by years.
    pub(super) fn distance(self, from: i128, to: i128) -> i128 {
        const WHOLE: i128 = 1_000_000;
        let apart = (to - from).abs();
        match self {
            Scale::Int | Scale::Decimal | Scale::Float => {
                let least = if self == Scale::Decimal { UNITS } else { 1 };
                let size = from.abs().max(to.abs()).max(least);
                let apart = apart.min(size);
                // large numbers in thousands, so that the product fits
                match apart.checked_mul(WHOLE) {
                    Some(product) => product / size,
                    None => apart / (size / WHOLE).max(1),
                }
            }
            Scale::Date => (WHOLE * apart / 365).min(WHOLE),
            Scale::Instant => (WHOLE * (apart / DAY) / 365).min(WHOLE),
        }
    }

    /// The key in a stretch that is nearest to where the lead is, among those that people would write.
    ///
    /// The stretch has its first key, not its last one, and does not have `now`.
    pub(super) fn nearest(self, low: i128, high: i128, now: i128) -> i128 {
        let upwards = now < low;
        // the key at the near end, and the constant that stands beside the stretch there
        let (end, outside) = if upwards { (low, low - 1) } else { (high - 1, high) };
        if self.is_round(end) || self == Scale::Int || self == Scale::Date || self == Scale::Float {
            return end;
        }
        let mut step = self.grain(outside);
        loop {
            let inside = if upwards { outside + step } else { outside - step };
            if low <= inside && inside < high {
                return inside;
            }
            if step <= 1 {
                return end;
            }
            step /= 10;
        }
    }

    /// Whether people would write it: hundredths, seconds.
    fn is_round(self, key: i128) -> bool {
        key % self.step() == 0
    }

    /// The last place of a number that people wrote: one of 5,000,000, a hundredth of 0.35.
    fn grain(self, key: i128) -> i128 {
        match self {
            Scale::Decimal => {
                let mut grain = UNITS;
                while grain > 1 && key % grain != 0 {
                    grain /= 10;
                }
                grain
            }
            Scale::Instant => SECOND,
            _ => 1,
        }
    }
}

/// The date of a day's number.
pub(super) fn date(number: i128) -> Option<Date> {
    let start = Date::constant(2000, 1, 1);
    let days = i64::try_from(number).ok()? - day_number(start);
    let within = days_between(start, Date::MIN) <= days && days <= days_between(start, Date::MAX);
    within.then(|| add_days(start, days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_round_numbers() {
        let units = |text: &str| Fixed::parse(text).unwrap_or(Fixed::ZERO).units();
        let nearest = |low: i128, high: i128, now: &str| {
            Fixed::from_units(Scale::Decimal.nearest(low, high, units(now))).to_string()
        };
        let far = Fixed::MAX.units();
        assert_eq!(nearest(units("1000"), far, "5"), "1000");
        assert_eq!(nearest(units("5000000") + 1, far, "5"), "5000001");
        assert_eq!(nearest(units("0.35") + 1, far, "0"), "0.36");
        assert_eq!(nearest(units("0.35") + 1, units("0.352"), "0"), "0.351");
        assert_eq!(nearest(units("5"), units("10"), "20"), "9");
        assert_eq!(nearest(units("5"), units("5") + 1, "20"), "5");
        assert_eq!(Scale::Int.nearest(5, 10, 20), 9);
    }

    #[test]
    fn days_are_dates() {
        for text in ["2026-11-21", "0000-03-01", "1600-02-29", "-9999-01-01", "9999-12-31"] {
            if let Ok(own) = text.parse::<Date>() {
                assert_eq!(date(day_number(own).into()), Some(own));
            }
        }
        assert_eq!(date(i128::MAX), None);
        assert_eq!(Scale::Date.value(i128::MIN), None);
    }

    #[test]
    fn far_is_farther() {
        let distances = [1, 2, 10, 100_000, 1_000_000_000].map(|to| Scale::Int.distance(1, to));
        assert!(distances.is_sorted(), "{distances:?}");
        assert_eq!((distances[0], Scale::Int.distance(1, -1)), (0, 1_000_000));
        assert_eq!(Scale::Date.distance(0, 365), 1_000_000);
    }
}
