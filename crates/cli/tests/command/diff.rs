//! `gradus diff`.

use crate::{Folder, RULES};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.file("new.gradus", RULES.replace("[1000..) => 80, [..1000)", "[500..) => 80, [..500)"));
    folder.file(
        "same.gradus",
        RULES.replace("otherwise => \"P2\"", "not (fit.grade == \"A\") => \"P2\", otherwise => \"P2\""),
    );
    let leads = [100, 600, 700, 2000, 3000].map(|employees| format!("{{\"employees\": {employees}}}\n")).concat();
    folder.file("leads.jsonl", leads + "{}\n");
    folder
}

#[test]
fn proved_equal_or_shown() {
    let folder = folder();
    folder.gradus(["diff", "rules.gradus", "rules.gradus"]).exits(0).prints("equal for every lead: proved");
    folder.gradus(["diff", "rules.gradus", "same.gradus"]).exits(0).prints("equal for every lead: proved");
    let done = folder.gradus(["diff", "rules.gradus", "new.gradus"]).exits(1);
    done.prints("fit: grade B → A, up (rules)")
        .prints("priority: class P2 → P1, changed (rules)")
        .prints("  new: fit.size, line 6: [500..) => 80");
    folder.gradus(["diff", "rules.gradus", "none.gradus"]).exits(2).says("none.gradus");
    folder.file("bad.gradus", "tags {");
    folder.gradus(["diff", "rules.gradus", "bad.gradus"]).exits(2).says("the rules have errors");
}

#[test]
fn leads_that_move() {
    let folder = folder();
    let arguments = ["diff", "rules.gradus", "new.gradus", "--leads", "leads.jsonl", "--at", "2026-11-21"];
    let done = folder.gradus(arguments).exits(1);
    done.prints("6 leads, of which 2 have another outcome (33.3%)")
        .prints("B → A: 2 leads (33.3%)")
        .prints("  old: fit.size, line 6: [..1000) => 30: 2 leads");
    let done = folder.gradus(arguments.iter().chain(&["--format", "json"])).exits(1);
    let report: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    assert_eq!((&report["leads"]["count"], &report["leads"]["changed"]), (&6.into(), &2.into()));
    let matrices = report["leads"]["matrices"].as_array().expect("a list");
    assert_eq!(matrices.len(), 3, "{matrices:?}");
    for matrix in matrices {
        let steps = matrix["steps"].as_array().expect("a list");
        let leads: u64 = steps.iter().filter_map(|step| step["leads"].as_u64()).sum();
        assert_eq!(leads, 6, "{matrix}");
    }
}
