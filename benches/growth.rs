//! What more rules, more fields and more leads cost: the time of a lead, of loading a rule, and the bytes of a rule.
//!
//! `cargo bench --bench growth` prints tables; `-- --plots src/docs` draws them too; `-- --quick` measures less.

#![expect(clippy::panic, reason = "a bench fails loudly")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its tables are what it is for")]

#[expect(dead_code, reason = "the other benches use the rest")]
mod inputs;
#[path = "inputs/plot.rs"]
mod plot;
#[path = "inputs/turns.rs"]
mod turns;

use gradus::{At, Binding, Context, Lead, PreparedLead, RuleSet};
use inputs::wide::{self, Row};
use plot::{Panel, Series};
use std::hint::black_box;
use std::path::PathBuf;
use turns::{Contender, count, median, medians, nanoseconds, shown, time};

/// Leads that an evaluation of many rules goes through.
const LEADS: usize = 256;
const CRM_FIELDS: usize = 24;

struct Options {
    plots: Option<PathBuf>,
    quick: bool,
    rounds: usize,
}

fn main() {
    let mut options = Options { plots: None, quick: false, rounds: 9 };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            // what `cargo bench` adds
            "--bench" => {}
            "--quick" => (options.quick, options.rounds) = (true, 3),
            "--plots" => options.plots = Some(args.next().unwrap_or_else(|| panic!("--plots FOLDER")).into()),
            other => panic!("unknown argument `{other}`; there are `--quick` and `--plots FOLDER`"),
        }
    }
    rules(&options);
    axes(&options);
    working_sets(&options);
}

/// Tag rules from ten to a hundred thousand, on the fields of a CRM.
fn rules(options: &Options) {
    let sizes = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000];
    let sizes = if options.quick { &sizes[..6] } else { &sizes };
    let points = points(sizes.iter().map(|&rules| (rules, CRM_FIELDS, rules)), options);
    table("rules", &points);
    draw(options, "growth-rules.svg", "tag rules", &points);
}

/// A thousand tag rules, on five fields to a hundred.
fn axes(options: &Options) {
    let sizes = [5, 10, 24, 50, 100];
    let points = points(sizes.iter().map(|&fields| (fields, fields, 1_000)), options);
    table("fields", &points);
    draw(options, "growth-axes.svg", "fields that 1,000 tag rules ask for", &points);
}

/// What was measured of one rule set.
struct Point {
    /// What it is drawn over: how many rules, or how many fields.
    over: usize,
    load: f64,
    bytes: f64,
    matches: f64,
    lead: f64,
    prepared: f64,
}

/// A rule set with its leads.
struct Subject {
    rules: RuleSet,
    at: At,
    leads: Vec<Lead>,
    prepared: Vec<PreparedLead>,
}

/// Measures rule sets, each given by what it is drawn over, its fields and its rules. All take turns.
fn points(sizes: impl Iterator<Item = (usize, usize, usize)>, options: &Options) -> Vec<Point> {
    let (subjects, mut points): (Vec<Subject>, Vec<Point>) =
        sizes.map(|(over, fields, rules)| subject(over, fields, rules)).unzip();
    let mut contenders = Vec::new();
    for Subject { rules, at, leads, prepared } in &subjects {
        let (mut by_lead, mut by_prepared) = (rules.evaluator(), rules.evaluator());
        contenders.push(Contender::new(LEADS, move |range| {
            for lead in &leads[range] {
                black_box(by_lead.evaluate(black_box(lead), at, Context::default()));
            }
        }));
        contenders.push(Contender::new(LEADS, move |range| {
            for lead in &prepared[range] {
                black_box(by_prepared.evaluate_prepared(black_box(lead), at, Context::default()));
            }
        }));
    }
    let times = medians(contenders, options.rounds);
    for (point, times) in points.iter_mut().zip(times.chunks(2)) {
        (point.lead, point.prepared) = (times[0], times[1]);
    }
    points
}

/// Loads rules, checks what they say, and times the loading.
fn subject(over: usize, fields: usize, size: usize) -> (Subject, Point) {
    eprintln!("{size} rules on {fields} fields");
    let fields = wide::fields(fields);
    let drawn = wide::rules(&fields, size);
    let text = wide::source(&fields, &drawn);
    let times = if size > 10_000 { 1 } else { 5 };
    let load = (0..times).map(|_| nanoseconds(time(|| drop(black_box(inputs::load(black_box(&text)))))));
    let load = median(load.collect());
    let rules = inputs::load(&text);
    let at = inputs::at(&rules);
    let rows = wide::rows(&fields, LEADS);
    let leads: Vec<Lead> = rows.iter().map(|row| wide::lead(&fields, row)).collect();
    let prepared: Vec<PreparedLead> = leads.iter().map(|lead| rules.prepare(lead.clone(), at.zone())).collect();
    let mut evaluator = rules.evaluator();
    let mut matches = 0;
    for (row, (lead, prepared)) in rows.iter().zip(leads.iter().zip(&prepared)) {
        let wanted = (0..size).filter(|&rule| drawn[rule].matches(row)).map(|rule| format!("t{rule}"));
        let wanted: Vec<String> = wanted.collect();
        matches += wanted.len();
        for outcome in [
            evaluator.evaluate(lead, &at, Context::default()).clone(),
            evaluator.evaluate_prepared(prepared, &at, Context::default()).clone(),
        ] {
            let found: Vec<&str> = outcome.tags("found").into_iter().flatten().collect();
            assert_eq!(found, wanted, "of {lead:?}");
        }
    }
    let point = Point {
        over,
        load: load / count(size),
        bytes: count(rules.compiled_bytes()) / count(size),
        matches: count(matches) / count(LEADS),
        lead: 0.0,
        prepared: 0.0,
    };
    (Subject { rules, at, leads, prepared }, point)
}

fn table(over: &str, points: &[Point]) {
    println!("\n| {over} | matches a lead | from a lead | prepared | loading a rule | compiled bytes a rule |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    for point in points {
        let times = [point.lead, point.prepared, point.load].map(shown).join(" | ");
        println!("| {} | {:.1} | {times} | {:.0} |", point.over, point.matches, point.bytes);
    }
}

fn draw(options: &Options, name: &str, over: &str, points: &[Point]) {
    let series = |name, value: fn(&Point) -> f64| Series {
        name,
        points: points.iter().map(|point| (count(point.over), value(point))).collect(),
    };
    let panel = |title, series| Panel { title, over, series };
    let panels = [
        panel(
            "nanoseconds a lead",
            vec![series("from a lead", |it| it.lead), series("from a prepared lead", |it| it.prepared)],
        ),
        panel("loading: microseconds a rule", vec![series("", |it| it.load / 1e3)]),
        panel("compiled bytes a rule", vec![series("", |it| it.bytes)]),
    ];
    plot(options, name, &panels);
}

fn plot(options: &Options, name: &str, panels: &[Panel<'_>]) {
    if let Some(folder) = &options.plots {
        plot::draw(&folder.join(name), panels);
    }
}

/// One realistic rule file, on ever more different leads one after the other: what is no longer in a cache.
fn working_sets(options: &Options) {
    let sizes = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
    let sizes = if options.quick { &sizes[..5] } else { &sizes };
    // a lead takes some kilobytes, a prepared one as well, and a record a hundred bytes
    let most = 10_000;
    let (fields, rules) = (wide::fields(CRM_FIELDS), inputs::load(&wide::realistic()));
    let at = inputs::at(&rules);
    eprintln!("a realistic file on up to {} leads", sizes[sizes.len() - 1]);
    let records: Vec<Row> = wide::rows(&fields, sizes[sizes.len() - 1]);
    let leads: Vec<Lead> = records.iter().take(most).map(|row| wide::lead(&fields, row)).collect();
    let prepared: Vec<PreparedLead> = leads.iter().map(|lead| rules.prepare(lead.clone(), at.zone())).collect();
    let binding: Binding<Row> = rules.bind().unwrap_or_else(|error| panic!("{error}"));
    let (mut evaluator, mut bound) = (rules.evaluator(), binding.evaluator());
    for (lead, row) in leads.iter().zip(&records) {
        let outcome = evaluator.evaluate(lead, &at, Context::default());
        assert_eq!(outcome, bound.evaluate(row, &at, Context::default()), "from the record, {lead:?}");
    }
    let mut contenders = Vec::new();
    for &size in sizes {
        let (mut by_lead, mut by_prepared, mut by_record) = (rules.evaluator(), rules.evaluator(), binding.evaluator());
        let (at, records) = (&at, again(&records, size));
        contenders.push(Contender::new(records.len(), move |range| {
            for record in &records[range] {
                black_box(by_record.evaluate(black_box(*record), at, Context::default()));
            }
        }));
        if size > most {
            continue;
        }
        let (leads, prepared) = (again(&leads, size), again(&prepared, size));
        contenders.push(Contender::new(leads.len(), move |range| {
            for lead in &leads[range] {
                black_box(by_lead.evaluate(black_box(lead), at, Context::default()));
            }
        }));
        contenders.push(Contender::new(prepared.len(), move |range| {
            for lead in &prepared[range] {
                black_box(by_prepared.evaluate_prepared(black_box(lead), at, Context::default()));
            }
        }));
    }
    let mut times = medians(contenders, options.rounds).into_iter();
    let mut series =
        ["from a record", "from a lead", "from a prepared lead"].map(|name| Series { name, points: vec![] });
    println!("\n| different leads | from a record | from a lead | prepared |\n| ---: | ---: | ---: | ---: |");
    for &size in sizes {
        print!("| {size} |");
        for series in &mut series[..if size > most { 1 } else { 3 }] {
            let time = times.next().unwrap_or_else(|| panic!("a figure for each contender"));
            series.points.push((count(size), 1e9 / time));
            print!(" {} |", shown(time));
        }
        println!("{}", if size > most { " | |" } else { "" });
    }
    let panel = Panel { title: "leads a second", over: "different leads, one after the other", series: series.into() };
    plot(options, "growth-leads.svg", &[panel]);
}

/// The first so many, again and again until there are enough to measure.
fn again<T>(all: &[T], size: usize) -> Vec<&T> {
    all[..size].iter().cycle().take(size.max(LEADS)).collect()
}
