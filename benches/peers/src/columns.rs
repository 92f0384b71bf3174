//! Leads by columns, as a data frame holds them: labels coded, amounts in cents, texts with their forms.

use crate::record::{AMOUNTS, BOOLS, INTS, LABELS, MEMBERS, Record, SETS, TEXTS, VALUES};
use gradus::{Column, Columns, Text};

/// The columns of some leads.
pub struct Table {
    count: usize,
    dictionaries: Vec<Vec<&'static str>>,
    members: Vec<Vec<&'static str>>,
    /// Each with which are there.
    labels: Vec<(Vec<u32>, Vec<bool>)>,
    ints: Vec<Vec<i64>>,
    amounts: Vec<(Vec<i64>, Vec<bool>)>,
    bools: Vec<Vec<bool>>,
    /// Starts and codes.
    sets: Vec<(Vec<u32>, Vec<u32>)>,
    texts: Vec<Vec<Text>>,
}

impl Table {
    pub fn new(leads: &[&Record]) -> Table {
        let words = |field: usize| VALUES[field].iter().map(String::as_str).collect::<Vec<_>>();
        let dictionaries: Vec<Vec<&str>> = (0..LABELS.len()).map(words).collect();
        let members = MEMBERS.iter().map(|members| members.iter().map(String::as_str).collect());
        let members: Vec<Vec<&str>> = members.collect();
        let code = |dictionary: &[&str], label: &str| {
            let place = dictionary.iter().position(|known| *known == label).expect("every label is in its dictionary");
            u32::try_from(place).expect("dictionaries are short")
        };
        let label = |field: usize| {
            let codes = leads.iter().map(|lead| lead.label(field).map_or(0, |label| code(&dictionaries[field], label)));
            (codes.collect(), leads.iter().map(|lead| lead.label(field).is_some()).collect())
        };
        let amount = |field: usize| {
            let units = leads.iter().map(|lead| lead.amount(field).unwrap_or(0)).collect();
            (units, leads.iter().map(|lead| lead.amount(field).is_some()).collect())
        };
        let set = |field: usize| {
            let (mut starts, mut codes) = (vec![0], Vec::new());
            for lead in leads {
                codes.extend(lead.set(field).iter().map(|member| code(&members[field], member)));
                starts.push(u32::try_from(codes.len()).expect("there are few members"));
            }
            (starts, codes)
        };
        Table {
            count: leads.len(),
            labels: (0..LABELS.len()).map(label).collect(),
            ints: (0..INTS.len()).map(|field| leads.iter().map(|lead| lead.int(field)).collect()).collect(),
            amounts: (0..AMOUNTS.len()).map(amount).collect(),
            bools: (0..BOOLS.len()).map(|field| leads.iter().map(|lead| lead.bool(field)).collect()).collect(),
            sets: (0..SETS.len()).map(set).collect(),
            texts: (0..TEXTS.len()).map(|field| leads.iter().map(|lead| Text::new(lead.text(field))).collect()).collect(),
            dictionaries,
            members,
        }
    }

    pub fn columns(&self) -> Columns<'_> {
        let mut columns = Columns::new(self.count);
        for (field, name) in LABELS.iter().enumerate() {
            let (codes, present) = &self.labels[field];
            columns = columns.with(name, Column::labels(&self.dictionaries[field], codes).with_present(present));
        }
        for (name, values) in INTS.iter().zip(&self.ints) {
            columns = columns.with(name, Column::ints(values));
        }
        for (name, (units, present)) in AMOUNTS.iter().zip(&self.amounts) {
            columns = columns.with(name, Column::scaled(units, 2).with_present(present));
        }
        for (name, values) in BOOLS.iter().zip(&self.bools) {
            columns = columns.with(name, Column::bools(values));
        }
        for (field, name) in SETS.iter().enumerate() {
            let (starts, codes) = &self.sets[field];
            columns = columns.with(name, Column::sets(&self.members[field], starts, codes));
        }
        for (name, values) in TEXTS.iter().zip(&self.texts) {
            columns = columns.with(name, Column::forms(values));
        }
        columns
    }
}
