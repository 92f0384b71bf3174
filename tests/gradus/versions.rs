//! Two versions of a rule set: what is said to be equal is, and every witness shows its change.

use crate::support::load;
use gradus::analysis::compare;

/// Two versions, and every kind of change between them; without any they are proved to be equal.
const VERSIONS: &[(&str, &str, &[&str])] = &[
    ("tags t { employees >= 10 => \"x\" }", "tags t { not (employees < 10) => \"x\" }", &[]),
    ("tags t { employees >= 10 => \"x\" }", "tags t { employees > 9 => \"x\" }", &[]),
    ("tags t { employees >= 10 => \"x\" }", "tags t { employees >= 11 => \"x\" }", &["t: tag x vanished (rules)"]),
    ("tags t { employees >= 10 => \"x\" }", "tags t { employees >= 9 => \"x\" }", &["t: tag x appeared (rules)"]),
    (
        "classify c { employees >= 10 => \"a\", budget > 5 => \"b\", otherwise => \"c\" }",
        "classify c { budget > 5 => \"b\", employees >= 10 => \"a\", otherwise => \"c\" }",
        &["c: class a → b, changed (rules)"],
    ),
    (
        "classify c { employees >= 10 => \"a\", employees < 5 => \"b\", otherwise => \"c\" }",
        "classify c { employees < 5 => \"b\", employees >= 10 => \"a\", otherwise => \"c\" }",
        &[],
    ),
    (
        "classify c { employees >= 10 => \"a\", otherwise => \"b\" }",
        "classify c { employees >= 10 => \"aa\", otherwise => \"b\" }",
        &["c: class a → aa, changed (rules)"],
    ),
    (
        "classify c { employees >= 10 => \"a\", otherwise => \"b\" }",
        "classify c { employees >= 10 => \"a\", employees < 10 => \"b\", employees is missing => \"b\" }",
        &[],
    ),
    (
        "classify c { employees >= 10 => \"a\", otherwise => \"b\" }",
        "classify c { employees >= 10 => \"a\", employees < 10 => \"b\" }",
        &["c: class b vanished (rules)"],
    ),
    (
        "score s { indicator i on employees { [10..) => 5, [..10) => 0 } }",
        "score s { indicator i on employees { [10..) => 5, otherwise => 0 } }",
        &["s: coverage 0 → 1, up by 1 (rules)"],
    ),
    (
        "score s { indicator i on employees { [10..) => 5 } indicator j on budget { [1..) => 3 } \
         grades { [5..] => \"A\", [..5) => \"B\" } }",
        "score s { indicator i on employees { [10..) => 6 } indicator j on budget { [1..) => 3 } \
         grades { [5..] => \"A\", [..5) => \"B\" } }",
        &["s: score 5 → 6, up by 1 (rules)"],
    ),
    (
        "score s { indicator i on employees { [10..) => 5 } indicator j on budget { [1..) => 3 } \
         grades { [5..] => \"A\", [..5) => \"B\" } }",
        "score s { indicator i on employees { [10..) => 4 } indicator j on budget { [1..) => 3 } \
         grades { [5..] => \"A\", [..5) => \"B\" } }",
        &["s: grade A → B, down (rules)", "s: score 8 → 7, down by 1 (rules)"],
    ),
    (
        "score s { indicator i on employees { [10..) => 5, [..10) => 0 } indicator j on budget { [1..) => 3 } }",
        "score s { indicator i { not (employees < 10) => 5, employees < 10 => 0 } \
         indicator j on budget { [1..) => 3 } }",
        &[],
    ),
    (
        "tags t { employees >= 10 => \"x\" }",
        "tags t { employees >= 10 => \"x\" } classify c { budget > 5 => \"rich\" }",
        &["c: class rich appeared (rules)"],
    ),
    (
        "tags t { email ends with \"@a.com\" => \"x\" }",
        "tags t { email ends with \"@b.com\" => \"x\" }",
        &["t: tag x vanished (rules)", "t: tag x appeared (rules)"],
    ),
    (
        "classify c { days_since(last_contact) > 30 => \"old\", otherwise => \"new\" }",
        "classify c { days_since(last_contact) > 60 => \"old\", otherwise => \"new\" }",
        &["c: class old → new, changed (rules)"],
    ),
    (
        "classify c when contacted { employees > 1 => \"a\" } tags t { c == \"a\" => \"x\" }",
        "classify c when contacted { employees > 2 => \"a\" } tags t { c == \"a\" => \"x\" }",
        &["c: class a vanished (rules)", "t: tag x vanished (rules)"],
    ),
    (
        "tags t { sum(.amount of purchases) > 100 => \"x\" }",
        "tags t { sum(.amount of purchases) > 200 => \"x\" }",
        &["t: tag x vanished (rules)"],
    ),
    (
        "classify c { previous.c == \"b\" => \"b\", employees > 5 => \"b\", otherwise => \"a\" }",
        "classify c { employees > 5 => \"b\", otherwise => \"a\" }",
        &["c: class b → a, changed (rules)"],
    ),
];

#[test]
fn kinds_of_change() {
    for (old, new, expected) in VERSIONS {
        let comparison = compare(&load(old), &load(new));
        let mut found: Vec<String> = comparison.changes().iter().map(|it| it.difference.to_string()).collect();
        assert!(comparison.undecided().is_empty(), "{old}\n{new}\n{comparison}");
        let mut expected: Vec<String> = expected.iter().map(|&it| it.to_owned()).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{old}\n{new}\n{comparison}");
        assert_eq!(comparison.is_equal(), expected.is_empty(), "{old}\n{new}");
    }
}
