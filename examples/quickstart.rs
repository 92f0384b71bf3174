//! From a rule file to a table of leads with reasons.
//!
//! One learns: load a rule file once (`RuleSet::parse`), say when the evaluation takes place (`At`), evaluate leads
//! (`evaluate`), and ask why (`explain`). Run it with `cargo run --example quickstart`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use gradus::explain::ScoreExplanation;
use gradus::{Activity, Lead, RuleSet};
use jiff::{Timestamp, ToSpan, civil::date};
use std::error::Error;
use unicode_width::UnicodeWidthStr;

const RULES: &str = r#"ruleset "快速上手" version "1"
zone "Asia/Shanghai"
missing as { "未知" }

score fit "匹配度" {
  indicator industry "行业" weight 40% on industry { "制造业" | "汽车" => 100, "金融业" => 60, missing => 0, otherwise => 20 }
  indicator size "规模" weight 35% on employees { [1000..) => 100, [100..1000) => 60, [..100) => 20 }
  indicator deal "预算" weight 25% { budget >= 10万 => 100, budget is present => 40 }
  grades { [80..] => "A", [50..80) => "B", [..50) => "C" }
}
let asked = any(activities where .feedback == "主动询价" and .at within last 14 days)

classify priority "优先级" on fit.grade, asked {
  "A", _    => "今天",
  "B", true => "今天",
  "B", _    => "本周",
  otherwise => "培育",
}
tags labels "标签" {
  asked                         => "主动询价",
  days_since(last_contact) > 90 => "沉睡",
  budget is missing             => "先问预算",
}
"#;

/// Text and the blanks that bring it to a width; a Chinese character is two columns wide.
fn cell(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// `行业 +40, 规模 +21, 缺 预算`: what counted, and what could not because nobody filled it in.
fn reasons(score: &ScoreExplanation) -> String {
    let counted = score.ledger.iter().filter(|entry| !entry.contribution.is_zero());
    let counted = counted.map(|entry| format!("{} {:+}", entry.title.as_deref().unwrap_or("?"), entry.contribution));
    let missing = score.indicators.iter().filter(|indicator| !indicator.covered);
    let missing = missing.map(|indicator| format!("缺 {}", indicator.title.as_deref().unwrap_or("?")));
    counted.chain(missing).collect::<Vec<_>>().join(", ")
}

fn main() -> Result<(), Box<dyn Error>> {
    let rules = RuleSet::parse(RULES)?;
    // the only clock that the rules know; a service passes `Timestamp::now()`
    let now: Timestamp = "2026-11-21T09:00:00+08:00".parse()?;
    let at = rules.at(now);

    let asking = Activity::new(now - 72.hours()).with_feedback("主动询价");
    let leads = [
        Lead::new()
            .with_company("长江机床股份有限公司")
            .with_industry("制造业")
            .with_employees(5000)
            .with_budget(300_000),
        Lead::new().with_company("Nordwind GmbH").with_industry("汽车").with_employees(120).with_activities([asking]),
        Lead::from_json(r#"{ "company": "小满教育", "industry": "教育", "employees": 12, "budget": 20000.50 }"#)?,
        Lead::new().with_company("海天银行").with_industry("金融业").with_budget(1).with_last_contact(date(2026, 5, 1)),
        Lead::new().with_company("未填公司").with_industry("未知"),
    ];

    let widths = [22, 8, 6, 8, 20];
    let row = |cells: [&str; 5]| cells.iter().zip(widths).map(|(text, width)| cell(text, width)).collect::<String>();
    println!("{}理由", row(["公司", "匹配度", "等级", "优先级", "标签"]));
    for lead in &leads {
        let outcome = rules.evaluate(lead, &at);
        let score = outcome.score("fit").map_or_else(String::new, |score| score.to_string());
        let labels = outcome.tags("labels").map_or_else(String::new, |labels| labels.collect::<Vec<_>>().join("、"));
        let [grade, priority] = [outcome.grade("fit"), outcome.class("priority")].map(Option::unwrap_or_default);
        let why = rules.explain(lead, &at).scores.first().map(reasons).unwrap_or_default();
        println!("{}{why}", row([lead.company().unwrap_or("?"), &score, grade, priority, &labels]));
    }
    Ok(())
}
