//! When an evaluation takes place, and the calendar as rules see it.

use crate::lead::reading::Datum;
use crate::value::moment::{civil_date, start_of_day};
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, Zoned};

pub(crate) mod days;

/// The instant and the zone of an evaluation: the only time that rules know.
///
/// Two evaluations at the same `At` give the same outcome, on any machine.
///
/// ```
/// use gradus::At;
/// use jiff::{Timestamp, civil::date, tz::TimeZone};
///
/// let at = At::new("2026-11-20T16:30:00Z".parse::<Timestamp>()?, TimeZone::fixed(jiff::tz::offset(8)));
/// assert_eq!(at.today(), date(2026, 11, 21));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    now: Timestamp,
    zone: TimeZone,
    today: Date,
}

impl At {
    /// An instant, and the zone that turns instants into days.
    pub fn new(now: Timestamp, zone: TimeZone) -> At {
        let today = civil_date(now, &zone);
        At { now, zone, today }
    }

    /// The instant.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The civil date of the instant in the zone.
    pub fn today(&self) -> Date {
        self.today
    }
}

impl From<Zoned> for At {
    fn from(zoned: Zoned) -> At {
        At::from(&zoned)
    }
}

impl From<&Zoned> for At {
    fn from(zoned: &Zoned) -> At {
        At::new(zoned.timestamp(), zoned.time_zone().clone())
    }
}

/// A zone by its IANA name, from the bundled data: no I/O, and the same on all machines.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// A stretch of the calendar: weeks are seven days, years twelve months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Stretch {
    /// `30 days`, `2 weeks`
    Days(i64),
    /// `3 months`, `1 years`
    Months(i64),
}

impl Stretch {
    /// So many weeks.
    pub(crate) fn weeks(count: i64) -> Stretch {
        Stretch::Days(count.saturating_mul(7))
    }

    /// So many years.
    pub(crate) fn years(count: i64) -> Stretch {
        Stretch::Months(count.saturating_mul(12))
    }
}

/// The days of a window, both ends included; empty when the first is after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) first: Date,
    pub(crate) last: Date,
}

impl Window {
    const EMPTY: Window = Window { first: Date::MAX, last: Date::MIN };

    /// Whether a day lies inside.
    pub(crate) fn contains(self, date: Date) -> bool {
        self.first <= date && date <= self.last
    }
}

impl At {
    /// The same zone at another instant, on a date that is given: for the ends of a stretch of time.
    pub(crate) fn on(&self, now: Timestamp, today: Date) -> At {
        At { now, zone: self.zone.clone(), today }
    }

    /// The civil date of a date or an instant.
    pub(crate) fn date(&self, datum: Datum<'_>) -> Option<Date> {
        match datum {
            Datum::Date(date) => Some(date),
            Datum::Instant(instant) => Some(civil_date(instant, &self.zone)),
            _ => None,
        }
    }

    /// The instant of a date (its start of day) or an instant.
    pub(crate) fn instant(&self, datum: Datum<'_>) -> Option<Timestamp> {
        match datum {
            Datum::Date(date) => start_of_day(date, &self.zone),
            Datum::Instant(instant) => Some(instant),
            _ => None,
        }
    }

    /// `days_since(x)`: 0 today, negative in the future.
    pub(crate) fn days_since(&self, datum: Datum<'_>) -> Option<i64> {
        Some(days_between(self.date(datum)?, self.today))
    }

    /// `days_between(a, b)` = date(b) − date(a).
    pub(crate) fn days_between(&self, from: Datum<'_>, to: Datum<'_>) -> Option<i64> {
        Some(days_between(self.date(from)?, self.date(to)?))
    }

    /// `months_since(x)`: whole calendar months.
    pub(crate) fn months_since(&self, datum: Datum<'_>) -> Option<i64> {
        Some(months_between(self.date(datum)?, self.today))
    }

    /// `hours_since(x)`: whole elapsed hours, rounded down.
    pub(crate) fn hours_since(&self, datum: Datum<'_>) -> Option<i64> {
        const HOUR: i128 = 3_600_000_000_000;
        let elapsed = self.now.as_nanosecond() - self.instant(datum)?.as_nanosecond();
        i64::try_from(elapsed.div_euclid(HOUR)).ok()
    }

    /// The age of something for decay, in whole days or months as `period` counts them; the future has age 0.
    pub(crate) fn age(&self, datum: Datum<'_>, period: Stretch) -> Option<i64> {
        let age = match period {
            Stretch::Days(_) => self.days_since(datum)?,
            Stretch::Months(_) => self.months_since(datum)?,
        };
        Some(age.max(0))
    }

    /// The window `last N days`: the N dates that end today; in months, the dates in (today − N months, today].
    pub(crate) fn last(&self, stretch: Stretch) -> Window {
        let first = match stretch {
            Stretch::Days(count) | Stretch::Months(count) if count <= 0 => return Window::EMPTY,
            Stretch::Days(count) => add_days(self.today, 1_i64.saturating_sub(count)),
            Stretch::Months(count) => match checked_add_months(self.today, count.saturating_neg()) {
                Some(before) => add_days(before, 1),
                None => Date::MIN,
            },
        };
        Window { first, last: self.today }
    }

    /// The window `next N days`: the N dates that begin today; in months, the dates in [today, today + N months).
    pub(crate) fn next(&self, stretch: Stretch) -> Window {
        let last = match stretch {
            Stretch::Days(count) | Stretch::Months(count) if count <= 0 => return Window::EMPTY,
            Stretch::Days(count) => add_days(self.today, count - 1),
            Stretch::Months(count) => match checked_add_months(self.today, count) {
                Some(after) => add_days(after, -1),
                None => Date::MAX,
            },
        };
        Window { first: self.today, last }
    }
}

/// `year(x)`
pub(crate) fn year(date: Date) -> i64 {
    date.year().into()
}

/// `month(x)`, from 1.
pub(crate) fn month(date: Date) -> i64 {
    date.month().into()
}

/// `day(x)` of the month, from 1.
pub(crate) fn day(date: Date) -> i64 {
    date.day().into()
}

/// `weekday(x)`: Monday is 1, Sunday 7.
pub(crate) fn weekday(date: Date) -> i64 {
    date.weekday().to_monday_one_offset().into()
}

/// Days from one date to another; negative when it is before.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    day_number(to) - day_number(from)
}

/// Days since 0000-03-01, counting years from March so that leap days come last.
pub(crate) fn day_number(date: Date) -> i64 {
    let year = year(date) - i64::from(date.month() <= 2);
    let month_from_march = (month(date) + 9) % 12;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month_from_march + 2) / 5 + day(date) - 1
}

/// Whole calendar months from one date to another, clamped at month's end: from January 31st to February 28th is one.
/// Backwards it is the same with the other sign.
pub(crate) fn months_between(from: Date, to: Date) -> i64 {
    if to < from {
        return -months_between(to, from);
    }
    let months = (year(to) - year(from)) * 12 + month(to) - month(from);
    let reached = from.day().min(to.days_in_month()) <= to.day();
    months - i64::from(!reached)
}

/// Some days later or earlier, not past the ends of the calendar.
pub(crate) fn add_days(date: Date, days: i64) -> Date {
    let end = if days < 0 { Date::MIN } else { Date::MAX };
    let within = days.unsigned_abs() <= days_between(date, end).unsigned_abs();
    let moved = within.then(|| date.checked_add(jiff::SignedDuration::from_hours(days * 24)).ok());
    moved.flatten().unwrap_or(end)
}

/// Some months later or earlier, clamped to month's end; nothing outside the calendar.
fn checked_add_months(date: Date, months: i64) -> Option<Date> {
    let months = (year(date) * 12 + month(date) - 1).checked_add(months)?;
    let year = i16::try_from(months.div_euclid(12)).ok()?;
    let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
    let first = Date::new(year, month, 1).ok()?;
    Date::new(year, month, date.day().min(first.days_in_month())).ok()
}

#[cfg(test)]
mod tests;
