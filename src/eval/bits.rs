//! Sets of small numbers as bits of words.

/// The positions of the bits that are set in a stretch, ascending.
#[derive(Clone, Debug)]
pub(crate) struct Bits<'w> {
    /// What is left of the first word; what does not belong to the stretch is cut away.
    word: u64,
    /// Where the first word starts.
    base: usize,
    rest: &'w [u64],
    end: usize,
}

impl<'w> Bits<'w> {
    /// All that are set.
    pub(crate) fn new(words: &'w [u64]) -> Bits<'w> {
        Bits::between(words, 0, words.len() * 64)
    }

    /// Those from one position to before another.
    pub(crate) fn between(words: &'w [u64], start: usize, end: usize) -> Bits<'w> {
        let end = end.min(words.len() * 64);
        let Some((first, rest)) = words.get(start / 64..end.div_ceil(64)).and_then(<[u64]>::split_first) else {
            return Bits { word: 0, base: 0, rest: &[], end: 0 };
        };
        let base = start / 64 * 64;
        Bits { word: cut(first & (u64::MAX << (start % 64)), base, end), base, rest, end }
    }

    /// How many are still to come.
    pub(crate) fn count_left(&self) -> usize {
        let rest = self.rest.iter().zip(1..).map(|(word, place)| cut(*word, self.base + place * 64, self.end));
        (rest.map(u64::count_ones).sum::<u32>() + self.word.count_ones()) as usize
    }
}

/// The bits of a word that starts at a position, up to the end of the stretch.
fn cut(word: u64, base: usize, end: usize) -> u64 {
    if end - base >= 64 { word } else { word & ((1 << (end - base)) - 1) }
}

impl Iterator for Bits<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.word == 0 {
            let (next, rest) = self.rest.split_first()?;
            self.base += 64;
            self.word = cut(*next, self.base, self.end);
            self.rest = rest;
        }
        let bit = self.base + self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        Some(bit)
    }
}

/// Copies a stretch of bits so that it starts at a word.
#[inline]
pub(super) fn copy_bits(from: &[u64], start: usize, count: usize, into: &mut [u64]) {
    if let ([from], [into]) = (from, &mut *into)
        && start < 64
    {
        *into = cut(*from >> start, 0, count);
        return;
    }
    let (first, shift) = (start / 64, start % 64);
    for (index, into) in into.iter_mut().enumerate() {
        let word = |at: usize| from.get(at).copied().unwrap_or(0);
        let low = word(first + index) >> shift;
        let high = if shift == 0 { 0 } else { word(first + index + 1) << (64 - shift) };
        *into = cut(low | high, index * 64, count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bits_are_found_where_they_are(words in prop::collection::vec(any::<u64>(), 0..6), ends in (0_usize..400, 0_usize..400)) {
            let is_set = |bit: usize| words.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1);
            let (start, end) = ends;
            let expected: Vec<usize> = (start..end.max(start)).filter(|bit| is_set(*bit)).collect();
            let bits = Bits::between(&words, start, end);
            prop_assert_eq!(bits.count_left(), expected.len());
            prop_assert_eq!(bits.collect::<Vec<_>>(), expected.clone());
            let count = end.saturating_sub(start);
            let mut copied = vec![u64::MAX; count.div_ceil(64)];
            copy_bits(&words, start, count, &mut copied);
            prop_assert_eq!(Bits::new(&copied).map(|bit| bit + start).collect::<Vec<_>>(), expected);
        }
    }
}
