//! The in-house baseline: a tree of tests, walked rule by rule over the plain struct.

use super::{Many, One};
use crate::model::{Test, holds};
use crate::record::Record;
use crate::w1::{self, Ladder, Model, Outcome};

struct Interp(Vec<Test>);

pub fn compile(rules: &[Test]) -> Box<dyn Many> {
    Box::new(Interp(rules.to_vec()))
}

impl Many for Interp {
    fn matches(&mut self, record: &Record, found: &mut Vec<u32>) {
        found.extend((0..).zip(&self.0).filter(|(_, rule)| holds(rule, record)).map(|(index, _)| index));
    }
}

struct File(Model);

pub fn one() -> Box<dyn One> {
    Box::new(File(w1::model()))
}

fn climb<T: Copy>(ladder: &Ladder<T>, record: &Record) -> T {
    ladder.rungs.iter().find(|(test, _)| holds(test, record)).map_or(ladder.otherwise, |(_, value)| *value)
}

impl One for File {
    fn evaluate(&mut self, record: &Record) -> Outcome {
        let Model { class, indicators, tags } = &self.0;
        let score = indicators.iter().map(|(weight, ladder)| weight * climb(ladder, record)).sum();
        let given = tags.iter().filter(|(test, _)| holds(test, record));
        Outcome {
            class: climb(class, record),
            score,
            grade: w1::grade(score),
            tags: given.map(|(_, tag)| *tag).collect(),
        }
    }
}
