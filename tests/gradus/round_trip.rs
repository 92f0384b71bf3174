//! Print and parse, format twice, and what the fingerprint takes notice of.

use crate::scene::{load as load_scene, numbered};
use crate::support::{load, read, shared};
use gradus::RuleSet;
use gradus::syntax::{self, ast::RuleFile};

#[test]
fn generated_trees_survive_printing() {
    let mut trees = 0;
    for number in 0..600 {
        for file in numbered(number).files {
            let printed = syntax::print(&file);
            let parsed =
                syntax::parse_file("rules", &printed).unwrap_or_else(|error| panic!("scene {number}: {error}"));
            assert_eq!(parsed, file, "scene {number}:\n{printed}");
            assert_eq!(syntax::print(&parsed), printed, "scene {number}");
            let formatted = syntax::format("rules", &printed).unwrap();
            assert_eq!(syntax::format("rules", &formatted).unwrap(), formatted, "scene {number}");
            trees += 1;
        }
    }
    println!("{trees} trees");
}

/// The same rules, with what does not count written differently.
fn disguised(text: &str) -> String {
    let blank = text.replace('\n', "\r\n\r\n  ").replace(" => ", "\t=>\t");
    format!("// a comment\r\n{blank}\r\n// the end, without a line break")
}

#[test]
fn fingerprints_of_generated_rules_do_not_depend_on_layout_and_order() {
    let mut compared = 0;
    for number in 0..200 {
        let scene = numbered(number);
        if scene.files.len() != 1 || !scene.params.is_empty() || scene.zone.is_some() {
            continue;
        }
        let rules = load_scene(&scene, &scene.files).unwrap();
        let printed = syntax::print(&scene.files[0]);
        assert_eq!(load(&syntax::format("rules", &printed).unwrap()).fingerprint(), rules.fingerprint());
        assert_eq!(load(&disguised(&printed)).fingerprint(), rules.fingerprint(), "scene {number}");
        let mut turned: RuleFile = scene.files[0].clone();
        let is_header = |item: &syntax::ast::Item| {
            use syntax::ast::Item::{Placeholders, Ruleset, Zone};
            matches!(item, Ruleset(_) | Zone(_) | Placeholders(_))
        };
        let headers = turned.items.iter().take_while(|item| is_header(item)).count();
        turned.items[headers..].reverse();
        assert_eq!(load(&syntax::print(&turned)).fingerprint(), rules.fingerprint(), "scene {number}");
        compared += 1;
    }
    assert!(compared >= 10, "only {compared}");
}

#[test]
fn shared_rule_files_survive_formatting() {
    let Some(shared) = shared() else { return };
    let mut files = 0;
    for entry in std::fs::read_dir(shared.join("rules")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "gradus") {
            let text = read(&path);
            let formatted = syntax::format("rules", &text).unwrap();
            assert_eq!(syntax::format("rules", &formatted).unwrap(), formatted, "{}", path.display());
            let (before, after) = (load(&text), load(&formatted));
            assert_eq!(before.fingerprint(), after.fingerprint(), "{}", path.display());
            assert_eq!(text.matches("//").count(), formatted.matches("//").count(), "{}", path.display());
            files += 1;
        }
    }
    assert_eq!(files, 11);
}

const RULES: &str = r#"ruleset "a" version "1"
field stage : ordered choice { "new", "won" }
param cut : int = 5
score fit "Fit" { indicator size "Size" weight 100% { employees > cut => 50_000 } grades { [1..] => "A", [..1) => "B" } }
tags t { (stage >= "won") => "done", employees in { 5, 7 } => "odd" }
test "t" at @2026-01-01 { given { employees: 6 } expect fit.grade == "A" }
"#;

#[test]
fn a_fingerprint_leaves_out_what_does_not_count() {
    let same = [
        ("ruleset \"a\" version \"1\"", "ruleset \"b\" version \"2\""),
        ("ruleset \"a\" version \"1\"\n", ""),
        ("\"Fit\"", "\"Match\""),
        ("\"Size\"", ""),
        ("50_000", "5万"),
        ("(stage >= \"won\")", "stage >= \"won\""),
        ("[..1)", "(..1)"),
        ("employees: 6", "employees: 7"),
        ("param cut", "// why\nparam cut"),
    ];
    let fingerprint = load(RULES).fingerprint().to_owned();
    for (from, to) in same {
        let changed = RULES.replace(from, to);
        assert_ne!(changed, RULES);
        assert_eq!(load(&changed).fingerprint(), fingerprint, "{from} → {to}");
    }
}

#[test]
fn a_fingerprint_takes_notice_of_meaning() {
    let different = [
        ("{ \"new\", \"won\" }", "{ \"won\", \"new\" }"),
        ("\"new\"", "\"New\""),
        ("int = 5", "int = 6"),
        ("int = 5", "decimal = 5"),
        ("> cut", ">= cut"),
        ("50_000", "50_001"),
        ("[1..] => \"A\", [..1) => \"B\"", "[2..] => \"A\", [..2) => \"B\""),
        ("\"done\"", "\"Done\""),
        ("{ 5, 7 }", "{ 5, 8 }"),
        ("field stage", "zone \"Asia/Shanghai\" field stage"),
        ("field stage", "missing as { \"-\" } field stage"),
        ("score fit \"Fit\"", "score fit \"Fit\" when contacted"),
        ("weight 100%", ""),
    ];
    let mut seen = vec![load(RULES).fingerprint().to_owned()];
    for (from, to) in different {
        let changed = RULES.replace(from, to);
        assert_ne!(changed, RULES);
        let fingerprint = load(&changed).fingerprint().to_owned();
        assert!(!seen.contains(&fingerprint), "{from} → {to}");
        seen.push(fingerprint);
    }
    let with_param = RuleSet::builder().source("rules", RULES).param("cut", 6).build().unwrap();
    assert_ne!(with_param.fingerprint(), seen[0]);
}
