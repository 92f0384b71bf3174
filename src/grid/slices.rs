//! Labels of sets, and conditions on one value, as bits of a few axes.

/// How many bits a slice of labels or of conditions has at most, in small rule sets and in large ones: its cells are the
/// power.
const SLICE: usize = 8;
const SLICE_OF_MANY: usize = 4;
/// From how many conditions on a rule set is large.
const MANY: usize = 3_000;

/// A number of bits spread over slices of about the same size.
#[derive(Debug, Default)]
pub(super) struct Sliced {
    /// Labels, or nodes of conditions, ascending.
    pub(super) bits: Vec<u32>,
    size: usize,
}

impl Sliced {
    /// The slice of a bit and its place there.
    pub(super) fn find(&self, bit: u32) -> (u32, u32) {
        let place = self.bits.binary_search(&bit).unwrap_or_default();
        let size = self.size.max(1);
        (u32::try_from(place / size).unwrap_or(u32::MAX), u32::try_from(place % size).unwrap_or(0))
    }

    pub(super) fn slice(&self, slice: u32) -> &[u32] {
        self.bits.chunks(self.size.max(1)).nth(slice as usize).unwrap_or_default()
    }

    /// Cuts the bits into slices of a size that suits so many conditions.
    pub(super) fn divide(&mut self, conditions: usize) {
        let most = if conditions < MANY { SLICE } else { SLICE_OF_MANY };
        self.bits.sort_unstable();
        self.bits.dedup();
        self.size = self.bits.len().div_ceil(self.bits.len().div_ceil(most).max(1));
    }
}
