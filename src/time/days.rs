//! Where days begin and end in a zone, whatever its clocks do.
//!
//! A day usually ends at midnight, but not always: clocks that jump may skip midnight or the whole day, and clocks that
//! are put back across it bring the day before back for a while. So a date is asked of instants, never computed from
//! the date before.

use super::add_days;
use crate::value::moment::civil_date;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use smallvec::SmallVec;

/// Up to so many days every one of a stretch is looked at.
const WALKED: SignedDuration = SignedDuration::from_hours(16 * 24);
/// Up to so many days the dates are exact.
const EXACT: SignedDuration = SignedDuration::from_hours(400 * 24);
/// How far clocks can be put back or forward at most, in days: offsets are less than 26 hours from UTC.
const SLIP: i64 = 3;

/// The dates of a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dates {
    /// No date of the stretch is before it.
    pub(crate) low: Date,
    /// No date of the stretch is after it.
    pub(crate) high: Date,
    /// Where a date begins, about in the middle, and with it a year or a month where there are several; nothing when the stretch has one date only.
    pub(crate) middle: Option<Timestamp>,
}

/// The first instant after this one that falls on another date. Nothing at the end of the calendar.
pub(crate) fn next_date(instant: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let date = civil_date(instant, zone);
    let mut from = instant;
    loop {
        let midnight = date.tomorrow().ok().map(|next| next.to_datetime(Time::midnight()));
        let midnight = midnight.and_then(|midnight| zone.to_offset(from).to_timestamp(midnight).ok());
        let jump = zone.following(from).next().map(|transition| transition.timestamp());
        match jump.filter(|jump| midnight.is_none_or(|midnight| *jump <= midnight)) {
            Some(jump) if civil_date(jump, zone) == date => from = jump,
            Some(jump) => return Some(jump),
            None => return midnight,
        }
    }
}

/// The dates from one instant to another, both included. Exact up to a year and some; of longer stretches the ends are some
/// days further out, in case clocks were put back.
pub(crate) fn dates(first: Timestamp, last: Timestamp, zone: &TimeZone) -> Dates {
    let (low, high) = (civil_date(first, zone), civil_date(last, zone));
    if first.duration_until(last) > WALKED {
        let middle = cut(first, last, zone);
        if first.duration_until(last) > EXACT {
            return Dates { low: add_days(low.min(high), -SLIP), high: add_days(high.max(low), SLIP), middle };
        }
        let mut dates = Dates { low: low.min(high), high: low.max(high), middle };
        // dates only go back where clocks are put back
        for jump in zone.following(first).map(|jump| jump.timestamp()).take_while(|jump| *jump <= last) {
            let before = jump.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(first).max(first);
            dates.low = dates.low.min(civil_date(jump, zone));
            dates.high = dates.high.max(civil_date(before, zone));
        }
        return dates;
    }
    let mut dates = Dates { low, high: low, middle: None };
    let mut begins: SmallVec<[Timestamp; 20]> = SmallVec::new();
    let mut from = first;
    while let Some(next) = next_date(from, zone).filter(|next| *next <= last) {
        let date = civil_date(next, zone);
        dates = Dates { low: dates.low.min(date), high: dates.high.max(date), middle: None };
        begins.push(next);
        from = next;
    }
    Dates { middle: begins.get(begins.len() / 2).copied(), ..dates }
}

/// Where to cut a long stretch: about in its middle, where a year begins, or a month, when it has several. What is asked of
/// a date is mostly its year and its month, and these are the same in all of such a part.
fn cut(first: Timestamp, last: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let middle = middle(first, last);
    let (low, date, high) = (civil_date(first, zone), civil_date(middle, zone), civil_date(last, zone));
    let (month, year) = (date.first_of_month(), date.first_of_year());
    let candidates =
        [Some(year), date.last_of_year().tomorrow().ok(), Some(month), date.last_of_month().tomorrow().ok()];
    let inside = candidates.into_iter().flatten().filter(|begin| low < *begin && *begin <= high);
    let begins = inside.filter_map(|begin| {
        let midnight = zone.to_ambiguous_timestamp(begin.to_datetime(Time::midnight())).compatible().ok()?;
        next_date(midnight.checked_sub(SignedDuration::from_nanos(1)).ok()?, zone)
    });
    let mut begins = begins.filter(|begin| first < *begin && *begin <= last);
    begins.next().or_else(|| next_date(middle, zone))
}

/// An instant between two, or the first of them.
pub(crate) fn middle(first: Timestamp, last: Timestamp) -> Timestamp {
    let half = (first.as_nanosecond() + last.as_nanosecond()).div_euclid(2);
    Timestamp::from_nanosecond(half).map_or(first, |middle| middle.max(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Zones whose clocks jump at midnight, shortly after it, by whole days, by half an hour, often, or never.
    const ZONES: &[&str] = &[
        "UTC",
        "Asia/Shanghai",
        "Europe/Berlin",
        "America/New_York",
        "America/Sao_Paulo",
        "America/St_Johns",
        "America/Juneau",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Gaza",
    ];

    #[test]
    fn dates_begin_where_a_walk_finds_them() {
        for name in ZONES {
            let zone = TimeZone::get(name).expect("a known zone");
            for start in
                ["1867-10-10T00:00:00Z", "2006-10-25T00:00:00Z", "2011-12-25T12:00:00Z", "2017-10-10T00:30:00Z"]
            {
                let mut instant: Timestamp = start.parse().expect("an instant");
                let end = instant + SignedDuration::from_hours(24 * 40);
                let mut date = civil_date(instant, &zone);
                let mut expected = next_date(instant, &zone);
                while instant < end {
                    // jumps are at whole seconds, and those of these years at whole minutes but for 1867
                    instant += SignedDuration::from_secs(if start.starts_with("1867") { 1 } else { 60 });
                    let next = civil_date(instant, &zone);
                    if next != date {
                        assert_eq!(expected, Some(instant), "{name}: {date} to {next}");
                        date = next;
                        expected = next_date(instant, &zone);
                    }
                }
            }
        }
    }

    #[test]
    fn no_date_of_a_stretch_is_outside_its_ends() {
        for name in ZONES {
            let zone = TimeZone::get(name).expect("a known zone");
            for (start, hours) in
                [("1867-10-10T00:00:00Z", 24 * 12), ("1867-10-10T00:00:00Z", 24 * 60), ("2006-10-25T03:00:00Z", 200)]
            {
                let first: Timestamp = start.parse().expect("an instant");
                let last = first + SignedDuration::from_hours(hours);
                let found = dates(first, last, &zone);
                let mut instant = first;
                let (mut low, mut high) = (Date::MAX, Date::MIN);
                while instant <= last {
                    let date = civil_date(instant, &zone);
                    assert!(found.low <= date && date <= found.high, "{name}: {date} is not in {found:?}");
                    (low, high) = (low.min(date), high.max(date));
                    instant += SignedDuration::from_mins(1);
                }
                assert_eq!((low, high), (found.low, found.high), "{name}");
                let middle = found.middle.expect("more than one date");
                assert!(first < middle && middle <= last);
                assert_ne!(civil_date(middle, &zone), civil_date(middle - SignedDuration::from_nanos(1), &zone));
            }
        }
    }

    #[test]
    fn the_calendar_ends() {
        let end = Timestamp::MAX;
        assert_eq!(next_date(end, &TimeZone::UTC), None);
        assert_eq!(
            dates(end, end, &TimeZone::UTC),
            Dates {
                low: Date::MAX.yesterday().expect("a day"),
                high: Date::MAX.yesterday().expect("a day"),
                middle: None
            }
        );
        assert_eq!(civil_date(middle(Timestamp::MIN, Timestamp::MAX), &TimeZone::UTC).year().abs() / 2, 0);
    }
}
