//! Gradus against hand-written Rust and against other engines; see the README.

// amounts are written as yuan and cents, `500_000_00`
#![expect(clippy::inconsistent_digit_grouping, reason = "amounts in cents are written as yuan and cents")]

mod columns;
mod engines;
mod measure;
mod model;
mod record;
mod rng;
mod w1;
mod w2;
mod w3;

use columns::Table;
use engines::gradus::{Leads, Records, Tags, at, bind, load, prepare};
use gradus::PreparedLead;
use measure::{Contender, median, medians, shown};
use model::Test;
use record::{Record, records};
use rng::Rng;
use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::Instant;

const LEADS: usize = 20_000;
const HOT: usize = 500;
/// Leads on which outcomes are compared before anything is timed.
const CHECKED: usize = 500;
const SEED: u64 = 20_261_121;

/// How often the hot leads are gone through in a pass, each time in another order: the same order again and again would
/// be learnt by the branch predictor, which helps who branches most.
const ORDERS: usize = 16;

struct Options {
    quick: bool,
    rounds: usize,
}

/// Everything, in some minutes; `--quick` in less, with fewer leads and rounds.
pub fn run(args: impl Iterator<Item = String>) {
    let (mut quick, mut only) = (false, None);
    for arg in args {
        match arg.as_str() {
            "--quick" => quick = true,
            "w1" | "w2" => only = Some(arg),
            // what `cargo bench` adds
            "--bench" => {}
            other => panic!("unknown argument `{other}`; there are `--quick`, `w1` and `w2`"),
        }
    }
    let options = Options { quick, rounds: if quick { 3 } else { 11 } };
    let records: &'static [Record] = records(LEADS, SEED).leak();
    let mut lines = Vec::new();
    if only.as_deref() != Some("w2") {
        lines.extend(w1(&options, records));
    }
    if only.as_deref() != Some("w1") {
        lines.extend(w2(&options, records));
    }
    lines.extend(w3::run(options.rounds));
    println!();
    lines.iter().for_each(|line| println!("{line}"));
}

/// The whole file on one lead after another.
fn w1(options: &Options, records: &'static [Record]) -> Vec<String> {
    eprintln!("W1: checking outcomes");
    let rules = load(&w1::source());
    let binding = bind(&rules);
    let tags = Tags::new(&rules, "profile");
    let leads: Vec<PreparedLead> = records.iter().map(|record| prepare(&rules, record)).collect();
    let (mut by_lead, mut by_record) = (Leads::new(&rules), Records::new(&binding));
    let mut others = engines::ones();
    let mut unseen: BTreeSet<&str> = w1::names().iter().copied().collect();
    for (index, record) in records.iter().enumerate() {
        let outcome = by_record.evaluate(record);
        assert_eq!(outcome, by_lead.evaluate(&leads[index]), "the record and its lead differ: {record:?}");
        let found = w1_of(outcome);
        assert_eq!(w1::by_hand(record), found, "by hand and gradus differ on {record:?}");
        unseen.remove(found.class);
        unseen.remove(found.grade);
        unseen.retain(|name| !found.tags.contains(name));
        if index < CHECKED {
            for (name, other) in &mut others {
                assert_eq!(other.evaluate(record), found, "{name} and gradus differ on {record:?}");
            }
        }
    }
    let all = Table::new(&records.iter().collect::<Vec<_>>());
    let by_columns = rules.evaluate_columns(&all.columns(), &at()).unwrap_or_else(|error| panic!("{error}"));
    for (record, outcome) in records.iter().zip(by_columns.outcomes()) {
        assert_eq!(&outcome, by_record.evaluate(record), "columns and the record differ: {record:?}");
    }
    assert!(unseen.is_empty(), "no lead has {unseen:?}: the workload is not what it should be");
    let cold: Vec<usize> = (0..if options.quick { 5_000 } else { LEADS }).collect();
    let mut columns = Vec::new();
    for (what, order) in [("W1 cold", cold), ("W1 hot", shuffled(HOT, ORDERS))] {
        let part: &[&'static Record] = &order.iter().map(|&index| &records[index]).collect::<Vec<_>>();
        let leads: &[&PreparedLead] = &order.iter().map(|&index| &leads[index]).collect::<Vec<_>>();
        let (mut by_lead, mut by_record) = (Leads::new(&rules), Records::new(&binding));
        let table = Table::new(part);
        let (by_columns, at) = (table.columns(), at());
        let mut contenders = vec![
            Contender::new("hand-written", || part.iter().for_each(|it| drop(black_box(w1::by_hand(black_box(it)))))),
            Contender::new("gradus, lead built beforehand", || {
                for lead in leads {
                    black_box(tags.walk(black_box(by_lead.evaluate(black_box(lead)))));
                }
            }),
            Contender::new("gradus, from the record", || {
                for record in part {
                    black_box(tags.walk(black_box(by_record.evaluate(black_box(record)))));
                }
            }),
            Contender::new("gradus, by columns", || {
                let outcomes = rules.evaluate_columns(black_box(&by_columns), &at);
                black_box(outcomes.map_or(0, |outcomes| tags.walk_all(black_box(&outcomes))));
            }),
        ];
        for (name, other) in &mut others {
            let pass = move || part.iter().for_each(|it| drop(black_box(other.evaluate(black_box(it)))));
            contenders.push(Contender::new(*name, pass));
        }
        let times = medians(what, &mut contenders, part.len(), options.rounds);
        let names: Vec<String> = contenders.iter().map(|it| it.name.clone()).collect();
        columns.push((names, times));
    }
    let [(names, slow), (_, fast)] = &columns[..] else { unreachable!("two columns") };
    println!("\n| W1 | cold | to hand-written | hot | to hand-written |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (index, name) in names.iter().enumerate() {
        println!(
            "| {name} | {} | {:.2} | {} | {:.2} |",
            shown(slow[index]),
            slow[index] / slow[0],
            shown(fast[index]),
            fast[index] / fast[0]
        );
    }
    vec![
        format!("ratio w1-record {:.3}", slow[2] / slow[0]),
        format!("ratio w1-record-hot {:.3}", fast[2] / fast[0]),
        format!("ratio w1-lead {:.3}", fast[1] / fast[0]),
        format!("ratio w1-lead-cold {:.3}", slow[1] / slow[0]),
        format!("ratio w1-batch {:.3}", fast[3] / fast[0]),
        format!("ratio w1-batch-cold {:.3}", slow[3] / slow[0]),
    ]
}

/// So many leads, so many times, each time in another order.
fn shuffled(leads: usize, times: usize) -> Vec<usize> {
    let mut rng = Rng::new(SEED);
    let mut order = Vec::with_capacity(leads * times);
    for _ in 0..times {
        order.extend(rng.shuffled(leads));
    }
    order
}

fn w1_of(outcome: &gradus::Outcome) -> w1::Outcome {
    let model = w1::names();
    let known = |label: Option<&str>| {
        model.iter().copied().find(|it| Some(*it) == label).unwrap_or_else(|| panic!("{label:?} is no label of W1"))
    };
    let score = outcome.score("fit").map(|it| it * rust_decimal::Decimal::ONE_HUNDRED);
    w1::Outcome {
        class: known(outcome.class("segment")),
        score: score.and_then(|it| i64::try_from(it).ok()).unwrap_or_else(|| panic!("no score in {outcome:?}")),
        grade: known(outcome.grade("fit")),
        tags: outcome.tags("profile").into_iter().flatten().map(|it| known(Some(it))).collect(),
    }
}

/// Tag rules by the hundred and by the ten thousand.
fn w2(options: &Options, records: &'static [Record]) -> Vec<String> {
    let mut lines = Vec::new();
    let sizes = [(100, false, 500), (1_000, false, 500), (1_000, true, 500), (10_000, false, 100)];
    for (count, texts, leads) in sizes {
        let leads = if options.quick { leads / 5 } else { leads };
        lines.extend(w2_of(options, records, count, texts, leads));
    }
    lines.extend(growth(options, records));
    lines
}

fn w2_of(options: &Options, records: &'static [Record], count: usize, texts: bool, leads: usize) -> Vec<String> {
    let what = format!("W2 T={count}{}", if texts { " with texts" } else { "" });
    eprintln!("{what}: compiling, checking outcomes");
    let tests = w2::rules(count, texts, SEED + count as u64);
    let text = w2::source(&tests);
    let compiled: Vec<f64> = (0..if options.quick { 1 } else { 3 })
        .map(|_| {
            let start = Instant::now();
            drop(black_box(load(black_box(&text))));
            start.elapsed().as_nanos() as f64 / count as f64
        })
        .collect();
    let compiled = median(compiled);
    let rules = load(&text);
    let binding = bind(&rules);
    let tags = Tags::new(&rules, "found");
    let built: Vec<PreparedLead> = records[..CHECKED].iter().map(|record| prepare(&rules, record)).collect();
    let (mut by_lead, mut by_record) = (Leads::new(&rules), Records::new(&binding));
    let mut others = others(&what, &tests);
    let (mut found, mut sum) = (Vec::new(), 0);
    for (record, lead) in records.iter().zip(&built) {
        let outcome = by_record.evaluate(record);
        assert_eq!(outcome, by_lead.evaluate(lead), "the record and its lead differ: {record:?}");
        let wanted = tags.numbers(outcome);
        sum += wanted.len();
        for (name, _, other) in &mut others {
            found.clear();
            other.matches(record, &mut found);
            found.sort_unstable();
            assert_eq!(found, wanted, "{name} and gradus differ on {record:?}");
        }
    }
    let part = &records[..leads];
    let built = &built[..leads];
    let mut contenders = vec![
        Contender::new("gradus, lead built beforehand", || {
            for lead in built {
                black_box(tags.walk(black_box(by_lead.evaluate(black_box(lead)))));
            }
        }),
        Contender::new("gradus, from the record", || {
            for record in part {
                black_box(tags.walk(black_box(by_record.evaluate(black_box(record)))));
            }
        }),
    ];
    let mut compile = vec![compiled, compiled];
    for (name, nanoseconds, other) in &mut others {
        compile.push(*nanoseconds);
        let mut found = Vec::new();
        contenders.push(Contender::new(*name, move || {
            for record in part {
                found.clear();
                other.matches(black_box(record), &mut found);
                black_box(&found);
            }
        }));
    }
    let times = medians(&what, &mut contenders, leads, options.rounds);
    println!("\n{what}: {:.1} matches a lead, {leads} leads\n", sum as f64 / CHECKED as f64);
    println!("| {what} | a lead | to gradus from the record | compile a rule |");
    println!("| --- | ---: | ---: | ---: |");
    for (index, contender) in contenders.iter().enumerate() {
        println!(
            "| {} | {} | {:.2} | {} |",
            contender.name,
            shown(times[index]),
            times[index] / times[1],
            shown(compile[index])
        );
    }
    // the first of the others is our own interpreter
    let best = times[3..].iter().copied().fold(f64::INFINITY, f64::min);
    let name = format!("w2-{count}{}", if texts { "-texts" } else { "" });
    let mut lines = vec![format!("ratio {name} {:.3}", times[1] / best)];
    if count == 10_000 {
        lines.push(format!("compile-us {:.2}", compiled / 1e3));
        lines.extend(shares(&text, count));
        lines.push(format!("rule-bytes {:.0}", rules.compiled_bytes() as f64 / count as f64));
    }
    lines
}

/// Microseconds a rule of each station of loading, and of what the fingerprint is made of; the median of three.
fn shares(text: &str, count: usize) -> Vec<String> {
    use gradus::stations;
    let mut limits = gradus::Limits::default();
    limits.source_bytes = 64 << 20;
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..3 {
        let start = Instant::now();
        let file = stations::parse(text, &limits).unwrap_or_else(|error| panic!("{error}"));
        times[0].push(start.elapsed());
        let start = Instant::now();
        let model = stations::check(&file, text, &limits).unwrap_or_else(|error| panic!("{error}"));
        times[1].push(start.elapsed());
        let start = Instant::now();
        let program = black_box(stations::compile(&model));
        times[2].push(start.elapsed());
        let start = Instant::now();
        drop(black_box(stations::canonical(&file)));
        times[3].push(start.elapsed());
        drop(program);
    }
    let names = ["parse", "check", "compile", "canonical"];
    let line = |(name, times): (&str, Vec<std::time::Duration>)| {
        let times = times.into_iter().map(|time| time.as_nanos() as f64 / count as f64 / 1e3).collect();
        format!("station-us {name} {:.2}", median(times))
    };
    names.into_iter().zip(times).map(line).collect()
}

/// Compiled engines, with nanoseconds a rule.
fn others(what: &str, tests: &[Test]) -> Vec<(&'static str, f64, Box<dyn engines::Many>)> {
    let compile = |&(name, compile): &(&'static str, engines::Compile)| {
        eprintln!("{what}: {name}");
        let start = Instant::now();
        let engine = compile(tests);
        (name, start.elapsed().as_nanos() as f64 / tests.len() as f64, engine)
    };
    engines::MANY.iter().map(compile).collect()
}

/// What ten times as many rules cost.
fn growth(options: &Options, records: &'static [Record]) -> Vec<String> {
    eprintln!("W2 T=100000: drawing and compiling");
    let loaded: Vec<_> = [10_000, 100_000]
        .into_iter()
        .map(|count| {
            let tests = w2::rules(count, false, SEED + count as u64);
            let text = w2::source(&tests);
            let start = Instant::now();
            let rules = load(&text);
            (tests, rules, start.elapsed().as_nanos() as f64 / count as f64)
        })
        .collect();
    for (tests, rules, _) in &loaded {
        let binding = bind(rules);
        let (mut gradus, mut interp) = (Records::new(&binding), engines::interp::compile(tests));
        let tags = Tags::new(rules, "found");
        let mut found = Vec::new();
        for record in &records[..CHECKED] {
            found.clear();
            interp.matches(record, &mut found);
            let wanted = tags.numbers(gradus.evaluate(record));
            assert_eq!(found, wanted, "the interpreter and gradus differ on {record:?}");
        }
    }
    let part = &records[..if options.quick { 20 } else { 64 }];
    let bindings: Vec<_> = loaded.iter().map(|(_, rules, _)| bind(rules)).collect();
    let mut contenders: Vec<Contender<'_>> = loaded
        .iter()
        .zip(&bindings)
        .map(|((tests, rules, _), binding)| {
            let (mut gradus, tags) = (Records::new(binding), Tags::new(rules, "found"));
            Contender::new(format!("gradus, T={}", tests.len()), move || {
                for record in part {
                    black_box(tags.walk(black_box(gradus.evaluate(black_box(record)))));
                }
            })
        })
        .collect();
    let times = medians("W2 growth", &mut contenders, part.len(), options.rounds);
    println!("\n| W2 growth | a lead | compile a rule |\n| --- | ---: | ---: |");
    for (index, contender) in contenders.iter().enumerate() {
        println!("| {} | {} | {} |", contender.name, shown(times[index]), shown(loaded[index].2));
    }
    vec![format!("ratio w2-growth {:.3}", times[1] / times[0])]
}
