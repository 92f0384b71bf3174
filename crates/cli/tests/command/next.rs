//! `gradus next`.

use crate::Folder;
use serde_json::json;

const LEADS: &str = "\
{\"id\": \"L-1\", \"last_contact\": \"2026-11-01\"}
nonsense
{\"id\": \"L-2\", \"employees\": 5000}
{\"last_contact\": \"2027-01-01\"}
";

#[test]
fn a_line_for_each_lead() {
    let folder = Folder::new();
    folder.file("leads.jsonl", LEADS);
    let done = folder.gradus(["next", "rules.gradus", "leads.jsonl", "--at", "2026-11-21T09:00:00Z"]).exits(2);
    let causes = json!({ "rules": false, "time": true, "data": false });
    let tag = |direction: &str, from: Option<&str>, to: Option<&str>| json!([{ "name": "profile", "part": "tag", "direction": direction, "from": from, "to": to, "causes": causes }]);
    let expected = [
        json!({ "id": "L-1", "at": "2026-12-01T00:00:00Z", "changes": tag("vanished", Some("近期"), None) }),
        json!({ "id": "L-2", "at": null, "changes": [] }),
        json!({ "id": null, "at": "2027-01-01T00:00:00Z", "changes": tag("appeared", None, Some("近期")) }),
    ];
    assert_eq!(done.lines(), expected);
    done.says("leads.jsonl:2:1: malformed JSON").says("3 leads, 2 change by time alone, 1 bad piece of input");
}

#[test]
fn in_the_zone_and_into_a_file() {
    let folder = Folder::new();
    folder.file("leads.csv", "id,last_contact\nL-1,2026-11-01\n");
    let next =
        ["next", "rules.gradus", "leads.csv", "--at", "2026-11-21", "--zone", "America/New_York", "-o", "next.jsonl"];
    let done = folder.gradus(next.iter().chain(&["--quiet"])).exits(0);
    assert!(done.out.is_empty() && done.err.is_empty(), "{}{}", done.out, done.err);
    let written = folder.read("next.jsonl");
    assert!(written.starts_with("{\"id\":\"L-1\",\"at\":\"2026-12-01T05:00:00Z\",\"changes\":[{"), "{written}");
}

#[test]
fn values_of_the_wrong_type() {
    let folder = Folder::new();
    folder.file("leads.csv", "id,last_contact,employees,industry\nL-1,2026-11-01,many,\nL-2,,5000,x\nL-3,soon,7,\n");
    let done = folder.gradus(["next", "rules.gradus", "leads.csv", "--at", "2026-11-21"]).exits(1);
    assert_eq!(done.lines().len(), 3);
    done.says("leads.csv:2: employees: ")
        .says("leads.csv:4: last_contact: ")
        .says("3 leads, 1 changes by time alone, 2 values of the wrong type or range, 1 label outside its list, ");
}

#[test]
fn a_search_that_ends_before_it_knows() {
    let folder = Folder::new();
    folder.file("rules.gradus", "tags t { day(today) == 30 and month(today) == 2 => \"t\" }\n");
    let next = ["next", "rules.gradus", "-", "--at", "2026-11-21"];
    let done = folder.gradus_with(next, "{\"id\": \"L-1\"}\n").exits(0);
    let lines = done.lines();
    let at = lines[0]["at"].as_str().expect("an instant");
    assert!(at > "3000-01-01T00:00:00Z", "{at}");
    assert_eq!(lines, [json!({ "id": "L-1", "at": at, "changes": [], "open": true })]);
    done.says("1 lead, 0 change by time alone, 1 not looked at to the end, ");
}

#[test]
fn rules_with_errors() {
    let folder = Folder::new();
    folder.file("broken.gradus", "let = {\n");
    folder.gradus_with(["next", "broken.gradus", "-"], "{}").exits(2).says("broken.gradus:1:");
}
