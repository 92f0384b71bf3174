//! `--param NAME=VALUE`: the value as the param's type wants it, written as the language writes it.

use gradus::Value;
use gradus::syntax::ast::TypeKind;

/// A param as given on the command line.
#[derive(Clone, Debug)]
pub(crate) struct Param {
    /// Which param.
    pub(crate) name: String,
    /// Its value, as text.
    pub(crate) value: String,
}

/// Splits `NAME=VALUE`.
pub(crate) fn parse(argument: &str) -> Result<Param, String> {
    match argument.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok(Param { name: name.trim().to_owned(), value: value.to_owned() })
        }
        _ => Err("write NAME=VALUE, such as big_deal=5万".into()),
    }
}

/// The value for a param of a type; the library reads it, and says so when it does not fit.
pub(crate) fn value(text: &str, kind: Option<&TypeKind>) -> Value {
    let trimmed = text.trim();
    match kind {
        Some(TypeKind::Int | TypeKind::Decimal | TypeKind::Float) => {
            number(trimmed).unwrap_or_else(|| text.to_owned()).into()
        }
        Some(TypeKind::Date | TypeKind::DateTime) => trimmed.strip_prefix('@').unwrap_or(text).into(),
        Some(TypeKind::Set(_) | TypeKind::SetOfText | TypeKind::SetOfCode) if trimmed.starts_with('[') => {
            serde_json::from_str(trimmed).unwrap_or_else(|_| text.into())
        }
        _ => text.into(),
    }
}

/// The digits of `50_000`, `1.5万`, `1亿`, `30%`; nothing for what is not written like a number of the language.
fn number(text: &str) -> Option<String> {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |text| ("-", text));
    let last = text.chars().next_back()?;
    let (text, shift) = match last {
        '%' => (text, -2),
        '万' => (text, 4),
        '亿' => (text, 8),
        _ => return joined(text).map(|digits| format!("{sign}{digits}")),
    };
    let digits = joined(text.strip_suffix(last)?.trim_end())?;
    Some(format!("{sign}{}", shifted(&digits, shift)))
}

/// Digits without the `_` between them, with one point at most.
fn joined(text: &str) -> Option<String> {
    let begins_and_ends = |part: &str| part.starts_with(is_digit) && part.ends_with(is_digit);
    let fits = |part: &str| begins_and_ends(part) && part.chars().all(|it| is_digit(it) || it == '_');
    text.split('.').all(fits).then(|| text.replace('_', "")).filter(|digits| digits.matches('.').count() < 2)
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// Moves the point to the right, or to the left when negative.
fn shifted(digits: &str, by: isize) -> String {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let places = by.unsigned_abs();
    let (whole, fraction) = if by < 0 {
        let padded = format!("{}{whole}", "0".repeat(places));
        let (left, right) = padded.split_at(padded.len() - places);
        (left.to_owned(), format!("{right}{fraction}"))
    } else {
        let padded = format!("{fraction}{}", "0".repeat(places.saturating_sub(fraction.len())));
        let (left, right) = padded.split_at(places);
        (format!("{whole}{left}"), right.to_owned())
    };
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_as_the_language_writes_them() {
        for (written, digits) in [
            ("5", "5"),
            ("-0.5", "-0.5"),
            ("50_000", "50000"),
            ("5万", "50000"),
            ("1.5万", "15000"),
            ("1.23456万", "12345.6"),
            ("2亿", "200000000"),
            ("50%", "0.5"),
            ("7%", "0.07"),
            ("150%", "1.5"),
            ("12.5%", "0.125"),
        ] {
            assert_eq!(number(written).as_deref(), Some(digits), "{written}");
        }
        for other in ["", "x", "1__", "_1", "1.", ".5", "1.2.3", "%", "5万万", "1e5"] {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
