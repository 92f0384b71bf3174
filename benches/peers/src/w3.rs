//! W3: the presets of `examples/rules`, and X Education. Presets on leads drawn from the fields that each declares; three
//! of them by hand as well.

mod hand;

use crate::engines::gradus::load;
use crate::measure::{Contender, medians, shown};
use crate::rng::Rng;
use flate2::read::GzDecoder;
use gradus::syntax::{self, ast};
use gradus::{At, Context, Lead, Population, PreparedLead, RuleSet, Value};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use std::fs;
use std::hint::black_box;
use std::io::Read;
use std::path::Path;

const LEADS: usize = 2_000;

/// 2026-11-21T09:00:00+08:00
fn now() -> Timestamp {
    Timestamp::from_second(1_795_222_800).expect("that is an instant")
}

/// A rule file with its leads in every form.
struct Subject {
    name: String,
    rules: RuleSet,
    at: At,
    population: Population,
    leads: Vec<Lead>,
    prepared: Vec<PreparedLead>,
}

impl Subject {
    fn new(name: String, text: &str, draw: impl FnOnce(&ast::RuleFile) -> Vec<Lead>) -> Subject {
        let rules = load(text);
        let at = rules.at(now());
        let leads = draw(&syntax::parse_file(&name, text).unwrap_or_else(|error| panic!("{error}")));
        let population = Population::measure(&rules, &leads, &at);
        let prepared: Vec<PreparedLead> = leads.iter().map(|lead| rules.prepare(lead.clone(), at.zone())).collect();
        let subject = Subject { name, rules, at, population, leads, prepared };
        let mut evaluator = subject.rules.evaluator();
        for (lead, prepared) in subject.leads.iter().zip(&subject.prepared) {
            let wanted = evaluator.evaluate(lead, &subject.at, subject.context()).clone();
            let found = evaluator.evaluate_prepared(prepared, &subject.at, subject.context());
            assert_eq!(*found, wanted, "{}, prepared: {lead:?}", subject.name);
        }
        subject
    }

    fn context(&self) -> Context<'_> {
        Context::default().with_population(&self.population)
    }
}

/// Prints the table; gives the lines for a machine.
pub fn run(rounds: usize) -> Vec<String> {
    eprintln!("W3: checking outcomes");
    let subjects: Vec<Subject> = presets().into_iter().chain(x_education()).collect();
    println!("\n| W3 | from a lead | prepared | by hand | prepared to by hand |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let mut lines = Vec::new();
    for subject in &subjects {
        let Subject { name, rules, at, leads, prepared, .. } = subject;
        let context = subject.context();
        let (mut by_lead, mut by_prepared) = (rules.evaluator(), rules.evaluator());
        let mut contenders = vec![
            Contender::new("from a lead", || {
                leads.iter().for_each(|lead| _ = black_box(by_lead.evaluate(black_box(lead), at, context)));
            }),
            Contender::new("prepared", || {
                prepared.iter().for_each(|it| _ = black_box(by_prepared.evaluate_prepared(black_box(it), at, context)));
            }),
        ];
        let hand = match name.as_str() {
            "bant" => Some(by_hand(subject, hand::Bant::from, hand::Bant::outcome)),
            "champ" => Some(by_hand(subject, hand::Champ::from, hand::Champ::outcome)),
            "rfm" => {
                let (zone, today) = (at.zone().clone(), at.today());
                Some(by_hand(subject, hand::Rfm::from, move |it: &hand::Rfm| it.outcome(&zone, today)))
            }
            _ => None,
        };
        contenders.extend(hand.map(|pass| Contender { name: "by hand".to_owned(), pass }));
        let times = medians(&format!("W3 {name}"), &mut contenders, leads.len(), rounds);
        let (hand, ratio) = match times.get(2) {
            Some(hand) => (shown(*hand), format!("{:.2}", times[1] / hand)),
            None => (String::new(), String::new()),
        };
        println!("| {name} | {} | {} | {hand} | {ratio} |", shown(times[0]), shown(times[1]));
        if !ratio.is_empty() {
            lines.push(format!("ratio w3-{name} {ratio}"));
        }
    }
    lines
}

/// A pass by hand over a host's own records of the leads, once it agrees with the library on all of them.
fn by_hand<'s, H: 's>(
    subject: &'s Subject,
    from: impl Fn(&Lead) -> H,
    by_hand: impl Fn(&H) -> hand::Found + 's,
) -> Box<dyn FnMut() + 's> {
    let records: Vec<H> = subject.leads.iter().map(from).collect();
    for (record, lead) in records.iter().zip(&subject.leads) {
        let outcome = subject.rules.evaluate_with(lead, &subject.at, subject.context());
        by_hand(record).compare(&outcome, lead);
    }
    Box::new(move || records.iter().for_each(|record| drop(black_box(by_hand(black_box(record))))))
}

/// Every preset, on leads of its own.
fn presets() -> Vec<Subject> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rules");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("its entries are readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "gradus"));
    paths.sort();
    let subject = |path: &std::path::PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let words = words(&text);
        Subject::new(name, &text, |file| {
            let mut rng = Rng::new(crate::SEED);
            (0..LEADS).map(|_| lead(file, &words, &mut rng)).collect()
        })
    };
    paths.iter().map(subject).collect()
}

/// The shared leads, when this machine has them.
fn x_education() -> Option<Subject> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("GRADUS_SHARED").map_or_else(beside, Into::into);
    let (Ok(text), Ok(packed)) = (
        fs::read_to_string(shared.join("rules/x_education.gradus")),
        fs::File::open(shared.join("leads/x_education.jsonl.gz")),
    ) else {
        eprintln!("W3: X Education is skipped: no folder {}; set GRADUS_SHARED", shared.display());
        return None;
    };
    let mut lines = String::new();
    GzDecoder::new(packed).read_to_string(&mut lines).unwrap_or_else(|error| panic!("{error}"));
    let leads = lines.lines().map(|line| Lead::from_json(line).unwrap_or_else(|error| panic!("{line}: {error}")));
    Some(Subject::new("X Education".to_owned(), &text, |_| leads.collect()))
}

/// Every text in quotes of a rule file: what its text fields may hold.
fn words(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned)).collect()
}

/// The declared fields, and the standard ones that the presets ask for; one in four is missing.
fn lead(file: &ast::RuleFile, words: &[String], rng: &mut Rng) -> Lead {
    let mut lead = Lead::new();
    for name in ["industry", "province", "city", "need", "decision_maker", "stage", "source", "title"] {
        if rng.chance(0.75) {
            lead.set(name, rng.pick(words, 1.0).as_str());
        }
    }
    for name in ["budget", "deal_size", "annual_revenue", "registered_capital"] {
        if rng.chance(0.75) {
            lead.set(name, amount(rng));
        }
    }
    lead.set("employees", rng.magnitude(1.0, 20_000.0) as i64);
    lead.set("contacted", rng.chance(0.5));
    lead.set("last_contact", day(rng));
    lead.set("created_at", instant(rng));
    lead.set("region", *rng.pick(&["中国/上海/徐汇", "中国/浙江/杭州", "中国/广东/深圳", "新加坡"], 1.0));
    lead.set("email", *rng.pick(&["a@example.com", "b@qq.com"], 1.0));
    if rng.chance(0.9) {
        lead.set(
            "purchases",
            elements(rng, 12, |rng| {
                vec![("at".to_owned(), instant(rng).into()), ("amount".to_owned(), amount(rng).into())]
            }),
        );
    }
    for item in &file.items {
        let ast::Item::Field(field) = item else { continue };
        if rng.chance(0.75) {
            lead.set(field.name.text.to_string(), value(&field.kind.kind, words, rng));
        } else {
            lead.remove(&field.name.text);
        }
    }
    lead
}

fn value(kind: &ast::TypeKind, words: &[String], rng: &mut Rng) -> Value {
    use ast::TypeKind::{
        Bool, Choice, Code, Date, DateTime, Decimal, Float, Int, List, OrderedChoice, Region, Set, SetOfCode,
        SetOfText, Text,
    };
    match kind {
        Bool => rng.chance(0.3).into(),
        Int => (rng.magnitude(1.0, 5_000.0) as i64).into(),
        Decimal | Float => amount(rng).into(),
        Text | Code | Region => rng.pick(words, 1.0).as_str().into(),
        Date => day(rng).into(),
        DateTime => instant(rng).into(),
        Choice(labels) | OrderedChoice(labels) => rng.pick(labels, 1.0).text.to_string().into(),
        Set(labels) => Value::List((0..rng.below(4)).map(|_| rng.pick(labels, 1.0).text.to_string().into()).collect()),
        SetOfText | SetOfCode => Value::List((0..rng.below(4)).map(|_| rng.pick(words, 1.0).as_str().into()).collect()),
        List(fields) => elements(rng, 6, |rng| {
            fields.iter().map(|it| (it.name.text.to_string(), value(&it.kind.kind, words, rng))).collect()
        }),
    }
}

/// Up to so many elements of a list.
fn elements(rng: &mut Rng, most: usize, fields: impl Fn(&mut Rng) -> Vec<(String, Value)>) -> Value {
    // an element is a record of values, and so is a lead
    Value::List((0..rng.below(most)).map(|_| fields(rng).into_iter().collect::<Lead>().into()).collect())
}

fn amount(rng: &mut Rng) -> Decimal {
    Decimal::new(rng.magnitude(10_000.0, 500_000_000.0) as i64, 2)
}

fn instant(rng: &mut Rng) -> Timestamp {
    now() - SignedDuration::from_secs(rng.magnitude(60.0, 60_000_000.0) as i64)
}

fn day(rng: &mut Rng) -> Date {
    instant(rng).to_zoned(TimeZone::UTC).date()
}
