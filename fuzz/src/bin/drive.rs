//! The targets without libFuzzer: a seeded loop, for machines that have only stable Rust.
//!
//! `cargo run --release --bin drive -- TARGET SECONDS [FIRST_SEED]`. A failure prints its seed; the same seed gives the
//! same bytes on every machine. Texts are generated rule files (or leads) with a few characters and pieces exchanged.

use gradus::syntax;
use gradus_testkit::seed;
use gradus_testkit::strategy::scene;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (target, seconds, first) = match arguments.as_slice() {
        [target, seconds] => (target, seconds, "0"),
        [target, seconds, first] => (target, seconds, first.as_str()),
        _ => panic!("usage: drive parse|load_and_evaluate|format_round_trip|lead_json SECONDS [FIRST_SEED]"),
    };
    let run: fn(&[u8]) = match target.as_str() {
        "parse" => |bytes| gradus_fuzz::parse(rules(bytes, true).as_bytes()),
        "load_and_evaluate" => gradus_fuzz::load_and_evaluate,
        "format_round_trip" => |bytes| gradus_fuzz::format_round_trip(rules(bytes, bytes[0] % 4 == 0).as_bytes()),
        "lead_json" => |bytes| gradus_fuzz::lead_json(lead(bytes).as_bytes()),
        other => panic!("no target is called {other}"),
    };
    let end = Instant::now() + Duration::from_secs(seconds.parse().expect("a number of seconds"));
    let first: u64 = first.parse().expect("a seed");
    let (mut next, mut failed) = (first, 0_u32);
    while Instant::now() < end && failed < 5 {
        // from almost nothing to plenty
        let length = usize::try_from(next % 16 * 400 + 16).unwrap_or_default();
        let bytes = seed::bytes(next, length);
        if catch_unwind(AssertUnwindSafe(|| run(&bytes))).is_err() {
            println!("^^^ seed {next} of {target}\n");
            failed += 1;
        }
        next += 1;
    }
    println!("{target}: {} seeds from {first} on, {failed} failed", next - first);
    std::process::exit(i32::from(failed > 0));
}

/// What rule files are made of, and what people type by mistake.
const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "=>",
    "==",
    "=",
    "<",
    ">=",
    "..",
    ".",
    "|",
    "_",
    "%",
    "-",
    "*",
    "/",
    "\"",
    "r\"",
    "@2026-11-21",
    "@",
    "5万",
    "0.000000000001",
    "99999999999999999999",
    "and",
    "or",
    "not ",
    "in",
    "match",
    "otherwise",
    "always",
    "missing",
    "present",
    "is",
    "when",
    "on",
    "where",
    "of",
    "by",
    "of",
    "skip",
    "grades",
    "indicator",
    "score s {",
    "tags t {",
    "classify c {",
    "field f : ",
    "let x = ",
    "//",
    "\n",
    "，",
    "；",
    "“",
    "”",
    "（",
    "≥",
    "\u{feff}",
    "\u{200b}",
    "\\",
    "é",
    "e\u{301}",
    "𠀋",
    "previous.",
    "today",
    "within last",
    "days",
    "count(",
    "sum(",
    ".at",
];

/// A generated rule file, now and then damaged.
fn rules(bytes: &[u8], damaged: bool) -> String {
    let (decisions, bytes) = bytes.split_at(8);
    let Ok(scene) = scene(bytes) else { return String::new() };
    let text: String = scene.files.iter().map(syntax::print).collect();
    if damaged { damage(text, decisions) } else { text }
}

/// A generated lead, now and then damaged.
fn lead(bytes: &[u8]) -> String {
    let (decisions, bytes) = bytes.split_at(8);
    let Ok(scene) = scene(bytes) else { return String::new() };
    let text = scene.leads.first().map(ToString::to_string).unwrap_or_default();
    if decisions[7] % 3 == 0 { text } else { damage(text, decisions) }
}

/// Up to three edits: a piece put in, a stretch taken out or repeated.
fn damage(mut text: String, decisions: &[u8]) -> String {
    let mut state = decisions.iter().fold(1_u64, |state, &byte| state.rotate_left(8) ^ u64::from(byte));
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % below.max(1)
    };
    for _ in 0..=next(3) {
        let start = boundary(&text, next(text.len() + 1));
        let end = boundary(&text, (start + next(12)).min(text.len()));
        match next(3) {
            0 => text.insert_str(start, PIECES[next(PIECES.len())]),
            1 => text.replace_range(start..end, ""),
            _ => text.replace_range(start..end, PIECES[next(PIECES.len())]),
        }
    }
    text
}

/// The character that an offset is in.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset).rev().find(|&offset| text.is_char_boundary(offset)).unwrap_or_default()
}
