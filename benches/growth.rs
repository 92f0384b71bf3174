//! What a rule more costs: the figures per rule (criterion's `elem/s`) should stay about the same from 100 rules to
//! 10,000.

#![expect(clippy::panic, reason = "a bench fails loudly")]

#[expect(dead_code, reason = "the other bench uses the rest")]
mod inputs;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gradus::{Context, RuleSet};
use inputs::{at, leads, load, tag_rules};
use std::hint::black_box;

const SIZES: [usize; 5] = [100, 300, 1_000, 3_000, 10_000];

fn loading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load_per_rule");
    group.sample_size(10);
    for size in SIZES {
        let text = tag_rules(size);
        group.throughput(Throughput::Elements(u64::try_from(size).unwrap_or(u64::MAX)));
        group.bench_with_input(BenchmarkId::from_parameter(size), &text, |bencher, text| {
            bencher.iter(|| RuleSet::parse(black_box(text)));
        });
    }
    group.finish();
}

fn evaluating(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("evaluate_per_rule");
    for size in SIZES {
        let rules = load(&tag_rules(size));
        let (at, leads) = (at(&rules), leads(64));
        let mut evaluator = rules.evaluator();
        let mut round = leads.iter().cycle();
        group.throughput(Throughput::Elements(u64::try_from(size).unwrap_or(u64::MAX)));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                round.next().map(|lead| black_box(evaluator.evaluate(black_box(lead), &at, Context::default())).at())
            });
        });
    }
    group.finish();
}

criterion_group!(growth, loading, evaluating);
criterion_main!(growth);
