//! What the modules share: the folder of shared data, packed lines, and outcomes as JSON that can be compared.

use flate2::read::GzDecoder;
use gradus::{Explanation, Lead, Outcome, Previous, RuleSet, Value};
use gradus_testkit::Json;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The folder of shared data, if this machine has it.
pub(crate) fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("GRADUS_SHARED").map_or_else(beside, PathBuf::from);
    if folder.join("rules").is_dir() {
        return Some(folder);
    }
    println!("skipped: no folder {}; set GRADUS_SHARED to the folder of shared data", folder.display());
    None
}

/// A text file.
pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Compares with a golden below `tests/goldens`, or writes it when `UPDATE_GOLDENS` is set.
pub(crate) fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(name);
    let text = format!("{}\n", text.trim_end());
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        return;
    }
    assert_eq!(read(&path), text, "{name}; UPDATE_GOLDENS=1 writes it");
}

/// The lines of a packed file; none when there is no such file.
pub(crate) fn lines(path: &Path) -> Vec<String> {
    let Ok(file) = File::open(path) else { return Vec::new() };
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(str::to_owned).collect()
}

/// JSON that is known to be right.
pub(crate) fn json(text: &str) -> Json {
    Json::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The content of a text of an object.
pub(crate) fn text_of<'j>(json: &'j Json, key: &str) -> Option<&'j str> {
    json.get(key).and_then(Json::as_text)
}

/// Loads rules that are known to be right.
pub(crate) fn load(text: &str) -> RuleSet {
    RuleSet::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A lead from JSON that is known to be right.
pub(crate) fn lead(json: &Json) -> Lead {
    let text = json.to_string();
    Lead::from_json(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A host's value for a param.
pub(crate) fn value(json: &Json) -> Value {
    let holder = lead(&Json::Object(vec![("value".to_owned(), json.clone())]));
    holder.get("value").cloned().unwrap_or(Value::Null)
}

/// A last outcome.
pub(crate) fn previous(json: &Json) -> Previous {
    let text = json.to_string();
    Previous::from_json(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// What an outcome says, in the form of the expected ones.
pub(crate) fn shown(outcome: &Outcome) -> Json {
    json(&serde_json::to_string(outcome).unwrap())
}

/// Every place where two outcomes differ, in classes, scores and tags.
pub(crate) fn differences(expected: &Json, actual: &Json) -> Vec<String> {
    let mut found = Vec::new();
    for group in ["classes", "scores", "tags"] {
        let entries = |json: &Json| match json.get(group) {
            Some(Json::Object(entries)) => entries.iter().map(|(name, _)| name.clone()).collect(),
            _ => Vec::new(),
        };
        let mut names: Vec<String> = [entries(expected), entries(actual)].concat();
        names.sort();
        names.dedup();
        for name in names {
            let of = |json: &Json| json.get(group).and_then(|group| group.get(&name)).cloned();
            let (wanted, got) = (of(expected), of(actual));
            if wanted != got {
                let show = |json: Option<Json>| json.map_or("nothing".to_owned(), |json| json.to_string());
                found.push(format!("{group}.{name}: expected {}, got {}", show(wanted), show(got)));
            }
        }
    }
    found
}

/// Every way in which an explanation does not fit its outcome: labels, numbers, and ledgers that do not add up.
pub(crate) fn unexplained(outcome: &Outcome, explanation: &Explanation) -> Vec<String> {
    let mut found = Vec::new();
    let mut same = |what: String, is_same: bool| {
        if !is_same {
            found.push(what);
        }
    };
    same("id".to_owned(), outcome.id() == explanation.id.as_deref());
    same("data issues".to_owned(), outcome.data_issues() == explanation.data_issues);
    same("count".to_owned(), outcome.classes().len() == explanation.classes.len());
    same("count".to_owned(), outcome.scores().len() == explanation.scores.len());
    same("count".to_owned(), outcome.all_tags().len() == explanation.tags.len());
    for ((name, label), class) in outcome.classes().zip(&explanation.classes) {
        same(format!("class {name}: {label:?}, {class:?}"), name == class.name && label == class.label.as_deref());
        let fired = class.rules.iter().filter(|rule| rule.fired).count();
        same(format!("class {name}: {fired} rules fired"), fired <= 1 && (label.is_none() || fired == 1));
    }
    for ((name, tags), block) in outcome.all_tags().zip(&explanation.tags) {
        let labels = block.labels.as_ref().map(|labels| labels.iter().map(String::as_str).collect());
        same(format!("tags {name}: {tags:?}, {block:?}"), name == block.name && tags == labels);
    }
    for ((name, scored), score) in outcome.scores().zip(&explanation.scores) {
        let plain = |decimal: Option<rust_decimal::Decimal>| decimal.map(|decimal| decimal.normalize().to_string());
        same(format!("score {name}"), name == score.name && plain(scored.score) == score.score);
        same(format!("score {name}: grade"), scored.grade == score.grade.as_deref());
        same(format!("score {name}: coverage"), plain(scored.coverage) == score.coverage);
        let sum: rust_decimal::Decimal = score.ledger.iter().map(|entry| entry.contribution).sum();
        let adds_up = scored.score.map_or(score.ledger.is_empty(), |total| total == sum);
        same(format!("score {name}: {scored:?} but the ledger adds up to {sum}: {:#?}", score.ledger), adds_up);
    }
    found
}

/// Every declaration whose value alone is not its value in the whole.
pub(crate) fn not_alone(
    rules: &RuleSet,
    outcome: &Outcome,
    lead: &Lead,
    at: &gradus::At,
    context: gradus::Context<'_>,
) -> Vec<String> {
    let mut found = Vec::new();
    for (name, label) in outcome.classes() {
        let alone = rules.classify(rules.class_id(name).unwrap(), lead, at, context);
        if alone != label {
            found.push(format!("classify {name}: {alone:?} alone, {label:?} in the whole"));
        }
    }
    for (name, scored) in outcome.scores() {
        let alone = rules.score(rules.score_id(name).unwrap(), lead, at, context);
        if alone != Some(scored) {
            found.push(format!("score {name}: {alone:?} alone, {scored:?} in the whole"));
        }
    }
    for (name, tags) in outcome.all_tags() {
        let alone = rules.tags(rules.tags_id(name).unwrap(), lead, at, context);
        if alone != tags {
            found.push(format!("tags {name}: {alone:?} alone, {tags:?} in the whole"));
        }
    }
    found
}
