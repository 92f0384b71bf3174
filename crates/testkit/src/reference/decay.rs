//! Points that lose their worth with age.

use super::expression::{Evaluation, Scope};
use super::invalid;
use super::number::{half_life, round, whole};
use super::time::{days_between, months_between};
use super::value::Value;
use gradus::syntax::ast::{Argument, Period, TimeUnit};
use jiff::civil::Date;
use num_rational::BigRational;
use num_traits::{One, Pow, Zero};

/// To how many places decayed points are rounded.
const PLACES: i32 = 6;

impl Evaluation<'_> {
    /// `half_life`, `linear_decay`, `cliff` and `step_decay`.
    pub(super) fn decay(&self, function: &str, arguments: &[Argument], scope: Scope<'_>) -> Value {
        let (points, since, rate, period) = match arguments {
            [Argument::Value(points), Argument::Value(since), Argument::Period(period)] => {
                (points, since, None, period)
            }
            [Argument::Value(points), Argument::Value(since), Argument::Value(rate), Argument::Period(period)] => {
                (points, since, Some(rate), period)
            }
            _ => invalid(&format!("the arguments of `{function}`")),
        };
        let points = self.value(points, scope);
        let date = self.value(since, scope).as_date(&self.clock);
        let (Some(points), Some(date)) = (points.as_number(), date) else { return Value::Missing };
        let (age, period) = self.age_and_period(date, period);
        let result = match function {
            "half_life" => half_life(points, small(age), small(period)),
            "linear_decay" if age >= period => BigRational::zero(),
            "linear_decay" => points * (BigRational::one() - whole(age) / whole(period)),
            "cliff" if age >= period => BigRational::zero(),
            "cliff" => points.clone(),
            _ => {
                let rate = rate.map(|rate| self.value(rate, scope));
                let Some(rate) = rate.as_ref().and_then(Value::as_number) else { return Value::Missing };
                let kept: BigRational = Pow::pow(BigRational::one() - rate, small(age / period));
                points * kept
            }
        };
        Value::decimal(&round(&result, PLACES))
    }

    /// The age, never negative, and the period, both in days or both in months.
    fn age_and_period(&self, date: Date, period: &Period) -> (i64, i64) {
        let today = self.clock.today();
        let count = self.period_count(period);
        let (age, length) = match period.unit {
            TimeUnit::Days => (days_between(date, today), count),
            TimeUnit::Weeks => (days_between(date, today), count.saturating_mul(7)),
            TimeUnit::Months => (months_between(date, today), count),
            TimeUnit::Years => (months_between(date, today), count.saturating_mul(12)),
        };
        (age.max(0), length)
    }
}

/// Ages fit: the calendar has fewer than four million days of each sign.
fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
