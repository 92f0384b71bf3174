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
    // normal form: of a text, not of a code
    ("text", &[r#"x contains "ACME""#, r#"x == "ａｃｍｅ ltd""#], &[1]),
    ("code", &[r#"x contains "ACME""#, r#"x == "acme""#], &[]),
    ("code", &[r#"x contains "ACM""#, r#"x == "ACME""#], &[1]),
];

/// The same for what one search says of another. The analysis need not know it, but then it says so.
const SEARCHES: &[(&str, &[&str], &[usize])] = &[
    ("text", &[r#"x contains "bc""#, r#"x contains "abcd""#], &[1]),
    ("text", &[r#"x contains "bc""#, r#"x starts with "abc""#], &[1]),
    ("text", &[r#"x contains "bc""#, r#"x ends with "bcd""#], &[1]),
    ("text", &[r#"x starts with "a""#, r#"x starts with "ab""#], &[1]),
    ("text", &[r#"x ends with "d""#, r#"x ends with "cd""#], &[1]),
    ("text", &[r#"x starts with "ab" and x starts with "ac""#, r#"x ends with "ab" and x ends with "cb""#], &[0, 1]),
    ("text", &[r#"x contains "a""#, r#"x contains "b""#, r#"x contains any { "b", "a" }"#], &[2]),
    ("text", &[r#"x contains "a""#, r#"x contains all { "b", "a" }"#], &[1]),
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
    for (kind, tests, never) in RELATED.iter().chain(SEARCHES) {
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

/// The rules that are found to never fire, and whether something was not decided.
fn analysed(text: &str) -> (Vec<usize>, bool) {
    let rules = load(text);
    let of = |code: &'static str| rules.findings().iter().filter(move |finding| finding.code().slug() == code);
    let rule = |place: usize| text[..place].matches("=>").count();
    (of("never-fires").map(|finding| rule(finding.span().range().start)).collect(), of("undecided").next().is_some())
}

#[test]
fn the_analysis_knows_what_equality_says_of_a_search() {
    for (kind, tests, never) in RELATED {
        let text = rules(kind, tests);
        assert_eq!(analysed(&text), (never.to_vec(), false), "{text}");
    }
}

#[test]
fn the_analysis_is_not_silent_about_other_searches() {
    for (kind, tests, never) in SEARCHES {
        let text = rules(kind, tests);
        let (found, is_undecided) = analysed(&text);
        assert!(found == *never || is_undecided, "{text}found {found:?}");
        assert!(found.iter().all(|rule| never.contains(rule)), "{text}found {found:?}");
    }
}
