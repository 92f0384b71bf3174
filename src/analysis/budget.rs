//! How much work an analysis may do: counted in steps, so that it ends at the same place on every machine.

/// Steps that are left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    left: u64,
}

/// The steps were not enough: nothing was proved, and nothing was refuted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exhausted;

impl Budget {
    /// So many steps.
    pub(crate) fn new(steps: u64) -> Budget {
        Budget { left: steps }
    }

    /// Takes some steps.
    pub(crate) fn spend(&mut self, steps: usize) -> Result<(), Exhausted> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        let enough = self.left >= steps;
        self.left = self.left.saturating_sub(steps);
        if enough { Ok(()) } else { Err(Exhausted) }
    }

    /// A part of what is left, at most so many steps: what it does not use can be given back.
    pub(crate) fn part(&mut self, most: u64) -> Budget {
        let steps = self.left.min(most);
        self.left -= steps;
        Budget { left: steps }
    }

    /// Gives back what a part did not use.
    pub(crate) fn give_back(&mut self, part: Budget) {
        self.left += part.left;
    }

    /// Whether nothing is left.
    pub(crate) fn is_spent(self) -> bool {
        self.left == 0
    }
}
