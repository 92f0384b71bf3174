//! Which cells of several axes go together, because one and the same value decides them.

use super::picture::{Origin, Picture};
use crate::grid::{AxisId, Cells, Space, turned};
use crate::hir::node::{Constant, Node};
use crate::hir::{NodeId, PreviousPart};
use crate::operator::{CompareOperator, Direction};
use crate::time::Stretch;
use crate::types::{Choice, Type};
use crate::value::Text;
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Any cell, in a row.
pub(crate) const ANY: u32 = u32::MAX;

/// A cell for each axis of a group.
pub(crate) type Row = SmallVec<[u32; 4]>;

/// Axes that ask one and the same thing of a lead.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) origin: Origin,
    pub(crate) axes: Vec<AxisId>,
    /// The combinations that can be; without them each axis by itself.
    pub(crate) rows: Option<Vec<Row>>,
    /// Whether every combination that is left can be, at some instant.
    pub(crate) exact: bool,
}

/// What can be together.
#[derive(Debug, Default)]
pub(crate) struct Joint {
    pub(crate) groups: Vec<Group>,
    /// The group of each axis.
    of_axis: Vec<Option<u32>>,
    /// Cells that are left out from the start, by axis.
    pub(crate) start: Vec<Cells>,
}

impl Joint {
    /// What is certain of every lead at every instant.
    pub(crate) fn certain(picture: &Picture<'_>) -> Joint {
        let mut groups: BTreeMap<Origin, Vec<AxisId>> = BTreeMap::new();
        for axis in picture.axis_ids() {
            let origins = &picture.origins[axis.index()];
            if !picture.is_derived(axis)
                && !origins.contains(&Origin::Population)
                && let Some(origin) = single_origin(origins)
            {
                groups.entry(origin).or_default().push(axis);
            }
        }
        let groups = groups.into_iter().map(|(origin, axes)| {
            let (rows, exact) = certain_rows(picture, origin, &axes);
            Group { origin, axes, rows, exact }
        });
        // a population may rank any value anywhere
        let ranked = picture
            .axis_ids()
            .filter(|axis| !picture.is_derived(*axis) && picture.origins[axis.index()].contains(&Origin::Population));
        let ranked = ranked.map(|axis| Group { origin: Origin::Population, axes: vec![axis], rows: None, exact: true });
        Joint::new(picture, groups.chain(ranked).chain(orders(picture)).collect())
    }

    fn new(picture: &Picture<'_>, groups: Vec<Group>) -> Joint {
        let mut of_axis = vec![None; picture.axes.len()];
        for (index, group) in (0_u32..).zip(&groups) {
            group.axes.iter().for_each(|axis| of_axis[axis.index()] = Some(index));
        }
        let mut joint = Joint { groups, of_axis, start: picture.all.clone() };
        joint.begin_with_rows();
        joint
    }

    /// What no row has is left out from the start.
    fn begin_with_rows(&mut self) {
        for group in &self.groups {
            let Some(rows) = &group.rows else { continue };
            for (place, axis) in group.axes.iter().enumerate() {
                let start = &mut self.start[axis.index()];
                if rows.iter().any(|row| row[place] == ANY) {
                    continue;
                }
                let mut seen: Vec<u32> = rows.iter().map(|row| row[place]).collect();
                seen.sort_unstable();
                seen.dedup();
                let mut cells = Cells::none(start.count());
                seen.iter().for_each(|cell| cells.insert(*cell as usize..*cell as usize + 1));
                *start = start.common(&cells);
            }
        }
    }

    /// The same with other groups, and with less to start from.
    pub(crate) fn with(picture: &Picture<'_>, groups: Vec<Group>, start: Vec<Cells>) -> Joint {
        let mut joint = Joint { start, ..Joint::new(picture, groups) };
        joint.begin_with_rows();
        joint
    }

    /// The group of an axis, if one thing of a lead decides it.
    pub(crate) fn group(&self, axis: AxisId) -> Option<&Group> {
        self.of_axis[axis.index()].and_then(|index| self.groups.get(index as usize))
    }

    /// Whether each cell that is left of an axis can be.
    pub(crate) fn is_exact(&self, axis: AxisId) -> bool {
        self.group(axis).is_some_and(|group| group.exact)
    }
}

/// Groups of conditions that compare the same two values: these compare in one way only.
pub(crate) fn orders(picture: &Picture<'_>) -> impl Iterator<Item = Group> + use<> {
    let mut found: BTreeMap<Origin, Vec<(AxisId, CompareOperator)>> = BTreeMap::new();
    for axis in picture.axis_ids() {
        let described = picture.axes.get(axis);
        if described.space == Space::Truth
            && let Node::Compare(operator, a, b) = picture.rules.nodes.get(described.subject)
            && single_origin(&picture.origins[axis.index()]).is_none()
        {
            let operator = if a <= b { *operator } else { turned(*operator) };
            found.entry(Origin::Order(*a.min(b), *a.max(b))).or_default().push((axis, operator));
        }
    }
    found.into_iter().map(|(origin, compared)| {
        let orders = [Ordering::Less, Ordering::Equal, Ordering::Greater];
        let cells =
            orders.map(|order| compared.iter().map(|(_, operator)| 1 + u32::from(holds(*operator, order))).collect());
        let missing = Row::from_elem(0, compared.len());
        let rows = std::iter::once(missing).chain(cells).collect();
        Group { origin, axes: compared.iter().map(|(axis, _)| *axis).collect(), rows: Some(rows), exact: false }
    })
}

fn holds(operator: CompareOperator, order: Ordering) -> bool {
    match operator {
        CompareOperator::Equal => order.is_eq(),
        CompareOperator::NotEqual => order.is_ne(),
        CompareOperator::Less => order.is_lt(),
        CompareOperator::LessOrEqual => order.is_le(),
        CompareOperator::Greater => order.is_gt(),
        CompareOperator::GreaterOrEqual => order.is_ge(),
    }
}

/// The one thing of a lead that something depends on, beside the instant.
pub(crate) fn single_origin(origins: &[Origin]) -> Option<Origin> {
    let mut others = origins.iter().filter(|origin| **origin != Origin::Instant);
    match (others.next(), others.next()) {
        (_, Some(_)) => None,
        (Some(origin), None) => Some(*origin),
        (None, _) => Some(Origin::Instant),
    }
}

/// The combinations of a group's axes that can be, and whether they are known exactly.
fn certain_rows(picture: &Picture<'_>, origin: Origin, axes: &[AxisId]) -> (Option<Vec<Row>>, bool) {
    if let Some(labels) = Labels::of(picture, origin, axes) {
        return labels.rows(picture, axes);
    }
    if let Some(rows) = day_rows(picture, axes) {
        return (Some(rows), true);
    }
    if let [only] = axes {
        return (None, is_plain(picture, *only));
    }
    match spelled_rows(picture, origin, axes) {
        Some(rows) => (Some(rows), true),
        None => (text_rows(picture, axes), false),
    }
}

/// Whether each cell of an axis, of which there is no other, has a value.
fn is_plain(picture: &Picture<'_>, axis: AxisId) -> bool {
    let nodes = &picture.rules.nodes;
    let axis = picture.axes.get(axis);
    let is_asked = |id: NodeId| matches!(nodes.get(id), Node::Field(_) | Node::Previous(_) | Node::Today);
    let is_date = |id: NodeId| is_asked(id);
    match (axis.space, nodes.get(axis.subject)) {
        (Space::Predicates(_) | Space::Truth, _) => false,
        (_, Node::Field(_) | Node::Previous(_) | Node::Today) => true,
        (_, Node::DaysBetween(a, b)) => is_date(*a) && is_date(*b),
        (_, Node::DatePart(_, of) | Node::MonthsSince(of) | Node::DateOf(of)) => is_date(*of),
        _ => false,
    }
}

/// A closed set of labels that is asked which of them it has.
struct Labels<'c> {
    choice: &'c Choice,
    /// Those that some axis asks about.
    asked: Vec<u32>,
    /// Whether the set can be there without a label.
    may_be_empty: bool,
    /// Labels that are never there, since they mean "missing".
    never: Vec<u32>,
}

/// How many labels of a set are combined with each other.
const COMBINED: usize = 9;

impl<'c> Labels<'c> {
    fn of(picture: &'c Picture<'_>, origin: Origin, axes: &[AxisId]) -> Option<Labels<'c>> {
        let rules = picture.rules;
        let (choice, may_be_empty, never) = match origin {
            Origin::Field(slot) => {
                let field = rules.schema.fields.get(slot as usize)?;
                let Type::Set(choice) = &field.kind else { return None };
                let held = choice
                    .labels()
                    .zip(0..)
                    .filter(|(label, _)| field.placeholders.hold_text(&crate::value::text::normal_form(label)));
                (choice, false, held.map(|(_, position)| position).collect())
            }
            Origin::Previous(position) => match &rules.previous.get(position as usize)?.part {
                PreviousPart::Tags(choice) => (choice, true, Vec::new()),
                _ => return None,
            },
            _ => return None,
        };
        let mut asked = BTreeSet::new();
        for axis in axes {
            let axis = picture.axes.get(*axis);
            match axis.space {
                Space::Members(_) => asked.extend(axis.slice.iter().copied()),
                Space::Presence => {}
                Space::Predicates(_) => {
                    for node in &axis.slice {
                        let Node::WithinLabels(_, labels) = rules.nodes.get(NodeId(*node)) else { return None };
                        asked.extend(labels.iter().copied());
                    }
                }
                _ => return None,
            }
        }
        Some(Labels { choice, asked: asked.into_iter().collect(), may_be_empty, never })
    }

    /// A row for each combination of the labels that are asked for, and of any other label.
    fn rows(&self, picture: &Picture<'_>, axes: &[AxisId]) -> (Option<Vec<Row>>, bool) {
        if self.asked.len() > COMBINED {
            return (None, false);
        }
        let known: Vec<u32> = self.asked.iter().copied().filter(|label| !self.never.contains(label)).collect();
        let other = (0..self.choice.len()).any(|label| {
            let label = u32::try_from(label).unwrap_or(u32::MAX);
            !self.asked.contains(&label) && !self.never.contains(&label)
        });
        let mut rows = BTreeSet::new();
        rows.insert(Row::from_elem(0, axes.len()));
        for others in [false, true] {
            if others && !other {
                continue;
            }
            for bits in 0_u32..1 << known.len() {
                if bits == 0 && !others && !self.may_be_empty {
                    continue;
                }
                let own: Vec<u32> =
                    known.iter().zip(0..).filter(|(_, bit)| bits >> bit & 1 == 1).map(|(label, _)| *label).collect();
                rows.insert(axes.iter().map(|axis| cell_of_labels(picture, *axis, &own, others)).collect());
            }
        }
        (Some(rows.into_iter().collect()), true)
    }
}

/// The cell of a set with some labels, and perhaps others that no rule asks for.
fn cell_of_labels(picture: &Picture<'_>, axis: AxisId, own: &[u32], others: bool) -> u32 {
    let axis = picture.axes.get(axis);
    let bit = |holds: &dyn Fn(u32) -> bool| {
        axis.slice.iter().zip(0..).filter(|(it, _)| holds(**it)).fold(1, |cell, (_, bit)| cell + (1 << bit))
    };
    match axis.space {
        Space::Members(_) => bit(&|label| own.contains(&label)),
        Space::Predicates(_) => bit(&|node| match picture.rules.nodes.get(NodeId(node)) {
            Node::WithinLabels(_, labels) => !others && own.iter().all(|label| labels.contains(label)),
            _ => false,
        }),
        _ => 1,
    }
}

/// Rows of a day that is only asked how far it is from today, in days: the same at every instant.
fn day_rows(picture: &Picture<'_>, axes: &[AxisId]) -> Option<Vec<Row>> {
    let nodes = &picture.rules.nodes;
    // ages at which something changes
    let mut ages: BTreeSet<i128> = BTreeSet::from([0]);
    let one = crate::value::Fixed::ONE.units();
    let is_today = |id: NodeId| matches!(nodes.get(id), Node::Today);
    let is_field = |id: NodeId| matches!(nodes.get(id), Node::Field(_));
    for axis in axes {
        let axis = picture.axes.get(*axis);
        match (axis.space, nodes.get(axis.subject)) {
            (Space::Presence, Node::Field(_)) => {}
            (Space::Units, Node::DaysBetween(a, b)) if is_field(*a) && is_today(*b) => {
                ages.extend(axis.cuts.iter().map(|cut| cut.div_euclid(one) + i128::from(cut.rem_euclid(one) != 0)));
            }
            (Space::Units, Node::DaysBetween(a, b)) if is_today(*a) && is_field(*b) => {
                ages.extend(
                    axis.cuts.iter().map(|cut| 1 - (cut.div_euclid(one) + i128::from(cut.rem_euclid(one) != 0))),
                );
            }
            (Space::Predicates(_), Node::Field(_)) => {
                for node in &axis.slice {
                    match nodes.get(NodeId(*node)) {
                        Node::Window(_, Direction::Last, Stretch::Days(days)) => ages.extend([0, i128::from(*days)]),
                        Node::Window(_, Direction::Next, Stretch::Days(days)) => {
                            ages.extend([1 - i128::from(*days), 1]);
                        }
                        _ => return None,
                    }
                }
            }
            _ => return None,
        }
    }
    // in a calendar of ten thousand years on either side; what lies further is no age
    if ages.iter().any(|age| age.abs() > 1_000_000) {
        return None;
    }
    let mut rows = BTreeSet::from([Row::from_elem(0, axes.len())]);
    let first = ages.first().copied().unwrap_or(0) - 1;
    for age in std::iter::once(first).chain(ages) {
        rows.insert(axes.iter().map(|axis| cell_of_age(picture, *axis, age)).collect());
    }
    Some(rows.into_iter().collect())
}

/// The cell of a day so many days ago.
fn cell_of_age(picture: &Picture<'_>, axis: AxisId, age: i128) -> u32 {
    let axis = picture.axes.get(axis);
    let nodes = &picture.rules.nodes;
    let one = crate::value::Fixed::ONE.units();
    let cell = |cell: usize| u32::try_from(cell).unwrap_or(ANY);
    match (axis.space, nodes.get(axis.subject)) {
        (Space::Units, Node::DaysBetween(a, _)) if matches!(nodes.get(*a), Node::Today) => cell(axis.cell(-age * one)),
        (Space::Units, _) => cell(axis.cell(age * one)),
        (Space::Predicates(_), _) => axis.slice.iter().zip(0..).fold(1, |cell, (node, bit)| {
            let holds = match nodes.get(NodeId(*node)) {
                Node::Window(_, Direction::Last, Stretch::Days(days)) => (0..i128::from(*days)).contains(&age),
                Node::Window(_, Direction::Next, Stretch::Days(days)) => (0..i128::from(*days)).contains(&-age),
                _ => false,
            };
            cell + (u32::from(holds) << bit)
        }),
        _ => 1,
    }
}

/// Rows of a choice that is asked by label and by spelling.
fn spelled_rows(picture: &Picture<'_>, origin: Origin, axes: &[AxisId]) -> Option<Vec<Row>> {
    const LABELS: usize = 512;
    let rules = picture.rules;
    let Origin::Field(slot) = origin else { return None };
    let field = rules.schema.fields.get(slot as usize)?;
    let Type::Choice(choice) = &field.kind else { return None };
    if choice.len() > LABELS {
        return None;
    }
    let mut rows = BTreeSet::from([Row::from_elem(0, axes.len())]);
    for (label, position) in choice.labels().zip(0_u32..) {
        if field.placeholders.hold_text(&crate::value::text::normal_form(label)) {
            continue;
        }
        let row: Option<Row> = axes
            .iter()
            .map(|axis| {
                let described = picture.axes.get(*axis);
                match (rules.nodes.get(described.subject), described.space) {
                    (Node::Field(_), Space::Label) => u32::try_from(described.cell(position.into())).ok(),
                    (Node::Field(_), Space::Presence) => Some(1),
                    (Node::Spell(_, texts), _) => cell_of_text(picture, *axis, texts.get(position as usize)?),
                    _ => None,
                }
            })
            .collect();
        rows.insert(row?);
    }
    Some(rows.into_iter().collect())
}

/// The cell of a text, where a text alone decides it.
pub(crate) fn cell_of_text(picture: &Picture<'_>, axis: AxisId, text: &Text) -> Option<u32> {
    let axis = picture.axes.get(axis);
    let place = |form: fn(&Text) -> &str| {
        let place = axis.texts.iter().position(|known| form(known) == form(text)).unwrap_or(axis.texts.len());
        u32::try_from(1 + place).ok()
    };
    match axis.space {
        Space::Presence => Some(1),
        Space::Text => place(Text::normal),
        Space::Code => place(Text::exact),
        Space::Predicates(_) => axis.slice.iter().zip(0..).try_fold(1, |cell, (node, bit)| {
            let condition = picture.rules.nodes.get(NodeId(*node));
            let holds = crate::eval::text::holds(picture.rules, condition, text, is_code(picture, axis.subject))?;
            Some(cell + (u32::from(holds) << bit))
        }),
        _ => None,
    }
}

/// Whether a value is a `code`, which compares exactly.
fn is_code(picture: &Picture<'_>, node: NodeId) -> bool {
    match picture.rules.nodes.get(node) {
        Node::Field(slot) => {
            picture.rules.schema.fields.get(*slot as usize).is_some_and(|field| field.kind == Type::Code)
        }
        Node::Constant(constant) => matches!(constant, Constant::Code(_)),
        _ => false,
    }
}

/// Rows of a text that is asked whether it is one of some, and for other conditions: those of the texts are known, and
/// of any other text nothing is.
fn text_rows(picture: &Picture<'_>, axes: &[AxisId]) -> Option<Vec<Row>> {
    let asked: &crate::grid::Axis = axes.iter().find_map(|axis| {
        let axis = picture.axes.get(*axis);
        matches!(axis.space, Space::Text | Space::Code).then_some(axis)
    })?;
    let mut rows = vec![Row::from_elem(0, axes.len())];
    for text in &asked.texts {
        rows.push(axes.iter().map(|axis| cell_of_text(picture, *axis, text).unwrap_or(ANY)).collect());
    }
    let other = |axis: &AxisId| {
        let axis = picture.axes.get(*axis);
        if matches!(axis.space, Space::Text | Space::Code) {
            u32::try_from(axis.texts.len() + 1).unwrap_or(ANY)
        } else {
            ANY
        }
    };
    rows.push(axes.iter().map(other).collect());
    Some(rows)
}
