//! Dates and times as text, and the calendar of a zone.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// What a date or a time says as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// `2026-11-01`
    Date(Date),
    /// `2026-11-01T08:00:00+08:00`
    Instant(Timestamp),
    /// `2026-11-01 08:00`: in whichever zone the evaluation has.
    Civil(DateTime),
}

impl Moment {
    /// `YYYY-MM-DD`, then optionally `T` or a blank, `HH:MM`, `:SS`, a fraction of up to nine digits, and `Z` or an offset
    /// such as `+08:00`. Nothing when it is written otherwise, when there is no such day or time, or when the instant is
    /// out of range.
    pub(crate) fn parse(text: &str) -> Option<Moment> {
        let mut rest = Scan(text.as_bytes());
        let year = rest.digits(4)?;
        let month = rest.after(b"-")?.digits(2)?;
        let day = rest.after(b"-")?.digits(2)?;
        let date = Date::new(year, small(month)?, small(day)?).ok()?;
        if rest.0.is_empty() {
            return Some(Moment::Date(date));
        }
        let date_time = date.to_datetime(rest.after(b"Tt ")?.time()?);
        if rest.0.is_empty() {
            return Some(Moment::Civil(date_time));
        }
        let offset = rest.offset()?;
        rest.0.is_empty().then(|| offset.to_timestamp(date_time).ok().map(Moment::Instant)).flatten()
    }

    /// The civil date in a zone.
    pub(crate) fn date(self, zone: &TimeZone) -> Date {
        match self {
            Moment::Date(date) => date,
            Moment::Instant(instant) => civil_date(instant, zone),
            Moment::Civil(date_time) => date_time.date(),
        }
    }

    /// The instant in a zone: of a date the start of the day. Nothing when it is out of range.
    pub(crate) fn instant(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Moment::Date(date) => start_of_day(date, zone),
            Moment::Instant(instant) => Some(instant),
            Moment::Civil(date_time) => zone.to_ambiguous_timestamp(date_time).compatible().ok(),
        }
    }
}

/// The date that an instant falls on.
pub(crate) fn civil_date(instant: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(instant).date()
}

/// Midnight, or where the clocks skip it, the time that they jump to. Nothing at the very ends of the calendar.
pub(crate) fn start_of_day(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(date.at(0, 0, 0, 0)).compatible().ok()
}

/// What is still to be read.
struct Scan<'t>(&'t [u8]);

impl Scan<'_> {
    /// Exactly so many digits.
    fn digits(&mut self, count: usize) -> Option<i16> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits
            .iter()
            .try_fold(0_i16, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0')))
    }

    /// One of these bytes, if it comes next.
    fn accept(&mut self, any: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        any.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    /// Past one of these bytes.
    fn after(&mut self, any: &[u8]) -> Option<&mut Self> {
        self.accept(any).map(|_| self)
    }

    /// `HH:MM`, optionally `:SS` and a fraction.
    fn time(&mut self) -> Option<Time> {
        let hour = self.digits(2)?;
        let minute = self.after(b":")?.digits(2)?;
        let second = if self.accept(b":").is_some() { self.digits(2)? } else { 0 };
        let mut nanosecond = 0;
        if self.accept(b".,").is_some() {
            let mut unit = 100_000_000;
            while let Some(digit) = self.accept(b"0123456789") {
                nanosecond += i32::from(digit - b'0') * unit;
                // past the ninth digit, and without any, it is not a time
                unit = if unit == 0 { return None } else { unit / 10 };
            }
            if unit == 100_000_000 {
                return None;
            }
        }
        Time::new(small(hour)?, small(minute)?, small(second)?, nanosecond).ok()
    }

    /// `Z`, `+08:00`, `+0800`, `+08`.
    fn offset(&mut self) -> Option<Offset> {
        let sign = match self.accept(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(Offset::UTC),
        };
        let hours = i32::from(self.digits(2)?);
        let colon = self.accept(b":").is_some();
        let minutes = if colon || !self.0.is_empty() { i32::from(self.digits(2)?) } else { 0 };
        (hours < 24 && minutes < 60).then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()).flatten()
    }
}

/// A number of two digits.
fn small(number: i16) -> Option<i8> {
    i8::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_moments_are_read() {
        for (text, shown) in [
            ("2026-11-01", "2026-11-01"),
            ("2026-11-01T08:00:00+08:00", "2026-11-01T00:00:00Z"),
            ("2026-11-01 08:00:00.25Z", "2026-11-01T08:00:00.25Z"),
            ("2026-11-01T08:00-0330", "2026-11-01T11:30:00Z"),
            ("2024-02-29 23:59", "2024-02-29T23:59:00"),
        ] {
            let shown_now = match Moment::parse(text) {
                Some(Moment::Date(it)) => it.to_string(),
                Some(Moment::Instant(it)) => it.to_string(),
                Some(Moment::Civil(it)) => it.to_string(),
                None => "nothing".to_owned(),
            };
            assert_eq!(shown_now, shown, "{text}");
        }
        for text in [
            "",
            "2026",
            "2026-02-29",
            "2026-13-01",
            "2026-11-1",
            "26-11-01",
            "2026/11/01",
            "2026-11-01T",
            "2026-11-01T24:00",
            "2026-11-01T08:00:00+25:00",
            "2026-11-01T08:00:00.",
            "2026-11-01T08:00:00.1234567890Z",
            "2026-11-01T08:00Zx",
            "二〇二六-11-01",
            "2026-11-01T08:00+8",
            "9999-12-31T23:59:59-12:00",
            "+2026-11-01",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
