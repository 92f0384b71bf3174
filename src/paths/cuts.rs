//! Where conditions change along the values of one field.

use super::scale::Scale;
use crate::eval::State;
use crate::eval::compare::of_constant;
use crate::explain::words::{Asked, asked};
use crate::hir::node::{Constant, Node};
use crate::hir::{NodeId, Rules};
use crate::lead::reading::Datum;
use crate::operator::{ArithmeticOperator, Direction};
use crate::time::{At, Stretch, day_number, days_between};
use crate::value::Fixed;
use crate::value::moment::start_of_day;

/// How deep a value may be computed from a field.
const DEPTH: usize = 12;

/// Finds keys of a field at which something changes.
pub(super) struct Cuts<'c, 'a> {
    pub(super) rules: &'c Rules,
    pub(super) state: &'c State<'a>,
    pub(super) slot: u32,
    pub(super) scale: Scale,
    pub(super) found: Vec<i128>,
}

impl Cuts<'_, '_> {
    /// The cuts of a single condition.
    pub(super) fn condition(&mut self, id: NodeId) {
        match asked(self.rules, id) {
            Some(Asked::Compared(subject, _, constant)) => self.constant(subject, constant),
            Some(Asked::Between(subject, (_, low), (_, high))) => {
                self.constant(subject, low);
                self.constant(subject, high);
            }
            Some(Asked::OneOf(subject, constants)) => {
                constants.into_iter().for_each(|constant| self.constant(subject, constant));
            }
            Some(Asked::Sides(_, a, b)) => {
                // where the other side is now
                let (left, right) = (self.state.value(a), self.state.value(b));
                self.invert(a, right, 0);
                self.invert(b, left, 0);
            }
            Some(Asked::Window(subject, direction, stretch)) => {
                let at = self.state.inputs.at;
                let window = match direction {
                    Direction::Last => at.last(stretch),
                    Direction::Next => at.next(stretch),
                };
                self.invert(subject, Datum::Date(window.first), 0);
                self.invert(subject, Datum::Date(window.last), 0);
            }
            _ => {}
        }
    }

    fn constant(&mut self, subject: NodeId, constant: &Constant) {
        let datum = match constant {
            Constant::Int(value) => Datum::Int(*value),
            Constant::Decimal(value) => Datum::Decimal(*value),
            Constant::Float(value) => Datum::Float(*value),
            Constant::Date(date) => Datum::Date(*date),
            Constant::Instant(instant) => Datum::Instant(*instant),
            _ => of_constant_datum(constant),
        };
        self.invert(subject, datum, 0);
    }

    /// Notes the values of the field at which a computed value reaches or leaves a target.
    fn invert(&mut self, id: NodeId, target: Datum<'_>, depth: usize) {
        let (state, at) = (self.state, self.state.inputs.at);
        if depth > DEPTH {
            return;
        }
        let number = match target {
            Datum::Int(value) => Some(Fixed::from_int(value)),
            Datum::Decimal(value) => Some(value),
            _ => None,
        };
        let nodes = &self.rules.nodes;
        match nodes.get(id) {
            Node::Field(slot) if *slot == self.slot => self.at(target),
            Node::ToDecimal(a) | Node::Outcome(a) | Node::DateOf(a) | Node::StartOfDay(a) | Node::When(_, a) => {
                self.invert(*a, target, depth + 1);
            }
            Node::Least(list) | Node::Greatest(list) | Node::Coalesce(list) => {
                list.iter().for_each(|a| self.invert(*a, target, depth + 1));
            }
            Node::Absolute(_, a) => {
                if let Some(number) = number {
                    self.invert(*a, Datum::Decimal(number), depth + 1);
                    self.invert(*a, Datum::Decimal(Fixed::from_units(-number.units())), depth + 1);
                }
            }
            Node::Round(_, a, digits) => {
                let half = half(*digits);
                for moved in [-half, half].into_iter().filter_map(|half| Some(number?.units() + half)) {
                    self.invert(*a, Datum::Decimal(Fixed::from_units(moved)), depth + 1);
                }
            }
            Node::Arithmetic(operator, _, a, b) => {
                let value = |id: NodeId| crate::eval::number::fixed(state.value(id));
                if let Some(number) = number {
                    for (moved, other, left) in [(*a, *b, true), (*b, *a, false)] {
                        let inverse = value(other).and_then(|other| inverse(*operator, number, other, left));
                        if let Some(inverse) = inverse.and_then(Fixed::in_range) {
                            self.invert(moved, Datum::Decimal(inverse), depth + 1);
                        }
                    }
                }
            }
            Node::DaysBetween(a, b) => {
                let Some(days) = number.map(|number| number.units().div_euclid(Fixed::ONE.units())) else { return };
                // b - a = days
                for days in days - 1..=days + 1 {
                    let moved = |datum: Datum<'_>, sign: i128| {
                        let day = i128::from(day_number(at.date(datum)?)) + sign * days;
                        super::scale::date(day).map(Datum::Date)
                    };
                    if let Some(date) = moved(state.value(*b), -1) {
                        self.invert(*a, date, depth + 1);
                    }
                    if let Some(date) = moved(state.value(*a), 1) {
                        self.invert(*b, date, depth + 1);
                    }
                }
            }
            Node::HoursSince(a) => {
                const HOUR: i128 = 3_600_000_000_000;
                let Some(hours) = number.map(|number| number.units().div_euclid(Fixed::ONE.units())) else { return };
                for hours in hours - 1..=hours + 1 {
                    let key = at.now().as_nanosecond() - hours * HOUR;
                    if let Ok(instant) = jiff::Timestamp::from_nanosecond(key) {
                        self.invert(*a, Datum::Instant(instant), depth + 1);
                    }
                }
            }
            Node::MonthsSince(a) => {
                let months = number.and_then(|number| i64::try_from(number.units() / Fixed::ONE.units()).ok());
                let Some(months) = months else { return };
                for months in months - 1..=months + 1 {
                    let around = months_before(at, months);
                    for day in -3..=3 {
                        if let Some(date) = super::scale::date(i128::from(day_number(around)) + day) {
                            self.invert(*a, Datum::Date(date), depth + 1);
                        }
                    }
                }
            }
            Node::DatePart(_, a) => self.parts(*a, number, depth),
            _ => {}
        }
    }

    /// The days at which a part of a date changes, near where the lead is, and in the year that is asked for.
    fn parts(&mut self, id: NodeId, number: Option<Fixed>, depth: usize) {
        let at = self.state.inputs.at;
        let here = at.date(self.state.value(id)).unwrap_or_else(|| at.today());
        let year = number.and_then(Fixed::to_int).and_then(|year| i16::try_from(year).ok());
        let firsts = [year, year.and_then(|year| year.checked_add(1))].into_iter().flatten();
        let firsts = firsts.filter_map(|year| jiff::civil::Date::new(year, 1, 1).ok());
        let here = i128::from(day_number(here));
        let near = (here - 32..=here + 32).filter_map(super::scale::date);
        let months = (here - 400..=here + 400).filter_map(super::scale::date).filter(|date| date.day() == 1);
        let dates: Vec<_> = firsts.chain(near).chain(months).collect();
        for date in dates {
            self.invert(id, Datum::Date(date), depth + 1);
        }
    }

    /// The field's own value is the target.
    fn at(&mut self, target: Datum<'_>) {
        let at = self.state.inputs.at;
        match (self.scale, target) {
            (Scale::Int, Datum::Int(_) | Datum::Decimal(_)) => {
                let Some(number) = crate::eval::number::fixed(target) else { return };
                let whole = number.units().div_euclid(Fixed::ONE.units());
                self.found.extend([whole, whole + 1]);
            }
            (Scale::Decimal, Datum::Int(_) | Datum::Decimal(_)) => {
                let Some(number) = crate::eval::number::fixed(target) else { return };
                self.found.extend([number.units(), number.units() + 1]);
            }
            (Scale::Float, Datum::Float(_)) => {
                let key = self.scale.key(target);
                self.found.extend(key.into_iter().flat_map(|key| [key, key + 1]));
            }
            (Scale::Float, Datum::Int(_) | Datum::Decimal(_)) => {
                let Some(number) = crate::eval::number::fixed(target) else { return };
                let key = number.units() / 1_000_000;
                self.found.extend([key, key + 1]);
            }
            (Scale::Date, Datum::Date(_) | Datum::Instant(_)) => {
                let day = at.date(target).map(|date| i128::from(day_number(date)));
                self.found.extend(day.into_iter().flat_map(|day| [day, day + 1]));
            }
            (Scale::Instant, Datum::Instant(instant)) => {
                self.found.extend([instant.as_nanosecond(), instant.as_nanosecond() + 1]);
            }
            (Scale::Instant, Datum::Date(date)) => {
                let next = super::scale::date(i128::from(day_number(date)) + 1);
                for date in [Some(date), next].into_iter().flatten() {
                    self.found.extend(start_of_day(date, at.zone()).map(jiff::Timestamp::as_nanosecond));
                }
            }
            _ => {}
        }
    }
}

/// A numeric constant; anything else is missing.
fn of_constant_datum(constant: &Constant) -> Datum<'_> {
    of_constant(constant)
}

/// Half a unit of the last digit that rounding keeps.
fn half(digits: i64) -> i128 {
    let mut half = Fixed::ONE.units() / 2;
    for _ in 0..digits.unsigned_abs().min(20) {
        half = if digits > 0 { half / 10 } else { half.saturating_mul(10) };
    }
    half
}

/// What one side has to be so that the other side and it make a number.
fn inverse(operator: ArithmeticOperator, number: Fixed, other: Fixed, is_left: bool) -> Option<Fixed> {
    match (operator, is_left) {
        (ArithmeticOperator::Add, _) => number.subtract(other),
        (ArithmeticOperator::Subtract, true) => number.add(other),
        (ArithmeticOperator::Subtract, false) => other.subtract(number),
        (ArithmeticOperator::Multiply, _) => number.divide(other),
        (ArithmeticOperator::Divide, true) => number.multiply(other),
        (ArithmeticOperator::Divide, false) => other.divide(number),
    }
}

/// So many months before today; at most a few days off.
fn months_before(at: &At, months: i64) -> jiff::civil::Date {
    let window =
        if months > 0 { at.last(Stretch::Months(months)).first } else { at.next(Stretch::Months(-months)).last };
    if days_between(window, at.today()).abs() > 4_000_000 { at.today() } else { window }
}
