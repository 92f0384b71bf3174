//! Every rule file under `examples/rules` loads, passes its own tests, and is laid out as the formatter would.

use gradus::RuleSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A preset with fewer tests than this leaves a boundary unshown.
const FEWEST_TESTS: usize = 4;

fn presets() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules");
    let entries = fs::read_dir(&folder).expect("the folder of presets is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("its entries can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "gradus"));
    paths.sort();
    let named = paths.iter().map(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).expect("a preset is readable"))
    });
    named.collect()
}

fn load(name: &str, text: &str) -> Result<RuleSet, String> {
    RuleSet::builder().source(name, text).build().map_err(|error| error.to_string())
}

/// What is wrong with a preset; empty when nothing is.
fn faults(name: &str, text: &str) -> String {
    let mut found = String::new();
    let rules = match load(name, text) {
        Ok(rules) => rules,
        Err(error) => return format!("{error}\n"),
    };
    let report = rules.run_tests();
    if report.tests.len() < FEWEST_TESTS {
        let _ = writeln!(found, "{name}: only {} tests", report.tests.len());
    }
    for test in &report.tests {
        for failure in &test.failures {
            let _ = writeln!(found, "{name}: `{}`: {failure}", test.title);
        }
    }
    if rules.name().is_none() || rules.version().is_none() {
        let _ = writeln!(found, "{name}: a rule set that a service loads has a name and a version");
    }
    match gradus::syntax::format(name, text) {
        Ok(formatted) if formatted == text => {}
        Ok(_) => found.push_str(&format!("{name}: not as the formatter would lay it out\n")),
        Err(error) => found.push_str(&format!("{error}\n")),
    }
    found
}

#[test]
fn every_preset_loads_passes_and_is_formatted() {
    let presets = presets();
    assert!(presets.len() >= 12, "presets are missing: {} found", presets.len());
    let faults: String = presets.iter().map(|(name, text)| faults(name, text)).collect();
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn every_preset_is_listed_in_the_readme() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules/README.md"));
    let readme = readme.expect("the presets have a README");
    for (name, _) in presets() {
        assert!(readme.contains(&format!("({name})")), "{name} is not in the README");
    }
}
