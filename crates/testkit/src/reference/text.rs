//! Texts in normal form, regions, and searches.

use caseless::Caseless;
use regex::RegexBuilder;
use unicode_normalization::UnicodeNormalization;

/// NFKC, full case folding, NFKC, trim: what decides whether two texts are equal.
pub(super) fn normal_form(text: &str) -> String {
    let folded: String = text.nfkc().default_case_fold().nfkc().collect();
    folded.trim().to_owned()
}

/// The normal forms of the segments of a region; blank ones are dropped.
pub(super) fn segments(region: &str) -> Vec<String> {
    region.split('/').map(normal_form).filter(|segment| !segment.is_empty()).collect()
}

/// `matches r"…"` on a text: trimmed NFKC, whatever the case.
pub(super) fn text_matches(text: &str, pattern: &str) -> bool {
    let subject: String = text.nfkc().collect();
    search(subject.trim(), pattern, true)
}

/// `matches r"…"` on a code: the trimmed original, exactly.
pub(super) fn code_matches(code: &str, pattern: &str) -> bool {
    search(code.trim(), pattern, false)
}

fn search(subject: &str, pattern: &str, any_case: bool) -> bool {
    match RegexBuilder::new(pattern).case_insensitive(any_case).build() {
        Ok(regex) => regex.is_match(subject),
        Err(error) => super::invalid(&format!("pattern r\"{pattern}\": {error}")),
    }
}
