//! The library against the reference interpreter, on generated rule sets and leads.

use gradus::syntax::{self, ast::Item};
use gradus::{Context, Lead, Outcome, Population, Previous, RuleSet, Value};
use gradus_testkit::strategy::{Scene, scene};
use gradus_testkit::{Json, Reference};
use std::fmt::Write as _;

/// A generated rule set with leads: it loads, and the evaluator says what the reference interpreter says.
///
/// Also: an outcome alone equals the same outcome among the others, explaining says what evaluating says, the ledger of
/// each score adds up to it, and tests pass exactly when they pass under the reference.
pub fn load_and_evaluate(bytes: &[u8]) {
    let Ok(scene) = scene(bytes) else { return };
    let rules = load(&scene);
    let reference = Reference::new(&scene.files, &scene.params);
    let at = rules.at(scene.at);
    let previous = scene.previous.as_ref().map(|json| {
        Previous::from_json(&json.to_string()).unwrap_or_else(|error| panic!("{error}\n{}", paste(&scene, None)))
    });
    let population = scene.population.as_ref().map(|leads| {
        let leads: Vec<Lead> = leads.iter().map(|json| lead(json, &scene)).collect();
        Population::measure(&rules, &leads, &at)
    });
    let context = Context::default().with_previous(previous.as_ref()).with_population(population.as_ref());
    let mut evaluator = rules.evaluator();
    for json in &scene.leads {
        let lead = lead(json, &scene);
        let outcome = evaluator.evaluate(&lead, &at, context).clone();
        let expected =
            reference.evaluate(json, scene.at, scene.zone, scene.previous.as_ref(), scene.population.as_deref());
        compare(&expected, &outcome, json, &scene);
        assert_eq!(rules.evaluate_with(&lead, &at, context), outcome, "{}", paste(&scene, Some(json)));
        alone(&rules, &lead, &at, context, &outcome, &|| paste(&scene, Some(json)));
        explained(&rules, &lead, &at, context, &outcome, &|| paste(&scene, Some(json)));
    }
    tests(&rules, &reference, &scene);
}

fn load(scene: &Scene) -> RuleSet {
    let mut builder = RuleSet::builder();
    for (number, file) in scene.files.iter().enumerate() {
        builder = builder.source(format!("rules{number}"), syntax::print(file));
    }
    for (name, value) in &scene.params {
        let record = Lead::from_json(&format!("{{\"it\": {value}}}")).unwrap_or_else(|error| panic!("{error}"));
        builder = builder.param(name.as_str(), record.get("it").cloned().unwrap_or(Value::Null));
    }
    if let Some(zone) = scene.zone {
        let probe = RuleSet::parse(&format!("zone \"{zone}\"")).unwrap_or_else(|error| panic!("{error}"));
        builder = builder.zone(probe.zone().clone());
    }
    builder.build().unwrap_or_else(|error| panic!("a well-typed file is refused:\n{error}\n{}", paste(scene, None)))
}

fn lead(json: &Json, scene: &Scene) -> Lead {
    Lead::from_json(&json.to_string()).unwrap_or_else(|error| panic!("{error}\n{}", paste(scene, Some(json))))
}

/// Everything that one needs to see a failure again.
fn paste(scene: &Scene, lead: Option<&Json>) -> String {
    let mut text = format!("--- at @{} in zone {:?}\n", scene.at, scene.zone);
    for (name, value) in &scene.params {
        let _written = writeln!(text, "--- param {name} = {value}");
    }
    for (number, file) in scene.files.iter().enumerate() {
        let _written = writeln!(text, "--- rules{number}\n{}", syntax::print(file));
    }
    for (what, json) in [("lead", lead), ("previous", scene.previous.as_ref())] {
        if let Some(json) = json {
            let _written = writeln!(text, "--- {what}\n{json}");
        }
    }
    for json in scene.population.iter().flatten() {
        let _written = writeln!(text, "--- of the population\n{json}");
    }
    text
}

fn compare(expected: &Json, outcome: &Outcome, lead: &Json, scene: &Scene) {
    let shown = serde_json::to_string(outcome).unwrap_or_else(|error| panic!("{error}"));
    let found = Json::parse(&shown).unwrap_or_else(|error| panic!("{error}: {shown}"));
    for group in ["id", "classes", "scores", "tags"] {
        let (expected, found) = (expected.get(group), found.get(group));
        assert!(
            expected == found,
            "`{group}` differs from the reference\n--- expected\n{expected:?}\n--- found\n{found:?}\n{}",
            paste(scene, Some(lead))
        );
    }
}

/// What one outcome alone says.
fn alone(
    rules: &RuleSet,
    lead: &Lead,
    at: &gradus::At,
    context: Context<'_>,
    outcome: &Outcome,
    paste: &dyn Fn() -> String,
) {
    for (name, label) in outcome.classes() {
        let id = rules.class_id(name).expect("it has the name");
        assert_eq!(rules.classify(id, lead, at, context), label, "class {name} alone\n{}", paste());
    }
    for (name, scored) in outcome.scores() {
        let id = rules.score_id(name).expect("it has the name");
        assert_eq!(rules.score(id, lead, at, context), Some(scored), "score {name} alone\n{}", paste());
    }
    for (name, tags) in outcome.all_tags() {
        let id = rules.tags_id(name).expect("it has the name");
        assert_eq!(rules.tags(id, lead, at, context), tags, "tags {name} alone\n{}", paste());
    }
}

/// An explanation says what the outcome says, and its ledgers add up.
fn explained(
    rules: &RuleSet,
    lead: &Lead,
    at: &gradus::At,
    context: Context<'_>,
    outcome: &Outcome,
    paste: &dyn Fn() -> String,
) {
    let explanation = rules.explain_with(lead, at, context);
    for class in &explanation.classes {
        assert_eq!(class.label.as_deref(), outcome.class(&class.name), "explained {}\n{}", class.name, paste());
    }
    for tags in &explanation.tags {
        let own: Option<Vec<&str>> = outcome.tags(&tags.name).map(Iterator::collect);
        let shown: Option<Vec<&str>> = tags.labels.as_ref().map(|it| it.iter().map(String::as_str).collect());
        assert_eq!(shown, own, "explained {}\n{}", tags.name, paste());
    }
    for score in &explanation.scores {
        assert_eq!(score.grade.as_deref(), outcome.grade(&score.name), "explained {}\n{}", score.name, paste());
        if let Some(total) = outcome.score(&score.name) {
            // the sum itself may leave the range of its type only by what the clamp takes back
            let sum = score.ledger.iter().map(|entry| entry.contribution).sum();
            assert_eq!(total, sum, "the ledger of {} does not add up\n{}", score.name, paste());
        } else {
            assert!(score.ledger.is_empty(), "a ledger without a score\n{}", paste());
        }
    }
    assert!(serde_json::to_string(&explanation).is_ok() && !explanation.to_string().contains('\r'));
}

/// Tests pass exactly when they pass under the reference.
fn tests(rules: &RuleSet, reference: &Reference, scene: &Scene) {
    // the reference runs them in the file's zone
    if scene.zone.is_some() {
        return;
    }
    let report = rules.run_tests();
    let written = scene.files.iter().flat_map(|file| &file.items).filter_map(|item| match item {
        Item::Test(test) => Some(test),
        _ => None,
    });
    for (result, test) in report.tests.iter().zip(written) {
        let expected = reference.run_test(test);
        assert_eq!(result.passed(), expected.is_ok(), "{result:?}\n{expected:?}\n{}", paste(scene, None));
    }
}
