//! Functions.

use super::expression::{Evaluation, Scope};
use super::invalid;
use super::number::{round, whole};
use super::time::{days_between, hours_between, months_between};
use super::types::{Type, convert};
use super::value::Value;
use gradus::syntax::ast::{Argument, Expr, Period};
use jiff::civil::Date;
use num_traits::{Signed, ToPrimitive};

impl Evaluation<'_> {
    /// `days_since(a)`, `at_least(2, a, b)`, `half_life(10, a, 30 days)`.
    pub(super) fn call(&self, function: &str, arguments: &[Argument], scope: Scope<'_>) -> Value {
        let argument = |index: usize| match arguments.get(index) {
            Some(Argument::Value(value)) => value,
            _ => invalid(&format!("the arguments of `{function}`")),
        };
        let value = |index: usize| self.value(argument(index), scope);
        match function {
            "at_least" => Value::truth(self.at_least(arguments, scope)),
            "coalesce" => {
                let kind = self.rules.type_of_arguments(arguments, scope.fields());
                let present = self.values(arguments, scope).into_iter().find(|value| !value.is_missing());
                present.map_or(Value::Missing, |value| convert(value, &kind, &self.clock))
            }
            "min" | "max" => {
                let values = self.values(arguments, scope);
                if values.iter().any(Value::is_missing) {
                    return Value::Missing;
                }
                let kind = self.rules.type_of_arguments(arguments, scope.fields());
                convert(self.extreme(function == "max", values), &kind, &self.clock)
            }
            "abs" => match value(0) {
                Value::Number(number, true) => Value::int(number.abs()),
                Value::Number(number, false) => Value::decimal(&number.abs()),
                other => other,
            },
            "round" => {
                let digits = if arguments.len() > 1 { value(1) } else { Value::count(0) };
                rounded(&value(0), &digits)
            }
            "count" => self.elements(argument(0)).map_or(Value::Missing, |elements| Value::count(elements.len())),
            "count_present" => Value::count(self.present(arguments, scope)),
            "present_ratio" => Value::decimal(&(whole(self.present(arguments, scope)) / whole(arguments.len()))),
            "half_life" | "linear_decay" | "cliff" | "step_decay" => self.decay(function, arguments, scope),
            "percent_rank" | "cume_share" => self.rank(function, argument(0), None),
            "ntile" => {
                let tiles = value(0);
                self.rank(function, argument(1), tiles.as_number())
            }
            _ => self.time_call(function, &value(0), (arguments.len() > 1).then(|| value(1))),
        }
    }

    /// Functions of the calendar.
    fn time_call(&self, function: &str, first: &Value, second: Option<Value>) -> Value {
        let Some(date) = first.as_date(&self.clock) else { return Value::Missing };
        let today = self.clock.today();
        let number = match (function, second) {
            ("days_since", None) => days_between(date, today),
            ("days_until", None) => days_between(today, date),
            ("days_between", Some(second)) => match second.as_date(&self.clock) {
                Some(second) => days_between(date, second),
                None => return Value::Missing,
            },
            ("months_since", None) => months_between(date, today),
            ("hours_since", None) => {
                let Value::Instant(instant) = convert(first.clone(), &Type::DateTime, &self.clock) else {
                    return Value::Missing;
                };
                hours_between(instant, self.clock.now)
            }
            ("date", None) => return Value::Date(date),
            (part, None) => part_of(part, date),
            _ => invalid(&format!("the arguments of `{function}`")),
        };
        Value::count(number)
    }

    /// True when enough are true, false when too few can be, else unknown.
    fn at_least(&self, arguments: &[Argument], scope: Scope<'_>) -> Option<bool> {
        let values = self.values(arguments, scope);
        let [needed, conditions @ ..] = &values[..] else { invalid("`at_least` without arguments") };
        let truths: Vec<Option<bool>> = conditions.iter().map(Value::as_truth).collect();
        let count = |wanted: Option<bool>| whole(truths.iter().filter(|truth| **truth == wanted).count());
        let (certain, open) = (count(Some(true)), count(None));
        let needed = needed.as_number()?;
        if certain >= *needed {
            Some(true)
        } else if certain + open < *needed {
            Some(false)
        } else {
            None
        }
    }

    fn values(&self, arguments: &[Argument], scope: Scope<'_>) -> Vec<Value> {
        let value = |argument: &Argument| match argument {
            Argument::Value(value) => self.value(value, scope),
            Argument::Period(_) => invalid("a period where a value is needed"),
        };
        arguments.iter().map(value).collect()
    }

    fn present(&self, arguments: &[Argument], scope: Scope<'_>) -> usize {
        self.values(arguments, scope).iter().filter(|value| !value.is_missing()).count()
    }

    /// The count of a period: a positive constant or param.
    pub(super) fn period_count(&self, period: &Period) -> i64 {
        self.constant_int(&period.count)
    }

    fn constant_int(&self, expr: &Expr) -> i64 {
        let value = self.value(expr, super::expression::TOP);
        match value.as_number().and_then(ToPrimitive::to_i64) {
            Some(count) => count,
            None => invalid(&format!("the period {value:?}")),
        }
    }
}

/// `round(x, digits)`, half away from zero; digits may be negative.
fn rounded(value: &Value, digits: &Value) -> Value {
    let (Value::Number(number, is_int), Some(digits)) = (value, digits.as_number()) else { return Value::Missing };
    let digits = digits.to_i32().map_or(0, |digits| digits.clamp(-40, 40));
    // Nothing has more than twelve places, so more digits change nothing.
    let result = if digits > 12 { number.clone() } else { round(number, digits) };
    if *is_int { Value::int(result) } else { Value::decimal(&result) }
}

fn part_of(part: &str, date: Date) -> i64 {
    match part {
        "year" => i64::from(date.year()),
        "month" => i64::from(date.month()),
        "day" => i64::from(date.day()),
        "weekday" => i64::from(date.weekday().to_monday_one_offset()),
        other => invalid(&format!("function `{other}`")),
    }
}
