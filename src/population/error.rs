//! Why a population is not the one that is needed.

use super::Measurer;

/// Why a population cannot be read, or cannot be used here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PopulationError {
    /// The text is not the JSON form of a population, or its numbers contradict each other.
    #[error("this is not the JSON form of a population: {0}")]
    NotAPopulation(String),
    /// A later version of the library has written it.
    #[error("this population is written in version {0} of its form, and this library reads version 1: update it")]
    Version(u64),
    /// Another rule set has measured it.
    #[error("this population was measured by {found}, and not by {wanted}: measure it again by these rules")]
    OtherRules {
        /// The rule set that measured it, in words.
        found: String,
        /// The rule set that it was to be used with.
        wanted: String,
    },
}

impl PopulationError {
    pub(super) fn other(found: &Measurer, wanted: &Measurer) -> PopulationError {
        PopulationError::OtherRules { found: found.to_string(), wanted: wanted.to_string() }
    }
}
