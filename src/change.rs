//! When an outcome changes by time alone.

use crate::eval::timespan;
use crate::evaluator::Context;
use crate::lead::Lead;
use crate::outcome::Outcome;
use crate::rule_set::RuleSet;
use crate::time::At;
use crate::transition::{Transition, compare};
use jiff::Timestamp;
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// The next change of a lead's outcome that comes by time alone; see [`RuleSet::next_change`].
///
/// Serialises as `{"id", "at", "changes"}`, of which `changes` is a list of
/// [differences](crate::Difference); when it [is open](Change::is_open), with `"open": true` besides.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    before: Outcome,
    after: Outcome,
    transition: Transition,
}

impl Change {
    /// The first instant at which the outcome is another one; when the change [is open](Change::is_open), the instant up to
    /// which it is the same.
    pub fn at(&self) -> Timestamp {
        self.after.at()
    }

    /// Whether the search ended before it found a change: nothing changes up to [`at`](Change::at), that instant included,
    /// and what comes later was not looked at. Ask again from there; who keeps instants in a queue need not tell the two
    /// apart.
    ///
    /// ```
    /// use gradus::{Lead, RuleSet};
    ///
    /// // never, but each year comes close to it
    /// let rules = RuleSet::parse(r#"tags t { day(today) == 30 and month(today) == 2 => "t" }"#)?;
    /// let change = rules.next_change(&Lead::new(), &rules.at("2026-11-21T09:00:00Z".parse()?)).unwrap();
    /// assert!(change.is_open() && change.transition().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_open(&self) -> bool {
        self.transition.is_empty()
    }

    /// The outcome until then. Its instant is the one that was asked from.
    pub fn before(&self) -> &Outcome {
        &self.before
    }

    /// The outcome from then on, until the change after it. When the change is open, it is the outcome before.
    pub fn after(&self) -> &Outcome {
        &self.after
    }

    /// What is different: nothing, when the change is open.
    pub fn transition(&self) -> &Transition {
        &self.transition
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut change = serializer.serialize_struct("Change", 3 + usize::from(self.is_open()))?;
        change.serialize_field("id", &self.after.id())?;
        change.serialize_field("at", &self.at().to_string())?;
        change.serialize_field("changes", &self.transition)?;
        if self.is_open() {
            change.serialize_field("open", &true)?;
        }
        change.end()
    }
}

impl RuleSet {
    /// The earliest instant after `at` at which anything in the outcome of this lead is different, though no data has
    /// changed: a class, a score to its last digit, a grade, a coverage, a tag. Nothing, when it never is, up to the end of
    /// the calendar, 9999-12-30T22:00:00Z.
    ///
    /// The answer is exact to the nanosecond. Days begin at their first instant in the zone of `at`, whatever its clocks
    /// do.
    ///
    /// The effort grows with the logarithm of how far off the change is: about five looks at what depends on the clock for
    /// a change within a week, some forty for one in a hundred years, and some seventy more when moments within a day count
    /// (`now`, `hours_since`).
    /// Rules that forever come close to a change without one (`day(today) == 30 and month(today) == 2`) cost some looks for
    /// each time that they do. After 16,384 looks the search ends, with a change that [is open](Change::is_open).
    ///
    /// ```
    /// use gradus::{Lead, Part, RuleSet};
    /// use jiff::civil::date;
    ///
    /// let rules = RuleSet::parse(r#"
    ///     zone "Europe/Berlin"
    ///     tags care { days_since(last_contact) > 90 => "sleeping" }
    /// "#)?;
    /// let lead = Lead::new().with_last_contact(date(2026, 11, 1));
    /// let at = rules.at("2026-11-21T09:00:00Z".parse()?);
    ///
    /// let change = rules.next_change(&lead, &at).unwrap();
    /// assert_eq!(change.at().to_string(), "2027-01-30T23:00:00Z"); // the start of January 31st in Berlin
    /// assert_eq!(change.transition().of("care", Part::Tag).unwrap().to.as_deref(), Some("sleeping"));
    ///
    /// assert!(rules.next_change(&lead, &rules.at(change.at())).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_change(&self, lead: &Lead, at: &At) -> Option<Change> {
        self.next_change_with(lead, at, Context::default())
    }

    /// The same with the lead's last outcome, or a population: both are taken to stay what they are.
    pub fn next_change_with(&self, lead: &Lead, at: &At, context: Context<'_>) -> Option<Change> {
        let before = self.evaluate_with(lead, at, context);
        self.change_after(before, lead, at, context)
    }

    /// All changes after `at`, one after another, as they are asked for. Rules whose points fade every day change every
    /// day, so there may be many. After one that [is open](Change::is_open) the search goes on, when the next is asked for.
    ///
    /// ```
    /// # use gradus::{Context, Lead, RuleSet};
    /// let rules = RuleSet::parse(r#"
    ///     classify warmth on days_since(last_contact) {
    ///       [..7) => "fresh", [7..30) => "warm", [30..) => "cold",
    ///     }
    /// "#)?;
    /// let lead = Lead::new().with_last_contact(jiff::civil::date(2026, 11, 1));
    /// let changes = rules.changes(&lead, &rules.at("2026-11-02T09:00:00Z".parse()?), Context::default());
    /// let days: Vec<String> = changes.map(|change| change.at().strftime("%F").to_string()).collect();
    /// assert_eq!(days, ["2026-11-08", "2026-12-01"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn changes<'a>(&'a self, lead: &'a Lead, at: &At, context: Context<'a>) -> Changes<'a> {
        Changes { rules: self, lead, context, at: at.clone(), last: None }
    }

    fn change_after(&self, before: Outcome, lead: &Lead, at: &At, context: Context<'_>) -> Option<Change> {
        let loaded = self.loaded();
        let clocked = loaded.program.clocked(&loaded.model);
        let next = self.run(&clocked.plan, lead, at, context, |state| timespan::next_change(state, clocked))?;
        let after = self.evaluate_with(lead, &At::new(next, at.zone().clone()), context);
        let transition = compare(&before, &after).with_changed_fields(&[]);
        Some(Change { before, after, transition })
    }
}

/// Changes of one lead's outcome by time alone; see [`RuleSet::changes`].
#[derive(Clone, Debug)]
pub struct Changes<'a> {
    rules: &'a RuleSet,
    lead: &'a Lead,
    context: Context<'a>,
    at: At,
    /// The outcome at that instant, when it is known.
    last: Option<Outcome>,
}

impl Iterator for Changes<'_> {
    type Item = Change;

    fn next(&mut self) -> Option<Change> {
        let last = self.last.take().unwrap_or_else(|| self.rules.evaluate_with(self.lead, &self.at, self.context));
        match self.rules.change_after(last.clone(), self.lead, &self.at, self.context) {
            Some(change) => {
                self.at = At::new(change.at(), self.at.zone().clone());
                self.last = Some(change.after.clone());
                Some(change)
            }
            None => {
                self.last = Some(last);
                None
            }
        }
    }
}
