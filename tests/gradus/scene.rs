//! A generated rule set with its inputs, evaluated by the library and by the reference interpreter.

use crate::record::Host;
use crate::support::{differences, lead, not_alone, previous, shown, unexplained, value};
use arbitrary::Unstructured;
use gradus::syntax::ast::{Classify, Indicator, Item, RuleFile, Score, Tags};
use gradus::{At, Context, Evaluator, Lead, LoadError, Outcome, Population, RuleSet};
use gradus_testkit::strategy::{Scene, scene};
use gradus_testkit::{Json, Reference, generate, seed};
use jiff::tz::TimeZone;

/// A scene with a number: sizes from almost nothing to plenty, and more leads than the strategy gives.
pub(crate) fn numbered(number: u64) -> Scene {
    let length = usize::try_from(number % 16 * 600).unwrap_or_default();
    let mut scene = scene(&seed::bytes(number, length)).unwrap_or_else(|error| panic!("seed {number}: {error}"));
    let more = seed::bytes(number.wrapping_add(1 << 32), 12_000);
    let u = &mut Unstructured::new(&more);
    scene.leads.extend((0..7).map(|_| generate::lead(u, &scene.files).unwrap()));
    scene
}

/// Loads the rule set of a scene from printed text.
pub(crate) fn load(scene: &Scene, files: &[RuleFile]) -> Result<RuleSet, LoadError> {
    let mut builder = RuleSet::builder();
    for (index, file) in files.iter().enumerate() {
        builder = builder.source(format!("rules {index}"), gradus::syntax::print(file));
    }
    for (name, json) in &scene.params {
        let declared = files.iter().flat_map(|file| &file.items);
        if declared.into_iter().any(|item| matches!(item, Item::Param(param) if param.name.text == *name)) {
            builder = builder.param(name.clone(), value(json));
        }
    }
    if let Some(zone) = scene.zone {
        builder = builder.zone(TimeZone::get(zone).unwrap());
    }
    builder.build()
}

/// What the two evaluators disagree about.
pub(crate) struct Disagreement {
    pub(crate) lead: Option<Json>,
    pub(crate) found: Vec<String>,
}

/// A population as it comes from many machines: each measures a part and sends JSON. It is that of all leads in one go.
fn in_parts(rules: &RuleSet, leads: &[Json], at: &At) -> Population {
    let measure = |leads: &[Json]| Population::measure(rules, leads.iter().map(lead), at);
    let mut merged = measure(&[]);
    for part in leads.chunks(leads.len().div_ceil(3).max(1)).rev() {
        let sent = serde_json::to_string(&measure(part)).unwrap();
        merged.merge(&Population::from_json(rules, &sent).unwrap()).unwrap();
    }
    assert_eq!(merged, measure(leads), "the parts are not the whole");
    merged
}

/// Evaluates every lead, and runs every test, both ways.
pub(crate) fn compare(scene: &Scene, files: &[RuleFile], rules: &RuleSet) -> Vec<Disagreement> {
    let reference = Reference::new(files, &scene.params);
    let at: At = rules.at(scene.at);
    let last = scene.previous.as_ref().map(previous);
    let population = scene.population.as_ref().map(|leads| in_parts(rules, leads, &at));
    let measured = scene.population.as_ref().map(|leads| reference.measure(leads, scene.at, scene.zone));
    let context = Context::default().with_previous(&last).with_population(&population);
    let mut evaluator = rules.evaluator();
    let mut disagreements = Vec::new();
    for json in &scene.leads {
        let lead = lead(json);
        let outcome = evaluator.evaluate(&lead, &at, context).clone();
        let expected =
            reference.evaluate_measured(json, scene.at, scene.zone, scene.previous.as_ref(), measured.as_ref());
        let mut found = differences(&expected, &shown(&outcome));
        found.extend(unlike(rules, &mut evaluator, &outcome, &lead, &at, context));
        found.extend(not_alone(rules, &outcome, &lead, &at, context));
        found.extend(unexplained(&outcome, &rules.explain_with(&lead, &at, context)));
        if !found.is_empty() {
            disagreements.push(Disagreement { lead: Some(json.clone()), found });
        }
    }
    // the library runs tests in the zone of the rule set, the reference in that of the file
    if scene.zone.is_none() {
        disagreements.extend(compare_tests(&reference, files, rules));
    }
    disagreements
}

/// Where a lead that was prepared, or a record with the same values, has another outcome.
pub(crate) fn unlike(
    rules: &RuleSet,
    evaluator: &mut Evaluator<'_>,
    outcome: &Outcome,
    lead: &Lead,
    at: &At,
    context: Context<'_>,
) -> Vec<String> {
    let prepared = rules.prepare(lead.clone(), at.zone());
    let mut found = Vec::new();
    let again = evaluator.evaluate_prepared(&prepared, at, context);
    if again != outcome {
        found.push(format!("prepared: {again:?}\nnot {outcome:?}"));
    }
    let record = Host::like(lead);
    match rules.bind::<Host>() {
        Ok(binding) => {
            let mut evaluator = binding.evaluator();
            let again = evaluator.evaluate(&record, at, context);
            if again != outcome {
                found.push(format!("from a record: {again:?}\nnot {outcome:?}"));
            }
        }
        Err(error) => found.push(error.to_string()),
    }
    found
}

fn compare_tests(reference: &Reference, files: &[RuleFile], rules: &RuleSet) -> Vec<Disagreement> {
    let report = rules.run_tests();
    let tests = files.iter().flat_map(|file| &file.items).filter_map(|item| match item {
        Item::Test(test) => Some(test),
        _ => None,
    });
    let mut disagreements = Vec::new();
    for (test, result) in tests.zip(&report.tests) {
        let expected = reference.run_test(test);
        if expected.is_ok() != result.passed() {
            let found = vec![format!("test {:?}: expected {expected:?}, got {:?}", result.title, result.failures)];
            disagreements.push(Disagreement { lead: None, found });
        }
    }
    disagreements
}

/// Takes items, indicators, rules and clauses away as long as what is left is still wrong.
pub(crate) fn shrink(files: &[RuleFile], is_wrong: impl Fn(&[RuleFile]) -> bool) -> Vec<RuleFile> {
    let mut files = files.to_vec();
    loop {
        let places: Vec<(usize, usize)> =
            files.iter().enumerate().flat_map(|(file, it)| (0..it.items.len()).map(move |item| (file, item))).collect();
        let smaller = places.into_iter().find_map(|(file, item)| {
            let mut fewer = files.clone();
            let whole = fewer[file].items.remove(item);
            if is_wrong(&fewer) {
                return Some(fewer);
            }
            smaller_items(&whole).into_iter().find_map(|part| {
                let mut fewer = files.clone();
                fewer[file].items[item] = part;
                is_wrong(&fewer).then_some(fewer)
            })
        });
        match smaller {
            Some(fewer) => files = fewer,
            None => return files,
        }
    }
}

/// The item with one part less, in every way.
fn smaller_items(item: &Item) -> Vec<Item> {
    match item {
        Item::Classify(it) => {
            let mut smaller: Vec<Classify> =
                without_one(&it.rules).map(|rules| Classify { rules, ..it.clone() }).collect();
            smaller.extend(it.when.is_some().then(|| Classify { when: None, ..it.clone() }));
            smaller.into_iter().map(Item::Classify).collect()
        }
        Item::Tags(it) => {
            let mut smaller: Vec<Tags> = without_one(&it.rules).map(|rules| Tags { rules, ..it.clone() }).collect();
            smaller.extend(it.when.is_some().then(|| Tags { when: None, ..it.clone() }));
            smaller.into_iter().map(Item::Tags).collect()
        }
        Item::Score(it) => {
            let mut smaller: Vec<Score> =
                without_one(&it.indicators).map(|indicators| Score { indicators, ..it.clone() }).collect();
            smaller.extend(it.when.is_some().then(|| Score { when: None, ..it.clone() }));
            smaller.extend(it.clamp.is_some().then(|| Score { clamp: None, ..it.clone() }));
            smaller.extend(it.grades.is_some().then(|| Score { grades: None, ..it.clone() }));
            for (index, indicator) in it.indicators.iter().enumerate() {
                let rules = without_one(&indicator.rules).map(|rules| Indicator { rules, ..indicator.clone() });
                let clamp = indicator.clamp.is_some().then(|| Indicator { clamp: None, ..indicator.clone() });
                smaller.extend(rules.chain(clamp).map(|indicator| {
                    let mut score = it.clone();
                    score.indicators[index] = indicator;
                    score
                }));
            }
            smaller.into_iter().map(Item::Score).collect()
        }
        _ => Vec::new(),
    }
}

/// A list without its first entry, without its second, and so on.
fn without_one<T: Clone>(list: &[T]) -> impl Iterator<Item = Vec<T>> {
    (0..list.len()).map(|index| {
        let mut fewer = list.to_vec();
        fewer.remove(index);
        fewer
    })
}

/// The scene with only what a disagreement about this lead needs.
pub(crate) fn shrink_lead(scene: &Scene, lead: &Json, is_wrong: impl Fn(&Scene) -> bool) -> Scene {
    let mut scene = Scene { leads: vec![lead.clone()], ..scene.clone() };
    for plain in [Scene { previous: None, ..scene.clone() }, Scene { population: None, ..scene.clone() }] {
        if is_wrong(&plain) {
            scene = plain;
        }
    }
    loop {
        let Json::Object(entries) = &scene.leads[0] else { return scene };
        let smaller = without_one(entries).find_map(|entries| {
            let fewer = Scene { leads: vec![Json::Object(entries)], ..scene.clone() };
            is_wrong(&fewer).then_some(fewer)
        });
        match smaller {
            Some(fewer) => scene = fewer,
            None => return scene,
        }
    }
}

/// Everything about a disagreement, ready to paste.
pub(crate) fn report(scene: &Scene, files: &[RuleFile], disagreement: &Disagreement) -> String {
    let mut text = format!("{}\n", disagreement.found.join("\n"));
    for file in files {
        text.push_str(&format!("---- rules\n{}", gradus::syntax::print(file)));
    }
    text.push_str(&format!("---- at {} in {:?} with params {:?}\n", scene.at, scene.zone, scene.params));
    let shown = |json: Option<&Json>| json.map_or("none".to_owned(), Json::to_string);
    text.push_str(&format!("---- lead {}\n", shown(disagreement.lead.as_ref())));
    text.push_str(&format!("---- previous {}\n", shown(scene.previous.as_ref())));
    let population = scene.population.as_ref().map(|leads| Json::Array(leads.clone()));
    text.push_str(&format!("---- population {}\n", shown(population.as_ref())));
    if let Some(lead) = &disagreement.lead {
        let reference = Reference::new(files, &scene.params);
        let previous = scene.previous.as_ref();
        let outcome = reference.evaluate(lead, scene.at, scene.zone, previous, scene.population.as_deref());
        text.push_str(&format!("---- reference {outcome}\n"));
        if let Ok(rules) = load(scene, files) {
            let last = previous.map(crate::support::previous);
            let at = rules.at(scene.at);
            let population = scene
                .population
                .as_ref()
                .map(|leads| Population::measure(&rules, leads.iter().map(crate::support::lead), &at));
            let context = Context::default().with_previous(&last).with_population(&population);
            let outcome = rules.evaluate_with(&crate::support::lead(lead), &at, context);
            text.push_str(&format!("---- library {}\n", crate::support::shown(&outcome)));
        }
    }
    text
}
