//! The outcome of a program without expressions, from the cells of a lead's fields.

use super::look::{self, Room, Standing};
use crate::hir::Rules;
use crate::lead::reading::Datum;
use crate::program::{Finder, Flat, Locator, NONE, Program, Ruling, Source, count_cuts};
use crate::time::At;
use crate::value::Fixed;

/// The three values of a score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ScoreValue {
    pub(crate) score: Option<Fixed>,
    pub(crate) grade: Option<u32>,
    pub(crate) coverage: Option<Fixed>,
}

/// Where an outcome is written.
pub(crate) struct Slots<'o> {
    pub(crate) classes: &'o mut [Option<u32>],
    pub(crate) scores: &'o mut [ScoreValue],
    pub(crate) tags: &'o mut [u64],
    pub(crate) blocks: &'o mut [bool],
}

/// The room that looking up needs.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    room: Room,
    live: [Vec<u64>; 1],
}

impl Desk {
    /// The cell of an axis of a field's value; a set is some of the labels.
    pub(crate) fn locate(
        &mut self,
        rules: &Rules,
        locator: &Locator,
        value: Datum<'_>,
        labels: &[u32],
        at: &At,
    ) -> u32 {
        match &locator.finder {
            Finder::Predicates(conditions) => {
                look::conditions(conditions, value, &mut self.room, u32::MAX, rules, |_, _| false)
            }
            finder => look::cell(finder, value, labels, at),
        }
    }

    /// Looks everything up. `text` gives the text that an axis asks about, by the axis and the field's slot, if need be.
    pub(crate) fn look_up<'v>(
        &mut self,
        rules: &Rules,
        program: &Program,
        flat: &Flat,
        cells: &[u32],
        text: impl Fn(u32, u32) -> Datum<'v>,
        into: &mut Slots<'_>,
    ) {
        let whole = &program.whole;
        let [live] = &mut self.live;
        match whole.grids.first() {
            Some(grid) => look::look(grid, cells, &mut self.room, live, |axis, asked, room| {
                let locator = &whole.locators[axis as usize];
                let (Finder::Predicates(conditions), Source::Field(slot)) = (&locator.finder, locator.source) else {
                    return 0;
                };
                look::conditions(conditions, text(axis, slot), room, asked, rules, |_, _| false)
            }),
            None => live.clear(),
        }
        let standing = Standing { grids: &whole.grids, cells, live: &self.live };
        let open = |guards: &[Ruling]| guards.iter().all(|guard| standing.first(guard) != NONE);
        for (own, class) in into.classes.iter_mut().zip(&flat.classes) {
            let rule = standing.first(&class.ruling) as usize;
            *own = class.labels.get(rule).copied().filter(|_| open(&class.guards));
        }
        for (own, score) in into.scores.iter_mut().zip(&flat.scores) {
            *own = ScoreValue::default();
            if let Some(ledger) = score.ledger(whole)
                && open(&score.guards)
            {
                let (sum, coverage) = ledger.close(standing.sum(ledger));
                let grade = score.grades.as_ref().and_then(|grades| {
                    let cell = sum.map_or(0, |sum| count_cuts(&grades.cuts, sum.units()));
                    grades.labels.get(cell as usize).copied().flatten()
                });
                *own = ScoreValue { score: sum, grade, coverage };
            }
        }
        for (block, tags) in flat.tags.iter().enumerate() {
            let words = &mut into.tags[whole.tags_of(block)];
            let Some(step) = tags.step(whole) else { continue };
            let given = standing.first(&step.guard) != NONE;
            into.blocks[block] = given;
            if given {
                standing.give(step, words);
            } else {
                words.fill(0);
            }
        }
    }
}
