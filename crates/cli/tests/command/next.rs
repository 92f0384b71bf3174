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
fn rules_with_errors() {
    let folder = Folder::new();
    folder.file("broken.gradus", "let = {\n");
    folder.gradus_with(["next", "broken.gradus", "-"], "{}").exits(2).says("broken.gradus:1:");
}
