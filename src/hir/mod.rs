//! The checked model of a rule set: resolved, typed, small. If it is here, it evaluates.

pub(crate) mod node;

pub(crate) use node::{NodeId, Nodes};

use crate::lead::read::Schema;
use crate::source::Span;
use crate::types::{Choice, Type};
use crate::value::Fixed;
use jiff::tz::TimeZone;
use regex::Regex;
use std::sync::Arc;

/// Everything a rule set says.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    /// The file's own zone; UTC when it has none.
    pub(crate) zone: TimeZone,
    /// The fields that a lead can have here.
    pub(crate) schema: Schema,
    pub(crate) nodes: Nodes,
    pub(crate) regexes: Vec<Regex>,
    /// What is read of the last outcome.
    pub(crate) previous: Vec<Previous>,
    /// Params whose value is not the file's own, in the order of the sources.
    pub(crate) overridden: Vec<(String, node::Constant)>,
    /// What `let` calls by a name, by its node: the first name of each. Constants are not among them.
    pub(crate) lets: Vec<Let>,
    /// In the order of the sources, as are the next two.
    pub(crate) classes: Vec<Class>,
    pub(crate) scores: Vec<Score>,
    pub(crate) tags: Vec<Tags>,
    pub(crate) tests: Vec<Test>,
    /// What is measured over a population: first what the rules ask for, then what only tests do, each by its text.
    pub(crate) measured: Vec<Measured>,
    pub(crate) places: Places,
}

/// Where something stands that has no node of its own, for what an analysis finds.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// `not a`, `a != b`, `a not in b`
    pub(crate) negated: Vec<(NodeId, Span)>,
    /// Guards, and what `and`, `or` and `at_least` put together.
    pub(crate) parts: Vec<(NodeId, Span)>,
    /// The rules of each `match`, with the subjects of its patterns.
    pub(crate) matches: Vec<(Vec<Rule>, Box<[NodeId]>, Span)>,
    /// Fields that the file declares, by position in the schema.
    pub(crate) fields: Vec<(u32, Span)>,
    /// Lets and params that nothing uses: which of the two, and their names.
    pub(crate) unused: Vec<(&'static str, String, Span)>,
}

/// The argument of population functions.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) node: NodeId,
    /// Its canonical text: two rule sets of one fingerprint measure the same texts, in whatever order they are declared.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) span: Span,
    /// Whether only tests ask for it.
    pub(crate) of_tests: bool,
}

/// `previous.fit.grade`: which part of the last outcome, and how it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Previous {
    /// The outcome's name.
    pub(crate) outcome: String,
    pub(crate) part: PreviousPart,
}

/// A part of the last outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PreviousPart {
    Class(Arc<Choice>),
    Score,
    Grade(Arc<Choice>),
    Coverage,
    Tags(Arc<Choice>),
}

impl Rules {
    /// The `let` that calls a node by a name.
    pub(crate) fn binding(&self, value: NodeId) -> Option<&Let> {
        let place = self.lets.binary_search_by_key(&value, |it| it.value).ok()?;
        self.lets.get(place)
    }
}

/// `let recency "最近" = days_since(last_contact)`
#[derive(Debug)]
pub(crate) struct Let {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) value: NodeId,
    pub(crate) kind: Type,
}

/// A rule as people see it.
#[derive(Debug)]
pub(crate) struct Rule {
    /// From the test to the result.
    pub(crate) span: Span,
    /// The test alone.
    pub(crate) test_place: Span,
    pub(crate) test: NodeId,
    /// The result; of an indicator's rule nothing when it is `skip`.
    pub(crate) result: Option<NodeId>,
    /// Of a tags rule: the label's position.
    pub(crate) label: Option<u32>,
    pub(crate) written: Written,
}

/// How the test of a rule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// As a condition or as patterns.
    Test,
    /// `otherwise`
    Otherwise,
    /// `always`
    Always,
}

/// `classify priority { … }`
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) name: String,
    /// Where its name stands.
    pub(crate) place: Span,
    /// Whether its rules are promised not to overlap.
    pub(crate) unique: bool,
    /// The subjects of its patterns; without any its rules are conditions.
    pub(crate) on: Box<[NodeId]>,
    pub(crate) title: Option<String>,
    pub(crate) labels: Arc<Choice>,
    /// Where the labels of a declared list stand; of a list that the rules make, nothing.
    pub(crate) label_places: Vec<Span>,
    pub(crate) guard: Option<NodeId>,
    pub(crate) rules: Vec<Rule>,
    /// The label, a [`node::Node::Outcome`].
    pub(crate) value: NodeId,
}

/// `score fit { … }`
#[derive(Debug)]
pub(crate) struct Score {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) guard: Option<NodeId>,
    /// Whether its indicators have weights.
    pub(crate) weighted: bool,
    pub(crate) indicators: Vec<Indicator>,
    /// The number, before the guard.
    pub(crate) sum: NodeId,
    /// The three values as the host sees them.
    pub(crate) score: NodeId,
    pub(crate) grade: Option<NodeId>,
    pub(crate) coverage: NodeId,
    /// Best first is highest: the labels of the grades in ascending order.
    pub(crate) grades: Option<Arc<Choice>>,
    pub(crate) grade_rules: Vec<Rule>,
    pub(crate) clamp: node::Clamp,
    pub(crate) clamp_place: Span,
}

/// `indicator size weight 35% on employees { … }`
#[derive(Debug)]
pub(crate) struct Indicator {
    pub(crate) name: String,
    /// Where its name stands.
    pub(crate) place: Span,
    pub(crate) title: Option<String>,
    pub(crate) weight: Option<Fixed>,
    pub(crate) sum: bool,
    /// The subjects of its patterns; without any its rules are conditions.
    pub(crate) on: Box<[NodeId]>,
    pub(crate) clamp: node::Clamp,
    pub(crate) clamp_place: Span,
    pub(crate) rules: Vec<Rule>,
    /// The points, before the score's guard: a [`node::Node::Indicator`].
    pub(crate) points: NodeId,
    /// Whether it is covered.
    pub(crate) covered: NodeId,
    /// The least and the most points that it may give; the ends of the range when there is no telling.
    pub(crate) reach: (Fixed, Fixed),
}

/// `tags profile { … }`
#[derive(Debug)]
pub(crate) struct Tags {
    pub(crate) name: String,
    /// Where its name stands.
    pub(crate) place: Span,
    pub(crate) title: Option<String>,
    pub(crate) labels: Arc<Choice>,
    pub(crate) guard: Option<NodeId>,
    pub(crate) rules: Vec<Rule>,
    /// The set, a [`node::Node::Outcome`].
    pub(crate) value: NodeId,
}

/// `test "大型" at @2026-11-21 { … }`
#[derive(Debug)]
pub(crate) struct Test {
    pub(crate) title: String,
    pub(crate) span: Span,
    pub(crate) at: jiff::Timestamp,
    pub(crate) given: crate::lead::Lead,
    pub(crate) previous: Option<crate::previous::Previous>,
    pub(crate) population: Option<Vec<crate::lead::Lead>>,
    pub(crate) expects: Vec<Expectation>,
}

/// `expect fit.grade == "A"`
#[derive(Debug)]
pub(crate) struct Expectation {
    pub(crate) span: Span,
    pub(crate) condition: NodeId,
}
