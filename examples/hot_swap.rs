//! A service that swaps its rules while requests run.
//!
//! One learns: a `RuleSet` is immutable and cheap to clone, so a request takes its own copy and holds the lock for no
//! longer than that; a file with mistakes never replaces the rules that work; every outcome says by its fingerprint
//! which rules made it. Run it with `cargo run --example hot_swap`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use gradus::{Lead, LoadError, RuleSet};
use jiff::Timestamp;
use std::error::Error;
use std::sync::{PoisonError, RwLock};
use std::thread;

const WORKERS: usize = 4;
const REQUESTS: u16 = 5_000;

/// The rules in force.
struct Service(RwLock<RuleSet>);

impl Service {
    /// A copy for one request: a count goes up by one.
    fn rules(&self) -> RuleSet {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Loads first, and takes the lock only when that went well.
    fn swap(&self, text: &str) -> Result<(), LoadError> {
        let rules = RuleSet::parse(text)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = rules;
        Ok(())
    }
}

fn version(number: u8, threshold: u16) -> String {
    let rule = format!(r#"classify size {{ employees >= {threshold} => "大", otherwise => "小" }}"#);
    format!("ruleset \"规模\" version \"{number}\"\n{rule}\n")
}

/// How many outcomes the rules of each version made, by what the outcomes themselves say.
fn serve(service: &Service, now: Timestamp, known: &[String; 2]) -> serde_json::Result<[usize; 2]> {
    let mut made = [0; 2];
    for request in 0..REQUESTS {
        let employees = i64::from(request % 2000);
        let rules = service.rules();
        let outcome = serde_json::to_value(rules.evaluate(&Lead::new().with_employees(employees), &rules.at(now)))?;
        let made_by = &outcome["ruleset"]["fingerprint"];
        let by_first = *made_by == known[0];
        assert!(by_first || *made_by == known[1], "one of the two made every outcome");
        let expected = if employees >= if by_first { 1000 } else { 500 } { "大" } else { "小" };
        assert_eq!(outcome["classes"]["size"], expected, "and made all of it");
        made[usize::from(!by_first)] += 1;
    }
    Ok(made)
}

fn main() -> Result<(), Box<dyn Error>> {
    let (old, new) = (version(1, 1000), version(2, 500));
    let service = Service(RwLock::new(RuleSet::parse(&old)?));
    let known = [RuleSet::parse(&old)?, RuleSet::parse(&new)?].map(|rules| rules.fingerprint().to_owned());
    let now = "2026-11-21T09:00:00+08:00".parse::<Timestamp>()?;

    let made: Vec<[usize; 2]> = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| serve(&service, now, &known))).collect();
        // while they work: back and forth, with a broken file in between
        for turn in 0.. {
            if workers.iter().all(thread::ScopedJoinHandle::is_finished) {
                break;
            }
            let broken = service.swap("classify size { emploees > 5 => \"大\" }");
            assert!(broken.is_err(), "a file with mistakes is refused");
            service.swap(if turn % 2 == 0 { &new } else { &old })?;
        }
        Ok::<_, LoadError>(workers.into_iter().filter_map(|worker| worker.join().ok()?.ok()).collect())
    })?;

    for (worker, [first, second]) in made.iter().enumerate() {
        println!("worker {worker}: {first} outcomes by version 1, {second} by version 2");
    }
    let answered: usize = made.iter().flatten().sum();
    assert_eq!(answered, WORKERS * usize::from(REQUESTS), "no request was lost");
    Ok(())
}
