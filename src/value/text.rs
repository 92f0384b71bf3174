//! Text and its normal form: what a person would call the same text is equal.

use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// A text with the forms that conditions compare, computed once.
///
/// Two texts are equal to the rule language when their [`normal`](Text::normal) forms are; as Rust values they are equal
/// when their originals are.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Text {
    original: Box<str>,
    /// Trimmed NFKC, unless the trimmed original is that already.
    searchable: Option<Box<str>>,
    /// The normal form, unless it is the searchable form.
    normal: Option<Box<str>>,
}

impl Text {
    /// Keeps the text as it is, and computes its forms.
    pub fn new(original: impl Into<Box<str>>) -> Text {
        let original = original.into();
        let trimmed = original.trim();
        let searchable = (!is_nfkc(trimmed)).then(|| compatible(trimmed));
        let form = searchable.as_deref().unwrap_or(trimmed);
        let normal = Some(normal_form(form)).filter(|normal| normal != form).map(String::into_boxed_str);
        Text { searchable, normal, original }
    }

    /// As it was given.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// Trimmed: how `code` compares.
    pub fn exact(&self) -> &str {
        self.original.trim()
    }

    /// NFKC, trimmed: where `matches` searches.
    pub fn searchable(&self) -> &str {
        self.searchable.as_deref().unwrap_or_else(|| self.exact())
    }

    /// NFKC, full case folding, NFKC, trimmed: how `text` compares. Inner blanks stay.
    pub fn normal(&self) -> &str {
        self.normal.as_deref().unwrap_or_else(|| self.searchable())
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.original, f)
    }
}

impl<T: Into<Box<str>>> From<T> for Text {
    fn from(text: T) -> Text {
        Text::new(text)
    }
}

/// NFKC, trimmed.
fn compatible(text: &str) -> Box<str> {
    text.nfkc().collect::<String>().trim().into()
}

/// NFKC, full case folding, NFKC, trim.
pub(crate) fn normal_form(text: &str) -> String {
    if text.is_ascii() {
        return text.trim().to_ascii_lowercase();
    }
    let folded: String = caseless::default_case_fold_str(&text.nfkc().collect::<String>());
    folded.nfkc().collect::<String>().trim().to_owned()
}

/// The segments of a region's path in normal form; blank ones are dropped.
pub(crate) fn region_segments(normal: &str) -> impl Iterator<Item = &str> {
    normal.split('/').map(str::trim).filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_equal() {
        for (left, right) in [(" ＡＢＣ ", "abc"), ("Straße", "STRASSE"), ("ﬁne", "FINE"), ("（中国）", "(中国)")]
        {
            assert_eq!(Text::new(left).normal(), Text::new(right).normal(), "{left}");
        }
        assert_ne!(Text::new("待 定").normal(), Text::new("待定").normal());
        assert_eq!(Text::new(" a-1 ").exact(), "a-1");
        assert_eq!(Text::new(" ＡＢｃ ").searchable(), "ABc");
    }
}
