//! The formats of leads: all give the same outcomes.

use crate::{Folder, gzip};

const LINES: &str =
    "{\"id\": \"1\", \"employees\": 5000, \"company\": \"甲, 乙\"}\n{\"id\": \"2\", \"employees\": 5}\n";
const ARRAY: &str = "[\n  {\"id\": \"1\", \"employees\": 5000, \"company\": \"甲 ] , } \\\" 乙\"},\n  {\"id\": \"2\", \"employees\": 5}\n]\n";
const ROWS: &str = "id,employees,company\n1,5000,\"甲, \"\"乙\"\"\"\n2,5,\n";

fn grades(folder: &Folder, leads: &str, more: &[&str], stdin: &[u8]) -> Vec<String> {
    let done = folder.run_with(leads, more, stdin).exits(0);
    let grade =
        |line: &serde_json::Value| format!("{} {}", line["id"], line["scores"]["fit"]["grade"]).replace('"', "");
    done.lines().iter().map(grade).collect()
}

#[test]
fn by_extension_by_content_packed_and_by_flag() {
    let folder = Folder::new();
    for (extension, text) in [("jsonl", LINES), ("ndjson", LINES), ("json", ARRAY), ("json", LINES), ("csv", ROWS)] {
        let (plain, packed) = (format!("leads.{extension}"), format!("leads.{extension}.gz"));
        folder.file(&plain, text);
        folder.file(&packed, gzip(text));
        folder.file("leads", text);
        folder.file("leads.txt", gzip(text));
        for (file, stdin) in [(plain.as_str(), ""), (&packed, ""), ("leads", ""), ("leads.txt", ""), ("-", text)] {
            assert_eq!(grades(&folder, file, &[], stdin.as_bytes()), ["1 A", "2 B"], "{file} {text}");
        }
        assert_eq!(grades(&folder, "-", &[], &gzip(text)), ["1 A", "2 B"]);
    }
    for (format, text) in [("jsonl", LINES), ("json", ARRAY), ("json", LINES), ("csv", ROWS)] {
        folder.file("leads.dat", text);
        assert_eq!(grades(&folder, "leads.dat", &["--input", format], b""), ["1 A", "2 B"]);
    }
}

#[test]
fn a_bom_crlf_and_blank_lines() {
    let folder = Folder::new();
    for (file, text) in
        [("a.jsonl", LINES), ("a.json", ARRAY), ("a.csv", ROWS), ("a", LINES), ("a", ARRAY), ("a", ROWS)]
    {
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n\r\n"));
        folder.file(file, &windows);
        assert_eq!(grades(&folder, file, &[], b""), ["1 A", "2 B"], "{file}");
        folder.file(file, gzip(&windows));
        assert_eq!(grades(&folder, file, &[], b""), ["1 A", "2 B"], "{file}");
    }
}

#[test]
fn one_object_and_objects_one_after_another() {
    let folder = Folder::new();
    folder.file("one.json", "{\n  \"id\": \"1\",\n  \"employees\": 5000\n}\n");
    folder.file("two.json", "{\n  \"id\": \"1\",\n  \"employees\": 5000\n}\n{\"id\": \"2\", \"employees\": 5}");
    assert_eq!(grades(&folder, "one.json", &[], b""), ["1 A"]);
    assert_eq!(grades(&folder, "two.json", &[], b""), ["1 A", "2 B"]);
    assert_eq!(grades(&folder, "-", &[], folder.read("one.json").as_bytes()), ["1 A"]);
    for empty in ["[]", " [ ] ", "", "\n"] {
        folder.file("empty.json", empty);
        assert!(grades(&folder, "empty.json", &[], b"").is_empty());
    }
}

#[test]
fn numbers_keep_their_digits() {
    let folder = Folder::new();
    folder.file("exact.gradus", "score s { indicator i { always => deal_size } }\n");
    let digits = "1234567890123456.123456789012";
    folder.file("a.jsonl", format!("{{\"deal_size\": {digits}}}\n"));
    folder.file("a.json", format!("[{{\"deal_size\": {digits}}}]"));
    folder.file("a.csv", format!("deal_size\n{digits}\n"));
    for file in ["a.jsonl", "a.json", "a.csv"] {
        folder.gradus(["run", "exact.gradus", file, "--format", "csv"]).exits(0).prints(digits);
    }
}

#[test]
fn cells_are_read_as_their_fields_types() {
    let folder = Folder::new();
    let rules = r#"
        tags t {
          employees == 5 => "int", deal_size == 12.5 => "decimal", contacted => "bool",
          last_contact == @2026-11-01 => "date", created_at == @2026-11-01T00:00:00Z => "datetime",
          company == "x, y" => "text", email is missing => "blank", products contains all { "ERP", "CRM" } => "set",
          count(activities where .kind == "demo") == 1 => "list", title == "[VIP] x" => "bracket",
        }
    "#;
    folder.file("types.gradus", rules);
    let header = "id,employees,deal_size,contacted,last_contact,created_at,company,email,products,activities,title\n";
    let activities = r#""[{""kind"": ""demo"", ""at"": ""2026-11-01""}]""#;
    let row = format!(
        "a, 5 ,12.50,TRUE,2026-11-01,2026-11-01T08:00:00+08:00,\"x, y\",  ,\"[\"\"ERP\"\", \"\"CRM\"\"]\",{activities},[VIP] x\n"
    );
    folder.file("a.csv", format!("{header}{row}"));
    let done = folder.gradus(["run", "types.gradus", "a.csv", "--format", "csv"]).exits(0);
    assert!(done.out.ends_with("a,int;decimal;bool;date;datetime;text;blank;set;list;bracket\n"), "{}", done.out);
}

#[test]
fn columns_that_the_rules_do_not_know_are_named() {
    let folder = Folder::new();
    folder.file("a.csv", "id,employes,colour,\n1,5,red,\n");
    let done = folder.run("a.csv", &[]).exits(0);
    done.says("a.csv:1: unknown field `employes`: did you mean `employees`?")
        .says("1 column that the rules do not know: colour");
}
