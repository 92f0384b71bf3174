//! How the fields of a type of records are read for one rule set: usual values are located at once, all others are read as
//! those of a lead.

use crate::lead::DataIssue;
use crate::lead::read::{self, Path, Schema};
use crate::lead::reading::{Datum, Range, Reading};
use crate::lead::record::{FieldKind, FieldValue, FieldVisitor, Record};
use crate::program::{Finder, Source, Whole, count_cuts};
use crate::types::{FieldType, Type};
use crate::value::text::exact_of;
use crate::value::vocabulary::Vocabulary;
use crate::value::{Fixed, Value};
use jiff::tz::TimeZone;
use smallvec::SmallVec;

/// How all fields of a type of records are read.
pub(crate) struct Access {
    /// In the order of the records' fields.
    ways: Box<[Way]>,
    /// What is needed for unusual values; nothing for fields that the rule set does not know.
    fields: Box<[Option<Field>]>,
    /// Where the value of each field of the schema is among those that are read.
    places: Box<[u32]>,
    /// How many values are read.
    count: usize,
    /// The axes that are located when everything has been read.
    to_locate: Box<[u32]>,
    /// Whether there are values that must outlive the reading.
    keeps: bool,
}

/// A field of the rule set.
struct Field {
    slot: u32,
    declared: FieldType,
}

/// What is done with a value.
pub(crate) enum Way {
    /// The rule set does not know the field.
    Unknown,
    /// A label, by its spelling: its cell on this axis.
    Label(u32, Vocabulary),
    /// Members of a set, by their spellings: bits, of which each axis takes some.
    Members(Box<(Vocabulary, Box<[Slice]>)>),
    /// A number, a truth value: its cell on this axis.
    Bool(u32, [u32; 2]),
    Int(u32, Box<[i64]>),
    Units(u32, Box<[i128]>),
    /// A text, or a code: it is only read, to this place.
    Text(u32),
    Code(u32),
    /// No rule asks for it: only what is wrong with it counts.
    Unasked,
    /// The same of a text, with which nothing can be wrong.
    UnaskedText,
    /// It is read to this place, and located afterwards.
    Read(u32),
    /// It is kept as a lead keeps it, since something points into it.
    Keep,
}

/// Which bits of a set make the cell of an axis.
pub(crate) struct Slice {
    axis: u32,
    shift: u32,
    mask: u32,
}

impl Slice {
    /// The axis.
    pub(crate) fn axis(&self) -> u32 {
        self.axis
    }

    /// Its cell when the set has these bits; what is above them does not count.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the bits of members are the lower half")]
    pub(crate) fn cell(&self, bits: u64) -> u32 {
        1 + (bits as u32 >> self.shift & self.mask)
    }
}

impl Access {
    /// From the position in the schema and the kind of each field of the records: the axes that ask for each.
    pub(crate) fn new(
        fields: impl Iterator<Item = (Option<usize>, FieldKind)>,
        schema: &Schema,
        whole: &Whole,
    ) -> Access {
        let mut access = Access {
            ways: Box::default(),
            fields: Box::default(),
            places: vec![u32::MAX; schema.fields.len()].into(),
            count: 0,
            to_locate: Box::default(),
            keeps: false,
        };
        let mut to_locate = Vec::new();
        let found = fields.map(|(place, kind)| {
            let place = place?;
            let slot = u32::try_from(place).ok()?;
            let declared = schema.fields[place].clone();
            let next = u32::try_from(access.count).ok()?;
            let way = Way::new(slot, &declared, kind, whole, next);
            if let Way::Text(_) | Way::Code(_) | Way::Read(_) = way {
                access.places[place] = next;
                access.count += 1;
            }
            if let Way::Text(_) | Way::Code(_) | Way::Read(_) | Way::Keep = way {
                let asks = |axis: &u32| whole.locators[*axis as usize].source == Source::Field(slot);
                to_locate.extend(whole.of_fields.iter().copied().filter(asks));
            }
            access.keeps |= matches!(way, Way::Keep);
            Some((way, Field { slot, declared }))
        });
        let (ways, fields): (Vec<Way>, Vec<Option<Field>>) =
            found.map(|found| found.map_or((Way::Unknown, None), |(way, field)| (way, Some(field)))).unzip();
        to_locate.sort_unstable();
        to_locate.dedup();
        Access { ways: ways.into(), fields: fields.into(), to_locate: to_locate.into(), ..access }
    }

    /// What is done with the values of each field.
    pub(crate) fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// How the rule set declares a field of the records, if it knows it.
    pub(crate) fn declared(&self, place: usize) -> Option<&FieldType> {
        Some(&self.fields.get(place)?.as_ref()?.declared)
    }

    /// The axes that are still to be located.
    pub(crate) fn to_locate(&self) -> &[u32] {
        &self.to_locate
    }

    /// The values that must outlive the reading, by position in the schema.
    pub(crate) fn keep<R: Record>(&self, record: &R) -> Vec<(u32, Value)> {
        if !self.keeps {
            return Vec::new();
        }
        let kept = self.ways.iter().zip(&self.fields).enumerate();
        let kept = kept.filter_map(|(place, (way, field))| match (way, field) {
            (Way::Keep, Some(field)) => Some((field.slot, record.value(place).to_value())),
            _ => None,
        });
        kept.collect()
    }

    /// Takes the values of a record, and locates those that it can at once.
    #[inline]
    pub(crate) fn take<'a, R: Record>(&self, record: &'a R, zone: &TimeZone, cells: &mut [u32]) -> Taken<'a> {
        cells.fill(0);
        let values = SmallVec::from_elem(Datum::Missing, self.count);
        let mut taken = Taken { values, labels: Vec::new(), issues: Vec::new() };
        record.visit(&mut Reader { access: self, zone, taken: &mut taken, cells });
        taken
    }

    /// The value of a field that was read.
    #[inline]
    pub(crate) fn field<'a>(&self, taken: &Taken<'a>, slot: u32) -> Datum<'a> {
        let place = self.places.get(slot as usize).copied().unwrap_or(u32::MAX);
        taken.values.get(place as usize).copied().unwrap_or(Datum::Missing)
    }

    /// Reads a record into where leads are read, with the values of it that were kept.
    pub(crate) fn read<'a, R: Record>(
        &self,
        record: &'a R,
        kept: &'a [(u32, Value)],
        schema: &Schema,
        zone: &TimeZone,
        into: &mut Reading<'a>,
        cells: &mut [u32],
    ) {
        let mut taken = self.take(record, zone, cells);
        into.clear();
        into.labels.append(&mut taken.labels);
        into.issues.append(&mut taken.issues);
        into.fields.extend((0..).take(schema.fields.len()).map(|slot| self.field(&taken, slot)));
        for (slot, value) in kept {
            let field = &schema.fields[*slot as usize];
            into.fields[*slot as usize] = read::read_value(value, field, zone, Path::Field(&field.name), into);
        }
        sort(&mut into.issues);
    }

    /// Whether there are values that must outlive the reading.
    pub(crate) fn keeps(&self) -> bool {
        self.keeps
    }
}

/// What was taken of a record.
pub(crate) struct Taken<'a> {
    /// Those that were only read.
    values: SmallVec<[Datum<'a>; 4]>,
    pub(crate) labels: Vec<u32>,
    pub(crate) issues: Vec<DataIssue>,
}

/// A lead's fields are in the order of their names, and so is what is wrong with them.
pub(crate) fn sort(issues: &mut [DataIssue]) {
    if issues.len() > 1 {
        issues.sort_by(|left, right| field_of(&left.path).cmp(field_of(&right.path)));
    }
}

/// The field that a path starts from.
fn field_of(path: &str) -> &str {
    path.split(['[', '.']).next().unwrap_or(path)
}

impl Way {
    /// The quickest way that says the same; what is read goes to this place.
    fn new(slot: u32, declared: &FieldType, kind: FieldKind, whole: &Whole, place: u32) -> Way {
        let points_into = match declared.kind {
            // what is no borrowed text has to be somewhere
            Type::Text | Type::Code => whole.fields.contains(&slot) || kind != FieldKind::Text,
            Type::Region | Type::SetOfText | Type::SetOfCode | Type::List(_) => true,
            _ => false,
        };
        if points_into {
            return Way::Keep;
        }
        let is_plain = declared.placeholders.texts.is_empty() && declared.placeholders.numbers.is_empty();
        if !is_plain || whole.fields.contains(&slot) {
            return Way::Read(place);
        }
        let of_field = |axis: &u32| whole.locators[*axis as usize].source == Source::Field(slot);
        let axes: Vec<u32> = whole.of_fields.iter().copied().filter(of_field).collect();
        let asking = whole.locators.iter().filter(|locator| locator.source == Source::Field(slot)).count();
        let is_asked = asking > 0 || declared.name.as_ref() == "id";
        match declared.kind {
            Type::Text if is_asked => return Way::Text(place),
            Type::Code if is_asked => return Way::Code(place),
            Type::Text | Type::Code => return Way::UnaskedText,
            // some are only located when a rule asks, or depend on the instant
            _ if asking > axes.len() => return Way::Read(place),
            _ => {}
        }
        let finder = |axis: u32| &whole.locators[axis as usize].finder;
        match (&declared.kind, axes.as_slice()) {
            (Type::Choice(choice), [axis]) => match finder(*axis) {
                Finder::Labels(cells) => {
                    let last = cells.last().copied().unwrap_or(1);
                    let cell = |label: u32| cells.get(label as usize).copied().unwrap_or(last);
                    Way::Label(*axis, Vocabulary::new(choice.spellings().map(|(text, label)| (text, cell(label)))))
                }
                _ => Way::Read(place),
            },
            (Type::Set(choice), axes) if !axes.is_empty() => {
                let finders: Option<Vec<&[u32]>> = axes
                    .iter()
                    .map(|axis| if let Finder::Members(bits) = finder(*axis) { Some(&**bits) } else { None })
                    .collect();
                finders.and_then(|finders| Way::members(choice, axes, &finders)).unwrap_or(Way::Read(place))
            }
            (Type::Bool, [axis]) => match finder(*axis) {
                Finder::Bool(cells) => Way::Bool(*axis, *cells),
                _ => Way::Read(place),
            },
            (Type::Int, [axis]) => match finder(*axis) {
                Finder::Ints(cuts) => Way::Int(*axis, cuts.clone()),
                _ => Way::Read(place),
            },
            (Type::Decimal, [axis]) => match finder(*axis) {
                Finder::Units(cuts) => Way::Units(*axis, cuts.clone()),
                _ => Way::Read(place),
            },
            _ if is_asked => Way::Read(place),
            _ => Way::Unasked,
        }
    }

    /// All bits of a set in one word, if they fit.
    fn members(choice: &crate::types::Choice, axes: &[u32], finders: &[&[u32]]) -> Option<Way> {
        let (mut slices, mut shift) = (Vec::with_capacity(axes.len()), 0);
        for (axis, bits) in axes.iter().zip(finders) {
            let mask = bits.iter().fold(0, |mask, bit| mask | bit);
            slices.push(Slice { axis: *axis, shift, mask });
            shift += u32::BITS - mask.leading_zeros();
        }
        if shift > u32::BITS {
            return None;
        }
        let all = |label: u32| {
            let bits = finders.iter().zip(&slices);
            bits.fold(0, |all, (bits, slice)| all | bits.get(label as usize).copied().unwrap_or(0) << slice.shift)
        };
        let vocabulary = Vocabulary::new(choice.spellings().map(|(text, label)| (text, all(label))));
        Some(Way::Members(Box::new((vocabulary, slices.into()))))
    }
}

/// Takes the values of one record.
struct Reader<'r, 'a> {
    access: &'r Access,
    zone: &'r TimeZone,
    taken: &'r mut Taken<'a>,
    cells: &'r mut [u32],
}

impl<'a> FieldVisitor<'a> for Reader<'_, 'a> {
    #[inline(always)]
    fn field(&mut self, place: usize, value: &FieldValue<'a>) {
        if let Some(way) = self.access.ways.get(place)
            && !self.quickly(way, value)
        {
            self.otherwise(place, value);
        }
    }
}

impl<'a> Reader<'_, 'a> {
    /// The usual values of each way; whether it was one of them. The variant of the value is known where this is called.
    #[inline(always)]
    fn quickly(&mut self, way: &Way, value: &FieldValue<'a>) -> bool {
        match value {
            FieldValue::Missing => return true,
            FieldValue::Text(text) => match way {
                Way::Label(axis, spellings) => {
                    if let Some(cell) = spellings.get(text) {
                        self.cells[*axis as usize] = cell;
                        return true;
                    }
                }
                Way::Text(place) if !exact_of(text).is_empty() => {
                    self.taken.values[*place as usize] = Datum::Raw(text);
                    return true;
                }
                Way::Code(place) if !exact_of(text).is_empty() => {
                    self.taken.values[*place as usize] = Datum::RawCode(text);
                    return true;
                }
                Way::Text(_) | Way::Code(_) | Way::UnaskedText => return true,
                _ => {}
            },
            FieldValue::Int(number) => {
                if let Way::Int(axis, cuts) = way {
                    self.cells[*axis as usize] = count_cuts(cuts, *number);
                    return true;
                }
            }
            FieldValue::Scaled(units, places) => {
                if let Way::Units(axis, cuts) = way
                    && let Some(number) = Fixed::scaled(*units, *places)
                {
                    self.cells[*axis as usize] = count_cuts(cuts, number.units());
                    return true;
                }
            }
            FieldValue::Decimal(number) => {
                if let Way::Units(axis, cuts) = way
                    && let Some(number) = Fixed::from_decimal(*number)
                {
                    self.cells[*axis as usize] = count_cuts(cuts, number.units());
                    return true;
                }
            }
            FieldValue::Bool(truth) => {
                if let Way::Bool(axis, cells) = way {
                    self.cells[*axis as usize] = cells[usize::from(*truth)];
                    return true;
                }
            }
            FieldValue::Strings(texts) => {
                if let Way::Members(members) = way {
                    return self.members(&members.0, &members.1, texts);
                }
            }
            _ => {}
        }
        false
    }

    /// The members of a set; whether all are spelled as the file spells them.
    #[inline]
    fn members(&mut self, spellings: &Vocabulary, slices: &[Slice], texts: &[String]) -> bool {
        let (mut bits, mut known) = (0, true);
        for text in texts {
            match spellings.get(text) {
                Some(bit) => bits |= bit,
                None => known = false,
            }
        }
        if known && !texts.is_empty() {
            self.place(slices, bits);
        }
        known
    }

    /// The cells of a set that has some labels.
    #[inline]
    fn place(&mut self, slices: &[Slice], bits: u32) {
        for slice in slices {
            self.cells[slice.axis as usize] = slice.cell(bits.into());
        }
    }

    /// Values that are read to be located afterwards, that no rule asks for, or that are unusual.
    #[inline(never)]
    fn otherwise(&mut self, place: usize, value: &FieldValue<'a>) {
        let access = self.access;
        let (Some(way), Some(Some(field))) = (access.ways.get(place), access.fields.get(place)) else { return };
        let usual = match (way, &field.declared.kind, value) {
            // it has been taken already
            (Way::Keep | Way::Unknown, ..) => return,
            (Way::Unasked, Type::Set(choice), FieldValue::Strings(texts))
                if field.declared.placeholders.texts.is_empty() =>
            {
                texts.iter().all(|text| choice.find_written(text).is_some()).then_some(Datum::Missing)
            }
            (Way::Unasked | Way::Read(_), ..) => usual(&field.declared, value),
            _ => None,
        };
        match (way, usual) {
            (Way::Read(place), Some(datum)) => self.taken.values[*place as usize] = datum,
            (_, Some(_)) => {}
            (way, None) => self.slowly(way, field, value),
        }
    }
}

/// The usual pairs of a type and a value; nothing for all others, and for what may be a placeholder.
fn usual<'a>(declared: &FieldType, value: &FieldValue<'a>) -> Option<Datum<'a>> {
    if !declared.placeholders.texts.is_empty() || !declared.placeholders.numbers.is_empty() {
        return None;
    }
    let written = |text: &'a str, datum: Datum<'a>| if exact_of(text).is_empty() { Datum::Missing } else { datum };
    Some(match (&declared.kind, value) {
        (Type::Text, FieldValue::Text(text)) => written(text, Datum::Raw(text)),
        (Type::Code, FieldValue::Text(text)) => written(text, Datum::RawCode(text)),
        (Type::Choice(choice), FieldValue::Text(text)) => Datum::Label(choice.find_written(text)?),
        (Type::Bool, FieldValue::Bool(truth)) => Datum::Bool(*truth),
        (Type::Int, FieldValue::Int(number)) => Datum::Int(*number),
        (Type::Decimal, FieldValue::Int(number)) => Datum::Decimal(Fixed::from_int(*number).in_range()?),
        (Type::Decimal, FieldValue::Scaled(units, places)) => Datum::Decimal(Fixed::scaled(*units, *places)?),
        (Type::Decimal, FieldValue::Decimal(number)) => Datum::Decimal(Fixed::from_decimal(*number)?),
        (Type::Date, FieldValue::Date(date)) => Datum::Date(*date),
        (Type::DateTime, FieldValue::Instant(instant)) => Datum::Instant(*instant),
        _ => return None,
    })
}

impl<'a> Reader<'_, 'a> {
    /// As a lead would read it. What a result would point into is gone afterwards: such values were kept, or are texts.
    #[cold]
    fn slowly(&mut self, way: &Way, field: &Field, value: &FieldValue<'a>) {
        let owned = value.to_value();
        let mut apart = Reading::default();
        let declared = &field.declared;
        let datum = read::read_value(&owned, declared, self.zone, Path::Field(&declared.name), &mut apart);
        self.taken.issues.append(&mut apart.issues);
        let kept = match (datum, value) {
            (Datum::Labels(range), _) => {
                let start = self.taken.labels.len();
                self.taken.labels.extend(apart.labels(range));
                Datum::Labels(Range::new(start, self.taken.labels.len()))
            }
            (Datum::Text(_), FieldValue::Text(text)) => Datum::Raw(text),
            (Datum::Code(_), FieldValue::Text(text)) => Datum::RawCode(text),
            (datum, _) => datum.alone(),
        };
        match way {
            Way::Text(place) | Way::Code(place) | Way::Read(place) => self.taken.values[*place as usize] = kept,
            _ => self.locate(way, field, kept),
        }
    }

    /// The cells of a value that was read the slow way, where others are located at once.
    fn locate(&mut self, way: &Way, field: &Field, value: Datum<'_>) {
        match (way, value) {
            (Way::Int(axis, cuts), Datum::Int(number)) => self.cells[*axis as usize] = count_cuts(cuts, number),
            (Way::Units(axis, cuts), Datum::Decimal(number)) => {
                self.cells[*axis as usize] = count_cuts(cuts, number.units());
            }
            (Way::Bool(axis, cells), Datum::Bool(truth)) => self.cells[*axis as usize] = cells[usize::from(truth)],
            (Way::Label(axis, spellings), Datum::Label(label)) => {
                let Type::Choice(choice) = &field.declared.kind else { return };
                self.cells[*axis as usize] = spellings.get(choice.label(label)).unwrap_or(0);
            }
            (Way::Members(members), Datum::Labels(range)) => {
                let (spellings, slices) = &**members;
                let Type::Set(choice) = &field.declared.kind else { return };
                let labels = self.taken.labels[range.start as usize..range.end as usize]
                    .iter()
                    .filter_map(|label| spellings.get(choice.label(*label)));
                let bits = labels.fold(0, |bits, bit| bits | bit);
                self.place(slices, bits);
            }
            _ => {}
        }
    }
}
