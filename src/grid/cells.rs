//! Sets of the cells of one axis.

use smallvec::{SmallVec, smallvec};
use std::ops::Range;

/// A set of cells, as bits. All sets of one axis have the same size.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Cells {
    words: SmallVec<[u64; 4]>,
    /// How many cells the axis has.
    count: usize,
}

/// The bits of a word from one position to another; positions past the word's ends are cut.
fn bits(range: Range<usize>) -> u64 {
    let below = |end: usize| if end >= 64 { u64::MAX } else { (1 << end) - 1 };
    below(range.end) & !below(range.start)
}

impl Cells {
    /// No cell of an axis with so many.
    pub(crate) fn none(count: usize) -> Cells {
        Cells { words: smallvec![0; count.div_ceil(64)], count }
    }

    /// Every cell.
    pub(crate) fn all(count: usize) -> Cells {
        let mut cells = Cells::none(count);
        cells.insert(0..count);
        cells
    }

    /// Adds a stretch of cells.
    pub(crate) fn insert(&mut self, range: Range<usize>) {
        for (index, word) in self.words.iter_mut().enumerate() {
            let start = index * 64;
            *word |= bits(range.start.saturating_sub(start)..range.end.saturating_sub(start));
        }
    }

    /// Whether a cell is in the set.
    pub(crate) fn contains(&self, cell: usize) -> bool {
        self.words.get(cell / 64).is_some_and(|word| word >> (cell % 64) & 1 == 1)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Whether every cell is in the set.
    pub(crate) fn is_full(&self) -> bool {
        *self == Cells::all(self.count)
    }

    /// The cells of both.
    pub(crate) fn and(&self, other: &Cells) -> Cells {
        self.merge(other, |left, right| left & right)
    }

    /// The cells of either.
    pub(crate) fn or(&self, other: &Cells) -> Cells {
        self.merge(other, |left, right| left | right)
    }

    /// The cells of this set that the other does not have.
    pub(crate) fn without(&self, other: &Cells) -> Cells {
        self.merge(other, |left, right| left & !right)
    }

    fn merge(&self, other: &Cells, merge: fn(u64, u64) -> u64) -> Cells {
        let words = self.words.iter().zip(&other.words).map(|(left, right)| merge(*left, *right)).collect();
        Cells { words, count: self.count }
    }

    /// The longest stretches of neighbouring cells that are in the set, in order.
    pub(crate) fn runs(&self) -> impl Iterator<Item = Range<usize>> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let start = self.next(from, false)?;
            let end = self.next(start, true).unwrap_or(self.count);
            from = end;
            Some(start..end)
        })
    }

    /// The first cell from a position on that is in the set, or that is not in it.
    fn next(&self, from: usize, absent: bool) -> Option<usize> {
        let mut index = from / 64;
        let mut seen = bits(0..from % 64);
        while let Some(word) = self.words.get(index) {
            let wanted = if absent { !word } else { *word } & !seen;
            if wanted != 0 {
                let cell = index * 64 + wanted.trailing_zeros() as usize;
                return (cell < self.count).then_some(cell);
            }
            (index, seen) = (index + 1, 0);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sets_of_cells_are_sets(
            (count, left, right) in (1_usize..200).prop_flat_map(|count| {
                let set = || prop::collection::vec(any::<bool>(), count);
                (Just(count), set(), set())
            })
        ) {
            let set = |bits: &[bool]| {
                let mut cells = Cells::none(count);
                (0..count).filter(|cell| bits[*cell]).for_each(|cell| cells.insert(cell..cell + 1));
                cells
            };
            let (a, b) = (set(&left), set(&right));
            let runs: Vec<bool> = {
                let mut seen = vec![false; count];
                a.runs().for_each(|run| seen[run].fill(true));
                seen
            };
            prop_assert_eq!(&runs, &left);
            for cell in 0..count {
                prop_assert_eq!(a.contains(cell), left[cell]);
                prop_assert_eq!(a.and(&b).contains(cell), left[cell] && right[cell]);
                prop_assert_eq!(a.or(&b).contains(cell), left[cell] || right[cell]);
                prop_assert_eq!(a.without(&b).contains(cell), left[cell] && !right[cell]);
            }
            prop_assert_eq!(a.is_empty(), !left.contains(&true));
            prop_assert_eq!(a.is_full(), !left.contains(&false));
            prop_assert!(Cells::all(count).is_full());
        }
    }
}
