//! A population: the values of all leads that `percent_rank`, `ntile` and `cume_share` compare one lead with.

use crate::value::Fixed;
use crate::value::fixed::{divide_rounded_wide, from_wide};
use ethnum::I256;

/// What is known of all leads, measured beforehand at its own instant.
///
/// It belongs to the rule set that measured it: its measures are those that the file's population functions ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Population {
    /// The rule set that it was measured by.
    fingerprint: Box<str>,
    measures: Vec<Measure>,
}

/// The present values of one expression, with what sums need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Measure {
    /// Ascending.
    values: Vec<Fixed>,
    /// The sum of the positive values from each position on; one longer than the values.
    above: Vec<i128>,
}

impl Population {
    /// From the present values of each measure.
    pub(crate) fn new(fingerprint: &str, values: Vec<Vec<Fixed>>) -> Population {
        Population { fingerprint: fingerprint.into(), measures: values.into_iter().map(Measure::new).collect() }
    }

    /// The fingerprint of the rule set that measured it. Another rule set finds its own measures missing.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The share of the values below.
    pub(crate) fn percent_rank(&self, measure: usize, value: Fixed) -> Option<Fixed> {
        let values = &self.measures.get(measure)?.values;
        Fixed::share(below(values, value), values.len())
    }

    /// From 1 to `tiles`: 1 + ⌊tiles × below / n⌋, at most `tiles`.
    pub(crate) fn tile(&self, measure: usize, value: Fixed, tiles: i64) -> Option<i64> {
        let values = &self.measures.get(measure)?.values;
        let count = i128::try_from(values.len()).ok().filter(|&count| count > 0)?;
        let below = i128::try_from(below(values, value)).ok()?;
        i64::try_from(1 + i128::from(tiles) * below / count).ok().map(|tile| tile.min(tiles))
    }

    /// The share of the positive total that the values strictly above hold.
    pub(crate) fn share_above(&self, measure: usize, value: Fixed) -> Option<Fixed> {
        let measure = self.measures.get(measure)?;
        let above = measure.values.partition_point(|held| *held <= value);
        let (held, total) = (*measure.above.get(above)?, *measure.above.first()?);
        if total == 0 {
            return None;
        }
        from_wide(divide_rounded_wide(I256::from(held) * I256::from(Fixed::ONE.units()), I256::from(total)))
    }
}

impl Measure {
    fn new(mut values: Vec<Fixed>) -> Measure {
        values.sort_unstable();
        let mut above = vec![0; values.len() + 1];
        for (position, value) in values.iter().enumerate().rev() {
            above[position] = i128::saturating_add(above[position + 1], value.units().max(0));
        }
        Measure { values, above }
    }
}

fn below(values: &[Fixed], value: Fixed) -> usize {
    values.partition_point(|held| *held < value)
}
