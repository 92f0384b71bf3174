//! Mistakes put into copies of the presets, and whether loading finds them.

use crate::mistakes::{MISTAKES, Mistake};
use crate::support::{golden, read};
use gradus::diagnostic::{Severity, render};
use gradus::{Diagnostic, RuleSet};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

/// A preset without its tests: some of them would notice.
fn preset(name: &str) -> String {
    let text = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/rules/{name}.gradus")));
    text.split_once("\ntest ").map_or(text.clone(), |(rules, _)| rules.to_owned())
}

/// A copy of the preset with the mistake in it, and what of it has to be underlined: in the edit, if it is there.
fn with(mistake: &Mistake) -> (String, Range<usize>) {
    let text = preset(mistake.preset);
    assert_eq!(text.matches(mistake.right).count(), 1, "{}: `{}`", mistake.name, mistake.right);
    let edit = text.find(mistake.right).unwrap();
    let text = text.replace(mistake.right, mistake.wrong);
    let (before, rest) = mistake.place.split_once('«').unwrap_or(("", mistake.place));
    let (underlined, after) = rest.split_once('»').unwrap_or((rest, ""));
    let place = [before, underlined, after].concat();
    let within = mistake.wrong.find(&place).map(|place| edit + place);
    let start = within.or_else(|| text.find(&place)).unwrap_or_else(|| panic!("{}: no `{place}`", mistake.name));
    let start = start + before.len();
    (text, start..start + underlined.len())
}

#[test]
fn mistakes_have_names_of_their_own() {
    let names: BTreeSet<&str> = MISTAKES.iter().map(|mistake| mistake.name).collect();
    assert_eq!(names.len(), MISTAKES.len());
    assert!(MISTAKES.len() >= 30, "{}", MISTAKES.len());
}

#[test]
fn loading_refuses_rules_that_disagree_and_nothing_else() {
    for mistake in MISTAKES {
        let (text, span) = with(mistake);
        let loaded = RuleSet::parse(&text);
        let errors: Vec<&Diagnostic> =
            loaded.as_ref().err().map_or(Vec::new(), |error| error.diagnostics().iter().collect());
        if mistake.code == "overlap" {
            let [error] = errors.as_slice() else { panic!("{}: {errors:?}", mistake.name) };
            assert_eq!(error.code.slug(), mistake.code, "{}", mistake.name);
            assert_eq!(error.labels[0].span.range(), span, "{}: {error:?}", mistake.name);
        } else {
            assert!(errors.is_empty(), "{}: {errors:?}", mistake.name);
        }
    }
}

/// What is found in a copy with a mistake, errors or findings, with the leads that show it.
fn shown(text: &str) -> String {
    let rules = match RuleSet::parse(text) {
        Ok(rules) => rules,
        Err(error) => return error.to_string(),
    };
    let shown = rules.findings().iter().map(|found| {
        let witness = found.witness().map_or_else(String::new, |witness| format!("\n{witness}\n"));
        format!("{}{witness}", render(rules.sources(), found.diagnostic()))
    });
    shown.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_mistake_is_found_where_it_is() {
    let mut faults = Vec::new();
    for mistake in MISTAKES {
        let (text, span) = with(mistake);
        if let Ok(rules) = RuleSet::parse(&text) {
            let is_it = |found: &&gradus::analysis::Finding| {
                found.code().slug() == mistake.code && found.span().range() == span
            };
            if rules.findings().iter().find(is_it).is_none() {
                faults.push(format!("{}: no {} at {span:?}\n{}", mistake.name, mistake.code, shown(&text)));
            }
        }
        golden(&format!("findings/{}.txt", mistake.name), &shown(&text));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn nothing_is_wrong_with_the_presets() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "gradus") {
            let rules = RuleSet::parse(&read(&path)).unwrap();
            let warnings: Vec<_> = rules.findings().iter().filter(|found| found.severity() != Severity::Hint).collect();
            assert!(warnings.is_empty(), "{}: {warnings:#?}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 10);
}
