//! Customers as a service has them, evaluated as they are.
//!
//! One learns: `#[derive(Record)]`, names and units of fields, a type of one's own in a field, lists of structs, what a
//! binding says of fields that do not fit, and how to get from a record to an explanation. Run it with
//! `cargo run --example records --features derive`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use gradus::{Context, FieldKind, FieldValue, Record, RuleSet, ToField};
use jiff::Timestamp;
use std::error::Error;

const RULES: &str = r#"ruleset "customers" version "1"

field plan : ordered choice { "free", "team", "company" }
field 注册资金 : decimal "注册资金（元）"

score fit {
  indicator size weight 60% on employees { [1000..) => 100, [100..1000) => 60, [..100) => 20 }
  indicator plan weight 40% on plan { "company" => 100, "team" => 60, "free" => 10 }
  grades { [80..] => "A", [50..80) => "B", [..50) => "C" }
}

tags hints {
  fit.grade == "A" and deal_size >= 100_000.00              => "call today",
  count(activities where .kind == "demo") >= 1              => "has seen a demo",
  注册资金 >= 500万 and plan < "company"                     => "could grow",
}
"#;

/// What a service reads from its database.
#[derive(Record)]
struct Customer {
    #[record(rename = "id")]
    number: String,
    employees: Option<u32>,
    plan: Plan,
    /// In cents.
    #[record(places = 2)]
    deal_size: i64,
    /// In cents.
    #[record(rename = "注册资金", places = 2)]
    capital: Option<i64>,
    activities: Vec<Visit>,
    /// No business of the rules.
    #[record(skip)]
    row: usize,
}

#[derive(Record)]
struct Visit {
    at: Timestamp,
    kind: &'static str,
}

#[derive(Clone, Copy)]
enum Plan {
    Free,
    Company,
}

impl ToField for Plan {
    const KIND: FieldKind = FieldKind::Text;

    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Text(match self {
            Plan::Free => "free",
            Plan::Company => "company",
        })
    }
}

/// A type that cannot fit these rules.
#[derive(Record)]
struct Wrong {
    employees: bool,
}

fn customers(now: Timestamp) -> [Customer; 2] {
    [
        Customer {
            number: "C-1".to_owned(),
            employees: Some(5000),
            plan: Plan::Company,
            deal_size: 15_000_000,
            capital: None,
            activities: vec![Visit { at: now, kind: "demo" }],
            row: 17,
        },
        Customer {
            number: "C-2".to_owned(),
            employees: None,
            plan: Plan::Free,
            deal_size: 9_999_999,
            capital: Some(800_000_000),
            activities: Vec::new(),
            row: 18,
        },
    ]
}

fn main() -> Result<(), Box<dyn Error>> {
    let rules = RuleSet::parse(RULES)?;
    let at = rules.at("2026-11-21T09:00:00+08:00".parse::<Timestamp>()?);
    let customers = customers(at.now());

    // fields are found by name once, and their kinds compared with what the rule file declares
    let binding = rules.bind::<Customer>()?;
    let mut evaluator = binding.evaluator();
    for customer in &customers {
        let outcome = evaluator.evaluate(customer, &at, Context::default());
        let hints: Vec<&str> = outcome.tags("hints").into_iter().flatten().collect();
        println!("{} in row {}: {} {hints:?}", customer.number, customer.row, outcome.grade("fit").unwrap_or("?"));
    }

    // everything that takes a lead takes a record that way
    println!("\n{}", rules.explain(&binding.lead(&customers[1]), &at));

    if let Err(error) = rules.bind::<Wrong>() {
        println!("{error}");
    }
    debug_assert!(Wrong { employees: true }.employees);
    Ok(())
}
