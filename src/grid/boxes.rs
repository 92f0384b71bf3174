//! Conditions as unions of boxes.

use super::axis::{Axes, AxisId, LiteralId, Space};
use super::question::{Asked, Question, asked};
use super::slices::Sliced;
use crate::hir::node::{Constant, Node};
use crate::hir::{NodeId, Nodes, Rules};
use crate::lead::read::Schema;
use crate::operator::Quantifier;
use crate::value::Text;
use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

/// Of which leads the boxes of a condition are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Polarity {
    True,
    False,
    /// False or unknown.
    NotTrue,
    /// True or unknown.
    NotFalse,
}

impl Polarity {
    /// What `not` makes of it.
    fn negated(self) -> Polarity {
        match self {
            Polarity::True => Polarity::False,
            Polarity::False => Polarity::True,
            Polarity::NotTrue => Polarity::NotFalse,
            Polarity::NotFalse => Polarity::NotTrue,
        }
    }

    /// Whether a conjunction is a conjunction of its parts, rather than a union.
    fn keeps_and(self) -> bool {
        matches!(self, Polarity::True | Polarity::NotFalse)
    }
}

/// A box: literals of different axes, ascending; all must hold. Without any it is everything.
pub(crate) type Conjunction = SmallVec<[(AxisId, LiteralId); 4]>;

/// A union of boxes, which may overlap. Without any it is nothing; of most conditions it is one.
pub(crate) type Boxes = SmallVec<[Conjunction; 1]>;

/// Where conditions may be taken apart no further: what is deeper is computed, as an axis of its own.
const DEPTH: usize = 80;
/// How many boxes a conjunction of unions may have.
const PRODUCT: usize = 64;
/// How many boxes a union inside another condition may have.
const UNION: usize = 256;
/// How many boxes the conditions of a rule set may have beyond [`PRODUCT`] each.
const EXTRA: usize = 1 << 16;

/// Takes conditions apart, and collects the axes that they ask.
pub(crate) struct Builder<'r> {
    nodes: &'r Nodes,
    schema: &'r Schema,
    axes: Axes,
    /// The labels of sets that are asked for, by set.
    members: FxHashMap<NodeId, Sliced>,
    /// The conditions on single values, by value.
    predicates: FxHashMap<NodeId, Sliced>,
    /// An axis of each value, which tells whether it is missing.
    homes: FxHashMap<NodeId, (NodeId, Space)>,
    /// Values that have to be computed, for axes.
    demanded: Vec<NodeId>,
    made: FxHashMap<(NodeId, Polarity), Boxes>,
    texts: FxHashMap<(AxisId, String), u32>,
    extra: usize,
}

impl<'r> Builder<'r> {
    /// Looks through the conditions among the nodes that count, so that each label and each condition has its slice.
    pub(crate) fn new(rules: &'r Rules, reachable: &[NodeId]) -> Builder<'r> {
        let mut builder = Builder {
            nodes: &rules.nodes,
            schema: &rules.schema,
            axes: Axes::default(),
            members: FxHashMap::default(),
            predicates: FxHashMap::default(),
            homes: FxHashMap::default(),
            demanded: Vec::new(),
            made: FxHashMap::default(),
            texts: FxHashMap::default(),
            extra: EXTRA,
        };
        let conditions = reachable.iter().filter(|id| !rules.nodes.is_of_element(**id));
        let asked = conditions.filter(|id| builder.survey(**id)).count();
        builder.members.values_mut().chain(builder.predicates.values_mut()).for_each(|sliced| sliced.divide(asked));
        builder
    }

    /// Notes what a node asks. Whether it is a condition.
    fn survey(&mut self, node: NodeId) -> bool {
        if matches!(self.nodes.get(node), Node::Field(_)) {
            return false;
        }
        let (subject, space) = match asked(self.nodes, self.schema, node) {
            Asked::Keys(subject, space, _) | Asked::Texts { subject, space, .. } => (self.inner(subject), space),
            Asked::Members(subject, _, labels) => {
                let subject = self.inner(subject);
                self.members.entry(subject).or_default().bits.extend(labels);
                (subject, Space::Members(0))
            }
            Asked::Predicate(subject) => {
                let subject = self.inner(subject);
                self.predicates.entry(subject).or_default().bits.push(node.0);
                (subject, Space::Predicates(0))
            }
            Asked::Fixed(_) | Asked::Opaque => return false,
        };
        // an axis whose cell is always known is the better home than one whose conditions are only computed if needed
        let root = self.presence_root(subject);
        let home = self.homes.entry(root).or_insert((subject, space));
        if matches!(home.1, Space::Predicates(_)) {
            *home = (subject, space);
        }
        true
    }

    /// What an outcome is made of: the same value.
    pub(crate) fn inner(&self, mut node: NodeId) -> NodeId {
        while let Node::Outcome(inner) = self.nodes.get(node) {
            node = *inner;
        }
        node
    }

    /// What is missing just when a value is.
    pub(crate) fn presence_root(&self, node: NodeId) -> NodeId {
        let is_day = |id: NodeId| matches!(self.nodes.get(id), Node::Today | Node::Constant(Constant::Date(_)));
        let mut node = self.inner(node);
        loop {
            node = match self.nodes.get(node) {
                Node::DaysBetween(a, b) if is_day(*b) => *a,
                Node::DaysBetween(a, b) if is_day(*a) => *b,
                Node::DateOf(a) | Node::DatePart(_, a) | Node::MonthsSince(a) | Node::Outcome(a) => *a,
                _ => return node,
            };
        }
    }

    /// The axes, when everything has been asked, and the values that they need.
    pub(crate) fn finish(mut self) -> Axes {
        self.axes.freeze();
        self.axes
    }

    /// Values that have become needed since the last call.
    pub(crate) fn take_demanded(&mut self) -> Vec<NodeId> {
        std::mem::take(&mut self.demanded)
    }

    /// Where the test of a rule is true.
    pub(crate) fn test(&mut self, test: NodeId) -> Boxes {
        let boxes = self.boxes(test, Polarity::True, 0);
        match boxes.len().checked_sub(PRODUCT) {
            Some(more) if more > self.extra => smallvec![self.opaque(test, Polarity::True)],
            Some(more) => {
                self.extra -= more;
                boxes
            }
            None => boxes,
        }
    }

    /// Where a condition that is not made of others is true, or false.
    pub(crate) fn atom(&mut self, node: NodeId, truth: bool) -> Boxes {
        self.single(node, if truth { Polarity::True } else { Polarity::False })
    }

    /// The axis that tells whether a value, which is no condition, is there.
    pub(crate) fn home(&mut self, node: NodeId) -> AxisId {
        self.presence(node, Polarity::True)[0].0
    }

    /// Where a value is missing.
    pub(crate) fn absent(&mut self, node: NodeId) -> Boxes {
        match self.nodes.get(node) {
            Node::Outcome(inner) => self.absent(*inner),
            Node::When(guard, inner) => {
                let mut boxes = self.boxes(*guard, Polarity::NotTrue, 0);
                boxes.extend(self.absent(*inner));
                boxes
            }
            Node::TagSet(_) => Boxes::new(),
            _ if self.is_condition(node) => {
                let (not_true, not_false) =
                    (self.boxes(node, Polarity::NotTrue, 0), self.boxes(node, Polarity::NotFalse, 0));
                self.product(vec![(node, Polarity::NotTrue, not_true), (node, Polarity::NotFalse, not_false)])
            }
            _ => smallvec![self.presence(node, Polarity::False)],
        }
    }

    /// Whether a node is a condition by what it is, rather than a value that may be true or false.
    fn is_condition(&self, node: NodeId) -> bool {
        match self.nodes.get(node) {
            Node::Not(_) | Node::All(_) | Node::Any(_) | Node::AtLeast(..) | Node::IsPresent(_) | Node::Fires(_) => {
                true
            }
            Node::When(_, inner) | Node::Outcome(inner) => self.is_condition(*inner),
            Node::Field(_) => false,
            _ => asked(self.nodes, self.schema, node) != Asked::Opaque,
        }
    }

    /// The boxes of a condition.
    fn boxes(&mut self, node: NodeId, polarity: Polarity, depth: usize) -> Boxes {
        if depth > DEPTH {
            return smallvec![self.opaque(node, polarity)];
        }
        match self.nodes.get(node) {
            Node::Not(inner) => self.boxes(*inner, polarity.negated(), depth + 1),
            Node::Outcome(inner) => self.boxes(*inner, polarity, depth + 1),
            Node::Fires(inner) => {
                let wanted = match polarity {
                    Polarity::True | Polarity::NotFalse => Polarity::True,
                    Polarity::False | Polarity::NotTrue => Polarity::NotTrue,
                };
                self.boxes(*inner, wanted, depth + 1)
            }
            Node::Constant(constant) => {
                let holds = match (constant, polarity) {
                    (Constant::Bool(value), Polarity::True | Polarity::NotFalse) => *value,
                    (Constant::Bool(value), Polarity::False | Polarity::NotTrue) => !value,
                    (_, polarity) => matches!(polarity, Polarity::NotTrue | Polarity::NotFalse),
                };
                if holds { smallvec![Conjunction::new()] } else { Boxes::new() }
            }
            Node::All(_) | Node::Any(_) | Node::AtLeast(..) | Node::When(..) | Node::IsPresent(_) => {
                if let Some(known) = self.made.get(&(node, polarity)) {
                    return known.clone();
                }
                let mut boxes = self.composed(node, polarity, depth);
                if boxes.len() > UNION && depth > 0 {
                    boxes = smallvec![self.opaque(node, polarity)];
                }
                if depth > 0 {
                    self.made.insert((node, polarity), boxes.clone());
                }
                boxes
            }
            _ => self.single(node, polarity),
        }
    }

    /// The boxes of a condition that is made of others.
    fn composed(&mut self, node: NodeId, polarity: Polarity, depth: usize) -> Boxes {
        match self.nodes.get(node) {
            Node::All(list) if polarity.keeps_and() => self.every(list, polarity, depth),
            Node::Any(list) if !polarity.keeps_and() => self.every(list, polarity, depth),
            Node::All(list) | Node::Any(list) => self.some(list, polarity, depth),
            Node::AtLeast(count, list) => {
                let count = usize::try_from(*count).unwrap_or(0);
                // as many must be true, or so many must not be that the rest is too few
                let enough = if polarity.keeps_and() { count } else { (list.len() + 1).saturating_sub(count) };
                self.at_least(node, enough, list, polarity, depth)
            }
            Node::When(guard, inner) => {
                let guard_wanted = match polarity {
                    Polarity::True | Polarity::False => Polarity::True,
                    Polarity::NotTrue | Polarity::NotFalse => Polarity::NotTrue,
                };
                let guard_boxes = self.boxes(*guard, guard_wanted, depth + 1);
                let inner_boxes = self.boxes(*inner, polarity, depth + 1);
                if guard_wanted == Polarity::True {
                    return self.product(vec![(*guard, guard_wanted, guard_boxes), (*inner, polarity, inner_boxes)]);
                }
                self.union([guard_boxes, inner_boxes])
            }
            Node::IsPresent(inner) if self.is_condition(*inner) => {
                let known = |builder: &mut Self| {
                    let truths =
                        [Polarity::True, Polarity::False].map(|wanted| builder.boxes(*inner, wanted, depth + 1));
                    builder.union(truths)
                };
                match polarity {
                    Polarity::True | Polarity::NotFalse => known(self),
                    Polarity::False | Polarity::NotTrue => self.absent(*inner),
                }
            }
            Node::IsPresent(inner) => smallvec![self.presence(*inner, polarity)],
            _ => Boxes::new(),
        }
    }

    /// All of several conditions.
    fn every(&mut self, list: &[NodeId], polarity: Polarity, depth: usize) -> Boxes {
        let parts = list.iter().map(|&id| (id, polarity, self.boxes(id, polarity, depth + 1))).collect();
        self.product(parts)
    }

    /// Any of several conditions.
    fn some(&mut self, list: &[NodeId], polarity: Polarity, depth: usize) -> Boxes {
        let parts: Vec<Boxes> = list.iter().map(|&id| self.boxes(id, polarity, depth + 1)).collect();
        self.union(parts)
    }

    /// At least so many of several conditions: a union over the choices of so many.
    fn at_least(&mut self, node: NodeId, count: usize, list: &[NodeId], polarity: Polarity, depth: usize) -> Boxes {
        if count == 0 {
            return smallvec![Conjunction::new()];
        }
        if count > list.len() {
            return Boxes::new();
        }
        if choices(list.len(), count).is_none_or(|choices| choices > PRODUCT) {
            return smallvec![self.opaque(node, polarity)];
        }
        let mut picked: Vec<usize> = (0..count).collect();
        let mut found = Vec::new();
        loop {
            let chosen: Vec<NodeId> = picked.iter().map(|&index| list[index]).collect();
            found.push(self.every(&chosen, polarity, depth));
            // the last place that can still move on, and those after it behind it
            let Some(place) = (0..count).rev().find(|&place| picked[place] < list.len() - count + place) else { break };
            picked[place] += 1;
            for next in place + 1..count {
                picked[next] = picked[next - 1] + 1;
            }
        }
        self.union(found)
    }

    /// What lies in a box of each part. Parts that would make too many boxes are computed instead.
    fn product(&mut self, mut parts: Vec<(NodeId, Polarity, Boxes)>) -> Boxes {
        if parts.iter().any(|(_, _, boxes)| boxes.is_empty()) {
            return Boxes::new();
        }
        // parts of one box are one box together, however many they are
        let single = parts.iter().filter(|(_, _, boxes)| boxes.len() == 1).flat_map(|(_, _, boxes)| boxes);
        let mut product: Boxes = smallvec![self.meet(single.flatten())];
        parts.retain(|(_, _, boxes)| boxes.len() > 1);
        parts.sort_by_key(|(_, _, boxes)| boxes.len());
        for (part, polarity, mut boxes) in parts {
            if product.len() * boxes.len() > PRODUCT {
                boxes = smallvec![self.opaque(part, polarity)];
            }
            let mut next = Boxes::with_capacity(product.len() * boxes.len());
            for left in &product {
                next.extend(boxes.iter().map(|right| self.meet(left.iter().chain(right))));
            }
            product = next;
        }
        product
    }

    /// What lies in all of several boxes, which have these literals between them.
    fn meet<'l>(&mut self, literals: impl Iterator<Item = &'l (AxisId, LiteralId)>) -> Conjunction {
        let literals = sorted(literals.copied());
        let axes = literals.chunk_by(|one, next| one.0 == next.0);
        axes.map(|asked| (asked[0].0, self.axes.every(asked))).collect()
    }

    /// What lies in any of several unions. Boxes that ask one and the same axis alone become one.
    fn union(&mut self, parts: impl IntoIterator<Item = Boxes>) -> Boxes {
        let all: Boxes = parts.into_iter().flatten().collect();
        if all.iter().any(SmallVec::is_empty) {
            return smallvec![Conjunction::new()];
        }
        let (single, mut union): (Boxes, Boxes) = all.into_iter().partition(|found| found.len() == 1);
        let literals = sorted(single.into_iter().flatten());
        let axes = literals.chunk_by(|one, next| one.0 == next.0);
        union.extend(axes.map(|asked| -> Conjunction { smallvec![(asked[0].0, self.axes.some(asked))] }));
        union
    }

    /// The boxes of a condition that is not made of others.
    fn single(&mut self, node: NodeId, polarity: Polarity) -> Boxes {
        match asked(self.nodes, self.schema, node) {
            Asked::Keys(subject, space, keys) => {
                let axis = self.axis(subject, space);
                smallvec![smallvec![(axis, self.axes.asked(axis, Question::Within(keys), polarity))]]
            }
            Asked::Texts { subject, space, texts, negated } => {
                let axis = self.axis(subject, space);
                let mut places: SmallVec<[u32; 2]> = texts.iter().map(|text| self.text(axis, text, space)).collect();
                places.sort_unstable();
                places.dedup();
                let polarity = if negated { polarity.negated() } else { polarity };
                smallvec![smallvec![(axis, self.axes.asked(axis, Question::Equals(places), polarity))]]
            }
            Asked::Members(subject, quantifier, labels) => self.members(subject, quantifier, labels, polarity),
            Asked::Predicate(subject) => {
                let subject = self.inner(subject);
                let (slice, bit) = self.predicates.entry(subject).or_default().find(node.0);
                let axis = self.slice(subject, Space::Predicates(slice));
                smallvec![smallvec![(axis, self.axes.asked(axis, Question::AnyBit(1 << bit), polarity))]]
            }
            Asked::Fixed(truth) => {
                let wanted = matches!(polarity, Polarity::True | Polarity::NotFalse);
                if truth == wanted { smallvec![Conjunction::new()] } else { Boxes::new() }
            }
            Asked::Opaque => smallvec![self.opaque(node, polarity)],
        }
    }

    /// `contains any { … }` and `contains all { … }`: a literal per slice that has some of the labels.
    fn members(&mut self, subject: NodeId, quantifier: Quantifier, labels: &[u32], polarity: Polarity) -> Boxes {
        let subject = self.inner(subject);
        let mut masks: SmallVec<[(u32, u32); 2]> = SmallVec::new();
        for &label in labels {
            let (slice, bit) = self.members.entry(subject).or_default().find(label);
            match masks.iter_mut().find(|(known, _)| *known == slice) {
                Some((_, mask)) => *mask |= 1 << bit,
                None => masks.push((slice, 1 << bit)),
            }
        }
        let all = quantifier == Quantifier::All;
        let mut literals = Boxes::new();
        for (slice, mask) in masks {
            let axis = self.slice(subject, Space::Members(slice));
            let question = if all { Question::AllBits(mask) } else { Question::AnyBit(mask) };
            literals.push(smallvec![(axis, self.axes.asked(axis, question, polarity))]);
        }
        if all != polarity.keeps_and() {
            return literals;
        }
        smallvec![self.meet(literals.iter().flatten())]
    }

    /// Whether a value is there.
    fn presence(&mut self, node: NodeId, polarity: Polarity) -> Conjunction {
        let root = self.presence_root(node);
        let axis = match self.homes.get(&root).copied() {
            Some((subject, space @ (Space::Members(_) | Space::Predicates(_)))) => self.slice(subject, space),
            Some((subject, space)) => self.axis(subject, space),
            None => self.axis(root, Space::Presence),
        };
        smallvec![(axis, self.axes.asked(axis, Question::Present, polarity))]
    }

    /// A condition that is computed, as an axis of its own.
    fn opaque(&mut self, node: NodeId, polarity: Polarity) -> Conjunction {
        let axis = self.axis(node, Space::Truth);
        smallvec![(axis, self.axes.asked(axis, Question::Holds, polarity))]
    }

    /// The axis of a value, which has to be computed unless it is a field.
    fn axis(&mut self, subject: NodeId, space: Space) -> AxisId {
        let subject = self.inner(subject);
        let known = self.axes.len();
        let axis = self.axes.axis(subject, space);
        if self.axes.len() > known && !matches!(self.nodes.get(subject), Node::Field(_)) {
            self.demanded.push(subject);
        }
        axis
    }

    /// The axis of a slice.
    fn slice(&mut self, subject: NodeId, space: Space) -> AxisId {
        let axis = self.axis(subject, space);
        if self.axes.get(axis).slice.is_empty() {
            let (sliced, slice) = match space {
                Space::Members(slice) => (self.members.get(&subject), slice),
                Space::Predicates(slice) => (self.predicates.get(&subject), slice),
                _ => (None, 0),
            };
            let bits = sliced.map(|sliced| sliced.slice(slice).to_vec()).unwrap_or_default();
            self.axes.get_mut(axis).slice = bits;
        }
        axis
    }

    /// The place of a text that rules mention.
    fn text(&mut self, axis: AxisId, text: &Text, space: Space) -> u32 {
        let form = if space == Space::Code { text.exact() } else { text.normal() };
        let texts = &mut self.axes.get_mut(axis).texts;
        *self.texts.entry((axis, form.to_owned())).or_insert_with(|| {
            texts.push(text.clone());
            u32::try_from(texts.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

/// Literals axis by axis, each once.
fn sorted(literals: impl Iterator<Item = (AxisId, LiteralId)>) -> SmallVec<[(AxisId, LiteralId); 8]> {
    let mut literals: SmallVec<_> = literals.collect();
    literals.sort_unstable();
    literals.dedup();
    literals
}

/// In how many ways so many can be chosen of so many.
fn choices(of: usize, count: usize) -> Option<usize> {
    (0..count.min(of - count)).try_fold(1_usize, |ways, index| Some(ways.checked_mul(of - index)? / (index + 1)))
}
