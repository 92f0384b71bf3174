//! Conditions on one text that imply or exclude each other: which rules the analysis says can never fire.

use crate::support::load;
use gradus::{At, Lead};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// Tests of a text, in the order of the rules of a classification, and the numbers of those that never fire.
const RELATED: &[(&str, &[&str], &[usize])] = &[
    // equality against the others
    ("text", &[r#"x contains "acm""#, r#"x == "Acme Ltd""#], &[1]),
    ("text", &[r#"x starts with "acme""#, r#"x == "ACME Ltd""#], &[1]),
    ("text", &[r#"x ends with "ltd""#, r#"x in { "acme ltd", "apex ltd" }"#], &[1]),
    ("text", &[r#"x matches r"^a.*e$""#, r#"x == "Acme""#], &[1]),
    ("text", &[r#"x contains any { "a", "b" }"#, r#"x == "bcd""#, r#"x == "cde""#], &[1]),
    ("text", &[r#"x == "acme" and x starts with "b""#, r#"x == "acme" and not (x contains "cm")"#], &[0, 1]),
    ("text", &[r#"x == "acme" and x matches r"\d""#, r#"x != "acme""#, r#"x contains "acme""#], &[0]),
    ("text", &[r#"x in { "acme", "apex" }"#, r#"x == "apex""#, r#"x in { "acme", "other" }"#], &[1]),
    ("text", &[r#"x == "acme""#, r#"x == "apex""#, r#"x in { "acme", "apex" }"#], &[2]),
    // what one search says of another
    ("text", &[r#"x contains "bc""#, r#"x contains "abcd""#], &[1]),
    ("text", &[r#"x contains "bc""#, r#"x starts with "abc""#], &[1]),
    ("text", &[r#"x contains "bc""#, r#"x ends with "bcd""#], &[1]),
    ("text", &[r#"x starts with "a""#, r#"x starts with "ab""#], &[1]),
    ("text", &[r#"x ends with "d""#, r#"x ends with "cd""#], &[1]),
    ("text", &[r#"x starts with "ab" and x starts with "ac""#, r#"x ends with "ab" and x ends with "cb""#], &[0, 1]),
    ("text", &[r#"x contains "a""#, r#"x contains "b""#, r#"x contains any { "b", "a" }"#], &[2]),
    ("text", &[r#"x contains "a""#, r#"x contains all { "b", "a" }"#], &[1]),
    // normal form: of a text, not of a code
    ("text", &[r#"x contains "ACME""#, r#"x == "ａｃｍｅ ltd""#], &[1]),
    ("code", &[r#"x contains "ACME""#, r#"x == "acme""#], &[]),
    ("code", &[r#"x contains "ACM""#, r#"x == "ACME""#], &[1]),
    // what only looks related
    ("text", &[r#"x starts with "acme""#, r#"x contains "acme""#], &[]),
    ("text", &[r#"x starts with "ab""#, r#"x starts with "a""#], &[]),
    ("text", &[r#"x starts with "ab" and x ends with "ba""#, r#"x contains "ab" and x contains "ba""#], &[]),
    ("text", &[r#"x contains "a" and x contains "b""#, r#"x contains "ab""#], &[1]),
    ("text", &[r#"x contains "ab""#, r#"x contains "a" and x contains "b""#], &[]),
    ("text", &[r#"not (x contains "a")"#, r#"not (x contains "ab")"#, r#"x is missing"#], &[]),
    ("text", &[r#"not (x contains "ab")"#, r#"not (x contains "a")"#, r#"x is missing"#], &[1]),
];

fn rules(kind: &str, tests: &[&str]) -> String {
    let rows: Vec<String> = tests.iter().enumerate().map(|(at, test)| format!("  {test} => \"{at}\",\n")).collect();
    format!("field x : {kind}\nclassify c {{\n{}}}\n", rows.concat())
}

/// What is quoted in tests, and up to three of it in a row.
fn texts(tests: &[&str]) -> Vec<String> {
    let mut quoted: Vec<&str> = tests.iter().flat_map(|test| test.split('"').skip(1).step_by(2)).collect();
    quoted.push("z");
    let pairs = |texts: &[String]| -> Vec<String> {
        texts.iter().flat_map(|left| quoted.iter().map(move |right| format!("{left}{right}"))).collect()
    };
    let single: Vec<String> = quoted.iter().map(|&text| text.to_owned()).collect();
    let double = pairs(&single);
    let triple = pairs(&double);
    [single, double, triple].concat()
}

#[test]
fn the_expectations_are_true() {
    let at = At::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    for (kind, tests, never) in RELATED {
        let rules = load(&rules(kind, tests));
        let mut fired: BTreeSet<usize> = BTreeSet::new();
        let leads = texts(tests).into_iter().map(|text| Lead::new().with("x", text)).chain([Lead::new()]);
        for lead in leads {
            fired.extend(rules.evaluate(&lead, &at).class("c").and_then(|label| label.parse::<usize>().ok()));
        }
        let expected: BTreeSet<usize> = (0..tests.len()).filter(|rule| !never.contains(rule)).collect();
        assert_eq!(fired, expected, "{tests:?}");
    }
}
