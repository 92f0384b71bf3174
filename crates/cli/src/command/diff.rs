//! `gradus diff`: what a newer version of the rules changes, for every lead, and for the leads of a file.

use super::Format;
use super::check::print_json;
use crate::error::{Error, Verdict};
use crate::input::{Format as LeadFormat, Leads};
use crate::messages::{Messages, plain, plain_lines};
use crate::output::Table;
use crate::rules::{RuleOptions, count};
use crate::session::{Session, refuse_two_stdins};
use gradus::analysis::{Comparison, DecidingRule, deciding};
use gradus::{Lead, Outcome, Part, compare};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;

/// Arguments of `diff`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The old rule file; `-` is stdin
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The new rule file; `-` is stdin
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Leads to evaluate by both: JSON (an array, or one object), JSON Lines, or CSV with a header, each also as .gz; `-` is
    /// stdin
    #[arg(long, value_name = "FILE")]
    leads: Option<PathBuf>,
    /// Format of the leads [default: by the extension .json, .jsonl, .ndjson or .csv, else by the first byte]
    #[arg(long, value_enum, requires = "leads")]
    input: Option<LeadFormat>,
    /// Instant of the evaluation: 2026-11-21T09:00:00+08:00, …Z, a local time, or a date [default: now]
    #[arg(long, value_name = "INSTANT", requires = "leads")]
    at: Option<String>,
    #[command(flatten)]
    options: RuleOptions,
    /// text, or json: {equal, comparison, leads}
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// No progress bar
    #[arg(short, long)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  gradus diff old.gradus new.gradus
  gradus diff old.gradus new.gradus --leads leads.csv --at 2026-11-21
  gradus diff old.gradus new.gradus --format json | jq '.comparison.changes[].difference'

First what holds for every lead: that both versions are equal, which is proved, or a lead for each kind of change, with the
rules that decided. With --leads then how the leads of a file move: old grade by new grade, old class by new class, tags
gained and lost, with counts, shares and the rules responsible. Ranks and `previous` are missing there.

Exit codes: 0 proved to be equal, 1 they differ, or that was not decided, 2 bad usage, rules with errors, or a lead or an
input that cannot be read.";

/// What stands in one place of a matrix: from what to what; nothing where it is missing.
type Step = (Option<String>, Option<String>);

/// How many leads make a step, and by which rules.
#[derive(Default)]
struct Tally {
    leads: usize,
    /// Rules of the old version and of the new one, each with how many leads it decided.
    rules: [BTreeMap<DecidingRule, usize>; 2],
}

/// How leads move.
#[derive(Default)]
struct Movements {
    leads: usize,
    changed: usize,
    /// By name and part; leads that stay are in it too.
    matrices: BTreeMap<(String, &'static str), BTreeMap<Step, Tally>>,
    /// By name and tag: gained, or lost.
    tags: BTreeMap<(String, String, bool), Tally>,
    /// Scores that are another number.
    scores: BTreeMap<String, Tally>,
}

/// Everything, for programs.
#[derive(Serialize)]
struct Report<'c> {
    equal: bool,
    comparison: &'c Comparison,
    leads: Option<LeadReport<'c>>,
}

#[derive(Serialize)]
struct LeadReport<'c> {
    count: usize,
    changed: usize,
    matrices: Vec<MatrixReport<'c>>,
    tags: Vec<StepReport<'c>>,
    scores: Vec<StepReport<'c>>,
}

#[derive(Serialize)]
struct MatrixReport<'c> {
    name: &'c str,
    part: &'static str,
    steps: Vec<StepReport<'c>>,
}

#[derive(Serialize)]
struct StepReport<'c> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'c str>,
    from: Option<&'c str>,
    to: Option<&'c str>,
    leads: usize,
    /// Of all leads: 12.5%
    share: String,
    old_rules: Vec<RuleReport<'c>>,
    new_rules: Vec<RuleReport<'c>>,
}

#[derive(Serialize)]
struct RuleReport<'c> {
    #[serde(flatten)]
    rule: &'c DecidingRule,
    leads: usize,
}

/// Compares.
pub(crate) fn run(args: &Args) -> Result<Verdict, Error> {
    refuse_two_stdins([&args.old, &args.new].into_iter().chain(&args.leads))?;
    let old = Session::load(&args.old, &[], &args.options, args.at.as_deref())?;
    let mut new = Session::load(&args.new, &[], &args.options, args.at.as_deref())?;
    // one instant, each in its own zone
    new.at = new.rules.at(old.at.now());
    let comparison = old.rules.compare_with(&new.rules);
    let movements = match &args.leads {
        None => None,
        Some(file) => {
            let mut messages = Messages::new(args.quiet, false);
            let leads = Leads::open(file, args.input, &mut messages, "leads")?;
            let movements = move_leads(&old, &mut new, leads, &messages);
            messages.end();
            Some(movements)
        }
    };
    let mut out = io::stdout().lock();
    match args.format {
        Format::Json => {
            let leads = movements.as_ref().map(Movements::report);
            print_json(&mut out, &Report { equal: comparison.is_equal(), comparison: &comparison, leads })?;
        }
        Format::Text => {
            write!(out, "{}", plain_lines(&comparison.to_string())).map_err(Error::stdout)?;
            if let Some(movements) = &movements {
                movements.print(&mut out).map_err(Error::stdout)?;
            }
        }
    }
    let compared = if comparison.is_equal() { Verdict::Fine } else { Verdict::Findings };
    Ok(compared.max(new.verdict()))
}

/// Evaluates every lead by both; a lead at a time is in memory.
fn move_leads(old: &Session, new: &mut Session, mut leads: Leads, messages: &Messages) -> Movements {
    let mut movements = Movements::default();
    while let Some(read) = leads.next() {
        match read {
            Ok(lead) => movements.add(old, new, &lead),
            Err(bad) => new.report(&leads.name, &bad, messages),
        }
    }
    movements
}

impl Movements {
    fn add(&mut self, old: &Session, new: &Session, lead: &Lead) {
        let before = old.rules.evaluate_with(lead, &old.at, old.context(lead));
        let after = new.rules.evaluate_with(lead, &new.at, new.context(lead));
        self.leads += 1;
        for (place, step) in steps(&before, &after) {
            self.matrices.entry(place).or_default().entry(step).or_default().leads += 1;
        }
        let transition = compare(&before, &after);
        if transition.is_empty() {
            return;
        }
        self.changed += 1;
        let explained = [
            old.rules.explain_with(lead, &old.at, old.context(lead)),
            new.rules.explain_with(lead, &new.at, new.context(lead)),
        ];
        for difference in transition.differences() {
            let name = difference.name.clone();
            let step = (difference.from.clone(), difference.to.clone());
            let tally = match difference.part {
                Part::Class => self.matrices.entry((name, "class")).or_default().entry(step).or_default(),
                Part::Grade => self.matrices.entry((name, "grade")).or_default().entry(step).or_default(),
                Part::Tag => {
                    let gained = difference.to.is_some();
                    let tag = difference.to.clone().or_else(|| difference.from.clone()).unwrap_or_default();
                    let tally = self.tags.entry((name, tag, gained)).or_default();
                    tally.leads += 1;
                    tally
                }
                Part::Score => {
                    let tally = self.scores.entry(name).or_default();
                    tally.leads += 1;
                    tally
                }
                _ => continue,
            };
            for (version, rules) in tally.rules.iter_mut().enumerate() {
                for rule in deciding(difference, &explained[version], &explained[1 - version]) {
                    *rules.entry(rule).or_default() += 1;
                }
            }
        }
    }

    fn share(&self, leads: usize) -> String {
        let all = self.leads.max(1);
        let tenths = (leads * 1_000 + all / 2) / all;
        format!("{}.{}%", tenths / 10, tenths % 10)
    }

    fn step<'c>(
        &self,
        name: Option<&'c str>,
        from: Option<&'c str>,
        to: Option<&'c str>,
        tally: &'c Tally,
    ) -> StepReport<'c> {
        let rules = |version: usize| -> Vec<RuleReport<'c>> {
            tally.rules[version].iter().map(|(rule, leads)| RuleReport { rule, leads: *leads }).collect()
        };
        let (old_rules, new_rules) = (rules(0), rules(1));
        StepReport { name, from, to, leads: tally.leads, share: self.share(tally.leads), old_rules, new_rules }
    }

    fn report(&self) -> LeadReport<'_> {
        let matrices = self.matrices.iter().map(|((name, part), steps)| MatrixReport {
            name,
            part,
            steps: steps
                .iter()
                .map(|((from, to), tally)| self.step(None, from.as_deref(), to.as_deref(), tally))
                .collect(),
        });
        let tags = self.tags.iter().map(|((name, tag, gained), tally)| {
            let (from, to) = if *gained { (None, Some(tag.as_str())) } else { (Some(tag.as_str()), None) };
            self.step(Some(name), from, to, tally)
        });
        let scores = self.scores.iter().map(|(name, tally)| self.step(Some(name), None, None, tally));
        LeadReport {
            count: self.leads,
            changed: self.changed,
            matrices: matrices.collect(),
            tags: tags.collect(),
            scores: scores.collect(),
        }
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let changed = count(self.changed, "has", "have");
        let leads = count(self.leads, "lead", "leads");
        writeln!(out, "\n{leads}, of which {changed} another outcome ({})", self.share(self.changed))?;
        for ((name, part), steps) in &self.matrices {
            writeln!(out, "\n{} {part}: old down, new across", plain(name))?;
            print_matrix(out, steps)?;
            for ((from, to), tally) in steps.iter().filter(|((from, to), _)| from != to) {
                writeln!(out, "{} → {}: {}", word(from.as_ref()), word(to.as_ref()), self.counted(tally))?;
                print_rules(out, tally)?;
            }
        }
        for (name, tally) in &self.scores {
            writeln!(out, "\n{} score, another number: {}", plain(name), self.counted(tally))?;
            print_rules(out, tally)?;
        }
        for ((name, tag, gained), tally) in &self.tags {
            let what = if *gained { "gained" } else { "lost" };
            writeln!(out, "\n{} {} {what}: {}", plain(name), plain(tag), self.counted(tally))?;
            print_rules(out, tally)?;
        }
        out.flush()
    }

    /// `12 leads (3.4%)`
    fn counted(&self, tally: &Tally) -> String {
        format!("{} ({})", count(tally.leads, "lead", "leads"), self.share(tally.leads))
    }
}

/// What each class and grade was and is, whether it changed or not.
fn steps(before: &Outcome, after: &Outcome) -> Vec<((String, &'static str), Step)> {
    let owned = |label: Option<&str>| label.map(str::to_owned);
    let classes: BTreeSet<&str> = before.classes().chain(after.classes()).map(|(name, _)| name).collect();
    let scores: BTreeSet<&str> =
        before.scores().chain(after.scores()).filter(|(_, it)| it.grade.is_some()).map(|(name, _)| name).collect();
    let class = |name: &str| (owned(before.class(name)), owned(after.class(name)));
    let grade = |name: &str| (owned(before.grade(name)), owned(after.grade(name)));
    let classes = classes.into_iter().map(|name| ((name.to_owned(), "class"), class(name)));
    classes.chain(scores.into_iter().map(|name| ((name.to_owned(), "grade"), grade(name)))).collect()
}

fn word(label: Option<&String>) -> String {
    label.map_or_else(|| "-".to_owned(), |label| plain(label))
}

/// Old labels by new ones, with how many leads.
fn print_matrix(out: &mut impl Write, steps: &BTreeMap<Step, Tally>) -> io::Result<()> {
    let old: BTreeSet<&Option<String>> = steps.keys().map(|(from, _)| from).collect();
    let new: BTreeSet<&Option<String>> = steps.keys().map(|(_, to)| to).collect();
    let columns = std::iter::once(String::new()).chain(new.iter().map(|to| word(to.as_ref())));
    let mut table = Table::new(&mut *out, columns.collect());
    for from in old {
        let leads = |to: &Option<String>| steps.get(&(from.clone(), to.clone())).map_or(0, |tally| tally.leads);
        let mut row = vec![word(from.as_ref())];
        row.extend(new.iter().map(|to| leads(to).to_string()));
        table.push(&row)?;
    }
    table.finish()?;
    Ok(())
}

fn print_rules(out: &mut impl Write, tally: &Tally) -> io::Result<()> {
    for (side, rules) in ["old", "new"].iter().zip(&tally.rules) {
        for (rule, leads) in rules {
            writeln!(out, "  {side}: {}: {}", plain(&rule.to_string()), count(*leads, "lead", "leads"))?;
        }
    }
    Ok(())
}
