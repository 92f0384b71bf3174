//! The cases of `tests/corpus/*.toml`, run by the library and by the reference interpreter.

use crate::support::{json, lead, previous, unexplained, value};
use gradus::{Context, Population, RuleSet};
use gradus_testkit::corpus::{self, Case};
use gradus_testkit::{Json, Reference};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::Path;

fn cases() -> Vec<Case> {
    corpus::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")).unwrap_or_else(|error| panic!("{error}"))
}

fn instant(case: &Case) -> Timestamp {
    case.at.parse().unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

/// Runs a case by the library.
fn compiled(case: &Case) -> Vec<String> {
    let mut builder = RuleSet::builder();
    for (index, text) in case.rules.iter().enumerate() {
        builder = builder.source(format!("source {index}"), text.clone());
    }
    for (name, json) in &case.params {
        builder = builder.param(name.clone(), value(json));
    }
    if let Some(zone) = &case.zone {
        builder = builder.zone(TimeZone::get(zone).unwrap());
    }
    let rules = match builder.build() {
        Ok(_) if !case.errors.is_empty() => return vec!["it loads".to_owned()],
        Ok(rules) => rules,
        Err(error) if case.errors.is_empty() => return vec![error.to_string()],
        Err(error) => return wrong_errors(case, &error),
    };
    let at = rules.at(instant(case));
    let last = case.previous.as_ref().map(previous);
    let population = case.population.as_ref().map(|leads| Population::measure(&rules, leads.iter().map(lead), &at));
    let context = Context::default().with_previous(&last).with_population(&population);
    let lead = lead(&case.lead);
    let outcome = rules.evaluate_with(&lead, &at, context);
    let mut found = case.differences(&json(&serde_json::to_string(&outcome).unwrap()));
    found.extend(unexplained(&outcome, &rules.explain_with(&lead, &at, context)));
    found
}

/// Every error in its order: code, underlined text, and the message where the case gives one.
fn wrong_errors(case: &Case, error: &gradus::LoadError) -> Vec<String> {
    let found: Vec<(String, String, &str)> = error
        .diagnostics()
        .iter()
        .map(|diagnostic| {
            let span = diagnostic.span();
            let text = &error.sources()[span.source.0 as usize].text[span.range()];
            (diagnostic.code.to_string(), text.to_owned(), diagnostic.message.as_str())
        })
        .collect();
    let fits = found.len() == case.errors.len()
        && found.iter().zip(&case.errors).all(|((code, text, message), expected)| {
            *code == expected.code
                && *text == expected.text
                && expected.message.as_deref().is_none_or(|expected| expected == *message)
        });
    if fits { Vec::new() } else { vec![format!("expected {:?}, got {found:?}", case.errors)] }
}

/// Runs a case by the reference interpreter, which takes rules that are known to be right.
fn reference(case: &Case) -> Vec<String> {
    let files: Result<Vec<_>, _> = case.rules.iter().map(|text| gradus::syntax::parse_file("rules", text)).collect();
    let files = match files {
        Ok(files) => files,
        Err(error) => return vec![error.to_string()],
    };
    let outcome: Json = Reference::new(&files, &case.params).evaluate(
        &case.lead,
        instant(case),
        case.zone.as_deref(),
        case.previous.as_ref(),
        case.population.as_deref(),
    );
    case.differences(&outcome)
}

fn run(runner: impl Fn(&Case) -> Vec<String>, skips: impl Fn(&Case) -> Option<&'static str>) {
    let cases = cases();
    let (mut ran, mut failures) = (0, Vec::new());
    for case in &cases {
        if let Some(reason) = skips(case) {
            println!("skipped: {}, {:?}: {reason}", case.file, case.name);
            continue;
        }
        ran += 1;
        let found = runner(case);
        if !found.is_empty() {
            failures.push(format!("{}, {:?}:\n  {}", case.file, case.name, found.join("\n  ")));
        }
    }
    println!("{ran} of {} cases", cases.len());
    assert!(cases.len() >= 150, "only {} cases", cases.len());
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn by_the_library() {
    run(compiled, |_| None);
}

#[test]
fn by_the_reference() {
    run(reference, |case| (!case.errors.is_empty()).then_some("the reference interpreter takes valid rules only"));
}
