//! Columns made ready for one rule set: usual values are located column by column, a block of leads at a time.

use super::{Column, ColumnOutcomes, Columns, ColumnsError, Row, Values};
use crate::access::{Access, Slice, Way};
use crate::eval::flat::{Desk, Slots};
use crate::evaluator::{Context, Evaluator};
use crate::lead::reading::Datum;
use crate::lead::record::FieldValue;
use crate::loaded::Loaded;
use crate::program::{Flat, Source, count_cuts};
use crate::time::At;
use crate::types::{Choice, FieldType, Type};
use crate::value::Fixed;
use crate::value::fixed::PLACES;
use crate::value::text::exact_of;
use crate::value::vocabulary::Vocabulary;
use rust_decimal::Decimal;
use std::ops::Range;
use std::sync::Arc;

/// So many leads are located together: their cells stay in the nearest memory.
const BLOCK: usize = 256;
/// A label that the rule set does not know.
const UNUSUAL: u32 = u32::MAX;
/// The same among the bits of members.
const UNUSUAL_MEMBER: u64 = 1 << 63;
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
    /// Each with which of its values are there.
    columns: Vec<(Quick<'c>, Option<&'c [bool]>)>,
    /// For each axis the column of the text that it asks about.
    texts: Vec<Option<usize>>,
    id: Option<usize>,
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
        let known = |spellings: &Vocabulary, dictionary: &[&str], unknown: u64| -> Vec<u64> {
            dictionary.iter().map(|label| spellings.get(label).map_or(unknown, u64::from)).collect()
        };
        Some(match (way, column.values) {
            (Way::Label(axis, spellings), Values::Labels(dictionary, codes)) => {
                let cell = |label: &&str| spellings.get(label).unwrap_or(UNUSUAL);
                Quick::Labels { axis: *axis, codes, cells: dictionary.iter().map(cell).collect() }
            }
            (Way::Members(members), Values::Sets { labels, starts, codes }) => {
                Quick::Sets { slices: &members.1, starts, codes, bits: known(&members.0, labels, UNUSUAL_MEMBER) }
            }
            (Way::Bool(axis, cells), Values::Bools(values)) => Quick::Bools { axis: *axis, values, cells: *cells },
            (Way::Int(axis, cuts), Values::Ints(values)) => Quick::Ints { axis: *axis, values, cuts },
            (Way::Units(axis, cuts), Values::Scaled(values, places)) => {
                Quick::Scaled { axis: Some(*axis), values, cuts: scaled(cuts, places)?, limit: limit(places) }
            }
            (Way::Units(axis, cuts), Values::Decimals(values)) => Quick::Decimals { axis: *axis, values, cuts },
            (
                Way::Text(_) | Way::Code(_) | Way::UnaskedText,
                Values::Labels(..) | Values::Texts(_) | Values::Strings(_),
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
        let named = &self.columns.columns;
        let columns = self.access.ways().iter().zip(named).enumerate().map(|(place, (way, (_, column)))| {
            Some((Quick::new(way, self.access.declared(place), column)?, column.present))
        });
        let column_of =
            |slot: u32| named.iter().position(|(name, _)| model.schema.slot(name) == usize::try_from(slot).ok());
        let texts = program.whole.locators.iter().map(|locator| match locator.source {
            Source::Field(slot) => column_of(slot),
            Source::Register(_) => None,
        });
        let texts = texts.collect();
        Some(Tables { flat, columns: columns.collect::<Option<_>>()?, texts, id: model.schema.id.and_then(column_of) })
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
        let mut block = Block::new(self.rules.program.whole.locators.len());
        let mut from = leads.start;
        while from < leads.end {
            let to = (from + BLOCK).min(leads.end);
            block.locate(&tables.columns, from..to);
            for lead in from..to {
                if block.unusual[lead - from] {
                    alone(lead, &mut outcomes);
                } else {
                    let id = tables.id.and_then(|column| self.text(column, lead)).map(exact_of);
                    outcomes.identify(lead - leads.start, id.filter(|id| !id.is_empty()));
                    self.look_up(tables, &mut block, lead, lead - from, at, &mut outcomes.slots(lead - leads.start));
                }
            }
            from = to;
        }
        outcomes
    }

    /// The text of a lead in a column of texts.
    fn text(&self, column: usize, lead: usize) -> Option<&str> {
        match self.columns.columns[column].1.simple(lead) {
            FieldValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text that an axis asks about.
    fn asked(&self, tables: &Tables<'_>, axis: u32, lead: usize) -> Datum<'_> {
        let Some(column) = tables.texts[axis as usize] else { return Datum::Missing };
        match (self.text(column, lead), &self.access.ways()[column]) {
            (Some(text), _) if exact_of(text).is_empty() => Datum::Missing,
            (Some(text), Way::Text(_)) => Datum::Raw(text),
            (Some(text), Way::Code(_)) => Datum::RawCode(text),
            _ => Datum::Missing,
        }
    }

    /// What the rules say of a lead whose fields are located.
    #[inline]
    fn look_up(
        &self,
        tables: &Tables<'_>,
        block: &mut Block,
        lead: usize,
        place: usize,
        at: &At,
        into: &mut Slots<'_>,
    ) {
        let Loaded { model, program, .. } = &**self.rules;
        let Block { desk, cells, axes, .. } = block;
        let cells = &mut cells[place * *axes..(place + 1) * *axes];
        for &axis in self.access.to_locate() {
            let text = self.asked(tables, axis, lead);
            cells[axis as usize] = desk.locate(model, &program.whole.locators[axis as usize], text, &[], at);
        }
        let search = |axis: u32, asked, room: &mut _| {
            let locator = &program.whole.locators[axis as usize];
            Desk::search(room, model, locator, self.asked(tables, axis, lead), asked)
        };
        desk.look_up(program, tables.flat, cells, search, into);
    }
}

/// The cells of some leads.
struct Block {
    desk: Desk,
    /// How many axes there are.
    axes: usize,
    /// Of each lead a cell for each axis, one lead after the other.
    cells: Vec<u32>,
    /// Leads with values that have to be looked at one by one.
    unusual: [bool; BLOCK],
}

impl Block {
    fn new(axes: usize) -> Block {
        Block { desk: Desk::default(), axes, cells: vec![0; axes * BLOCK], unusual: [false; BLOCK] }
    }

    /// Locates every column for some leads.
    fn locate(&mut self, columns: &[(Quick<'_>, Option<&[bool]>)], leads: Range<usize>) {
        self.cells.fill(0);
        self.unusual.fill(false);
        for (column, present) in columns {
            let present = present.map(|present| &present[leads.clone()]);
            self.column(column, present, leads.clone());
        }
    }

    fn column(&mut self, column: &Quick<'_>, present: Option<&[bool]>, leads: Range<usize>) {
        let places = self.cells.chunks_exact_mut(self.axes.max(1)).zip(&mut self.unusual);
        let there = leads.zip(places).enumerate();
        let there = there.filter(|(place, _)| present.is_none_or(|present| present[*place])).map(|(_, lead)| lead);
        match column {
            Quick::Nothing => {}
            Quick::Labels { axis, codes, cells } => {
                for (lead, (row, unusual)) in there {
                    let cell = cells[codes[lead] as usize];
                    *unusual |= cell == UNUSUAL;
                    row[*axis as usize] = cell;
                }
            }
            Quick::Sets { slices, starts, codes, bits } => {
                for (lead, (row, unusual)) in there {
                    let codes = &codes[starts[lead] as usize..starts[lead + 1] as usize];
                    let found = codes.iter().fold(0, |found, code| found | bits[*code as usize]);
                    *unusual |= found & UNUSUAL_MEMBER != 0;
                    if !codes.is_empty() {
                        #[expect(clippy::cast_possible_truncation, reason = "the bits of members are the lower half")]
                        slices
                            .iter()
                            .map(|slice| slice.cell(found as u32))
                            .for_each(|(axis, cell)| row[axis as usize] = cell);
                    }
                }
            }
            Quick::Bools { axis, values, cells } => {
                there.for_each(|(lead, (row, _))| row[*axis as usize] = cells[usize::from(values[lead])]);
            }
            Quick::Ints { axis, values, cuts } => {
                there.for_each(|(lead, (row, _))| row[*axis as usize] = count_cuts(cuts, values[lead]));
            }
            Quick::Scaled { axis, values, cuts, limit } => {
                for (lead, (row, unusual)) in there {
                    *unusual |= values[lead].unsigned_abs() >= *limit;
                    if let Some(axis) = axis {
                        row[*axis as usize] = count_cuts(cuts, values[lead]);
                    }
                }
            }
            Quick::Decimals { axis, values, cuts } => {
                for (lead, (row, unusual)) in there {
                    match Fixed::from_decimal(values[lead]) {
                        Some(value) => row[*axis as usize] = count_cuts(cuts, value.units()),
                        None => *unusual = true,
                    }
                }
            }
        }
    }
}
