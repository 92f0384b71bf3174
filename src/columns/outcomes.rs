//! The outcomes of many leads, side by side.

use crate::eval::flat::{ScoreValue, Slots};
use crate::lead::DataIssue;
use crate::lead::reading::Datum;
use crate::loaded::{ClassId, Loaded, ScoreId, TagsId};
use crate::outcome::{Outcome, Scored, Tags, show};
use crate::time::At;
use jiff::Timestamp;
use std::fmt;
use std::sync::Arc;

/// The outcomes of the leads of [`Columns`](crate::Columns), in their order.
#[derive(Clone)]
pub struct ColumnOutcomes {
    rules: Arc<Loaded>,
    at: Timestamp,
    count: usize,
    /// Of each lead as many as there are of each kind, one lead after the other.
    classes: Vec<Option<u32>>,
    scores: Vec<ScoreValue>,
    tags: Vec<u64>,
    blocks: Vec<bool>,
    /// Of leads that have any, ascending.
    issues: Vec<(usize, Vec<DataIssue>)>,
    ids: Vec<(usize, String)>,
}

impl ColumnOutcomes {
    /// Room for so many.
    pub(super) fn new(rules: &Arc<Loaded>, at: &At, count: usize) -> ColumnOutcomes {
        let model = &rules.model;
        ColumnOutcomes {
            rules: Arc::clone(rules),
            at: at.now(),
            count,
            classes: vec![None; count * model.classes.len()],
            scores: vec![ScoreValue::default(); count * model.scores.len()],
            tags: vec![0; count * rules.program.whole.tag_words()],
            blocks: vec![false; count * model.tags.len()],
            issues: Vec::new(),
            ids: Vec::new(),
        }
    }

    /// Where the outcome of a lead is written.
    #[inline]
    pub(super) fn slots(&mut self, lead: usize) -> Slots<'_> {
        let model = &self.rules.model;
        let words = self.rules.program.whole.tag_words();
        Slots {
            classes: part(&mut self.classes, lead, model.classes.len()),
            scores: part(&mut self.scores, lead, model.scores.len()),
            tags: part(&mut self.tags, lead, words),
            blocks: part(&mut self.blocks, lead, model.tags.len()),
        }
    }

    /// Takes the outcome of a lead over; later leads come later.
    pub(super) fn put(&mut self, lead: usize, outcome: &Outcome) {
        outcome.copy_to(&mut self.slots(lead));
        self.identify(lead, outcome.id());
        if !outcome.data_issues().is_empty() {
            self.issues.push((lead, outcome.data_issues().to_vec()));
        }
    }

    /// Notes a lead's identifier.
    pub(super) fn identify(&mut self, lead: usize, id: Option<&str>) {
        self.ids.extend(id.map(|id| (lead, id.to_owned())));
    }

    /// The outcomes of the leads that follow.
    #[cfg(feature = "rayon")]
    pub(crate) fn append(&mut self, mut next: ColumnOutcomes) {
        let before = self.count;
        self.count += next.count;
        self.classes.append(&mut next.classes);
        self.scores.append(&mut next.scores);
        self.tags.append(&mut next.tags);
        self.blocks.append(&mut next.blocks);
        self.issues.extend(next.issues.into_iter().map(|(lead, issues)| (before + lead, issues)));
        self.ids.extend(next.ids.into_iter().map(|(lead, id)| (before + lead, id)));
    }

    /// How many leads there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The instant of the evaluation.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The label that a classification gives each lead. A handle of another rule set gives whatever stands at its place
    /// here, or nothing.
    pub fn classes(&self, id: ClassId) -> impl ExactSizeIterator<Item = Option<&str>> {
        let (each, class) = (self.rules.model.classes.len(), self.rules.model.classes.get(id.0));
        (0..self.count).map(move |lead| {
            let label = (*self.classes.get(lead * each + id.0)?)?;
            class.map(|class| class.labels.label(label))
        })
    }

    /// The number, grade and coverage of a score for each lead.
    pub fn scores(&self, id: ScoreId) -> impl ExactSizeIterator<Item = Option<Scored<'_>>> {
        let (each, score) = (self.rules.model.scores.len(), self.rules.model.scores.get(id.0));
        (0..self.count).map(move |lead| Some(show(*self.scores.get(lead * each + id.0)?, score?)))
    }

    /// The tags that a block gives each lead; nothing where its guard is not true.
    pub fn tags(&self, id: TagsId) -> impl ExactSizeIterator<Item = Option<impl ExactSizeIterator<Item = &str>>> {
        let program = &self.rules.program.whole;
        let (words, within) = (program.tag_words(), program.tags_of(id.0));
        let (each, block) = (self.rules.model.tags.len(), self.rules.model.tags.get(id.0));
        (0..self.count).map(move |lead| {
            let given = self.blocks.get(lead * each + id.0).filter(|given| **given);
            let own = self.tags.get(lead * words + within.start..lead * words + within.end);
            given.and(Some(Tags::new(own?, &block?.labels)))
        })
    }

    /// The leads that have a tag, by their places; none when the block does not know it. The tag is found in normal form.
    pub fn with_tag(&self, id: TagsId, tag: &str) -> impl Iterator<Item = usize> {
        let label = self.rules.model.tags.get(id.0).and_then(|block| block.labels.find_written(tag));
        let (words, within) = (self.rules.program.whole.tag_words(), self.rules.program.whole.tags_of(id.0));
        let each = self.rules.model.tags.len();
        (0..label.map_or(0, |_| self.count)).filter(move |lead| {
            let label = label.unwrap_or_default() as usize;
            let word = self.tags.get(lead * words + within.start + label / 64);
            self.blocks[lead * each + id.0] && word.is_some_and(|word| word >> (label % 64) & 1 == 1)
        })
    }

    /// Values of a lead that could not be read as their fields declare them, and so were missing.
    pub fn data_issues(&self, lead: usize) -> &[DataIssue] {
        let found = self.issues.binary_search_by_key(&lead, |(lead, _)| *lead);
        found.map_or(&[], |place| &self.issues[place].1)
    }

    /// The outcome of one lead by itself; one that says nothing past the last.
    pub fn outcome(&self, lead: usize) -> Outcome {
        let mut outcome = Outcome::new(&self.rules);
        if lead >= self.count {
            return outcome;
        }
        let id = self.ids.binary_search_by_key(&lead, |(lead, _)| *lead).ok();
        let id = id.map_or(Datum::Missing, |place| Datum::RawCode(&self.ids[place].1));
        let model = &self.rules.model;
        outcome.fill(self.at, id, self.data_issues(lead), |slots| {
            let words = self.rules.program.whole.tag_words();
            slots.classes.copy_from_slice(own(&self.classes, lead, model.classes.len()));
            slots.scores.copy_from_slice(own(&self.scores, lead, model.scores.len()));
            slots.tags.copy_from_slice(own(&self.tags, lead, words));
            slots.blocks.copy_from_slice(own(&self.blocks, lead, model.tags.len()));
        });
        outcome
    }

    /// The outcome of each lead by itself.
    pub fn outcomes(&self) -> impl ExactSizeIterator<Item = Outcome> {
        (0..self.count).map(|lead| self.outcome(lead))
    }
}

impl fmt::Debug for ColumnOutcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.outcomes()).finish()
    }
}

/// What a lead has of things of which each has so many.
#[inline]
fn part<T>(all: &mut [T], lead: usize, each: usize) -> &mut [T] {
    &mut all[lead * each..(lead + 1) * each]
}

#[inline]
fn own<T>(all: &[T], lead: usize, each: usize) -> &[T] {
    &all[lead * each..(lead + 1) * each]
}
