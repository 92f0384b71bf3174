//! Whether two values of one graph are the same while the axes lie in some cells, and where they begin to differ.

use super::merge::renumbered;
use crate::analysis::open::Open;
use crate::analysis::picture::is_condition;
use crate::analysis::possible::{Possible, TRUE};
use crate::analysis::view::View;
use crate::hir::NodeId;
use crate::hir::node::{Award, Constant, Node, ScoreParts};
use rustc_hash::{FxHashMap, FxHashSet};

/// How deep two values are looked into side by side.
const DEPTH: usize = 32;

/// How two values stand to each other.
#[derive(Clone, Debug)]
pub(super) enum Likeness {
    /// They are the same for every lead in these cells.
    Same,
    /// That depends on this.
    Open(Open),
    /// They differ, or there is nothing left to choose by which it could be told.
    Unlike,
}

/// Looks into two values side by side.
pub(super) struct Likener<'a, 'v, 'r> {
    view: &'a mut View<'v, 'r>,
    /// What labels are called in the old version and in the new one, where positions mean other labels.
    names: Option<&'a [Vec<String>; 2]>,
    known: FxHashMap<(NodeId, NodeId), Likeness>,
}

/// A rule as far as it still matters: its test, its result (nothing: it takes the indicator out), and whether it fires for
/// certain.
#[derive(Clone, Copy)]
struct Arm {
    test: NodeId,
    result: Option<NodeId>,
    certain: bool,
}

impl<'a, 'v, 'r> Likener<'a, 'v, 'r> {
    pub(super) fn new(view: &'a mut View<'v, 'r>, names: Option<&'a [Vec<String>; 2]>) -> Likener<'a, 'v, 'r> {
        Likener { view, names, known: FxHashMap::default() }
    }

    /// The values of an outcome, whose labels are compared by what they are called.
    pub(super) fn outcomes(&mut self, [old, new]: [NodeId; 2]) -> Likeness {
        self.look(old, new, self.names.is_some(), 0)
    }

    fn alike(&mut self, a: NodeId, b: NodeId, depth: usize) -> Likeness {
        self.look(a, b, false, depth)
    }

    fn look(&mut self, a: NodeId, b: NodeId, named: bool, depth: usize) -> Likeness {
        if a == b && !named {
            return Likeness::Same;
        }
        let nodes = &self.view.picture.rules.nodes;
        if nodes.is_of_element(a) || nodes.is_of_element(b) {
            return Likeness::Unlike;
        }
        if !named && let Some(known) = self.known.get(&(a, b)) {
            return known.clone();
        }
        let found = match self.decided(a, b, named) {
            Some(true) => Likeness::Same,
            Some(false) => Likeness::Unlike,
            None if depth > DEPTH => self.apart(a, b),
            None => self.look_inside(a, b, named, depth + 1),
        };
        if !named {
            self.known.insert((a, b), found.clone());
        }
        found
    }

    /// Whether both are the same, where each can be only one thing.
    fn decided(&mut self, a: NodeId, b: NodeId, named: bool) -> Option<bool> {
        let rules = self.view.picture.rules;
        if is_condition(rules, a) && is_condition(rules, b) {
            let (a, b) = (self.view.truths(a), self.view.truths(b));
            return (a.count_ones() == 1 && b.count_ones() == 1).then_some(a == b);
        }
        let (a, b) = (self.view.value(a), self.view.value(b));
        let one = |value: &Possible| value.is_certain() && (value.missing || !value.keys.is_empty());
        if !one(&a) || !one(&b) {
            return None;
        }
        let key = |value: &Possible| value.keys.first().map(|(key, _)| *key);
        let (a, b) = (key(&a), key(&b));
        if !named {
            return Some(a == b);
        }
        Some(self.name(0, a) == self.name(1, b))
    }

    /// What a label is called in a version.
    fn name(&self, version: usize, key: Option<i128>) -> Option<&str> {
        let place = usize::try_from(key?).ok()?;
        self.names.and_then(|names| names[version].get(place)).map(String::as_str)
    }

    fn look_inside(&mut self, a: NodeId, b: NodeId, named: bool, depth: usize) -> Likeness {
        let nodes = &self.view.picture.rules.nodes;
        match (nodes.get(a), nodes.get(b)) {
            (Node::Outcome(a), Node::Outcome(b)) => self.look(*a, *b, named, depth),
            (Node::When(one, inner), Node::When(other, of_other)) => {
                match self.alike(*one, *other, depth) {
                    Likeness::Same => {}
                    Likeness::Open(open) => return Likeness::Open(open),
                    Likeness::Unlike => return self.apart(a, b),
                }
                let truths = self.view.truths(*one);
                if truths & TRUE == 0 {
                    return Likeness::Same;
                }
                match self.look(*inner, *of_other, named, depth) {
                    Likeness::Same => Likeness::Same,
                    _ if truths != TRUE => self.open(*one),
                    found => found,
                }
            }
            (Node::When(guard, inner), _) => match self.view.truths(*guard) {
                TRUE => self.look(*inner, b, named, depth),
                truths if truths & TRUE == 0 => self.apart(a, b),
                _ => self.open(*guard),
            },
            (_, Node::When(guard, inner)) => match self.view.truths(*guard) {
                TRUE => self.look(a, *inner, named, depth),
                truths if truths & TRUE == 0 => self.apart(a, b),
                _ => self.open(*guard),
            },
            (Node::Match { arms, .. }, Node::Match { arms: others, .. }) => {
                let arms: Vec<_> = arms.iter().map(|(test, value)| (*test, Some(*value))).collect();
                let others: Vec<_> = others.iter().map(|(test, value)| (*test, Some(*value))).collect();
                self.tables(&arms, &others, false, named, depth)
            }
            (Node::Indicator(one), Node::Indicator(other)) if one.sum == other.sum && one.clamp == other.clamp => {
                let result = |award: &Award| match award {
                    Award::Points(points) => Some(*points),
                    Award::Skip => None,
                };
                let arms: Vec<_> = one.rules.iter().map(|(test, award)| (*test, result(award))).collect();
                let others: Vec<_> = other.rules.iter().map(|(test, award)| (*test, result(award))).collect();
                match self.tables(&arms, &others, one.sum, false, depth) {
                    Likeness::Unlike => self.apart(a, b),
                    found => found,
                }
            }
            (Node::Score(one), Node::Score(other)) => match self.scores(one, other, depth) {
                Likeness::Unlike => self.apart(a, b),
                found => found,
            },
            (Node::Constant(Constant::Label(_)), Node::Constant(Constant::Label(_))) if named => Likeness::Unlike,
            _ if named => self.apart(a, b),
            // what these give is no function of the values that they are computed from
            (Node::Rank(..) | Node::Aggregate(_) | Node::Covered(_), _) => self.apart(a, b),
            (one, other) if self.view.picture.atom(a).is_none() && is_same_but_for_parts(one, other) => {
                let (mut parts, mut of_other) = (Vec::new(), Vec::new());
                one.children(|child| parts.push(child));
                other.children(|child| of_other.push(child));
                if parts.len() != of_other.len() {
                    return self.apart(a, b);
                }
                let mut unlike = false;
                for (part, other) in parts.into_iter().zip(of_other) {
                    match self.alike(part, other, depth) {
                        Likeness::Same => {}
                        Likeness::Open(open) => return Likeness::Open(open),
                        Likeness::Unlike => unlike = true,
                    }
                }
                if unlike { self.apart(a, b) } else { Likeness::Same }
            }
            _ => self.apart(a, b),
        }
    }

    /// Scores whose indicators are alike one by one.
    fn scores(&mut self, one: &ScoreParts, other: &ScoreParts, depth: usize) -> Likeness {
        let weights = |score: &ScoreParts| score.parts.iter().map(|part| part.weight).collect::<Vec<_>>();
        if one.weighted != other.weighted || one.clamp != other.clamp || weights(one) != weights(other) {
            return Likeness::Unlike;
        }
        let mut found = Likeness::Same;
        for (part, other) in one.parts.iter().zip(&other.parts) {
            match self.alike(part.node, other.node, depth) {
                Likeness::Same => {}
                Likeness::Open(open) => return Likeness::Open(open),
                Likeness::Unlike => found = Likeness::Unlike,
            }
        }
        found
    }

    /// The rules that may fire, up to one that fires for certain where the first counts.
    fn left(&mut self, arms: &[(NodeId, Option<NodeId>)], sum: bool) -> Vec<Arm> {
        let mut left = Vec::new();
        for (test, result) in arms {
            let truths = self.view.truths(*test);
            if truths & TRUE != 0 {
                let certain = truths == TRUE;
                left.push(Arm { test: *test, result: *result, certain });
                if certain && !sum {
                    break;
                }
            }
        }
        left
    }

    /// Two lists of rules, in order.
    fn tables(
        &mut self,
        arms: &[(NodeId, Option<NodeId>)],
        others: &[(NodeId, Option<NodeId>)],
        sum: bool,
        named: bool,
        depth: usize,
    ) -> Likeness {
        let (one, other) = (self.left(arms, sum), self.left(others, sum));
        let (mut tests, mut of_other) = (None, None);
        let mut unlike = false;
        for place in 0..one.len().max(other.len()) {
            let (a, b) = match (one.get(place), other.get(place)) {
                (Some(a), Some(b)) => (a, b),
                (Some(only), None) | (None, Some(only)) => return self.open(only.test),
                (None, None) => break,
            };
            if a.test != b.test {
                let tests = tests.get_or_insert_with(|| one.iter().map(|arm| arm.test).collect::<FxHashSet<_>>());
                let others = of_other.get_or_insert_with(|| other.iter().map(|arm| arm.test).collect::<FxHashSet<_>>());
                match (others.contains(&a.test), tests.contains(&b.test)) {
                    // neither is anywhere else: one may stand for the other
                    (false, false) => match self.alike(a.test, b.test, depth) {
                        Likeness::Same => {}
                        Likeness::Open(open) => return Likeness::Open(open),
                        Likeness::Unlike => return self.either(a.test, b.test),
                    },
                    (false, true) => return self.either(a.test, b.test),
                    (true, _) => return self.either(b.test, a.test),
                }
            }
            let results = match (a.result, b.result) {
                (Some(a), Some(b)) => self.look(a, b, named, depth),
                (None, None) => Likeness::Same,
                _ => Likeness::Unlike,
            };
            match results {
                Likeness::Same => {}
                _ if !a.certain => return self.open(a.test),
                _ if !b.certain => return self.open(b.test),
                Likeness::Open(open) => return Likeness::Open(open),
                Likeness::Unlike => unlike = true,
            }
        }
        if unlike { Likeness::Unlike } else { Likeness::Same }
    }

    /// What decides a value.
    fn open(&mut self, id: NodeId) -> Likeness {
        self.view.open(id).map_or(Likeness::Unlike, Likeness::Open)
    }

    /// What decides the first of two values that is not decided.
    fn either(&mut self, a: NodeId, b: NodeId) -> Likeness {
        match self.open(a) {
            Likeness::Unlike => self.open(b),
            open => open,
        }
    }

    /// Two values that have nothing to do with each other.
    fn apart(&mut self, a: NodeId, b: NodeId) -> Likeness {
        self.either(a, b)
    }
}

/// Whether two operations differ only in what they are computed from.
fn is_same_but_for_parts(one: &Node, other: &Node) -> bool {
    if std::mem::discriminant(one) != std::mem::discriminant(other) {
        return false;
    }
    let nothing = |_| NodeId(0);
    renumbered(one, &nothing) == renumbered(other, &nothing)
}
