//! How many leads a second one thread takes, on real data: the rule file of an online course seller and its 9,240 leads,
//! from JSON text, from leads, and from prepared leads; and what each station takes of that.
//!
//! The data is looked for in `../shared`, or in `$GRADUS_SHARED`; without it there is nothing to measure.

#![expect(clippy::panic, reason = "a bench fails loudly")]
#![expect(clippy::print_stdout, reason = "its tables are what it is for")]

#[path = "inputs/turns.rs"]
mod turns;

use flate2::read::GzDecoder;
use gradus::{At, Context, Lead, Outcome, PreparedLead, RuleSet};
use jiff::tz::TimeZone;
use std::fs::File;
use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};
use turns::{Contender, medians, shown};

const ROUNDS: usize = 11;

fn main() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("GRADUS_SHARED").map_or_else(beside, PathBuf::from);
    if !shared.join("rules").is_dir() {
        println!("skipped: no folder {}; set GRADUS_SHARED to the folder of shared data", shared.display());
        return;
    }
    Run::new(&shared).measure();
}

/// The same leads in three forms.
struct Run {
    rules: RuleSet,
    at: At,
    texts: Vec<String>,
    leads: Vec<Lead>,
    prepared: Vec<PreparedLead>,
    outcomes: Vec<Outcome>,
}

impl Run {
    fn new(shared: &Path) -> Run {
        let rules = RuleSet::parse(&read(&shared.join("rules/x_education.gradus")));
        let rules = rules.unwrap_or_else(|error| panic!("{error}"));
        let zone = TimeZone::get("Asia/Kolkata").unwrap_or_else(|error| panic!("{error}"));
        let now = "2026-11-21T01:00:00Z".parse().unwrap_or_else(|error| panic!("{error}"));
        let at = At::new(now, zone);
        let texts = lines(&shared.join("leads/x_education.jsonl.gz"));
        let leads: Vec<Lead> = texts.iter().map(|text| lead(text)).collect();
        let prepared = leads.iter().map(|lead| rules.prepare(lead.clone(), at.zone())).collect();
        let outcomes = leads.iter().map(|lead| rules.evaluate(lead, &at)).collect();
        let run = Run { rules, at, texts, leads, prepared, outcomes };
        run.compare();
        run
    }

    /// All ways give the same outcome.
    fn compare(&self) {
        let mut evaluator = self.rules.evaluator();
        let leads = self.texts.iter().zip(&self.leads).zip(&self.prepared).zip(&self.outcomes);
        for (((text, built), prepared), wanted) in leads {
            let context = Context::default();
            assert_eq!(evaluator.evaluate(&lead(text), &self.at, context), wanted, "from JSON, {text}");
            assert_eq!(evaluator.evaluate(built, &self.at, context), wanted, "from the lead, {text}");
            assert_eq!(evaluator.evaluate_prepared(prepared, &self.at, context), wanted, "prepared, {text}");
        }
    }

    fn measure(&self) {
        let Run { rules, at, texts, leads, prepared, outcomes } = self;
        let context = Context::default();
        let (mut by_text, mut by_lead, mut by_prepared) = (rules.evaluator(), rules.evaluator(), rules.evaluator());
        let mut room = Vec::new();
        let many = leads.len();
        let contenders = vec![
            Contender::new(many, |range| {
                for text in &texts[range] {
                    black_box(by_text.evaluate(&lead(black_box(text)), at, context));
                }
            }),
            Contender::new(many, |range| {
                for lead in &leads[range] {
                    black_box(by_lead.evaluate(black_box(lead), at, context));
                }
            }),
            Contender::new(many, |range| {
                for lead in &prepared[range] {
                    black_box(by_prepared.evaluate_prepared(black_box(lead), at, context));
                }
            }),
            Contender::new(many, |range| texts[range].iter().for_each(|it| drop(black_box(lead(black_box(it)))))),
            Contender::new(many, |range| leads[range].iter().for_each(|it| drop(black_box(black_box(it).clone())))),
            Contender::new(many, |range| {
                leads[range].iter().for_each(|it| drop(black_box(rules.prepare(black_box(it).clone(), at.zone()))));
            }),
            Contender::new(many, |range| outcomes[range].iter().for_each(|it| drop(black_box(black_box(it).clone())))),
            Contender::new(many, |range| {
                for outcome in &outcomes[range] {
                    room.clear();
                    serde_json::to_writer(&mut room, black_box(outcome)).unwrap_or_else(|error| panic!("{error}"));
                    black_box(&room);
                }
            }),
        ];
        let times = medians(contenders, ROUNDS);
        let [text, lead, prepared, parsing, cloning, preparing, taking, writing] = times[..] else {
            panic!("a figure for each contender");
        };
        let bytes = texts.iter().map(String::len).sum::<usize>() / many;
        println!("X Education, {many} leads of {bytes} bytes of JSON, one thread, by medians of {ROUNDS} rounds\n");
        println!("| from | a lead | leads a second |\n| --- | ---: | ---: |");
        for (way, time) in [("JSON text", text), ("a lead", lead), ("a prepared lead", prepared)] {
            println!("| {way} | {} | {:.0} |", shown(time), 1e9 / time);
        }
        println!("\n| station | a lead | share |\n| --- | ---: | ---: |");
        let share = |part: f64, whole: f64| format!("{:.0} %", part / whole * 100.0);
        println!("| from JSON text: the lead | {} | {} |", shown(parsing), share(parsing, text));
        // a lead that was just built is still in the cache, so that this is less than from a lead
        println!("| from JSON text: the rest | {} | {} |", shown(text - parsing), share(text - parsing, text));
        println!(
            "| from a lead: reading labels and texts | {} | {} |",
            shown(lead - prepared),
            share(lead - prepared, lead)
        );
        println!("| from a lead: locating and looking up | {} | {} |", shown(prepared), share(prepared, lead));
        println!("\n| beside it | a lead |\n| --- | ---: |");
        println!("| preparing a lead | {} |", shown(preparing - cloning));
        println!("| an outcome of one's own | {} |", shown(taking));
        println!("| the outcome as JSON text | {} |", shown(writing));
        println!("\n{:.0} leads a second from JSON text to JSON text", 1e9 / (text + writing));
    }
}

fn lead(text: &str) -> Lead {
    Lead::from_json(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines of a packed file.
fn lines(path: &Path) -> Vec<String> {
    let fail = |error: std::io::Error| -> ! { panic!("{}: {error}", path.display()) };
    let file = File::open(path).unwrap_or_else(|error| fail(error));
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap_or_else(|error| fail(error));
    text.lines().map(str::to_owned).collect()
}
