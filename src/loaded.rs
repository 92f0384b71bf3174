//! A loaded rule set, as its outcomes and explanations share it.

use crate::finding::Finding;
use crate::hir;
use crate::limits::Limits;
use crate::program::Program;
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
        Loaded { model, program, fingerprint, sources, analysis_steps, findings: OnceLock::new(), line_ends }
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
