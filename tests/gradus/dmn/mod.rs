//! Decision tables of the DMN compliance tests, translated into rule files when the test runs, with their cases.
//!
//! Besides the cases, each table is asked at every combination of its constants, what lies beside them, and `null`, and
//! has to decide what the plain reading of the standard in `feel` and `table` says.

mod feel;
mod table;
mod translate;

use crate::support::{json, load, read, shared, text_of};
use feel::Scope;
use gradus::analysis::Finding;
use gradus::{At, RuleSet};
use gradus_testkit::Json;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use table::{Policy, Table, array};
use translate::{Translated, in_order, lead, translate};

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

/// What an analysis finds in a table, for each output: rows that never decide, rows whose order with an earlier one does,
/// and whether nothing may be decided. Rows are numbered as the rule file has them.
#[derive(Debug, PartialEq, Eq)]
struct Analysed {
    never: BTreeSet<usize>,
    overlap: BTreeSet<usize>,
    has_gap: bool,
}

/// By the analysis of the rules.
fn analysed(table: &Table, translated: &Translated, rules: &RuleSet) -> Vec<Analysed> {
    let text = translated.rules.as_str();
    let mut blocks: Vec<usize> = ["\nclassify ", "\ntags ", "\nscore "]
        .iter()
        .flat_map(|word| text.match_indices(word).map(|(place, _)| place + 1))
        .collect();
    blocks.sort_unstable();
    let block = |block: usize, start: &usize| {
        let end = blocks.get(block + 1).copied().unwrap_or(text.len());
        let rows = |findings: &[Finding], code: &str| -> BTreeSet<usize> {
            let places = findings.iter().filter(|it| it.code().slug() == code).map(|it| it.span().range().start);
            places
                .filter(|place| (*start..end).contains(place))
                .map(|at| text[*start..at].matches("=>").count())
                .collect()
        };
        Analysed {
            never: rows(rules.findings(), "never-fires"),
            overlap: if is_promised(table) { BTreeSet::new() } else { rows(&rules.overlaps(), "overlap") },
            has_gap: !rows(rules.findings(), "not-covered").is_empty(),
        }
    };
    assert!(rules.findings().iter().all(|it| it.code().slug() != "undecided"), "{text}");
    blocks.iter().enumerate().map(|(place, start)| block(place, start)).collect()
}

/// By looking at every point of the grid.
fn looked_at(table: &Table) -> Vec<Analysed> {
    let rows = in_order(table).unwrap();
    let hits = |scope: &Scope| -> Vec<usize> { (0..rows.len()).filter(|row| table.holds(rows[*row], scope)).collect() };
    let hits: Vec<Vec<usize>> = table.grid().iter().map(hits).collect();
    let all = matches!(table.policy, Policy::Collect | Policy::OutputOrder | Policy::CollectSum);
    let is_class = matches!(table.policy, Policy::Unique | Policy::Any | Policy::First | Policy::Priority);
    let deciding: BTreeSet<usize> =
        hits.iter().flat_map(|hits| &hits[..if all { hits.len() } else { hits.len().min(1) }]).copied().collect();
    let output = |column: Option<usize>| {
        let differ = |one: usize, other: usize| match column {
            Some(column) => rows[one].then[column] != rows[other].then[column],
            None => rows[one].then != rows[other].then,
        };
        let overlap = |hits: &Vec<usize>| -> Vec<usize> {
            hits.iter().filter(|row| hits.iter().any(|other| other < row && differ(*other, **row))).copied().collect()
        };
        Analysed {
            never: (0..rows.len()).filter(|row| !deciding.contains(row)).collect(),
            overlap: if all || is_promised(table) { BTreeSet::new() } else { hits.iter().flat_map(overlap).collect() },
            has_gap: is_class
                && table.outputs.iter().all(|output| output.default.is_none())
                && hits.iter().any(Vec::is_empty),
        }
    };
    if is_class { (0..table.outputs.len()).map(|column| output(Some(column))).collect() } else { vec![output(None)] }
}

/// Whether the hit policy promises that rows do not disagree.
fn is_promised(table: &Table) -> bool {
    matches!(table.policy, Policy::Unique | Policy::Any)
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
        assert_eq!(analysed(&table, &translated, &rules), looked_at(&table), "{}", translated.rules);
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
        let rules = load(&translated.rules);
        let points = agrees(&table, &translated, &rules);
        assert!(points > 8, "{json}");
        assert_eq!(analysed(&table, &translated, &rules), looked_at(&table), "{}", translated.rules);
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
