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
