//! The nodes that a goal depends on, and what becomes of them when fields change.
//!
//! A node that depends on one field alone is tabulated: its value for each value that the field may be changed to. What
//! stands above is computed from sets of values, in one pass over the nodes in their order.

use super::candidates::{Candidate, Seeker, is_number};
use super::goal::Target;
use super::possible::{MISSING, Possible, What, possible};
use crate::eval::{Facts, State, Workspace};
use crate::evaluator::{Context, inputs};
use crate::hir::node::{Award, Node};
use crate::hir::{NodeId, Rules};
use crate::lead::Lead;
use crate::loaded::Loaded;
use crate::program::{self, Plan};
use crate::time::At;

/// What an evaluation takes beside the lead.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) rules: &'p Loaded,
    pub(super) at: &'p At,
    pub(super) context: Context<'p>,
}

/// A field that may be changed.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) slot: u32,
    pub(super) candidates: Vec<Candidate>,
    /// Whether its number counts, so that the nearest value has to be looked for between those that were tried.
    pub(super) flows: bool,
    /// The highest nodes that depend on it alone.
    pub(super) frontier: Vec<NodeId>,
    /// What they are for each candidate, one after another.
    table: Vec<Possible>,
    /// What they are for any of them, or as the lead is.
    any: Vec<Possible>,
}

impl Field {
    /// What the nodes of the frontier are for a candidate.
    pub(super) fn row(&self, candidate: usize) -> &[Possible] {
        let width = self.frontier.len();
        self.table.get(candidate * width..(candidate + 1) * width).unwrap_or_default()
    }
}

/// How many of the lead's values are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Any,
    One(usize),
}

/// What a goal depends on.
pub(super) struct Terrain<'t> {
    pub(super) place: Place<'t>,
    pub(super) plan: Plan,
    pub(super) fields: Vec<Field>,
    /// Fields that the goal depends on and that cannot be changed here: slots.
    pub(super) left_out: Vec<u32>,
    /// The nodes that depend on several fields, ascending, each with a bit for each field, modulo their number.
    several: Vec<(NodeId, u128)>,
    /// What each node is as the lead is, but for the fields that are being looked at.
    now: Vec<Possible>,
    base: Vec<Possible>,
    /// How many steps are left before the search gives up.
    pub(super) left: u64,
}

/// On which fields a node depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depends {
    Nothing,
    One(u32),
    Several,
}

/// How many steps a search takes at most.
const STEPS: u64 = 30_000_000;

impl<'t> Terrain<'t> {
    /// Looks at a lead. Fields of the slots that `open` refuses stay as they are.
    pub(super) fn new(place: Place<'t>, lead: &Lead, roots: &[NodeId], open: &dyn Fn(u32) -> bool) -> Terrain<'t> {
        let model = &place.rules.model;
        let plan = program::plan(model, roots);
        let depends = dependence(model, &plan);
        let mut tops = vec![false; model.nodes.len()];
        roots.iter().for_each(|root| tops[root.index()] = true);
        for &id in plan.steps.iter().filter(|id| depends[id.index()] == Depends::Several) {
            model.nodes.get(id).children(|child| tops[child.index()] = true);
        }
        let wanted = plan.wanted.clone();
        let bit = |slot: u32| wanted.binary_search(&(slot as usize)).map_or(u128::MAX, |place| 1 << (place % 128));
        let mut masks = vec![0_u128; model.nodes.len()];
        for &id in &plan.steps {
            let mut mask = if let Node::Field(slot) = model.nodes.get(id) { bit(*slot) } else { 0 };
            model.nodes.get(id).children(|child| mask |= masks[child.index()]);
            masks[id.index()] = mask;
        }
        let is_several = |id: &&NodeId| depends[id.index()] == Depends::Several;
        let several = plan.steps.iter().filter(is_several).map(|id| (*id, masks[id.index()])).collect();
        let mut terrain = Terrain {
            place,
            fields: Vec::new(),
            left_out: Vec::new(),
            several,
            now: vec![MISSING; model.nodes.len()],
            base: Vec::new(),
            left: STEPS,
            plan,
        };
        let surveyor = Surveyor { place, depends: &depends, masks: &masks, tops: &tops };
        let mut room = Workspace::default();
        let found = place.run(&mut Workspace::default(), &terrain.plan, lead, |state| {
            for &id in &terrain.plan.steps {
                terrain.now[id.index()] = Possible::of(state.value(id));
            }
            let slots = wanted.iter().filter_map(|slot| u32::try_from(*slot).ok());
            let fields = slots.filter(|slot| open(*slot)).map(|slot| {
                let field = surveyor.field(&terrain.plan, state, slot, bit(slot), &mut room);
                (slot, field)
            });
            fields.collect::<Vec<_>>()
        });
        terrain.base = terrain.now.clone();
        for (slot, mut field) in found {
            terrain.keep_what_differs(&mut field);
            if field.candidates.is_empty() { terrain.left_out.push(slot) } else { terrain.fields.push(field) }
        }
        terrain
    }

    /// Drops candidates that change nothing, or nothing that a nearer one does not change.
    fn keep_what_differs(&self, field: &mut Field) {
        let width = field.frontier.len();
        let is_known = |row: &[Possible]| row.iter().all(|it| it.what != What::Anything);
        let base: Vec<Possible> = field.frontier.iter().map(|id| self.base[id.index()]).collect();
        let (mut candidates, mut table) = (Vec::new(), Vec::<Possible>::new());
        for (number, candidate) in field.candidates.iter().enumerate() {
            let row = field.row(number);
            let is_new = !is_known(row) || (row != base && table.chunks(width.max(1)).all(|known| known != row));
            if is_new && width > 0 {
                candidates.push(candidate.clone());
                table.extend_from_slice(row);
            }
        }
        field.any = (0..width)
            .map(|place| {
                let column = table.iter().skip(place).step_by(width);
                column.copied().fold(base[place], Possible::or)
            })
            .collect();
        field.candidates = candidates;
        field.table = table;
    }

    /// Whether a target may be met when these fields have any, or one, of their candidates.
    pub(super) fn may_meet(&mut self, target: &Target, chosen: &[(usize, Choice)]) -> bool {
        self.look(chosen, |of| target.may_be_met(of))
    }

    /// Looks at what nodes may be when these fields have any, or one, of their candidates.
    pub(super) fn look<R>(
        &mut self,
        chosen: &[(usize, Choice)],
        take: impl FnOnce(&dyn Fn(NodeId) -> Possible) -> R,
    ) -> R {
        let nodes = &self.place.rules.model.nodes;
        let mut open = 0;
        for (field, choice) in chosen {
            let field = &self.fields[*field];
            let row = match choice {
                Choice::Any => &field.any,
                Choice::One(candidate) => field.row(*candidate),
            };
            for (id, possible) in field.frontier.iter().zip(row) {
                self.now[id.index()] = *possible;
            }
            let place = self.plan.wanted.binary_search(&(field.slot as usize)).unwrap_or(0);
            open |= 1_u128 << (place % 128);
        }
        self.left = self.left.saturating_sub(1 + self.several.len() as u64);
        for (id, mask) in &self.several {
            if mask & open != 0 {
                self.now[id.index()] = possible(nodes, *id, &|id| self.now[id.index()]);
            }
        }
        let taken = take(&|id| self.now[id.index()]);
        for (id, mask) in &self.several {
            if mask & open != 0 {
                self.now[id.index()] = self.base[id.index()];
            }
        }
        for id in chosen.iter().flat_map(|(field, _)| &self.fields[*field].frontier) {
            self.now[id.index()] = self.base[id.index()];
        }
        taken
    }

    /// Evaluates a lead, and looks at what came of it.
    pub(super) fn run<R>(&mut self, room: &mut Workspace, lead: &Lead, take: impl FnOnce(&State<'_>) -> R) -> R {
        self.left = self.left.saturating_sub(4 * self.plan.steps.len() as u64);
        self.place.run(room, &self.plan, lead, |state| take(state))
    }

    /// The name of a field.
    pub(super) fn name(&self, slot: u32) -> &'t str {
        self.place.rules.model.schema.fields.get(slot as usize).map_or("", |field| &field.name)
    }
}

impl Place<'_> {
    fn run<R>(&self, room: &mut Workspace, plan: &Plan, lead: &Lead, take: impl FnOnce(&mut State<'_>) -> R) -> R {
        room.run(inputs(self.rules, Facts::Lead(lead), self.at, self.context), plan, take)
    }
}

/// On which fields each node of a plan depends.
fn dependence(rules: &Rules, plan: &Plan) -> Vec<Depends> {
    let mut depends = vec![Depends::Nothing; rules.nodes.len()];
    for &id in &plan.steps {
        let mut own = Depends::Nothing;
        if let Node::Field(slot) = rules.nodes.get(id) {
            own = Depends::One(*slot);
        }
        rules.nodes.get(id).children(|child| {
            own = match (own, depends[child.index()]) {
                (own, Depends::Nothing) => own,
                (Depends::Nothing, other) => other,
                (Depends::One(one), Depends::One(two)) if one == two => own,
                _ => Depends::Several,
            };
        });
        depends[id.index()] = own;
    }
    depends
}

/// Looks at one field after another.
struct Surveyor<'s, 'p> {
    place: Place<'p>,
    depends: &'s [Depends],
    masks: &'s [u128],
    /// Nodes that something asks which depends on several fields.
    tops: &'s [bool],
}

impl Surveyor<'_, '_> {
    fn field(&self, plan: &Plan, state: &State<'_>, slot: u32, bit: u128, room: &mut Workspace) -> Field {
        let rules = &self.place.rules.model;
        let alone = |id: &&NodeId| self.depends[id.index()] == Depends::One(slot);
        let own: Vec<NodeId> = plan.steps.iter().filter(alone).copied().collect();
        let frontier: Vec<NodeId> = own.iter().filter(|id| self.tops[id.index()]).copied().collect();
        let touched: Vec<NodeId> = plan.steps.iter().filter(|id| self.masks[id.index()] & bit != 0).copied().collect();
        let flows = self.flows(&own, &frontier);
        let Some(field) = rules.schema.fields.get(slot as usize) else { return Field::none(slot) };
        let seeker = Seeker { rules, state, slot, field, nodes: &touched, flows };
        let candidates = seeker.candidates();
        let needed = |id: &&NodeId| {
            let depends = self.depends[id.index()];
            depends == Depends::One(slot) || depends == Depends::Nothing
        };
        let steps: Vec<NodeId> = plan.steps.iter().filter(needed).copied().collect();
        let alone = Plan { steps, wanted: vec![slot as usize], reads_all: false };
        let mut table = Vec::with_capacity(candidates.len() * frontier.len());
        for candidate in &candidates {
            let lead = Lead::new().with(field.name.to_string(), candidate.value.clone());
            self.place.run(room, &alone, &lead, |state| {
                table.extend(frontier.iter().map(|id| Possible::of(state.value(*id))));
            });
        }
        Field { slot, candidates, flows, frontier, table, any: Vec::new() }
    }

    /// Whether the number of a field counts, rather than what it is compared with.
    fn flows(&self, own: &[NodeId], frontier: &[NodeId]) -> bool {
        let rules = &self.place.rules.model;
        let nodes = &rules.nodes;
        let mut numbers: Vec<(NodeId, bool)> = Vec::new();
        let mut compared = false;
        for &id in own {
            // a number that comes through points, a table or decay cannot be traced back
            let of = |child: NodeId| numbers.iter().find(|(known, _)| *known == child).map(|(_, traced)| *traced);
            let node = nodes.get(id);
            let number = match node {
                Node::Field(_) => Some(true),
                Node::Indicator(it) => {
                    let mut points = it.rules.iter().filter_map(|(_, award)| match award {
                        Award::Points(points) => of(*points),
                        Award::Skip => None,
                    });
                    points.next().map(|_| false)
                }
                Node::Match { arms, .. } => arms.iter().find_map(|(_, value)| of(*value)).map(|_| false),
                Node::Score(it) => it.parts.iter().find_map(|part| of(part.node)).map(|_| false),
                Node::Decay(_, a, b) => of(*a).or_else(|| of(*b)).map(|_| false),
                Node::Rank(_, a) => of(*a).map(|_| false),
                Node::Outcome(a) | Node::When(_, a) => of(*a),
                _ if is_number(rules, id) => {
                    let mut traced = None;
                    node.children(|child| traced = traced.or(of(child)));
                    traced
                }
                _ => {
                    node.children(|child| compared |= of(child) == Some(false));
                    None
                }
            };
            numbers.extend(number.map(|traced| (id, traced)));
        }
        compared || frontier.iter().any(|id| numbers.iter().any(|(known, _)| known == id && !self.is_only_asked(*id)))
    }

    /// Whether a value is only looked at for being there, or compared: its cuts say everything.
    fn is_only_asked(&self, id: NodeId) -> bool {
        // a field beside another one in a comparison is not a number that counts
        matches!(self.place.rules.model.nodes.get(id), Node::Field(_))
    }
}

impl Field {
    fn none(slot: u32) -> Field {
        Field { slot, candidates: Vec::new(), flows: false, frontier: Vec::new(), table: Vec::new(), any: Vec::new() }
    }
}
