//! What a value can be, when little is known of the lead.

use crate::value::Fixed;
use smallvec::{SmallVec, smallvec};

/// Which truth values a condition can have, as bits.
pub(crate) type Truths = u8;
pub(crate) const TRUE: Truths = 1;
pub(crate) const FALSE: Truths = 2;
pub(crate) const UNKNOWN: Truths = 4;

/// How many stretches are told apart; where there are more, neighbours become one.
const STRETCHES: usize = 24;

/// Keys that a value can have: numbers in units of 10^-12, positions of labels, false and true as 0 and 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Possible {
    /// Whether it can be missing.
    pub(crate) missing: bool,
    /// First and last keys, both included, ascending; none touch.
    pub(crate) keys: SmallVec<[(i128, i128); 2]>,
}

impl Possible {
    /// Nothing at all.
    pub(crate) fn never() -> Possible {
        Possible { missing: false, keys: SmallVec::new() }
    }

    /// Missing, and nothing else.
    pub(crate) fn missing() -> Possible {
        Possible { missing: true, keys: SmallVec::new() }
    }

    /// One key.
    pub(crate) fn key(key: i128) -> Possible {
        Possible { missing: false, keys: smallvec![(key, key)] }
    }

    /// Any key, or missing.
    pub(crate) fn anything() -> Possible {
        Possible { missing: true, keys: smallvec![(i128::MIN, i128::MAX)] }
    }

    /// Any number in range, or missing.
    pub(crate) fn any_number() -> Possible {
        Possible { missing: true, keys: smallvec![(Fixed::MIN.units(), Fixed::MAX.units())] }
    }

    /// Whether there is one value that it must have.
    pub(crate) fn is_certain(&self) -> bool {
        match self.keys.as_slice() {
            [] => true,
            [(low, high)] => low == high && !self.missing,
            _ => false,
        }
    }

    /// Adds what another can be.
    pub(crate) fn add(&mut self, other: &Possible) {
        self.missing |= other.missing;
        if !other.keys.is_empty() {
            self.keys.extend(other.keys.iter().copied());
            self.tidy();
        }
    }

    /// Brings the stretches into order, and into few.
    pub(crate) fn tidy(&mut self) {
        self.keys.sort_unstable();
        let mut kept: SmallVec<[(i128, i128); 2]> = SmallVec::new();
        for (low, high) in self.keys.drain(..) {
            match kept.last_mut() {
                Some((_, last)) if *last >= low => *last = high.max(*last),
                _ => kept.push((low, high)),
            }
        }
        while kept.len() > STRETCHES {
            let gap = |pair: usize| kept[pair + 1].0.saturating_sub(kept[pair].1);
            let Some(closest) = (0..kept.len() - 1).min_by_key(|pair| gap(*pair)) else { break };
            kept[closest].1 = kept[closest + 1].1;
            kept.remove(closest + 1);
        }
        self.keys = kept;
    }

    /// What a function of the two ends gives, where it keeps their order.
    pub(crate) fn mapped(&self, map: impl Fn(i128) -> i128) -> Possible {
        let mut mapped = Possible { missing: self.missing, keys: SmallVec::new() };
        mapped.keys.extend(self.keys.iter().map(|(low, high)| {
            let (one, other) = (map(*low), map(*high));
            (one.min(other), one.max(other))
        }));
        mapped.tidy();
        mapped
    }

    /// Sums of the keys of both; missing is not looked at.
    pub(crate) fn plus(&self, other: &Possible) -> Possible {
        let mut sum = Possible::never();
        for (low, high) in &self.keys {
            for (first, last) in &other.keys {
                sum.keys.push((low.saturating_add(*first), high.saturating_add(*last)));
            }
        }
        sum.tidy();
        sum
    }

    /// The least and the greatest key.
    pub(crate) fn ends(&self) -> Option<(i128, i128)> {
        Some((self.keys.first()?.0, self.keys.last()?.1))
    }

    /// Whether a key of a stretch, from its first to before its end, is possible.
    pub(crate) fn has_within(&self, ranges: &[(i128, i128)]) -> bool {
        ranges.iter().any(|(low, end)| {
            let high = if *end == i128::MAX { i128::MAX } else { *end - 1 };
            self.keys.iter().any(|(first, last)| first <= &high && low <= last)
        })
    }

    /// Whether a key outside of all stretches is possible. The stretches are ascending.
    pub(crate) fn has_without(&self, ranges: &[(i128, i128)]) -> bool {
        self.keys.iter().any(|(first, last)| {
            let mut next = *first;
            for (low, end) in ranges {
                if *low > next {
                    return true;
                }
                if *end > next {
                    if *end == i128::MAX {
                        return false;
                    }
                    next = *end;
                }
                if next > *last {
                    return false;
                }
            }
            next <= *last
        })
    }
}
