//! Quantiles and 80/20 over all customers, measured in parts.
//!
//! One learns: what `ntile`, `percent_rank` and `cume_share` compare a lead with is measured beforehand, lead by lead,
//! in as many places as there are leads; the parts travel as JSON and are merged in any order; the cut-offs that were
//! found can be shown to people; and one measurement serves every evaluation until the next. Run it with
//! `cargo run --example population`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use gradus::{At, Context, Lead, Population, RuleSet};
use jiff::Timestamp;
use std::error::Error;
use std::panic::resume_unwind;
use std::thread;

const RULES: &str = r#"
ruleset "客户价值" version "1"
zone "Asia/Shanghai"
classify tier "二八" { cume_share(deal_size) < 80% => "核心", deal_size is present => "长尾" }
score size "五分位" { indicator fifth { always => ntile(5, deal_size) } }
"#;

/// The leads that one machine has, of four.
fn leads(machine: i64) -> impl Iterator<Item = Lead> {
    (0..2_500_i64).map(move |number| Lead::new().with_deal_size((number * 4 + machine).pow(2) % 1_000_003))
}

/// What one machine sends.
fn measure(rules: &RuleSet, machine: i64, at: &At) -> serde_json::Result<String> {
    let mut builder = Population::builder(rules, at);
    builder.extend(leads(machine));
    serde_json::to_string(&builder.finish())
}

fn main() -> Result<(), Box<dyn Error>> {
    let rules = RuleSet::parse(RULES)?;
    // one instant for all parts: days since an order are others tomorrow
    let at = rules.at("2026-11-21T01:00:00Z".parse::<Timestamp>()?);

    let (rules, at) = (&rules, &at);
    let parts: Vec<_> = thread::scope(|scope| {
        let machines: Vec<_> = (0..4).map(|machine| scope.spawn(move || measure(rules, machine, at))).collect();
        machines.into_iter().map(|machine| machine.join().unwrap_or_else(|fault| resume_unwind(fault))).collect()
    });
    let mut population = Population::builder(rules, at).finish();
    for part in parts {
        // refuses what other rules measured
        population.merge(&Population::from_json(rules, &part?)?)?;
    }

    println!("{} leads", population.leads());
    for measure in population.measures() {
        println!("{}: {} values, {}", measure.expression(), measure.count(), measure.precision());
    }
    for cut in rules.cut_offs(&population)? {
        println!("{cut}");
    }
    let lead = Lead::new().with_deal_size(900_000);
    let outcome = rules.evaluate_with(&lead, at, Context::default().with_population(&population));
    println!("900000: {:?}, fifth {:?}", outcome.class("tier"), outcome.score("size"));
    Ok(())
}
