//! Texts in normal form, regions, and searches.

use caseless::Caseless;
use regex::RegexBuilder;
use std::cell::RefCell;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

thread_local! {
    /// Normal forms already computed: the same few labels are compared again and again.
    static KNOWN: RefCell<HashMap<String, String>> = RefCell::default();
}

/// NFKC, full case folding, NFKC, trim: what decides whether two texts are equal.
pub(super) fn normal_form(text: &str) -> String {
    KNOWN.with_borrow_mut(|known| {
        if let Some(normal) = known.get(text) {
            return normal.clone();
        }
        if known.len() > 10_000 {
            known.clear();
        }
        let folded: String = text.nfkc().default_case_fold().nfkc().collect();
        let normal = folded.trim().to_owned();
        known.insert(text.to_owned(), normal.clone());
        normal
    })
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
