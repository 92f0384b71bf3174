//! Where the time of loading goes, in microseconds a rule: the least of some rounds, for rule files of a thousand to a
//! hundred thousand tag rules. The figures of a row should stay about the same from one size to the next.
//!
//! ```text
//! cargo bench --bench load                          # 1,000, 10,000 and 100,000 rules
//! cargo bench --bench load -- 3000 some/file.gradus # other sizes; files
//! ```

#![expect(clippy::panic, reason = "a bench fails loudly")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[expect(dead_code, reason = "the other benches use the rest")]
mod inputs;

use gradus::{Limits, RuleSet, stations};
use inputs::broad_rules;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// What is measured, in order.
const STATIONS: [&str; 5] = ["parse", "check", "canonical", "compile", "all"];

fn main() {
    // cargo adds `--bench`
    let mut wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if wanted.is_empty() {
        wanted = ["1000", "10000", "100000"].map(str::to_owned).to_vec();
    }
    println!("µs a rule{:12}{}", "", STATIONS.map(|station| format!("{station:>10}")).concat());
    for name in wanted {
        let text = match name.parse() {
            Ok(count) => broad_rules(count),
            Err(_) => std::fs::read_to_string(&name).unwrap_or_else(|error| panic!("{name}: {error}")),
        };
        let rules = text.matches("=>").count().max(1);
        let least = measure(&text, rules);
        let shown = least.map(|time| format!("{:10.2}", time.as_secs_f64() * 1e6 / rules_of(rules)));
        println!("{name:>21}{}", shown.concat());
    }
}

/// The least time of each station in some rounds; big files need fewer of them.
fn measure(text: &str, rules: usize) -> [Duration; STATIONS.len()] {
    let mut limits = Limits::default();
    limits.source_bytes = usize::MAX;
    let mut least = [Duration::MAX; STATIONS.len()];
    for _ in 0..(200_000 / rules).clamp(3, 30) {
        let file = time(&mut least[0], || stations::parse(text, &limits));
        let file = file.unwrap_or_else(|error| panic!("{error}"));
        let model = time(&mut least[1], || stations::check(&file, text, &limits));
        let model = model.unwrap_or_else(|error| panic!("{error}"));
        drop(time(&mut least[2], || stations::canonical(&file)));
        drop(time(&mut least[3], || stations::compile(&model)));
        let builder = RuleSet::builder().limits(limits).source("rules", text);
        drop(time(&mut least[4], || builder.build()));
    }
    least
}

/// What `run` makes, with the time that it took; dropping it is not timed.
fn time<T>(least: &mut Duration, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let made = black_box(run());
    *least = start.elapsed().min(*least);
    made
}

fn rules_of(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
