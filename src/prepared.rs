//! A lead that was made ready for one rule set.

use crate::eval::flat::Desk;
use crate::eval::{Facts, Inputs, Workspace};
use crate::lead::prepared::Prepared;
use crate::lead::reading::Datum;
use crate::lead::{DataIssue, Lead};
use crate::loaded::Loaded;
use crate::program::Source;
use crate::time::At;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt;
use std::sync::Arc;

/// A lead that was read for a rule set: its labels are looked up, the forms of its texts computed, and its fields located
/// among the constants that the rules mention, once. See [`RuleSet::prepare`](crate::RuleSet::prepare).
///
/// ```
/// # use gradus::{Context, Lead, RuleSet};
/// # let rules = RuleSet::parse("tags size { employees >= 1000 => \"large\" }")?;
/// # let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
/// let lead = rules.prepare(Lead::new().with_employees(5000), at.zone());
/// let mut evaluator = rules.evaluator();
/// assert!(evaluator.evaluate_prepared(&lead, &at, Context::default()).has_tag("size", "large"));
/// # Ok::<(), gradus::LoadError>(())
/// ```
#[derive(Clone)]
pub struct PreparedLead {
    prepared: Prepared,
    /// Where the lead is on the axes of its fields.
    cells: Box<[u32]>,
    /// The rows that these choose, of a program without expressions.
    chosen: Box<[u32]>,
    rules: Arc<Loaded>,
    lead: Lead,
}

impl PreparedLead {
    pub(crate) fn new(rules: &Arc<Loaded>, lead: Lead, zone: &TimeZone) -> PreparedLead {
        let mut prepared = Prepared::new(&lead, &rules.model.schema, zone);
        let at = At::new(Timestamp::UNIX_EPOCH, zone.clone());
        let mut cells = Workspace::default().locate(Inputs {
            rules: &rules.model,
            program: &rules.program,
            facts: Facts::Lead(&lead),
            at: &at,
            previous: None,
            population: None,
        });
        let mut desk = Desk::default();
        for (cell, locator) in cells.iter_mut().zip(&rules.program.whole.locators) {
            // conditions on a text that are else only decided when a rule asks
            if let (Source::Field(slot), true) = (locator.source, locator.is_of_text()) {
                *cell = desk.locate(&rules.model, locator, prepared.field(slot), &[], &at);
            }
        }
        let mut chosen = Box::default();
        if let Some(flat) = &rules.program.flat {
            prepared.forget_fields();
            chosen = flat.rows.iter().flat_map(|rows| rows.chosen(&cells)).collect();
        }
        PreparedLead { prepared, cells, chosen, rules: Arc::clone(rules), lead }
    }

    /// The lead that was prepared.
    pub fn lead(&self) -> &Lead {
        &self.lead
    }

    /// The lead, to be changed.
    pub fn into_lead(self) -> Lead {
        self.lead
    }

    /// Values that could not be read as their fields declare them.
    pub fn data_issues(&self) -> &[DataIssue] {
        &self.prepared.issues
    }

    /// Its cells and the rows that they choose, for the rule set that it was prepared for, in a zone in which it reads the same.
    #[inline]
    pub(crate) fn located(&self, rules: &Arc<Loaded>, zone: &TimeZone) -> Option<(&[u32], &[u32])> {
        (Arc::ptr_eq(&self.rules, rules) && self.prepared.fits(zone)).then_some((&self.cells, &self.chosen))
    }

    /// The lead's identifier.
    pub(crate) fn id(&self) -> Datum<'_> {
        self.prepared.id()
    }

    pub(crate) fn facts(&self, rules: &Arc<Loaded>) -> Facts<'_> {
        if Arc::ptr_eq(&self.rules, rules) {
            Facts::Prepared(&self.prepared, &self.cells, &self.lead)
        } else {
            Facts::Lead(&self.lead)
        }
    }
}

impl fmt::Debug for PreparedLead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PreparedLead").field(&self.lead).finish()
    }
}
