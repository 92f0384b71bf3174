//! Programs without expressions: everything that the host sees comes from the cells of the lead's fields.
//!
//! Most rule files are of this kind. They need no registers and no steps: a row for each axis tells which boxes hold and
//! what the score gets, boxes give the classes and the tags, and the sum gives the grade.

mod trace;

use super::layout::LazyAxis;
use super::ledger::{Closing, Entry, Scale};
use super::rating::NONE;
use super::whole::Whole;
use crate::hir::Rules;
use std::ops::Range;

/// What to look up.
#[derive(Debug)]
pub(crate) struct Flat {
    /// Nothing when there are more boxes than a word has: then the rows of the grid tell which hold.
    pub(crate) rows: Option<FlatRows>,
    pub(crate) classes: Box<[FlatClass]>,
    pub(crate) scores: Box<[FlatScore]>,
    pub(crate) tags: Box<[FlatTags]>,
}

/// The boxes that hold, in a word, and what the first score gets by the cells of single axes: of each cell a row for both.
#[derive(Debug)]
pub(crate) struct FlatRows {
    /// What there is before any axis is asked.
    pub(crate) start: Row,
    pub(crate) pairs: Box<[Pair]>,
    pub(crate) rows: Box<[Row]>,
    /// Axes of conditions that are only computed when a box that is still live asks them, and their words.
    pub(crate) lazy: Box<[LazyAxis]>,
    pub(crate) words: Box<[u64]>,
}

/// Two axes whose cells together choose a row; of one alone the other counts nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    /// Each with how many rows one of its cells is worth.
    pub(crate) axes: [(u32, u32); 2],
    /// The first row.
    pub(crate) start: u32,
}

/// What a cell lets through, and what it adds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) boxes: u64,
    pub(crate) entry: Entry,
}

/// Which of several rules is the first that fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// Always this one, or none.
    Fixed(u32),
    /// By the cell of an axis.
    Cells(u32, Box<[u32]>),
    /// The owner of the first of these boxes of one word that holds.
    Word(u32, u64),
    /// The same of a stretch of boxes.
    Boxes(Range<u32>),
}

/// A classification.
#[derive(Debug)]
pub(crate) struct FlatClass {
    pub(crate) guards: Box<[Pick]>,
    pub(crate) pick: Pick,
    /// The label of each rule.
    pub(crate) labels: Box<[u32]>,
}

/// A score, and its grades.
#[derive(Debug)]
pub(crate) struct FlatScore {
    pub(crate) guards: Box<[Pick]>,
    pub(crate) base: Entry,
    /// Each axis with where its entries start; those of the first score may be in the rows.
    pub(crate) tables: Box<[(u32, u32)]>,
    pub(crate) entries: Box<[Entry]>,
    /// Indicators that ask several axes.
    pub(crate) rated: Box<[FlatRated]>,
    pub(crate) close: Closing,
    pub(crate) grades: Option<FlatGrades>,
}

/// An indicator that asks several axes.
#[derive(Debug)]
pub(crate) enum FlatRated {
    /// The first rule that fires counts.
    First {
        fired: Pick,
        missing: Pick,
        /// What it adds when no rule fires and by each rule, not covered and covered.
        entries: Box<[[Entry; 2]]>,
    },
    /// All rules that fire count: the owners of these boxes.
    Sum { fired: Pick, missing: Pick, scale: Scale },
}

/// Grades by the cell of a score.
#[derive(Debug)]
pub(crate) struct FlatGrades {
    /// Where the score changes its cell, in units.
    pub(crate) cuts: Box<[i128]>,
    /// The label of each cell; the first cell is "missing".
    pub(crate) labels: Box<[Option<u32>]>,
}

/// A block of tags.
#[derive(Debug)]
pub(crate) struct FlatTags {
    pub(crate) guard: Pick,
    /// The box of the first label, and how many labels there are.
    pub(crate) start: u32,
    pub(crate) labels: u32,
    /// Further boxes of labels.
    pub(crate) further: Pick,
    /// Its words among those of all tags.
    pub(crate) words: Range<u32>,
}

impl Flat {
    /// What a program comes to when it has no expressions, and asks no outcome again; nothing when it has.
    pub(super) fn new(rules: &Rules, whole: &Whole) -> Option<Flat> {
        trace::flat(rules, whole)
    }

    /// How many bytes it takes beyond what it shares with the whole program.
    pub(super) fn bytes(&self) -> usize {
        let rows = self.rows.as_ref().map_or(0, |rows| {
            size_of_val(&*rows.pairs) + size_of_val(&*rows.rows) + size_of_val(&*rows.lazy) + size_of_val(&*rows.words)
        });
        let classes = self.classes.iter().map(|class| class.pick.bytes() + size_of_val(&*class.labels));
        let scores = self.scores.iter().map(|score| size_of_val(&*score.entries) + size_of_val(&*score.rated));
        rows + classes.sum::<usize>() + scores.sum::<usize>() + size_of_val(&*self.tags)
    }
}

impl FlatRows {
    /// The rows that the cells of a lead choose.
    #[inline]
    pub(crate) fn chosen(&self, cells: &[u32]) -> impl Iterator<Item = u32> {
        self.pairs.iter().map(|pair| {
            let [(one, first), (other, second)] = pair.axes;
            pair.start + cells[one as usize] * first + cells[other as usize] * second
        })
    }
}

impl Pick {
    /// Of a stretch of boxes.
    fn of_boxes(boxes: Range<u32>) -> Pick {
        let (word, last) = (boxes.start / 64, boxes.end.saturating_sub(1) / 64);
        if boxes.is_empty() {
            Pick::Fixed(NONE)
        } else if word == last {
            Pick::Word(word, (u64::MAX >> (64 - boxes.len())) << (boxes.start % 64))
        } else {
            Pick::Boxes(boxes)
        }
    }

    /// The stretch of boxes that it is the first of; none when it goes by cells.
    #[inline]
    pub(crate) fn boxes(&self) -> Range<u32> {
        match self {
            Pick::Fixed(_) | Pick::Cells(..) => 0..0,
            Pick::Word(word, mask) => word * 64 + mask.trailing_zeros()..(word + 1) * 64 - mask.leading_zeros(),
            Pick::Boxes(range) => range.clone(),
        }
    }

    fn bytes(&self) -> usize {
        if let Pick::Cells(_, rules) = self { size_of_val(&**rules) } else { 0 }
    }
}
