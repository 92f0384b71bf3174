//! Values on their way into a population: each different value with how often it came, and buckets once there are too
//! many of them.
//!
//! What comes of it depends on the values alone, not on their order, nor on how they were spread over parts: the values
//! are held exactly when there are no more different ones than the limit, and otherwise each is in its bucket.

use super::values::Values;
use crate::value::Fixed;
use std::collections::BTreeMap;

/// A bucket holds values of one sign that agree in so many leading binary digits.
const DIGITS: u32 = 11;
/// So values of one bucket differ by less than one part in so many.
pub(super) const PARTS: i64 = 1 << (DIGITS - 1);

/// Values that lie side by side: one value, or a bucket of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bin {
    pub(super) least: Fixed,
    pub(super) greatest: Fixed,
    pub(super) count: u64,
    /// The sum of the positive values, in units. It ends at what 128 bits hold: 10^26.
    pub(super) sum: i128,
}

/// What has been gathered so far.
#[derive(Clone, Debug)]
pub(super) struct Gathering {
    /// How many different values are held exactly.
    limit: usize,
    held: Held,
}

#[derive(Clone, Debug)]
enum Held {
    Exact(BTreeMap<Fixed, u64>),
    Buckets(BTreeMap<i32, Bin>),
}

impl Bin {
    /// One value, so many times.
    pub(super) fn single(value: Fixed, count: u64) -> Bin {
        let sum = value.units().max(0).saturating_mul(i128::from(count));
        Bin { least: value, greatest: value, count, sum }
    }

    /// With the values of another one.
    fn with(self, other: Bin) -> Bin {
        Bin {
            least: self.least.min(other.least),
            greatest: self.greatest.max(other.greatest),
            count: self.count.saturating_add(other.count),
            sum: self.sum.saturating_add(other.sum),
        }
    }
}

impl Gathering {
    pub(super) fn new(limit: usize) -> Gathering {
        Gathering { limit, held: Held::Exact(BTreeMap::new()) }
    }

    /// Sets another limit. What is in buckets stays there.
    pub(super) fn limit(&mut self, limit: usize) {
        self.limit = limit;
        if matches!(&self.held, Held::Exact(values) if values.len() > limit) {
            self.fill_buckets();
        }
    }

    /// Adds a value.
    pub(super) fn push(&mut self, value: Fixed) {
        self.add(Bin::single(value, 1));
    }

    /// Adds all values of a part.
    pub(super) fn absorb(&mut self, values: &Values) {
        if !values.is_exact() {
            self.fill_buckets();
        }
        values.bins().for_each(|bin| self.add(bin));
    }

    /// What was gathered.
    pub(super) fn finish(self) -> Values {
        match self.held {
            Held::Exact(values) => Values::exact(values.into_iter().map(|(value, count)| Bin::single(value, count))),
            Held::Buckets(buckets) => Values::buckets(buckets.into_values()),
        }
    }

    fn add(&mut self, bin: Bin) {
        match &mut self.held {
            Held::Exact(values) => {
                let count = values.entry(bin.least).or_default();
                *count = count.saturating_add(bin.count);
                if values.len() > self.limit {
                    self.fill_buckets();
                }
            }
            Held::Buckets(buckets) => {
                buckets.entry(bucket(bin.least)).and_modify(|held| *held = held.with(bin)).or_insert(bin);
            }
        }
    }

    /// Gives up the values for their buckets.
    fn fill_buckets(&mut self) {
        if let Held::Exact(values) = &mut self.held {
            let values = std::mem::take(values);
            self.held = Held::Buckets(BTreeMap::new());
            values.into_iter().for_each(|(value, count)| self.add(Bin::single(value, count)));
        }
    }
}

/// The number of a value's bucket: by its sign, its binary magnitude and its leading digits, in the order of the values.
///
/// Less than 2^11 units are a bucket of their own.
pub(super) fn bucket(value: Fixed) -> i32 {
    let magnitude = value.units().unsigned_abs();
    let shift = (u128::BITS - magnitude.leading_zeros()).saturating_sub(DIGITS);
    // the leading digits begin with 1 as soon as there is a shift, and so go on where those of the last one ended
    let number = (u128::from(shift) << (DIGITS - 1)) + (magnitude >> shift);
    // at most 117 × 2^10 + 2^11
    let number = i32::try_from(number).unwrap_or(i32::MAX);
    if value < Fixed::ZERO { -number } else { number }
}
