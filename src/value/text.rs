//! Text and its normal form: what a person would call the same text is equal.
//!
//! The definition is slow: NFKC, full case folding, NFKC, trim. Nearly all text that leads are made of has bytes for
//! which every step but the last is known beforehand, so a look at the bytes comes first.

use caseless::Caseless;
use std::fmt;
use std::hash::{Hash, Hasher};
use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// A text with the forms that conditions compare, computed once.
///
/// Two texts are equal to the rule language when their [`normal`](Text::normal) forms are; as Rust values they are equal
/// when their originals are.
#[derive(Clone)]
pub struct Text {
    /// The original; with [`Forms::Lower`] its lower case follows, which has the same length.
    text: Box<str>,
    forms: Forms,
}

/// How the forms of a text differ from the trimmed original.
#[derive(Clone)]
enum Forms {
    /// Not at all.
    Same,
    /// The normal form is the lower case, which stands behind the original.
    Lower,
    /// As they are kept here.
    Kept(Box<Kept>),
}

#[derive(Clone)]
struct Kept {
    /// Trimmed NFKC, unless the trimmed original is that already.
    searchable: Option<Box<str>>,
    /// The normal form, unless it is the searchable form.
    normal: Option<Box<str>>,
}

impl Text {
    /// Keeps the text as it is, and computes its forms.
    pub fn new(original: impl Into<Box<str>>) -> Text {
        let original = original.into();
        let trimmed = exact_of(&original);
        match Makeup::of(trimmed) {
            Makeup::Plain => Text { forms: Forms::Same, text: original },
            Makeup::Capitals => Text::lower(original.into_string()),
            Makeup::Other => Text { forms: Forms::Kept(Box::new(Kept::of(trimmed))), text: original },
        }
    }

    /// The same from borrowed text, with one allocation for most.
    #[inline]
    pub(crate) fn copy_of(original: &str) -> Text {
        match Makeup::of(original) {
            Makeup::Capitals => {
                let mut text = String::with_capacity(original.len() * 2);
                text.push_str(original);
                Text::lower(text)
            }
            _ => Text::new(original),
        }
    }

    /// Puts the lower case behind the original.
    #[inline]
    fn lower(mut text: String) -> Text {
        let length = text.len();
        text.reserve_exact(length);
        text.extend_from_within(..);
        if let Some(lower) = text.get_mut(length..) {
            lower.make_ascii_lowercase();
        }
        Text { text: text.into(), forms: Forms::Lower }
    }

    /// The original, and what stands behind it.
    fn halves(&self) -> (&str, &str) {
        match self.forms {
            Forms::Lower => self.text.split_at_checked(self.text.len() / 2).unwrap_or_default(),
            Forms::Same | Forms::Kept(_) => (&self.text, ""),
        }
    }

    /// As it was given.
    pub fn original(&self) -> &str {
        self.halves().0
    }

    /// Trimmed: how `code` compares.
    pub fn exact(&self) -> &str {
        exact_of(self.original())
    }

    /// NFKC, trimmed: where `matches` searches.
    pub fn searchable(&self) -> &str {
        match &self.forms {
            Forms::Kept(kept) => kept.searchable.as_deref().unwrap_or_else(|| self.exact()),
            Forms::Same | Forms::Lower => self.exact(),
        }
    }

    /// NFKC, full case folding, NFKC, trimmed: how `text` compares. Inner blanks stay.
    pub fn normal(&self) -> &str {
        match &self.forms {
            Forms::Same => exact_of(&self.text),
            Forms::Lower => exact_of(self.halves().1),
            Forms::Kept(kept) => kept.normal.as_deref().unwrap_or_else(|| self.searchable()),
        }
    }
}

impl Kept {
    /// The forms of a trimmed text.
    fn of(trimmed: &str) -> Kept {
        let (mut searchable, mut normal) = (String::new(), String::new());
        let searchable = searchable_of(trimmed, &mut searchable);
        let normal = normal_of(searchable, &mut normal);
        Kept {
            normal: (normal != searchable).then(|| normal.into()),
            searchable: (searchable != trimmed).then(|| searchable.into()),
        }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.original() == other.original()
    }
}

impl Eq for Text {}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.original().hash(state);
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.original(), f)
    }
}

impl<T: Into<Box<str>>> From<T> for Text {
    fn from(text: T) -> Text {
        Text::new(text)
    }
}

/// What the bytes of a text say about its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Makeup {
    /// All forms are the text, trimmed.
    Plain,
    /// The same but for capital letters of ASCII.
    Capitals,
    /// Characters have to be looked at.
    Other,
}

impl Makeup {
    /// Looks at all bytes, eight at a time and without a way out: texts are short, and so the compiler can take more.
    #[inline]
    fn of(text: &str) -> Makeup {
        let bytes = text.as_bytes();
        let mut found = (0, 0);
        let mut note = |word: u64| {
            let (capitals, others) = unplain(word);
            found = (found.0 | capitals, found.1 | others);
        };
        match bytes.last_chunk() {
            Some(last) if bytes.len() > 16 => {
                bytes.as_chunks().0.iter().for_each(|chunk| note(u64::from_le_bytes(*chunk)));
                note(u64::from_le_bytes(*last));
            }
            _ => {
                let (first, last) = ends(bytes);
                note(first);
                note(last);
            }
        }
        match found {
            (_, 1..) => Makeup::Other,
            (1.., 0) => Makeup::Capitals,
            (0, 0) => Makeup::Plain,
        }
    }
}

/// Whether the normal form of a text is the text itself, trimmed, as a look at the bytes tells; `false` decides nothing.
///
/// Every byte has to be ASCII other than `A`-`Z`, a continuation byte (0x80..=0xBF), or a lead byte 0xE4..=0xE9. In valid
/// UTF-8 a continuation byte belongs to the lead byte before it, and those lead bytes begin U+4000..=U+9FFF: ideographs
/// and hexagrams, none of which NFKC or case folding changes, orders or composes with a neighbour. The tests go through
/// all of them.
#[inline]
pub(crate) fn is_plain(text: &str) -> bool {
    Makeup::of(text) == Makeup::Plain
}

/// Whether a text is in Unicode normal forms C and KC, as a look at the bytes tells; `false` decides nothing.
#[inline]
pub(crate) fn is_composed(text: &str) -> bool {
    Makeup::of(text) != Makeup::Other
}

/// The bytes of a word that are capital letters, and those that are no bytes of plain text otherwise, as high bits.
///
/// Adding to the low seven bits of a byte carries into the high bit from a value on: `x + (0x80 - n)` from `n` on.
#[inline]
fn unplain(word: u64) -> (u64, u64) {
    const HIGH: u64 = each(0x80);
    let low = word & !HIGH;
    let from = |least: u8| low + each(0x80 - least);
    let wide = word & HIGH;
    let capitals = from(b'A') & !from(b'Z' + 1) & !wide & HIGH;
    // of bytes from 0x80 on: up to 0xBF is a continuation; 0xE4..=0xE9 are the leads
    let lead = from(0x64) & !from(0x6A);
    (capitals, from(0x40) & !lead & wide)
}

/// A word of equal bytes.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The first and the last eight bytes, of fewer than eight some twice: with the length, these are all there is to know of
/// up to sixteen. From four bytes on the way is the same for all lengths, since a branch on what comes next in a lead is
/// dear.
#[inline]
pub(super) fn ends(bytes: &[u8]) -> (u64, u64) {
    let length = bytes.len();
    if let Some(end) = length.checked_sub(4) {
        let four =
            |at: usize| bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |it| u32::from_le_bytes(*it));
        let eight = |at: usize, then: usize| u64::from(four(at)) | u64::from(four(then)) << 32;
        return (eight(0, end.min(4)), eight(end.saturating_sub(4), end));
    }
    match bytes {
        [first, .., last] => (u64::from(*first) | u64::from(bytes[length / 2]) << 8 | u64::from(*last) << 16, 0),
        [only] => (u64::from(*only), 0),
        [] => (0, 0),
    }
}

/// A text trimmed.
#[inline]
pub(crate) fn exact_of(text: &str) -> &str {
    // no character that begins with these bytes is white space
    let ink = |byte: &u8| matches!(byte, 0x21..=0x7E | 0xE4..=0xEF);
    let starts = text.as_bytes().first().is_some_and(ink);
    let ends = match text.as_bytes() {
        [.., 0xE4..=0xEF, _, _] => true,
        [.., last] => matches!(last, 0x21..=0x7E),
        [] => false,
    };
    if starts && ends { text } else { text.trim() }
}

/// NFKC, trimmed; in `scratch` when it is not a part of the text.
pub(crate) fn searchable_of<'t>(text: &'t str, scratch: &'t mut String) -> &'t str {
    let trimmed = exact_of(text);
    if is_composed(trimmed) {
        return trimmed;
    }
    scratch.clear();
    if !trimmed.chars().map(usual).all(|form| form.is_some_and(|form| push(scratch, form))) {
        if is_nfkc(trimmed) {
            return trimmed;
        }
        scratch.clear();
        scratch.extend(trimmed.nfkc());
    }
    exact_of(scratch)
}

/// NFKC, full case folding, NFKC, trimmed; in `scratch` when it is not a part of the text.
pub(crate) fn normal_of<'t>(text: &'t str, scratch: &'t mut String) -> &'t str {
    let trimmed = exact_of(text);
    if is_plain(trimmed) {
        return trimmed;
    }
    scratch.clear();
    if Makeup::of(trimmed) == Makeup::Capitals {
        scratch.push_str(trimmed);
        scratch.make_ascii_lowercase();
    } else if !trimmed.chars().map(usual).all(|form| form.is_some_and(|form| push(scratch, form.to_ascii_lowercase())))
    {
        scratch.clear();
        scratch.extend(trimmed.nfkc().default_case_fold().nfkc());
    }
    exact_of(scratch)
}

/// Says yes, for the sake of its callers.
fn push(text: &mut String, next: char) -> bool {
    text.push(next);
    true
}

/// The NFKC of a character of usual text: one that it turns into one character, and that nothing composes with. Folding
/// changes none of the results but capital letters of ASCII.
fn usual(character: char) -> Option<char> {
    match character {
        '\0'..='\x7F' | '\u{4000}'..='\u{9FFF}' => Some(character),
        // full-width forms of ASCII
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0),
        '\u{3000}' => Some(' '),
        // ideographic punctuation, quotes, dashes, the dot inside names
        '\u{3001}'..='\u{3020}' | '\u{2018}'..='\u{201F}' | '\u{2012}'..='\u{2015}' | '·' => Some(character),
        _ => None,
    }
}

/// NFKC, full case folding, NFKC, trim.
pub(crate) fn normal_form(text: &str) -> String {
    normal_of(text, &mut String::new()).to_owned()
}

/// The segments of a region's path in normal form; blank ones are dropped.
pub(crate) fn region_segments(normal: &str) -> impl Iterator<Item = &str> {
    normal.split('/').map(str::trim).filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    /// The definition of the searchable form.
    fn searchable(text: &str) -> String {
        text.nfkc().collect::<String>().trim().to_owned()
    }

    /// The definition of the normal form.
    fn normal(text: &str) -> String {
        let folded = caseless::default_case_fold_str(&text.nfkc().collect::<String>());
        folded.nfkc().collect::<String>().trim().to_owned()
    }

    fn check(given: &str) {
        let mut scratch = "left over".to_owned();
        assert_eq!(exact_of(given), given.trim(), "exact form of {given:?}");
        assert_eq!(searchable_of(given, &mut scratch), searchable(given), "searchable form of {given:?}");
        assert_eq!(normal_of(given, &mut scratch), normal(given), "normal form of {given:?}");
        for text in [Text::new(given), Text::copy_of(given), Text::new(given.to_owned())] {
            assert_eq!(text.original(), given);
            assert_eq!(text.exact(), given.trim(), "exact form of {given:?}");
            assert_eq!(text.searchable(), searchable(given), "searchable form of {given:?}");
            assert_eq!(text.normal(), normal(given), "normal form of {given:?}");
        }
        if is_plain(given) {
            assert_eq!(normal(given), given.trim());
        }
        if is_composed(given) {
            assert!(given.nfc().eq(given.chars()) && given.nfkc().eq(given.chars()), "{given:?} is not composed");
        }
    }

    /// All that Unicode has assigned, but for the rarest ideographs and most of private use.
    fn characters() -> impl Iterator<Item = char> {
        let private = ('\u{E000}'..='\u{E0FF}').chain('\u{E0000}'..='\u{E01FF}').chain('\u{F0000}'..='\u{F00FF}');
        ('\0'..='\u{D7FF}').chain('\u{F900}'..='\u{200FF}').chain('\u{2F800}'..='\u{2FAFF}').chain(private)
    }

    /// What the quick ways take for granted of single characters, of every one that they take.
    #[test]
    fn plain_and_usual_characters_are_what_they_are_taken_for() {
        for character in characters() {
            let inside = |it: char| format!("a{it}b");
            let plain = matches!(character, '\0'..='\x7F' | '\u{4000}'..='\u{9FFF}') && !character.is_ascii_uppercase();
            assert_eq!(is_plain(&inside(character)), plain, "U+{:04X}", u32::from(character));
            if plain {
                assert_eq!(normal(&inside(character)), inside(character), "U+{:04X}", u32::from(character));
            }
            if let Some(form) = usual(character) {
                assert_eq!(searchable(&inside(character)), inside(form), "U+{:04X}", u32::from(character));
                let form = form.to_ascii_lowercase();
                assert_eq!(normal(&inside(character)), inside(form), "U+{:04X}", u32::from(character));
            }
        }
    }

    /// Every character, at the ends and inside; and a normal form is its own normal form.
    #[test]
    fn all_characters_have_the_forms_of_the_definition() {
        for character in characters() {
            check(&character.to_string());
            let form = normal(&format!("A{character}"));
            assert_eq!(normal(&form), form, "U+{:04X}", u32::from(character));
        }
        for character in ['\u{85}', '\u{A0}', '\u{1680}', '\u{2009}', '\u{2028}', '\u{3000}', '\u{1F}', '中', 'Ａ'] {
            check(&format!("{character}aB c{character}"));
            check(&format!(" {character}中 国{character} "));
        }
    }

    #[test]
    fn equality_and_hashes_go_by_the_original() {
        let hash = |text: &Text| std::hash::BuildHasher::hash_one(&rustc_hash::FxBuildHasher, text);
        assert_eq!(hash(&Text::new("ERP")), hash(&Text::copy_of("ERP")));
        assert_eq!(Text::new("ERP"), Text::copy_of("ERP"));
        assert_ne!(Text::new("ERP"), Text::new("erp"));
        assert_ne!(Text::new("erp"), Text::new("ERPerp"));
        assert_eq!(format!("{:?}", Text::new("ＥＲＰ")), "\"ＥＲＰ\"");
        assert_eq!((size_of::<Text>(), size_of::<crate::Value>()), (32, 32));
    }

    /// Characters that try each way, and the borders between them.
    fn character() -> impl Strategy<Value = char> {
        prop_oneof![
            4 => proptest::char::range('\0', '\x7F'),
            4 => proptest::char::range('\u{3FFE}', '\u{A001}'),
            2 => proptest::char::range('\u{FF00}', '\u{FFEF}'),
            1 => proptest::char::range('\u{300}', '\u{36F}'),
            1 => proptest::char::range('\u{2000}', '\u{206F}'),
            1 => proptest::char::range('\u{3000}', '\u{30FF}'),
            1 => proptest::char::range('\u{1100}', '\u{11FF}'),
            1 => proptest::char::range('\u{FB00}', '\u{FB06}'),
            1 => proptest::char::range('\u{80}', '\u{24F}'),
            2 => proptest::sample::select(vec![' ', '\u{3000}', '\u{A0}', 'A', 'ß', 'İ', '\u{345}', '·', '，', '“']),
            1 => any::<char>(),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn texts_have_the_forms_of_the_definition(
            text in proptest::collection::vec(character(), 0..24).prop_map(String::from_iter),
        ) {
            check(&text);
            prop_assert_eq!(normal(&normal(&text)), normal(&text), "a normal form is its own normal form");
        }

        #[test]
        fn usual_texts_have_the_forms_of_the_definition(text in "[ a-cA-C，（　〇·“中国ＡＢ]{0,40}") {
            check(&text);
        }
    }
}
