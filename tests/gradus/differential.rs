//! The library against the reference interpreter, on rule files and leads that nobody wrote.

use crate::scene::{compare, load, numbered, report, shrink, shrink_lead};
use gradus_testkit::strategy::{Scene, scenes};
use proptest::test_runner::{Config, TestCaseError, TestRunner};

/// How many pairs of a rule set and a lead to evaluate, without `GRADUS_PAIRS`.
const PAIRS: usize = 2_000;

fn pairs() -> usize {
    std::env::var("GRADUS_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(PAIRS)
}

/// What is wrong with a scene, in its smallest form.
fn fault(scene: &Scene) -> Option<String> {
    let rules = match load(scene, &scene.files) {
        Ok(rules) => rules,
        Err(error) => {
            let first = error.diagnostics()[0].clone();
            let is_refused = |files: &[gradus::syntax::ast::RuleFile]| {
                load(scene, files).is_err_and(|error| {
                    error.diagnostics().iter().any(|it| it.code == first.code && it.message == first.message)
                })
            };
            let files = shrink(&scene.files, is_refused);
            let printed: String = files.iter().map(gradus::syntax::print).collect();
            return Some(format!("a well-typed file is refused:\n{error}\n---- smaller:\n{printed}"));
        }
    };
    if compare(scene, &scene.files, &rules).is_empty() {
        return None;
    }
    let wrong = |files: &[gradus::syntax::ast::RuleFile]| {
        load(scene, files).ok().and_then(|rules| compare(scene, files, &rules).into_iter().next())
    };
    let files = shrink(&scene.files, |files| wrong(files).is_some());
    let found = wrong(&files)?;
    let Some(lead) = &found.lead else { return Some(report(scene, &files, &found)) };
    let is_wrong = |scene: &Scene| load(scene, &files).is_ok_and(|rules| !compare(scene, &files, &rules).is_empty());
    let scene = shrink_lead(scene, lead, is_wrong);
    let rules = load(&scene, &files).ok()?;
    Some(report(&scene, &files, compare(&scene, &files, &rules).first()?))
}

#[test]
fn numbered_scenes() {
    let wanted = pairs();
    let mut seen = 0;
    let mut number = std::env::var("GRADUS_FIRST").ok().and_then(|first| first.parse().ok()).unwrap_or(0);
    let mut faults = Vec::new();
    while seen < wanted && faults.len() < 5 {
        let scene = numbered(number);
        faults.extend(fault(&scene).map(|fault| format!("==== scene {number}: {fault}")));
        seen += scene.leads.len();
        number += 1;
    }
    println!("{seen} pairs up to scene {number}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn drawn_scenes() {
    let cases = u32::try_from(pairs() / 30).unwrap_or(u32::MAX).max(1);
    let mut runner =
        TestRunner::new(Config { cases, failure_persistence: None, max_shrink_iters: 50, ..Config::default() });
    let result = runner.run(&scenes(), |scene| match fault(&scene) {
        Some(fault) => Err(TestCaseError::fail(fault)),
        None => Ok(()),
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
