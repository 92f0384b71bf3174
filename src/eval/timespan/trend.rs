//! How a number goes with the clock.
//!
//! `days_since(a) - days_since(b)` never changes, though both grow for ever. The ends of the two do not show it; their
//! trends do.

/// How much time a stretch holds, in whole days, hours and calendar months, rounded up.
pub(super) type Extent = [i128; 3];

/// An hour in nanoseconds.
pub(super) const HOUR: i128 = 3_600_000_000_000;

/// A number in units of 10^-12, or an instant in nanoseconds, that lies so far from a straight line: it is, at each moment of the stretch, what passed
/// since the start times the slopes, and then something from `low` to `high`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trend {
    /// Units per day, hour and month.
    slopes: Extent,
    low: i128,
    high: i128,
}

impl Trend {
    /// Something that does not go with the clock.
    pub(super) fn flat(low: i128, high: i128) -> Trend {
        Trend { slopes: [0; 3], low, high }
    }

    /// One more with each day.
    pub(super) fn daily(low: i128, high: i128) -> Trend {
        Trend { slopes: [ONE, 0, 0], low, high }
    }

    /// One more with each hour.
    pub(super) fn hourly(low: i128, high: i128) -> Trend {
        Trend { slopes: [0, ONE, 0], low, high }
    }

    /// The clock itself, from an instant on.
    pub(super) fn elapsing(first: i128) -> Trend {
        Trend { slopes: [0, HOUR, 0], low: first, high: first }
    }

    /// One more with each month.
    pub(super) fn monthly(low: i128, high: i128) -> Trend {
        Trend { slopes: [0, 0, ONE], low, high }
    }

    /// The sum.
    pub(super) fn plus(self, other: Trend) -> Option<Trend> {
        let mut slopes = [0; 3];
        for (own, (a, b)) in slopes.iter_mut().zip(self.slopes.iter().zip(other.slopes)) {
            *own = a.checked_add(b)?;
        }
        Some(Trend { slopes, low: self.low.checked_add(other.low)?, high: self.high.checked_add(other.high)? })
    }

    /// The difference.
    pub(super) fn minus(self, other: Trend) -> Option<Trend> {
        self.plus(other.times(-ONE)?)
    }

    /// The product. Nothing when the slopes would have to be rounded; where values are, the ends have room for it.
    pub(super) fn times(self, factor: i128) -> Option<Trend> {
        let slack = i128::from(factor % ONE != 0);
        let times = |number: i128| {
            let product = number.checked_mul(factor)?;
            (product % ONE == 0).then_some(product / ONE)
        };
        let (low, high) = (times(self.low)?, times(self.high)?);
        let [day, hour, month] = self.slopes;
        let slopes = [times(day)?, times(hour)?, times(month)?];
        Some(Trend { slopes, low: low.min(high) - slack, high: low.max(high) + slack })
    }

    /// The number that it is, if it is one and does not go with the clock.
    pub(super) fn constant(self) -> Option<i128> {
        (self.slopes == [0; 3] && self.low == self.high).then_some(self.low)
    }

    /// The least and the greatest during a stretch.
    pub(super) fn ends(self, extent: Extent) -> Option<(i128, i128)> {
        let (mut low, mut high) = (self.low, self.high);
        for (slope, passed) in self.slopes.into_iter().zip(extent) {
            let most = slope.checked_mul(passed)?;
            low = low.checked_add(most.min(0))?;
            high = high.checked_add(most.max(0))?;
        }
        Some((low, high))
    }
}

/// One, in units.
const ONE: i128 = crate::value::Fixed::ONE.units();
