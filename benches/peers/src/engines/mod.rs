//! One file an engine. Each gets conditions as trees, prints them in its own language, and compiles them.

mod atree;
mod cel;
mod datalogic;
mod expressions;
pub mod gradus;
pub mod interp;
mod rhai;
mod wirefilter;
mod zen;

use crate::record::Record;
use crate::{model::Test, w1};

/// Something that runs W1 on a record; what a host pays to hand the record over is part of it.
pub trait One {
    /// Records live as long as the program, since wirefilter ties what it is handed to its filters.
    fn evaluate(&mut self, record: &'static Record) -> w1::Outcome;
}

/// Something that runs W2: the positions of the rules that match, in any order, into a list that is empty before.
pub trait Many {
    fn matches(&mut self, record: &'static Record, found: &mut Vec<u32>);
}

/// Compiles the rules of W2.
pub type Compile = fn(&[Test]) -> Box<dyn Many>;

/// The engines of W2; our own interpreter first.
pub const MANY: &[(&str, Compile)] = &[
    ("enum tree, in-house", interp::compile),
    ("wirefilter-engine 0.6.1", wirefilter::compile),
    ("a-tree 0.6.1", atree::compile),
    ("datalogic-rs 5.4.0", datalogic::compile),
    ("zen-expression 2.1.6", zen::compile),
    ("cel 0.15.0", cel::compile),
    ("rhai 1.27.0", rhai::compile),
];

/// The engines of W1, compiled.
pub fn ones() -> Vec<(&'static str, Box<dyn One>)> {
    vec![
        ("enum tree, in-house", interp::one()),
        ("wirefilter-engine 0.6.1", wirefilter::one()),
        ("a-tree 0.6.1", atree::one()),
        ("datalogic-rs 5.4.0", datalogic::one()),
        ("zen-expression 2.1.6", zen::one()),
        ("cel 0.15.0", cel::one()),
        ("rhai 1.27.0", rhai::one()),
    ]
}
