//! Records of the host, made ready for one rule set.

use crate::access::Access;
use crate::evaluator::{Context, Evaluator};
use crate::lead::Lead;
use crate::lead::read::Schema;
use crate::lead::record::{self, FieldKind, Record, RecordField};
use crate::loaded::Loaded;
use crate::outcome::Outcome;
use crate::time::At;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// How a rule set reads a type of the host's records; see [`RuleSet::bind`](crate::RuleSet::bind).
pub struct Binding<R> {
    rules: Arc<Loaded>,
    access: Arc<Access>,
    records: PhantomData<fn(&R)>,
}

impl<R: Record> Binding<R> {
    pub(crate) fn new(rules: &Arc<Loaded>) -> Result<Binding<R>, BindError> {
        let schema = &rules.model.schema;
        let faults: Vec<BindFault> = R::fields().iter().filter_map(|field| fault(field, schema)).collect();
        if !faults.is_empty() {
            return Err(BindError { faults });
        }
        let fields = R::fields().iter().map(|field| (record::slot(field, schema), field.kind));
        let access = Arc::new(Access::new(fields, schema, &rules.program.whole));
        Ok(Binding { rules: Arc::clone(rules), access, records: PhantomData })
    }

    /// Fields of the records that the rule set does not know: they are not looked at.
    pub fn unknown_fields(&self) -> impl Iterator<Item = &'static str> {
        let schema = &self.rules.model.schema;
        R::fields().iter().filter(|field| record::slot(field, schema).is_none()).map(|field| field.name)
    }

    /// Classes, scores, grades and tags of a record, as of a [`Lead`] with the same values.
    pub fn evaluate(&self, record: &R, at: &At) -> Outcome {
        self.evaluator().evaluate(record, at, Context::default()).clone()
    }

    /// For many records: keeps the room that an evaluation and its outcome need.
    pub fn evaluator(&self) -> RecordEvaluator<'_, R> {
        RecordEvaluator { binding: self, evaluator: Evaluator::new(&self.rules) }
    }

    /// A record as a lead: for explanations, and for everything else that takes one.
    pub fn lead(&self, record: &R) -> Lead {
        let values = R::fields().iter().enumerate();
        values.map(|(index, field)| (field.name, record.value(index).to_value())).collect()
    }
}

impl<R> Clone for Binding<R> {
    fn clone(&self) -> Binding<R> {
        Binding { rules: Arc::clone(&self.rules), access: Arc::clone(&self.access), records: PhantomData }
    }
}

impl<R: Record> fmt::Debug for Binding<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Binding").field("fields", &R::fields()).finish_non_exhaustive()
    }
}

/// Evaluates one record after another in the same room: what it gives stands until the next one is evaluated.
pub struct RecordEvaluator<'b, R> {
    binding: &'b Binding<R>,
    evaluator: Evaluator<'b>,
}

impl<R: Record> RecordEvaluator<'_, R> {
    /// As [`RuleSet::evaluate_with`](crate::RuleSet::evaluate_with), of a lead with the same values.
    pub fn evaluate(&mut self, record: &R, at: &At, context: Context<'_>) -> &Outcome {
        self.evaluator.evaluate_record(record, &self.binding.access, at, context)
    }
}

/// What is wrong with a field of a type of records.
#[derive(Clone, Debug, PartialEq, Eq)]
struct BindFault {
    name: &'static str,
    expected: String,
    found: FieldKind,
}

/// A field can never be read: its kind of value is not one of those that its type is read from.
fn fault(field: &RecordField, schema: &Schema) -> Option<BindFault> {
    let kind = &schema.fields[record::slot(field, schema)?].kind;
    (!record::is_readable(kind, field.kind)).then(|| BindFault {
        name: field.name,
        expected: kind.to_string(),
        found: field.kind,
    })
}

/// A type of records does not fit a rule set: a line for each field that can never be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct BindError {
    faults: Vec<BindFault>,
}

impl fmt::Display for BindFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BindFault { name, expected, found } = self;
        write!(f, "the records hold {found} in `{name}`, which the rule file declares as {expected}")
    }
}
