//! Sets of the cells of one axis.

use smallvec::{SmallVec, smallvec};
use std::ops::Range;

/// A set of cells, as the stretches of neighbours that are in it: rules ask for few, however many cells there are. All
/// sets of one axis have the same size.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Cells {
    /// First cells and ends, ascending: none is empty, and no two touch.
    runs: SmallVec<[(u32, u32); 2]>,
    /// How many cells the axis has.
    count: u32,
}

/// Axes have far fewer cells than 32 bits can tell apart.
fn number(cell: usize) -> u32 {
    u32::try_from(cell).unwrap_or(u32::MAX)
}

impl Cells {
    /// No cell of an axis with so many.
    pub(crate) fn none(count: usize) -> Cells {
        Cells { runs: SmallVec::new(), count: number(count) }
    }

    /// Every cell.
    pub(crate) fn all(count: usize) -> Cells {
        let mut cells = Cells::none(count);
        cells.insert(0..count);
        cells
    }

    /// Adds a stretch of cells. Those that come after all others are added at once.
    pub(crate) fn insert(&mut self, range: Range<usize>) {
        let (start, end) = (number(range.start), number(range.end).min(self.count));
        if start >= end {
            return;
        }
        match self.runs.last_mut() {
            Some((_, last)) if *last == start => *last = end,
            Some((_, last)) if *last > start => {
                let added = Cells { runs: smallvec![(start, end)], count: self.count };
                *self = Cells::any(self.count as usize, [&*self, &added].into_iter());
            }
            _ => self.runs.push((start, end)),
        }
    }

    /// Whether a cell is in the set.
    pub(crate) fn contains(&self, cell: usize) -> bool {
        let place = self.runs.partition_point(|(_, end)| *end as usize <= cell);
        self.runs.get(place).is_some_and(|(start, _)| *start as usize <= cell)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Whether every cell is in the set.
    pub(crate) fn is_full(&self) -> bool {
        *self == Cells::all(self.count as usize)
    }

    /// The cells of any of several sets of an axis with so many.
    pub(crate) fn any<'c>(count: usize, sets: impl Iterator<Item = &'c Cells>) -> Cells {
        let mut runs: Vec<(u32, u32)> = sets.flat_map(|set| set.runs.iter().copied()).collect();
        runs.sort_unstable();
        let mut any = Cells::none(count);
        for (start, end) in runs {
            match any.runs.last_mut() {
                Some((_, last)) if *last >= start => *last = end.max(*last),
                _ => any.runs.push((start, end)),
            }
        }
        any
    }

    /// The cells of all of several sets: those that none of them leaves out.
    pub(crate) fn every<'c>(count: usize, sets: impl Iterator<Item = &'c Cells>) -> Cells {
        let all = Cells::all(count);
        let left_out: Vec<Cells> = sets.map(|set| all.without(set)).collect();
        all.without(&Cells::any(count, left_out.iter()))
    }

    /// The cells of this set that the other does not have: from one end of a stretch to the next.
    pub(crate) fn without(&self, other: &Cells) -> Cells {
        let mut kept = Cells { runs: SmallVec::new(), count: self.count };
        let mut others = other.runs.as_slice();
        for (start, end) in &self.runs {
            let mut cell = *start;
            while cell < *end {
                while let [(_, gone), rest @ ..] = others
                    && *gone <= cell
                {
                    others = rest;
                }
                let (taken, until) = match others.first() {
                    Some((first, last)) if *first <= cell => (true, *last),
                    Some((first, _)) => (false, *first),
                    None => (false, *end),
                };
                let until = until.min(*end);
                if !taken {
                    kept.runs.push((cell, until));
                }
                cell = until;
            }
        }
        kept
    }

    /// The cells that both sets have.
    pub(crate) fn common(&self, other: &Cells) -> Cells {
        let mut both = Cells { runs: SmallVec::new(), count: self.count };
        let (mut left, mut right) = (self.runs.as_slice(), other.runs.as_slice());
        while let ([(start, end), after @ ..], [(first, last), rest @ ..]) = (left, right) {
            let (low, high) = (*start.max(first), *end.min(last));
            if low < high {
                both.runs.push((low, high));
            }
            if end < last { left = after } else { right = rest }
        }
        both
    }

    /// The first cell that both sets have.
    pub(crate) fn first_common(&self, other: &Cells) -> Option<usize> {
        let (mut left, mut right) = (self.runs.as_slice(), other.runs.as_slice());
        while let ([(start, end), after @ ..], [(first, last), rest @ ..]) = (left, right) {
            let (low, high) = (*start.max(first), *end.min(last));
            if low < high {
                return Some(low as usize);
            }
            if end < last { left = after } else { right = rest }
        }
        None
    }

    /// Whether every cell of this set is in the other.
    pub(crate) fn is_within(&self, other: &Cells) -> bool {
        self.runs.iter().all(|(start, end)| {
            let place = other.runs.partition_point(|(_, last)| last <= start);
            other.runs.get(place).is_some_and(|(first, last)| first <= start && end <= last)
        })
    }

    /// How many cells the axis has.
    pub(crate) fn count(&self) -> usize {
        self.count as usize
    }

    /// How many cells are in the set.
    pub(crate) fn len(&self) -> usize {
        self.runs.iter().map(|(start, end)| (end - start) as usize).sum()
    }

    /// The first cell of the set.
    pub(crate) fn first(&self) -> Option<usize> {
        self.runs.first().map(|(start, _)| *start as usize)
    }

    /// One cell alone, of an axis with so many.
    pub(crate) fn one(count: usize, cell: usize) -> Cells {
        let mut cells = Cells::none(count);
        cells.insert(cell..cell + 1);
        cells
    }

    /// The longest stretches of neighbouring cells that are in the set, in order.
    pub(crate) fn runs(&self) -> impl Iterator<Item = Range<usize>> {
        self.runs.iter().map(|(start, end)| *start as usize..*end as usize)
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
                // in an order of their own: later stretches come before earlier ones, and some twice
                let wanted = (0..count).filter(|cell| bits[*cell]);
                wanted.clone().rev().step_by(2).chain(wanted).for_each(|cell| cells.insert(cell..cell + 1));
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
                prop_assert_eq!(Cells::every(count, [&a, &b].into_iter()).contains(cell), left[cell] && right[cell]);
                prop_assert_eq!(Cells::any(count, [&a, &b].into_iter()).contains(cell), left[cell] || right[cell]);
                prop_assert_eq!(a.without(&b).contains(cell), left[cell] && !right[cell]);
                prop_assert_eq!(a.common(&b).contains(cell), left[cell] && right[cell]);
                prop_assert_eq!(Cells::one(count, cell).is_within(&a), left[cell]);
            }
            let all: Vec<usize> = Cells::any(count, [&a, &b].into_iter()).runs().flat_map(|run| [run.start, run.end]).collect();
            prop_assert!(all.is_sorted_by(|one, next| one < next), "stretches that do not touch: {:?}", all);
            prop_assert_eq!(a.first_common(&b), (0..count).find(|cell| left[*cell] && right[*cell]));
            prop_assert_eq!(a.is_within(&b), (0..count).all(|cell| !left[cell] || right[cell]));
            prop_assert_eq!((a.len(), a.first()), (left.iter().filter(|it| **it).count(), left.iter().position(|it| *it)));
            prop_assert_eq!(a.is_empty(), !left.contains(&true));
            prop_assert_eq!(a.is_full(), !left.contains(&false));
            prop_assert!(Cells::all(count).is_full());
        }
    }
}
