//! Instants and zones at which calendars slip: ends of months, leap days, changes of summer time.

use super::words::{DATES, ZONES};
use arbitrary::{Result, Unstructured};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// An instant on or around a date that matters, at or around midnight, in one of the zones.
pub fn at(u: &mut Unstructured<'_>) -> Result<Timestamp> {
    let date: Date = u.choose(DATES)?.parse().unwrap_or(Date::ZERO);
    let zone = TimeZone::get(u.choose(ZONES)?).unwrap_or(TimeZone::UTC);
    let midnight = date.to_zoned(zone).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
    let shift = match u.int_in_range(0..=3)? {
        0 => SignedDuration::ZERO,
        1 => SignedDuration::from_secs(-1),
        2 => SignedDuration::from_mins(u.int_in_range(-180..=180)?),
        _ => SignedDuration::from_secs(u.int_in_range(-90_000..=90_000)?),
    };
    Ok(midnight.checked_add(shift).unwrap_or(midnight))
}

/// A zone that the host gives, or none.
pub fn zone(u: &mut Unstructured<'_>) -> Result<Option<&'static str>> {
    if u.arbitrary()? { Ok(Some(*u.choose(ZONES)?)) } else { Ok(None) }
}
