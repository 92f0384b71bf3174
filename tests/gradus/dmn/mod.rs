//! Decision tables of the DMN compliance tests, translated into rule files when the test runs, with their cases.
//!
//! Besides the cases, each table is asked at every combination of its constants, what lies beside them, and `null`, and
//! has to decide what the plain reading of the standard in `feel` and `table` says.

mod feel;
mod table;
mod translate;

use crate::support::{json, load, read, shared, text_of};
use feel::Scope;
use gradus::{At, RuleSet};
use gradus_testkit::Json;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use table::{Table, array};
use translate::{Translated, lead, translate};

/// The tables that are not translated, and why. A table that is neither here nor translated fails the test, and so does
/// one that is here and could be.
const NOT_TRANSLATED: &[(&str, &str)] = &[(
    "compliance-level-3/0039-dt-list-semantics, Symptom Analysis",
    "a result that is put together from inputs: `Symptom + \" is in the list of Cold symptoms\"`",
)];

/// Tables of our own for what the compliance tests leave out: intervals, `not(…)`, defaults, sums, and `null` everywhere.
const OWN: &str = r#"[
  { "decision": "intervals", "hitPolicy": "UNIQUE", "aggregation": null,
    "inputs": [{ "expression": "size", "typeRef": "number", "allowed": null },
               { "expression": "since", "typeRef": "date", "allowed": null }],
    "outputs": [{ "name": null, "default": "\"rest\"" }],
    "rules": [{ "when": ["[1..10)", "<= date(\"2024-02-29\")"], "then": ["\"small, old\""] },
              { "when": ["[1..10), 10", ">date(\"2024-02-29\")"], "then": ["\"small, new\""] },
              { "when": ["(10..20], ]20..30[", "-"], "then": ["\"large\""] },
              { "when": ["-1.5", "date(\"2024-03-01\")"], "then": ["\"odd\""] }] },
  { "decision": "negation", "hitPolicy": "FIRST", "aggregation": null,
    "inputs": [{ "expression": "name", "typeRef": "string", "allowed": null },
               { "expression": "size", "typeRef": "number", "allowed": null }],
    "outputs": [{ "name": null, "default": null }],
    "rules": [{ "when": ["not(\"a\", \"b\")", "not([1..5])"], "then": ["true"] },
              { "when": ["not(\"a\")", "not(> other)"], "then": ["false"] },
              { "when": ["-", "not(other)"], "then": ["7"] }] },
  { "decision": "equality", "hitPolicy": "UNIQUE", "aggregation": null,
    "inputs": [{ "expression": "day", "typeRef": "date", "allowed": null }],
    "outputs": [{ "name": null, "default": null }],
    "rules": [{ "when": ["due.date"], "then": ["\"today\""] },
              { "when": ["< due.date"], "then": ["\"early\""] },
              { "when": ["> due.date"], "then": ["\"late\""] }] },
  { "decision": "same rows", "hitPolicy": "ANY", "aggregation": null,
    "inputs": [{ "expression": "size", "typeRef": "number", "allowed": null },
               { "expression": "colour", "typeRef": "string", "allowed": "\"red\", \"blue\"" }],
    "outputs": [{ "name": "kind", "default": "\"none\"" }, { "name": "rank", "default": "0" }],
    "rules": [{ "when": ["> 5", "-"], "then": ["\"x\"", "1"] },
              { "when": ["-", "\"red\""], "then": ["\"x\"", "1"] },
              { "when": ["[0..5]", "\"blue\""], "then": ["\"y\"", "1"] }] },
  { "decision": "total", "hitPolicy": "COLLECT", "aggregation": "SUM",
    "inputs": [{ "expression": "size", "typeRef": "number", "allowed": null },
               { "expression": "other", "typeRef": "number", "allowed": null }],
    "outputs": [{ "name": null, "default": null }],
    "rules": [{ "when": ["> other", "-"], "then": ["10.5"] },
              { "when": ["-", "not(3)"], "then": ["-4"] },
              { "when": ["[1..3]", "< 3"], "then": ["0"] }] },
  { "decision": "all of them", "hitPolicy": "COLLECT", "aggregation": null,
    "inputs": [{ "expression": "spent", "typeRef": "dayTimeDuration", "allowed": null },
               { "expression": "at", "typeRef": "time", "allowed": null }],
    "outputs": [{ "name": "a", "default": null }, { "name": "b", "default": null }],
    "rules": [{ "when": ["> duration(\"PT2H\")", "-"], "then": ["\"x\"", "1"] },
              { "when": ["-", "[time(\"08:00:00\")..time(\"17:30:00\")), time(\"18:00:00\")"], "then": ["\"x\"", "2"] },
              { "when": ["-", "-"], "then": ["\"z\"", "1"] }] },
  { "decision": "highest", "hitPolicy": "PRIORITY", "aggregation": null,
    "inputs": [{ "expression": "size", "typeRef": "number", "allowed": null }],
    "outputs": [{ "name": "a", "allowed": "\"high\", \"low\"", "default": null },
                { "name": "b", "allowed": "2, 1", "default": null }],
    "rules": [{ "when": ["> 1"], "then": ["\"low\"", "1"] },
              { "when": ["> 2"], "then": ["\"high\"", "1"] },
              { "when": ["> 3"], "then": ["\"low\"", "2"] },
              { "when": ["not(1)"], "then": ["\"low\"", "1"] }] },
  { "decision": "by rank", "hitPolicy": "OUTPUT ORDER", "aggregation": null,
    "inputs": [{ "expression": "size", "typeRef": "number", "allowed": null }],
    "outputs": [{ "name": null, "allowed": "\"x\", \"y\", \"z\"", "default": null }],
    "rules": [{ "when": ["> 1"], "then": ["\"z\""] },
              { "when": ["[0..3]"], "then": ["\"x\""] },
              { "when": ["> 2"], "then": ["\"y\""] }] },
  { "decision": "by row", "hitPolicy": "RULE ORDER", "aggregation": null,
    "inputs": [{ "expression": "size", "typeRef": "number", "allowed": null },
               { "expression": "colour", "typeRef": "string", "allowed": "\"red\", \"blue\"" }],
    "outputs": [{ "name": null, "default": null }],
    "rules": [{ "when": ["> 1", "-"], "then": ["\"z\""] },
              { "when": ["[0..3]", "not(\"red\")"], "then": ["\"x\""] }] },
  { "decision": "most", "hitPolicy": "COLLECT", "aggregation": "MAX",
    "inputs": [{ "expression": "size", "typeRef": "number", "allowed": null }],
    "outputs": [{ "name": null, "default": null }],
    "rules": [{ "when": ["> 1"], "then": ["-3"] },
              { "when": ["[0..3]"], "then": ["-5"] },
              { "when": ["> 2"], "then": ["4"] }] },
  { "decision": "least", "hitPolicy": "COLLECT", "aggregation": "MIN",
    "inputs": [{ "expression": "size", "typeRef": "number", "allowed": null }],
    "outputs": [{ "name": null, "default": null }],
    "rules": [{ "when": ["> 1"], "then": ["-3"] },
              { "when": ["[0..3]"], "then": ["-5"] },
              { "when": ["> 2"], "then": ["4"] }] }
]"#;

/// Tables with something that a rule file does not have, or that break what their hit policy promises.
const REFUSED: &[(&str, &str, &str)] = &[
    ("COUNT", r#"["> 1", "\"a\""]"#, "the hit policy COUNT"),
    ("PRIORITY", r#"["> 1", "\"a\""], ["> 2", "\"b\""]"#, "results without a priority"),
    ("UNIQUE", r#"["x[1]", "\"a\""]"#, "cannot read the test `x[1]`"),
    (
        "COLLECT",
        r#"["> 1", "\"a\""], ["> 2", "\"a\""]"#,
        "rows with equal results that are listed twice: a set holds a label once",
    ),
    ("UNIQUE", r#"["> 1", "\"a\""], ["2", "\"b\""]"#, "error[overlap]"),
    ("ANY", r#"["> 1", "\"a\""], ["2", "\"a\""], ["3", "\"b\""]"#, "error[overlap]"),
    ("UNIQUE", r#"["> y", "\"a\""], [">= y", "\"b\""]"#, "error[overlap]"),
];

/// A translated table decides what the table decides, at every point of its grid. How many these are.
fn agrees(table: &Table, translated: &Translated, rules: &RuleSet) -> usize {
    let grid = table.grid();
    for scope in &grid {
        let expected = table.decide(scope).unwrap_or_else(|error| panic!("{}: {error}", table.decision));
        assert_eq!(decided(translated, rules, scope), expected, "{scope:?}\n{}", translated.rules);
    }
    grid.len()
}

/// What the rules decide.
fn decided(translated: &Translated, rules: &RuleSet, scope: &Scope) -> table::Decided {
    let lead = lead(scope);
    let outcome = rules.evaluate(&lead, &At::new(Timestamp::UNIX_EPOCH, TimeZone::UTC));
    assert!(outcome.data_issues().is_empty(), "{scope:?}: {:?}", outcome.data_issues());
    translated.read(&outcome)
}

fn tables(text: &str) -> Vec<Json> {
    match json(text) {
        Json::Array(tables) => tables,
        _ => panic!("tables are a list"),
    }
}

#[test]
fn tables_of_the_compliance_tests_decide_the_same() {
    let Some(shared) = shared() else { return };
    let (mut left_out, mut translations, mut cases, mut points) = (Vec::new(), 0, 0, 0);
    for entry in &tables(&read(&shared.join("data/dmn/tables.json"))) {
        let json = entry.get("table").unwrap();
        let name = format!("{}, {}", text_of(entry, "suite").unwrap(), text_of(json, "decision").unwrap());
        let (table, translated) = match Table::read(json).and_then(|table| Ok((translate(&table)?, table))) {
            Ok((translated, table)) => (table, translated),
            Err(reason) => {
                left_out.push((name, reason));
                continue;
            }
        };
        // a UNIQUE table of the compliance tests has no overlap, and none is reported
        let rules = load(&translated.rules);
        for case in array(entry, "cases") {
            assert_eq!(case.get("errorResult"), Some(&Json::Bool(false)), "{case}");
            let expected = table.expected(case.get("expected").unwrap());
            let scope = table.given(case.get("inputs").unwrap());
            assert_eq!(decided(&translated, &rules, &scope), expected, "{name}: {case}\n{}", translated.rules);
            assert_eq!(table.decide(&scope), Ok(expected), "{name}: {case}");
            cases += 1;
        }
        points += agrees(&table, &translated, &rules);
        translations += 1;
    }
    let left_out: Vec<(&str, &str)> = left_out.iter().map(|(name, reason)| (name.as_str(), reason.as_str())).collect();
    assert_eq!(left_out, NOT_TRANSLATED);
    println!("{translations} tables, {cases} cases, {points} further combinations of inputs");
    assert_eq!((translations, cases), (13, 33));
}

#[test]
fn tables_of_our_own_decide_the_same() {
    for json in &tables(OWN) {
        let table = Table::read(json).unwrap();
        let translated = translate(&table).unwrap();
        let points = agrees(&table, &translated, &load(&translated.rules));
        assert!(points > 8, "{json}");
    }
}

#[test]
fn what_cannot_be_translated_says_why_and_broken_promises_are_overlaps() {
    for (policy, rows, expected) in REFUSED {
        let rows = tables(&format!("[{rows}]"));
        let rows = rows.iter().map(|row| match row {
            Json::Array(cells) => format!(r#"{{ "when": [{}], "then": [{}] }}"#, cells[0], cells[1]),
            _ => panic!("{row}"),
        });
        let text = format!(
            r#"{{ "decision": "d", "hitPolicy": "{policy}", "aggregation": null,
                 "inputs": [{{ "expression": "x", "typeRef": "number", "allowed": null }}],
                 "outputs": [{{ "name": null, "default": null }}], "rules": [{}] }}"#,
            rows.collect::<Vec<String>>().join(", ")
        );
        let translated = Table::read(&json(&text)).and_then(|table| translate(&table));
        let loaded = translated.and_then(|translated| match RuleSet::parse(&translated.rules) {
            Ok(_) => Ok(translated.rules),
            Err(error) => Err(error.to_string()),
        });
        let refused = loaded.expect_err(&text);
        assert!(refused == *expected || refused.starts_with(&format!("{expected}:")), "{refused}");
    }
}
