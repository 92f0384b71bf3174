//! Proofs over the grid: what no lead can show, and leads that show what one can.
//!
//! *Universal* claims (a rule never fires, a region is covered) rest on regions that are empty, which is sound even where
//! axes depend on each other. *Existential* claims rest on a lead that was evaluated. What is neither is undecided.
//! Everything counts its steps, and ends.

mod bounds;
mod budget;
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

pub(crate) use extremes::reach;
pub(crate) use findings::{findings, overlaps, refusals};
pub(crate) use monotony::monotony;
pub(crate) use relations::relations;

pub use crate::finding::{Finding, Witness};
pub use extremes::{Reach, ScoreReach};
pub use monotony::Monotony;
pub use relations::{Tag, TagRelation};
