//! Many leads at once: what one evaluation after another gives, in the same order.

use crate::binding::Binding;
use crate::columns::{BoundColumns, ColumnOutcomes, Columns, ColumnsError};
use crate::evaluator::Context;
use crate::lead::Lead;
use crate::lead::record::Record;
use crate::outcome::Outcome;
use crate::rule_set::RuleSet;
use crate::time::At;
#[cfg(feature = "rayon")]
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::borrow::Borrow;

/// With fewer leads than this of its own, an evaluator is not worth its room.
#[cfg(feature = "rayon")]
const CHUNK: usize = 64;
/// So many leads of columns are one piece of work.
#[cfg(feature = "rayon")]
const PART: usize = 4_096;

impl RuleSet {
    /// The outcomes of many leads, in their order: each is that of [`evaluate`](RuleSet::evaluate).
    ///
    /// Leads that are given a last outcome or a population go one by one through an
    /// [`evaluator`](RuleSet::evaluator).
    ///
    /// ```
    /// # use gradus::{Lead, RuleSet};
    /// let rules = RuleSet::parse("classify size on employees { [1000..) => \"large\", present => \"small\" }")?;
    /// let leads = [5000, 20].map(|employees| Lead::new().with_employees(employees));
    /// let outcomes = rules.evaluate_batch(&leads, &rules.at(jiff::Timestamp::UNIX_EPOCH));
    /// let sizes: Vec<_> = outcomes.iter().map(|outcome| outcome.class("size")).collect();
    /// assert_eq!(sizes, [Some("large"), Some("small")]);
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn evaluate_batch<L: Borrow<Lead>>(&self, leads: &[L], at: &At) -> Vec<Outcome> {
        self.outcomes(leads.iter().map(|lead| -> &Lead { lead.borrow() }), at).collect()
    }

    /// The same, a lead at a time: each is evaluated when its outcome is asked for, and neither is kept.
    ///
    /// ```
    /// # use gradus::{Lead, RuleSet};
    /// let rules = RuleSet::parse("tags size { employees >= 1000 => \"large\" }")?;
    /// let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
    /// let endless = (1..).map(|hundreds| Lead::new().with_employees(hundreds * 100));
    /// let first = rules.outcomes(endless, &at).position(|outcome| outcome.has_tag("size", "large"));
    /// assert_eq!(first, Some(9));
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn outcomes<L: Borrow<Lead>>(
        &self,
        leads: impl IntoIterator<Item = L>,
        at: &At,
    ) -> impl Iterator<Item = Outcome> {
        let mut evaluator = self.evaluator();
        leads.into_iter().map(move |lead| evaluator.evaluate(lead.borrow(), at, Context::default()).clone())
    }

    /// The outcomes of leads that stand in columns, as tables and data frames hold them: each is that of
    /// [`evaluate`](RuleSet::evaluate) for a lead with the same values. This is the fastest way for many leads: a label is
    /// looked up once for the whole column.
    ///
    /// # Errors
    /// Everything that is wrong with the columns: lengths that differ, codes past the end of a dictionary, values whose kind
    /// can never be read as the rule file declares the field. A value that cannot be read is no error: it is missing, and
    /// stands in the lead's [`data_issues`](ColumnOutcomes::data_issues).
    pub fn evaluate_columns(&self, columns: &Columns<'_>, at: &At) -> Result<ColumnOutcomes, ColumnsError> {
        let bound = BoundColumns::new(self.loaded(), columns)?;
        Ok(bound.evaluate(bound.tables().as_ref(), 0..columns.len(), at))
    }

    /// As [`evaluate_columns`](RuleSet::evaluate_columns), on all threads of the rayon pool that it is called in (feature
    /// `rayon`).
    ///
    /// # Errors
    /// As there.
    #[cfg(feature = "rayon")]
    pub fn par_evaluate_columns(&self, columns: &Columns<'_>, at: &At) -> Result<ColumnOutcomes, ColumnsError> {
        let bound = BoundColumns::new(self.loaded(), columns)?;
        let tables = bound.tables();
        let parts = (0..columns.len().div_ceil(PART)).into_par_iter().map(|part| {
            let leads = part * PART..((part + 1) * PART).min(columns.len());
            bound.evaluate(tables.as_ref(), leads, at)
        });
        let parts: Vec<ColumnOutcomes> = parts.collect();
        let mut all = bound.evaluate(None, 0..0, at);
        parts.into_iter().for_each(|part| all.append(part));
        Ok(all)
    }

    /// As [`evaluate_batch`](RuleSet::evaluate_batch), on all threads of the rayon pool that it is called in (feature
    /// `rayon`). The outcomes and their order do not depend on how many there are.
    ///
    /// ```
    /// # use gradus::{Lead, RuleSet};
    /// let rules = RuleSet::parse("tags size { employees >= 1000 => \"large\" }")?;
    /// let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
    /// let leads: Vec<Lead> = (0..2000).map(|employees| Lead::new().with_employees(employees)).collect();
    /// assert_eq!(rules.par_evaluate_batch(&leads, &at), rules.evaluate_batch(&leads, &at));
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    #[cfg(feature = "rayon")]
    pub fn par_evaluate_batch<L: Borrow<Lead> + Sync>(&self, leads: &[L], at: &At) -> Vec<Outcome> {
        let leads = leads.par_iter().with_min_len(CHUNK);
        let outcomes = leads.map_init(
            || self.evaluator(),
            |evaluator, lead| evaluator.evaluate(lead.borrow(), at, Context::default()).clone(),
        );
        outcomes.collect()
    }
}

impl<R: Record> Binding<R> {
    /// The outcomes of many records, in their order: each is that of [`evaluate`](Binding::evaluate).
    ///
    /// ```
    /// # use gradus::{FieldKind, FieldValue, Record, RecordField, RuleSet};
    /// struct Company(i64);
    ///
    /// impl Record for Company {
    ///     fn fields() -> &'static [RecordField] {
    ///         const { &[RecordField::new("employees", FieldKind::Int)] }
    ///     }
    ///
    ///     fn value(&self, field: usize) -> FieldValue<'_> {
    ///         if field == 0 { FieldValue::Int(self.0) } else { FieldValue::Missing }
    ///     }
    /// }
    ///
    /// let rules = RuleSet::parse("tags size { employees >= 1000 => \"large\" }")?;
    /// let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
    /// let outcomes = rules.bind::<Company>()?.evaluate_batch(&[Company(5000), Company(20)], &at);
    /// assert!(outcomes[0].has_tag("size", "large") && !outcomes[1].has_tag("size", "large"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn evaluate_batch(&self, records: &[R], at: &At) -> Vec<Outcome> {
        let mut evaluator = self.evaluator();
        records.iter().map(|record| evaluator.evaluate(record, at, Context::default()).clone()).collect()
    }

    /// As [`evaluate_batch`](Binding::evaluate_batch), on all threads of the rayon pool that it is called in (feature
    /// `rayon`). The outcomes and their order do not depend on how many there are.
    ///
    /// ```
    /// # use gradus::{FieldKind, FieldValue, Record, RecordField, RuleSet};
    /// # struct Company(i64);
    /// # impl Record for Company {
    /// #     fn fields() -> &'static [RecordField] {
    /// #         const { &[RecordField::new("employees", FieldKind::Int)] }
    /// #     }
    /// #     fn value(&self, field: usize) -> FieldValue<'_> {
    /// #         if field == 0 { FieldValue::Int(self.0) } else { FieldValue::Missing }
    /// #     }
    /// # }
    /// let rules = RuleSet::parse("tags size { employees >= 1000 => \"large\" }")?;
    /// let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
    /// let companies: Vec<Company> = (0..2000).map(Company).collect();
    /// let binding = rules.bind::<Company>()?;
    /// assert_eq!(binding.par_evaluate_batch(&companies, &at), binding.evaluate_batch(&companies, &at));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "rayon")]
    pub fn par_evaluate_batch(&self, records: &[R], at: &At) -> Vec<Outcome>
    where
        R: Sync,
    {
        let records = records.par_iter().with_min_len(CHUNK);
        let outcomes = records.map_init(
            || self.evaluator(),
            |evaluator, record| evaluator.evaluate(record, at, Context::default()).clone(),
        );
        outcomes.collect()
    }
}
