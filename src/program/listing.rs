//! The executable form as text.

use super::Program;
use crate::hir::Rules;
use std::fmt;

/// A listing that a person can check.
pub(crate) struct Listing<'r>(pub(crate) &'r Rules, pub(crate) &'r Program);

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.1.whole.steps {
            writeln!(f, "{step:?}")?;
        }
        Ok(())
    }
}
