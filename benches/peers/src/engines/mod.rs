//! One file an engine. Each gets conditions as trees, prints them in its own language, and compiles them.

pub mod gradus;
pub mod interp;

use crate::record::Record;
use crate::{model::Test, w1};

/// Something that runs W1 on a record; what a host pays to hand the record over is part of it.
pub trait One {
    fn evaluate(&mut self, record: &Record) -> w1::Outcome;
}

/// Something that runs W2: the positions of the rules that match, ascending, into a list that is empty before.
pub trait Many {
    fn matches(&mut self, record: &Record, found: &mut Vec<u32>);
}

/// Compiles the rules of W2.
pub type Compile = fn(&[Test]) -> Box<dyn Many>;

/// The engines of W2; our own interpreter first.
pub const MANY: &[(&str, Compile)] = &[("enum tree, in-house", interp::compile)];

/// The engines of W1, compiled.
pub fn ones() -> Vec<(&'static str, Box<dyn One>)> {
    vec![("enum tree, in-house", interp::one())]
}
