//! How long it takes to find what would bring a lead to the next better grade: on the 9,240 leads of an online course
//! seller, each lead once for each of two scores.
//!
//! The data is looked for in `../shared`, or in `$GRADUS_SHARED`; without it there is nothing to measure.

#![expect(clippy::panic, reason = "a bench fails loudly")]
#![expect(clippy::print_stdout, reason = "its table is what it is for")]

use flate2::read::GzDecoder;
use gradus::paths::{Goal, Paths};
use gradus::{At, Lead, RuleSet};
use jiff::tz::TimeZone;
use std::fs::File;
use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The scores, with their grades from the worst to the best.
const LADDERS: &[(&str, &[&str])] = &[("fit", &["D", "C", "B", "A"]), ("engagement", &["cold", "warm", "hot"])];

fn main() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("GRADUS_SHARED").map_or_else(beside, PathBuf::from);
    if !shared.join("rules").is_dir() {
        println!("skipped: no folder {}; set GRADUS_SHARED to the folder of shared data", shared.display());
        return;
    }
    let text = std::fs::read_to_string(shared.join("rules/x_education.gradus"));
    let rules = RuleSet::parse(&text.unwrap_or_else(|error| panic!("{error}")));
    let rules = rules.unwrap_or_else(|error| panic!("{error}"));
    let zone = TimeZone::get("Asia/Kolkata").unwrap_or_else(|error| panic!("{error}"));
    let at = At::new("2026-11-21T01:00:00Z".parse().unwrap_or_else(|error| panic!("{error}")), zone);
    let leads = leads(&shared.join("leads/x_education.jsonl.gz"));
    println!("{:<12} {:>6} {:>10} {:>10} {:>10}  fields of the paths", "score", "leads", "median", "90 %", "longest");
    for (score, ladder) in LADDERS {
        let (mut times, mut sizes) = (Vec::new(), [0_usize; 6]);
        for lead in &leads {
            let Some(next) = next(&rules, lead, &at, score, ladder) else { continue };
            let goal = Goal::at_least(*score, next);
            let begun = Instant::now();
            let found = rules.paths_to(black_box(lead), &at, &goal);
            times.push(begun.elapsed());
            let found: Paths = found.unwrap_or_else(|error| panic!("{error}"));
            assert!(found.complete && !found.paths.is_empty(), "{goal}: {found:?}");
            sizes[found.paths[0].changes.len().min(5)] += 1;
        }
        times.sort_unstable();
        let part = |percent: usize| shown(times[(times.len() - 1) * percent / 100]);
        println!("{score:<12} {:>6} {:>10} {:>10} {:>10}  {sizes:?}", times.len(), part(50), part(90), part(100));
    }
}

/// The next better grade; nothing when there is none.
fn next<'l>(rules: &RuleSet, lead: &Lead, at: &At, score: &str, ladder: &[&'l str]) -> Option<&'l str> {
    let outcome = rules.evaluate(lead, at);
    let grade = outcome.grade(score)?;
    let place = ladder.iter().position(|it| *it == grade)?;
    ladder.get(place + 1).copied()
}

fn shown(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}

fn leads(path: &Path) -> Vec<Lead> {
    let mut text = String::new();
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    GzDecoder::new(file).read_to_string(&mut text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| Lead::from_json(line).unwrap_or_else(|error| panic!("{line}: {error}"))).collect()
}
