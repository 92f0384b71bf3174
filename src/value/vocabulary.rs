//! A closed set of spellings, each with a number: found again in a few nanoseconds.
//!
//! What a lead says is mostly short. Up to sixteen bytes, the first eight, the last eight and the length are the text, so
//! two words are hashed and compared, and the text itself is never looked at again.

use super::text::ends;
use rustc_hash::FxHashSet;

/// Spellings → numbers, built once.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// A power of two, at most a quarter of them taken: a position in `entries`, or `EMPTY`.
    slots: Box<[u32]>,
    entries: Box<[Entry]>,
    /// The spellings of more than `SHORT` bytes, one after the other.
    long: Box<[u8]>,
    seed: u64,
    /// How far a hash has to be shifted to be a slot.
    shift: u32,
}

#[derive(Debug)]
struct Entry {
    first: u64,
    /// Of a long spelling: where it starts in `long`.
    last: u64,
    length: u32,
    value: u32,
}

/// What a text is hashed and compared by.
#[derive(Clone, Copy)]
struct Key {
    /// The first bytes; of a long text, a hash of all bytes.
    first: u64,
    /// The last bytes.
    last: u64,
    length: usize,
}

/// Up to so many bytes, a key says it all.
const SHORT: usize = 16;
/// In a slot: nothing. No entry has this position.
const EMPTY: u32 = u32::MAX;
/// An odd number without a pattern: 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
/// How many seeds are tried.
const SEEDS: u64 = 8;

impl Key {
    #[inline]
    fn of(bytes: &[u8]) -> Key {
        let (first, last) = ends(bytes);
        let length = bytes.len();
        Key { first: if length <= SHORT { first } else { digest(bytes) }, last, length }
    }

    /// The high bits of a product depend on all bits of its factors.
    #[inline]
    fn slot(self, seed: u64, shift: u32) -> usize {
        let mixed = self.first.wrapping_mul(seed) ^ self.last.rotate_left(32);
        let hash = mixed.wrapping_add(self.length as u64).wrapping_mul(GOLDEN);
        usize::try_from(hash >> shift).unwrap_or_default()
    }
}

/// Of a long text: labels that differ in the middle alone must not share a slot.
fn digest(bytes: &[u8]) -> u64 {
    bytes
        .as_chunks()
        .0
        .iter()
        .fold(0, |hash: u64, chunk| (hash.rotate_left(29) ^ u64::from_le_bytes(*chunk)).wrapping_mul(GOLDEN))
}

impl Vocabulary {
    /// From spellings with their numbers; of equal spellings the first counts. A spelling of four gigabytes is left out.
    pub(crate) fn new(spellings: impl IntoIterator<Item = (impl AsRef<str>, u32)>) -> Vocabulary {
        let spellings: Vec<_> = spellings.into_iter().collect();
        let (mut seen, mut keys) = (FxHashSet::default(), Vec::with_capacity(spellings.len()));
        let (mut entries, mut long) = (Vec::with_capacity(spellings.len()), Vec::new());
        for (spelling, value) in &spellings {
            let bytes = spelling.as_ref().as_bytes();
            let Ok(length) = u32::try_from(bytes.len()) else { continue };
            if !seen.insert(bytes) {
                continue;
            }
            let key = Key::of(bytes);
            let mut last = key.last;
            if bytes.len() > SHORT {
                last = long.len() as u64;
                long.extend_from_slice(bytes);
            }
            keys.push(key);
            entries.push(Entry { first: key.first, last, length, value: *value });
        }
        let mut best = spread(&keys, GOLDEN);
        for number in 1..SEEDS {
            // more seeds for a large table would be felt when a file is loaded, and find little
            if best.probes == 0 || (number > 1 && keys.len() > 4096) {
                break;
            }
            let other = spread(&keys, GOLDEN.wrapping_mul(2 * number + 1).rotate_left(7) | 1);
            best = if other.probes < best.probes { other } else { best };
        }
        let Spread { slots, seed, shift, .. } = best;
        Vocabulary { slots, entries: entries.into(), long: long.into(), seed, shift }
    }

    /// The number of a spelling. Short ones are nearly always found at the first place that is looked at, which is done where
    /// this is called.
    #[inline(always)]
    pub(crate) fn get(&self, text: &str) -> Option<u32> {
        let bytes = text.as_bytes();
        if bytes.len() <= SHORT {
            let (first, last) = ends(bytes);
            let key = Key { first, last, length: bytes.len() };
            let entry = self.entries.get(*self.slots.get(key.slot(self.seed, self.shift))? as usize)?;
            if entry.first == first && entry.last == last && entry.length as usize == bytes.len() {
                return Some(entry.value);
            }
        }
        self.search(bytes)
    }

    /// The same from place to place.
    #[inline(never)]
    fn search(&self, bytes: &[u8]) -> Option<u32> {
        let key = Key::of(bytes);
        let mut slot = key.slot(self.seed, self.shift);
        loop {
            let entry = self.entries.get(*self.slots.get(slot)? as usize)?;
            if entry.first == key.first && entry.length as usize == key.length {
                let same = if key.length <= SHORT { entry.last == key.last } else { self.long(entry) == bytes };
                if same {
                    return Some(entry.value);
                }
            }
            slot = next(slot, &self.slots);
        }
    }

    /// The bytes of a long spelling.
    fn long(&self, entry: &Entry) -> &[u8] {
        let rest = usize::try_from(entry.last).ok().and_then(|start| self.long.get(start..));
        rest.and_then(|rest| rest.get(..entry.length as usize)).unwrap_or_default()
    }
}

#[inline]
fn next(slot: usize, slots: &[u32]) -> usize {
    (slot + 1) & (slots.len() - 1)
}

/// How a seed spreads the entries.
struct Spread {
    slots: Box<[u32]>,
    seed: u64,
    shift: u32,
    /// How many steps from where they belong all entries are together.
    probes: usize,
}

fn spread(keys: &[Key], seed: u64) -> Spread {
    let mut slots = vec![EMPTY; (keys.len() * 4).next_power_of_two().max(4)].into_boxed_slice();
    let shift = u64::BITS - slots.len().trailing_zeros();
    let mut probes = 0;
    for (position, key) in (0..EMPTY).zip(keys) {
        let mut slot = key.slot(seed, shift);
        while slots[slot] != EMPTY {
            slot = next(slot, &slots);
            probes += 1;
        }
        slots[slot] = position;
    }
    Spread { slots, seed, shift, probes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    #[test]
    fn the_first_of_equal_spellings_counts() {
        let words = Vocabulary::new([("广东", 3), ("", 7), ("广东", 4), ("a spelling of more than sixteen bytes", 9)]);
        assert_eq!((words.get("广东"), words.get(""), words.get("广西")), (Some(3), Some(7), None));
        assert_eq!(words.get("a spelling of more than sixteen bytes"), Some(9));
        assert_eq!(words.get("a spelling of fewer than sixteen byte"), None);
        let none = Vocabulary::new(Vec::<(&str, u32)>::new());
        assert_eq!(
            (none.get(""), none.get("a"), none.get("a spelling of more than sixteen bytes")),
            (None, None, None)
        );
    }

    /// Alike but for one place: first, middle, last bytes; and with the bytes that packing puts in the same places.
    #[test]
    fn lengths_and_neighbours_are_told_apart() {
        let alphabet = ["a", "b", "\0"];
        let mut all = vec![String::new()];
        for length in 0..40 {
            for base in alphabet {
                all.push(base.repeat(length));
                for (position, other) in (0..length).flat_map(|position| alphabet.map(|other| (position, other))) {
                    let mut text = base.repeat(length);
                    text.replace_range(position..=position, other);
                    all.push(text);
                }
            }
        }
        // every second one is in; no other is found
        let words = Vocabulary::new(all.iter().step_by(2).zip(0..));
        let mut expected = HashMap::new();
        for (text, number) in all.iter().step_by(2).zip(0..) {
            expected.entry(text.as_str()).or_insert(number);
        }
        for text in &all {
            assert_eq!(words.get(text), expected.get(text.as_str()).copied(), "{text:?}");
        }
    }

    /// Ten thousand labels that share their ends, and ten thousand that share nothing: few steps to any.
    #[test]
    fn entries_spread() {
        for (name, label) in [
            ("short", (|number| format!("标签{number}")) as fn(u32) -> String),
            ("middle", |number| format!("https://example.com/campaigns/{number:08}/landing-page")),
            ("end", |number| format!("campaign of the autumn number {number}")),
            ("start", |number| format!("{number} leads of the autumn campaign")),
        ] {
            let labels: Vec<String> = (0..10_000).map(label).collect();
            let keys: Vec<Key> = labels.iter().map(|label| Key::of(label.as_bytes())).collect();
            let probes = spread(&keys, GOLDEN).probes;
            assert!(probes < labels.len() / 2, "{name}: {probes} probes");
            let words = Vocabulary::new(labels.iter().zip(0..));
            assert!(labels.iter().zip(0..).all(|(label, number)| words.get(label) == Some(number)), "{name}");
            let text: usize = labels.iter().map(String::len).sum();
            let bytes = size_of_val(&*words.slots) + size_of_val(&*words.entries) + words.long.len();
            assert!(bytes < text + labels.len() * 56, "{name}: {bytes} bytes");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn finds_what_a_hash_map_finds(
            spellings in proptest::collection::vec(("[ab中]{0,14}|[a-c]{0,3}|.{0,40}", 0_u32..9), 0..60),
            others in proptest::collection::vec("[ab中]{0,14}|[a-c]{0,3}|.{0,40}", 0..60),
        ) {
            let words = Vocabulary::new(spellings.iter().map(|(text, number)| (text, *number)));
            let mut expected = HashMap::new();
            for (text, number) in &spellings {
                expected.entry(text.as_str()).or_insert(*number);
            }
            for text in spellings.iter().map(|(text, _)| text).chain(&others) {
                prop_assert_eq!(words.get(text), expected.get(text.as_str()).copied(), "{:?}", text);
            }
        }
    }
}
