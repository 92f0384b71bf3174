//! What the analysis finds in the presets: nothing to change in them as they are, and every mistake put into a copy.
//!
//! `UPDATE_GOLDENS=1 cargo test --test gradus findings` writes what is found today into `tests/goldens/findings`.

use crate::mistakes::{MISTAKES, Mistake};
use crate::support::{golden, read};
use gradus::RuleSet;
use gradus::diagnostic::render;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

/// What is found in the presets as they are, as (preset, code, underlined text). An author who reads these keeps the file.
const KEPT: &[(&str, &str, &str)] = &[
    // nothing is said of leads whose value is not known: that is what the files want, and their tests say so
    ("groups", "not-covered", "size"),
    ("groups", "not-covered", "behaviour"),
    ("groups", "not-covered", "value"),
    ("groups", "not-covered", "life_cycle"),
    // four sub-scores with one range, whether each reaches its end or not
    ("intent", "clamp-never-bites", "[0..25]"),
    ("pareto", "not-covered", "tier"),
    ("rfm", "not-covered", "segment"),
    ("rfm_quantiles", "not-covered", "segment"),
    // the lower end bites, the upper one says how far the points go
    ("scoring_rules", "clamp-never-bites", "[-50..100]"),
    ("wandayun", "not-covered", "layer"),
    ("wandayun", "not-covered", "earned"),
    ("zhike", "not-covered", "deal"),
    ("zhike", "not-covered", "funnel"),
];

/// Mistakes that are not found yet. One that is has to leave this list.
const NOT_FOUND: &[&str] = &[
    // three ranks among all leads, of values computed from one list: no lead and population were found
    "quantile-left-out",
];

/// Something that is wrong, whether loading or the analysis found it.
struct Found {
    code: &'static str,
    message: String,
    place: Range<usize>,
    /// As it is shown, with its witness as a test.
    shown: String,
    witness: Option<String>,
}

/// Everything that is found in a rule file.
fn found(name: &str, text: &str) -> Vec<Found> {
    match RuleSet::builder().source(name, text).build() {
        Err(error) => {
            let found = error.diagnostics().iter().map(|it| Found {
                code: it.code.slug(),
                message: it.message.clone(),
                place: it.span().range(),
                shown: render(error.sources(), it),
                witness: None,
            });
            found.collect()
        }
        Ok(rules) => {
            let found = rules.findings().iter().map(|it| {
                let witness = it.witness().map(ToString::to_string);
                let shown = render(rules.sources(), it.diagnostic());
                Found {
                    code: it.code().slug(),
                    message: it.message().to_owned(),
                    place: it.span().range(),
                    shown: [Some(shown), witness.clone()].into_iter().flatten().collect::<Vec<String>>().join("\n"),
                    witness,
                }
            });
            found.collect()
        }
    }
}

/// Every witness that does not pass as a test when it is pasted into the file that it is about.
fn not_shown(name: &str, text: &str, found: &[Found]) -> Vec<String> {
    let witnesses = found.iter().filter_map(|it| Some((it.witness.as_ref()?, &it.message)));
    let failures = witnesses.filter_map(|(witness, message)| {
        let failure = match RuleSet::parse(&format!("{text}\n{witness}\n")) {
            Err(error) => Some(error.to_string()),
            Ok(rules) => match rules.run_tests().tests.last() {
                Some(test) => (!test.failures.is_empty()).then(|| format!("{:?}", test.failures)),
                None => Some("no test".to_owned()),
            },
        };
        failure.map(|failure| format!("{name}: {message}\n{witness}\n{failure}"))
    });
    failures.collect()
}

fn preset(name: &str) -> String {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/rules/{name}.gradus")))
}

/// A preset without its tests: some of them would notice a mistake.
fn rules_of(name: &str) -> String {
    let text = preset(name);
    text.split_once("\ntest ").map_or(text.clone(), |(rules, _)| rules.to_owned())
}

/// A copy of the preset with the mistake in it, and what of it has to be underlined: in the edit, if it is there.
fn with(mistake: &Mistake) -> (String, Range<usize>) {
    let text = rules_of(mistake.preset);
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
fn there_are_many_mistakes_with_names_of_their_own() {
    let names: BTreeSet<&str> = MISTAKES.iter().map(|mistake| mistake.name).collect();
    assert_eq!(names.len(), MISTAKES.len());
    assert!(MISTAKES.len() >= 30, "{}", MISTAKES.len());
}

#[test]
fn every_mistake_is_found_at_its_place() {
    let mut faults = Vec::new();
    let mut known: BTreeMap<&str, BTreeSet<(&str, String)>> = BTreeMap::new();
    for mistake in MISTAKES {
        let (text, place) = with(mistake);
        let before = known.entry(mistake.preset).or_insert_with(|| {
            found(mistake.preset, &rules_of(mistake.preset)).into_iter().map(|it| (it.code, it.message)).collect()
        });
        let mut after = found(mistake.preset, &text);
        faults.extend(not_shown(mistake.name, &text, &after));
        // what was there before says nothing of the mistake
        after.retain(|it| !before.contains(&(it.code, it.message.clone())));
        let shown: Vec<String> = after.iter().map(|it| format!("{}\n", it.shown)).collect();
        let shown = format!("{}\n-> {}\n\n{}", mistake.right, mistake.wrong, shown.join("\n"));
        let is_found = after.iter().any(|it| it.code == mistake.code && it.place == place);
        if is_found == NOT_FOUND.contains(&mistake.name) {
            let what = if is_found { "found:" } else { "no" };
            faults.push(format!("{}: {what} {} at `{}`\n{shown}", mistake.name, mistake.code, &text[place]));
        }
        golden(&format!("findings/{}.txt", mistake.name), &shown);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn presets_have_no_finding_that_their_author_would_not_want() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_string_lossy().strip_suffix(".gradus").map(str::to_owned))
        .collect();
    names.sort();
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for name in &names {
        let text = preset(name);
        let found = found(name, &text);
        faults.extend(not_shown(name, &text, &found));
        for it in found {
            all.push((name.clone(), it.code, text[it.place].to_owned()));
        }
    }
    let all: Vec<(&str, &str, &str)> =
        all.iter().map(|(name, code, text)| (name.as_str(), *code, text.as_str())).collect();
    assert_eq!(all, KEPT);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The bands of a published list, which says nothing of 15,000 and claims 50,000 twice.
const BANDS: &str = r#"
classify deal "潜在交易规模" on deal_size {
  [0..1万]    => "一万",
  [2万..5万]  => "二至五万",
  [5万..10万] => "五至十万",
}
"#;

#[test]
fn the_published_bands_have_a_gap_and_an_overlap() {
    let found = found("bands", BANDS);
    assert_eq!(not_shown("bands", BANDS, &found), Vec::<String>::new());
    let [gap] = found.as_slice() else {
        panic!("{}", found.iter().map(|it| it.shown.clone()).collect::<Vec<String>>().join("\n"))
    };
    assert_eq!((gap.code, &BANDS[gap.place.clone()]), ("not-covered", "deal"));
    assert!(gap.message.contains("(10000..20000)"), "{}", gap.message);
    let rules = RuleSet::parse(BANDS).unwrap();
    let overlaps = rules.overlaps();
    let [overlap] = overlaps.as_slice() else { panic!("{overlaps:?}") };
    assert_eq!(&BANDS[overlap.span().range()], r#"[5万..10万] => "五至十万""#);
    let witness = overlap.witness().unwrap().to_string();
    assert!(witness.contains("{ deal_size: 50000 }"), "{witness}");
    // and where they promise not to overlap, they are refused
    let error = RuleSet::parse(&BANDS.replace(" on ", " unique on ")).unwrap_err();
    let codes: Vec<&str> = error.diagnostics().iter().map(|it| it.code.slug()).collect();
    assert_eq!(codes, ["overlap"]);
}
