//! `gradus population`: what all leads are worth together, measured once, and where ranks among them cut.

use super::check::print_json;
use crate::error::{Error, Verdict};
use crate::input::{Format as InputFormat, Leads, PopulationInput};
use crate::messages::{Messages, plain};
use crate::output::Table;
use crate::replace::Replacement;
use crate::rules::RuleOptions;
use crate::session::{Session, refuse_two_stdins};
use gradus::Population;
use gradus::population::{CutOff, EXACT_UP_TO, Measure, Precision};
use jiff::Timestamp;
use serde::Serialize;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Arguments of `population`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Rule file; `-` is stdin
    #[arg(value_name = "RULES")]
    rules_file: PathBuf,
    /// Leads, as `gradus run` reads them. May be left out with --merge
    #[arg(value_name = "LEADS", required_unless_present = "merge")]
    leads_file: Option<PathBuf>,
    /// Another rule file that belongs to the rule set; may be repeated
    #[arg(long = "rules", value_name = "FILE")]
    extra: Vec<PathBuf>,
    /// Format of the leads [default: by the extension .json, .jsonl, .ndjson or .csv, else by the first byte]
    #[arg(long, value_enum)]
    input: Option<InputFormat>,
    /// Instant of the measuring: 2026-11-21T09:00:00+08:00, …Z, a local time, or a date [default: now]
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// Populations that these rules have measured of other leads, to be added; in any order
    #[arg(long, value_name = "FILE", num_args = 1..)]
    merge: Vec<PathBuf>,
    /// How many different values of each measure are held exactly; more are put in buckets, and the error is stated
    #[arg(long, value_name = "VALUES", default_value_t = EXACT_UP_TO)]
    exact_up_to: usize,
    /// Write the population to a file, for `run` and `explain` with --population; it appears when it is complete
    #[arg(short, long, visible_alias = "output", value_name = "FILE")]
    out: Option<PathBuf>,
    /// How measures and cut-offs are printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// No progress bar
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    options: RuleOptions,
}

/// How measures and cut-offs are printed.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// Two tables for people
    Table,
    /// One JSON object
    Json,
}

const EXAMPLES: &str = "\
Examples:
  gradus population rfm.gradus customers.csv
  gradus population rfm.gradus customers.csv --at 2026-11-21 --out measured.json
  gradus run rfm.gradus new.csv --at 2026-11-21 --population measured.json
  gradus population rfm.gradus --merge north.json south.json --out all.json

A line per cut-off: of an ntile the values that separate its groups, of percent_rank and cume_share the values at which
they pass the constants that the rules compare them with. `from` is the least value of the population that meets the
condition, `below` the greatest that does not, `leads` how many meet it.

Exit codes: 0 fine, 2 bad usage, or a lead or an input that cannot be read.";

/// Measures.
pub(crate) fn run(args: &Args) -> Result<Verdict, Error> {
    let inputs = std::iter::once(&args.rules_file).chain(&args.extra).chain(&args.leads_file).chain(&args.merge);
    refuse_two_stdins(inputs)?;
    let mut messages = Messages::new(args.quiet, false);
    let mut session = Session::load(&args.rules_file, &args.extra, &args.options, args.at.as_deref())?;
    let population = measure(args, &mut session, &mut messages)?;
    messages.end();
    if population.measures().next().is_none() {
        messages.say("the rules ask nothing of a population: no percent_rank, ntile or cume_share is in them");
    }
    let (first, last) = population.measured();
    if first != last {
        let span = format!("{} to {}", shown(&session, first), shown(&session, last));
        messages.say(&format!("the parts were measured at different instants: {span}"));
    }
    if let Some(file) = &args.out {
        write(&population, file).map_err(|source| Error::Output { file: file.display().to_string(), source })?;
    }
    let cut_offs = session.rules.cut_offs(&population).map_err(|error| Error::Usage(error.to_string()))?;
    let mut out = io::stdout().lock();
    match args.format {
        Format::Json => print_json(&mut out, &Summary::new(&session, &population, &cut_offs))?,
        Format::Table => print_tables(&mut out, &session, &population, &cut_offs).map_err(Error::stdout)?,
    }
    Ok(session.verdict())
}

/// The leads and the parts together.
fn measure(args: &Args, session: &mut Session, messages: &mut Messages) -> Result<Population, Error> {
    let (rules, at) = (session.rules.clone(), session.at.clone());
    let builder = Population::builder(&rules, &at).exact_up_to(args.exact_up_to);
    let mut population = match &args.leads_file {
        Some(file) => {
            let leads = Leads::open(file, args.input, messages, "leads")?;
            session.measure(leads, builder, messages)
        }
        None => builder.finish(),
    };
    for file in &args.merge {
        let (name, part) = part(session, file, messages)?;
        population.merge(&part).map_err(|error| Error::input(name, error.to_string()))?;
    }
    Ok(population)
}

/// A population that was measured beforehand.
fn part(session: &Session, file: &Path, messages: &mut Messages) -> Result<(String, Population), Error> {
    match PopulationInput::open(file, None, messages)? {
        PopulationInput::Measured(name, text) => session.measured(&name, &text).map(|part| (name, part)),
        PopulationInput::Leads(leads) => {
            let help = "--merge takes what `gradus population --out` has written";
            Err(Error::input(leads.name, format!("expected a population, found something else: {help}")))
        }
    }
}

fn write(population: &Population, file: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(Replacement::begin(file)?);
    serde_json::to_writer(&mut out, population)?;
    out.write_all(b"\n")?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.finish()
}

/// An instant in the zone of the rules.
fn shown(session: &Session, instant: Timestamp) -> String {
    instant.to_zoned(session.at.zone().clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A number, or that there is none.
fn number(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".into(), |value| value.to_string())
}

fn print_tables(
    out: &mut impl Write,
    session: &Session,
    population: &Population,
    cut_offs: &[CutOff],
) -> io::Result<()> {
    let leads = if population.leads() == 1 { "lead" } else { "leads" };
    let (_, last) = population.measured();
    writeln!(out, "{} {leads}, measured at {}", population.leads(), plain(&shown(session, last)))?;
    let columns = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let mut measures = population.measures().peekable();
    if measures.peek().is_some() {
        writeln!(out)?;
        let mut table = Table::new(&mut *out, columns(&["measure", "values", "least", "greatest", "precision"]));
        for measure in measures {
            let (least, greatest) = (number(measure.least()), number(measure.greatest()));
            let precision = measure.precision().to_string();
            table.push(&[measure.expression().into(), measure.count().to_string(), least, greatest, precision])?;
        }
        table.finish()?;
    }
    if !cut_offs.is_empty() {
        writeln!(out)?;
        let mut table = Table::new(&mut *out, columns(&["rank", "condition", "from", "below", "leads"]));
        for cut in cut_offs {
            let (from, below) = (number(cut.from), number(cut.below));
            table.push(&[cut.rank.clone(), cut.condition.clone(), from, below, cut.count.to_string()])?;
        }
        table.finish()?;
    }
    out.flush()
}

/// Everything but the values.
#[derive(Serialize)]
struct Summary<'s> {
    leads: u64,
    measured: [String; 2],
    exact_up_to: usize,
    measures: Vec<MeasureSummary<'s>>,
    cut_offs: Vec<CutOffSummary<'s>>,
}

#[derive(Serialize)]
struct MeasureSummary<'s> {
    expression: &'s str,
    values: u64,
    least: Option<String>,
    greatest: Option<String>,
    exact: bool,
    /// Bounds of the errors, when it is not exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Errors>,
}

#[derive(Serialize)]
struct Errors {
    values: String,
    ranks: String,
    shares: String,
}

#[derive(Serialize)]
struct CutOffSummary<'s> {
    rank: &'s str,
    condition: &'s str,
    from: Option<String>,
    below: Option<String>,
    leads: u64,
}

impl<'s> Summary<'s> {
    fn new(session: &Session, population: &'s Population, cut_offs: &'s [CutOff]) -> Summary<'s> {
        let (first, last) = population.measured();
        Summary {
            leads: population.leads(),
            measured: [shown(session, first), shown(session, last)],
            exact_up_to: population.exact_up_to(),
            measures: population.measures().map(MeasureSummary::new).collect(),
            cut_offs: cut_offs.iter().map(CutOffSummary::new).collect(),
        }
    }
}

impl<'s> MeasureSummary<'s> {
    fn new(measure: Measure<'s>) -> MeasureSummary<'s> {
        let errors = match measure.precision() {
            Precision::Approximate { values, ranks, shares, .. } => {
                Some(Errors { values: values.to_string(), ranks: ranks.to_string(), shares: shares.to_string() })
            }
            _ => None,
        };
        MeasureSummary {
            expression: measure.expression(),
            values: measure.count(),
            least: measure.least().map(|value| value.to_string()),
            greatest: measure.greatest().map(|value| value.to_string()),
            exact: errors.is_none(),
            errors,
        }
    }
}

impl<'s> CutOffSummary<'s> {
    fn new(cut: &'s CutOff) -> CutOffSummary<'s> {
        CutOffSummary {
            rank: &cut.rank,
            condition: &cut.condition,
            from: cut.from.map(|value| value.to_string()),
            below: cut.below.map(|value| value.to_string()),
            leads: cut.count,
        }
    }
}
