//! Evaluating what was drafted, before anything is claimed.

use super::picture::Picture;
use super::possible::{FALSE, TRUE, Truths, UNKNOWN};
use super::search::Goal;
use crate::eval::number::fixed;
use crate::eval::{Facts, State, Workspace};
use crate::evaluator::{Context, inputs};
use crate::grid::{AxisId, Space, float_key};
use crate::hir::NodeId;
use crate::lead::Lead;
use crate::lead::reading::Datum;
use crate::loaded::Loaded;
use crate::previous::Previous;
use crate::program::{Plan, plan};
use crate::time::{At, day_number};
use crate::value::Text;

/// Leads evaluated one after another for some nodes.
pub(crate) struct Trial<'l> {
    loaded: &'l Loaded,
    at: &'l At,
    plan: Plan,
    workspace: Workspace,
}

impl<'l> Trial<'l> {
    pub(crate) fn new(loaded: &'l Loaded, at: &'l At, nodes: &[NodeId]) -> Trial<'l> {
        Trial { loaded, at, plan: plan(&loaded.model, nodes), workspace: Workspace::default() }
    }

    /// Evaluates, and looks at the values.
    pub(crate) fn look<R>(&mut self, lead: &Lead, previous: &Previous, take: impl FnOnce(&State<'_>) -> R) -> R {
        let context = Context::default().with_previous(previous);
        let inputs = inputs(self.loaded, Facts::Lead(lead), self.at, context);
        self.workspace.run(inputs, &self.plan, |state| take(state))
    }

    /// Whether a lead reaches a goal. The place where it should be is not looked at: it only guides the search.
    pub(crate) fn reaches(&mut self, lead: &Lead, previous: &Previous, goal: &Goal) -> bool {
        self.look(lead, previous, |state| {
            let truths = goal.truths.iter().all(|(id, wanted)| truth(state, *id) & wanted != 0);
            truths
                && goal.values.iter().all(|(id, ranges, missing)| match key(state.value(*id), state) {
                    Some(key) => ranges.iter().any(|(low, end)| *low <= key && (key < *end || *end == i128::MAX)),
                    None => *missing,
                })
        })
    }
}

/// The truth of a condition that was computed.
pub(crate) fn truth(state: &State<'_>, id: NodeId) -> Truths {
    match state.truth(id) {
        Some(true) => TRUE,
        Some(false) => FALSE,
        None => UNKNOWN,
    }
}

/// The key of a value: numbers in units of 10^-12, positions of labels, numbers of days.
pub(crate) fn key(datum: Datum<'_>, state: &State<'_>) -> Option<i128> {
    match datum {
        Datum::Bool(value) => Some(value.into()),
        Datum::Label(label) => Some(label.into()),
        Datum::Date(date) => Some(day_number(date).into()),
        Datum::Instant(_) => state.inputs.at.date(datum).map(|date| day_number(date).into()),
        Datum::Float(value) => Some(float_key(value)),
        other => fixed(other).map(crate::value::Fixed::units),
    }
}

/// The nodes whose values tell the cells of some axes.
pub(crate) fn asked(picture: &Picture<'_>, axes: &[AxisId]) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    for axis in axes {
        let axis = picture.axes.get(*axis);
        nodes.push(axis.subject);
        if matches!(axis.space, Space::Predicates(_)) {
            nodes.extend(axis.slice.iter().map(|node| NodeId(*node)));
        }
    }
    nodes
}

/// The cell of an axis whose nodes were computed.
pub(crate) fn cell(picture: &Picture<'_>, axis: AxisId, state: &State<'_>) -> u32 {
    let axis = picture.axes.get(axis);
    let datum = state.value(axis.subject);
    if matches!(datum, Datum::Missing) {
        return 0;
    }
    let number = |cell: usize| u32::try_from(cell).unwrap_or(u32::MAX);
    let bits = |holds: &dyn Fn(u32) -> bool| {
        let held = axis.slice.iter().zip(0..).filter(|(it, _)| holds(**it));
        held.fold(1, |cell, (_, bit)| cell + (1 << bit))
    };
    let text = |form: fn(&Text) -> &str, own: &Text| {
        number(1 + axis.texts.iter().position(|known| form(known) == form(own)).unwrap_or(axis.texts.len()))
    };
    match (axis.space, datum) {
        (Space::Presence, _) => 1,
        (Space::Truth, Datum::Bool(value)) => 1 + u32::from(value),
        (Space::Text, Datum::Text(own)) => text(Text::normal, own),
        (Space::Code, Datum::Code(own)) => text(Text::exact, own),
        (Space::Members(_), Datum::Labels(range)) => {
            let own = state.reading.labels(range);
            bits(&|label| own.binary_search(&label).is_ok())
        }
        (Space::Predicates(_), _) => bits(&|node| state.truth(NodeId(node)) == Some(true)),
        (Space::Instant, Datum::Instant(instant)) => number(axis.cell(instant.as_nanosecond())),
        (Space::Int, Datum::Int(value)) => number(axis.cell(value.into())),
        (_, datum) => key(datum, state).map_or(0, |key| number(axis.cell(key))),
    }
}
