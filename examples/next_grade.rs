//! What would make this lead an A, and what to ask first: paths and questions.
//!
//! One learns: a goal is a grade, a class or a tag; fields are frozen or priced; a path is a set of changes that was
//! evaluated; missing fields are ranked by how much they can still decide. Run it with `cargo run --example next_grade`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use gradus::explain::Language;
use gradus::paths::Goal;
use gradus::{Lead, RuleSet};
use jiff::Timestamp;
use std::error::Error;

const LEAD: &str = r#"{ "id": "Y-7", "industry": "互联网", "employees": 150, "province": "浙江", "budget": 50000,
    "purchases": [ { "at": "2026-03-05", "amount": 20000 } ] }"#;

fn main() -> Result<(), Box<dyn Error>> {
    let rules = RuleSet::parse(include_str!("rules/youpu.gradus"))?;
    let at = rules.at("2026-11-21T09:00:00+08:00".parse::<Timestamp>()?);
    let lead = Lead::from_json(LEAD)?;

    // nobody changes their industry, and hiring is dearer than answering a question
    let goal = Goal::at_least("fit", "中匹配").freeze("industry").price("employees", 5);
    let found = rules.paths_to(&lead, &at, &goal)?;
    println!("{}", found.render(Language::Chinese));
    for path in &found.paths {
        // each path is a lead that one can look at
        let changed = path.apply(&lead);
        println!("{:?}\n", rules.evaluate(&changed, &at).grade("fit"));
    }

    // what is missing, and what it can still decide
    let mut lead = lead;
    lead.remove("employees");
    lead.remove("budget");
    println!("{}", rules.questions(&lead, &at).render(Language::Chinese));
    Ok(())
}
