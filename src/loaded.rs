//! A loaded rule set, as its outcomes and explanations share it.

use crate::finding::Finding;
use crate::hir;
use crate::limits::Limits;
use crate::program::Program;
use crate::read_set::{ReadSet, ReadSets};
use crate::source::{Source, Span};
use std::sync::OnceLock;

/// What a rule set and its outcomes share.
pub(crate) struct Loaded {
    pub(crate) model: hir::Rules,
    pub(crate) program: Program,
    pub(crate) fingerprint: String,
    pub(crate) sources: Vec<Source>,
    /// How many steps an analysis may take.
    pub(crate) analysis_steps: u64,
    /// What an analysis finds, once somebody asks.
    pub(crate) findings: OnceLock<Box<[Finding]>>,
    /// Where the lines of each source end: explanations ask for the line of every rule.
    line_ends: Vec<Vec<usize>>,
    /// Made when they are first asked for.
    read_sets: OnceLock<ReadSets>,
}

/// A classification of one rule set; see [`RuleSet::class_id`](crate::RuleSet::class_id).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub(crate) usize);

/// A score of one rule set; see [`RuleSet::score_id`](crate::RuleSet::score_id).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScoreId(pub(crate) usize);

/// A block of tags of one rule set; see [`RuleSet::tags_id`](crate::RuleSet::tags_id).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagsId(pub(crate) usize);

/// A declaration of an outcome, of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum OutcomeId {
    /// `classify`
    Class(ClassId),
    /// `score`
    Score(ScoreId),
    /// `tags`
    Tags(TagsId),
}

impl From<ClassId> for OutcomeId {
    fn from(id: ClassId) -> OutcomeId {
        OutcomeId::Class(id)
    }
}

impl From<ScoreId> for OutcomeId {
    fn from(id: ScoreId) -> OutcomeId {
        OutcomeId::Score(id)
    }
}

impl From<TagsId> for OutcomeId {
    fn from(id: TagsId) -> OutcomeId {
        OutcomeId::Tags(id)
    }
}

impl Loaded {
    pub(crate) fn new(
        model: hir::Rules,
        program: Program,
        fingerprint: String,
        sources: Vec<Source>,
        limits: &Limits,
    ) -> Loaded {
        let ends = |source: &Source| source.text.match_indices('\n').map(|(end, _)| end).collect();
        let line_ends = sources.iter().map(ends).collect();
        let analysis_steps = limits.analysis_steps;
        Loaded {
            model,
            program,
            fingerprint,
            sources,
            analysis_steps,
            findings: OnceLock::new(),
            line_ends,
            read_sets: OnceLock::new(),
        }
    }

    pub(crate) fn class_id(&self, name: &str) -> Option<ClassId> {
        self.model.classes.iter().position(|class| class.name == name).map(ClassId)
    }

    pub(crate) fn score_id(&self, name: &str) -> Option<ScoreId> {
        self.model.scores.iter().position(|score| score.name == name).map(ScoreId)
    }

    pub(crate) fn tags_id(&self, name: &str) -> Option<TagsId> {
        self.model.tags.iter().position(|tags| tags.name == name).map(TagsId)
    }

    /// All declarations of outcomes.
    pub(crate) fn outcome_ids(&self) -> impl Iterator<Item = OutcomeId> {
        let classes = (0..self.model.classes.len()).map(|place| OutcomeId::Class(ClassId(place)));
        let scores = (0..self.model.scores.len()).map(|place| OutcomeId::Score(ScoreId(place)));
        let tags = (0..self.model.tags.len()).map(|place| OutcomeId::Tags(TagsId(place)));
        classes.chain(scores).chain(tags)
    }

    pub(crate) fn name_of(&self, id: OutcomeId) -> Option<&str> {
        Some(match id {
            OutcomeId::Class(id) => &self.model.classes.get(id.0)?.name,
            OutcomeId::Score(id) => &self.model.scores.get(id.0)?.name,
            OutcomeId::Tags(id) => &self.model.tags.get(id.0)?.name,
        })
    }

    /// Whether an outcome has this name.
    pub(crate) fn name_is_known(&self, name: &str) -> bool {
        self.outcome_ids().any(|id| self.name_of(id) == Some(name))
    }

    /// What every declaration reads.
    pub(crate) fn read_sets(&self) -> &ReadSets {
        self.read_sets.get_or_init(|| ReadSets::new(&self.model))
    }

    /// What a declaration reads.
    pub(crate) fn read_set(&self, id: OutcomeId) -> Option<&ReadSet> {
        let sets = self.read_sets();
        match id {
            OutcomeId::Class(id) => sets.classes.get(id.0),
            OutcomeId::Score(id) => sets.scores.get(id.0),
            OutcomeId::Tags(id) => sets.tags.get(id.0),
        }
    }

    /// The line on which a span starts, from 1.
    pub(crate) fn line(&self, span: Span) -> usize {
        let ends = self.line_ends.get(span.source.0 as usize);
        ends.map_or(0, |ends| ends.partition_point(|end| *end < span.start as usize) + 1)
    }

    /// The author's text at a span.
    pub(crate) fn text(&self, span: Span) -> &str {
        self.sources.get(span.source.0 as usize).and_then(|source| source.text.get(span.range())).unwrap_or_default()
    }
}
