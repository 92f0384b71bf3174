//! What a rule set asks, as the analysis sees it: axes, atoms of conditions, and what of a lead each axis depends on.

use super::bounds::bounds;
use super::links::{Link, links, needs_all};
use super::region::{Area, Region, region};
use crate::grid::{Asked, Axes, Axis, AxisId, Boxes, Builder, Cells, Space, asked};
use crate::hir::node::{Award, Constant, Node};
use crate::hir::{NodeId, Rules};
use crate::lead::read::Schema;
use crate::operator::ArithmeticOperator;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

/// A condition that is not made of others, and asks the lead rather than an outcome.
#[derive(Debug)]
pub(crate) struct Atom {
    pub(crate) yes: Region,
    pub(crate) no: Region,
    /// Every axis that it asks; in the first cell of any of them it is unknown.
    pub(crate) axes: SmallVec<[AxisId; 1]>,
}

/// One thing of a lead that can be chosen by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Origin {
    /// A field: by position in the schema.
    Field(u32),
    /// A part of the last outcome: by position in the table.
    Previous(u32),
    /// When the evaluation takes place.
    Instant,
    /// The population.
    Population,
    /// How two values compare, the first with the smaller number.
    Order(NodeId, NodeId),
}

/// Everything that conditions ask of leads.
pub(crate) struct Picture<'r> {
    pub(crate) rules: &'r Rules,
    pub(crate) axes: Axes,
    /// What can be at all: the cells of each axis that some value has.
    pub(crate) all: Vec<Cells>,
    /// What each axis depends on.
    pub(crate) origins: Vec<SmallVec<[Origin; 2]>>,
    atoms: FxHashMap<NodeId, Atom>,
    /// The axis that tells whether a value is there.
    homes: FxHashMap<NodeId, AxisId>,
    /// The axes of a value.
    of_node: FxHashMap<NodeId, SmallVec<[AxisId; 2]>>,
    /// Where tests are true, for those that were asked for.
    tests: FxHashMap<NodeId, Region>,
    /// By node: whether it is made of outcomes, or otherwise known from what it is made of.
    computed: Vec<bool>,
    /// By node: whether it is missing for every lead.
    absent: Vec<bool>,
    /// What of an axis being missing says about others.
    pub(crate) links: Vec<Link>,
}

/// Nodes below some, ascending, that are no part of a list function's body.
pub(crate) fn reachable(rules: &Rules, roots: impl IntoIterator<Item = NodeId>) -> Vec<NodeId> {
    let mut seen = FxHashSet::default();
    let mut pending: Vec<NodeId> = roots.into_iter().collect();
    let mut found = Vec::new();
    while let Some(id) = pending.pop() {
        if seen.insert(id) {
            if !rules.nodes.is_of_element(id) {
                found.push(id);
            }
            rules.nodes.get(id).children(|child| pending.push(child));
        }
    }
    found.sort_unstable();
    found
}

/// Everything that decides an outcome: outcomes, guards, tests and results of all rules.
pub(crate) fn roots(rules: &Rules) -> Vec<NodeId> {
    let mut roots = Vec::new();
    let of_rules = |rules: &[crate::hir::Rule], roots: &mut Vec<NodeId>| {
        roots.extend(rules.iter().flat_map(|rule| std::iter::once(rule.test).chain(rule.result)));
    };
    for class in &rules.classes {
        roots.push(class.value);
        roots.extend(class.guard);
        of_rules(&class.rules, &mut roots);
    }
    for score in &rules.scores {
        roots.extend([score.sum, score.score, score.coverage].into_iter().chain(score.grade).chain(score.guard));
        of_rules(&score.grade_rules, &mut roots);
        for indicator in &score.indicators {
            roots.push(indicator.points);
            of_rules(&indicator.rules, &mut roots);
        }
    }
    for tags in &rules.tags {
        roots.push(tags.value);
        roots.extend(tags.guard);
        of_rules(&tags.rules, &mut roots);
    }
    roots
}

/// By node: whether its value is known from what it is made of.
fn computed(rules: &Rules) -> Vec<bool> {
    let mut computed: Vec<bool> = Vec::with_capacity(rules.nodes.len());
    for index in 0..rules.nodes.len() {
        let id = NodeId(u32::try_from(index).unwrap_or(u32::MAX));
        let node = rules.nodes.get(id);
        let is = !rules.nodes.is_of_element(id)
            && match node {
                Node::Constant(_)
                | Node::Outcome(_)
                | Node::When(..)
                | Node::Match { .. }
                | Node::TagSet(_)
                | Node::Fires(_)
                | Node::Indicator(_)
                | Node::Covered(_)
                | Node::Score(_)
                | Node::Coverage(_)
                | Node::CountPresent(_)
                | Node::PresentRatio(_) => true,
                Node::Aggregate(_) | Node::Rank(..) => false,
                // constants alone do not make an expression one that is known
                _ => {
                    let mut outcome = false;
                    node.children(|child| outcome |= computed[child.index()] && rules.nodes.constant(child).is_none());
                    outcome
                }
            };
        computed.push(is);
    }
    computed
}

/// By node: whether it is missing for every lead, as a quotient by zero is.
fn absent(rules: &Rules) -> Vec<bool> {
    let mut absent: Vec<bool> = Vec::with_capacity(rules.nodes.len());
    for index in 0..rules.nodes.len() {
        let node = rules.nodes.get(NodeId(u32::try_from(index).unwrap_or(u32::MAX)));
        let is_zero = |id: NodeId| rules.nodes.constant(id).and_then(constant_units) == Some(0);
        let is = match node {
            Node::Constant(constant) => *constant == Constant::Missing,
            Node::Arithmetic(ArithmeticOperator::Divide, _, _, by) if is_zero(*by) => true,
            node if needs_all(node) && !matches!(node, Node::Aggregate(_)) => {
                let mut any = false;
                node.children(|child| any |= absent[child.index()]);
                any
            }
            _ => false,
        };
        absent.push(is);
    }
    absent
}

impl<'r> Picture<'r> {
    /// Looks through all conditions below some roots. Of the tests, it is also known where they are true.
    pub(crate) fn new(rules: &'r Rules, roots: &[NodeId], tests: &[NodeId]) -> Picture<'r> {
        let reachable = reachable(rules, roots.iter().copied());
        let computed = computed(rules);
        let mut survey = Survey {
            rules,
            builder: Builder::new(rules, &reachable),
            computed: &computed,
            atoms: FxHashMap::default(),
            homes: FxHashMap::default(),
        };
        for &id in &reachable {
            survey.look_at(id);
        }
        let boxes: Vec<(NodeId, Boxes)> = tests.iter().map(|&test| (test, survey.builder.test(test))).collect();
        let Survey { builder, atoms, homes, .. } = survey;
        let axes = builder.finish();
        let cells = axes.cells();
        let atoms = atoms.into_iter().map(|(id, [yes, no])| {
            let mut asked: SmallVec<[AxisId; 1]> =
                yes.iter().chain(&no).flat_map(|found| found.iter().map(|(axis, _)| *axis)).collect();
            asked.sort_unstable();
            asked.dedup();
            (id, Atom { yes: region(&yes, &cells), no: region(&no, &cells), axes: asked })
        });
        let atoms = atoms.collect();
        let tests = boxes.iter().map(|(test, boxes)| (*test, region(boxes, &cells))).collect();
        let mut picture = Picture {
            rules,
            all: Vec::new(),
            origins: Vec::new(),
            atoms,
            homes,
            of_node: FxHashMap::default(),
            tests,
            computed,
            absent: absent(rules),
            links: Vec::new(),
            axes,
        };
        for axis in picture.axis_ids() {
            let subject = picture.axes.get(axis).subject;
            picture.of_node.entry(subject).or_default().push(axis);
            let cells = picture.realizable(picture.axes.get(axis));
            picture.all.push(cells);
            let asked = match picture.axes.get(axis).space {
                Space::Predicates(_) => picture.axes.get(axis).slice.iter().map(|node| NodeId(*node)).collect(),
                _ => vec![subject],
            };
            picture.origins.push(origins(rules, &asked));
        }
        picture.links = links(&picture);
        picture
    }

    /// All axes.
    pub(crate) fn axis_ids(&self) -> impl Iterator<Item = AxisId> + use<> {
        (0..self.axes.len()).map(|index| AxisId(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    /// What a condition that is not made of others asks.
    pub(crate) fn atom(&self, node: NodeId) -> Option<&Atom> {
        self.atoms.get(&node)
    }

    /// The axis that tells whether a value is there.
    pub(crate) fn home(&self, node: NodeId) -> Option<AxisId> {
        self.homes.get(&node).copied()
    }

    /// The axes whose subject a value is.
    pub(crate) fn axes_of(&self, node: NodeId) -> &[AxisId] {
        self.of_node.get(&node).map(|axes| &**axes).unwrap_or_default()
    }

    /// Where a test is true.
    pub(crate) fn test(&self, test: NodeId) -> &[Area] {
        self.tests.get(&test).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a value is known from what it is made of, rather than asked of the lead.
    pub(crate) fn is_computed(&self, node: NodeId) -> bool {
        self.computed[node.index()]
    }

    /// Whether an axis asks about an outcome, or something made of outcomes.
    pub(crate) fn is_derived(&self, axis: AxisId) -> bool {
        let axis = self.axes.get(axis);
        match axis.space {
            Space::Truth => !self.atoms.contains_key(&axis.subject),
            _ => self.is_computed(axis.subject),
        }
    }

    /// The cells that some value of an axis lies in.
    fn realizable(&self, axis: &Axis) -> Cells {
        let mut cells = Cells::none(axis.count());
        if !self.never_missing(axis.subject) {
            cells.insert(0..1);
        }
        if self.absent[axis.subject.index()] {
            return cells;
        }
        let field = match self.rules.nodes.get(axis.subject) {
            Node::Field(slot) => self.rules.schema.fields.get(*slot as usize),
            _ => None,
        };
        let bounds = bounds(self.rules, axis);
        for cell in 1..axis.count() {
            let there = match axis.space {
                Space::Text | Space::Code => axis.texts.get(cell - 1).is_none_or(|text| {
                    field.is_none_or(|field| !field.placeholders.hold_text(text.normal()))
                        && (axis.space == Space::Code || !text.normal().is_empty())
                }),
                Space::Presence | Space::Truth | Space::Members(_) | Space::Predicates(_) => true,
                _ => {
                    let low = if cell == 1 { i128::MIN } else { axis.cuts[cell - 2] };
                    let high = axis.cuts.get(cell - 1).copied().unwrap_or(i128::MAX);
                    bounds.has_between(low, high)
                }
            };
            if there {
                cells.insert(cell..cell + 1);
            }
        }
        cells
    }

    /// Whether a value is always there.
    fn never_missing(&self, node: NodeId) -> bool {
        matches!(self.rules.nodes.get(node), Node::Today | Node::Now | Node::Constant(_))
            || matches!(self.rules.nodes.get(node), Node::DatePart(_, of) if matches!(self.rules.nodes.get(*of), Node::Today | Node::Now))
    }
}

/// What of a lead a node depends on.
fn origins(rules: &Rules, nodes: &[NodeId]) -> SmallVec<[Origin; 2]> {
    let (mut seen, mut pending) = (FxHashSet::default(), nodes.to_vec());
    let mut found: SmallVec<[Origin; 2]> = SmallVec::new();
    while let Some(id) = pending.pop() {
        if seen.insert(id) {
            match rules.nodes.get(id) {
                Node::Field(slot) => found.push(Origin::Field(*slot)),
                Node::Previous(position) => found.push(Origin::Previous(*position)),
                Node::Now | Node::Today | Node::Window(..) => found.push(Origin::Instant),
                Node::PopulationLoaded | Node::Rank(..) => found.push(Origin::Population),
                _ => {}
            }
            rules.nodes.get(id).children(|child| pending.push(child));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Collects what conditions ask.
struct Survey<'r, 'c> {
    rules: &'r Rules,
    builder: Builder<'r>,
    computed: &'c [bool],
    atoms: FxHashMap<NodeId, [Boxes; 2]>,
    homes: FxHashMap<NodeId, AxisId>,
}

impl Survey<'_, '_> {
    /// Looks at the conditions and values that a node is made of.
    fn look_at(&mut self, id: NodeId) {
        let rules = self.rules;
        match rules.nodes.get(id) {
            Node::Not(a) | Node::Fires(a) => self.condition(*a),
            Node::When(a, _) => self.condition(*a),
            Node::All(list) | Node::Any(list) | Node::AtLeast(_, list) | Node::TagSet(list) => {
                list.iter().for_each(|a| self.condition(*a));
            }
            Node::Match { arms, .. } => arms.iter().for_each(|(test, _)| self.condition(*test)),
            Node::Indicator(indicator) => indicator.rules.iter().for_each(|(test, award)| {
                self.condition(*test);
                if let Award::Points(points) = award {
                    self.value(*points);
                }
            }),
            Node::IsPresent(a) => self.value(*a),
            Node::CountPresent(list) | Node::PresentRatio(list) | Node::Coalesce(list) => {
                list.iter().for_each(|a| self.value(*a));
            }
            Node::Compare(..)
            | Node::OneOf(..)
            | Node::HasLabels(..)
            | Node::HasTexts(..)
            | Node::Contains(..)
            | Node::Affix(..)
            | Node::Matches(..)
            | Node::WithinLabels(..)
            | Node::WithinTexts(..)
            | Node::WithinRegions(..)
            | Node::Window(..) => self.condition(id),
            _ => {}
        }
    }

    /// Something whose truth is asked.
    fn condition(&mut self, id: NodeId) {
        if self.computed[id.index()] || is_composed(self.rules.nodes.get(id)) || self.atoms.contains_key(&id) {
            return;
        }
        let boxes = [true, false].map(|truth| self.builder.atom(id, truth));
        self.atoms.insert(id, boxes);
        self.rules.nodes.get(id).children(|child| self.value_below(child));
    }

    /// Something whose value is asked; what it is made of has to be there too.
    fn value_below(&mut self, id: NodeId) {
        if !is_condition(self.rules, id) {
            self.value(id);
        }
    }

    /// Something of which it is asked whether it is there.
    fn value(&mut self, id: NodeId) {
        if self.computed[id.index()] || self.homes.contains_key(&id) {
            return;
        }
        if is_condition(self.rules, id) {
            self.condition(id);
            return;
        }
        let home = self.builder.home(id);
        self.homes.insert(id, home);
        let node = self.rules.nodes.get(id);
        match node {
            Node::Aggregate(aggregate) => self.value(aggregate.list),
            node if needs_all(node) => node.children(|child| {
                if !matches!(self.rules.nodes.get(child), Node::Today | Node::Now) {
                    self.value_below(child);
                }
            }),
            _ => {}
        }
    }
}

/// Whether a condition is made of others.
fn is_composed(node: &Node) -> bool {
    matches!(node, Node::Not(_) | Node::All(_) | Node::Any(_) | Node::AtLeast(..) | Node::IsPresent(_) | Node::Fires(_))
}

/// Whether a node is a condition by what it is.
pub(crate) fn is_condition(rules: &Rules, id: NodeId) -> bool {
    let node = rules.nodes.get(id);
    is_composed(node) || (!matches!(node, Node::Field(_)) && is_atom(rules, &rules.schema, id))
}

fn is_atom(rules: &Rules, schema: &Schema, id: NodeId) -> bool {
    matches!(
        rules.nodes.get(id),
        Node::Compare(..)
            | Node::OneOf(..)
            | Node::HasLabels(..)
            | Node::HasTexts(..)
            | Node::Contains(..)
            | Node::Affix(..)
            | Node::Matches(..)
            | Node::WithinLabels(..)
            | Node::WithinTexts(..)
            | Node::WithinRegions(..)
            | Node::Window(..)
    ) || asked(&rules.nodes, schema, id) != Asked::Opaque
}

/// A constant number, in units.
pub(crate) fn constant_units(constant: &Constant) -> Option<i128> {
    match constant {
        Constant::Int(value) => Some(crate::value::Fixed::from_int(*value).units()),
        Constant::Decimal(value) => Some(value.units()),
        _ => None,
    }
}
