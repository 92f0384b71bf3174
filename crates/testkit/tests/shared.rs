//! The oracle against the acceptance data: every `test` block passes, every lead has the expected outcome.

#![expect(clippy::panic, clippy::print_stdout, reason = "a test says what it skips, and fails loudly")]

use flate2::read::GzDecoder;
use gradus::syntax::ast::{Item, RuleFile};
use gradus_testkit::{Json, Reference};
use jiff::Timestamp;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Rule file, leads, instant, zone, whether there is a population.
const RUNS: &[(&str, &str, &str, &str, bool)] = &[
    ("x_education", "x_education", "2026-11-21T09:00:00+08:00", "Asia/Kolkata", false),
    ("x_education", "x_education.fuzz", "2026-11-21T09:00:00+08:00", "Asia/Kolkata", true),
    ("rfm_orders", "rfm_orders", "2006-12-31T12:00:00+08:00", "Asia/Shanghai", false),
    ("rfm_orders", "rfm_orders.fuzz", "2026-11-21T09:00:00+08:00", "Asia/Shanghai", true),
    ("bant", "bant.fuzz", "2026-11-21T09:00:00+08:00", "Asia/Shanghai", true),
    ("spin", "spin.fuzz", "2026-11-21T09:00:00+08:00", "Asia/Shanghai", true),
    ("zhike", "zhike.fuzz", "2026-11-21T09:00:00+08:00", "Asia/Shanghai", true),
    ("youpu", "youpu.fuzz", "2026-11-21T09:00:00+08:00", "Asia/Shanghai", true),
    ("semantics", "semantics.fuzz", "2026-11-21T09:00:00+08:00", "Asia/Shanghai", true),
    ("conditions", "conditions.fuzz", "2026-11-21T09:00:00+08:00", "Asia/Shanghai", true),
    ("numbers", "numbers.fuzz", "2026-11-21T09:00:00+08:00", "America/Sao_Paulo", true),
    ("language_1", "language_1.fuzz", "2026-11-21T09:00:00+08:00", "Asia/Shanghai", true),
];

/// The folder of the acceptance data, if this machine has it.
fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("GRADUS_SHARED").map_or(beside, PathBuf::from);
    let found = Some(folder).filter(|folder| folder.join("rules").is_dir());
    if found.is_none() {
        println!("skipped: no acceptance data; set GRADUS_SHARED to its folder");
    }
    found
}

fn rules(path: &Path) -> RuleFile {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    gradus::syntax::parse_file(&name, &text).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

/// The lines of a packed file; none when there is no such file.
fn lines(path: &Path) -> Vec<Json> {
    let Ok(file) = File::open(path) else { return Vec::new() };
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| Json::parse(line).unwrap_or_else(|error| panic!("{line}: {error}"))).collect()
}

fn differences(expected: &Json, actual: &Json) -> Vec<String> {
    let mut found = Vec::new();
    for group in ["classes", "scores", "tags"] {
        for json in [expected, actual] {
            let Some(Json::Object(entries)) = json.get(group) else { continue };
            for (name, _) in entries {
                let of = |json: &Json| json.get(group).and_then(|group| group.get(name)).cloned();
                if of(expected) != of(actual) {
                    let show = |json: Option<Json>| json.map_or("nothing".to_owned(), |json| json.to_string());
                    found.push(format!("{group}.{name}: expected {}, got {}", show(of(expected)), show(of(actual))));
                }
            }
        }
    }
    found
}

#[test]
fn every_test_block_passes() {
    let Some(shared) = shared() else { return };
    let expected = lines(&shared.join("expected/tests.jsonl.gz"));
    let mut failures = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(shared.join("rules")).unwrap_or_else(|error| panic!("{error}")).flatten() {
        if entry.path().extension().is_none_or(|extension| extension != "gradus") {
            continue;
        }
        let file = rules(&entry.path());
        let reference = Reference::new(std::slice::from_ref(&file), &[]);
        for item in &file.items {
            let Item::Test(test) = item else { continue };
            count += 1;
            failures.extend(reference.run_test(test).err());
            let is_it = |line: &&Json| {
                line.get("file").and_then(Json::as_text) == entry.file_name().to_str()
                    && line.get("test").and_then(Json::as_text) == Some(&test.title.text)
            };
            match expected.iter().find(is_it).and_then(|line| line.get("outcome")) {
                None => failures.push(format!("{}: no expected outcome", test.title.text)),
                Some(outcome) => failures.extend(
                    differences(outcome, &reference.test_outcome(test))
                        .iter()
                        .map(|d| format!("{}: {d}", test.title.text)),
                ),
            }
        }
    }
    println!("{count} test blocks");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_lead_has_its_outcome() {
    let Some(shared) = shared() else { return };
    let mut failures = Vec::new();
    for (name, leads, at, zone, has_population) in RUNS {
        let reference = Reference::new(&[rules(&shared.join(format!("rules/{name}.gradus")))], &[]);
        let at: Timestamp = at.parse().unwrap_or_else(|error| panic!("{error}"));
        let all = lines(&shared.join(format!("leads/{leads}.jsonl.gz")));
        let by_id = |lines: Vec<Json>| -> HashMap<String, Json> {
            lines.into_iter().filter_map(|line| Some((line.get("id")?.as_text()?.to_owned(), line))).collect()
        };
        let previous = by_id(lines(&shared.join(format!("leads/{leads}.previous.jsonl.gz"))));
        let expected = by_id(lines(&shared.join(format!("expected/{leads}.jsonl.gz"))));
        let measured = has_population.then(|| reference.measure(&all, at, Some(zone)));
        let mut wrong = 0;
        for lead in &all {
            let id = lead.get("id").and_then(Json::as_text).unwrap_or_default();
            let outcome = reference.evaluate_measured(lead, at, Some(zone), previous.get(id), measured.as_ref());
            let expected = expected.get(id).unwrap_or_else(|| panic!("no expected outcome of {id}"));
            let found = differences(expected, &outcome);
            wrong += usize::from(!found.is_empty());
            if wrong <= 5 {
                failures.extend(found.iter().map(|difference| format!("{leads} {lead}\n    {difference}")));
            }
        }
        println!("{leads}: {} of {} leads equal", all.len() - wrong, all.len());
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
