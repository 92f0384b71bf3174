//! Columns made ready for one rule set: usual values are located column by column, a block of leads at a time.

use super::{Column, ColumnOutcomes, Columns, ColumnsError, Row, Values};
use crate::access::{Access, Slice, Way};
use crate::eval::flat::{Cells, Desk, Slots};
use crate::evaluator::{Context, Evaluator};
use crate::lead::reading::Datum;
use crate::loaded::Loaded;
use crate::program::{self, Flat, FlatRows, Source, count_cuts};
use crate::time::At;
use crate::types::{Choice, FieldType, Type};
use crate::value::Fixed;
use crate::value::fixed::PLACES;
use crate::value::text::exact_of;
use rust_decimal::Decimal;
use smallvec::{SmallVec, smallvec};
use std::ops::Range;
use std::sync::Arc;

/// So many leads are located together: their cells stay in the nearest memory.
const BLOCK: usize = 256;
/// A label that the rule set does not know.
const UNUSUAL: u32 = u32::MAX;
/// The same among the bits of members.
const UNUSUAL_MEMBER: u64 = 1 << 63;
/// That a set has a member at all.
const MEMBER: u64 = 1 << 62;
/// How many digits a decimal may have before the point.
const DIGITS: u32 = 16;

/// Columns with how a rule set reads them.
pub(crate) struct BoundColumns<'c> {
    rules: &'c Arc<Loaded>,
    columns: &'c Columns<'c>,
    access: Access,
}

/// How columns are located when all can be at once, and what is looked up then.
pub(crate) struct Tables<'c> {
    flat: &'c Flat,
    rows: &'c FlatRows,
    /// Each with which of its values are there.
    columns: Vec<(Quick<'c>, Option<&'c [bool]>)>,
    /// For each axis the text that it asks about.
    texts: Vec<Option<Texts<'c>>>,
    id: Option<Texts<'c>>,
}

/// How the cells of a column are found.
enum Quick<'c> {
    /// It has none.
    Nothing,
    /// By the code of the label.
    Labels {
        axis: u32,
        codes: &'c [u32],
        cells: Vec<u32>,
    },
    /// By the bits of the codes of the members.
    Sets {
        slices: &'c [Slice],
        starts: &'c [u32],
        codes: &'c [u32],
        bits: Vec<u64>,
    },
    Bools {
        axis: u32,
        values: &'c [bool],
        cells: [u32; 2],
    },
    Ints {
        axis: u32,
        values: &'c [i64],
        cuts: &'c [i64],
    },
    /// By cuts in the same units; numbers of this magnitude are past the range. No axis asks about some.
    Scaled {
        axis: Option<u32>,
        values: &'c [i64],
        cuts: Vec<i64>,
        limit: u64,
    },
    Decimals {
        axis: u32,
        values: &'c [Decimal],
        cuts: &'c [i128],
    },
}

impl<'c> Quick<'c> {
    /// Nothing when its leads have to be read one by one.
    fn new(way: &'c Way, declared: Option<&FieldType>, column: &Column<'c>) -> Option<Quick<'c>> {
        Some(match (way, column.values) {
            (Way::Label(axis, spellings), Values::Labels(dictionary, codes)) => {
                let cell = |label: &&str| spellings.get(label).unwrap_or(UNUSUAL);
                Quick::Labels { axis: *axis, codes, cells: dictionary.iter().map(cell).collect() }
            }
            (Way::Members(members), Values::Sets { labels, starts, codes }) => {
                let bits = |label: &&str| members.0.get(label).map_or(UNUSUAL_MEMBER, |bits| MEMBER | u64::from(bits));
                Quick::Sets { slices: &members.1, starts, codes, bits: labels.iter().map(bits).collect() }
            }
            (Way::Bool(axis, cells), Values::Bools(values)) => Quick::Bools { axis: *axis, values, cells: *cells },
            (Way::Int(axis, cuts), Values::Ints(values)) => Quick::Ints { axis: *axis, values, cuts },
            (Way::Units(axis, cuts), Values::Scaled(values, places)) => {
                Quick::Scaled { axis: Some(*axis), values, cuts: scaled(cuts, places)?, limit: limit(places) }
            }
            (Way::Units(axis, cuts), Values::Decimals(values)) => Quick::Decimals { axis: *axis, values, cuts },
            (
                Way::Text(_) | Way::Code(_) | Way::UnaskedText,
                Values::Labels(..) | Values::Texts(_) | Values::Strings(_) | Values::Forms(_),
            ) => Quick::Nothing,
            (Way::Unknown, _) => Quick::Nothing,
            (Way::Unasked, values) => Quick::unasked(&declared?.kind, values)?,
            _ => return None,
        })
    }

    /// Of a field that no rule asks for: whether nothing can be wrong with it.
    fn unasked(declared: &Type, values: Values<'c>) -> Option<Quick<'c>> {
        let is_known =
            |choice: &Choice, labels: &[&str]| labels.iter().all(|label| choice.find_written(label).is_some());
        Some(match (declared, values) {
            (Type::Choice(choice), Values::Labels(labels, _)) if is_known(choice, labels) => Quick::Nothing,
            (Type::Set(choice), Values::Sets { labels, .. }) if is_known(choice, labels) => Quick::Nothing,
            (Type::Bool, Values::Bools(_)) | (Type::Int, Values::Ints(_)) => Quick::Nothing,
            (Type::Date, Values::Dates(_)) | (Type::DateTime, Values::Instants(_)) => Quick::Nothing,
            (Type::Decimal, Values::Scaled(values, places)) if places <= PLACES => {
                Quick::Scaled { axis: None, values, cuts: Vec::new(), limit: limit(places) }
            }
            _ => return None,
        })
    }
}

/// Cuts in units of 10^-`places`: a number of such units is not below a cut when it is not below the next whole one.
fn scaled(cuts: &[i128], places: u32) -> Option<Vec<i64>> {
    let unit = 10_i128.pow(PLACES.checked_sub(places)?);
    let next = |cut: &i128| cut.div_euclid(unit) + i128::from(cut.rem_euclid(unit) != 0);
    let narrow = |cut: i128| i64::try_from(cut).unwrap_or(if cut < 0 { i64::MIN } else { i64::MAX });
    Some(cuts.iter().map(next).map(narrow).collect())
}

/// The first magnitude that is past the range of decimals, or that a cut past 64 bits would be mistaken for.
fn limit(places: u32) -> u64 {
    10_u64.checked_pow(DIGITS + places).unwrap_or(u64::MAX).min(i64::MAX.unsigned_abs())
}

impl<'c> BoundColumns<'c> {
    /// Finds the field of each column, and the axes that ask for it.
    pub(crate) fn new(rules: &'c Arc<Loaded>, columns: &'c Columns<'c>) -> Result<BoundColumns<'c>, ColumnsError> {
        let schema = &rules.model.schema;
        let faults = columns.faults(schema);
        if !faults.is_empty() {
            return Err(ColumnsError { faults });
        }
        let fields = columns.columns.iter().map(|(name, column)| (schema.slot(name), column.kind()));
        let access = Access::new(fields, schema, &rules.program.whole);
        Ok(BoundColumns { rules, columns, access })
    }

    /// How the columns are located; nothing when leads have to be read one by one.
    pub(crate) fn tables(&self) -> Option<Tables<'_>> {
        let Loaded { model, program, .. } = &**self.rules;
        let flat = program.flat.as_ref()?;
        let rows = flat.rows.as_ref()?;
        let named = &self.columns.columns;
        let columns = self.access.ways().iter().zip(named).enumerate().map(|(place, (way, (_, column)))| {
            Some((Quick::new(way, self.access.declared(place), column)?, column.present))
        });
        let columns = columns.collect::<Option<_>>()?;
        let texts_of = |slot: u32| {
            let place = named.iter().position(|(name, _)| model.schema.slot(name) == usize::try_from(slot).ok())?;
            Some(Texts { column: &named[place].1, is_code: matches!(self.access.ways()[place], Way::Code(_)) })
        };
        let texts = program.whole.locators.iter().map(|locator| match locator.source {
            Source::Field(slot) => texts_of(slot),
            Source::Register(_) => None,
        });
        Some(Tables { flat, rows, columns, texts: texts.collect(), id: model.schema.id.and_then(texts_of) })
    }

    /// The outcomes of some of the leads.
    pub(crate) fn evaluate(&self, tables: Option<&Tables<'_>>, leads: Range<usize>, at: &At) -> ColumnOutcomes {
        let mut outcomes = ColumnOutcomes::new(self.rules, at, leads.len());
        let mut evaluator = Evaluator::new(self.rules);
        let mut alone = |lead: usize, outcomes: &mut ColumnOutcomes| {
            let row = Row::new(self.columns, lead);
            outcomes.put(lead - leads.start, evaluator.evaluate_record(&row, &self.access, at, Context::default()));
        };
        let Some(tables) = tables else {
            leads.clone().for_each(|lead| alone(lead, &mut outcomes));
            return outcomes;
        };
        let mut block = Block::new(self.rules.program.whole.locators.len(), tables.rows);
        let mut from = leads.start;
        while from < leads.end {
            let to = (from + BLOCK).min(leads.end);
            block.locate(&tables.columns, from..to);
            self.locate_texts(tables, &mut block, from..to, at);
            Desk::add_up_all(tables.rows, &block.cells, &mut block.sums);
            for lead in from..to {
                if block.unusual[lead - from] {
                    alone(lead, &mut outcomes);
                } else {
                    let id = tables.id.as_ref().and_then(|ids| ids.get(lead)).map(exact_of);
                    outcomes.identify(lead - leads.start, id.filter(|id| !id.is_empty()));
                    self.look_up(tables, &mut block, lead, lead - from, &mut outcomes.slots(lead - leads.start));
                }
            }
            from = to;
        }
        outcomes
    }

    /// Locates axes of texts whose cells are needed in any case.
    fn locate_texts(&self, tables: &Tables<'_>, block: &mut Block, leads: Range<usize>, at: &At) {
        let Loaded { model, program, .. } = &**self.rules;
        for &axis in self.access.to_locate() {
            let Some(texts) = &tables.texts[axis as usize] else { continue };
            let locator = &program.whole.locators[axis as usize];
            for (lead, cell) in leads.clone().zip(&mut block.cells[axis as usize * BLOCK..]) {
                *cell = block.desk.locate(model, locator, texts.datum(lead), &[], at);
            }
        }
    }

    /// What the rules say of a lead whose fields are located.
    #[inline]
    fn look_up(&self, tables: &Tables<'_>, block: &mut Block, lead: usize, place: usize, into: &mut Slots<'_>) {
        let Loaded { model, program, .. } = &**self.rules;
        let search = |axis: u32, asked, room: &mut _| match &tables.texts[axis as usize] {
            Some(texts) => Desk::search(room, model, &program.whole.locators[axis as usize], texts.datum(lead), asked),
            None => 0,
        };
        let cells = Cells::of_many(&block.cells, BLOCK, place);
        block.desk.finish((program, tables.flat, tables.rows), cells, block.sums[place], search, into);
    }
}

/// A column of texts, or of codes.
struct Texts<'c> {
    column: &'c Column<'c>,
    is_code: bool,
}

impl<'c> Texts<'c> {
    /// The text of a lead.
    #[inline]
    fn get(&self, lead: usize) -> Option<&'c str> {
        match self.column.values {
            _ if !self.column.is_there(lead) => None,
            Values::Texts(texts) => Some(texts[lead]),
            Values::Strings(texts) => Some(&texts[lead]),
            Values::Forms(texts) => Some(texts[lead].original()),
            Values::Labels(dictionary, codes) => Some(dictionary[codes[lead] as usize]),
            _ => None,
        }
    }

    /// The same as conditions take it.
    #[inline]
    fn datum(&self, lead: usize) -> Datum<'c> {
        if let Values::Forms(texts) = self.column.values
            && self.column.is_there(lead)
        {
            let text = &texts[lead];
            return match (text.exact().is_empty(), self.is_code) {
                (true, _) => Datum::Missing,
                (false, true) => Datum::Code(text),
                (false, false) => Datum::Text(text),
            };
        }
        match self.get(lead) {
            Some(text) if exact_of(text).is_empty() => Datum::Missing,
            Some(text) if self.is_code => Datum::RawCode(text),
            Some(text) => Datum::Raw(text),
            None => Datum::Missing,
        }
    }
}

/// Some leads, side by side.
struct Block {
    desk: Desk,
    /// Of each axis a cell for each lead, one axis after the other.
    cells: Vec<u32>,
    /// What the rows that these choose come to.
    sums: Vec<program::Row>,
    /// Leads with values that have to be looked at one by one.
    unusual: [bool; BLOCK],
}

impl Block {
    fn new(axes: usize, rows: &FlatRows) -> Block {
        let (cells, sums) = (vec![0; axes * BLOCK], vec![rows.start; BLOCK]);
        Block { desk: Desk::default(), cells, sums, unusual: [false; BLOCK] }
    }

    /// Locates every column for some leads.
    fn locate(&mut self, columns: &[(Quick<'_>, Option<&[bool]>)], leads: Range<usize>) {
        self.unusual.fill(false);
        for (column, present) in columns {
            self.column(column, leads.clone());
            if let Some(present) = present {
                for axis in column.axes() {
                    let cells = side_by_side(&mut self.cells, axis).iter_mut();
                    cells.zip(&present[leads.clone()]).for_each(|(cell, present)| *cell *= u32::from(*present));
                }
            }
        }
    }
}

impl Block {
    /// Locates a column as if all its values were there: what stands in the place of others is looked at for nothing.
    fn column(&mut self, column: &Quick<'_>, leads: Range<usize>) {
        let Block { cells: all, unusual, .. } = self;
        match column {
            Quick::Nothing => {}
            Quick::Labels { axis, codes, cells } => {
                for ((into, code), unusual) in side_by_side(all, *axis).iter_mut().zip(&codes[leads]).zip(unusual) {
                    let cell = cells.get(*code as usize).copied().unwrap_or(0);
                    *unusual |= cell == UNUSUAL;
                    *into = if cell == UNUSUAL { 0 } else { cell };
                }
            }
            Quick::Sets { slices, starts, codes, bits } => {
                let mut members = [0; BLOCK];
                for ((lead, members), unusual) in leads.zip(&mut members).zip(unusual) {
                    let codes = &codes[starts[lead] as usize..starts[lead + 1] as usize];
                    *members =
                        codes.iter().fold(0, |found, code| found | bits.get(*code as usize).copied().unwrap_or(0));
                    *unusual |= *members & UNUSUAL_MEMBER != 0;
                }
                for slice in *slices {
                    let places = side_by_side(all, slice.axis()).iter_mut().zip(&members);
                    places.for_each(|(into, members)| *into = if *members == 0 { 0 } else { slice.cell(*members) });
                }
            }
            Quick::Bools { axis, values, cells } => {
                let places = side_by_side(all, *axis).iter_mut().zip(&values[leads]);
                places.for_each(|(into, value)| *into = cells[usize::from(*value)]);
            }
            Quick::Ints { axis, values, cuts } => {
                side_by_side(all, *axis)
                    .iter_mut()
                    .zip(&values[leads])
                    .for_each(|(into, value)| *into = count_cuts(cuts, *value));
            }
            Quick::Scaled { axis, values, cuts, limit } => {
                let values = &values[leads];
                values.iter().zip(unusual).for_each(|(value, unusual)| *unusual |= value.unsigned_abs() >= *limit);
                if let Some(axis) = axis {
                    side_by_side(all, *axis)
                        .iter_mut()
                        .zip(values)
                        .for_each(|(into, value)| *into = count_cuts(cuts, *value));
                }
            }
            Quick::Decimals { axis, values, cuts } => {
                for ((into, value), unusual) in side_by_side(all, *axis).iter_mut().zip(&values[leads]).zip(unusual) {
                    let value = Fixed::from_decimal(*value);
                    *unusual |= value.is_none();
                    *into = value.map_or(0, |value| count_cuts(cuts, value.units()));
                }
            }
        }
    }
}

/// The cells of an axis.
fn side_by_side(all: &mut [u32], axis: u32) -> &mut [u32] {
    &mut all[axis as usize * BLOCK..(axis as usize + 1) * BLOCK]
}

impl Quick<'_> {
    /// The axes whose cells it gives.
    fn axes(&self) -> SmallVec<[u32; 4]> {
        match self {
            Quick::Nothing => SmallVec::new(),
            Quick::Sets { slices, .. } => slices.iter().map(Slice::axis).collect(),
            Quick::Scaled { axis, .. } => axis.iter().copied().collect(),
            Quick::Labels { axis, .. }
            | Quick::Bools { axis, .. }
            | Quick::Ints { axis, .. }
            | Quick::Decimals { axis, .. } => smallvec![*axis],
        }
    }
}
