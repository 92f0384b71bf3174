//! What asks for the clock itself: the ends of a stretch of time are those of the stretch.

use super::range::{Ends, Range, key};
use super::trend::{HOUR, Trend};
use super::{Watch, is_missing, month_number, pairs, unordered};
use crate::eval::number::{decimal, fixed};
use crate::eval::{decayed, period};
use crate::hir::NodeId;
use crate::hir::node::Decay;
use crate::lead::reading::Datum;
use crate::operator::Direction;
use crate::time::{At, Stretch};
use crate::value::Fixed;

/// How short and how long a month can be, in days. So many months together are never shorter or longer.
const MONTH: (i64, i64) = (28, 31);
/// How far the start of a day can be from where it would be if all days had 24 hours, and then some: clocks are never put
/// on or back by more than 52 hours.
const SLIP: i64 = 60;

impl<'a> Watch<'_, 'a> {
    pub(super) fn now(&self) -> Range<'a> {
        let (first, last) = (self.span.first.now(), self.span.last.now());
        let trend = Some(Trend::elapsing(first.as_nanosecond()));
        Range::between(Datum::Instant(first), Datum::Instant(last), false, trend)
    }

    pub(super) fn today(&self) -> Range<'a> {
        let (low, high) = (Datum::Date(self.span.first.today()), Datum::Date(self.span.last.today()));
        let trend = key(low).map(|start| Trend::daily(start, start));
        Range::between(low, high, false, trend)
    }

    /// How many days a date lies back, at least and at most.
    fn days_ago(&self, x: Range<'a>) -> Option<(i64, i64)> {
        let (low, high) = self.difference(self.today(), x)?;
        let days = |units: i128| Fixed::from_units(units).to_int();
        days(low).zip(days(high))
    }

    /// How many whole months a date lies back, at least and at most.
    fn months_ago(&self, x: Range<'a>) -> Option<(i64, i64)> {
        let ends = x.ends()?;
        let (low, high) = (self.span.first.months_since(ends.high)?, self.span.last.months_since(ends.low)?);
        // a date that moves with today is always as far back
        let (least, most) = self.days_ago(x)?;
        let at_least = |days: i64| (days / MONTH.1 - 1).max(0);
        let at_most = |days: i64| days / MONTH.0;
        let least = if least < 0 { -at_most(-least) } else { at_least(least) };
        let most = if most < 0 { -at_least(-most) } else { at_most(most) };
        Some((low.max(least), high.min(most)))
    }

    /// Whether a date lies in a window that moves: neither in its past nor in its future.
    pub(super) fn window(&self, x: NodeId, direction: Direction, stretch: Stretch) -> Range<'a> {
        let range = self.dated(x);
        let truth = match (range.ends(), self.days_ago(range)) {
            (Some(ends), Some((low, high))) => {
                // how far into the window it is
                let (low, high) = match direction {
                    Direction::Last => (low, high),
                    Direction::Next => (high.saturating_neg(), low.saturating_neg()),
                };
                let (may, always) = match stretch {
                    Stretch::Days(days) => (high >= 0 && low < days, low >= 0 && high < days),
                    Stretch::Months(months) => {
                        let (shortest, longest) = (months.saturating_mul(MONTH.0), months.saturating_mul(MONTH.1));
                        let (may, always) = self.in_months(ends, direction, stretch);
                        (may && high >= 0 && low < longest, always || low >= 0 && high < shortest)
                    }
                };
                Range::decided(may && always, may)
            }
            _ => Range::OPEN,
        };
        self.known(truth, [range, range])
    }

    /// Whether dates may be, and always are, in a window of months.
    fn in_months(&self, dates: Ends<'_>, direction: Direction, stretch: Stretch) -> (bool, bool) {
        let window = |at: &At| match direction {
            Direction::Last => at.last(stretch),
            Direction::Next => at.next(stretch),
        };
        let (first, last) = (window(&self.span.first), window(&self.span.last));
        let (Datum::Date(low), Datum::Date(high)) = (dates.low, dates.high) else { return (true, false) };
        (first.first <= high && low <= last.last, last.first <= low && high <= first.last)
    }

    pub(super) fn hours_since(&self, x: NodeId) -> Range<'a> {
        if self.is_now(x) {
            return Range::Same(Datum::Int(0));
        }
        let range = self.range(x);
        let Some(ends) = range.ends() else { return unordered(range) };
        let is_same = matches!(range, Range::Same(_));
        let hours = self.span.first.hours_since(ends.high).zip(self.span.last.hours_since(ends.low));
        let Some((mut low, mut high)) = hours else {
            // a date whose start is outside the calendar
            return if is_same { Range::MISSING } else { Range::Any };
        };
        if let (Datum::Date(_), false, Some((least, most))) = (ends.low, is_same, self.days_ago(range)) {
            low = low.max(least.saturating_mul(24).saturating_sub(SLIP));
            high = high.min(most.saturating_add(1).saturating_mul(24).saturating_add(SLIP));
        }
        if let (Datum::Instant(_), false, Some((least, most))) = (ends.low, is_same, self.difference(self.now(), range))
        {
            // an instant that moves with the clock is always as far back
            let hours = |nanoseconds: i128| i64::try_from(nanoseconds.div_euclid(HOUR));
            low = hours(least).map_or(low, |least| low.max(least));
            high = hours(most).map_or(high, |most| high.min(most));
        }
        let trend = if is_same { self.hourly(ends.low) } else { None };
        Range::between(Datum::Int(low), Datum::Int(high), ends.missing, trend)
    }

    /// Whole hours are the hours that have passed, or up to one less.
    fn hourly(&self, x: Datum<'_>) -> Option<Trend> {
        let passed = self.span.first.now().as_nanosecond() - self.span.first.instant(x)?.as_nanosecond();
        // units of 10^-12 hours
        let hours = passed.checked_mul(10)?.div_euclid(36);
        Some(Trend::hourly(hours - Fixed::ONE.units(), hours + 1))
    }

    pub(super) fn months_since(&self, x: NodeId) -> Range<'a> {
        let range = self.dated(x);
        let (Some(ends), Some((low, high))) = (range.ends(), self.months_ago(range)) else { return unordered(range) };
        let trend = match range {
            // whole months are those of the calendar, or one off
            Range::Same(Datum::Date(date)) => {
                let months = month_number(self.span.first.today()) - month_number(date);
                Some(Trend::monthly(Fixed::from_int(months - 1).units(), Fixed::from_int(months + 1).units()))
            }
            _ => None,
        };
        Range::between(Datum::Int(low), Datum::Int(high), ends.missing, trend)
    }

    /// Points fade, or grow if they are negative, with age only: their ends are at the ends of both.
    pub(super) fn decay(&self, spec: Decay, points: NodeId, x: NodeId) -> Range<'a> {
        let (points, x) = (self.range(points), self.dated(x));
        let ages = match period(spec) {
            Stretch::Days(_) => self.days_ago(x),
            Stretch::Months(_) => self.months_ago(x),
        };
        let (Some(ends), Some((young, old))) = (x.ends(), ages) else {
            return if is_missing(points) { Range::MISSING } else { unordered(x) };
        };
        let (young, old) = (Datum::Int(young.max(0)), Datum::Int(old.max(0)));
        pairs(points, Range::between(young, old, ends.missing, None), |points, age| {
            let age = if let Datum::Int(age) = age { Some(age) } else { None };
            decimal(fixed(points).zip(age).and_then(|(points, age)| decayed(spec, points, age)))
        })
    }
}
