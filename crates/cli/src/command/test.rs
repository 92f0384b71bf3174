//! `gradus test`: the tests inside rule files.

use super::check::{Finding, findings, print_json, show, verdict};
use super::{Format, group_name, groups};
use crate::error::{Error, Verdict};
use crate::messages::plain;
use crate::rules::{self, RuleOptions, Text};
use gradus::{LoadError, TestReport, TestResult};
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;

/// Arguments of `test`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Rule files with `test` blocks; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Compile all files as one rule set, instead of each on its own
    #[arg(long)]
    together: bool,
    #[command(flatten)]
    options: RuleOptions,
    /// text, or json: a list of {file, passed, failed, errors, tests}
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  gradus test intake.gradus
  gradus test rules/*.gradus --format json
  gradus test --together fields.gradus scores.gradus tests.gradus

Exit codes: 0 all passed, 1 a test failed or a file has errors, 2 bad usage, or a file cannot be read.";

/// One file, for programs.
#[derive(Serialize)]
struct Tested<'t> {
    file: String,
    passed: usize,
    failed: usize,
    errors: Vec<Finding<'t>>,
    tests: &'t [TestResult],
}

/// A group with what became of it.
type Done = (String, Result<TestReport, LoadError>);

/// Tests.
pub(crate) fn run(args: &Args) -> Result<Verdict, Error> {
    let (groups, mut worst) = groups(&args.files, args.together);
    let done: Vec<Done> = groups.iter().map(|group| one(group, &args.options)).collect();
    for (_, result) in &done {
        worst = worst.max(match result {
            Ok(report) if report.passed() => Verdict::Fine,
            Ok(_) => Verdict::Findings,
            Err(error) => verdict(error),
        });
    }
    let mut out = io::stdout().lock();
    match args.format {
        Format::Json => print_json(&mut out, &done.iter().map(tested).collect::<Vec<_>>())?,
        Format::Text => print(&mut out, &done).map_err(Error::stdout)?,
    }
    Ok(worst)
}

fn one(group: &[Text], options: &RuleOptions) -> Done {
    (group_name(group), rules::load(group, options).map(|rules| rules.run_tests()))
}

fn tested((file, result): &Done) -> Tested<'_> {
    let (tests, errors) = match result {
        Ok(report) => (report.tests.as_slice(), Vec::new()),
        Err(error) => (Default::default(), findings(error)),
    };
    let failed = tests.iter().filter(|test| !test.passed()).count();
    Tested { file: file.clone(), passed: tests.len() - failed, failed, errors, tests }
}

fn print(out: &mut impl Write, done: &[Done]) -> io::Result<()> {
    let (mut passed, mut failed) = (0, 0);
    for (name, result) in done {
        match result {
            Err(error) => show(out, error)?,
            Ok(report) if report.tests.is_empty() => writeln!(out, "{name}: no tests")?,
            Ok(report) => {
                report.tests.iter().filter(|test| !test.passed()).try_for_each(|test| print_failed(out, test))?;
                failed += report.failed();
                passed += report.tests.len() - report.failed();
            }
        }
    }
    writeln!(out, "{passed} passed, {failed} failed")
}

/// One line: where, what, and every expectation that did not come true.
fn print_failed(out: &mut impl Write, test: &TestResult) -> io::Result<()> {
    let reasons: Vec<String> = test.failures.iter().map(|failure| plain(&one_line(&failure.to_string()))).collect();
    writeln!(out, "{}:{}: \"{}\" failed: {}", test.source, test.line, plain(&test.title), reasons.join("; and "))
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}
