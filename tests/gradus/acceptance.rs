//! The shared rule files on the shared leads: every outcome equal to the last digit, every test block true.

use crate::support::{
    differences, json, lead, lines, load, not_alone, previous, read, shared, shown, text_of, unexplained,
};
use gradus::{At, Context, Evaluator, Lead, Outcome, Population, Previous, RuleSet};
use gradus_testkit::Json;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::path::Path;

/// A row of the table in `rules/README.md`.
struct Row {
    rules: &'static str,
    leads: &'static str,
    at: &'static str,
    zone: &'static str,
    population: bool,
}

const fn row(rules: &'static str, leads: &'static str, at: &'static str, zone: &'static str, population: bool) -> Row {
    Row { rules, leads, at, zone, population }
}

const TODAY: &str = "2026-11-21T09:00:00+08:00";

const ROWS: &[Row] = &[
    row("x_education", "x_education", TODAY, "Asia/Kolkata", false),
    row("x_education", "x_education.fuzz", TODAY, "Asia/Kolkata", true),
    row("rfm_orders", "rfm_orders", "2006-12-31T12:00:00+08:00", "Asia/Shanghai", false),
    row("rfm_orders", "rfm_orders.fuzz", TODAY, "Asia/Shanghai", true),
    row("bant", "bant.fuzz", TODAY, "Asia/Shanghai", true),
    row("spin", "spin.fuzz", TODAY, "Asia/Shanghai", true),
    row("zhike", "zhike.fuzz", TODAY, "Asia/Shanghai", true),
    row("youpu", "youpu.fuzz", TODAY, "Asia/Shanghai", true),
    row("semantics", "semantics.fuzz", TODAY, "Asia/Shanghai", true),
    row("conditions", "conditions.fuzz", TODAY, "Asia/Shanghai", true),
    row("numbers", "numbers.fuzz", TODAY, "America/Sao_Paulo", true),
    row("language_1", "language_1.fuzz", TODAY, "Asia/Shanghai", true),
];

/// Everything that a row evaluates.
struct Run {
    rules: RuleSet,
    at: At,
    leads: Vec<Lead>,
    previous: HashMap<String, Previous>,
    expected: HashMap<String, Json>,
    population: Option<Population>,
}

impl Run {
    fn new(shared: &Path, row: &Row) -> Run {
        let rules = load(&read(&shared.join(format!("rules/{}.gradus", row.rules))));
        let at = At::new(row.at.parse::<Timestamp>().unwrap(), TimeZone::get(row.zone).unwrap());
        let by_id = |folder: &str, ending: &str| -> HashMap<String, Json> {
            let path = shared.join(format!("{folder}/{}{ending}.jsonl.gz", row.leads));
            let parsed = lines(&path).into_iter().map(|line| json(&line));
            parsed.map(|line| (text_of(&line, "id").unwrap().to_owned(), line)).collect()
        };
        let leads: Vec<Lead> = lines(&shared.join(format!("leads/{}.jsonl.gz", row.leads)))
            .iter()
            .map(|line| Lead::from_json(line).unwrap_or_else(|error| panic!("{line}: {error}")))
            .collect();
        let population = row.population.then(|| Population::measure(&rules, &leads, &at));
        let previous = by_id("leads", ".previous").into_iter().map(|(id, line)| (id, previous(&line))).collect();
        Run { rules, at, leads, previous, expected: by_id("expected", ""), population }
    }

    fn context(&self, id: &str) -> Context<'_> {
        Context::default().with_previous(self.previous.get(id)).with_population(&self.population)
    }

    /// What is wrong with one lead's outcome.
    fn faults(&self, lead: &Lead, evaluator: &mut Evaluator<'_>) -> Vec<String> {
        let id = lead.id().unwrap_or_default();
        let context = self.context(id);
        let outcome: Outcome = evaluator.evaluate(lead, &self.at, context).clone();
        let expected = self.expected.get(id).unwrap_or_else(|| panic!("no expected outcome of {id}"));
        let mut found = differences(expected, &shown(&outcome));
        found.extend(not_alone(&self.rules, &outcome, lead, &self.at, context));
        found.extend(unexplained(&outcome, &self.rules.explain_with(lead, &self.at, context)));
        found
    }
}

#[test]
fn every_lead_has_its_outcome() {
    let Some(shared) = shared() else { return };
    let mut failures = Vec::new();
    for row in ROWS {
        let run = Run::new(&shared, row);
        assert_eq!(run.leads.len(), run.expected.len(), "{}", row.leads);
        assert!(!run.leads.is_empty(), "{}", row.leads);
        let mut evaluator = run.rules.evaluator();
        for lead in &run.leads {
            let found = run.faults(lead, &mut evaluator);
            failures.extend(found.into_iter().map(|fault| format!("{} {:?}: {fault}", row.leads, lead.get("id"))));
        }
        println!("{}: {} leads", row.leads, run.leads.len());
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures[..failures.len().min(20)].join("\n"));
}

#[test]
fn every_test_block_passes() {
    let Some(shared) = shared() else { return };
    let mut count = 0;
    for entry in std::fs::read_dir(shared.join("rules")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "gradus") {
            continue;
        }
        let report = load(&read(&path)).run_tests();
        count += report.tests.len();
        let failures: Vec<String> =
            report.tests.iter().flat_map(|test| &test.failures).map(ToString::to_string).collect();
        assert!(report.passed(), "{}: {failures:#?}", path.display());
    }
    assert!(count >= 70, "only {count} test blocks");
}

#[test]
fn every_test_block_as_data() {
    let Some(shared) = shared() else { return };
    let mut loaded: HashMap<String, RuleSet> = HashMap::new();
    for line in lines(&shared.join("expected/tests.jsonl.gz")) {
        let line = json(&line);
        let file = text_of(&line, "file").unwrap();
        let rules = loaded.entry(file.to_owned()).or_insert_with(|| load(&read(&shared.join("rules").join(file))));
        let at = rules.at(text_of(&line, "at").unwrap().parse().unwrap());
        let given = |key: &str| line.get(key).filter(|value| **value != Json::Null);
        let last = given("previous").map(previous);
        let population = given("population").map(|leads| {
            let Json::Array(leads) = leads else { panic!("a population is a list: {leads}") };
            Population::measure(rules, leads.iter().map(lead), &at)
        });
        let context = Context::default().with_previous(&last).with_population(&population);
        let lead = lead(line.get("lead").unwrap());
        let outcome = rules.evaluate_with(&lead, &at, context);
        let mut found = differences(line.get("outcome").unwrap(), &shown(&outcome));
        found.extend(not_alone(rules, &outcome, &lead, &at, context));
        found.extend(unexplained(&outcome, &rules.explain_with(&lead, &at, context)));
        assert!(found.is_empty(), "{file}, {:?}: {found:#?}", text_of(&line, "test"));
    }
    assert_eq!(loaded.len(), 10, "every rule file but the second code block of the page has test blocks");
}

#[test]
fn the_indexes_of_x_education_are_those_of_the_data() {
    let Some(shared) = shared() else { return };
    let run = Run::new(&shared, &ROWS[0]);
    let leads: HashMap<&str, &Lead> = run.leads.iter().map(|lead| (lead.id().unwrap(), lead)).collect();
    let mut reader = csv::Reader::from_path(shared.join("data/x-education/leads.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let id = column("Prospect ID");
    let indexes = [("activity_index", "Asymmetrique Activity Index"), ("profile_index", "Asymmetrique Profile Index")];
    let indexes = indexes.map(|(class, header)| (class, column(header)));
    let (mut rows, mut given) = (0, 0);
    for record in reader.records() {
        let record = record.unwrap();
        let outcome = run.rules.evaluate(leads[&record[id]], &run.at);
        for (class, column) in indexes {
            let published = Some(&record[column]).filter(|index| !index.is_empty());
            assert_eq!(outcome.class(class), published, "{}: {class}", &record[id]);
            given += usize::from(published.is_some());
        }
        rows += 1;
    }
    assert_eq!(rows, 9240);
    assert!(given > 9240, "{given} indexes are given");
}

#[test]
fn segments_and_digits_of_rfm_orders_are_those_published() {
    let Some(shared) = shared() else { return };
    let run = Run::new(&shared, &ROWS[2]);
    let leads: HashMap<&str, &Lead> = run.leads.iter().map(|lead| (lead.id().unwrap(), lead)).collect();
    let mut reader = csv::Reader::from_path(shared.join("data/rfm-orders/expected_orders_2006-12-31.csv")).unwrap();
    let mut rows = 0;
    for record in reader.deserialize() {
        let record: HashMap<String, String> = record.unwrap();
        let name = record["customer_id"].as_str();
        let outcome = run.rules.evaluate(leads[name], &run.at);
        assert_eq!(outcome.class("segment"), Some(record["segment"].as_str()), "{name}");
        let digits =
            ["recency_score", "frequency_score", "monetary_score"].map(|digit| record[digit].as_str()).concat();
        assert_eq!(outcome.score("rfm").map(|score| score.to_string()), Some(digits), "{name}");
        rows += 1;
    }
    assert_eq!(rows, 995);
}
