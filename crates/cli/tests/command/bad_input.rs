//! Leads that are none, and values that cannot be read: reported with their place, while the rest go on.

use crate::{Done, Folder, gzip};

/// The ids of the outcomes.
fn ids(done: &Done) -> Vec<String> {
    done.lines().iter().map(|line| line["id"].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn lines_that_are_no_leads() {
    let folder = Folder::new();
    let good = |id: usize| format!("{{\"id\": \"{id}\"}}\n");
    for (bad, place) in [
        ("{\"id\": }", "leads.jsonl:2:8: malformed JSON"),
        ("{\"id\": \"x\"", "leads.jsonl:2:11: malformed JSON"),
        ("[1, 2]", "leads.jsonl:2:1: expected an object, found a list"),
        ("5", "leads.jsonl:2:1: expected an object, found a number"),
        ("null", "leads.jsonl:2:1: expected an object, found `null`"),
        ("{\"employees\": 5, \"employees\": 6}", "duplicate key in `employees`"),
        ("{\"products\": [\"a\", }", "in `products[1]`"),
        ("{\"id\": \"\\ud800\"}", "surrogate"),
        ("汽车", "leads.jsonl:2:1: malformed JSON"),
    ] {
        folder.file("leads.jsonl", format!("{}{bad}\n{}", good(1), good(3)));
        let done = folder.run("leads.jsonl", &[]).exits(2).says(place).says("1 bad piece of input");
        assert_eq!(ids(&done), ["1", "3"], "{bad}");
    }
}

#[test]
fn elements_that_are_no_leads() {
    let folder = Folder::new();
    for (text, place, good) in [
        ("[{\"id\": \"1\"},\n 5, {\"id\": \"3\"}]", "leads.json:2:2: expected an object", &["1", "3"][..]),
        ("[{\"id\": \"1\"},\n {\"id\": },\n {\"id\": \"3\"}]", "leads.json:2:9: malformed", &["1", "3"]),
        ("[{\"id\": \"1\"},\n\n {\n\"id\": }, {\"id\": \"3\"}]", "leads.json:4:7: malformed", &["1", "3"]),
        ("[{\"id\": \"1\"},, {\"id\": \"3\"},]", "leads.json:1:14: expected a lead", &["1", "3"]),
        ("[{\"id\": \"1\"}, {\"id\": \"3\"},\n]", "leads.json:2:1: expected a lead", &["1", "3"]),
        ("[{\"id\": \"1\"}\n", "leads.json:2: the array does not end", &["1"]),
        ("[{\"id\": \"1\"}, {\"id\": \"2", "the array does not end", &["1"]),
        ("[{\"id\": \"1\"}]\n[{\"id\": \"2\"}]", "leads.json:2:1: there is more text", &["1"]),
        ("[{\"id\": \"1\"} {\"id\": \"2\"}]", "malformed JSON", &[]),
        ("{\"id\": \"1\"}, {\"id\": \"2\"}", "malformed JSON", &["1"]),
        ("{\"id\": \"1\"", "malformed JSON", &[]),
        ("nonsense", "malformed JSON", &[]),
    ] {
        folder.file("leads.json", text);
        let done = folder.run("leads.json", &[]).exits(2).says(place);
        assert_eq!(ids(&done), good, "{text}");
    }
}

#[test]
fn rows_that_are_no_leads() {
    let folder = Folder::new();
    let header = "id,employees,company\n";
    for ending in ["\n", "\r\n"] {
        let text = format!("{header}1,5,x\n2,5\n3,5,x,y\n4,5,\"two\nlines\"\n\n5\n6,5,x\n").replace('\n', ending);
        folder.file("leads.csv", text);
        let done = folder.run("leads.csv", &[]).exits(2);
        assert_eq!(ids(&done), ["1", "4", "6"]);
        done.says("leads.csv:3: 2 cells where the header has 3")
            .says("leads.csv:4: 4 cells")
            .says("leads.csv:8: 1 cell");
    }
    folder.file("leads.csv", format!("{header}1,5,x\n2,5,\"x\n3,5,x\n"));
    let done = folder.run("leads.csv", &[]).exits(2).says("leads.csv:3: a quotation mark is not closed");
    assert_eq!(ids(&done), ["1"]);
}

#[test]
fn headers_that_are_none() {
    let folder = Folder::new();
    for (text, message) in [
        ("id,employees,id\n1,2,3\n", "leads.csv:1: two columns are called `id`"),
        ("caf\u{e9},cafe\u{301}\n1,2\n", "two columns are called"),
        ("id;employees\n1;2\n", "leads.csv:1: one column only"),
        ("", "leads.csv:1: no header"),
        ("\n\n", "leads.csv:1: no header"),
        ("\"id\n", "leads.csv:1: a quotation mark is not closed"),
    ] {
        folder.file("leads.csv", text);
        let done = folder.run("leads.csv", &[]).exits(2).says(message);
        assert_eq!(done.out, "");
    }
}

#[test]
fn text_that_is_not_utf8() {
    let folder = Folder::new();
    folder.file("a.jsonl", b"{\"id\": \"1\"}\n{\"id\": \"caf\xe9\"}\n{\"id\": \"3\"}\n");
    folder.file("a.json", b"[{\"id\": \"1\"},\n{\"id\": \"caf\xe9\"},\n{\"id\": \"3\"}]");
    folder.file("a.csv", b"id\n1\ncaf\xe9\n3\n");
    for (file, line) in [("a.jsonl", 2), ("a.json", 2), ("a.csv", 3)] {
        let done = folder.run(file, &[]).exits(2).says(&format!("{file}:{line}: not UTF-8"));
        assert_eq!(ids(&done), ["1", "3"]);
    }
    folder.file("header.csv", b"id,caf\xe9\n1,2\n");
    folder.run("header.csv", &[]).exits(2).says("header.csv:1: not UTF-8");
    folder.file("wide.csv", b"\xff\xfei\0d\0\n\0");
    folder.run("wide.csv", &[]).exits(2).says("UTF-16");
    folder.file("book.xlsx", b"PK\x03\x04 and so on");
    folder.run("book.xlsx", &[]).exits(2).says("save it as CSV");
}

#[test]
fn packed_files_that_are_cut_off() {
    let folder = Folder::new();
    let lines: String = (0..5000).map(|id| format!("{{\"id\": \"{}\"}}\n", id * 7919 % 5003)).collect();
    let packed = gzip(&lines);
    folder.file("cut.jsonl.gz", &packed[..packed.len() / 2]);
    let done = folder.run("cut.jsonl.gz", &[]).exits(2);
    assert!(!ids(&done).is_empty(), "what could be read is evaluated");
    done.says("cannot read any further");
}

#[test]
fn values_of_the_wrong_type() {
    let folder = Folder::new();
    for (field, value, message) in [
        ("employees", "\"many\"", "employees: expected int, found text `many`"),
        ("employees", "5.5", "employees: expected int"),
        ("employees", "1e400", "employees: expected int, found number `1e400`"),
        ("employees", "1234567890123456789012345678901234567890", "employees: expected int, found number"),
        ("deal_size", "1e400", "deal_size: expected decimal, found number `1e400`"),
        ("deal_size", "1234567890123456789012345678901234567890", "deal_size: expected decimal"),
        ("deal_size", "0.1234567890123", "deal_size: expected decimal"),
        ("deal_size", "{}", "deal_size: expected decimal, found an object"),
        ("last_contact", "\"2026-02-30\"", "last_contact: expected date, found text `2026-02-30`"),
        ("member_since", "\"21.11.2026\"", "member_since: expected date"),
        ("created_at", "\"2026-11-21T25:00:00Z\"", "created_at: expected datetime"),
        ("activities", "[{\"kind\": \"x\"}]", "activities[0].at: expected datetime, found nothing"),
        ("activities", "[{\"at\": \"2026-13-01\"}]", "activities[0].at: expected datetime"),
        ("activities", "[5]", "activities[0]: expected an object"),
        ("products", "7", "products: expected set of text"),
        ("id", "7", "id: expected code, found int `7`"),
    ] {
        let rules = format!(
            "{}let used = member_since is present or created_at is present or activities is present\n",
            crate::RULES
        );
        let rules = format!("{rules}tags all {{ used or deal_size > 5 or id is present => \"x\" }}\n");
        folder.file("rules.gradus", rules);
        folder.file("leads.jsonl", format!("{{\"id\": \"1\"}}\n{{\"{field}\": {value}}}\n"));
        let done = folder.run("leads.jsonl", &[]).exits(1).says(&format!("leads.jsonl:2: {message}"));
        let lines = done.lines();
        assert_eq!(lines.len(), 2);
        assert!(lines[1]["data_issues"][0]["message"].as_str().is_some_and(|it| it.starts_with("expected")));
        assert_ne!(lines[1]["data_issues"][0]["kind"], "unknown-label");
    }
}

#[test]
fn only_the_first_twenty_are_shown() {
    let folder = Folder::new();
    folder.file("leads.csv", format!("id,employees\n{}", "x,many\n".repeat(50)));
    let done = folder.run("leads.csv", &[]).exits(1).says("50 values of the wrong type");
    assert_eq!(done.err.matches("expected int").count(), 20, "{}", done.err);
    assert_eq!(done.out.lines().count(), 50);
}

#[test]
fn labels_outside_their_lists_are_everyday() {
    let folder = Folder::new();
    folder.file("leads.csv", "id,industry\n1,制造业\n2,航天\n3,渔业\n");
    let done = folder.run("leads.csv", &[]).exits(0).says("2 labels outside their lists");
    let issue = &done.lines()[1]["data_issues"][0];
    assert_eq!((&issue["path"], &issue["kind"]), (&"industry".into(), &"unknown-label".into()));
    assert!(!done.err.contains("航天"), "{}", done.err);
}

#[test]
fn the_worst_decides() {
    let folder = Folder::new();
    folder.file("leads.jsonl", "{\"id\": \"1\", \"employees\": \"many\"}\nnonsense\n{\"id\": \"3\"}\n");
    let done = folder.run("leads.jsonl", &[]).exits(2);
    assert_eq!(ids(&done), ["1", "3"]);
    done.says("leads.jsonl:1: employees")
        .says("leads.jsonl:2:1: malformed")
        .says("2 leads evaluated, 1 bad piece of input");
}

#[test]
fn a_lead_without_end_does_not_fill_the_memory() {
    let folder = Folder::new();
    folder.file("leads.jsonl", format!("{{\"id\": \"1\"}}\n{{\"id\": \"{}\n{{\"id\": \"3\"}}\n", "x".repeat(17 << 20)));
    let done = folder.run("leads.jsonl", &[]).exits(2).says("leads.jsonl:2: a lead of more than 16 MiB");
    assert_eq!(ids(&done), ["1", "3"]);
}

#[test]
fn nesting_is_refused_not_followed() {
    let folder = Folder::new();
    folder.file("leads.jsonl", format!("{{\"id\": {}\n{{\"id\": \"2\"}}\n", "[".repeat(1_000_000)));
    let done = folder.run("leads.jsonl", &[]).exits(2).says("leads.jsonl:1:").says("nest deeper");
    assert_eq!(ids(&done), ["2"]);
}

#[test]
fn bad_usage() {
    let folder = Folder::new();
    folder.file("leads.jsonl", "{}\n");
    folder.run("leads.jsonl", &["--input", "xml"]).exits(2).says("xml");
    folder.run("leads.jsonl", &["--unknown"]).exits(2).says("--unknown");
    folder.run(".", &[]).exits(2).says("directory");
}
