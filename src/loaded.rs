//! A loaded rule set, as its outcomes and explanations share it.

use crate::hir;
use crate::program::Program;
use crate::source::{Source, Span};

/// What a rule set and its outcomes share.
pub(crate) struct Loaded {
    pub(crate) model: hir::Rules,
    pub(crate) program: Program,
    pub(crate) fingerprint: String,
    pub(crate) sources: Vec<Source>,
}

/// A classification of one rule set; see [`RuleSet::class_id`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub(crate) usize);

/// A score of one rule set; see [`RuleSet::score_id`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScoreId(pub(crate) usize);

/// A block of tags of one rule set; see [`RuleSet::tags_id`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagsId(pub(crate) usize);

impl Loaded {
    pub(crate) fn class_id(&self, name: &str) -> Option<ClassId> {
        self.model.classes.iter().position(|class| class.name == name).map(ClassId)
    }

    pub(crate) fn score_id(&self, name: &str) -> Option<ScoreId> {
        self.model.scores.iter().position(|score| score.name == name).map(ScoreId)
    }

    pub(crate) fn tags_id(&self, name: &str) -> Option<TagsId> {
        self.model.tags.iter().position(|tags| tags.name == name).map(TagsId)
    }

    /// The author's text at a span.
    pub(crate) fn text(&self, span: Span) -> &str {
        self.sources.get(span.source.0 as usize).and_then(|source| source.text.get(span.range())).unwrap_or_default()
    }
}
