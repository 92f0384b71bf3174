//! Evaluating one lead after another in the same room.

use crate::access::{self, Access};
use crate::eval::flat::Desk;
use crate::eval::{Facts, Inputs, ReadRecord, Workspace};
use crate::lead::Lead;
use crate::lead::read::Schema;
use crate::lead::reading::{Datum, Reading};
use crate::lead::record::Record;
use crate::loaded::Loaded;
use crate::outcome::Outcome;
use crate::population::Population;
use crate::prepared::PreparedLead;
use crate::previous::Previous;
use crate::program::Source;
use crate::time::At;
use crate::value::{Fixed, Value};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// What an evaluation may be given beside the lead and the instant.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Context<'a> {
    /// The lead's last outcome, which `previous.NAME` reads.
    pub previous: Option<&'a Previous>,
    /// All leads, which `percent_rank`, `ntile` and `cume_share` read.
    pub population: Option<&'a Population>,
}

impl<'a> Context<'a> {
    /// With the lead's last outcome.
    #[must_use]
    pub fn with_previous(mut self, previous: impl Into<Option<&'a Previous>>) -> Context<'a> {
        self.previous = previous.into();
        self
    }

    /// With a population.
    #[must_use]
    pub fn with_population(mut self, population: impl Into<Option<&'a Population>>) -> Context<'a> {
        self.population = population.into();
        self
    }
}

/// A population that another rule set measured is as good as none.
pub(crate) fn inputs<'a>(rules: &'a Loaded, facts: Facts<'a>, at: &'a At, context: Context<'a>) -> Inputs<'a> {
    let population = context.population.filter(|population| population.fingerprint() == rules.fingerprint);
    Inputs { rules: &rules.model, program: &rules.program, facts, at, previous: context.previous, population }
}

/// Evaluates one lead after another in the same room: what it gives stands until the next one is evaluated. Clone an
/// outcome to keep it.
///
/// ```
/// # use gradus::{At, Context, Lead, RuleSet};
/// # let rules = RuleSet::parse("tags size { employees >= 1000 => \"large\" }")?;
/// # let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
/// let mut evaluator = rules.evaluator();
/// let mut large = 0;
/// for employees in [50, 5000] {
///     let outcome = evaluator.evaluate(&Lead::new().with_employees(employees), &at, Context::default());
///     large += usize::from(outcome.has_tag("size", "large"));
/// }
/// assert_eq!(large, 1);
/// # Ok::<(), gradus::LoadError>(())
/// ```
pub struct Evaluator<'r> {
    rules: &'r Arc<Loaded>,
    workspace: Workspace,
    outcome: Outcome,
    /// For programs without expressions.
    desk: Desk,
    cells: Vec<u32>,
}

/// A record with how it is read.
struct Bound<'b, R> {
    record: &'b R,
    access: &'b Access,
    /// Values that must outlive the reading, by position in the schema.
    kept: Vec<(u32, Value)>,
}

impl<R: Record> ReadRecord for Bound<'_, R> {
    fn read<'a>(&'a self, schema: &Schema, zone: &TimeZone, into: &mut Reading<'a>, cells: &mut [u32]) {
        self.access.read(self.record, &self.kept, schema, zone, into, cells);
    }

    fn to_locate(&self) -> &[u32] {
        self.access.to_locate()
    }
}

impl<'r> Evaluator<'r> {
    pub(crate) fn new(rules: &'r Arc<Loaded>) -> Evaluator<'r> {
        Evaluator {
            rules,
            workspace: Workspace::default(),
            outcome: Outcome::new(rules),
            desk: Desk::default(),
            cells: Vec::new(),
        }
    }

    /// As [`RuleSet::evaluate_with`](crate::RuleSet::evaluate_with).
    pub fn evaluate(&mut self, lead: &Lead, at: &At, context: Context<'_>) -> &Outcome {
        self.run(Facts::Lead(lead), at, context)
    }

    /// The same for a lead that was read beforehand. One that was prepared by another rule set is read again.
    pub fn evaluate_prepared(&mut self, lead: &PreparedLead, at: &At, context: Context<'_>) -> &Outcome {
        match (&self.rules.program.flat, lead.located(self.rules, at.zone())) {
            (Some(flat), Some(located)) => {
                let Evaluator { rules, outcome, desk, .. } = self;
                outcome.fill(at.now(), lead.id(), lead.data_issues(), |into| {
                    desk.look_up_known(&rules.program, flat, located, into);
                });
                &self.outcome
            }
            _ => self.run(lead.facts(self.rules), at, context),
        }
    }

    /// The same for a record of the host.
    pub(crate) fn evaluate_record<R: Record>(
        &mut self,
        record: &R,
        access: &Access,
        at: &At,
        context: Context<'_>,
    ) -> &Outcome {
        let Evaluator { rules, outcome, desk, cells, .. } = self;
        let (model, program) = (&rules.model, &rules.program);
        match &program.flat {
            Some(flat) if !access.keeps() => {
                cells.resize(program.whole.locators.len(), 0);
                let mut taken = access.take(record, at.zone(), cells);
                access::sort(&mut taken.issues);
                for &axis in access.to_locate() {
                    let locator = &program.whole.locators[axis as usize];
                    if let Source::Field(slot) = locator.source {
                        cells[axis as usize] =
                            desk.locate(model, locator, access.field(&taken, slot), &taken.labels, at);
                    }
                }
                let id = model.schema.id.map_or(Datum::Missing, |slot| access.field(&taken, slot));
                outcome.fill(at.now(), id, &taken.issues, |into| {
                    let search = |axis: u32, asked, room: &mut _| {
                        let locator = &program.whole.locators[axis as usize];
                        let Source::Field(slot) = locator.source else { return 0 };
                        Desk::search(room, model, locator, access.field(&taken, slot), asked)
                    };
                    desk.look_up(program, flat, cells, search, into);
                });
                &self.outcome
            }
            _ => {
                let bound = Bound { record, access, kept: access.keep(record) };
                self.run(Facts::Record(&bound), at, context)
            }
        }
    }

    fn run(&mut self, facts: Facts<'_>, at: &At, context: Context<'_>) -> &Outcome {
        let Evaluator { rules, workspace, outcome, .. } = self;
        workspace.run_whole(inputs(rules, facts, at, context), |state| outcome.collect(state));
        outcome
    }

    /// Takes what a lead has of each measure, by its position.
    pub(crate) fn measure(&mut self, lead: &Lead, at: &At, mut take: impl FnMut(usize, Fixed)) {
        let Loaded { program, model, .. } = &**self.rules;
        let inputs = inputs(self.rules, Facts::Lead(lead), at, Context::default());
        self.workspace.run(inputs, program.measured(model), |state| {
            for (position, measured) in model.measured.iter().enumerate() {
                if let Some(value) = crate::eval::number::fixed(state.value(measured.node)) {
                    take(position, value);
                }
            }
        });
    }
}
