//! Every type under every operator: the table says which load, the others give exactly one error about types.

use super::told;

/// A type, and a constant of it.
const TYPES: &[(&str, &str, &str)] = &[
    ("bool", "bool", "true"),
    ("int", "int", "5"),
    ("decimal", "decimal", "2.5"),
    ("float", "float", "0.5"),
    ("text", "text", "\"a\""),
    ("code", "code", "\"a\""),
    ("date", "date", "@2026-01-01"),
    ("datetime", "datetime", "@2026-01-01T09:00:00Z"),
    ("choice", "choice { \"a\", \"b\" }", "\"a\""),
    ("ordered", "ordered choice { \"a\", \"b\" }", "\"a\""),
    ("set", "set { \"a\", \"b\" }", "{ \"a\" }"),
    ("texts", "set of text", "{ \"a\" }"),
    ("codes", "set of code", "{ \"a\" }"),
    ("region", "region", "\"a/b\""),
    ("list", "list { n: int }", "5"),
];

const NUMBERS: &str = "int decimal";
const ORDERED: &str = "int decimal float date datetime ordered";
const SINGLE: &str = "bool int decimal float text code date datetime choice ordered region";
const SETS: &str = "set texts codes";

/// A condition over `x` with `k` of its type, and the types that it is for.
const OPERATORS: &[(&str, &[&str])] = &[
    ("x == k", &[SINGLE, SETS]),
    ("x != k", &[SINGLE, SETS]),
    ("x < k", &[ORDERED]),
    ("x >= k", &[ORDERED]),
    ("x in [k..]", &[ORDERED]),
    ("x in { k }", &[SINGLE]),
    ("x contains \"a\"", &["text code", SETS]),
    ("x contains any { \"a\", \"b\" }", &["text code", SETS]),
    ("x contains all { \"a\", \"b\" }", &["text code", SETS]),
    ("x starts with \"a\"", &["text code"]),
    ("x ends with \"a\"", &["text code"]),
    ("x matches r\"a\"", &["text code"]),
    ("x within { \"a\", \"b\" }", &["region", SETS]),
    ("x within \"a\"", &["region"]),
    ("x within last 5 days", &["date datetime"]),
    ("days_since(x) > 5", &["date datetime"]),
    ("year(x) > 5", &["date datetime"]),
    ("x + 1 > 2", &[NUMBERS]),
    ("-x < 2", &[NUMBERS]),
    ("round(x, 1) > 2", &[NUMBERS]),
    ("abs(x) > 2", &[NUMBERS]),
    ("min(x, x) is present", &[NUMBERS, "date datetime"]),
    ("ntile(5, x) > 1", &[NUMBERS]),
    ("x", &["bool"]),
    ("not x", &["bool"]),
    ("contacted and x", &["bool"]),
    ("x is present", &[SINGLE, SETS, "list"]),
    ("count(x) > 1", &["list"]),
    ("coalesce(x, k) == k", &[SINGLE, SETS]),
];

#[test]
fn every_type_under_every_operator() {
    let mut wrong = Vec::new();
    for (condition, fits) in OPERATORS {
        for (name, kind, constant) in TYPES {
            let written = condition.replace("k", constant);
            let text = format!("field x : {kind} classify c {{ {written} => \"x\" }}");
            let found = told(&text);
            let expected = fits.iter().any(|fits| fits.split(' ').any(|fit| fit == *name));
            let is_type_error =
                ["type-mismatch", "not-comparable", "not-ordered"].iter().any(|it| found.starts_with(it));
            let is_right = if expected { found == "it loads" } else { is_type_error && found.lines().count() == 1 };
            if !is_right {
                wrong.push(format!("{name}: {written}: {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
