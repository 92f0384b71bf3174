//! A text that a regular expression finds.

use regex_syntax::hir::{Hir, HirKind, Look};

/// The longest text that is made.
const LENGTH: usize = 200;

/// A text in which a pattern is found, if it is simple enough to make one; the caller looks whether it is.
pub(crate) fn example(pattern: &str) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    write(&hir, &mut text, 0)?;
    Some(text)
}

fn write(hir: &Hir, text: &mut String, depth: usize) -> Option<()> {
    if depth > 60 || text.len() > LENGTH {
        return None;
    }
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(character(class)?),
        HirKind::Look(look) => {
            if matches!(look, Look::WordAscii | Look::WordUnicode) && !text.is_empty() {
                text.push(' ');
            }
        }
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min.max(u32::from(repetition.max != Some(0))).min(64) {
                write(&repetition.sub, text, depth + 1)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, text, depth + 1)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text, depth + 1))?,
        HirKind::Alternation(parts) => write(parts.first()?, text, depth + 1)?,
    }
    Some(())
}

/// A plain character of a class.
fn character(class: &regex_syntax::hir::Class) -> Option<char> {
    let plain = ['a', '0', 'A', '-', '中'];
    match class {
        regex_syntax::hir::Class::Unicode(class) => {
            let has = |c: &char| class.iter().any(|range| range.start() <= *c && *c <= range.end());
            plain.into_iter().find(has).or_else(|| class.iter().next().map(regex_syntax::hir::ClassUnicodeRange::start))
        }
        regex_syntax::hir::Class::Bytes(class) => {
            let first = class.iter().next().map(|range| char::from(range.start()));
            first.filter(char::is_ascii)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn examples_of_simple_patterns() {
        for pattern in [r"(股份|集团)有限公司$", r"^1[3-9]\d{9}$", r"[a-z]+@example\.(com|cn)", r"a|b", r"x{3}y*"]
        {
            let text = example(pattern).unwrap_or_default();
            assert!(regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(&text)), "{pattern}: {text}");
        }
    }

    proptest! {
        #[test]
        fn no_pattern_is_too_much(pattern in r"[ab(|)\[\]*+?^$\\d{2}]{0,12}") {
            let _ = example(&pattern);
        }
    }
}
