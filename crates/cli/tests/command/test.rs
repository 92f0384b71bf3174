//! `gradus test`.

use crate::{Folder, RULES};

const FAILING: &str = r#"
tags t { employees > 5 => "large" }
test "too small" at @2026-11-21 { given { employees: 3 } expect t contains "large" }
test "nobody knows" at @2026-11-21 { given { company: "x" } expect employees > 5 }
test "fine" at @2026-11-21 { given { employees: 9 } expect t contains "large" }
"#;

#[test]
fn passing_tests() {
    assert_eq!(Folder::new().gradus(["test", "rules.gradus"]).exits(0).out, "1 passed, 0 failed\n");
}

#[test]
fn a_line_per_failed_test_with_its_reasons() {
    let folder = Folder::new();
    folder.file("failing.gradus", FAILING);
    let done = folder.gradus(["test", "failing.gradus", "rules.gradus"]).exits(1);
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", done.out);
    assert!(lines[0].starts_with("failing.gradus:3: \"too small\" failed: "), "{}", lines[0]);
    assert!(lines[1].contains("is unknown because `employees` is missing"), "{}", lines[1]);
    assert_eq!(lines[2], "2 passed, 2 failed");
}

#[test]
fn as_json() {
    let folder = Folder::new();
    folder.file("failing.gradus", FAILING);
    folder.file("broken.gradus", "let = {\n");
    let done = folder.gradus(["test", "failing.gradus", "broken.gradus", "--format", "json"]).exits(1);
    let found: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    assert_eq!((&found[0]["passed"], &found[0]["failed"]), (&1.into(), &2.into()));
    assert_eq!(found[0]["tests"][1]["failures"][0]["unknown"], true);
    assert_eq!(found[1]["file"], "broken.gradus");
    assert_eq!(found[1]["errors"][0]["line"], 1);
}

#[test]
fn a_file_without_tests_says_so_and_one_with_errors_fails() {
    let folder = Folder::new();
    folder.file("none.gradus", "let a = employees > 5\n");
    folder.file("broken.gradus", "let = {\n");
    folder.gradus(["test", "none.gradus"]).exits(0).prints("none.gradus: no tests").prints("0 passed, 0 failed");
    folder.gradus(["test", "broken.gradus", "rules.gradus"]).exits(1).prints("error[").prints("1 passed, 0 failed");
    folder.gradus(["test", "absent.gradus", "rules.gradus"]).exits(2).says("absent.gradus").prints("1 passed");
}

#[test]
fn tests_in_a_file_of_their_own() {
    let folder = Folder::new();
    let (rules, test) = RULES.split_at(RULES.find("test \"large\"").expect("the test"));
    folder.file("only_rules.gradus", rules);
    folder.file("only_tests.gradus", test);
    folder.gradus(["test", "--together", "only_rules.gradus", "only_tests.gradus"]).exits(0).prints("1 passed");
    folder.gradus(["test", "only_rules.gradus", "only_tests.gradus"]).exits(1);
}
