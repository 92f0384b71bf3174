//! What would reach a goal: the smallest sets of changed fields, and what to ask next.
//!
//! The conditions cut the values of each field into cells; a field is tried with the nearest value of each cell that makes
//! a difference. Sets of one field come before sets of two, so that no path changes more fields than it has to. Every path
//! is evaluated before it is shown.

mod candidates;
mod cuts;
mod goal;
mod possible;
mod questions;
mod scale;
mod search;
mod terrain;
mod text;

pub use goal::{Goal, GoalError};
pub(crate) use questions::questions;
pub use questions::{Open, Question, Questions};

use crate::eval::Workspace;
use crate::evaluator::Context;
use crate::explain::shown;
use crate::lead::Lead;
use crate::loaded::Loaded;
use crate::time::At;
use crate::value::{Fixed, Value};
use candidates::WHOLE;
use rust_decimal::Decimal;
use search::{Found, Search};
use serde::Serialize;
use terrain::{Place, Terrain};

/// Ways to a goal.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Paths {
    /// The goal: `fit=A`.
    pub goal: String,
    /// Whether the lead is there already.
    pub reached: bool,
    /// The paths: all change equally few fields, the nearest comes first. None when the goal cannot be reached, or is.
    pub paths: Vec<Path>,
    /// Whether the search went to its end. If it did not, there may be paths that it did not see, and shorter ones.
    pub complete: bool,
    /// Fields that the goal depends on and that were left as they are: those that are frozen, and lists.
    pub left_out: Vec<String>,
}

/// Changes that reach a goal together. Serialises as the list of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct Path {
    /// What changes, by the names of the fields.
    pub changes: Vec<Change>,
    /// How far it is: for each change the share by which a number changes, the years by which a time moves, one for another
    /// label or a value that was missing, two for a value that is taken away; times the price of the field.
    #[serde(skip)]
    pub distance: Decimal,
}

/// A field, and what it changes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The field.
    pub field: String,
    /// Its title, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is; nothing when it is missing.
    pub from: Option<String>,
    /// What it has to be; nothing when it has to be missing. Any other value with the same effect does as well.
    pub to: Option<String>,
    /// The same as a value for a lead.
    #[serde(skip)]
    pub value: Value,
}

impl Path {
    /// A lead with the changes of this path.
    pub fn apply(&self, lead: &Lead) -> Lead {
        let mut changed = lead.clone();
        for change in &self.changes {
            changed.set(change.field.clone(), change.value.clone());
        }
        changed
    }
}

/// Looks for the paths of a lead.
pub(crate) fn paths_to(
    rules: &Loaded,
    lead: &Lead,
    at: &At,
    context: Context<'_>,
    goal: &Goal,
) -> Result<Paths, GoalError> {
    let model = &rules.model;
    goal.check_fields(model)?;
    let target = goal.target(model)?;
    let place = Place { rules, at, context };
    let name = |slot: u32| model.schema.fields.get(slot as usize).map_or("", |field| &*field.name);
    let frozen = |slot: u32| goal.frozen.iter().any(|frozen| frozen == name(slot));
    let mut terrain = Terrain::new(place, lead, &target.roots(), &|slot| !frozen(slot));
    let mut room = Workspace::default();
    let mut found = Paths {
        goal: goal.to_string(),
        reached: terrain.run(&mut room, lead, |state| target.is_met(state)),
        paths: Vec::new(),
        complete: true,
        left_out: Vec::new(),
    };
    let wanted = terrain.plan.wanted.iter().filter_map(|slot| u32::try_from(*slot).ok());
    let left_out = wanted.filter(|slot| frozen(*slot) || terrain.left_out.contains(slot));
    found.left_out = left_out.map(|slot| name(slot).to_owned()).collect();
    if found.reached {
        return Ok(found);
    }
    let price = |slot: u32| {
        let price = goal.prices.iter().rev().find(|(field, _)| field == name(slot));
        price.and_then(|(_, price)| Fixed::from_decimal(*price)).map_or(WHOLE, |price| price.units() / WHOLE)
    };
    let prices = terrain.fields.iter().map(|field| price(field.slot)).collect();
    let mut search = Search { terrain: &mut terrain, target: &target, lead, prices, erases: goal.erases, room };
    let (mut paths, complete) = search.run();
    found.complete = complete;
    paths.sort_by_cached_key(|path| (path.cost, places(path)));
    paths.truncate(goal.limit);
    found.paths = paths.iter().map(|path| told(&mut search, path)).collect();
    Ok(found)
}

fn places(found: &Found) -> Vec<usize> {
    let mut places: Vec<usize> = found.changes.iter().map(|(field, _)| *field).collect();
    places.sort_unstable();
    places
}

/// A path with what people see.
fn told(search: &mut Search<'_, '_>, found: &Found) -> Path {
    let model = &search.terrain.place.rules.model;
    let mut fields = found.changes.clone();
    fields.sort_by_key(|(field, _)| *field);
    let slots: Vec<u32> = fields.iter().map(|(field, _)| search.terrain.fields[*field].slot).collect();
    let mut texts = |lead: &Lead| -> Vec<Option<String>> {
        search.terrain.run(&mut search.room, lead, |state| {
            let kind = |slot: u32| model.schema.fields.get(slot as usize).map(|field| &field.kind);
            slots.iter().map(|slot| shown(state, state.field(*slot), kind(*slot))).collect()
        })
    };
    let changed = search.lead.clone();
    let changed = fields.iter().zip(&slots).fold(changed, |mut lead, ((_, value), slot)| {
        let name = model.schema.fields.get(*slot as usize).map_or("", |field| &*field.name);
        lead.set(name.to_owned(), value.clone());
        lead
    });
    let (from, to) = (texts(search.lead), texts(&changed));
    let changes = fields.into_iter().zip(&slots).zip(from.into_iter().zip(to));
    let changes = changes.filter_map(|(((_, value), slot), (from, to))| {
        let field = model.schema.fields.get(*slot as usize)?;
        let title = field.title.as_deref().map(str::to_owned);
        Some(Change { field: field.name.to_string(), title, from, to, value })
    });
    let distance = Fixed::from_units(found.cost.saturating_mul(WHOLE)).to_decimal().normalize();
    Path { changes: changes.collect(), distance }
}
