//! What a change of data touches, and evaluating only that.

use crate::evaluator::Context;
use crate::lead::Lead;
use crate::loaded::OutcomeId;
use crate::outcome::Outcome;
use crate::program::Plan;
use crate::read_set::ReadSet;
use crate::rule_set::RuleSet;
use crate::time::At;
use std::sync::Arc;

impl RuleSet {
    /// Everything that the rules read, directly or through each other.
    ///
    /// ```
    /// # use gradus::RuleSet;
    /// let rules = RuleSet::parse(r#"
    ///     let spent = sum(.amount of purchases where .at within last 90 days)
    ///     tags worth { spent >= 1000 => "buyer" }
    ///     classify size { employees >= 1000 => "large", otherwise => "small" }
    /// "#)?;
    /// let read: Vec<&str> = rules.read_set().fields().collect();
    /// assert_eq!(read, ["employees", "purchases", "purchases.amount", "purchases.at"]);
    /// assert!(!rules.read_set_of(rules.class_id("size").unwrap()).unwrap().reads_clock());
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn read_set(&self) -> &ReadSet {
        &self.loaded().read_sets().whole
    }

    /// Everything that one declaration reads. Nothing for a handle that is not of this rule set.
    pub fn read_set_of(&self, id: impl Into<OutcomeId>) -> Option<&ReadSet> {
        self.loaded().read_set(id.into())
    }

    /// All declarations of outcomes: classifications, scores, blocks of tags, each in the order of the rule file.
    pub fn outcome_ids(&self) -> impl Iterator<Item = OutcomeId> {
        self.loaded().outcome_ids()
    }

    /// The name of a declaration. Nothing for a handle that is not of this rule set.
    pub fn name_of(&self, id: impl Into<OutcomeId>) -> Option<&str> {
        self.loaded().name_of(id.into())
    }

    /// What is to be evaluated again when some fields of a lead have changed: the declarations that read one of them,
    /// directly or through others. `purchases` stands for the whole list, elements that come and go included;
    /// `purchases.amount` for that field of elements that stay.
    ///
    /// ```
    /// # use gradus::RuleSet;
    /// let rules = RuleSet::parse(r#"
    ///     classify size { employees >= 1000 => "large", otherwise => "small" }
    ///     classify market { country == "Portugal" => "home", otherwise => "abroad" }
    ///     tags hints { size == "large" => "visit" }
    /// "#)?;
    /// let names: Vec<_> = rules.affected_by(&["employees"]).into_iter().filter_map(|id| rules.name_of(id)).collect();
    /// assert_eq!(names, ["size", "hints"]);
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn affected_by(&self, fields: &[&str]) -> Vec<OutcomeId> {
        let affected = |id: &OutcomeId| self.read_set_of(*id).is_some_and(|set| set.reads_any(fields));
        self.outcome_ids().filter(affected).collect()
    }

    /// The outcome of a lead of which some fields have changed since `before`: that of
    /// [`evaluate_with`](RuleSet::evaluate_with), but only what can be different is computed.
    ///
    /// That is what reads one of the fields; what reads the clock, if the instant is another one; and what reads the last
    /// outcome or the population, since `before` does not tell whether these are the same. Everything else is taken from
    /// `before`, so this must have been evaluated in the same zone, and `changed` must name every field that differs
    /// ([`Lead::changed_fields`]). When that is most of the rule set, everything is evaluated, which is quicker then; and
    /// so it is when `before` comes from a rule set that was loaded another time.
    ///
    /// ```
    /// # use gradus::{Context, Lead, RuleSet};
    /// # let rules = RuleSet::parse(r#"
    /// #     classify size { employees >= 1000 => "large", otherwise => "small" }
    /// #     classify market { country == "Portugal" => "home", otherwise => "abroad" }
    /// # "#)?;
    /// # let at = rules.at(jiff::Timestamp::UNIX_EPOCH);
    /// let lead = Lead::new().with_employees(20).with_country("Portugal");
    /// let before = rules.evaluate(&lead, &at);
    /// let lead = lead.with_employees(5000);
    /// let after = rules.reevaluate(&before, &lead, &at, Context::default(), &["employees"]);
    /// assert_eq!((after.class("size"), after.class("market")), (Some("large"), Some("home")));
    /// # Ok::<(), gradus::LoadError>(())
    /// ```
    pub fn reevaluate(
        &self,
        before: &Outcome,
        lead: &Lead,
        at: &At,
        context: Context<'_>,
        changed: &[&str],
    ) -> Outcome {
        let later = before.at() != at.now();
        let affected = |id: &OutcomeId| {
            self.read_set_of(*id).is_some_and(|set| {
                set.reads_any(changed) || later && set.reads_clock() || set.reads_previous() || set.reads_population()
            })
        };
        let affected: Vec<OutcomeId> = self.outcome_ids().filter(affected).collect();
        let loaded = self.loaded();
        if !Arc::ptr_eq(before.rules(), loaded) || affected.len() * 2 > self.outcome_ids().count() {
            return self.evaluate_with(lead, at, context);
        }
        let (model, program) = (&loaded.model, &loaded.program);
        let mut outcome = before.clone();
        let everything = Plan { reads_all: true, ..Plan::default() };
        self.run(&everything, lead, at, context, |state| outcome.note_lead(state));
        for id in affected {
            let plan = match id {
                OutcomeId::Class(id) => program.class(model, id.0),
                OutcomeId::Score(id) => program.score(model, id.0),
                OutcomeId::Tags(id) => program.tags(model, id.0),
            };
            self.run(plan, lead, at, context, |state| outcome.revise(id, state));
        }
        outcome
    }
}
