//! The most points that rules give together, of which some exclude each other.

use super::Checker;
use crate::hir::node::{Constant, Node};
use crate::hir::{self, NodeId};
use crate::operator::{CompareOperator, Quantifier};
use crate::value::Text;

/// Of how many rules every choice is looked at.
const RULES: usize = 12;
/// How many parts of a test are looked at.
const PARTS: usize = 32;

/// What a test demands of one value.
enum Demand<'n> {
    /// That it is one of these.
    Is(NodeId, Vec<&'n Constant>),
    /// That it contains these.
    Contains(NodeId, Quantifier, &'n [Text]),
}

impl Checker<'_> {
    /// The most that rules add up to, by the most that each gives. Rules that ask one value to be different things do not
    /// add up; of many rules any may.
    pub(super) fn most_together(&self, rules: &[hir::Rule], most: impl Fn(&hir::Rule) -> Option<i128>) -> i128 {
        let gains = rules.iter().filter_map(|rule| Some((rule, most(rule)?))).filter(|(_, gain)| *gain > 0);
        let gains: Vec<(Vec<Demand<'_>>, i128)> = gains.map(|(rule, gain)| (self.demands(rule.test), gain)).collect();
        let all = gains.iter().fold(0_i128, |sum, (_, gain)| sum.saturating_add(*gain));
        if gains.len() > RULES { all } else { most_of(&gains, &mut Vec::new()) }
    }

    /// What a test demands in any case.
    fn demands(&self, test: NodeId) -> Vec<Demand<'_>> {
        let (mut pending, mut found, mut left) = (vec![test], Vec::new(), PARTS);
        while let Some(id) = pending.pop().filter(|_| left > 0) {
            left -= 1;
            match self.nodes.get(id) {
                Node::All(list) => pending.extend(list),
                Node::OneOf(subject, constants) => found.push(Demand::Is(*subject, constants.iter().collect())),
                Node::Contains(subject, quantifier, needles) => {
                    found.push(Demand::Contains(*subject, *quantifier, needles));
                }
                Node::Any(list) => found.extend(self.one_of(list)),
                _ => found.extend(self.one_of(&[id])),
            }
        }
        found
    }

    /// `x == "a" or x == "b"`
    fn one_of(&self, list: &[NodeId]) -> Option<Demand<'_>> {
        let mut subject = None;
        let mut constants = Vec::with_capacity(list.len());
        for id in list {
            let Node::Compare(CompareOperator::Equal, a, b) = self.nodes.get(*id) else { return None };
            if *subject.get_or_insert(*a) != *a {
                return None;
            }
            constants.push(self.nodes.constant(*b)?);
        }
        Some(Demand::Is(subject?, constants))
    }
}

/// The most that parts add up to beside those that are taken.
fn most_of<'d, 'n>(parts: &'d [(Vec<Demand<'n>>, i128)], taken: &mut Vec<&'d [Demand<'n>]>) -> i128 {
    let Some(((demands, gain), rest)) = parts.split_first() else { return 0 };
    if taken.iter().any(|other| exclude(demands, other)) {
        return most_of(rest, taken);
    }
    taken.push(demands);
    let with = gain.saturating_add(most_of(rest, taken));
    taken.pop();
    with.max(most_of(rest, taken))
}

/// Whether two tests cannot both be true.
fn exclude(one: &[Demand<'_>], other: &[Demand<'_>]) -> bool {
    one.iter().any(|left| other.iter().any(|right| clash(left, right)))
}

fn clash(left: &Demand<'_>, right: &Demand<'_>) -> bool {
    match (left, right) {
        (Demand::Is(a, left), Demand::Is(b, right)) => {
            a == b && left.iter().all(|one| right.iter().all(|other| differ(one, other)))
        }
        (Demand::Is(a, is), Demand::Contains(b, quantifier, needles))
        | (Demand::Contains(b, quantifier, needles), Demand::Is(a, is)) => {
            a == b && is.iter().all(|constant| lacks(constant, *quantifier, needles))
        }
        (Demand::Contains(..), Demand::Contains(..)) => false,
    }
}

/// Whether a value cannot be both. Of numbers and times that is left open: one may be written in several ways.
fn differ(one: &Constant, other: &Constant) -> bool {
    match (one, other) {
        (Constant::Text(one), Constant::Text(other)) => one.normal() != other.normal(),
        (Constant::Code(one), Constant::Code(other)) => one.exact() != other.exact(),
        (Constant::Label(one), Constant::Label(other)) => one != other,
        _ => false,
    }
}

/// Whether a text certainly does not contain what is looked for.
fn lacks(constant: &Constant, quantifier: Quantifier, needles: &[Text]) -> bool {
    let Constant::Text(text) = constant else { return false };
    let has = |needle: &Text| text.normal().contains(needle.normal());
    if quantifier == Quantifier::All { !needles.iter().all(has) } else { !needles.iter().any(has) }
}
