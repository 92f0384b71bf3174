//! Leads of the wrong shape: text that is no lead is refused with its place, values that do not fit read as missing.

use crate::support::{load, shown};
use gradus::{At, Lead};
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn fault(text: &str) -> (usize, usize, String, String) {
    let error = Lead::from_json(text).unwrap_err();
    (error.line(), error.column(), error.path().to_owned(), error.to_string())
}

#[test]
fn text_that_is_no_lead() {
    for (text, line, column, path, gist) in [
        ("", 1, 1, "", "expected a value"),
        ("[]", 1, 1, "", "expected an object, found a list"),
        ("5", 1, 1, "", "expected an object, found a number"),
        ("null", 1, 1, "", "expected an object, found `null`"),
        ("{\"a\": 1,}", 1, 9, "", "a comma too many"),
        ("{\"a\": 1} x", 1, 10, "", "expected the end of the text"),
        ("{\"a\": 01}", 1, 8, "", "expected `,` or `}`"),
        ("{\"a\": 1e}", 1, 9, "a", "malformed JSON"),
        ("{\"a\": NaN}", 1, 7, "a", "expected a value"),
        ("{\n \"budget\": 1,\n \"budget\": 2}", 3, 2, "budget", "duplicate key"),
        ("{\"activities\": [{\"at\": 1, \"at\": 2}]}", 1, 27, "activities[0].at", "duplicate key"),
        ("{\"a\": \"x", 1, 9, "a", "malformed JSON"),
    ] {
        let found = fault(text);
        assert_eq!((found.0, found.1, found.2.as_str()), (line, column, path), "{text}: {}", found.3);
        assert!(found.3.contains(gist), "{text}: {}", found.3);
    }
}

#[test]
fn deep_nesting_is_refused() {
    for depth in [65, 100_000] {
        let text = format!("{{\"a\": {}", "[".repeat(depth));
        assert!(fault(&text).3.contains("nest deeper than 64 levels"));
    }
}

const RULES: &str = "
    field stage : choice { \"new\", \"won\" }
    field share : decimal
    field p : float
    field interests : set { \"ERP\", \"CRM\" }
    tags t {
      employees is missing => \"employees\", budget is missing => \"budget\", share is missing => \"share\",
      p is missing => \"p\", expected_close is missing => \"expected_close\", created_at is missing => \"created_at\",
      contacted is missing => \"contacted\", stage is missing => \"stage\", company is missing => \"company\",
      interests == { \"ERP\" } => \"interests\", count(activities where .at is missing) == 2 => \"at\",
      purchases is missing => \"purchases\",
    }";

#[test]
fn values_that_do_not_fit_read_as_missing_and_are_reported() {
    let rules = load(RULES);
    let at = At::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    let digits = "1".repeat(40);
    let text = format!(
        r#"{{"employees": 1e400, "budget": {digits}, "share": 0.1234567890123, "p": 1e400, "expected_close": "2026-02-30",
            "created_at": "2026-11-21T25:00:00Z", "contacted": "yes", "stage": "lost", "company": {{"name": "x"}},
            "interests": ["ERP", "MES", 5], "activities": [{{"at": "soon"}}, {{"kind": "call"}}, 7], "purchases": "none",
            "emploees": 5}}"#
    );
    let lead = Lead::from_json(&text).unwrap();
    let outcome = rules.evaluate(&lead, &at);
    let tags: Vec<&str> = outcome.tags("t").unwrap().collect();
    assert_eq!(
        tags,
        [
            "employees",
            "budget",
            "share",
            "p",
            "expected_close",
            "created_at",
            "contacted",
            "stage",
            "company",
            "interests",
            "at",
            "purchases"
        ]
    );
    let mut paths: Vec<&str> = outcome.data_issues().iter().map(|issue| issue.path.as_str()).collect();
    paths.sort_unstable();
    let mut expected = [
        "activities[0].at",
        "activities[1].at",
        "activities[2]",
        "budget",
        "company",
        "contacted",
        "created_at",
        "employees",
        "expected_close",
        "interests[1]",
        "interests[2]",
        "p",
        "purchases",
        "share",
        "stage",
    ];
    expected.sort_unstable();
    assert_eq!(paths, expected);
    assert!(shown(&outcome).get("data_issues").is_some());

    // `check_lead` makes them errors, and says what is not known at all
    let issues = rules.check_lead(&lead, &TimeZone::UTC).unwrap_err();
    let unknown = issues.iter().find(|issue| issue.path == "emploees").unwrap();
    assert_eq!(unknown.message, "unknown field `emploees`: did you mean `employees`?");
    assert_eq!(issues.len(), expected.len() + 1);
}

#[test]
fn a_lead_without_faults_has_no_issues() {
    let rules = load(RULES);
    let text =
        r#"{"employees": 5.0, "budget": "12.50", "p": 1e-3, "stage": " NEW ", "company": "  ", "activities": []}"#;
    let lead = Lead::from_json(text).unwrap();
    assert_eq!(rules.check_lead(&lead, &TimeZone::UTC), Ok(()));
    assert!(rules.evaluate(&lead, &At::new(Timestamp::UNIX_EPOCH, TimeZone::UTC)).data_issues().is_empty());
}
