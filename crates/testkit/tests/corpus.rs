//! The corpus loader on a small file.

#![expect(clippy::panic, reason = "a test fails loudly")]

use gradus_testkit::{Json, corpus};

const FILE: &str = r#"
[[case]]
name = "a missing budget is asked for"
rules = 'classify next { budget is missing => "ask", otherwise => "go" }'
at = 2026-11-21T09:00:00+08:00
lead = '{"employees": 5.00, "budget": null}'
params = { limit = 1.5 }
expect = { "classes.next" = "ask" }
missing = ["scores.fit.grade"]

[[case]]
name = "a grade for every score"
rules = ["// one", "// two"]
errors = [{ code = "grade-gap", text = "[2..]" }]
"#;

#[test]
fn cases_are_read() {
    let cases = corpus::parse("small", FILE).unwrap_or_else(|error| panic!("{error}"));
    let [first, second] = &cases[..] else { panic!("two cases: {cases:?}") };
    assert_eq!(first.lead.to_string(), r#"{"employees": 5.00, "budget": null}"#);
    assert_eq!(first.at, "2026-11-21T09:00:00+08:00");
    assert_eq!(first.params, [("limit".to_owned(), Json::number("1.5"))]);
    assert_eq!(second.rules.len(), 2);
    assert_eq!(second.errors[0].code, "grade-gap");

    let outcome = |text| Json::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let right = outcome(r#"{"classes": {"next": "ask"}, "scores": {"fit": {"grade": null}}}"#);
    assert_eq!(first.differences(&right), Vec::<String>::new());
    let wrong = outcome(r#"{"classes": {"next": "go"}, "scores": {}}"#);
    assert_eq!(
        first.differences(&wrong),
        [r#"classes.next: expected "ask", got "go""#, "scores.fit.grade: expected null, got nothing"]
    );
}

#[test]
fn a_case_that_expects_nothing_is_refused() {
    let fault = corpus::parse("small", "[[case]]\nname = 'x'\nrules = ''").err().map(|error| error.to_string());
    assert_eq!(fault.as_deref(), Some(r#"small: "x": it expects nothing"#));
}
