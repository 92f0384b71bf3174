//! Every row of `shared/rules/README.md`: outcomes equal to the expected ones, byte for byte where they count.

use crate::{Folder, gradus};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Rules, leads, instant, whether the leads are their own population, whether there are last outcomes. The zones are
/// those of the files.
const ROWS: [(&str, &str, &str, bool, bool); 12] = [
    ("x_education", "x_education", MORNING, false, false),
    ("x_education", "x_education.fuzz", MORNING, true, false),
    ("rfm_orders", "rfm_orders", "2006-12-31T12:00:00+08:00", false, false),
    ("rfm_orders", "rfm_orders.fuzz", MORNING, true, false),
    ("bant", "bant.fuzz", MORNING, true, false),
    ("spin", "spin.fuzz", MORNING, true, false),
    ("zhike", "zhike.fuzz", MORNING, true, false),
    ("youpu", "youpu.fuzz", MORNING, true, false),
    ("semantics", "semantics.fuzz", MORNING, true, true),
    ("conditions", "conditions.fuzz", MORNING, true, false),
    ("numbers", "numbers.fuzz", MORNING, true, false),
    ("language_1", "language_1.fuzz", MORNING, true, true),
];
const MORNING: &str = "2026-11-21T09:00:00+08:00";

/// The shared folder, when it is there.
fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("GRADUS_SHARED").map_or(beside, PathBuf::from);
    let found = folder.join("rules").is_dir();
    #[expect(clippy::print_stderr, reason = "whoever runs the tests should know what was skipped")]
    if !found {
        eprintln!("skipped: there is no shared folder at {}; set GRADUS_SHARED", folder.display());
    }
    found.then_some(folder)
}

#[test]
fn outcomes_are_the_expected_ones() {
    let Some(shared) = shared() else { return };
    let folder = Folder::new();
    for (rules, leads, at, population, previous) in ROWS {
        let rules = shared.join(format!("rules/{rules}.gradus"));
        let leads_file = shared.join(format!("leads/{leads}.jsonl.gz"));
        let mut command = gradus_arguments(&rules, &leads_file, at);
        if population {
            command.extend(["--population".into(), leads_file.clone()]);
        }
        if previous {
            command.extend(["--previous".into(), shared.join(format!("leads/{leads}.previous.jsonl.gz"))]);
        }
        let done = gradus(folder.0.path(), &command, b"").exits(0);
        let expected = lines(&shared.join(format!("expected/{leads}.jsonl.gz")));
        let found = done.lines();
        assert_eq!(found.len(), expected.len(), "{leads}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(what_counts(found), what_counts(expected), "{leads}");
        }
    }
}

#[test]
fn csv_says_the_same() {
    let Some(shared) = shared() else { return };
    let folder = Folder::new();
    for name in ["numbers", "zhike"] {
        let rules = shared.join(format!("rules/{name}.gradus"));
        let leads = shared.join(format!("leads/{name}.fuzz.jsonl.gz"));
        let mut command = gradus_arguments(&rules, &leads, MORNING);
        command.extend(["--format".into(), "csv".into(), "--population".into(), leads]);
        command.drain(3..5);
        let done = gradus(folder.0.path(), &command, b"").exits(0);
        let mut reader = csv::Reader::from_reader(done.out.as_bytes());
        let header = reader.headers().expect("a header").clone();
        let expected = lines(&shared.join(format!("expected/{name}.fuzz.jsonl.gz")));
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), expected.len());
        for (row, expected) in rows.iter().zip(&expected) {
            for (column, cell) in header.iter().zip(row) {
                assert_eq!(cell, cell_of(expected, column), "{name} {} {column}", expected["id"]);
            }
        }
    }
}

/// What an outcome says in a column.
fn cell_of(outcome: &Value, column: &str) -> String {
    let value = match column.split_once('.') {
        _ if column == "id" => &outcome["id"],
        Some((score, part)) => &outcome["scores"][score][part],
        None if outcome["classes"].get(column).is_some() => &outcome["classes"][column],
        None => &outcome["tags"][column],
    };
    match value {
        Value::Array(tags) => tags.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(";"),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

#[test]
fn rule_files_check_and_their_tests_pass() {
    let Some(shared) = shared() else { return };
    let folder = Folder::new();
    let mut files: Vec<&str> = ROWS.iter().map(|row| row.0).chain(["language_2"]).collect();
    files.dedup();
    let files: Vec<PathBuf> = files.iter().map(|name| shared.join(format!("rules/{name}.gradus"))).collect();
    let with = |command: &str| std::iter::once(PathBuf::from(command)).chain(files.clone()).collect::<Vec<_>>();
    gradus(folder.0.path(), with("check"), b"").exits(0);
    gradus(folder.0.path(), with("test"), b"").exits(0).prints("75 passed, 0 failed");
}

fn gradus_arguments(rules: &Path, leads: &Path, at: &str) -> Vec<PathBuf> {
    let mut arguments: Vec<PathBuf> = vec!["run".into(), rules.into(), leads.into()];
    arguments.extend(["--format", "jsonl", "--at", at].map(PathBuf::from));
    arguments
}

/// The parts of an outcome that are compared.
fn what_counts(outcome: &Value) -> Value {
    json!([outcome["id"], outcome["classes"], outcome["scores"], outcome["tags"]])
}

fn lines(file: &Path) -> Vec<Value> {
    let reader = BufReader::new(GzDecoder::new(File::open(file).expect("expected outcomes")));
    reader.lines().map(|line| serde_json::from_str(&line.expect("a line")).expect("JSON")).collect()
}
