//! Gradus: the file is parsed, checked and compiled once; a lead is built and prepared beforehand, or the record is
//! evaluated as it is.

use crate::record::{AMOUNTS, INTS, LABELS, Record, SETS, TEXTS};
use gradus::{
    At, Binding, ColumnOutcomes, Context, Evaluator, Lead, Limits, Outcome, PreparedLead, RecordEvaluator, RuleSet, TagsId,
};
use jiff::{Timestamp, tz::TimeZone};
use rust_decimal::Decimal;

/// The limit on source bytes is meant for files of people: a hundred thousand generated rules may pass it.
pub fn load(text: &str) -> RuleSet {
    let mut limits = Limits::default();
    limits.source_bytes = 64 << 20;
    RuleSet::builder().source("rules", text).limits(limits).build().unwrap_or_else(|error| panic!("{error}"))
}

pub fn at() -> At {
    At::new(Timestamp::UNIX_EPOCH, TimeZone::UTC)
}

/// How the rules read a record; found once.
pub fn bind(rules: &RuleSet) -> Binding<Record> {
    let binding = rules.bind::<Record>().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(binding.unknown_fields().next(), None, "the rules do not know all fields");
    binding
}

/// What a host would write that keeps leads: built and prepared once.
pub fn prepare(rules: &RuleSet, record: &Record) -> PreparedLead {
    rules.prepare(lead(record), at().zone())
}

fn lead(record: &Record) -> Lead {
    let money = |cents: i64| Decimal::new(cents, 2);
    Lead::new()
        .with(LABELS[0], record.industry.as_str())
        .with(LABELS[1], record.source.as_str())
        .with(LABELS[2], record.province.as_str())
        .with(LABELS[3], record.city.as_str())
        .with(LABELS[4], record.stage.as_str())
        .with(LABELS[5], record.relationship.as_str())
        .with(LABELS[6], record.owner.as_str())
        .with(LABELS[7], record.title.as_deref())
        .with(INTS[0], record.employees)
        .with(INTS[1], record.visits)
        .with(INTS[2], record.calls)
        .with(INTS[3], record.age_days)
        .with(INTS[4], record.seats)
        .with(AMOUNTS[0], money(record.annual_revenue))
        .with(AMOUNTS[1], money(record.registered_capital))
        .with(AMOUNTS[2], money(record.deal_size))
        .with(AMOUNTS[3], record.budget.map(money))
        .with("contacted", record.contacted)
        .with("newsletter", record.newsletter)
        .with("tender", record.tender)
        .with(SETS[0], record.products.iter().map(String::as_str).collect::<Vec<_>>())
        .with(SETS[1], record.interests.iter().map(String::as_str).collect::<Vec<_>>())
        .with(TEXTS[0], record.need.as_str())
        .with(TEXTS[1], record.company.as_str())
}

/// A rule set with an evaluator, at one instant, for prepared leads.
pub struct Leads<'r> {
    evaluator: Evaluator<'r>,
    at: At,
}

impl<'r> Leads<'r> {
    pub fn new(rules: &'r RuleSet) -> Leads<'r> {
        Leads { evaluator: rules.evaluator(), at: at() }
    }

    pub fn evaluate(&mut self, lead: &PreparedLead) -> &Outcome {
        self.evaluator.evaluate_prepared(lead, &self.at, Context::default())
    }
}

/// The same for records.
pub struct Records<'b> {
    evaluator: RecordEvaluator<'b, Record>,
    at: At,
}

impl<'b> Records<'b> {
    pub fn new(binding: &'b Binding<Record>) -> Records<'b> {
        Records { evaluator: binding.evaluator(), at: at() }
    }

    pub fn evaluate(&mut self, record: &Record) -> &Outcome {
        self.evaluator.evaluate(record, &self.at, Context::default())
    }
}

/// The tags that a workload looks at.
#[derive(Clone, Copy)]
pub struct Tags(Option<TagsId>);

impl Tags {
    pub fn new(rules: &RuleSet, name: &str) -> Tags {
        Tags(rules.tags_id(name))
    }

    /// Looks at every tag that was given; something that depends on all of them.
    pub fn walk(self, outcome: &Outcome) -> usize {
        let tags = self.0.and_then(|id| outcome.tags_by_id(id));
        tags.into_iter().flatten().map(str::len).sum()
    }

    /// The same of many leads.
    pub fn walk_all(self, outcomes: &ColumnOutcomes) -> usize {
        let tags = self.0.into_iter().flat_map(|id| outcomes.tags(id)).flatten().flatten();
        tags.map(str::len).sum()
    }

    /// Rule numbers out of tags such as `t7`; for comparing, not timed.
    pub fn numbers(self, outcome: &Outcome) -> Vec<u32> {
        let tags = self.0.and_then(|id| outcome.tags_by_id(id));
        let number = |tag: &str| tag[1..].parse().unwrap_or_else(|_| panic!("{tag} is no tag of W2"));
        tags.into_iter().flatten().map(number).collect()
    }
}
