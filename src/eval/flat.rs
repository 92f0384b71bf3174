//! The outcome of a program without expressions, from the cells of a lead's fields.

use super::bits::{Bits, copy_bits};
use super::look::{self, Room};
use crate::hir::Rules;
use crate::lead::reading::Datum;
use crate::program::{
    Entry, Finder, Flat, FlatRated, FlatRows, FlatScore, FlatTags, Grid, LazyAxis, Locator, NONE, Pick, Program, Row,
    count_cuts,
};
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
    live: Vec<u64>,
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

    /// The cell of conditions on a text, of those that are asked.
    #[inline]
    pub(crate) fn search(room: &mut Room, rules: &Rules, locator: &Locator, text: Datum<'_>, asked: u32) -> u32 {
        match &locator.finder {
            Finder::Predicates(conditions) => look::conditions(conditions, text, room, asked, rules, |_, _| false),
            _ => 0,
        }
    }

    /// Looks everything up. `search` gives the cell of an axis of conditions on a text, for those that are asked.
    #[inline]
    pub(crate) fn look_up(
        &mut self,
        program: &Program,
        flat: &Flat,
        cells: &[u32],
        mut search: impl FnMut(u32, u32, &mut Room) -> u32,
        into: &mut Slots<'_>,
    ) {
        let grid = program.whole.grids.first();
        match (&flat.rows, grid) {
            (Some(rows), _) => {
                let (boxes, entry) =
                    add_up(rows, rows.chosen(cells), |lazy, asked| search(lazy.axis, asked, &mut self.room));
                Found { cells: Cells::of_one(cells), live: &[boxes], grid }.tell(flat, entry, into);
            }
            (None, Some(grid)) => {
                look::look(grid, cells, &mut self.room, &mut self.live, search);
                Found { cells: Cells::of_one(cells), live: &self.live, grid: Some(grid) }.tell(
                    flat,
                    Entry::default(),
                    into,
                );
            }
            (None, None) => {}
        }
    }

    /// The same for a lead whose cells, and the rows that they choose, are all known.
    #[inline]
    pub(crate) fn look_up_known(
        &mut self,
        program: &Program,
        flat: &Flat,
        (cells, chosen): (&[u32], &[u32]),
        into: &mut Slots<'_>,
    ) {
        match &flat.rows {
            Some(rows) => {
                let (boxes, entry) = add_up(rows, chosen.iter().copied(), |lazy, _| cells[lazy.axis as usize]);
                Found { cells: Cells::of_one(cells), live: &[boxes], grid: program.whole.grids.first() }
                    .tell(flat, entry, into);
            }
            None => self.look_up(program, flat, cells, |axis, _, _| cells[axis as usize], into),
        }
    }
}

impl Desk {
    /// What each row of a block of leads comes to, by the cells of single axes alone.
    pub(crate) fn add_up_all(rows: &FlatRows, cells: &[u32], sums: &mut [Row]) {
        sums.fill(rows.start);
        for pair in &rows.pairs {
            let [(one, first), (other, second)] = pair.axes;
            let of = |axis: u32| &cells[axis as usize * sums.len()..(axis as usize + 1) * sums.len()];
            let (one, other) = (of(one), of(other));
            for ((sum, one), other) in sums.iter_mut().zip(one).zip(other) {
                let row = &rows.rows[(pair.start + one * first + other * second) as usize];
                sum.boxes &= row.boxes;
                add(&mut sum.entry, &row.entry);
            }
        }
    }

    /// Looks up the rest of what the rules say of a lead, from what its row comes to.
    #[inline]
    pub(crate) fn finish(
        &mut self,
        (program, flat, rows): (&Program, &Flat, &FlatRows),
        cells: Cells<'_>,
        sum: Row,
        mut search: impl FnMut(u32, u32, &mut Room) -> u32,
        into: &mut Slots<'_>,
    ) {
        let boxes = ask(rows, sum.boxes, |lazy, asked| search(lazy.axis, asked, &mut self.room));
        Found { cells, live: &[boxes], grid: program.whole.grids.first() }.tell(flat, sum.entry, into);
    }
}

/// Takes away the boxes whose conditions do not hold, of axes that are only computed for what is asked.
#[inline]
fn ask(rows: &FlatRows, mut boxes: u64, mut search: impl FnMut(&LazyAxis, u32) -> u32) -> u64 {
    for lazy in &rows.lazy {
        let cell = search(lazy, look::asked(&lazy.asking, boxes));
        boxes &= rows.words[(lazy.start + cell) as usize];
    }
    boxes
}

/// The boxes that hold, and what the first score gets by the cells of single axes, from the rows that these choose. `search`
/// gives the word of an axis that is only computed for what is asked.
#[inline]
fn add_up(
    rows: &FlatRows,
    chosen: impl Iterator<Item = u32>,
    search: impl FnMut(&LazyAxis, u32) -> u32,
) -> (u64, Entry) {
    let (mut boxes, mut sum) = (rows.start.boxes, rows.start.entry);
    for row in chosen {
        let row = &rows.rows[row as usize];
        boxes &= row.boxes;
        add(&mut sum, &row.entry);
    }
    (ask(rows, boxes, search), sum)
}

#[inline]
fn add(sum: &mut Entry, part: &Entry) {
    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
}

/// The cells of one lead, or of one of several whose cells of an axis stand side by side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cells<'c> {
    cells: &'c [u32],
    side_by_side: usize,
    lead: usize,
}

impl<'c> Cells<'c> {
    /// Of one lead.
    pub(crate) fn of_one(cells: &'c [u32]) -> Cells<'c> {
        Cells { cells, side_by_side: 1, lead: 0 }
    }

    /// Of one of so many.
    pub(crate) fn of_many(cells: &'c [u32], side_by_side: usize, lead: usize) -> Cells<'c> {
        Cells { cells, side_by_side, lead }
    }

    /// The cell of an axis.
    #[inline]
    pub(crate) fn get(self, axis: u32) -> u32 {
        self.cells[axis as usize * self.side_by_side + self.lead]
    }
}

/// Where a lead is, and the boxes that hold there.
#[derive(Clone, Copy)]
struct Found<'f> {
    cells: Cells<'f>,
    live: &'f [u64],
    grid: Option<&'f Grid>,
}

impl Found<'_> {
    /// Writes the outcome.
    #[inline]
    fn tell(self, flat: &Flat, mut entry: Entry, into: &mut Slots<'_>) {
        for (own, class) in into.classes.iter_mut().zip(&flat.classes) {
            let rule = self.first(&class.pick) as usize;
            *own = class.labels.get(rule).copied().filter(|_| self.is_open(&class.guards));
        }
        for (own, score) in into.scores.iter_mut().zip(&flat.scores) {
            let entry = std::mem::take(&mut entry);
            *own = if self.is_open(&score.guards) { self.score(score, entry) } else { ScoreValue::default() };
        }
        for (tags, block) in flat.tags.iter().zip(into.blocks.iter_mut()) {
            let words = &mut into.tags[tags.words.start as usize..tags.words.end as usize];
            let given = self.first(&tags.guard) != NONE;
            *block = given;
            if given {
                self.give(tags, words);
            } else {
                words.fill(0);
            }
        }
    }

    #[inline]
    fn is_open(self, guards: &[Pick]) -> bool {
        guards.iter().all(|guard| self.first(guard) != NONE)
    }

    /// What a box belongs to.
    #[inline]
    fn owner(self, bit: usize) -> u32 {
        self.grid.map_or(NONE, |grid| grid.owner(bit))
    }

    /// The owners of the boxes that hold, ascending.
    #[inline]
    fn owners(self, pick: &Pick) -> impl Iterator<Item = u32> {
        let boxes = pick.boxes();
        Bits::between(self.live, boxes.start as usize, boxes.end as usize).map(move |bit| self.owner(bit))
    }

    /// The first rule that fires, or none.
    #[inline]
    fn first(self, pick: &Pick) -> u32 {
        match pick {
            Pick::Fixed(rule) => *rule,
            Pick::Cells(axis, rules) => rules[self.cells.get(*axis) as usize],
            Pick::Word(word, mask) => match self.live[*word as usize] & mask {
                0 => NONE,
                live => self.owner(*word as usize * 64 + live.trailing_zeros() as usize),
            },
            Pick::Boxes(_) => self.owners(pick).next().unwrap_or(NONE),
        }
    }

    /// A score, from what single axes have added.
    #[inline]
    fn score(self, score: &FlatScore, mut sum: Entry) -> ScoreValue {
        add(&mut sum, &score.base);
        for (axis, start) in &score.tables {
            add(&mut sum, &score.entries[(start + self.cells.get(*axis)) as usize]);
        }
        for rated in &score.rated {
            match rated {
                FlatRated::First { fired, missing, entries } => {
                    let (fired, missing) = (self.first(fired), self.first(missing));
                    let is_covered = missing == NONE || (missing > fired && fired != NONE);
                    // "none" is the greatest number, and wraps to the first place
                    add(&mut sum, &entries[fired.wrapping_add(1) as usize][usize::from(is_covered)]);
                }
                FlatRated::Sum { fired, missing, scale } => {
                    add(&mut sum, &scale.entry(self.owners(fired), self.first(missing)));
                }
            }
        }
        let (value, coverage) = score.close.of(sum);
        let grade = score.grades.as_ref().and_then(|grades| {
            let cell = value.map_or(0, |value| count_cuts(&grades.cuts, value.units()));
            grades.labels.get(cell as usize).copied().flatten()
        });
        ScoreValue { score: value, grade, coverage }
    }

    /// The bits of the labels that boxes give.
    #[inline]
    fn give(self, tags: &FlatTags, words: &mut [u64]) {
        copy_bits(self.live, tags.start as usize, tags.labels as usize, words);
        match &tags.further {
            Pick::Word(word, mask) if self.live[*word as usize] & mask == 0 => {}
            further => self.owners(further).for_each(|label| words[label as usize / 64] |= 1 << (label % 64)),
        }
    }
}
