//! Leads by columns: for each field the values of all leads, as a table or a data frame holds them.

mod bound;
mod outcomes;

pub(crate) use bound::BoundColumns;
pub use outcomes::ColumnOutcomes;

use crate::lead::composed;
use crate::lead::read::Schema;
use crate::lead::record::{FieldKind, FieldValue, FieldVisitor, Record, RecordField, is_readable};
use crate::value::{Text, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::fmt;

/// Many leads, by columns; borrowed from whoever holds them. See
/// [`RuleSet::evaluate_columns`](crate::RuleSet::evaluate_columns).
///
/// ```
/// # use gradus::{Column, Columns, RuleSet};
/// let rules = RuleSet::parse(r#"
///     classify size on employees { [1000..) => "large", present => "small" }
///     tags origin { source in { "fair", "phone" } => "met in person" }
///     field source : choice { "web", "fair", "phone" }
/// "#)?;
/// let columns = Columns::new(3)
///     .with("employees", Column::ints(&[5000, 20, 0]).with_present(&[true, true, false]))
///     .with("source", Column::labels(&["web", "fair"], &[0, 1, 1]));
/// let outcomes = rules.evaluate_columns(&columns, &rules.at(jiff::Timestamp::UNIX_EPOCH))?;
/// let sizes: Vec<_> = outcomes.classes(rules.class_id("size").unwrap()).collect();
/// assert_eq!(sizes, [Some("large"), Some("small"), None]);
/// assert!(outcomes.outcome(2).has_tag("origin", "met in person"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Columns<'a> {
    count: usize,
    columns: Vec<(String, Column<'a>)>,
}

impl<'a> Columns<'a> {
    /// So many leads, of which nothing is known yet.
    pub fn new(count: usize) -> Columns<'a> {
        Columns { count, columns: Vec::new() }
    }

    /// Adds the values of a field. Fields without a column are missing in every lead; columns that the rule set does not
    /// know are not looked at.
    #[must_use]
    pub fn with(mut self, name: &str, column: Column<'a>) -> Columns<'a> {
        self.columns.push((composed(Cow::Borrowed(name)).into_owned(), column));
        self
    }

    /// How many leads there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Everything that is wrong with the columns themselves, or for a rule set.
    fn faults(&self, schema: &Schema) -> Vec<ColumnFault> {
        let mut faults = Vec::new();
        for (place, (name, column)) in self.columns.iter().enumerate() {
            let mut fault = |problem: String| faults.push(ColumnFault { name: name.clone(), problem });
            if self.columns[..place].iter().any(|(earlier, _)| earlier == name) {
                fault("there are two columns of this name".into());
            }
            column.check(self.count, &mut fault);
            let declared = schema.slot(name).map(|slot| &schema.fields[slot].kind);
            if let Some(kind) = declared.filter(|kind| !is_readable(kind, column.kind())) {
                fault(format!("it holds {}, and the rule file declares {kind}", column.kind()));
            }
        }
        faults
    }
}

/// The values of one field, a value for each lead.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    values: Values<'a>,
    /// Which are there; without it all are.
    present: Option<&'a [bool]>,
}

#[derive(Clone, Copy, Debug)]
enum Values<'a> {
    Bools(&'a [bool]),
    Ints(&'a [i64]),
    Scaled(&'a [i64], u32),
    Decimals(&'a [Decimal]),
    Floats(&'a [f64]),
    Labels(&'a [&'a str], &'a [u32]),
    Sets { labels: &'a [&'a str], starts: &'a [u32], codes: &'a [u32] },
    Texts(&'a [&'a str]),
    Strings(&'a [String]),
    Forms(&'a [Text]),
    Dates(&'a [Date]),
    Instants(&'a [Timestamp]),
    Any(&'a [Value]),
}

impl<'a> Column<'a> {
    const fn new(values: Values<'a>) -> Column<'a> {
        Column { values, present: None }
    }

    /// Truth values.
    pub const fn bools(values: &'a [bool]) -> Column<'a> {
        Column::new(Values::Bools(values))
    }

    /// Whole numbers.
    pub const fn ints(values: &'a [i64]) -> Column<'a> {
        Column::new(Values::Ints(values))
    }

    /// Whole numbers of units of 10 to the minus so many, such as cents.
    pub const fn scaled(units: &'a [i64], places: u32) -> Column<'a> {
        Column::new(Values::Scaled(units, places))
    }

    /// Decimals.
    pub const fn decimals(values: &'a [Decimal]) -> Column<'a> {
        Column::new(Values::Decimals(values))
    }

    /// Binary floating-point numbers.
    pub const fn floats(values: &'a [f64]) -> Column<'a> {
        Column::new(Values::Floats(values))
    }

    /// Labels, or other texts, of which there are few: each lead has one by its place in the dictionary.
    pub const fn labels(dictionary: &'a [&'a str], codes: &'a [u32]) -> Column<'a> {
        Column::new(Values::Labels(dictionary, codes))
    }

    /// Sets of labels, or of other texts: the members of lead `i` are those of `codes[starts[i]..starts[i + 1]]`, each by
    /// its place in the dictionary. There is one more start than there are leads.
    pub const fn sets(dictionary: &'a [&'a str], starts: &'a [u32], codes: &'a [u32]) -> Column<'a> {
        Column::new(Values::Sets { labels: dictionary, starts, codes })
    }

    /// Texts, or anything that is written as text.
    pub const fn texts(values: &'a [&'a str]) -> Column<'a> {
        Column::new(Values::Texts(values))
    }

    /// The same, owned.
    pub const fn strings(values: &'a [String]) -> Column<'a> {
        Column::new(Values::Strings(values))
    }

    /// Texts whose forms are known: nothing of them is computed again when the same column is evaluated once more.
    pub const fn forms(values: &'a [Text]) -> Column<'a> {
        Column::new(Values::Forms(values))
    }

    /// Civil dates.
    pub const fn dates(values: &'a [Date]) -> Column<'a> {
        Column::new(Values::Dates(values))
    }

    /// Instants.
    pub const fn instants(values: &'a [Timestamp]) -> Column<'a> {
        Column::new(Values::Instants(values))
    }

    /// Any values, such as lists.
    pub const fn values(values: &'a [Value]) -> Column<'a> {
        Column::new(Values::Any(values))
    }

    /// Says which values are there; the others are missing, whatever stands in their place.
    #[must_use]
    pub const fn with_present(self, present: &'a [bool]) -> Column<'a> {
        Column { values: self.values, present: Some(present) }
    }

    fn kind(&self) -> FieldKind {
        match self.values {
            Values::Bools(_) => FieldKind::Bool,
            Values::Ints(_) => FieldKind::Int,
            Values::Scaled(..) | Values::Decimals(_) => FieldKind::Decimal,
            Values::Floats(_) => FieldKind::Float,
            Values::Labels(..) | Values::Texts(_) | Values::Strings(_) | Values::Forms(_) => FieldKind::Text,
            Values::Sets { .. } => FieldKind::Texts,
            Values::Dates(_) => FieldKind::Date,
            Values::Instants(_) => FieldKind::Instant,
            Values::Any(_) => FieldKind::Value,
        }
    }

    /// How many leads it has values of.
    fn count(&self) -> usize {
        match self.values {
            Values::Bools(values) => values.len(),
            Values::Ints(values) | Values::Scaled(values, _) => values.len(),
            Values::Decimals(values) => values.len(),
            Values::Floats(values) => values.len(),
            Values::Labels(_, codes) => codes.len(),
            Values::Sets { starts, .. } => starts.len().saturating_sub(1),
            Values::Texts(values) => values.len(),
            Values::Strings(values) => values.len(),
            Values::Forms(values) => values.len(),
            Values::Dates(values) => values.len(),
            Values::Instants(values) => values.len(),
            Values::Any(values) => values.len(),
        }
    }

    /// Whether everything that it points to is there.
    fn check(&self, leads: usize, fault: &mut impl FnMut(String)) {
        if self.count() != leads {
            fault(format!("it has {} values, and there are {leads} leads", self.count()));
        }
        if let Some(present) = self.present
            && present.len() != leads
        {
            fault(format!("it says of {} values whether they are there, and there are {leads} leads", present.len()));
        }
        let (dictionary, codes) = match self.values {
            Values::Labels(dictionary, codes) => (dictionary, codes),
            Values::Sets { labels, starts, codes } => {
                let fits = starts.last().is_some_and(|end| *end as usize <= codes.len());
                if !fits || !starts.is_sorted() {
                    fault(format!("its starts have to ascend, and to end within its {} codes", codes.len()));
                }
                (labels, codes)
            }
            _ => return,
        };
        // what is not there has no code either
        let is_there = |lead: usize| self.present.is_none_or(|present| present.get(lead) == Some(&true));
        let by_lead = matches!(self.values, Values::Labels(..));
        if codes.iter().copied().max().is_none_or(|most| (most as usize) < dictionary.len()) {
            return;
        }
        let past = |(lead, code): &(usize, &u32)| **code as usize >= dictionary.len() && (!by_lead || is_there(*lead));
        if let Some((place, code)) = codes.iter().enumerate().find(past) {
            let entries = dictionary.len();
            fault(format!("code {code} at place {place} is past the end of its dictionary of {entries}"));
        }
    }

    /// Whether a lead has a value.
    #[inline]
    fn is_there(&self, lead: usize) -> bool {
        self.present.is_none_or(|present| present.get(lead) == Some(&true))
    }

    /// The value of a lead, of a column that holds it as it is.
    #[inline]
    fn simple(&self, lead: usize) -> FieldValue<'a> {
        match self.values {
            _ if !self.is_there(lead) => FieldValue::Missing,
            Values::Bools(values) => FieldValue::Bool(values[lead]),
            Values::Ints(values) => FieldValue::Int(values[lead]),
            Values::Scaled(units, places) => FieldValue::Scaled(units[lead], places),
            Values::Decimals(values) => FieldValue::Decimal(values[lead]),
            Values::Floats(values) => FieldValue::Float(values[lead]),
            Values::Labels(dictionary, codes) => FieldValue::Text(dictionary[codes[lead] as usize]),
            Values::Texts(values) => FieldValue::Text(values[lead]),
            Values::Strings(values) => FieldValue::Text(&values[lead]),
            Values::Forms(values) => FieldValue::Text(values[lead].original()),
            Values::Dates(values) => FieldValue::Date(values[lead]),
            Values::Instants(values) => FieldValue::Instant(values[lead]),
            Values::Sets { .. } | Values::Any(_) => FieldValue::Missing,
        }
    }
}

/// One lead of many: a record whose fields are the columns.
struct Row<'r> {
    columns: &'r [(String, Column<'r>)],
    lead: usize,
    /// The members of its sets, with the columns that they are in.
    sets: Vec<(usize, Vec<&'r str>)>,
}

impl<'r> Row<'r> {
    fn new(columns: &'r Columns<'r>, lead: usize) -> Row<'r> {
        let columns = columns.columns.as_slice();
        let sets = columns.iter().enumerate().filter_map(|(place, (_, column))| match column.values {
            Values::Sets { labels, starts, codes } if column.is_there(lead) => {
                let codes = &codes[starts[lead] as usize..starts[lead + 1] as usize];
                Some((place, codes.iter().map(|code| labels[*code as usize]).collect()))
            }
            _ => None,
        });
        Row { columns, lead, sets: sets.collect() }
    }
}

impl Record for Row<'_> {
    /// None that are known by the type.
    fn fields() -> &'static [RecordField] {
        &[]
    }

    fn value(&self, place: usize) -> FieldValue<'_> {
        let Some((_, column)) = self.columns.get(place) else { return FieldValue::Missing };
        match column.values {
            Values::Any(values) if column.is_there(self.lead) => FieldValue::Value(values[self.lead].clone()),
            Values::Sets { .. } => {
                let members = self.sets.iter().find(|(own, _)| *own == place);
                members.map_or(FieldValue::Missing, |(_, members)| FieldValue::Texts(members))
            }
            _ => column.simple(self.lead),
        }
    }

    fn visit<'a>(&'a self, visitor: &mut impl FieldVisitor<'a>) {
        (0..self.columns.len()).for_each(|place| visitor.field(place, &self.value(place)));
    }
}

/// What is wrong with a column.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ColumnFault {
    name: String,
    problem: String,
}

/// Columns do not fit each other, or a rule set: a line for each thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ColumnsError {
    faults: Vec<ColumnFault>,
}

impl fmt::Display for ColumnFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column `{}`: {}", self.name, self.problem)
    }
}
