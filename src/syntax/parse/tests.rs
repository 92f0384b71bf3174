//! The parser on real files, on slips, on hostile input.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it skips"
)]

use super::*;
use crate::syntax::ast::Item;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

mod recovery;
mod slips;
mod trees;

/// The folder with the language page and the acceptance files, when this checkout has one.
fn shared() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("GRADUS_SHARED")
        .map_or_else(|| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), Into::into);
    if folder.join("rules").is_dir() {
        return Some(folder);
    }
    println!("skipped: there is no folder {}", folder.display());
    None
}

fn parse_default(text: &str) -> Parsed {
    parse(SourceId(0), text, &Limits::default())
}

/// Every diagnostic in one line: code, message, underlined text, help.
fn told(text: &str) -> String {
    let mut out = String::new();
    for diagnostic in parse_default(text).diagnostics {
        let span = diagnostic.span();
        let _ = write!(out, "{}: {} <{}>", diagnostic.code, diagnostic.message, &text[span.range()]);
        if let Some(help) = &diagnostic.help {
            let _ = write!(out, " help: {help}");
        }
        out.push('\n');
    }
    out
}

#[track_caller]
fn clean(text: &str) -> Vec<Item> {
    let parsed = parse_default(text);
    assert!(parsed.diagnostics.is_empty(), "{text}\n{}", told(text));
    assert!(parsed.broken.is_empty());
    parsed.file.items
}

#[test]
fn every_shared_rule_file_parses() {
    let Some(folder) = shared() else { return };
    for entry in std::fs::read_dir(folder.join("rules")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "gradus") {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(!clean(&text).is_empty(), "{}", path.display());
            assert!(!clean(&text.replace('\n', "\r\n")).is_empty(), "{} with CRLF", path.display());
        }
    }
}

#[test]
fn every_block_of_the_language_page_parses() {
    let Some(folder) = shared() else { return };
    let page = std::fs::read_to_string(folder.join("LANGUAGE.md")).unwrap();
    let blocks: Vec<&str> = page.split("```gradus\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 2);
    for block in blocks {
        clean(block);
    }
}

/// Runs on a stack of 256 KiB, which is what hosts give their smallest threads.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 << 10).spawn(work).unwrap().join().unwrap();
}

#[test]
fn the_deepest_nesting_fits_a_small_stack() {
    on_a_small_stack(|| {
        let parens = format!("let a = {}1{}", "(".repeat(64), ")".repeat(64));
        assert_eq!(clean(&parens).len(), 1);
        let tables = format!("let a = {}1{}", "match { always => ".repeat(64), "}".repeat(64));
        assert_eq!(clean(&tables).len(), 1);
        let mixed = format!("let a = {}1{}", "(match x { 5 => f(1, -".repeat(21), ")})".repeat(21));
        assert_eq!(clean(&mixed).len(), 1);
        let lists = format!("test \"t\" {{ given {{ a: {}1{} }} }}", "{ b: ".repeat(61), " }".repeat(61));
        clean(&lists);
        let types = format!("field a : {}int{}", "list { a: ".repeat(64), "}".repeat(64));
        clean(&types);
    });
}

#[test]
fn nesting_past_the_limit_is_one_error() {
    on_a_small_stack(|| {
        for (open, close) in
            [("(", ")"), ("{", "}"), ("not (", ")"), ("not ", ""), ("- ", ""), ("not (not ", ")"), ("f(", "")]
        {
            for count in [66, 100_000] {
                let text = format!("let a = {}1{}\nlet b = 2", open.repeat(count), close.repeat(count));
                let parsed = parse_default(&text);
                let codes: Vec<Code> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
                assert_eq!(codes, [Code::NestingLimit], "{open}");
                assert_eq!(parsed.file.items.len(), 1);
            }
        }
        assert_eq!(clean(&format!("let a = {}b", "not ".repeat(64))).len(), 1);
        assert_eq!(clean(&format!("let a = 1 {}", "- 1 ".repeat(1000))).len(), 1);
    });
}

#[test]
fn long_chains_are_flat() {
    on_a_small_stack(|| {
        for joint in [" and ", " or ", " + ", " * "] {
            let items = clean(&format!("let a = {}", vec!["b"; 20_000].join(joint)));
            drop(items);
        }
    });
}

#[test]
fn noise_takes_linear_time() {
    let patterns = [
        "(",
        ")",
        "{ ",
        "} ",
        "\"",
        "a ",
        "=> ",
        "let a = (\n",
        "\u{1}",
        "，",
        "1 < ",
        "not ",
        "// \n",
        "@",
        "\\",
        "f(a, ",
        "in [",
        "a.b ",
    ];
    for pattern in patterns {
        let start = Instant::now();
        let parsed = parse_default(&pattern.repeat((2 << 20) / pattern.len()));
        assert!(!parsed.diagnostics.is_empty() || pattern == "// \n", "{pattern:?}");
        assert!(start.elapsed() < Duration::from_secs(30), "{pattern:?} took {:?}", start.elapsed());
        println!("{pattern:?}: {:?}", start.elapsed());
    }
    let mut state: u32 = 7;
    let mut random = String::new();
    while random.len() < 10 << 20 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        random.push(char::from(if state >> 28 == 0 { b'\n' } else { b' ' + u8::try_from(state >> 24).unwrap() % 95 }));
    }
    let start = Instant::now();
    assert!(!parse_default(&random).diagnostics.is_empty());
    println!("10 MB of noise: {:?}", start.elapsed());
}

#[test]
fn limits_are_errors() {
    let limits = Limits { source_bytes: 10, ..Limits::default() };
    assert_eq!(parse(SourceId(0), "let a = 12345", &limits).diagnostics[0].code, Code::SourceLimit);
    let limits = Limits { rules: 2, ..Limits::default() };
    let parsed = parse(SourceId(0), "let a = match { b => 1, c => 2, d => 3, e => 4 }", &limits);
    assert_eq!(parsed.diagnostics.len(), 1);
    assert_eq!(parsed.diagnostics[0].code, Code::SizeLimit);
}

#[test]
fn a_megabyte_of_rules_takes_a_moment() {
    let Some(folder) = shared() else { return };
    let text = std::fs::read_to_string(folder.join("rules/x_education.gradus")).unwrap();
    let text = text.repeat((1 << 20) / text.len());
    let start = Instant::now();
    clean(&text);
    println!("{} bytes: {:?}", text.len(), start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(30));
}
