//! Each station in instructions instead of time: the same figures on every run, whatever else the machine does.
//!
//! Needs valgrind and the runner of gungraun, in the version of `Cargo.lock`; without them it says so and does nothing.

#![expect(clippy::panic, reason = "a bench fails loudly")]
#![expect(clippy::print_stderr, reason = "it says what is missing")]
#![expect(unused_qualifications, missing_docs, reason = "what the macros write")]

#[expect(dead_code, reason = "the other benches use the rest")]
mod inputs;

use gradus::{At, Context, Evaluator, Explanation, Lead, PreparedLead, RuleSet, syntax};
use gungraun::{library_benchmark, library_benchmark_group};
use inputs::{inputs, wide};
use std::hint::black_box;
use std::process::{Command, Stdio};

/// How many leads an evaluation goes through: divide by it.
const LEADS: u8 = 64;

/// A rule file by name; `realistic` is that of `peers`.
fn text(name: &str) -> String {
    let found = inputs().into_iter().find(|input| input.name == name);
    found.map_or_else(wide::realistic, |input| input.text)
}

/// A rule set with leads in every form, and an evaluator that has seen them all.
struct Room {
    rules: &'static RuleSet,
    evaluator: Evaluator<'static>,
    at: At,
    texts: Vec<String>,
    leads: Vec<Lead>,
    prepared: Vec<PreparedLead>,
}

fn room(name: &str) -> Room {
    let rules: &'static RuleSet = Box::leak(Box::new(inputs::load(&text(name))));
    let at = inputs::at(rules);
    let leads = match name {
        "realistic" => {
            let fields = wide::fields(24);
            wide::rows(&fields, LEADS.into()).iter().map(|row| wide::lead(&fields, row)).collect()
        }
        _ => inputs::leads(LEADS.into()),
    };
    let texts = leads.iter().map(|lead| serde_json::to_string(lead).unwrap_or_else(|error| panic!("{error}")));
    let prepared = leads.iter().map(|lead| rules.prepare(lead.clone(), at.zone()));
    let (texts, prepared) = (texts.collect(), prepared.collect());
    let mut evaluator = rules.evaluator();
    for lead in &leads {
        evaluator.evaluate(lead, &at, Context::default());
    }
    Room { rules, evaluator, at, texts, leads, prepared }
}

#[library_benchmark(setup = text)]
#[bench::small("small")]
#[bench::medium("medium")]
#[bench::realistic("realistic")]
#[bench::large("large")]
fn parse(text: String) -> (String, Option<syntax::ast::RuleFile>) {
    let file = syntax::parse_file("rules", black_box(&text)).ok();
    (text, file)
}

#[library_benchmark(setup = text)]
#[bench::small("small")]
#[bench::medium("medium")]
#[bench::realistic("realistic")]
#[bench::large("large")]
fn load(text: String) -> (String, RuleSet) {
    let rules = inputs::load(black_box(&text));
    (text, rules)
}

#[library_benchmark(setup = room)]
#[bench::small("small")]
#[bench::medium("medium")]
#[bench::realistic("realistic")]
#[bench::large("large")]
fn evaluate(mut room: Room) -> Room {
    for lead in &room.leads {
        black_box(room.evaluator.evaluate(black_box(lead), &room.at, Context::default()));
    }
    room
}

#[library_benchmark(setup = room)]
#[bench::small("small")]
#[bench::medium("medium")]
#[bench::realistic("realistic")]
#[bench::large("large")]
fn evaluate_prepared(mut room: Room) -> Room {
    for lead in &room.prepared {
        black_box(room.evaluator.evaluate_prepared(black_box(lead), &room.at, Context::default()));
    }
    room
}

#[library_benchmark(setup = room)]
#[bench::small("small")]
#[bench::medium("medium")]
#[bench::realistic("realistic")]
#[bench::large("large")]
fn evaluate_json(mut room: Room) -> Room {
    for text in &room.texts {
        let lead = Lead::from_json(black_box(text)).unwrap_or_else(|error| panic!("{error}"));
        black_box(room.evaluator.evaluate(&lead, &room.at, Context::default()));
    }
    room
}

#[library_benchmark(setup = room)]
#[bench::small("small")]
#[bench::medium("medium")]
#[bench::realistic("realistic")]
#[bench::large("large")]
fn explain(room: Room) -> (Room, Vec<Explanation>) {
    let explained = room.leads.iter().map(|lead| room.rules.explain(black_box(lead), &room.at)).collect();
    (room, explained)
}

library_benchmark_group!(name = loading, benchmarks = [parse, load]);
library_benchmark_group!(name = evaluating, benchmarks = [evaluate, evaluate_prepared, evaluate_json, explain]);

/// What the crate would have as the `main` of the bench.
mod counted {
    use super::{evaluating, loading};

    gungraun::main!(library_benchmark_groups = loading, evaluating);

    pub(super) fn run() {
        main();
    }
}

fn main() {
    // below valgrind everything is there
    let is_measured = std::env::args().nth(1).is_some_and(|first| first == "--gungraun-run");
    let runner = option_env!("GUNGRAUN_RUNNER").unwrap_or("gungraun-runner");
    if !is_measured {
        for (program, way) in [("valgrind", "apt-get install valgrind"), (runner, "cargo install gungraun-runner")] {
            let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            if found.is_err() {
                eprintln!("skipped: needs {program}: {way}; see benches/README.md");
                return;
            }
        }
    }
    counted::run();
}
