//! What an explanation says, as data.

use super::condition::Condition;
use super::ledger::Entry;
use super::reasons::Reason;
use super::show::Form;
use crate::hir::NodeId;
use crate::lead::DataIssue;
use crate::loaded::Loaded;
use serde::{Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// Why a lead's outcome is what it is.
///
/// Shown as text for people, in English by `Display` and in a language of choice by [`Explanation::render`], and
/// serialised as JSON: `classes`, `scores` and `tags` by name, each with its rules.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The lead's `id`.
    pub id: Option<String>,
    /// Each classification, in the order of the rule file.
    #[serde(serialize_with = "by_name")]
    pub classes: Vec<ClassExplanation>,
    /// Each score.
    #[serde(serialize_with = "by_name")]
    pub scores: Vec<ScoreExplanation>,
    /// Each block of tags.
    #[serde(serialize_with = "by_name")]
    pub tags: Vec<TagsExplanation>,
    /// Values that could not be read, and so were missing.
    pub data_issues: Vec<DataIssue>,
    /// What everything is called.
    #[serde(skip)]
    pub(super) rules: Explained,
}

/// The rule set of an explanation.
#[derive(Clone)]
pub(super) struct Explained(pub(super) Arc<Loaded>);

impl PartialEq for Explained {
    fn eq(&self, other: &Explained) -> bool {
        self.0.fingerprint == other.0.fingerprint
    }
}

impl fmt::Debug for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.fingerprint)
    }
}

/// Why a classification gives its label.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ClassExplanation {
    /// Its name.
    #[serde(skip)]
    pub name: String,
    /// Its title, for people.
    pub title: Option<String>,
    /// What it gives.
    pub label: Option<String>,
    /// Its guard, when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard: Option<Verdict>,
    /// Its rules; the first that is true decides.
    pub rules: Vec<RuleExplanation>,
}

/// Why a score is what it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScoreExplanation {
    /// Its name.
    #[serde(skip)]
    pub name: String,
    /// Its title, for people.
    pub title: Option<String>,
    /// The number, without exponent and trailing zeros.
    pub score: Option<String>,
    /// The grade.
    pub grade: Option<String>,
    /// Which share of what the rules asked for was there.
    pub coverage: Option<String>,
    /// Its guard, when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard: Option<Verdict>,
    /// Lines whose contributions add up to the score, to the last digit: one per indicator, then what the clamp and
    /// rounding changed. Empty when the score is missing.
    pub ledger: Vec<Entry>,
    /// The indicators that cost the most against the best that they can give, the dearest first. Those whose best has no
    /// bound are left out, and so are those that were skipped.
    pub reasons: Vec<Reason>,
    /// Each indicator with its rules.
    pub indicators: Vec<IndicatorExplanation>,
}

/// Why an indicator gives its points.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct IndicatorExplanation {
    /// Its name.
    pub name: String,
    /// Its title, for people.
    pub title: Option<String>,
    /// Its points; missing when it was skipped.
    pub points: Option<String>,
    /// Whether everything was there that its rules asked for.
    pub covered: bool,
    /// Its rules; the first that is true decides, or all count in a `sum`.
    pub rules: Vec<RuleExplanation>,
}

/// Why a block of tags gives its tags.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TagsExplanation {
    /// Its name.
    #[serde(skip)]
    pub name: String,
    /// Its title, for people.
    pub title: Option<String>,
    /// What it gives; nothing when its guard is not true.
    pub labels: Option<Vec<String>>,
    /// Its guard, when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard: Option<Verdict>,
    /// Its rules; all that are true count.
    pub rules: Vec<RuleExplanation>,
}

/// A rule, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RuleExplanation {
    /// As written, in one line.
    pub rule: String,
    /// Where it stands: the line, from 1.
    pub line: usize,
    /// Whether its test is true.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Whether it counts: it is true, and no rule before it decided.
    pub fired: bool,
    /// The label that it gives, when that is always the same one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Of an indicator's rule that fired: its points; missing for `skip`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<String>,
    /// Of one that fired: what its points, or its label, are computed from.
    #[serde(serialize_with = "as_map", skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<(String, Option<String>)>,
    /// The same, for people.
    #[serde(skip)]
    pub(super) read: Vec<(NodeId, Form)>,
    /// What it gives.
    #[serde(skip)]
    pub(super) result: Option<NodeId>,
}

/// Whether a condition is true, and what it read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Verdict {
    /// True, false, or unknown.
    pub truth: Truth,
    /// The names that are missing, when that is why it is unknown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// What it read: names with their values; nothing for what is missing.
    #[serde(serialize_with = "as_map")]
    pub values: Vec<(String, Option<String>)>,
    /// The condition with its parts; nothing for `always` and `otherwise`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
}

/// Three-valued truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It cannot be told, because something is missing.
    Unknown,
}

impl From<Option<bool>> for Truth {
    fn from(truth: Option<bool>) -> Truth {
        match truth {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None => Truth::Unknown,
        }
    }
}

/// Something that JSON shows under its name.
trait Named: Serialize {
    fn name(&self) -> &str;
}

macro_rules! named {
    ($($kind:ident)*) => {
        $(impl Named for $kind {
            fn name(&self) -> &str {
                &self.name
            }
        })*
    };
}

named!(ClassExplanation ScoreExplanation TagsExplanation);

fn by_name<T: Named, S: Serializer>(list: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(list.iter().map(|it| (it.name(), it)))
}

pub(super) fn as_map<S: Serializer>(values: &[(String, Option<String>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(name, value)| (name, value)))
}
