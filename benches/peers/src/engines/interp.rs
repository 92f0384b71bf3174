//! The in-house baseline: a tree of tests, walked rule by rule over the plain struct.

use super::{Many, One};
use crate::model::{Test, holds};
use crate::record::Record;
use crate::w1::{self, Model, Outcome};

struct Rules(Vec<Test>);

pub fn compile(rules: &[Test]) -> Box<dyn Many> {
    Box::new(Rules(rules.to_vec()))
}

impl Many for Rules {
    fn matches(&mut self, record: &Record, found: &mut Vec<u32>) {
        found.extend((0..).zip(&self.0).filter(|(_, rule)| holds(rule, record)).map(|(index, _)| index));
    }
}

struct File(Model);

pub fn one() -> Box<dyn One> {
    Box::new(File(w1::model()))
}

impl One for File {
    fn evaluate(&mut self, record: &Record) -> Outcome {
        self.0.evaluate(|test| holds(test, record))
    }
}
