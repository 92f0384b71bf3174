//! The outcome of a file's `test` blocks.

use crate::evaluator::Context;
use crate::hir;
use crate::lead::Lead;
use crate::population::Population;
use crate::program;
use crate::rule_set::RuleSet;
use serde::Serialize;
use std::fmt;

/// What became of the `test` blocks of a rule set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TestReport {
    /// In the order of the sources.
    pub tests: Vec<TestResult>,
}

/// What became of one `test` block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TestResult {
    /// Its title.
    pub title: String,
    /// The source that it is in.
    pub source: String,
    /// The line of its title, from 1.
    pub line: usize,
    /// What was expected and did not come true; none when it passed.
    pub failures: Vec<Failure>,
}

/// An expectation that did not come true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Failure {
    /// The expectation as written.
    pub expected: String,
    /// Its line, from 1.
    pub line: usize,
    /// Whether it was unknown rather than false.
    pub unknown: bool,
    /// What it read: names with their values, those that are missing too.
    pub values: Vec<(String, Option<String>)>,
}

impl TestReport {
    /// Whether every test passed.
    pub fn passed(&self) -> bool {
        self.tests.iter().all(TestResult::passed)
    }

    /// How many tests failed.
    pub fn failed(&self) -> usize {
        self.tests.iter().filter(|test| !test.passed()).count()
    }
}

impl TestResult {
    /// Whether everything came true.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.unknown { "unknown" } else { "false" };
        write!(f, "line {}: `{}` is {verdict}", self.line, self.expected)?;
        let missing: Vec<&str> =
            self.values.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| name.as_str()).collect();
        if self.unknown && !missing.is_empty() {
            write!(f, " because `{}` is missing", missing.join("`, `"))?;
        }
        let mut separator = "; ";
        for (name, value) in &self.values {
            if let Some(value) = value {
                write!(f, "{separator}`{name}` is {value}")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}

impl RuleSet {
    /// Runs the file's `test` blocks.
    pub fn run_tests(&self) -> TestReport {
        TestReport { tests: self.loaded().model.tests.iter().map(|test| run_one(self, test)).collect() }
    }
}

fn run_one(rules: &RuleSet, test: &hir::Test) -> TestResult {
    let loaded = rules.loaded();
    let at = rules.at(test.at);
    let population = test.population.as_ref().map(|leads: &Vec<Lead>| Population::measure_for_tests(rules, leads, &at));
    let context = Context { previous: test.previous.as_ref(), population: population.as_ref() };
    let mentions: Vec<Box<[hir::NodeId]>> =
        test.expects.iter().map(|expected| loaded.model.nodes.mentions(expected.condition)).collect();
    let conditions = test.expects.iter().map(|expected| expected.condition);
    let roots: Vec<hir::NodeId> = conditions.chain(mentions.iter().flatten().copied()).collect();
    let plan = program::plan(&loaded.model, &roots);
    let failures = rules.run(&plan, &test.given, &at, context, |state| {
        let failed = test.expects.iter().zip(&mentions).filter(|(expected, _)| !state.fires(expected.condition));
        let failed = failed.map(|(expected, mentions)| Failure {
            expected: loaded.text(expected.span).to_owned(),
            line: loaded.line(expected.span),
            unknown: state.truth(expected.condition).is_none(),
            values: mentions.iter().map(|&id| crate::explain::named_value(loaded, state, id)).collect(),
        });
        failed.collect()
    });
    let source = loaded.sources.get(test.span.source.0 as usize);
    TestResult {
        title: test.title.clone(),
        source: source.map(|source| source.name.clone()).unwrap_or_default(),
        line: loaded.line(test.span),
        failures,
    }
}
