//! Every rule file under `examples/rules` loads, passes its own tests, and is laid out as the formatter would.

use gradus::{Lead, Population, RuleSet};
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

/// What is measured and where it cuts, of five customers: one order each, a month apart, of 500, 300, 100, 60 and 40.
#[test]
fn presets_with_a_population_list_their_cut_offs() {
    let at = "2026-11-21T01:00:00Z".parse().expect("an instant");
    let customer = |(months, amount): (usize, i64)| {
        let order = format!(r#"{{"purchases": [{{"at": "2026-{:02}-21", "amount": {amount}}}]}}"#, 11 - months);
        Lead::from_json(&order).expect("a lead")
    };
    let customers: Vec<Lead> = [500, 300, 100, 60, 40].into_iter().enumerate().map(customer).collect();
    let mut found = String::new();
    for (name, text) in presets() {
        let rules = load(&name, &text).expect("a preset loads");
        let population = Population::measure(&rules, &customers, &rules.at(at));
        let json = serde_json::to_string(&population).expect("JSON");
        assert_eq!(Population::from_json(&rules, &json).as_ref(), Ok(&population), "{name}");
        for cut in rules.cut_offs(&population).expect("its own population") {
            let _ = writeln!(found, "{name}: {cut}");
        }
    }
    let expected = "\
pareto.gradus: percent_rank(revenue) >= 0.8: from 500, not 300; 1 lead
pareto.gradus: cume_share(revenue) < 0.8: from 300, not 100; 2 leads
pareto.gradus: cume_share(revenue) < 0.95: from 60, not 40; 4 leads
rfm_quantiles.gradus: ntile(5, -recency) >= 2: from -92, not -123; 4 leads
rfm_quantiles.gradus: ntile(5, -recency) >= 3: from -61, not -92; 3 leads
rfm_quantiles.gradus: ntile(5, -recency) >= 4: from -31, not -61; 2 leads
rfm_quantiles.gradus: ntile(5, -recency) >= 5: from 0, not -31; 1 lead
rfm_quantiles.gradus: ntile(5, match buyer { true => frequency }) >= 2: none, not 1; 0 leads
rfm_quantiles.gradus: ntile(5, match buyer { true => frequency }) >= 3: none, not 1; 0 leads
rfm_quantiles.gradus: ntile(5, match buyer { true => frequency }) >= 4: none, not 1; 0 leads
rfm_quantiles.gradus: ntile(5, match buyer { true => frequency }) >= 5: none, not 1; 0 leads
rfm_quantiles.gradus: ntile(5, match buyer { true => monetary }) >= 2: from 60, not 40; 4 leads
rfm_quantiles.gradus: ntile(5, match buyer { true => monetary }) >= 3: from 100, not 60; 3 leads
rfm_quantiles.gradus: ntile(5, match buyer { true => monetary }) >= 4: from 300, not 100; 2 leads
rfm_quantiles.gradus: ntile(5, match buyer { true => monetary }) >= 5: from 500, not 300; 1 lead
";
    assert_eq!(found, expected);
}
