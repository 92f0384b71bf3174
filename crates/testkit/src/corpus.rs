//! The cases of `tests/corpus/*.toml`: rules, a lead, and what must come out. A case needs no Rust.
//!
//! ```toml
//! [[case]]
//! name = "a missing budget is asked for"
//! rules = 'classify next { budget is missing => "ask", otherwise => "go" }'
//! at = "2026-11-21T09:00:00+08:00"
//! lead = { employees = 5 }
//! expect = { "classes.next" = "ask" }
//!
//! [[case]]
//! name = "a grade for every score"
//! rules = 'score fit { indicator a { always => 1 } grades { [2..] => "A" } }'
//! errors = [{ code = "grade-gap", text = "[2..]" }]
//! ```

use crate::json::Json;
use serde::Deserialize;
use std::fmt;
use std::fs;
use std::path::Path;

/// A case: rules and what must come of them.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file that it stands in, without folder and ending.
    pub file: String,
    /// What it shows; unique within its file.
    pub name: String,
    /// The sources of the rule set, usually one.
    pub rules: Vec<String>,
    /// The instant of the evaluation, as written.
    pub at: String,
    /// The host's zone.
    pub zone: Option<String>,
    /// The host's values for params.
    pub params: Vec<(String, Json)>,
    /// The lead; an empty one when the case does not say.
    pub lead: Json,
    /// The last outcome of the lead.
    pub previous: Option<Json>,
    /// The population, measured at the same instant.
    pub population: Option<Vec<Json>>,
    /// Places of the outcome and what must stand there: `classes.priority`, `scores.fit.score`, `tags.profile`.
    pub expect: Vec<(String, Json)>,
    /// The errors that loading must report, in order; without any the rules load.
    pub errors: Vec<ExpectedError>,
}

/// An error that loading must report.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedError {
    /// Its code: `grade-gap`.
    pub code: String,
    /// The text that it underlines.
    pub text: String,
    /// Its message, where the case is about the words.
    pub message: Option<String>,
}

/// What is wrong with a corpus file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorpusError(String);

impl fmt::Display for CorpusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CorpusError {}

impl Case {
    /// Every place where an outcome differs from what the case expects; none when it holds.
    pub fn differences(&self, outcome: &Json) -> Vec<String> {
        let difference = |(place, expected): &(String, Json)| {
            let found = place.split('.').try_fold(outcome, Json::get);
            let shown = found.map_or("nothing".to_owned(), Json::to_string);
            (found != Some(expected)).then(|| format!("{place}: expected {expected}, got {shown}"))
        };
        self.expect.iter().filter_map(difference).collect()
    }
}

/// The cases of every `.toml` file of a folder, in the order of the file names.
pub fn load(folder: &Path) -> Result<Vec<Case>, CorpusError> {
    let fault = |error: std::io::Error| CorpusError(format!("{}: {error}", folder.display()));
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        cases.extend(parse(&name, &fs::read_to_string(&path).map_err(fault)?)?);
    }
    Ok(cases)
}

/// The cases of one file.
pub fn parse(file: &str, text: &str) -> Result<Vec<Case>, CorpusError> {
    let written: WrittenFile = toml::from_str(text).map_err(|error| CorpusError(format!("{file}: {error}")))?;
    let mut cases: Vec<Case> = Vec::new();
    for written in written.case {
        if cases.iter().any(|case| case.name == written.name) {
            return Err(CorpusError(format!("{file}: two cases are called {:?}", written.name)));
        }
        let name = written.name.clone();
        cases.push(read_case(file, written).map_err(|error| CorpusError(format!("{file}: {name:?}: {error}")))?);
    }
    Ok(cases)
}

/// A file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    #[serde(default)]
    case: Vec<WrittenCase>,
}

/// A case as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCase {
    name: String,
    rules: toml::Value,
    at: Option<toml::Value>,
    zone: Option<String>,
    #[serde(default)]
    params: toml::Table,
    lead: Option<toml::Value>,
    previous: Option<toml::Value>,
    population: Option<Vec<toml::Value>>,
    #[serde(default)]
    expect: toml::Table,
    /// Places that must be `null`, for which TOML has no word.
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    errors: Vec<ExpectedError>,
}

/// When a case does not say when.
const SOME_DAY: &str = "2026-11-21T09:00:00+08:00";

fn read_case(file: &str, written: WrittenCase) -> Result<Case, String> {
    if written.expect.is_empty() && written.missing.is_empty() && written.errors.is_empty() {
        return Err("it expects nothing".to_owned());
    }
    let rules = match written.rules {
        toml::Value::String(text) => vec![text],
        toml::Value::Array(texts) => {
            let text = |text: toml::Value| text.as_str().map(str::to_owned).ok_or("`rules` are texts");
            texts.into_iter().map(text).collect::<Result<_, _>>()?
        }
        _ => return Err("`rules` is a text or several".to_owned()),
    };
    let expect = written.expect.iter().map(|(place, value)| (place.clone(), plain(value)));
    let nulls = written.missing.iter().map(|place| (place.clone(), Json::Null));
    Ok(Case {
        file: file.to_owned(),
        name: written.name,
        rules,
        at: written
            .at
            .as_ref()
            .map(plain)
            .and_then(|at| at.as_text().map(str::to_owned))
            .unwrap_or(SOME_DAY.to_owned()),
        zone: written.zone,
        params: written.params.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        lead: written.lead.as_ref().map_or(Ok(Json::Object(Vec::new())), record)?,
        previous: written.previous.as_ref().map(record).transpose()?,
        population: written.population.map(|leads| leads.iter().map(record).collect()).transpose()?,
        expect: expect.chain(nulls).collect(),
        errors: written.errors,
    })
}

/// A record: a TOML table, or JSON text for what TOML cannot say, such as `null` and digits beyond binary floating point.
fn record(value: &toml::Value) -> Result<Json, String> {
    match value {
        toml::Value::String(text) => Json::parse(text).map_err(|error| format!("{text}: {error}")),
        value => Ok(plain(value)),
    }
}

fn plain(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => Json::text(text),
        toml::Value::Integer(number) => Json::number(number),
        toml::Value::Float(number) => Json::number(number),
        toml::Value::Boolean(truth) => Json::Bool(*truth),
        toml::Value::Datetime(time) => Json::text(time.to_string()),
        toml::Value::Array(items) => Json::Array(items.iter().map(plain).collect()),
        toml::Value::Table(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect())
        }
    }
}
