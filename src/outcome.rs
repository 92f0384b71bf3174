//! What an evaluation finds: classes, scores with grades, tags.

use crate::eval::State;
use crate::eval::bits::Bits;
use crate::eval::flat::{ScoreValue, Slots};
use crate::eval::number::fixed;
use crate::hir::NodeId;
use crate::lead::DataIssue;
use crate::lead::reading::Datum;
use crate::loaded::{ClassId, Loaded, OutcomeId, ScoreId, TagsId};
use crate::previous::{Previous, PreviousScore};
use crate::types::Choice;
use crate::value::Fixed;
use crate::value::text::exact_of;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use smallvec::SmallVec;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What the rules say of one lead at one instant.
///
/// Asking for a name that the rule set does not have gives nothing, as a missing value does; handles from
/// [`RuleSet::class_id`](crate::RuleSet::class_id) and its like are checked once instead. Serialises to the stable JSON
/// form of the language's reference, with the rule set's name, version and fingerprint.
#[derive(Clone)]
pub struct Outcome {
    rules: Arc<Loaded>,
    at: Timestamp,
    /// Empty when there is none: an identifier is never blank.
    id: String,
    classes: SmallVec<[Option<u32>; 2]>,
    scores: SmallVec<[ScoreValue; 1]>,
    /// The tags of all blocks: for each block as many words as its labels need, a bit for each.
    tags: SmallVec<[u64; 4]>,
    /// For each block whether its guard was true.
    blocks: SmallVec<[bool; 4]>,
    issues: Vec<DataIssue>,
}

/// A score with its grade and its coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scored<'o> {
    /// The number; missing when its guard is not true, when all indicators were skipped, or past the range.
    pub score: Option<Decimal>,
    /// The grade; missing with the score, or when the score has no grades.
    pub grade: Option<&'o str>,
    /// Which share of what the rules asked for was there, from 0 to 1; missing when the guard is not true.
    pub coverage: Option<Decimal>,
}

/// The label of a choice, if a node has one.
pub(crate) fn label_of(state: &State<'_>, node: NodeId) -> Option<u32> {
    match state.value(node) {
        Datum::Label(label) => Some(label),
        _ => None,
    }
}

/// The labels of a set, if a node has one.
pub(crate) fn labels_of<'s>(state: &'s State<'_>, node: NodeId) -> Option<&'s [u32]> {
    match state.value(node) {
        Datum::Labels(range) => Some(state.reading.labels(range)),
        _ => None,
    }
}

/// The three values of a score.
pub(crate) fn score_of(state: &State<'_>, score: &crate::hir::Score) -> ScoreValue {
    ScoreValue {
        score: fixed(state.value(score.score)),
        grade: score.grade.and_then(|grade| label_of(state, grade)),
        coverage: fixed(state.value(score.coverage)),
    }
}

/// The three values of a score, with the grade by name.
pub(crate) fn show(value: ScoreValue, score: &crate::hir::Score) -> Scored<'_> {
    let grade = value.grade.zip(score.grades.as_ref()).map(|(label, grades)| grades.label(label));
    Scored { score: value.score.map(Fixed::to_decimal), grade, coverage: value.coverage.map(Fixed::to_decimal) }
}

impl Outcome {
    /// An outcome that says nothing yet.
    pub(crate) fn new(rules: &Arc<Loaded>) -> Outcome {
        let model = &rules.model;
        Outcome {
            rules: Arc::clone(rules),
            at: Timestamp::UNIX_EPOCH,
            id: String::new(),
            classes: SmallVec::from_elem(None, model.classes.len()),
            scores: SmallVec::from_elem(ScoreValue::default(), model.scores.len()),
            tags: SmallVec::from_elem(0, rules.program.whole.tag_words()),
            blocks: SmallVec::from_elem(false, model.tags.len()),
            issues: Vec::new(),
        }
    }

    /// Says what a run of the program of whole outcomes found.
    pub(crate) fn collect(&mut self, state: &mut State<'_>) {
        self.note_lead(state);
        let model = &self.rules.model;
        for (own, class) in self.classes.iter_mut().zip(&model.classes) {
            *own = label_of(state, class.value);
        }
        for (own, score) in self.scores.iter_mut().zip(&model.scores) {
            *own = score_of(state, score);
        }
        self.tags.copy_from_slice(state.tags());
        self.blocks.copy_from_slice(state.blocks());
    }

    /// Whose it is, when, and what could not be read: of a lead that was read completely.
    pub(crate) fn note_lead(&mut self, state: &mut State<'_>) {
        let model = &self.rules.model;
        self.identify(model.schema.id.map_or(Datum::Missing, |slot| state.field(slot)));
        self.at = state.inputs.at.now();
        self.issues.clear();
        self.issues.append(&mut state.reading.issues);
    }

    /// Says what a run of one declaration's plan found.
    pub(crate) fn revise(&mut self, id: OutcomeId, state: &State<'_>) {
        let Loaded { model, program, .. } = &*self.rules;
        match id {
            OutcomeId::Class(ClassId(place)) => self.classes[place] = label_of(state, model.classes[place].value),
            OutcomeId::Score(ScoreId(place)) => self.scores[place] = score_of(state, &model.scores[place]),
            OutcomeId::Tags(TagsId(place)) => {
                let labels = labels_of(state, model.tags[place].value);
                self.blocks[place] = labels.is_some();
                let words = &mut self.tags[program.whole.tags_of(place)];
                words.fill(0);
                for label in labels.unwrap_or_default() {
                    words[*label as usize / 64] |= 1 << (label % 64);
                }
            }
        }
    }

    /// The rule set that gave it.
    pub(crate) fn rules(&self) -> &Arc<Loaded> {
        &self.rules
    }

    /// Says what is looked up at an instant, of a lead with this identifier and these issues.
    #[inline]
    pub(crate) fn fill(
        &mut self,
        at: Timestamp,
        id: Datum<'_>,
        issues: &[DataIssue],
        look_up: impl FnOnce(&mut Slots<'_>),
    ) {
        self.identify(id);
        self.at = at;
        let Outcome { classes, scores, tags, blocks, .. } = self;
        look_up(&mut Slots { classes, scores, tags, blocks });
        self.issues.clear();
        self.issues.extend_from_slice(issues);
    }

    /// Writes classes, scores and tags elsewhere.
    pub(crate) fn copy_to(&self, into: &mut Slots<'_>) {
        into.classes.copy_from_slice(&self.classes);
        into.scores.copy_from_slice(&self.scores);
        into.tags.copy_from_slice(&self.tags);
        into.blocks.copy_from_slice(&self.blocks);
    }

    fn identify(&mut self, id: Datum<'_>) {
        self.id.clear();
        self.id.push_str(match id {
            Datum::Code(text) => text.exact(),
            Datum::RawCode(text) => exact_of(text),
            _ => "",
        });
    }

    /// The tags of a block as bits by label; nothing when its guard was not true.
    fn labels(&self, block: usize) -> Option<&[u64]> {
        if *self.blocks.get(block)? { self.tags.get(self.rules.program.whole.tags_of(block)) } else { None }
    }

    /// The lead's `id`, trimmed.
    pub fn id(&self) -> Option<&str> {
        Some(self.id.as_str()).filter(|id| !id.is_empty())
    }

    /// The instant of the evaluation.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The fingerprint of the rule set that gave it.
    pub fn fingerprint(&self) -> &str {
        &self.rules.fingerprint
    }

    /// The version of the rule set that gave it, as its file says.
    pub fn version(&self) -> Option<&str> {
        self.rules.model.version.as_deref()
    }

    /// The label that a classification gives, as the rule file spells it; nothing when no rule fired.
    pub fn class(&self, name: &str) -> Option<&str> {
        self.class_by_id(self.rules.class_id(name)?)
    }

    /// The same by handle. A handle of another rule set gives whatever stands at its place here, or nothing.
    pub fn class_by_id(&self, id: ClassId) -> Option<&str> {
        let label = (*self.classes.get(id.0)?)?;
        Some(self.rules.model.classes[id.0].labels.label(label))
    }

    /// A score's number, exact to twelve places.
    pub fn score(&self, name: &str) -> Option<Decimal> {
        self.scored(self.rules.score_id(name)?)?.score
    }

    /// A score's grade.
    pub fn grade(&self, name: &str) -> Option<&str> {
        self.scored(self.rules.score_id(name)?)?.grade
    }

    /// A score's coverage: which share of what its rules asked for was there, from 0 to 1.
    pub fn coverage(&self, name: &str) -> Option<Decimal> {
        self.scored(self.rules.score_id(name)?)?.coverage
    }

    /// Number, grade and coverage by handle.
    pub fn scored(&self, id: ScoreId) -> Option<Scored<'_>> {
        Some(show(*self.scores.get(id.0)?, &self.rules.model.scores[id.0]))
    }

    /// The tags that a block gives, in the order of their first rules; nothing when its guard is not true.
    pub fn tags(&self, name: &str) -> Option<impl ExactSizeIterator<Item = &str>> {
        self.tags_by_id(self.rules.tags_id(name)?)
    }

    /// The same by handle.
    pub fn tags_by_id(&self, id: TagsId) -> Option<impl ExactSizeIterator<Item = &str>> {
        let choice = &self.rules.model.tags.get(id.0)?.labels;
        Some(Tags::new(self.labels(id.0)?, choice))
    }

    /// Whether a block gives a tag; the tag is found in normal form.
    pub fn has_tag(&self, name: &str, tag: &str) -> bool {
        let Some(id) = self.rules.tags_id(name) else { return false };
        let label = self.rules.model.tags[id.0].labels.find_written(tag);
        let words = self.labels(id.0);
        label.zip(words).is_some_and(|(label, words)| words[label as usize / 64] >> (label % 64) & 1 == 1)
    }

    /// Values that could not be read as their fields declare them, and so were missing.
    pub fn data_issues(&self) -> &[DataIssue] {
        &self.issues
    }

    /// Every classification with its label, in the order of the rule file.
    pub fn classes(&self) -> impl ExactSizeIterator<Item = (&str, Option<&str>)> {
        let named = self.rules.model.classes.iter().zip(&self.classes);
        named.map(|(class, label)| (class.name.as_str(), label.map(|label| class.labels.label(label))))
    }

    /// Every score, in the order of the rule file.
    pub fn scores(&self) -> impl ExactSizeIterator<Item = (&str, Scored<'_>)> {
        let named = self.rules.model.scores.iter().zip(&self.scores);
        named.map(|(score, value)| (score.name.as_str(), show(*value, score)))
    }

    /// Every block of tags with those it gives, in the order of the rule file.
    pub fn all_tags(&self) -> impl ExactSizeIterator<Item = (&str, Option<Vec<&str>>)> {
        self.rules
            .model
            .tags
            .iter()
            .enumerate()
            .map(|(block, tags)| (tags.name.as_str(), self.tags_by_id(TagsId(block)).map(Iterator::collect)))
    }
}

/// The labels whose bits are set, in order.
pub(crate) struct Tags<'o> {
    bits: Bits<'o>,
    choice: &'o Choice,
}

impl<'o> Tags<'o> {
    /// Of a bit for each label.
    pub(crate) fn new(words: &'o [u64], choice: &'o Choice) -> Tags<'o> {
        Tags { bits: Bits::new(words), choice }
    }
}

impl<'o> Iterator for Tags<'o> {
    type Item = &'o str;

    fn next(&mut self) -> Option<&'o str> {
        let label = u32::try_from(self.bits.next()?).ok()?;
        Some(self.choice.label(label))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.bits.count_left();
        (left, Some(left))
    }
}

impl ExactSizeIterator for Tags<'_> {}

impl PartialEq for Outcome {
    /// Equal when they say the same of the same lead by rule sets of the same meaning; the instant does not count.
    fn eq(&self, other: &Outcome) -> bool {
        self.rules.fingerprint == other.rules.fingerprint
            && self.id == other.id
            && self.classes().eq(other.classes())
            && self.scores().eq(other.scores())
            && self.all_tags().eq(other.all_tags())
            && self.issues == other.issues
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("id", &self.id())
            .field("classes", &self.classes().collect::<BTreeMap<_, _>>())
            .field("scores", &self.scores().collect::<BTreeMap<_, _>>())
            .field("tags", &self.all_tags().collect::<BTreeMap<_, _>>())
            .field("data_issues", &self.issues)
            .finish_non_exhaustive()
    }
}

/// A map whose entries are written as they come.
struct Entries<I>(I);

impl<'s, I: Iterator<Item = (&'s str, V)> + Clone, V: Serialize> Serialize for Entries<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.clone())
    }
}

/// Name, version and fingerprint of the rule set.
#[derive(Serialize)]
struct Header<'o> {
    name: Option<&'o str>,
    version: Option<&'o str>,
    fingerprint: &'o str,
}

impl Serialize for Scored<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = |value: Option<Decimal>| value.and_then(Fixed::from_decimal).map(|value| value.to_string());
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("score", &shown(self.score))?;
        map.serialize_entry("grade", &self.grade)?;
        map.serialize_entry("coverage", &shown(self.coverage))?;
        map.end()
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let model = &self.rules.model;
        let mut outcome = serializer.serialize_struct("Outcome", 7)?;
        outcome.serialize_field("id", &self.id())?;
        outcome.serialize_field("at", &self.at.to_string())?;
        let header = Header {
            name: model.name.as_deref(),
            version: model.version.as_deref(),
            fingerprint: &self.rules.fingerprint,
        };
        outcome.serialize_field("ruleset", &header)?;
        outcome.serialize_field("classes", &Entries(self.classes().collect::<Vec<_>>().into_iter()))?;
        outcome.serialize_field("scores", &Entries(self.scores().collect::<Vec<_>>().into_iter()))?;
        outcome.serialize_field("tags", &Entries(self.all_tags().collect::<Vec<_>>().into_iter()))?;
        outcome.serialize_field("data_issues", &self.issues)?;
        outcome.end()
    }
}

impl From<&Outcome> for Previous {
    fn from(outcome: &Outcome) -> Previous {
        let owned = |text: &str| text.to_owned();
        Previous {
            classes: outcome.classes().map(|(name, label)| (name.to_owned(), label.map(owned))).collect(),
            scores: outcome
                .scores()
                .map(|(name, scored)| {
                    let Scored { score, grade, coverage } = scored;
                    (name.to_owned(), PreviousScore { score, grade: grade.map(owned), coverage })
                })
                .collect(),
            tags: outcome
                .all_tags()
                .map(|(name, tags)| (name.to_owned(), tags.map(|tags| tags.into_iter().map(owned).collect())))
                .collect(),
        }
    }
}
