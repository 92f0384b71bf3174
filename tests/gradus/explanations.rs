//! Explanations for people, in both languages, as they were when somebody read them; and reason codes as data.
//!
//! `UPDATE_GOLDENS=1 cargo test --test gradus explanations` writes those of today into `tests/goldens/explained`.

use crate::support::{load, read};
use gradus::explain::{Language, Truth};
use gradus::{Context, Explanation, Lead, Previous};
use jiff::Timestamp;
use std::path::Path;
use std::{env, fs};

/// A preset, the name of the golden, a lead, and its last outcome.
const TOLD: &[(&str, &str, &str, &str)] = &[
    ("bant", "bant_open", r#"{"id": "B-1", "预算": "是", "需求": "是"}"#, ""),
    ("bant", "bant_no", r#"{"id": "B-2", "预算": "否", "权限": "是", "需求": "否", "时间": "是"}"#, ""),
    (
        "youpu",
        "youpu",
        r#"{"id": "Y-1", "industry": "互联网", "employees": 150, "province": "浙江", "budget": 50000, "purchases": [
            {"at": "2026-01-05", "amount": 600000}, {"at": "2026-03-05", "amount": 20000.5},
            {"at": "2026-05-05", "amount": 150000}, {"at": "2026-11-20", "amount": 1}]}"#,
        "",
    ),
    (
        "zhike",
        "zhike",
        r#"{"id": "Z-1", "区域": "上海", "注册资金": 4800000, "主营业务": ["教育"], "stage": "已报价",
            "moods": [{"mood": "冷淡", "at": "2026-11-10"}], "deal_size": 80000, "employees": 300,
            "products": ["ERP"], "region": "中国/广东/深圳",
            "activities": [{"kind": "邮件", "at": "2026-11-19", "feedback": "索要资料"}]}"#,
        "",
    ),
    ("spin", "spin", r#"{"id": "S-1", "现状": "三十人", "问题": "线索分散"}"#, ""),
    (
        "intent",
        "intent",
        r#"{"id": "I-1", "authority": "影响者", "timeline": "三个月内", "activities": [
            {"kind": "官网访问", "at": "2026-11-19T10:00:00+08:00"}, {"kind": "电话沟通", "at": "2026-11-20T10:00:00+08:00"}]}"#,
        r#"{"classes": {"potential": "高潜力"}}"#,
    ),
];

fn explain(preset: &str, lead: &str, previous: &str) -> Explanation {
    let rules = load(&read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/rules/{preset}.gradus"))));
    let at = rules.at("2026-11-21T09:00:00+08:00".parse::<Timestamp>().unwrap());
    let previous = (!previous.is_empty()).then(|| Previous::from_json(previous).unwrap());
    rules.explain_with(&Lead::from_json(lead).unwrap(), &at, Context::default().with_previous(&previous))
}

#[test]
fn people_read_what_they_read() {
    for (preset, name, lead, previous) in TOLD {
        let explanation = explain(preset, lead, previous);
        for (language, ending) in [(Language::English, "en"), (Language::Chinese, "zh")] {
            let told = explanation.render(language);
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/explained");
            let path = folder.join(format!("{name}.{ending}.txt"));
            if env::var_os("UPDATE_GOLDENS").is_some() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&path, &told).unwrap();
            }
            let golden = read(&path).replace("\r\n", "\n");
            assert!(told == golden, "{name}: UPDATE_GOLDENS=1 writes the explanation of today\n{told}");
        }
        assert_eq!(explanation.to_string(), explanation.render(Language::English));
    }
}

#[test]
fn one_sees_which_part_decided() {
    let rules = load(
        "let busy = employees >= 100 or budget >= 10万
         tags t { busy and not (industry == \"教育\") and at_least(2, need is present, phone is present, budget > 5) => \"x\" }",
    );
    let lead = Lead::from_json(r#"{"employees": 5000, "industry": "教育", "need": "y"}"#).unwrap();
    let explanation = rules.explain(&lead, &rules.at(Timestamp::UNIX_EPOCH));
    let verdict = &explanation.tags[0].rules[0].verdict;
    assert_eq!((verdict.truth, verdict.because.len()), (Truth::False, 0));
    let condition = verdict.condition.as_ref().unwrap();
    let parts: Vec<_> =
        condition.parts.iter().map(|part| (part.condition.as_str(), part.truth, part.decides)).collect();
    let expected = [
        ("employees >= 100 or budget >= 100000", Truth::True, false),
        ("not (industry == \"教育\")", Truth::False, true),
        ("at_least(2, need is present, phone is present, budget > 5)", Truth::Unknown, false),
    ];
    assert_eq!(parts, expected);
    assert_eq!(condition.parts[0].name.as_deref(), Some("busy"));
    let either: Vec<_> = condition.parts[0].parts.iter().map(|part| part.truth).collect();
    assert_eq!(either, [Truth::True, Truth::Unknown]);
    assert_eq!(condition.parts[1].values, [("industry".to_owned(), Some("教育".to_owned()))]);
}

#[test]
fn computed_subjects_show_their_own_value() {
    let rules = load(
        "let spent = sum(.amount of purchases)
         tags t { spent >= 100 and count(purchases where .amount > 5) == 1 => \"x\" }",
    );
    let lead = Lead::from_json(r#"{"purchases": [{"at": "2026-01-01", "amount": 130.5}]}"#).unwrap();
    let explanation = rules.explain(&lead, &rules.at(Timestamp::UNIX_EPOCH));
    let values = &explanation.tags[0].rules[0].verdict.values;
    let text = |text: &str| Some(text.to_owned());
    let counted = "count(purchases where .amount > 5)".to_owned();
    assert_eq!(*values, [("spent".to_owned(), text("130.5")), (counted, text("1"))]);
}

#[test]
fn what_is_shown_is_bounded() {
    // each name stands for twice as much as the one before
    let mut rules = String::from("let a0 = budget > 0 or employees > 0\n");
    for number in 1..60 {
        let last = number - 1;
        rules += &format!("let a{number} = (a{last} and budget > {number}) or (a{last} and employees > {number})\n");
    }
    rules += "tags t { a59 => \"x\", not a59 and a58 => \"y\" }";
    let rules = load(&rules);
    let explanation = rules.explain(&Lead::new().with_employees(7), &rules.at(Timestamp::UNIX_EPOCH));
    assert!(serde_json::to_string(&explanation).unwrap().len() < 1_000_000);
    assert!(explanation.render(Language::Chinese).len() < 100_000);
}

#[test]
fn a_ledger_says_what_was_skipped_and_limited() {
    let rules = load(
        "score s clamp [..50] {
           indicator a weight 40% on industry { missing => skip, otherwise => 10 }
           indicator b weight 60% sum clamp [..90] { employees > 10 => 70, employees > 100 => 60, budget > 1 => 5 }
         }",
    );
    let explanation = rules.explain(&Lead::new().with_employees(500), &rules.at(Timestamp::UNIX_EPOCH));
    let json = serde_json::to_value(&explanation).unwrap();
    let ledger = &json["scores"]["s"]["ledger"];
    assert_eq!((&ledger[0]["skipped"], &ledger[0]["covered"]), (&true.into(), &false.into()));
    assert_eq!((&ledger[1]["points"], &ledger[1]["unclamped"]), (&"90".into(), &"130".into()));
    assert_eq!(ledger[1]["rules"].as_array().unwrap().len(), 2);
    assert_eq!((&ledger[2]["indicator"], &ledger[2]["contribution"]), (&"clamp".into(), &"-40".into()));
    assert!(ledger[2].get("covered").is_none());
}

#[test]
fn the_best_of_a_sum_leaves_out_what_excludes_itself() {
    let rules = load(
        "score s { indicator last sum {
           source == \"SMS\" => 25, source contains \"Email\" => 12, source in { \"Visit\", \"My Email\" } => 5,
           budget > 1 => 3, source == \"none\" => -7
         } }",
    );
    let explanation = rules.explain(&Lead::new().with_budget(9), &rules.at(Timestamp::UNIX_EPOCH));
    let reason = &explanation.scores[0].reasons[0];
    let found = [reason.points, reason.baseline, reason.lost].map(|it| it.to_string());
    assert_eq!(found, ["3", "28", "25"]);
}
