//! Names, texts, numbers, dates.

use super::build::Builder;
use super::shape::Pair;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{ExprKind, Name, Quoted};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A name in Unicode normal form C.
pub(super) fn normal(text: &str) -> String {
    if text.is_ascii() || is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

pub(super) fn name(builder: &Builder<'_, '_, '_>, pair: &Pair<'_>) -> Name {
    let place = builder.place(pair);
    Name { text: normal(builder.author(place.0)), place }
}

/// `"…"` with its escapes resolved, or `r"…"` as it is.
pub(super) fn quoted(builder: &mut Builder<'_, '_, '_>, pair: &Pair<'_>) -> Quoted {
    let place = builder.place(pair);
    let written = builder.author(place.0);
    let text = match written.strip_prefix("r\"") {
        Some(raw) => raw.strip_suffix('"').unwrap_or(raw).to_owned(),
        None => unescape(builder, written, place.0),
    };
    Quoted { text, place }
}

fn unescape(builder: &mut Builder<'_, '_, '_>, written: &str, span: Span) -> String {
    let inner = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(written);
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let (character, length) = escape(&rest[at..]);
        match character {
            Some(character) => text.push(character),
            None => {
                let start = span.start as usize + 1 + (inner.len() - rest.len()) + at;
                let place = Span::new(span.source, start, start + length);
                let message = format!("`{}` is not an escape", &rest[at..at + length]);
                builder.report.add(
                    Diagnostic::error(Code::InvalidEscape, place, message).help(
                        "the escapes are `\\\"`, `\\\\`, `\\n`, `\\t`, `\\r` and `\\u{…}`; a regular expression is written `r\"…\"`",
                    ),
                );
            }
        }
        rest = &rest[at + length..];
    }
    text.push_str(rest);
    text
}

/// The character that an escape stands for and the escape's length; `text` begins with its backslash.
fn escape(text: &str) -> (Option<char>, usize) {
    let Some(letter) = text[1..].chars().next() else { return (None, 1) };
    let plain = match letter {
        '"' | '\\' => Some(letter),
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'u' => return code_point(text),
        _ => None,
    };
    (plain, 1 + letter.len_utf8())
}

fn code_point(text: &str) -> (Option<char>, usize) {
    let Some(digits) = text.strip_prefix("\\u{") else { return (None, 2) };
    let Some(end) = digits.find('}') else { return (None, 2) };
    let digits = &digits[..end];
    let valid = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let character = u32::from_str_radix(digits, 16).ok().filter(|_| valid).and_then(char::from_u32);
    (character, "\\u{".len() + end + 1)
}

/// `@2026-11-21` or `@2026-11-21T09:00:00+08:00`; an impossible one is reported.
pub(super) fn date(builder: &mut Builder<'_, '_, '_>, pair: &Pair<'_>) -> ExprKind {
    let written = builder.written(pair).trim_start_matches('@');
    let (day, time) = match written.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (written, None),
    };
    let civil = civil_date(day);
    let fault = match (civil, time) {
        (Err(fault), _) => Some(fault),
        (Ok(_), None) => None,
        (Ok(civil), Some(time)) => instant(civil, time).err(),
    };
    if let Some(fault) = fault {
        let message = match fault {
            Fault::Form => format!("`@{written}` is not written like a date or an instant"),
            Fault::Calendar => format!("there is no `@{written}` in the calendar"),
        };
        builder.report.add(
            Diagnostic::error(Code::InvalidDate, builder.span(pair), message)
                .help("write `@2026-11-21`, `@2026-11-21T09:00:00` or `@2026-11-21T09:00:00+08:00`"),
        );
    }
    if time.is_some() { ExprKind::DateTime(written.to_owned()) } else { ExprKind::Date(written.to_owned()) }
}

enum Fault {
    Form,
    Calendar,
}

/// Exactly `count` digits.
fn digits(text: Option<&str>, count: usize) -> Result<i16, Fault> {
    let text = text.filter(|text| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()));
    text.and_then(|text| text.parse().ok()).ok_or(Fault::Form)
}

fn small(text: Option<&str>) -> Result<i8, Fault> {
    i8::try_from(digits(text, 2)?).map_err(|_| Fault::Form)
}

fn civil_date(text: &str) -> Result<jiff::civil::Date, Fault> {
    let mut parts = text.split('-');
    let (year, month, day) = (digits(parts.next(), 4)?, small(parts.next())?, small(parts.next())?);
    if parts.next().is_some() {
        return Err(Fault::Form);
    }
    jiff::civil::Date::new(year, month, day).map_err(|_| Fault::Calendar)
}

fn instant(day: jiff::civil::Date, text: &str) -> Result<(), Fault> {
    let (clock, offset) = match text.find(['Z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':');
    let (hour, minute) = (small(parts.next())?, small(parts.next())?);
    let second = parts.next().map_or(Ok(0), |second| small(Some(second)))?;
    let fraction_fits = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !fraction_fits {
        return Err(Fault::Form);
    }
    let time = jiff::civil::Time::new(hour, minute, second, 0).map_err(|_| Fault::Calendar)?;
    let seconds = offset_seconds(offset)?;
    let offset = jiff::tz::Offset::from_seconds(seconds).map_err(|_| Fault::Calendar)?;
    offset.to_timestamp(day.to_datetime(time)).map(|_| ()).map_err(|_| Fault::Calendar)
}

fn offset_seconds(text: &str) -> Result<i32, Fault> {
    if text.is_empty() || text == "Z" {
        return Ok(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = text.get(1..).and_then(|rest| rest.split_once(':')).ok_or(Fault::Form)?;
    let (hours, minutes) = (i32::from(small(Some(hours))?), i32::from(small(Some(minutes))?));
    if hours > 23 || minutes > 59 {
        return Err(Fault::Calendar);
    }
    Ok(sign * (hours * 3600 + minutes * 60))
}
