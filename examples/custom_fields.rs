//! Fields of one's own: declared in the rule file, filled from JSON, checked before use.
//!
//! One learns: extension fields of every type (also lists), a param that the host sets, leads through `serde`, and how
//! `check_lead` tells bad data from missing data. Run it with `cargo run --example custom_fields`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use gradus::{Lead, RuleSet};
use jiff::Timestamp;
use std::error::Error;

const RULES: &str = r#"ruleset "自定义字段" version "1"
zone "Asia/Shanghai"

field 注册资金 : decimal missing as { "保密" } "注册资金（元）"
field 资质 : set { "ISO9001", "高新技术企业", "专精特新" } "资质"
field 信用 : ordered choice { "差", "中", "好" } missing as { "未评" } "信用等级"
field 门店 : list { city: text, opened: date, area: int } "门店"

param large "大客户的注册资金" : decimal = 1000万

let new_shops = count(门店 where .opened within last 12 months)

classify scale "体量" { 注册资金 >= large => "大客户", 注册资金 is present => "中小客户", otherwise => "待查" }
tags profile "画像" {
  资质 contains any { "高新技术企业", "专精特新" } => "科技型",
  信用 >= "中"                                     => "可赊销",
  new_shops >= 2                                   => "扩张中",
}
"#;

/// As they come from another system, one of them careless: a label outside its list, a number that is none, a field
/// that nobody declared.
const LEADS: &str = r#"[
  { "id": "C-1", "注册资金": "12500000.00", "资质": ["iso9001", "高新技术企业"], "信用": "好",
    "门店": [ { "city": "杭州", "opened": "2026-03-01", "area": 120 }, { "city": "宁波", "opened": "2026-10-08" } ] },
  { "id": "C-2", "注册资金": "保密", "资质": [], "信用": "未评", "门店": [] },
  { "id": "C-3", "注册资金": "八百万", "信用": "优秀", "门店": [ { "opened": "2026-02-30" } ], "备注": "老客户" }
]"#;

fn main() -> Result<(), Box<dyn Error>> {
    // every check of the file runs with the host's figure in place of the file's own
    let rules = RuleSet::builder().source("custom.gradus", RULES).param("large", 5_000_000).build()?;
    let at = rules.at("2026-11-21T09:00:00+08:00".parse::<Timestamp>()?);
    let leads: Vec<Lead> = serde_json::from_str(LEADS)?;

    for lead in &leads {
        // an evaluation never fails: what cannot be read is missing, and no rule fires on what is missing
        let outcome = rules.evaluate(lead, &at);
        let profile: Vec<&str> = outcome.tags("profile").into_iter().flatten().collect();
        println!("{}  {}  {}", outcome.id().unwrap_or("?"), outcome.class("scale").unwrap_or("?"), profile.join("、"));

        // a service that would rather refuse such a lead asks first
        if let Err(issues) = rules.check_lead(lead, at.zone()) {
            for issue in issues {
                println!("     {}: {}", issue.path, issue.message);
            }
        }
    }
    Ok(())
}
