//! `gradus explain`.

use crate::Folder;

const LEADS: &str = "{\"id\": \"L-1\", \"employees\": 5}\nnonsense\n{\"id\": \"L-2\", \"employees\": 5000}\n";

#[test]
fn the_lead_of_an_id() {
    let folder = Folder::new();
    folder.file("leads.jsonl", LEADS);
    let explain = ["explain", "rules.gradus", "leads.jsonl", "--id"];
    let done = folder.gradus(explain.iter().chain(&["L-2", "--at", "2026-11-21"])).exits(0);
    done.prints("L-2").prints("fit: 80, grade A").prints("+80").says("leads.jsonl:2:1: malformed JSON");
    let done = folder.gradus(explain.iter().chain(&["L-2", "--format", "json"])).exits(0);
    let found: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    assert_eq!(found["scores"]["fit"]["ledger"][0]["indicator"], "size");
    let done = folder.gradus(explain.iter().chain(&["L-9"])).exits(2);
    done.says("no lead has the id `L-9` (1 lead could not be read)");
}

#[test]
fn without_an_id_when_there_is_one_lead() {
    let folder = Folder::new();
    folder.file("two.jsonl", "{\"id\": \"L-1\"}\n{\"id\": \"L-2\"}\n");
    folder.file("none.jsonl", "\n");
    folder.file("one.csv", "id,employees\nL-1,5000\n");
    folder.gradus(["explain", "rules.gradus", "one.csv"]).exits(0).prints("grade A");
    folder.gradus_with(["explain", "rules.gradus", "-"], "{\n \"employees\": 5000\n}").exits(0).prints("grade A");
    folder.gradus(["explain", "rules.gradus", "two.jsonl"]).exits(2).says("--id");
    folder.gradus(["explain", "rules.gradus", "none.jsonl"]).exits(2).says("no lead");
    folder.gradus_with(["explain", "rules.gradus", "-"], "[{\"id\": }]").exits(2).says("<stdin>:1: malformed JSON");
}

#[test]
fn with_the_last_outcome() {
    let folder = Folder::new();
    folder.file("leads.json", r#"{"id": "L-1", "employees": 5}"#);
    folder.file("last.jsonl", "{\"id\": \"L-1\", \"classes\": {\"member\": \"金牌\"}}\n");
    let explain = ["explain", "rules.gradus", "leads.json"];
    folder.gradus(explain).exits(0).prints("member: 普通");
    folder.gradus(explain.iter().chain(&["--previous", "last.jsonl"])).exits(0).prints("member: 金牌");
}

#[test]
fn rules_with_errors() {
    let folder = Folder::new();
    folder.file("broken.gradus", "let = {\n");
    folder.gradus_with(["explain", "broken.gradus", "-"], "{}").exits(2).says("broken.gradus:1:");
}

#[test]
fn control_characters_of_the_data_stay_off_the_terminal() {
    let folder = Folder::new();
    let done = folder.gradus_with(["explain", "rules.gradus", "-"], "{\"id\": \"\\u001b[31mL\"}").exits(0);
    assert!(!done.out.contains('\u{1b}'), "{}", done.out);
}

#[test]
fn in_chinese() {
    let folder = Folder::new();
    let explain = ["explain", "rules.gradus", "-", "--lang", "zh"];
    folder.gradus_with(explain, "{\"employees\": 5000}").exits(0).prints("等级 A").prints("员工数为 5000");
    folder.gradus_with(["explain", "rules.gradus", "-", "--lang", "de"], "{}").exits(2).says("--lang");
}

#[test]
fn what_would_reach_a_goal() {
    let folder = Folder::new();
    let explain = ["explain", "rules.gradus", "-", "--goal"];
    let goal = |rest: &[&str], lead: &str| folder.gradus_with(explain.iter().chain(rest), lead);
    let done = goal(&["fit=A", "--format", "json"], "{\"employees\": 5}").exits(0);
    let found: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    let change = &found["paths"][0][0];
    assert_eq!((&change["field"], &change["from"]), (&"employees".into(), &"5".into()), "{found}");
    assert_eq!((&found["reached"], &found["complete"]), (&false.into(), &true.into()));
    let to: i64 = change["to"].as_str().and_then(|to| to.parse().ok()).expect("a number");
    let lead = format!("{{\"employees\": {to}}}");
    folder.gradus_with(["explain", "rules.gradus", "-"], &lead).exits(0).prints("grade A");
    goal(&["fit=A", "--lang", "zh"], "{\"employees\": 5}").exits(0).prints("员工数：5 → ");
    goal(&["fit=A"], &lead).exits(0).prints("is so already");
    goal(&["fit=A", "--freeze", "employees"], "{\"employees\": 5}").exits(0).prints("no change of these fields");
    goal(&["fit=A", "--price", "employees=2.5"], "{}").exits(0).prints("employees: (not filled in) → ");
    goal(&["fit"], "{}").exits(2).says("write `fit=A`");
    goal(&["fits=A"], "{}").exits(2).says("did you mean `fit`?");
    goal(&["fit=Z"], "{}").exits(2).says("no label `Z`");
    goal(&["fit=A", "--price", "employees"], "{}").exits(2).says("--price employees");
    folder.gradus_with(["explain", "rules.gradus", "-", "--freeze", "employees"], "{}").exits(2).says("--goal");
}

#[test]
fn what_to_ask() {
    let folder = Folder::new();
    folder.file("bant.gradus", BANT);
    let ask = ["explain", "bant.gradus", "-", "--questions"];
    let lead = "{\"budget\": 200000, \"need\": \"x\"}";
    let done = folder.gradus_with(ask.iter().chain(&["--format", "json"]), lead).exits(0);
    let found: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    let fields: Vec<&str> =
        found["questions"].as_array().expect("a list").iter().filter_map(|it| it["field"].as_str()).collect();
    assert_eq!(fields, ["authority", "timeline"]);
    assert_eq!(found["outcomes"][0]["possible"], serde_json::json!(["yes", "no", "ask"]));
    let done = folder.gradus_with(ask, lead).exits(0);
    done.prints("bant: may be yes, no, ask (now ask)").prints("1. authority: changes bant in 66.7 % of the cases");
    folder.gradus_with(ask.iter().chain(&["--lang", "zh"]), lead).exits(0).prints("依次要问");
    let all = "{\"budget\": 1, \"need\": \"x\", \"authority\": \"no\", \"timeline\": \"now\"}";
    folder.gradus_with(ask, all).exits(0).prints("nothing is open");
}

const BANT: &str = "
let three = at_least(3, budget >= 100_000, authority == \"decides\", need is present, timeline == \"now\")
classify bant { three => \"yes\", not three => \"no\", otherwise => \"ask\" }
";
