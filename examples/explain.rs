//! Why an outcome is what it is: for people as text, for a user interface as JSON.
//!
//! One learns: every rule is true, false or unknown because something is missing; a score has a ledger that adds up to
//! it; people read it in their language; the same can be walked as data. Run it with `cargo run --example explain`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use gradus::explain::{Language, Truth};
use gradus::{Context, Lead, Previous, RuleSet};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

const LEAD: &str = r#"{
  "id": "线索-1024", "authority": "影响者", "timeline": "三个月内", "需求强度": "正在比较", "退订": false,
  "activities": [
    { "kind": "官网访问", "at": "2026-11-19T10:00:00+08:00" }, { "kind": "官网访问", "at": "2026-10-20T10:00:00+08:00" },
    { "kind": "资料下载", "at": "2026-11-01T10:00:00+08:00" }, { "kind": "电话沟通", "at": "2026-11-20T10:00:00+08:00" } ]
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let rules = RuleSet::parse(include_str!("rules/intent.gradus"))?;
    let at = rules.at("2026-11-21T09:00:00+08:00".parse::<Timestamp>()?);
    let lead = Lead::from_json(LEAD)?;
    // what the host stored after the last evaluation; any outcome as JSON will do
    let previous = Previous::from_json(r#"{ "classes": { "potential": "高潜力" } }"#)?;
    let context = Context::default().with_previous(&previous);

    let explained = rules.explain_with(&lead, &at, context);
    println!("{}", explained.render(Language::Chinese));

    // the same as data: what to ask for, and which indicators wait for it
    let mut wanted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for score in &explained.scores {
        for indicator in &score.indicators {
            let unknown = indicator.rules.iter().filter(|rule| rule.verdict.truth == Truth::Unknown);
            for field in unknown.flat_map(|rule| &rule.verdict.because) {
                wanted.entry(field).or_default().insert(format!("{}.{}", score.name, indicator.name));
            }
        }
    }
    for (field, waiting) in wanted {
        println!("补上 {field}，就能算 {}", waiting.into_iter().collect::<Vec<_>>().join(", "));
    }

    println!("\ndecision 的 JSON：");
    let json = serde_json::to_value(&explained)?;
    println!("{}", serde_json::to_string_pretty(&json["scores"]["decision"])?);
    Ok(())
}
