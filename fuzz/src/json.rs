//! Leads from any text.

use gradus::{At, Lead, RuleSet};
use std::sync::LazyLock;

/// Reads a field of every type.
const RULES: &str = r#"
    missing as { "无", "N/A" }
    field level : ordered choice { "low", "mid", "high" }
    field flags : set { "a", "b", "c" }
    field codes : set of code
    field p : float
    field visits : list { page: text, at: datetime, seconds: int missing as { -1 } }
    classify shape {
      level >= "mid" and contacted => "one",
      company contains "a" or phone == "1" => "two",
      region within "中国/广东" => "three",
      last_contact < @2026-01-01 or created_at < @2026-01-01 => "four",
      p > 0.5 => "five",
      otherwise => "other",
    }
    score size {
      indicator whole { employees is present => employees }
      indicator exact { budget is present => budget / 3 }
      indicator spent { always => sum(.amount * .quantity of purchases where .at is present) }
      indicator seen { always => sum(.seconds of visits where .page starts with "a") }
      indicator done { always => count(distinct .kind of activities) }
    }
    tags marks {
      flags contains any { "a", "b" } => "flags",
      codes contains "x" => "codes",
      products within { "erp", "crm" } => "products",
      email is missing => "email",
    }
"#;

static SET: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::parse(RULES).unwrap_or_else(|error| panic!("{error}")));

/// Any text as a lead: read or refused as `serde_json` would, and the same after a round trip.
pub fn lead_json(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    match (Lead::from_json(text), theirs) {
        (Ok(lead), theirs) => {
            match theirs {
                Ok(value) => assert!(value.is_object(), "not an object, and read\n--- text\n{text}"),
                // numbers past the range of f64 are numbers to us
                Err(error) => assert!(error.to_string().contains("out of range"), "{error}\n--- text\n{text}"),
            }
            round_trip(&lead, text);
        }
        (Err(error), Ok(value)) => {
            let message = error.to_string();
            let ours = ["duplicate key", "nest deeper"].iter().any(|reason| message.contains(reason));
            assert!(ours || !value.is_object(), "refused: {message}\n--- text\n{text}");
            assert!(
                error.line() >= 1 && error.line() <= text.lines().count().max(1) + 1,
                "{message}\n--- text\n{text}"
            );
        }
        (Err(error), Err(_)) => assert!(!error.to_string().is_empty()),
    }
}

fn round_trip(lead: &Lead, text: &str) {
    let written = |lead: &Lead| serde_json::to_string(lead).unwrap_or_else(|error| panic!("{error}\n--- text\n{text}"));
    let read =
        |json: &str| Lead::from_json(json).unwrap_or_else(|error| panic!("{error}\n--- {json}\n--- text\n{text}"));
    let once = written(lead);
    let back = read(&once);
    assert_eq!(written(&back), once, "a second round trip changes a lead\n--- text\n{text}");
    let at = At::new("2026-11-21T01:00:00Z".parse().expect("an instant"), SET.zone().clone());
    let outcome = SET.evaluate(lead, &at);
    // decimals are written as text, which could be of a type that a number is not
    if outcome.data_issues().is_empty() {
        assert_eq!(SET.evaluate(&back, &at), outcome, "evaluates differently as {once}\n--- text\n{text}");
    }
    let theirs: Lead = serde_json::from_str(&once).unwrap_or_else(|error| panic!("{error}\n--- {once}"));
    assert_eq!(theirs, back, "serde reads another lead\n--- {once}");
    assert!(!SET.explain(lead, &at).to_string().is_empty());
    let _issues = SET.check_lead(lead, SET.zone());
}
