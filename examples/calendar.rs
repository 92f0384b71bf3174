//! A service that evaluates a lead again when its outcome changes, and not every night.
//!
//! One learns: the next change of every lead stands in a priority queue; the service sleeps until the first of them is
//! due, hands it on, and asks for the one after. When data comes in, only what it can touch is evaluated, and the lead
//! gets a new entry; the old one is recognised by its version and thrown away. The clock is simulated: run it with
//! `cargo run --example calendar`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use gradus::{At, Context, Direction, Lead, Outcome, Part, RuleSet, compare};
use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::error::Error;

const RULES: &str = r#"
zone "Europe/Berlin"

score engagement "Engagement" {
  indicator recency { days_since(last_contact) <= 14 => 30, days_since(last_contact) <= 60 => 10 }
  indicator demos { count(activities where .kind == "demo" and .at within last 3 months) > 0 => 40 }
  grades { [60..] => "hot", [20..60) => "warm", [..20) => "cold" }
}

classify size { employees >= 1000 => "large", otherwise => "small" }

tags care {
  days_since(last_contact) > 90                  => "sleeping",
  expected_close within next 7 days              => "closing",
  engagement.grade == "hot" and size == "large"  => "visit",
}
"#;

/// A lead that the service looks after.
struct Kept {
    lead: Lead,
    outcome: Outcome,
    /// Goes up with every change of data: what was scheduled before is void.
    version: u32,
}

struct Service {
    rules: RuleSet,
    kept: Vec<Kept>,
    /// When, whose, and of which version: the earliest first.
    due: BinaryHeap<Reverse<(Timestamp, usize, u32)>>,
    evaluations: usize,
    told: Vec<String>,
}

impl Service {
    fn new(rules: RuleSet, leads: Vec<Lead>, now: Timestamp) -> Service {
        let at = rules.at(now);
        let kept =
            leads.into_iter().map(|lead| Kept { outcome: rules.evaluate(&lead, &at), lead, version: 0 }).collect();
        let mut service = Service { rules, kept, due: BinaryHeap::new(), evaluations: 0, told: Vec::new() };
        (0..service.kept.len()).for_each(|place| service.schedule(place, &at));
        service
    }

    /// Puts the next change of a lead into the queue; a lead that never changes by itself has none. One that is open needs
    /// nothing of its own: when it is due nothing is different, and the search goes on from there.
    fn schedule(&mut self, place: usize, at: &At) {
        let kept = &self.kept[place];
        if let Some(change) = self.rules.next_change(&kept.lead, at) {
            self.due.push(Reverse((change.at(), place, kept.version)));
        }
    }

    /// What is due first, if it is due until an instant.
    fn next_due(&mut self, end: Timestamp) -> Option<(Timestamp, usize, u32)> {
        let Reverse(first) = *self.due.peek()?;
        if first.0 > end {
            return None;
        }
        self.due.pop();
        Some(first)
    }

    /// Everything that is due until an instant, in the order of time.
    fn run_until(&mut self, end: Timestamp) {
        while let Some((instant, place, version)) = self.next_due(end) {
            if self.kept[place].version != version {
                continue;
            }
            let at = self.rules.at(instant);
            let after =
                self.rules.reevaluate(&self.kept[place].outcome, &self.kept[place].lead, &at, Context::default(), &[]);
            self.replace(place, after, &[]);
            self.schedule(place, &at);
        }
    }

    /// Takes new data in: only what reads the fields that differ is evaluated.
    fn update(&mut self, place: usize, lead: Lead, now: Timestamp) {
        let at = self.rules.at(now);
        let kept = &mut self.kept[place];
        let changed: Vec<String> = kept.lead.changed_fields(&lead).into_iter().map(str::to_owned).collect();
        let changed: Vec<&str> = changed.iter().map(String::as_str).collect();
        let after = self.rules.reevaluate(&kept.outcome, &lead, &at, Context::default(), &changed);
        (kept.lead, kept.version) = (lead, kept.version + 1);
        self.replace(place, after, &changed);
        self.schedule(place, &at);
    }

    /// Tells what is different, and why.
    fn replace(&mut self, place: usize, after: Outcome, changed: &[&str]) {
        self.evaluations += 1;
        let before = std::mem::replace(&mut self.kept[place].outcome, after);
        let after = &self.kept[place].outcome;
        let transition = compare(&before, after).with_changed_fields(changed);
        let day = after.at().to_zoned(self.rules.zone().clone()).date();
        let id = after.id().unwrap_or("?");
        self.told.extend(transition.differences().iter().map(|difference| format!("{day} {id} {difference}")));
        let grade = transition.of("engagement", Part::Grade);
        if grade.is_some_and(|grade| grade.direction == Direction::Down) {
            self.told.push(format!("{day} {id} ! call"));
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let rules = RuleSet::parse(RULES)?;
    let now: Timestamp = "2026-11-21T09:00:00Z".parse()?;
    let demo = gradus::Activity::new(now - 240.hours()).with_kind("demo");
    let leads = vec![
        Lead::new().with_id("L-1").with_employees(5000).with_last_contact(date(2026, 11, 20)).with_activities([demo]),
        Lead::new().with_id("L-2").with_employees(20).with_expected_close(date(2027, 1, 15)),
        Lead::new().with_id("L-3").with_employees(700),
    ];
    let nights = leads.len() * 121;
    let mut service = Service::new(rules, leads, now);

    service.run_until("2026-12-10T12:00:00Z".parse()?);
    // L-1 is called again: what was scheduled for it is void
    let called = service.kept[0].lead.clone().with_last_contact(date(2026, 12, 10));
    service.update(0, called, "2026-12-10T12:00:00Z".parse()?);
    service.run_until("2027-03-22T09:00:00Z".parse()?);

    println!("{}", service.told.join("\n"));
    println!("{} evaluations; a sweep every night would have made {nights}", service.evaluations);

    let has = |line: &str| assert!(service.told.iter().any(|told| told == line), "{line}");
    has("2026-12-05 L-1 engagement: grade hot → warm, down (time)");
    has("2026-12-10 L-1 engagement: grade warm → hot, up (time or data)");
    has("2026-12-25 L-1 engagement: grade hot → warm, down (time)");
    has("2027-01-09 L-2 care: tag closing appeared (time)");
    has("2027-01-16 L-2 care: tag closing vanished (time)");
    assert!(service.told.iter().all(|told| !told.contains("L-3")), "it reads nothing that moves");
    assert!(service.evaluations < nights / 20);

    // what the service holds is what evaluating everything now would give
    for kept in &service.kept {
        let fresh = service.rules.evaluate(&kept.lead, &service.rules.at("2027-03-22T09:00:00Z".parse()?));
        assert_eq!(kept.outcome, fresh);
    }
    Ok(())
}
