//! `gradus run`: instants, last outcomes, populations, outputs.

use crate::{Folder, gzip};
use std::fmt::Write;

const LEADS: &str =
    "{\"id\": \"L-1\", \"employees\": 5000, \"industry\": \"制造业\", \"products\": [\"ERP\"]}\n{\"id\": \"L-2\"}\n";

#[test]
fn outcomes_as_json_lines() {
    let folder = Folder::new();
    folder.file("leads.jsonl", LEADS);
    let done = folder.run("leads.jsonl", &[]).exits(0).says("2 leads evaluated");
    let lines = done.lines();
    assert_eq!(lines[0]["id"], "L-1");
    assert_eq!(lines[0]["at"], "2026-11-21T00:00:00Z");
    assert_eq!(lines[0]["ruleset"]["name"], "Intake");
    assert_eq!(lines[0]["scores"]["fit"]["score"], "80");
    assert_eq!(lines[0]["tags"]["profile"], serde_json::json!(["制造", "ERP"]));
    assert_eq!(lines[1]["classes"]["priority"], "P2");
    assert_eq!(folder.run("leads.jsonl", &["--quiet"]).exits(0).err, "");
}

#[test]
fn outcomes_as_csv() {
    let folder = Folder::new();
    folder.file("leads.jsonl", LEADS);
    let done = folder.gradus(["run", "rules.gradus", "leads.jsonl", "--format", "csv"]).exits(0);
    let expected = "id,priority,member,fit.score,fit.grade,fit.coverage,profile\n\
                    L-1,P1,金牌,80,A,1,制造;ERP\n\
                    L-2,P2,普通,0,B,0,\n";
    assert_eq!(done.out, expected);
    folder.file("none.jsonl", "");
    let done = folder.gradus(["run", "rules.gradus", "none.jsonl", "--format", "csv"]).exits(0);
    assert_eq!(done.out, "id,priority,member,fit.score,fit.grade,fit.coverage,profile\n");
}

#[test]
fn outcomes_as_a_table_that_lines_up() {
    let folder = Folder::new();
    folder.file("leads.jsonl", format!("{LEADS}{{\"id\": \"\\u001b[31m红\"}}\n"));
    let done = folder.gradus(["run", "rules.gradus", "leads.jsonl"]).exits(0);
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(lines.len(), 5, "{}", done.out);
    let column = |line: &str, text: &str| {
        let before = &line[..line.find(text).expect("the cell")];
        unicode_width::UnicodeWidthStr::width(before)
    };
    assert_eq!(column(lines[0], "fit.score"), column(lines[2], "80"));
    assert_eq!(column(lines[0], "profile"), column(lines[2], "制造, ERP"));
    assert_eq!(column(lines[0], "member"), column(lines[4], "普通"));
    assert!(!done.out.contains('\u{1b}'), "control characters of the data reach the terminal");
}

#[test]
fn a_table_of_many_rows() {
    let folder = Folder::new();
    folder.file("leads.jsonl", LEADS.repeat(500));
    let done = folder.gradus(["run", "rules.gradus", "leads.jsonl"]).exits(0);
    assert_eq!(done.out.lines().count(), 1002);
}

#[test]
fn to_a_file() {
    let folder = Folder::new();
    folder.file("leads.jsonl", LEADS);
    assert_eq!(folder.run("leads.jsonl", &["-o", "out.jsonl"]).exits(0).out, "");
    assert_eq!(folder.read("out.jsonl").lines().count(), 2);
    // last outcomes may be replaced by the new ones
    folder.run("leads.jsonl", &["--previous", "out.jsonl", "-o", "out.jsonl"]).exits(0);
    assert_eq!(folder.read("out.jsonl").lines().count(), 2);
    folder.run("leads.jsonl", &["-o", "no/such/folder.jsonl"]).exits(2).says("folder.jsonl");
    #[cfg(unix)]
    folder.run("leads.jsonl", &["-o", "/dev/null"]).exits(0);
}

#[test]
fn instants_and_zones() {
    let folder = Folder::new();
    folder.file("leads.jsonl", "{\"id\": \"L-1\", \"last_contact\": \"2026-11-20T20:00:00Z\"}\n");
    let at = |arguments: &[&str]| {
        let fixed = ["run", "rules.gradus", "leads.jsonl", "--format", "jsonl"];
        folder.gradus(fixed.iter().chain(arguments))
    };
    for (given, found) in [
        (&["--at", "2026-11-21T09:00:00+08:00"][..], "2026-11-21T01:00:00Z"),
        (&["--at", "2026-11-21T09:00:00Z"], "2026-11-21T09:00:00Z"),
        (&["--at", "2026-11-21T09:00:00"], "2026-11-21T09:00:00Z"),
        (&["--at", "2026-11-21T09:00:00", "--zone", "Asia/Shanghai"], "2026-11-21T01:00:00Z"),
        (&["--at", "2026-11-21 09:00", "--zone", "Asia/Shanghai"], "2026-11-21T01:00:00Z"),
        (&["--at", "2026-11-21", "--zone", "Asia/Shanghai"], "2026-11-20T16:00:00Z"),
        (&["--at", "@2026-11-21"], "2026-11-21T00:00:00Z"),
        // midnight that does not exist: the day begins at one
        (&["--at", "2018-11-04", "--zone", "America/Sao_Paulo"], "2018-11-04T03:00:00Z"),
    ] {
        assert_eq!(at(given).exits(0).lines()[0]["at"], found, "{given:?}");
    }
    for wrong in ["yesterday", "2026-02-30", "2026-11-21T25:00:00", "21.11.2026", "2026-11-21T09:00:00+99:00", ""] {
        at(&["--at", wrong]).exits(2).says("no such instant");
    }
    at(&["--at", "2026-11-21", "--zone", "Mars/Olympus"]).exits(2).says("no such time zone");
    // without an instant it is now
    let now = at(&[]).exits(0).lines()[0]["at"].as_str().expect("an instant").to_owned();
    assert!(now.as_str() > "2025", "{now}");
}

#[test]
fn params() {
    let folder = Folder::new();
    folder.file("leads.jsonl", LEADS);
    let member = |params: &[&str]| folder.run("leads.jsonl", params).exits(0).lines()[0]["classes"]["member"].clone();
    assert_eq!(member(&[]), "金牌");
    assert_eq!(member(&["--param", "big=1万"]), "普通");
    folder.run("leads.jsonl", &["--param", "bgi=1"]).exits(2).says("unknown-param");
    folder.run("leads.jsonl", &["--param", "big=x"]).exits(2).says("invalid-param");
}

#[test]
fn last_outcomes() {
    let folder = Folder::new();
    folder.file("leads.jsonl", LEADS);
    folder.file("array.json", r#"[{"id": "L-9"}, {"id": " L-2 ", "classes": {"member": "金牌"}}]"#);
    folder.file("packed.jsonl.gz", gzip("{\"id\": \"L-2\", \"classes\": {\"member\": \"金牌\"}}\n"));
    folder.file("bad.jsonl", "{\"id\": \"L-2\", \"classes\": 5}\n{\"classes\": {}}\n{\"id\": \"L-2\", \"classes\": {\"member\": \"金牌\"}}\n");
    for file in ["array.json", "packed.jsonl.gz"] {
        let done = folder.run("leads.jsonl", &["--previous", file]).exits(0);
        assert_eq!(done.lines()[1]["classes"]["member"], "金牌", "{file}");
    }
    let done = folder.run("leads.jsonl", &["--previous", "bad.jsonl"]).exits(2);
    assert_eq!(done.lines()[1]["classes"]["member"], "金牌");
    done.says("bad.jsonl:1: ").says("bad.jsonl:2: an outcome without an id");
    folder.file("last.csv", "id,member\nL-2,金牌\n");
    folder.run("leads.jsonl", &["--previous", "last.csv"]).exits(2).says("last.csv: expected JSON");
    folder.run("leads.jsonl", &["--previous", "none.jsonl"]).exits(2).says("none.jsonl");
}

#[test]
fn an_outcome_is_a_last_outcome() {
    let folder = Folder::new();
    folder.file("leads.jsonl", LEADS);
    folder.run("leads.jsonl", &["-o", "last.jsonl"]).exits(0);
    folder.file("small.jsonl", "{\"id\": \"L-1\", \"employees\": 5}\n");
    let done = folder.run("small.jsonl", &["--previous", "last.jsonl"]).exits(0);
    assert_eq!(done.lines()[0]["classes"]["member"], "金牌");
}

#[test]
fn a_population() {
    let folder = Folder::new();
    folder.file("rank.gradus", "score rank { indicator r { always => 100 * percent_rank(employees) } }\n");
    folder.file("leads.csv", "id,employees\na,1\nb,2\nc,3\nd,4\n");
    folder.file("all.json", r#"[{"employees": 1}, {"employees": 2}, 5, {"employees": 3}, {"employees": 4}]"#);
    let rank = |more: &[&str]| folder.gradus(["run", "rank.gradus", "leads.csv", "--format", "csv"].iter().chain(more));
    let done = rank(&["--population", "leads.csv"]).exits(0);
    done.prints("a,0,").prints("c,50,").prints("d,75,");
    rank(&[]).exits(0).prints("d,0,");
    rank(&["--population", "all.json"]).exits(2).prints("d,75,").says("all.json:1:38: expected an object");
    rank(&["--population", "none.json"]).exits(2).says("none.json");
}

#[test]
fn rules_in_several_files() {
    let folder = Folder::new();
    folder.file("leads.jsonl", LEADS);
    folder.file("more.gradus", "tags more { fit.grade == \"A\" => \"best\" }\n");
    let done = folder.run("leads.jsonl", &["--rules", "more.gradus"]).exits(0);
    assert_eq!(done.lines()[0]["tags"]["more"][0], "best");
}

#[test]
fn rules_with_errors_or_absent() {
    let folder = Folder::new();
    folder.file("leads.jsonl", LEADS);
    folder.file("broken.gradus", "let = {\n");
    folder.gradus(["run", "broken.gradus", "leads.jsonl"]).exits(2).says("broken.gradus:1:");
    folder.gradus(["run", "none.gradus", "leads.jsonl"]).exits(2).says("none.gradus");
    folder.gradus(["run", "rules.gradus", "none.jsonl"]).exits(2).says("none.jsonl");
    folder.gradus(["run", "rules.gradus"]).exits(2).says("<LEADS>");
    folder.gradus(["run", "-", "-"]).exits(2).says("stdin can be only one");
}

#[test]
fn fifty_thousand_leads_through_a_pipe() {
    let folder = Folder::new();
    let mut leads = String::new();
    for number in 0..50_000 {
        let _ = writeln!(leads, "{{\"id\": \"L-{number}\", \"employees\": {}}}", number % 2000);
    }
    let done = folder.run_with("-", &[], &leads).exits(0).says("50000 leads evaluated");
    assert_eq!(done.out.lines().count(), 50_000);
    let last: serde_json::Value = serde_json::from_str(done.out.lines().last().expect("a line")).expect("JSON");
    assert_eq!((&last["id"], &last["scores"]["fit"]["grade"]), (&"L-49999".into(), &"A".into()));

    let array = format!("[{}]", leads.trim_end().replace('\n', ","));
    folder.file("leads.json.gz", gzip(array));
    let done = folder.run("leads.json.gz", &["-o", "out.jsonl"]).exits(0).says("50000 leads evaluated");
    assert_eq!(done.out, "");
    assert_eq!(folder.read("out.jsonl").lines().count(), 50_000);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let folder = Folder::new();
    let leads = folder.file("leads.jsonl", LEADS.repeat(20_000));
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["run", "--format", "jsonl"])
        .args([folder.path("rules.gradus"), leads])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let done = child.wait_with_output().expect("the command ends");
    assert_eq!((done.status.code(), String::from_utf8_lossy(&done.stderr).as_ref()), (Some(0), ""));
}
