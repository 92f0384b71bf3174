//! The values of one expression over all leads, in order, as questions are asked of them.

use super::gather::{Bin, PARTS};
use crate::value::Fixed;
use crate::value::fixed::{divide_rounded_wide, from_wide};
use ethnum::I256;

/// Bins in ascending order, with what lies below and above each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Values {
    /// The least value of each bin; empty when the values are held exactly, each in a bin of its own.
    least: Vec<Fixed>,
    greatest: Vec<Fixed>,
    /// How many values are below each bin, and in all; empty without values.
    below: Vec<u64>,
    /// The sum of the positive values from each bin on, and nothing in the end; empty without values.
    above: Vec<i128>,
}

/// How far answers about buckets can be from those about the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Error {
    /// Of two values of one bucket the difference, as a share of either.
    pub(super) values: Fixed,
    /// Of `percent_rank`.
    pub(super) ranks: Fixed,
    /// Of `cume_share`.
    pub(super) shares: Fixed,
}

impl Values {
    /// Bins of one value each, ascending.
    pub(super) fn exact(bins: impl Iterator<Item = Bin>) -> Values {
        Values { least: Vec::new(), ..Values::buckets(bins) }
    }

    /// Buckets, ascending.
    pub(super) fn buckets(bins: impl Iterator<Item = Bin>) -> Values {
        let mut values = Values { below: vec![0], ..Values::default() };
        let mut count = 0;
        for bin in bins {
            count = u64::saturating_add(count, bin.count);
            values.least.push(bin.least);
            values.greatest.push(bin.greatest);
            values.below.push(count);
            values.above.push(bin.sum);
        }
        values.above.push(0);
        for position in (0..values.greatest.len()).rev() {
            values.above[position] = values.above[position].saturating_add(values.above[position + 1]);
        }
        values
    }

    pub(super) fn is_exact(&self) -> bool {
        self.least.is_empty()
    }

    /// How many values there are.
    pub(super) fn count(&self) -> u64 {
        self.below.last().copied().unwrap_or_default()
    }

    /// How many bins hold them.
    pub(super) fn len(&self) -> usize {
        self.greatest.len()
    }

    /// The ends of the bin at a position.
    pub(super) fn ends(&self, position: usize) -> Option<(Fixed, Fixed)> {
        let greatest = *self.greatest.get(position)?;
        Some((self.least.get(position).copied().unwrap_or(greatest), greatest))
    }

    pub(super) fn bins(&self) -> impl Iterator<Item = Bin> {
        (0..self.len()).filter_map(|position| self.bin(position))
    }

    fn bin(&self, position: usize) -> Option<Bin> {
        let (least, greatest) = self.ends(position)?;
        let count = self.below.get(position + 1)? - self.below.get(position)?;
        Some(Bin { least, greatest, count, sum: self.above.get(position)? - self.above.get(position + 1)? })
    }

    /// How many values are below one. Inside a bucket they are taken to be spread evenly.
    pub(super) fn below(&self, value: Fixed) -> u64 {
        let position = self.greatest.partition_point(|held| *held < value);
        let Some(bin) = self.bin(position) else { return self.count() };
        let below = self.below.get(position).copied().unwrap_or_default();
        if value <= bin.least {
            return below;
        }
        // the least value is below, the greatest is not
        let between = portion(i128::from(bin.count.saturating_sub(2)), value, bin.least, bin);
        below + 1 + u64::try_from(between).unwrap_or_default()
    }

    /// The sum of the positive values strictly above one, in units; of a bucket the part that lies above.
    fn above(&self, value: Fixed) -> i128 {
        let position = self.greatest.partition_point(|held| *held <= value);
        let Some(bin) = self.bin(position) else { return 0 };
        let above = |position: usize| self.above.get(position).copied().unwrap_or_default();
        if value < bin.least {
            return above(position);
        }
        above(position + 1) + portion(bin.sum, bin.greatest, value, bin)
    }

    /// The share of the values below.
    pub(super) fn percent_rank(&self, value: Fixed) -> Option<Fixed> {
        share(self.below(value).into(), self.count().into())
    }

    /// From 1 to `tiles`: 1 + ⌊tiles × below / n⌋, at most `tiles`.
    pub(super) fn tile(&self, value: Fixed, tiles: i64) -> Option<i64> {
        let below = i128::from(self.below(value));
        let tile = 1 + (i128::from(tiles) * below).checked_div(i128::from(self.count()))?;
        i64::try_from(tile).ok().map(|tile| tile.min(tiles))
    }

    /// The share of the positive total that the values strictly above hold.
    pub(super) fn share_above(&self, value: Fixed) -> Option<Fixed> {
        share(self.above(value), self.above.first().copied().unwrap_or_default())
    }

    /// How far the answers can be from those about the values themselves; nothing when they are exact.
    pub(super) fn error(&self) -> Option<Error> {
        let mixed = || self.bins().filter(|bin| bin.least < bin.greatest);
        let count = mixed().map(|bin| bin.count.saturating_sub(2)).max().unwrap_or_default();
        let sum = mixed().map(|bin| bin.sum).max().unwrap_or_default();
        if count == 0 && sum == 0 {
            // no bucket leaves anything open
            return None;
        }
        Some(Error {
            values: share(1, PARTS.into()).unwrap_or_default(),
            ranks: share_up(count.into(), self.count().into()),
            shares: share_up(sum, self.above.first().copied().unwrap_or_default()),
        })
    }
}

/// Of an amount that is spread evenly over a bin the part between two of its values, rounded down.
fn portion(amount: i128, high: Fixed, low: Fixed, bin: Bin) -> i128 {
    let width = I256::from(bin.greatest.units()) - I256::from(bin.least.units());
    let part = I256::from(high.units()) - I256::from(low.units());
    (I256::from(amount) * part).checked_div(width).and_then(|part| i128::try_from(part).ok()).unwrap_or_default()
}

/// `part / whole`, rounded to twelve places; nothing of nothing.
fn share(part: i128, whole: i128) -> Option<Fixed> {
    if whole == 0 {
        return None;
    }
    from_wide(divide_rounded_wide(I256::from(part) * I256::from(Fixed::ONE.units()), I256::from(whole)))
}

/// The same rounded up, so that it bounds the difference of two shares that are rounded.
fn share_up(part: i128, whole: i128) -> Fixed {
    let scaled = I256::from(part) * I256::from(Fixed::ONE.units()) + I256::from(whole - 1);
    scaled.checked_div(I256::from(whole)).and_then(from_wide).unwrap_or_default()
}
