//! What to ask next: which labels are still possible, and which missing fields decide between them.

use super::goal::Target;
use super::terrain::{Choice as Chosen, Place, Terrain};
use crate::eval::Workspace;
use crate::evaluator::Context;
use crate::hir::NodeId;
use crate::lead::Lead;
use crate::lead::reading::Datum;
use crate::loaded::Loaded;
use crate::time::At;
use crate::types::Choice;
use crate::value::{Fixed, Value};
use rust_decimal::Decimal;
use serde::Serialize;

/// How many leads are tried for one outcome: beyond that, every so many.
const TRIED: usize = 4096;
/// For how many leads a field is looked at when not all can be tried.
const SAMPLED: usize = 64;

/// What is still open, and what to ask about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Questions {
    /// The classes and the grades, in the order of the rule file: classes first.
    pub outcomes: Vec<Open>,
    /// The missing fields that can change one of them, the most decisive first.
    pub questions: Vec<Question>,
    /// Missing lists on which something depends: what they may hold is not tried.
    pub untried: Vec<String>,
    /// Whether the labels that are possible are all there: the search for each went to its end.
    pub complete: bool,
    /// Whether the weights are those of a sample, because there are too many cases.
    pub sampled: bool,
}

/// A class or a grade that may still change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Open {
    /// The class, or the score that is graded.
    pub name: String,
    /// Its title, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is now; nothing when it has no label.
    pub now: Option<String>,
    /// The labels that some answers to what is missing lead to, in the order of the labels; those of now too.
    pub possible: Vec<String>,
    /// Whether some lead to no label.
    pub or_none: bool,
}

impl Open {
    /// Whether anything can still change.
    pub fn is_open(&self) -> bool {
        self.possible.len() + usize::from(self.or_none) > 1
    }
}

/// A missing field to ask for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Question {
    /// The field.
    pub field: String,
    /// Its title, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How much it can still decide, from 0 to 1: in which share of the cases (what is known of the other missing fields,
    /// or stays unknown) its answer changes the label, on average over the outcomes that are open.
    #[serde(serialize_with = "crate::explain::own_digits")]
    pub weight: Decimal,
    /// The classes and scores that it can change.
    pub decides: Vec<String>,
}

/// A class or a grade.
struct Outcome<'r> {
    name: &'r str,
    title: Option<&'r String>,
    node: NodeId,
    labels: &'r Choice,
}

fn outcomes(rules: &Loaded) -> Vec<Outcome<'_>> {
    let classes = rules.model.classes.iter().map(|it| Outcome {
        name: &it.name,
        title: it.title.as_ref(),
        node: it.value,
        labels: &it.labels,
    });
    let grades = rules.model.scores.iter().filter_map(|it| {
        let (node, labels) = it.grade.zip(it.grades.as_deref())?;
        Some(Outcome { name: &it.name, title: it.title.as_ref(), node, labels })
    });
    classes.chain(grades).collect()
}

/// What became of one outcome.
struct Asked {
    open: Open,
    /// Fields by their slots, each with the share of cases in which it decides.
    shares: Vec<(u32, Fixed)>,
    untried: Vec<u32>,
    complete: bool,
    sampled: bool,
}

/// Asks what is open.
pub(crate) fn questions(rules: &Loaded, lead: &Lead, at: &At, context: Context<'_>) -> Questions {
    let place = Place { rules, at, context };
    let asked: Vec<Asked> = outcomes(rules).iter().map(|outcome| ask(place, lead, outcome)).collect();
    let still_open = asked.iter().filter(|asked| asked.open.is_open()).count().max(1);
    let mut weights: Vec<(u32, i128, Vec<String>)> = Vec::new();
    for asked in &asked {
        for (slot, share) in asked.shares.iter().filter(|(_, share)| *share > Fixed::ZERO) {
            let place = weights.iter().position(|(known, ..)| known == slot).unwrap_or_else(|| {
                weights.push((*slot, 0, Vec::new()));
                weights.len() - 1
            });
            weights[place].1 += share.units();
            weights[place].2.push(asked.open.name.clone());
        }
    }
    weights.sort_by_key(|(slot, weight, _)| (std::cmp::Reverse(*weight), *slot));
    let field = |slot: u32| rules.model.schema.fields.get(slot as usize);
    let count = i128::try_from(still_open).unwrap_or(1);
    let questions = weights.into_iter().filter_map(|(slot, weight, decides)| {
        let field = field(slot)?;
        Some(Question {
            field: field.name.to_string(),
            title: field.title.as_deref().map(str::to_owned),
            weight: Fixed::from_units(weight / count).round(4)?.to_decimal().normalize(),
            decides,
        })
    });
    let mut untried: Vec<u32> = asked.iter().flat_map(|asked| &asked.untried).copied().collect();
    untried.sort_unstable();
    untried.dedup();
    Questions {
        questions: questions.collect(),
        untried: untried.into_iter().filter_map(|slot| Some(field(slot)?.name.to_string())).collect(),
        complete: asked.iter().all(|asked| asked.complete),
        sampled: asked.iter().any(|asked| asked.sampled),
        outcomes: asked.into_iter().map(|asked| asked.open).collect(),
    }
}

fn ask(place: Place<'_>, lead: &Lead, outcome: &Outcome<'_>) -> Asked {
    let missing = |slot: u32| {
        let name = place.rules.model.schema.fields.get(slot as usize).map_or("", |field| &*field.name);
        place.is_missing(lead, slot, name)
    };
    let mut terrain = Terrain::new(place, lead, &[outcome.node], &missing);
    let untried = terrain.left_out.iter().copied().filter(|slot| {
        let kind = place.rules.model.schema.fields.get(*slot as usize).map(|field| &field.kind);
        matches!(kind, Some(crate::types::Type::List(_)))
    });
    let untried: Vec<u32> = untried.collect();
    let options: Vec<usize> = terrain.fields.iter().map(|field| field.candidates.len() + 1).collect();
    let cases = options.iter().try_fold(1_usize, |cases, count| cases.checked_mul(*count));
    let mut trial = Trial { terrain: &mut terrain, lead, node: outcome.node, options, room: Workspace::default() };
    let now = trial.label(&vec![0; trial.options.len()]);
    let few = cases.filter(|cases| *cases <= TRIED);
    let (mut found, shares, complete) = match few {
        Some(cases) => {
            let labels: Vec<Option<u32>> = (0..cases).map(|case| trial.label_of(case)).collect();
            let shares = trial.shares(&labels);
            (labels, shares, true)
        }
        None => trial.sampled(outcome.labels.len()),
    };
    found.push(now);
    found.sort_unstable();
    found.dedup();
    let spelled = |label: u32| outcome.labels.label(label).to_owned();
    Asked {
        open: Open {
            name: outcome.name.to_owned(),
            title: outcome.title.cloned(),
            now: now.map(spelled),
            possible: found.iter().flatten().map(|label| spelled(*label)).collect(),
            or_none: found.contains(&None),
        },
        shares: terrain.fields.iter().map(|field| field.slot).zip(shares).collect(),
        untried,
        complete,
        sampled: few.is_none(),
    }
}

/// Tries answers.
struct Trial<'s, 't> {
    terrain: &'s mut Terrain<'t>,
    lead: &'s Lead,
    node: NodeId,
    /// How many answers each field has: none comes first.
    options: Vec<usize>,
    room: Workspace,
}

impl Trial<'_, '_> {
    /// The label when each field has this answer.
    fn label(&mut self, answers: &[usize]) -> Option<u32> {
        let mut lead = self.lead.clone();
        for (field, answer) in self.terrain.fields.iter().zip(answers) {
            if let Some(candidate) = answer.checked_sub(1).and_then(|answer| field.candidates.get(answer)) {
                lead.set(self.terrain.name(field.slot).to_owned(), candidate.value.clone());
            }
        }
        let node = self.node;
        self.terrain.run(&mut self.room, &lead, |state| match state.value(node) {
            Datum::Label(label) => Some(label),
            _ => None,
        })
    }

    /// The label of a case: the answers are the digits of its number.
    fn label_of(&mut self, case: usize) -> Option<u32> {
        let mut rest = case;
        let answers: Vec<usize> = self
            .options
            .iter()
            .map(|count| {
                let answer = rest % count;
                rest /= count;
                answer
            })
            .collect();
        self.label(&answers)
    }

    /// For each field the share of cases in which its answer matters.
    fn shares(&self, labels: &[Option<u32>]) -> Vec<Fixed> {
        let mut stride = 1;
        let mut shares = Vec::with_capacity(self.options.len());
        for count in &self.options {
            let contexts = (0..labels.len()).filter(|case| (case / stride) % count == 0);
            let matters = contexts.clone().filter(|case| {
                let answers = (1..*count).map(|answer| labels[case + answer * stride]);
                answers.into_iter().any(|label| label != labels[*case])
            });
            let (matters, contexts) = (matters.count(), contexts.count().max(1));
            shares.push(Fixed::share(matters, contexts).unwrap_or(Fixed::ZERO));
            stride *= count;
        }
        shares
    }

    /// The same when there are too many cases: labels are looked for one by one, and shares are those of some cases.
    fn sampled(&mut self, labels: usize) -> (Vec<Option<u32>>, Vec<Fixed>, bool) {
        let mut shares = Vec::with_capacity(self.options.len());
        for field in 0..self.options.len() {
            let mut draw = 0x9E37_79B9_7F4A_7C15_u64;
            let mut matters = 0;
            for _ in 0..SAMPLED {
                let mut answers: Vec<usize> = Vec::with_capacity(self.options.len());
                for count in &self.options {
                    draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    answers.push(usize::try_from(draw >> 33).unwrap_or(0) % count);
                }
                answers[field] = 0;
                let first = self.label(&answers);
                let differs = (1..self.options[field]).any(|answer| {
                    answers[field] = answer;
                    self.label(&answers) != first
                });
                matters += usize::from(differs);
            }
            shares.push(Fixed::share(matters, SAMPLED).unwrap_or(Fixed::ZERO));
        }
        let mut found = Vec::new();
        let mut complete = true;
        let wanted = (0..labels).filter_map(|label| u32::try_from(label).ok()).map(Some).chain([None]);
        for label in wanted {
            let target =
                Target::Label { node: self.node, labels: label.into_iter().collect(), or_missing: label.is_none() };
            let mut answers = Vec::with_capacity(self.options.len());
            match self.leads_to(&target, label, &mut answers) {
                Some(true) => found.push(label),
                Some(false) => {}
                None => complete = false,
            }
        }
        // that a label is possible was proved; how much a field decides was sampled
        (found, shares, complete)
    }
}

impl Trial<'_, '_> {
    /// Whether some answers, after those that are given, lead to a label; nothing when that took too many steps.
    fn leads_to(&mut self, target: &Target, label: Option<u32>, answers: &mut Vec<usize>) -> Option<bool> {
        if self.terrain.left == 0 {
            return None;
        }
        let given = answers.iter().enumerate().filter(|(_, answer)| **answer > 0);
        let given = given.map(|(field, answer)| (field, Chosen::One(answer - 1)));
        let open = (answers.len()..self.options.len()).map(|field| (field, Chosen::Any));
        let chosen: Vec<(usize, Chosen)> = given.chain(open).collect();
        if !self.terrain.may_meet(target, &chosen) {
            return Some(false);
        }
        let Some(count) = self.options.get(answers.len()).copied() else {
            return Some(self.label(answers) == label);
        };
        for answer in 0..count {
            answers.push(answer);
            let found = self.leads_to(target, label, answers);
            answers.pop();
            if found != Some(false) {
                return found;
            }
        }
        Some(false)
    }
}

impl Place<'_> {
    /// Whether a field reads as missing.
    fn is_missing(&self, lead: &Lead, slot: u32, name: &str) -> bool {
        let Some(value) = lead.get(name).filter(|value| **value != Value::Null) else { return true };
        let Some(field) = self.rules.model.schema.fields.get(slot as usize) else { return false };
        let mut reading = crate::lead::reading::Reading::default();
        let path = crate::lead::read::Path::Field(name);
        let datum = crate::lead::read::read_value(value, field, self.at.zone(), path, &mut reading);
        matches!(datum, Datum::Missing)
    }
}
