//! The calendar: whole days and months between civil dates of the zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// What an evaluation knows about the time: the instant and the zone in which it is read.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
}

impl Clock {
    pub(super) fn today(&self) -> Date {
        self.date_of(self.now)
    }

    /// The civil date of an instant.
    pub(super) fn date_of(&self, instant: Timestamp) -> Date {
        instant.to_zoned(self.zone.clone()).date()
    }

    /// The first instant of a date.
    pub(super) fn start_of(&self, date: Date) -> Option<Timestamp> {
        let noon = date.at(12, 0, 0, 0).to_zoned(self.zone.clone()).ok()?;
        Some(noon.start_of_day().ok()?.timestamp())
    }

    /// `2026-11-21T09:00:00+08:00`, `2026-11-21T09:00:00` (in the zone) or `2026-11-21` (its start).
    pub(super) fn parse_instant(&self, text: &str) -> Option<Timestamp> {
        let text = text.trim();
        if let Ok(date) = parse_plain_date(text) {
            return self.start_of(date);
        }
        if let Ok(instant) = text.parse() {
            return Some(instant);
        }
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        Some(civil.to_zoned(self.zone.clone()).ok()?.timestamp())
    }

    /// `2026-11-21`, or the civil date of an instant.
    pub(super) fn parse_date(&self, text: &str) -> Option<Date> {
        parse_plain_date(text.trim()).ok().or_else(|| Some(self.date_of(self.parse_instant(text)?)))
    }
}

fn parse_plain_date(text: &str) -> Result<Date, ()> {
    if text.contains(['T', 't', ' ']) { Err(()) } else { text.parse().map_err(|_| ()) }
}

/// date(b) − date(a) in days.
pub(super) fn days_between(a: Date, b: Date) -> i64 {
    i64::from((b - a).get_days())
}

/// A date some months later, clamped at the month's end; the end of time when that is past it.
pub(super) fn plus_months(date: Date, months: i64) -> Date {
    let limit = if months < 0 { Date::MIN } else { Date::MAX };
    jiff::Span::new().try_months(months).ok().and_then(|span| date.checked_add(span).ok()).unwrap_or(limit)
}

/// Whole calendar months from one date to another: the greatest number that does not lead past it; mirrored when the
/// other lies before.
pub(super) fn months_between(from: Date, to: Date) -> i64 {
    if to < from {
        return -months_between(to, from);
    }
    let calendar = i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month());
    if plus_months(from, calendar) > to { calendar - 1 } else { calendar }
}

/// Whole hours between two instants, rounded down.
pub(super) fn hours_between(from: Timestamp, to: Timestamp) -> i64 {
    let nanoseconds = to.as_nanosecond() - from.as_nanosecond();
    i64::try_from(nanoseconds.div_euclid(3_600_000_000_000)).unwrap_or(i64::MAX)
}

/// The day before, for half-open windows.
pub(super) fn day_before(date: Date) -> Date {
    date.checked_sub(1.day()).unwrap_or(Date::MIN)
}
