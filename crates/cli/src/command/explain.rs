//! `gradus explain`: why one lead's outcome is what it is.

use super::Format;
use super::check::print_json;
use crate::error::{Error, Verdict};
use crate::input::Leads;
use crate::messages::{Messages, plain_lines};
use crate::rules::count;
use crate::session::{Session, SessionOptions};
use gradus::explain::Language;
use gradus::paths::{Goal, GoalError};
use gradus::{Lead, Value};
use rust_decimal::Decimal;
use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// Arguments of `explain`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    session: SessionOptions,
    /// The lead's id; the first lead that has it is explained. May be left out when there is one lead only
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// text, or json with every rule, what it read, and the ledger of every score
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// What would reach this? fit=A, fit>=B (this or better), tags=LABEL, tags!=LABEL; shows the smallest sets of changes
    #[arg(long, value_name = "GOAL")]
    goal: Option<String>,
    /// What is still open, and which missing fields to ask for, the most decisive first
    #[arg(long, conflicts_with = "goal")]
    questions: bool,
    /// A field that does not change on the way to the goal; may be repeated
    #[arg(long, value_name = "FIELD", requires = "goal")]
    freeze: Vec<String>,
    /// What a change of a field costs, against 1 for the others; may be repeated
    #[arg(long, value_name = "FIELD=PRICE", requires = "goal")]
    price: Vec<String>,
    /// Language of the text
    #[arg(long, value_enum, default_value = "en")]
    lang: Lang,
}

/// Languages of explanations.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Lang {
    /// English
    En,
    /// Chinese (中文)
    Zh,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Language {
        match lang {
            Lang::En => Language::English,
            Lang::Zh => Language::Chinese,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  gradus explain intake.gradus leads.csv --id L-0042
  gradus explain intake.gradus leads.csv --id L-0042 --lang zh
  gradus explain intake.gradus leads.csv --id L-0042 --goal fit=A --freeze industry
  gradus explain intake.gradus leads.csv --id L-0042 --questions
  gradus explain intake.gradus leads.jsonl.gz --id L-0042 --at 2026-11-21 --format json
  echo '{\"employees\": 5000}' | gradus explain intake.gradus -

Exit codes: 0 fine, 2 bad usage, no such lead, or an input that cannot be read.";

/// Explains.
pub(crate) fn run(args: &Args) -> Result<Verdict, Error> {
    let mut messages = Messages::new(false, io::stdout().is_terminal());
    let mut session = args.session.begin(&mut messages)?;
    let mut leads = args.session.leads(&mut messages)?;
    let lead = match &args.id {
        Some(id) => find(&mut session, &mut leads, id.trim(), &messages)?,
        None => only(&mut leads)?,
    };
    messages.end();
    if let Some(goal) = &args.goal {
        return paths(args, goal, &session, &lead);
    }
    if args.questions {
        let open = session.rules.questions_with(&lead, &session.at, session.context(&lead));
        return show(args, &open, &open.render(args.lang.into()));
    }
    let explanation = session.rules.explain_with(&lead, &session.at, session.context(&lead));
    show(args, &explanation, &explanation.render(args.lang.into()))
}

/// Writes data as JSON, or its text.
fn show(args: &Args, data: &impl Serialize, text: &str) -> Result<Verdict, Error> {
    let mut out = io::stdout().lock();
    match args.format {
        Format::Json => print_json(&mut out, data)?,
        Format::Text => write!(out, "{}", plain_lines(text)).map_err(Error::stdout)?,
    }
    Ok(Verdict::Fine)
}

/// Shows what would reach a goal.
fn paths(args: &Args, goal: &str, session: &Session, lead: &Lead) -> Result<Verdict, Error> {
    let usage = |error: GoalError| Error::Usage(format!("--goal {goal}: {error}"));
    let mut wanted = goal.parse::<Goal>().map_err(usage)?;
    wanted = args.freeze.iter().fold(wanted, Goal::freeze);
    for price in &args.price {
        let parsed = price.split_once('=').and_then(|(field, price)| Some((field, price.parse::<Decimal>().ok()?)));
        let (field, price) =
            parsed.ok_or_else(|| Error::Usage(format!("--price {price}: write a field and a number: employees=5")))?;
        wanted = wanted.price(field, price);
    }
    let found = session.rules.paths_with(lead, &session.at, session.context(lead), &wanted).map_err(usage)?;
    show(args, &found, &found.render(args.lang.into()))
}

/// The first lead of this id.
fn find(session: &mut Session, leads: &mut Leads, id: &str, messages: &Messages) -> Result<Lead, Error> {
    let before = session.bad;
    while let Some(read) = leads.next() {
        match read {
            Ok(lead) if has_id(&lead, id) => return Ok(lead),
            Ok(_) => {}
            Err(bad) => session.report(&leads.name, &bad, messages),
        }
    }
    let bad = match session.bad - before {
        0 => String::new(),
        bad => format!(" ({} could not be read)", count(bad, "lead", "leads")),
    };
    Err(Error::input(&leads.name, format!("no lead has the id `{id}`{bad}")))
}

/// The lead of an input that has one only.
fn only(leads: &mut Leads) -> Result<Lead, Error> {
    let name = leads.name.clone();
    let lead = match leads.next() {
        Some(Ok(lead)) => lead,
        Some(Err(bad)) => return Err(Error::input(format!("{name}:{}", bad.line), bad.message)),
        None => return Err(Error::input(name, "there is no lead in it")),
    };
    match leads.next() {
        None => Ok(lead),
        Some(_) => Err(Error::Usage(format!("{name} has more than one lead: say which with --id"))),
    }
}

/// Ids are text; one that was written as a number can be asked for all the same.
fn has_id(lead: &Lead, id: &str) -> bool {
    match lead.get("id") {
        Some(Value::Text(held)) => held.exact() == id,
        Some(Value::Int(held)) => held.to_string() == id,
        _ => false,
    }
}
