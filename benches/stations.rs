//! Each station of the pipeline on three rule files, so that a slowdown names its station.
//!
//! `parse` is text → tree; `load` is text → rule set: parse, check and compile. Checking and compiling have no door of
//! their own in the public interface: they cost `load` minus `parse`.

#![expect(clippy::panic, reason = "a bench fails loudly")]

#[expect(dead_code, reason = "the other benches use the rest")]
mod inputs;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use gradus::{Context, Lead, RuleSet, syntax};
use inputs::{at, inputs, json_leads, leads, load};
use std::hint::black_box;

/// Leads of a round: enough for the branch predictor not to learn them by heart.
const LEADS: u64 = 256;

fn loading(criterion: &mut Criterion) {
    for (station, run) in [
        ("parse", (|text| drop(black_box(syntax::parse_file("rules", text)))) as fn(&str)),
        ("load", |text| drop(black_box(RuleSet::parse(text)))),
        ("format", |text| drop(black_box(syntax::format("rules", text)))),
    ] {
        let mut group = criterion.benchmark_group(station);
        for input in inputs() {
            group.throughput(Throughput::Bytes(u64::try_from(input.text.len()).unwrap_or(u64::MAX)));
            group.bench_function(input.name, |bencher| bencher.iter(|| run(black_box(&input.text))));
        }
        group.finish();
    }
}

fn evaluating(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("evaluate");
    group.throughput(Throughput::Elements(1));
    for input in inputs() {
        let rules = load(&input.text);
        let (at, leads) = (at(&rules), leads(LEADS));
        let mut evaluator = rules.evaluator();
        let mut round = leads.iter().cycle();
        group.bench_function(input.name, |bencher| {
            bencher.iter_batched(
                || round.next().unwrap_or_else(|| panic!("a cycle does not end")),
                |lead| black_box(evaluator.evaluate(black_box(lead), &at, Context::default())).at(),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn evaluating_json(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("evaluate_json");
    group.throughput(Throughput::Elements(1));
    for input in inputs() {
        let rules = load(&input.text);
        let (at, texts) = (at(&rules), json_leads(LEADS));
        let mut evaluator = rules.evaluator();
        let mut round = texts.iter().cycle();
        group.bench_function(input.name, |bencher| {
            bencher.iter_batched(
                || round.next().unwrap_or_else(|| panic!("a cycle does not end")),
                |text| {
                    let lead = Lead::from_json(black_box(text)).unwrap_or_else(|error| panic!("{error}"));
                    black_box(evaluator.evaluate(&lead, &at, Context::default())).at()
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn explaining(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain");
    group.throughput(Throughput::Elements(1));
    for input in inputs() {
        let rules = load(&input.text);
        let (at, leads) = (at(&rules), leads(LEADS));
        let mut round = leads.iter().cycle();
        group.bench_function(input.name, |bencher| {
            bencher.iter_batched(
                || round.next().unwrap_or_else(|| panic!("a cycle does not end")),
                |lead| rules.explain(black_box(lead), &at),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(stations, loading, evaluating, evaluating_json, explaining);
criterion_main!(stations);
