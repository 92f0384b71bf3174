//! What of two versions is compared with what: every value that a host sees, as two nodes of the merged graph.

use super::merge::{Merged, truth};
use crate::hir::node::{Award, Clamp, Constant, Indicator, Node, Part as Weighted, ScoreParts};
use crate::hir::{self, NodeId, Nodes, Rules};
use crate::transition::Part;
use crate::types::Choice;
use crate::value::Fixed;

/// A value of the old version and the one of the new version that has its place.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    /// The declaration.
    pub(super) name: String,
    pub(super) part: Part,
    /// Of one tag: which.
    pub(super) tag: Option<String>,
    /// In the old version and in the new one.
    pub(super) nodes: [NodeId; 2],
    /// Of labels: what they are called, by position.
    pub(super) labels: Option<[Vec<String>; 2]>,
    /// Whether only one of the versions has the declaration.
    pub(super) lonely: bool,
}

impl Pair {
    /// Whether both are the same for every lead, as can be seen at once.
    pub(super) fn is_same(&self) -> bool {
        self.nodes[0] == self.nodes[1] && !self.is_renamed()
    }

    /// Whether positions stand for other labels.
    pub(super) fn is_renamed(&self) -> bool {
        self.labels.as_ref().is_some_and(|[old, new]| old != new)
    }

    /// Whether the values are numbers, of which it only matters whether they differ.
    pub(super) fn is_number(&self) -> bool {
        matches!(self.part, Part::Score | Part::Coverage)
    }

    /// How messages call it.
    pub(super) fn what(&self) -> String {
        match (&self.tag, self.part) {
            (Some(tag), _) => format!("{}: tag {tag}", self.name),
            (None, part) => format!("{}: {part}", self.name),
        }
    }
}

/// Everything that is to be compared, in the order of the new version, then what only the old one has.
pub(super) fn pairs(merged: &mut Merged, old: &Rules, new: &Rules) -> Vec<Pair> {
    let Merged { rules, nodes } = merged;
    let mut found = Finder { nodes: &mut rules.nodes, to: nodes, pairs: Vec::new() };
    let missing = found.nodes.add_constant(Constant::Missing);
    for (one, two) in matched(&old.classes, &new.classes, |class| &class.name) {
        found.class(one, two, missing);
    }
    for (one, two) in matched(&old.scores, &new.scores, |score| &score.name) {
        found.score(one, two, missing);
    }
    for (one, two) in matched(&old.tags, &new.tags, |tags| &tags.name) {
        found.tags(one, two);
    }
    found.pairs
}

/// Declarations by their names.
fn matched<'d, D>(old: &'d [D], new: &'d [D], name: fn(&D) -> &String) -> Vec<(Option<&'d D>, Option<&'d D>)> {
    let mut found: Vec<(Option<&D>, Option<&D>)> =
        new.iter().map(|it| (old.iter().find(|known| name(known) == name(it)), Some(it))).collect();
    let gone = old.iter().filter(|it| new.iter().all(|known| name(known) != name(it)));
    found.extend(gone.map(|it| (Some(it), None)));
    found
}

struct Finder<'m> {
    nodes: &'m mut Nodes,
    to: &'m [Vec<NodeId>; 2],
    pairs: Vec<Pair>,
}

impl Finder<'_> {
    fn in_old(&self, id: NodeId) -> NodeId {
        self.to[0][id.index()]
    }

    fn in_new(&self, id: NodeId) -> NodeId {
        self.to[1][id.index()]
    }

    fn class(&mut self, old: Option<&hir::Class>, new: Option<&hir::Class>, missing: NodeId) {
        let Some(name) = new.or(old).map(|class| class.name.clone()) else { return };
        let nodes = [
            old.map_or(missing, |class| self.in_old(class.value)),
            new.map_or(missing, |class| self.in_new(class.value)),
        ];
        let labels = [labels(old.map(|class| &*class.labels)), labels(new.map(|class| &*class.labels))];
        let lonely = old.is_none() || new.is_none();
        self.pairs.push(Pair { name, part: Part::Class, tag: None, nodes, labels: Some(labels), lonely });
    }

    fn score(&mut self, old: Option<&hir::Score>, new: Option<&hir::Score>, missing: NodeId) {
        let Some(name) = new.or(old).map(|score| score.name.clone()) else { return };
        let lonely = old.is_none() || new.is_none();
        let score = [old.map_or(missing, |it| self.in_old(it.score)), new.map_or(missing, |it| self.in_new(it.score))];
        let grade = |side: Option<&hir::Score>| side.and_then(|score| score.grade);
        let grades = [
            grade(old).map_or(missing, |grade| self.in_old(grade)),
            grade(new).map_or(missing, |grade| self.in_new(grade)),
        ];
        let named = |side: Option<&hir::Score>| labels(side.and_then(|score| score.grades.as_deref()));
        let pair = |part, nodes, labels| Pair { name: name.clone(), part, tag: None, nodes, labels, lonely };
        // grades first: a lead that shows one shows a score that differs too
        self.pairs.push(pair(Part::Grade, grades, Some([named(old), named(new)])));
        self.pairs.push(pair(Part::Score, score, None));
        let coverage = [old.map(|it| self.in_old(it.coverage)), new.map(|it| self.in_new(it.coverage))];
        let coverage = match coverage {
            [Some(one), Some(other)] if one == other => [one, other],
            sides => sides.map(|side| side.map_or(missing, |id| self.coverage(id))),
        };
        self.pairs.push(pair(Part::Coverage, coverage, None));
    }

    fn tags(&mut self, old: Option<&hir::Tags>, new: Option<&hir::Tags>) {
        let Some(name) = new.or(old).map(|tags| tags.name.clone()) else { return };
        let lonely = old.is_none() || new.is_none();
        let pair = |part, tag, nodes| Pair { name: name.clone(), part, tag, nodes, labels: None, lonely };
        let guards = [
            old.map(|tags| tags.guard.map(|guard| self.in_old(guard))),
            new.map(|tags| tags.guard.map(|guard| self.in_new(guard))),
        ];
        let is_there = guards.map(|side| match side {
            None => truth(self.nodes, false),
            Some(None) => truth(self.nodes, true),
            Some(Some(guard)) => self.nodes.add(Node::Fires(guard)),
        });
        self.pairs.push(pair(Part::Tags, None, is_there));
        let given =
            [old.map_or_else(Vec::new, |it| self.fires(it, 0)), new.map_or_else(Vec::new, |it| self.fires(it, 1))];
        let [one, two] = &given;
        let known: rustc_hash::FxHashMap<&str, NodeId> =
            one.iter().map(|(tag, fires)| (tag.as_str(), *fires)).collect();
        let kept: rustc_hash::FxHashSet<&str> = two.iter().map(|(tag, _)| tag.as_str()).collect();
        let never = truth(self.nodes, false);
        for (tag, fires) in two {
            let before = known.get(tag.as_str()).copied().unwrap_or(never);
            self.pairs.push(pair(Part::Tag, Some(tag.clone()), [before, *fires]));
        }
        for (tag, fires) in one.iter().filter(|(tag, _)| !kept.contains(tag.as_str())) {
            self.pairs.push(pair(Part::Tag, Some(tag.clone()), [*fires, never]));
        }
    }

    /// The tags of a block, each with whether it is given.
    fn fires(&mut self, tags: &hir::Tags, version: usize) -> Vec<(String, NodeId)> {
        let mut node = self.to[version][tags.value.index()];
        while let Node::Outcome(inner) | Node::When(_, inner) = self.nodes.get(node) {
            node = *inner;
        }
        let Node::TagSet(fires) = self.nodes.get(node) else { return Vec::new() };
        let fires = fires.clone();
        let guard = tags.guard.map(|guard| self.to[version][guard.index()]);
        let mut found = Vec::with_capacity(fires.len());
        for (tag, fires) in tags.labels.labels().zip(&fires) {
            let both = self.every(guard.into_iter().chain([*fires]).collect());
            found.push((tag.to_owned(), self.nodes.add(Node::Fires(both))));
        }
        found
    }

    /// A coverage, as a value of which it is known what it is made of.
    fn coverage(&mut self, id: NodeId) -> NodeId {
        match self.nodes.get(id).clone() {
            Node::Outcome(inner) => self.coverage(inner),
            Node::When(guard, inner) => {
                let inner = self.coverage(inner);
                self.nodes.add(Node::When(guard, inner))
            }
            Node::Coverage(parts) => {
                let covered: Vec<NodeId> = parts.parts.iter().map(|part| self.covered(part.node)).collect();
                let number = |number| Constant::Decimal(Fixed::from_int(number));
                let one = self.nodes.add_constant(number(1));
                if !parts.weighted {
                    let shares = covered.into_iter().map(|covered| self.nodes.add(Node::When(covered, one))).collect();
                    return self.nodes.add(Node::PresentRatio(shares));
                }
                let (zero, always) = (self.nodes.add_constant(number(0)), truth(self.nodes, true));
                let mut weighted = Vec::with_capacity(covered.len());
                for (part, covered) in parts.parts.iter().zip(covered) {
                    let arms = Box::new([(covered, one), (always, zero)]);
                    let node = self.nodes.add(Node::Match { arms, subjects: Box::default() });
                    weighted.push(Weighted { weight: part.weight, node });
                }
                let parts = ScoreParts { weighted: true, parts: weighted.into(), clamp: Clamp::default() };
                self.nodes.add(Node::Score(Box::new(parts)))
            }
            _ => id,
        }
    }

    /// Whether everything was there that an indicator's rules asked for, as a condition.
    fn covered(&mut self, id: NodeId) -> NodeId {
        let indicator: Indicator = match self.nodes.get(id) {
            Node::Covered(inner) => match self.nodes.get(*inner) {
                Node::Indicator(indicator) => (**indicator).clone(),
                _ => return id,
            },
            _ => return id,
        };
        let yes = truth(self.nodes, true);
        let mut rest = yes;
        for ((test, award), mentions) in indicator.rules.iter().zip(&indicator.mentions).rev() {
            let asked = self.present(&mentions.test);
            let given = match award {
                Award::Points(_) => self.present(&mentions.points),
                Award::Skip => truth(self.nodes, false),
            };
            let fires = self.nodes.add(Node::Fires(*test));
            let not = self.nodes.add(Node::Not(fires));
            rest = if indicator.sum {
                let fine = if given == yes { yes } else { self.nodes.add(Node::Any(Box::new([not, given]))) };
                self.every(vec![asked, fine, rest])
            } else if given == yes && (rest == yes || rest == asked) {
                asked
            } else {
                let (here, later) = (self.every(vec![fires, given]), self.every(vec![not, rest]));
                let decided = self.nodes.add(Node::Any(Box::new([here, later])));
                self.every(vec![asked, decided])
            };
        }
        rest
    }

    /// Whether all of these are there.
    fn present(&mut self, mentioned: &[NodeId]) -> NodeId {
        let parts = mentioned.iter().map(|id| self.nodes.add(Node::IsPresent(*id))).collect();
        self.every(parts)
    }

    /// All of these; of what is always true nothing is left.
    fn every(&mut self, mut parts: Vec<NodeId>) -> NodeId {
        let yes = truth(self.nodes, true);
        parts.retain(|part| *part != yes);
        parts.dedup();
        match parts.as_slice() {
            [] => yes,
            [only] => *only,
            _ => self.nodes.add(Node::All(parts.into())),
        }
    }
}

fn labels(choice: Option<&Choice>) -> Vec<String> {
    choice.map_or_else(Vec::new, |choice| choice.labels().map(str::to_owned).collect())
}
