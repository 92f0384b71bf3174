//! The generators: the oracle understands every file they make, and together the files reach the whole language.

#![expect(clippy::panic, clippy::print_stdout, reason = "a test fails loudly, and says how much it saw")]

use arbitrary::Unstructured;
use gradus::syntax::ast::Item;
use gradus_testkit::strategy::{Scene, scene};
use gradus_testkit::{Json, Reference, generate, seed};

fn scene_of(number: u64) -> Scene {
    // Sizes from almost nothing to plenty.
    let length = usize::try_from(number % 16 * 600).unwrap_or_default();
    scene(&seed::bytes(number, length)).unwrap_or_else(|error| panic!("seed {number}: {error}"))
}

#[test]
fn the_oracle_understands_every_scene() {
    let (mut present, mut missing, mut passed) = (0_u32, 0_u32, 0_u32);
    let count = std::env::var("GRADUS_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(400);
    for number in 0..count {
        let scene = scene_of(number);
        let reference = Reference::new(&scene.files, &scene.params);
        for lead in &scene.leads {
            let (zone, previous, population) = (scene.zone, scene.previous.as_ref(), scene.population.as_deref());
            let outcome = reference.evaluate(lead, scene.at, zone, previous, population);
            let text = outcome.to_string();
            assert_eq!(Json::parse(&text).ok().as_ref(), Some(&outcome), "seed {number}");
            missing += u32::try_from(text.matches("null").count()).unwrap_or_default();
            present += u32::try_from(text.matches("\"score\": \"").count()).unwrap_or_default();
        }
        for item in scene.files.iter().flat_map(|file| &file.items) {
            if let Item::Test(test) = item {
                passed += u32::from(reference.run_test(test).is_ok());
            }
        }
    }
    println!("{present} scores, {missing} missing outcomes, {passed} tests that hold by chance");
    assert!(present > 100 && missing > 100 && passed > 10);
}

/// Words that the debug form of a tree shows for each construct.
const CONSTRUCTS: &[&str] = &[
    "Ruleset(",
    "Zone(",
    "Placeholders(",
    "Field(",
    "Param(",
    "Let(",
    "Classify(",
    "Score(",
    "Tags(",
    "Test(",
    "kind: Bool,",
    "kind: Int,",
    "kind: Decimal,",
    "kind: Float,",
    "kind: Text,",
    "kind: Code,",
    "kind: Date,",
    "kind: DateTime,",
    "OrderedChoice(",
    "Choice(",
    "SetOfText",
    "SetOfCode",
    "Set([Quoted",
    "Region",
    "List([Field",
    "unique: true",
    "sum: true",
    "weight: Some",
    "clamp: Some",
    "when: Some",
    "grades: Some",
    "previous: Some",
    "population: Some",
    "Condition(",
    "Patterns(",
    "Otherwise(",
    "Always(",
    "Skip(",
    "Constant(",
    "Interval(",
    "In(Expr",
    "Missing(",
    "Present(",
    "Anything(",
    "Record([",
    "Number(\"",
    "Text(\"",
    "Date(\"",
    "DateTime(\"",
    "Bool(true)",
    "Now",
    "Today",
    "Path([",
    "Element(",
    "Paren(",
    "Not(",
    "Negate(",
    "Logic(And",
    "Logic(Or",
    "Compare(Equal",
    "Compare(NotEqual",
    "Compare(Less,",
    "Compare(LessOrEqual",
    "Compare(Greater,",
    "Compare(GreaterOrEqual",
    "Arithmetic(",
    "(Add",
    "(Subtract",
    "(Multiply",
    "(Divide",
    "negated: true",
    "Contains {",
    "quantifier: One",
    "quantifier: Any",
    "quantifier: All",
    "Affix {",
    "end: Start",
    "end: End",
    "Matches {",
    "Within {",
    "Window {",
    "direction: Last",
    "direction: Next",
    "unit: Days",
    "unit: Weeks",
    "unit: Months",
    "unit: Years",
    "Is {",
    "present: true",
    "present: false",
    "Call {",
    "Aggregate {",
    "distinct: true",
    "Match {",
    "by: Some",
    "filter: Some",
];

/// Every function of the language.
const FUNCTIONS: &[&str] = &[
    "at_least",
    "coalesce",
    "min",
    "max",
    "abs",
    "round",
    "count",
    "count_present",
    "present_ratio",
    "days_since",
    "days_until",
    "days_between",
    "hours_since",
    "months_since",
    "year",
    "month",
    "day",
    "weekday",
    "date",
    "half_life",
    "linear_decay",
    "cliff",
    "step_decay",
    "percent_rank",
    "ntile",
    "cume_share",
    "sum",
    "avg",
    "first",
    "last",
    "any",
    "all",
];

#[test]
fn the_files_reach_the_whole_language() {
    let mut seen = String::new();
    for number in 0..150 {
        // Places say nothing.
        seen.push_str(&format!("{:?}", scene_of(number).files));
    }
    let functions = FUNCTIONS.iter().map(|function| format!("function: Name {{ text: \"{function}\""));
    let wanted = CONSTRUCTS.iter().map(|construct| (*construct).to_owned()).chain(functions);
    let unseen: Vec<String> = wanted.filter(|wanted| !seen.contains(wanted)).collect();
    assert!(unseen.is_empty(), "never generated: {unseen:?}");
}

#[test]
fn no_bytes_give_the_smallest_file() {
    let u = &mut Unstructured::new(&[]);
    let file = generate::rule_file(u).unwrap_or_else(|error| panic!("{error}"));
    println!("{} items", file.items.len());
    assert!(file.items.len() < 40);
}

#[test]
fn the_order_of_declarations_does_not_matter() {
    for number in 0..120 {
        let scene = scene_of(number);
        let mut turned = scene.files.clone();
        for file in &mut turned {
            let headers = file.items.iter().take_while(|item| is_header(item)).count();
            file.items[headers..].reverse();
        }
        let outcome = |reference: &Reference, lead: &Json| {
            let (zone, previous, population) = (scene.zone, scene.previous.as_ref(), scene.population.as_deref());
            reference.evaluate(lead, scene.at, zone, previous, population)
        };
        let (one, other) = (Reference::new(&scene.files, &scene.params), Reference::new(&turned, &scene.params));
        for lead in &scene.leads {
            let sorted = |outcome: Json| {
                let Json::Object(groups) = outcome else { panic!("an outcome is an object") };
                let groups = groups.into_iter().map(|(group, value)| match value {
                    Json::Object(mut entries) => {
                        entries.sort_by(|a, b| a.0.cmp(&b.0));
                        (group, Json::Object(entries))
                    }
                    id => (group, id),
                });
                Json::Object(groups.collect())
            };
            assert_eq!(sorted(outcome(&one, lead)), sorted(outcome(&other, lead)), "seed {number}");
        }
    }
}

fn is_header(item: &Item) -> bool {
    matches!(item, Item::Ruleset(_) | Item::Zone(_) | Item::Placeholders(_))
}
