//! Proofs over the grid: what no lead can show, and leads that show what one can.
//!
//! *Universal* claims (a rule never fires, a region is covered) rest on regions that are empty, which is sound even where
//! axes depend on each other. *Existential* claims rest on a lead that was evaluated. What is neither is undecided.
//! Everything counts its steps, and ends.

mod bounds;
mod budget;
mod compare;
mod element;
mod extremes;
mod findings;
mod joint;
mod keys;
mod links;
mod monotony;
mod open;
mod pattern;
mod picture;
mod possible;
mod prover;
mod region;
mod relations;
mod sample;
mod search;
mod sums;
mod trial;
mod view;

pub(crate) use compare::compare as compare_loaded;
pub(crate) use extremes::reach;
pub(crate) use findings::{findings, overlaps, refusals};
pub(crate) use monotony::monotony;
pub(crate) use relations::relations;

pub use crate::finding::{Finding, Witness};
pub use compare::{Comparison, DecidingRule, DeclarationChange, RuleChange, Undecided, deciding};
pub use extremes::{Reach, ScoreReach};
pub use monotony::Monotony;
pub use relations::{Tag, TagRelation};

/// What differs between two versions of a rule set: equal for every lead, proved, or a lead for each kind of change. The
/// same as [`RuleSet::compare_with`](crate::RuleSet::compare_with).
///
/// ```
/// use gradus::{RuleSet, analysis};
///
/// let old = RuleSet::parse(r#"tags size { employees >= 1000 => "large" }"#)?;
/// let new = RuleSet::parse(r#"tags size { not (employees < 1000) => "large" }"#)?;
/// assert!(analysis::compare(&old, &new).is_equal());
/// # Ok::<(), gradus::LoadError>(())
/// ```
pub fn compare(old: &crate::RuleSet, new: &crate::RuleSet) -> Comparison {
    old.compare_with(new)
}
