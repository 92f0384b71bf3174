//! `unique` for rules that compare two fields: refused exactly when two rules hold for the same lead.

use crate::support::load;
use gradus::{At, Lead, RuleSet};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Every way to compare `a` with `b`, a constant beside it, and the negations.
fn conditions() -> Vec<String> {
    let operators = ["==", "!=", "<", "<=", ">", ">="];
    let compared = operators.iter().flat_map(|operator| {
        [format!("a {operator} b"), format!("b {operator} a"), format!("a {operator} 2"), format!("2 {operator} a")]
    });
    compared.flat_map(|condition| [condition.clone(), format!("not ({condition})")]).collect()
}

/// Leads with both fields below, at and above 2 and each other, and missing.
fn leads() -> Vec<Lead> {
    let values = [None, Some(0), Some(1), Some(2), Some(3), Some(4)];
    let with = |lead: Lead, name: &'static str, value: Option<i64>| match value {
        Some(value) => lead.with(name, value),
        None => lead,
    };
    values.iter().flat_map(|a| values.iter().map(|b| with(with(Lead::new(), "a", *a), "b", *b))).collect()
}

#[test]
fn two_rules_about_two_fields_are_refused_when_both_can_hold() {
    let fields = "field a : int\nfield b : int\n";
    let conditions = conditions();
    // where each condition holds, lead by lead
    let labels: Vec<String> = conditions.iter().enumerate().map(|(at, test)| format!("{test} => \"{at}\"")).collect();
    let all = load(&format!("{fields}tags holds {{ {} }}", labels.join(", ")));
    let at = At::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    let holds: Vec<Vec<bool>> = leads()
        .iter()
        .map(|lead| {
            let outcome = all.evaluate(lead, &at);
            (0..conditions.len()).map(|place| outcome.has_tag("holds", &place.to_string())).collect()
        })
        .collect();
    let (mut apart, mut together) = (0, 0);
    for (i, first) in conditions.iter().enumerate() {
        for (j, second) in conditions.iter().enumerate() {
            let both = holds.iter().any(|lead| lead[i] && lead[j]);
            let rules = format!("{fields}classify c unique {{ {first} => \"first\", {second} => \"second\" }}");
            assert_eq!(RuleSet::parse(&rules).is_err(), both, "{rules}");
            *if both { &mut together } else { &mut apart } += 1;
        }
    }
    assert!(apart > 300 && together > 300, "{apart} apart, {together} together");
}

/// What a constant is compared with is known: such rules exclude each other, or hold both.
#[test]
fn constants_are_compared_when_the_file_is_loaded() {
    let loads = |text: &str| RuleSet::parse(text).is_ok();
    assert!(loads("classify c unique on 0.5 { [-0.01..0.25) => \"a\", [..-0.01) => \"b\" }"));
    assert!(loads("param low : int = 3  classify c unique on low { [1..4) => \"a\", [4..] => \"b\" }"));
    assert!(loads("classify c unique on \"Ａ\" { \"a\" => \"a\", \"b\" => \"b\" }"));
    assert!(!loads("classify c unique on 0.5 { [0..1) => \"a\", [0.5..] => \"b\" }"));
    assert!(!loads("classify c unique on \"Ａ\" { \"a\" => \"a\", \"a\" | \"b\" => \"b\" }"));
}
