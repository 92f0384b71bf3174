//! Gradus: the file is parsed, checked and compiled once; a lead is built beforehand, or from the record each time.

use crate::record::{AMOUNTS, INTS, LABELS, Record, SETS, TEXTS};
use gradus::{At, Context, Evaluator, Lead, Limits, Outcome, RuleSet, TagsId};
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

/// What a host would write to hand a record over.
pub fn lead(record: &Record) -> Lead {
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

/// A rule set with an evaluator, at one instant.
pub struct Gradus<'r> {
    evaluator: Evaluator<'r>,
    at: At,
    tags: Option<TagsId>,
}

impl<'r> Gradus<'r> {
    pub fn new(rules: &'r RuleSet, tags: &str) -> Gradus<'r> {
        Gradus { evaluator: rules.evaluator(), at: at(), tags: rules.tags_id(tags) }
    }

    pub fn evaluate(&mut self, lead: &Lead) -> Outcome {
        self.evaluator.evaluate(lead, &self.at, Context::default())
    }

    /// Looks at every tag that was given; something that depends on all of them.
    pub fn walk(&self, outcome: &Outcome) -> usize {
        let tags = self.tags.and_then(|id| outcome.tags_by_id(id));
        tags.into_iter().flatten().map(str::len).sum()
    }

    /// Rule numbers out of tags such as `t7`; for comparing, not timed.
    pub fn numbers(&self, outcome: &Outcome) -> Vec<u32> {
        let tags = self.tags.and_then(|id| outcome.tags_by_id(id));
        let number = |tag: &str| tag[1..].parse().unwrap_or_else(|_| panic!("{tag} is no tag of W2"));
        tags.into_iter().flatten().map(number).collect()
    }
}
