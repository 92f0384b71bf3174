//! Leads evaluated by both versions, and the kinds of change that they show.

use super::deciding::deciding;
use super::model::RuleChange;
use super::pairs::Pair;
use crate::eval::{Facts, Workspace};
use crate::evaluator::{Context, Evaluator, inputs};
use crate::explain::{self, Explanation};
use crate::finding::{Witness, quoted};
use crate::lead::Lead;
use crate::loaded::Loaded;
use crate::outcome::Outcome;
use crate::previous::Previous;
use crate::time::At;
use crate::transition::{self, Causes, Difference, Direction, Part, Transition};
use jiff::Timestamp;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A kind of change: of a declaration that one version lacks only its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    name: String,
    part: Option<(Part, Option<String>, Option<String>)>,
}

/// A lead with what else it is evaluated with.
#[derive(Clone)]
struct Shown {
    lead: Lead,
    previous: Previous,
    now: Timestamp,
}

/// Evaluates leads by both versions.
pub(super) struct Trials<'l> {
    versions: [&'l Arc<Loaded>; 2],
    evaluators: [Evaluator<'l>; 2],
    /// Names of declarations that one version lacks.
    lonely: FxHashSet<String>,
    found: BTreeMap<Kind, Shown>,
}

/// What a lead showed of one pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Both are the same.
    Nothing,
    /// A difference, of a kind that was known.
    Known,
    /// Another kind of difference.
    New,
}

impl<'l> Trials<'l> {
    pub(super) fn new(old: &'l Arc<Loaded>, new: &'l Arc<Loaded>, pairs: &[Pair]) -> Trials<'l> {
        let lonely = pairs.iter().filter(|pair| pair.lonely).map(|pair| pair.name.clone()).collect();
        let evaluators = [Evaluator::new(old), Evaluator::new(new)];
        Trials { versions: [old, new], evaluators, lonely, found: BTreeMap::new() }
    }

    /// Evaluates a lead by both, at one instant, each in its own zone.
    fn compare(&mut self, shown: &Shown) -> Transition {
        let context = Context::default().with_previous(&shown.previous);
        let at = self.versions.map(|version| At::new(shown.now, version.model.zone.clone()));
        let [old, new] = &mut self.evaluators;
        transition::compare(old.evaluate(&shown.lead, &at[0], context), new.evaluate(&shown.lead, &at[1], context))
    }

    /// The kinds of change that a transition shows. A score that changes with its grade is no kind of its own.
    fn kinds(&self, transition: &Transition) -> Vec<Kind> {
        let differences = transition.differences();
        let regraded = |name: &str| differences.iter().any(|it| it.name == name && it.part == Part::Grade);
        let counts = |it: &&Difference| it.part != Part::Score || !regraded(&it.name);
        differences.iter().filter(counts).map(|it| self.kind(it)).collect()
    }

    fn kind(&self, difference: &Difference) -> Kind {
        let Difference { name, part, from, to, .. } = difference;
        let part = match part {
            _ if self.lonely.contains(name) => None,
            Part::Score | Part::Coverage => Some((*part, None, None)),
            Part::Tags if difference.direction == Direction::Appeared => Some((*part, None, Some(String::new()))),
            _ => Some((*part, from.clone(), to.clone())),
        };
        Kind { name: name.clone(), part }
    }

    /// Looks at a lead: keeps it for every kind of change that was not known, and says what it shows of a pair.
    pub(super) fn look(&mut self, lead: &Lead, previous: &Previous, now: Timestamp, pair: Option<&Pair>) -> Seen {
        let shown = Shown { lead: lead.clone(), previous: previous.clone(), now };
        let transition = self.compare(&shown);
        let mut seen = Seen::Nothing;
        for difference in transition.differences() {
            if pair.is_some_and(|pair| pair.is_about(difference)) {
                seen = Seen::Known;
            }
        }
        for kind in self.kinds(&transition) {
            if let std::collections::btree_map::Entry::Vacant(free) = self.found.entry(kind) {
                if pair.is_some_and(|pair| pair.is_of(free.key())) {
                    seen = Seen::New;
                }
                free.insert(shown.clone());
            }
        }
        seen
    }

    /// The kinds of change of a pair that are known: from and to.
    pub(super) fn known(&self, pair: &Pair) -> Vec<(Option<String>, Option<String>)> {
        let kinds = self.found.keys().filter(|kind| pair.is_of(kind));
        kinds.map(|kind| kind.part.as_ref().map_or((None, None), |(_, from, to)| (from.clone(), to.clone()))).collect()
    }

    /// Takes away what a lead does not need to show a kind of change.
    fn shorten(&mut self, kind: &Kind, shown: &Shown) -> Shown {
        let mut kept = shown.clone();
        let shows = |trials: &mut Self, shorter: Shown, kept: &mut Shown| {
            let transition = trials.compare(&shorter);
            if trials.kinds(&transition).contains(kind) {
                *kept = shorter;
            }
        };
        if kept.previous != Previous::default() {
            shows(self, Shown { previous: Previous::default(), ..kept.clone() }, &mut kept);
        }
        let names: Vec<String> = shown.lead.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names {
            let mut shorter = kept.clone();
            shorter.lead.remove(&name);
            shows(self, shorter, &mut kept);
        }
        kept
    }

    /// A lead for each kind of change, in the order of the new version.
    pub(super) fn finish(mut self, pairs: &[Pair]) -> Vec<RuleChange> {
        let mut found = std::mem::take(&mut self.found);
        let mut changes = Vec::new();
        for pair in pairs {
            let kinds: Vec<Kind> = found.keys().filter(|kind| pair.is_of(kind)).cloned().collect();
            for kind in kinds {
                if let Some(shown) = found.remove(&kind) {
                    changes.extend(self.change(&kind, &shown));
                }
            }
        }
        changes
    }

    fn change(&mut self, kind: &Kind, shown: &Shown) -> Option<RuleChange> {
        let shown = self.shorten(kind, shown);
        let transition = self.compare(&shown);
        let mut differences = transition.differences().iter();
        let mut difference = differences.find(|it| self.kind(it) == *kind)?.clone();
        difference.causes = Causes { rules: true, ..Causes::default() };
        let [old, new] = self.versions.map(|version| At::new(shown.now, version.model.zone.clone()));
        let context = Context::default().with_previous(&shown.previous);
        let before: Outcome = self.evaluators[0].evaluate(&shown.lead, &old, context).clone();
        let after: Outcome = self.evaluators[1].evaluate(&shown.lead, &new, context).clone();
        let explained = [(0, &old), (1, &new)].map(|(version, at)| self.explain(version, &shown, at));
        let old_rules = deciding(&difference, &explained[0], &explained[1]);
        let new_rules = deciding(&difference, &explained[1], &explained[0]);
        let title = format!("{}: {}", difference.name, difference.part);
        let witness = Witness::new(shown.lead, new, shown.previous);
        let witness = if self.versions[1].name_is_known(&difference.name) {
            witness.expecting(title, expected(&difference, &after))
        } else {
            witness
        };
        Some(RuleChange { difference, witness, before, after, old_rules, new_rules })
    }

    fn explain(&self, version: usize, shown: &Shown, at: &At) -> Explanation {
        let rules = self.versions[version];
        let context = Context::default().with_previous(&shown.previous);
        let inputs = inputs(rules, Facts::Lead(&shown.lead), at, context);
        let plan = rules.program.explained(&rules.model);
        Workspace::default().run(inputs, plan, |state| explain::explain(rules, state))
    }
}

impl Pair {
    /// Whether a difference is one of this pair.
    fn is_about(&self, difference: &Difference) -> bool {
        let tag = difference.from.as_ref().or(difference.to.as_ref());
        self.name == difference.name
            && self.part == difference.part
            && (self.part != Part::Tag || self.tag.as_ref() == tag)
    }

    /// Whether a kind of change is one of this pair.
    fn is_of(&self, kind: &Kind) -> bool {
        let of_part = match &kind.part {
            None => self.lonely,
            Some((part, from, to)) => {
                *part == self.part && (self.part != Part::Tag || self.tag.as_ref() == from.as_ref().or(to.as_ref()))
            }
        };
        self.name == kind.name && of_part
    }
}

/// What a test of the new version can expect of a difference, as conditions of the language.
fn expected(difference: &Difference, after: &Outcome) -> Vec<String> {
    let name = &difference.name;
    let is = |value: Option<String>, of: &str| match value {
        Some(value) => format!("{name}{of} == {value}"),
        None => format!("{name}{of} is missing"),
    };
    let label = difference.to.as_deref().map(quoted);
    match difference.part {
        Part::Class => vec![is(label, "")],
        Part::Grade => vec![is(label, ".grade")],
        Part::Score => vec![is(difference.to.clone(), ".score")],
        Part::Coverage => vec![is(difference.to.clone(), ".coverage")],
        Part::Tag | Part::Tags => match (&difference.from, &difference.to) {
            (_, Some(tag)) => vec![format!("{name} contains {}", quoted(tag))],
            (Some(_), None) if after.tags(name).is_none() => vec![format!("{name} is missing")],
            _ => Vec::new(),
        },
    }
}
