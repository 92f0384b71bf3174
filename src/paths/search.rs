//! The smallest sets of changes: one field, then two, and so on, until some reach the goal.
//!
//! A set is tried only when the goal may be met with any values of its fields; then value by value, the nearest first, and
//! what cannot become nearer than the best so far is left. What is found is evaluated.

use super::candidates::WHOLE;
use super::goal::Target;
use super::scale::Scale;
use super::terrain::{Choice, Terrain};
use crate::eval::Workspace;
use crate::lead::Lead;
use crate::value::Value;

/// How many fields a path changes at most.
const DEEPEST: usize = 12;

/// Looks for paths of one lead to one target.
pub(super) struct Search<'s, 't> {
    pub(super) terrain: &'s mut Terrain<'t>,
    pub(super) target: &'s Target,
    pub(super) lead: &'s Lead,
    /// What a change of each field costs, in millionths of its distance.
    pub(super) prices: Vec<i128>,
    /// Whether values may be taken away.
    pub(super) erases: bool,
    pub(super) room: Workspace,
}

/// Changes that reach the goal.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Fields by their place in the terrain, with their new values.
    pub(super) changes: Vec<(usize, Value)>,
    pub(super) cost: i128,
}

impl Search<'_, '_> {
    /// Paths of the fewest fields; and whether the search went to its end.
    pub(super) fn run(&mut self) -> (Vec<Found>, bool) {
        let count = self.terrain.fields.len();
        let everything: Vec<(usize, Choice)> = (0..count).map(|field| (field, Choice::Any)).collect();
        if !self.terrain.may_meet(self.target, &everything) {
            return (Vec::new(), true);
        }
        for size in 1..=count.min(DEEPEST) {
            let mut found = Vec::new();
            self.sets(&mut Vec::with_capacity(size), 0, size, &mut found);
            let ended = self.terrain.left > 0;
            if !found.is_empty() || !ended {
                return (found, ended);
            }
        }
        (Vec::new(), count <= DEEPEST)
    }

    /// Goes through the sets of so many fields that begin with those chosen.
    fn sets(&mut self, chosen: &mut Vec<usize>, start: usize, size: usize, found: &mut Vec<Found>) {
        if self.terrain.left == 0 {
            return;
        }
        let open: Vec<(usize, Choice)> = if chosen.len() == size {
            chosen.iter().map(|field| (*field, Choice::Any)).collect()
        } else {
            let rest = start..self.terrain.fields.len();
            chosen.iter().copied().chain(rest).map(|field| (field, Choice::Any)).collect()
        };
        if open.len() < size || !self.terrain.may_meet(self.target, &open) {
            return;
        }
        if chosen.len() == size {
            found.extend(self.values(chosen));
            return;
        }
        for field in start..self.terrain.fields.len() {
            chosen.push(field);
            self.sets(chosen, field + 1, size, found);
            chosen.pop();
        }
    }

    /// The nearest values of these fields that reach the goal.
    fn values(&mut self, fields: &[usize]) -> Option<Found> {
        let mut order = fields.to_vec();
        order.sort_by_key(|field| self.terrain.fields[*field].candidates.len());
        let mut chosen: Vec<(usize, Choice)> = order.iter().map(|field| (*field, Choice::Any)).collect();
        let mut best = None;
        self.assign(&mut chosen, 0, 0, &mut best);
        best.map(|found| self.tightened(found))
    }

    /// Gives the fields from a place on one value after another.
    fn assign(&mut self, chosen: &mut Vec<(usize, Choice)>, place: usize, cost: i128, best: &mut Option<Found>) {
        if place == chosen.len() {
            let changes: Vec<(usize, Value)> = chosen.iter().filter_map(|pair| self.change(*pair)).collect();
            if self.reaches(&changes) {
                *best = Some(Found { changes, cost });
            }
            return;
        }
        let field = chosen[place].0;
        for candidate in 0..self.terrain.fields[field].candidates.len() {
            let Some(next) = self.terrain.fields[field].candidates.get(candidate) else { break };
            if self.terrain.left == 0 {
                break;
            }
            if !self.erases && next.value == Value::Null {
                continue;
            }
            let cost = cost + next.distance * self.prices.get(field).copied().unwrap_or(WHOLE) / WHOLE;
            if best.as_ref().is_some_and(|best| best.cost <= cost) {
                // candidates come nearest first
                break;
            }
            chosen[place].1 = Choice::One(candidate);
            if self.terrain.may_meet(self.target, chosen) {
                self.assign(chosen, place + 1, cost, best);
            }
        }
        chosen[place].1 = Choice::Any;
    }

    fn change(&self, (field, choice): (usize, Choice)) -> Option<(usize, Value)> {
        let Choice::One(candidate) = choice else { return None };
        Some((field, self.terrain.fields.get(field)?.candidates.get(candidate)?.value.clone()))
    }

    /// The lead with changes.
    pub(super) fn changed(&self, changes: &[(usize, Value)]) -> Lead {
        let mut lead = self.lead.clone();
        for (field, value) in changes {
            lead.set(self.terrain.name(self.terrain.fields[*field].slot).to_owned(), value.clone());
        }
        lead
    }

    /// Whether a lead with these changes reaches the goal.
    fn reaches(&mut self, changes: &[(usize, Value)]) -> bool {
        let lead = self.changed(changes);
        self.terrain.run(&mut self.room, &lead, |state| self.target.is_met(state))
    }

    /// Numbers that count themselves are brought as near to the lead as the goal lets them.
    fn tightened(&mut self, mut found: Found) -> Found {
        for place in 0..found.changes.len() {
            let (field, value) = found.changes[place].clone();
            let flows = self.terrain.fields[field].flows;
            let kind = self.terrain.place.rules.model.schema.fields.get(self.terrain.fields[field].slot as usize);
            let Some(scale) = kind.and_then(|field| Scale::of(&field.kind)).filter(|_| flows) else { continue };
            let held = self.terrain.fields[field].candidates.iter().find(|it| it.value == value);
            let Some(far) = held.and_then(|candidate| candidate.key) else { continue };
            let slot = self.terrain.fields[field].slot;
            let now = self.terrain.run(&mut self.room, self.lead, |state| scale.key(state.field(slot)));
            let near = now.unwrap_or_else(|| scale.origin(self.terrain.place.at));
            let key = self.nearest(&mut found, place, scale, near, far);
            let distance = now.map_or(WHOLE, |now| scale.distance(now, key).max(1));
            let old = now.map_or(WHOLE, |now| scale.distance(now, far).max(1));
            let price = self.prices.get(field).copied().unwrap_or(WHOLE);
            found.cost += (distance - old) * price / WHOLE;
        }
        found
    }

    /// Halves the way between a value that does not reach the goal and one that does.
    fn nearest(&mut self, found: &mut Found, place: usize, scale: Scale, near: i128, far: i128) -> i128 {
        let step = scale.step();
        let (mut near, mut far) = (near, far);
        while (far - near).abs() > step && self.terrain.left > 0 {
            let middle = (near + (far - near) / 2).div_euclid(step) * step;
            if middle == near || middle == far {
                break;
            }
            let Some(value) = scale.value(middle) else { break };
            let kept = std::mem::replace(&mut found.changes[place].1, value);
            if self.reaches(&found.changes) {
                far = middle;
            } else {
                found.changes[place].1 = kept;
                near = middle;
            }
        }
        far
    }
}
