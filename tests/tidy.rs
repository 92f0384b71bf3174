//! The invariants of the design that a look at the sources can enforce.

#![expect(clippy::panic, reason = "a test fails loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the library, each using only those above it.
const LAYERS: &[&str] = &[
    "source",
    "limits",
    "diagnostic",
    "value",
    "types",
    "operator", // what everything is made of
    "syntax",   // text ⇄ tree; knows no lead
    "lead",
    "time",
    "previous",
    "population", // what an evaluation is given
    "hir",
    "grid",
    "program",
    "access", // records of the host, read for a program
    "eval",   // the checked model, and what runs it
    "check",  // tree → model; folds constants by evaluating them
    "finding",
    "read_set",
    "loaded",
    "outcome",
    "transition",
    "prepared",
    "evaluator",
    "binding",
    "columns",
    "explain",  // what an evaluation says
    "paths",    // what would change it
    "analysis", // what all evaluations say, and leads that show it
    "rule_set",
    "versions",
    "measuring",
    "batch",
    "affected",
    "change",
    "report",
    "strategy",
    "docs",     // what a host sees
    "stations", // what the benches see
];

/// Who may not know whom, although the order of the layers would let it.
const STRANGERS: &[(&str, &str)] = &[
    ("lead", "syntax"),
    ("time", "syntax"),
    ("hir", "syntax"),
    ("grid", "syntax"),
    ("program", "syntax"),
    ("eval", "syntax"),
    ("explain", "syntax"),
    ("paths", "syntax"),
    ("analysis", "syntax"),
];

/// What has no place in the library: it panics, prints, or asks the machine instead of its caller.
const FORBIDDEN: &[&str] = &[
    ".unwrap()",
    ".expect(",
    "panic!(",
    "todo!(",
    "unimplemented!(",
    "unreachable!(",
    "dbg!(",
    "println!(",
    "eprintln!(",
    "Timestamp::now",
    "SystemTime",
    "Instant::now",
    "Zoned::now",
    "std::fs",
    "std::env",
    "std::net",
    "std::thread",
    "unsafe ",
    "thread_local!",
    "static mut",
    "RandomState",
    "#![allow",
];

/// A source file of the library, without comments and tests.
struct Source {
    /// Below `src`, with `/`.
    path: String,
    /// The first folder, or the file's name.
    module: String,
    text: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.unwrap_or_else(|error| panic!("{error}")).path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files of `src` that are no tests.
fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut paths = Vec::new();
    files(&src, &mut paths);
    let named = paths.into_iter().filter_map(|path| {
        let below = path.strip_prefix(&src).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let is_test = below.split(['/', '.']).any(|part| part == "tests" || part == "round_trip");
        (!is_test).then_some((below, path))
    });
    named
        .map(|(below, path)| {
            let module = below.split(['/', '.']).next().unwrap_or_default().to_owned();
            Source { text: code(&read(&path)), path: below, module }
        })
        .collect()
}

/// The code of a file up to its inline tests; comments, and what is quoted, become blank, so that lines keep their numbers.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = text.lines().map(|line| {
        let mut quoted = false;
        let mut kept = String::new();
        let mut rest = line.chars().peekable();
        while let Some(next) = rest.next() {
            match next {
                '"' => quoted = !quoted,
                '\\' if quoted => drop(rest.next()),
                // a quote as a character
                '\'' if !quoted && rest.peek() == Some(&'"') => drop(rest.next()),
                '/' if !quoted && rest.peek() == Some(&'/') => break,
                _ if quoted => {}
                other => kept.push(other),
            }
        }
        kept
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules that a file names after `crate::`.
fn used(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for after in text.split("crate::").skip(1) {
        // `pub(crate)` and the like have no `::`
        let names = match after.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![after],
        };
        for name in names {
            let name: String = name.trim().chars().take_while(|it| it.is_ascii_lowercase() || *it == '_').collect();
            found.insert(name);
        }
    }
    found
}

fn no_faults(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn modules_use_only_those_above_them() {
    let rank = |module: &str| LAYERS.iter().position(|layer| *layer == module);
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.module != "lib") {
        let Some(own) = rank(&source.module) else {
            faults.push(format!("{}: `{}` has no place among the layers of tests/tidy.rs", source.path, source.module));
            continue;
        };
        for other in used(&source.text).iter().filter(|other| **other != source.module) {
            if rank(other).is_some_and(|other| other > own) {
                faults.push(format!("{}: `{}` is below `{other}` and uses it", source.path, source.module));
            }
            if STRANGERS.contains(&(source.module.as_str(), other.as_str())) {
                faults.push(format!("{}: `{}` has no business with `{other}`", source.path, source.module));
            }
        }
    }
    no_faults(&faults);
}

#[test]
fn the_use_lines_are_read_rightly() {
    assert_eq!(code("let a = \"// x\"; // \"b\"\nlet c = '\"'; crate::d"), "let a = ; \nlet c = '; crate::d");
    let used = used("use crate::eval::{a, b}; crate::{lead, value::Text}; pub(crate) fn f() -> crate::Lead {}");
    assert_eq!(used.iter().map(String::as_str).collect::<Vec<_>>(), ["", "eval", "lead", "value"]);
}

#[test]
fn only_the_parser_names_pest() {
    let outside = |source: &&Source| !source.path.starts_with("syntax/parse") && source.text.contains("pest");
    let faults: Vec<String> = sources().iter().filter(outside).map(|source| source.path.clone()).collect();
    no_faults(&faults);
}

#[test]
fn nothing_panics_prints_or_asks_the_machine() {
    let mut faults = Vec::new();
    for source in sources() {
        for (number, line) in (1..).zip(source.text.lines()) {
            let found = FORBIDDEN.iter().filter(|forbidden| line.contains(**forbidden));
            faults.extend(found.map(|forbidden| format!("src/{}:{number}: {forbidden}", source.path)));
        }
    }
    no_faults(&faults);
}

/// Names that hold a `HashMap` or `HashSet`: by annotation, or by what they are set to.
fn hashed_names(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in text.lines() {
        for kind in ["HashMap", "HashSet"] {
            let Some((before, _)) = line.split_once(kind).filter(|_| !line.trim_start().starts_with("use ")) else {
                continue;
            };
            let before = before.trim_end_matches("std::collections::").trim_end();
            let Some(before) = before.strip_suffix([':', '=']) else { continue };
            let name: String =
                before.trim_end().chars().rev().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
            names.insert(name.chars().rev().collect());
        }
    }
    names
}

#[test]
fn nothing_depends_on_the_order_of_a_hash() {
    let mut faults = Vec::new();
    for source in sources() {
        for name in hashed_names(&source.text) {
            for (number, line) in (1..).zip(source.text.lines()) {
                let walks =
                    ["iter()", "keys()", "values()", "into_iter()", "drain("].map(|walk| format!("{name}.{walk}"));
                let loops = [
                    format!("in &{name} "),
                    format!("in {name} "),
                    format!("in self.{name} "),
                    format!("in &self.{name} "),
                ];
                if walks.iter().chain(&loops).any(|walk| line.contains(walk.as_str())) {
                    faults.push(format!("src/{}:{number}: walks `{name}`, whose order is random", source.path));
                }
            }
        }
    }
    no_faults(&faults);
}

#[test]
fn no_file_is_longer_than_five_hundred_lines() {
    let mut paths = Vec::new();
    files(&root().join("src"), &mut paths);
    let lengths = paths.iter().map(|path| (path, read(path).lines().count()));
    // the list of all constructs of the language is one list
    let may = |path: &Path| path.ends_with("syntax/ast.rs");
    let long = lengths.filter(|(path, length)| *length > 500 && !may(path));
    let faults: Vec<String> = long.map(|(path, length)| format!("{}: {length} lines", path.display())).collect();
    no_faults(&faults);
}

#[test]
fn every_file_says_what_it_is() {
    let mut paths = Vec::new();
    for folder in ["src", "tests", "benches", "examples", "crates"] {
        let folder = root().join(folder);
        if folder.is_dir() {
            files(&folder, &mut paths);
        }
    }
    let silent = paths.iter().filter(|path| !path.components().any(|it| it.as_os_str() == "target"));
    let silent =
        silent.filter(|path| !read(path).starts_with("//!") && !read(path).starts_with("#![doc = include_str!"));
    let faults: Vec<String> = silent.map(|path| format!("{}: no `//!` at its head", path.display())).collect();
    no_faults(&faults);
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = read(&root().join("Cargo.toml"));
    let mut sections: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut section = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if line.contains('=') && !line.starts_with('#') {
            sections.entry(section).or_default().push(line);
        }
    }
    let lines = sections.get("[dependencies]").cloned().unwrap_or_default();
    let faults: Vec<String> = lines.iter().filter(|line| !line.contains('#')).map(|line| (*line).to_owned()).collect();
    no_faults(&faults);
}
