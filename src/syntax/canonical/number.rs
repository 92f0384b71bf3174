//! Numbers by their value, digit by digit, so that no length is too long.

use std::borrow::Cow;

/// A number by its value: `5万` and `50_000` are `50000`, `30%` and `0.30` are `0.3`. A whole number that is written as
/// a decimal (`1.0`, `100%`) keeps `.0`.
pub(super) fn number(written: &str) -> Cow<'_, str> {
    if written.bytes().all(|byte| byte.is_ascii_digit()) && !written.starts_with('0') {
        return Cow::Borrowed(written);
    }
    let (digits, shift) = match written.chars().next_back() {
        Some('万') => (written.trim_end_matches('万'), 4),
        Some('亿') => (written.trim_end_matches('亿'), 8),
        Some('%') => (written.trim_end_matches('%'), -2),
        _ => (written, 0),
    };
    let digits = if digits.contains('_') { Cow::Owned(digits.replace('_', "")) } else { Cow::Borrowed(digits) };
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let decimal = shift < 0 || (shift == 0 && digits.contains('.'));
    let (whole, fraction) = shifted(whole, fraction, shift);
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    Cow::Owned(match (fraction.is_empty(), decimal) {
        (true, false) => whole.to_owned(),
        (true, true) => format!("{whole}.0"),
        (false, _) => format!("{whole}.{fraction}"),
    })
}

/// Moves the point to the right, or to the left when `places` is negative.
fn shifted(whole: &str, fraction: &str, places: i32) -> (String, String) {
    let count = places.unsigned_abs() as usize;
    if places < 0 {
        let padded = format!("{:0>count$}{whole}", "");
        let (whole, moved) = padded.split_at_checked(padded.len().saturating_sub(count)).unwrap_or((&padded, ""));
        return (whole.to_owned(), format!("{moved}{fraction}"));
    }
    let padded = format!("{fraction:0<count$}");
    let (moved, fraction) = padded.split_at_checked(count).unwrap_or((&padded, ""));
    (format!("{whole}{moved}"), fraction.to_owned())
}
