//! What `run`, `explain` and `next` share: rules, leads, instant, last outcomes, population.

use crate::error::{Error, Verdict};
use crate::input::{Bad, Format, Leads, Pieces, PopulationInput};
use crate::messages::{Messages, plain};
use crate::rules::{self, RuleOptions, is_stdin};
use gradus::{At, Context, Lead, Population, PopulationBuilder, Previous, RuleSet, Value};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Arguments of `run`, `explain` and `next`.
#[derive(clap::Args, Debug)]
pub(crate) struct SessionOptions {
    /// Rule file; `-` is stdin
    #[arg(value_name = "RULES")]
    rules_file: PathBuf,
    /// Leads: JSON (an array, or one object), JSON Lines, or CSV with a header, each also as .gz; `-` is stdin
    #[arg(value_name = "LEADS")]
    leads_file: PathBuf,
    /// Another rule file that belongs to the rule set; may be repeated
    #[arg(long = "rules", value_name = "FILE")]
    extra: Vec<PathBuf>,
    /// Format of the leads [default: by the extension .json, .jsonl, .ndjson or .csv, else by the first byte]
    #[arg(long, value_enum)]
    input: Option<Format>,
    /// Instant of the evaluation: 2026-11-21T09:00:00+08:00, …Z, a local time, or a date [default: now]
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// Last outcomes, as `run --format jsonl` writes them; found by id, the last one of an id counts; held in memory
    #[arg(long, value_name = "OUTCOMES")]
    previous: Option<PathBuf>,
    /// All leads, for percent_rank, ntile and cume_share; measured at the same instant; the measured numbers are held in
    /// memory. Or what `gradus population --out` has measured of them
    #[arg(long, value_name = "FILE")]
    population: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) options: RuleOptions,
}

/// Everything that an evaluation needs beside the lead.
pub(crate) struct Session {
    /// The rules.
    pub(crate) rules: RuleSet,
    /// The instant.
    pub(crate) at: At,
    previous: HashMap<String, Previous>,
    population: Option<Population>,
    /// Leads and outcomes that could not be read so far.
    pub(crate) bad: usize,
}

impl SessionOptions {
    /// Reads everything but the leads.
    pub(crate) fn begin(&self, messages: &mut Messages) -> Result<Session, Error> {
        self.refuse_two_stdins()?;
        let mut session = Session::load(&self.rules_file, &self.extra, &self.options, self.at.as_deref())?;
        if let Some(file) = &self.previous {
            session.read_previous(file, messages)?;
        }
        if let Some(file) = &self.population {
            session.population = Some(session.read_population(file, self.input, messages)?);
        }
        Ok(session)
    }

    /// Opens the leads.
    pub(crate) fn leads(&self, messages: &mut Messages) -> Result<Leads, Error> {
        Leads::open(&self.leads_file, self.input, messages, "leads")
    }

    /// Whether somebody may be waiting for each outcome.
    pub(crate) fn leads_from_stdin(&self) -> bool {
        is_stdin(&self.leads_file)
    }

    fn refuse_two_stdins(&self) -> Result<(), Error> {
        let files = [&self.rules_file, &self.leads_file].into_iter().chain(&self.extra);
        refuse_two_stdins(files.chain(&self.previous).chain(&self.population))
    }
}

/// Only one input can be stdin.
pub(crate) fn refuse_two_stdins<'f>(files: impl Iterator<Item = &'f PathBuf>) -> Result<(), Error> {
    if files.filter(|file| is_stdin(file)).count() > 1 {
        return Err(Error::Usage("`-` twice: stdin can be only one of the inputs".into()));
    }
    Ok(())
}

/// The id of an outcome.
#[derive(Deserialize)]
struct Identified {
    #[serde(default)]
    id: Option<String>,
}

impl Session {
    /// Reads the rules; without an instant it is now.
    pub(crate) fn load(
        file: &PathBuf,
        extra: &[PathBuf],
        options: &RuleOptions,
        at: Option<&str>,
    ) -> Result<Session, Error> {
        let files = std::iter::once(file).chain(extra);
        let texts = files.map(|file| rules::read(file)).collect::<Result<Vec<_>, _>>()?;
        let rules = rules::load(&texts, options)?;
        let at = match at {
            Some(text) => At::new(instant(text, rules.zone())?, rules.zone().clone()),
            None => rules.at(Timestamp::now()),
        };
        Ok(Session { rules, at, previous: HashMap::new(), population: None, bad: 0 })
    }

    /// What an evaluation of this lead is given beside the lead and the instant.
    pub(crate) fn context(&self, lead: &Lead) -> Context<'_> {
        let previous = if self.previous.is_empty() { None } else { id(lead).and_then(|id| self.previous.get(id)) };
        Context::default().with_previous(previous).with_population(&self.population)
    }

    /// What came of everything that was to be read.
    pub(crate) fn verdict(&self) -> Verdict {
        if self.bad > 0 { Verdict::Unreadable } else { Verdict::Fine }
    }

    /// Reports a piece that is no lead.
    pub(crate) fn report(&mut self, name: &str, bad: &Bad, messages: &Messages) {
        self.bad += 1;
        messages.say(&plain(&format!("{name}:{bad}")));
    }

    fn read_previous(&mut self, file: &Path, messages: &mut Messages) -> Result<(), Error> {
        let mut pieces = Pieces::open(file, messages, "previous")?;
        while let Some(piece) = pieces.next() {
            match piece.and_then(|(line, text)| outcome(line, &text)) {
                Ok((id, previous)) => drop(self.previous.insert(id, previous)),
                Err(bad) => self.report(&pieces.name, &bad, messages),
            }
        }
        messages.end();
        Ok(())
    }

    /// A population: measured beforehand, or of leads that are measured now.
    fn read_population(
        &mut self,
        file: &Path,
        format: Option<Format>,
        messages: &mut Messages,
    ) -> Result<Population, Error> {
        let population = match PopulationInput::open(file, format, messages)? {
            PopulationInput::Measured(name, text) => self.measured(&name, &text)?,
            PopulationInput::Leads(leads) => {
                let rules = self.rules.clone();
                let at = self.at.clone();
                self.measure(leads, Population::builder(&rules, &at), messages)
            }
        };
        messages.end();
        Ok(population)
    }

    /// A population that these rules have measured.
    pub(crate) fn measured(&self, name: &str, text: &str) -> Result<Population, Error> {
        Population::from_json(&self.rules, text).map_err(|error| Error::input(name, error.to_string()))
    }

    /// Measures leads; those that cannot be read are reported.
    pub(crate) fn measure(
        &mut self,
        mut leads: Leads,
        mut builder: PopulationBuilder<'_>,
        messages: &Messages,
    ) -> Population {
        while let Some(read) = leads.next() {
            match read {
                Ok(lead) => builder.push(&lead),
                Err(bad) => self.report(&leads.name, &bad, messages),
            }
        }
        builder.finish()
    }
}

/// A lead's id, as outcomes carry it.
pub(crate) fn id(lead: &Lead) -> Option<&str> {
    match lead.get("id") {
        Some(Value::Text(id)) => Some(id.exact()),
        _ => None,
    }
}

/// A last outcome with its id.
fn outcome(line: usize, text: &str) -> Result<(String, Previous), Bad> {
    let bad = |message: String| Bad::line(line, message);
    let previous = Previous::from_json(text).map_err(|error| bad(error.to_string()))?;
    match serde_json::from_str(text) {
        Ok(Identified { id: Some(id) }) => Ok((id.trim().to_owned(), previous)),
        _ => Err(bad("an outcome without an id: it belongs to no lead".into())),
    }
}

/// An instant as `--at` takes it; a local time is in the zone, a date is the start of its day there.
fn instant(text: &str, zone: &TimeZone) -> Result<Timestamp, Error> {
    let text = text.trim().strip_prefix('@').unwrap_or(text.trim());
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let civil = text.parse::<DateTime>().ok().filter(|_| !has_offset(text));
    let zoned = civil.and_then(|civil| zone.to_ambiguous_zoned(civil).compatible().ok());
    zoned.map(|zoned: Zoned| zoned.timestamp()).ok_or_else(|| {
        let help = "give one such as 2026-11-21T09:00:00+08:00, 2026-11-21T09:00:00 or 2026-11-21";
        Error::Usage(format!("--at {text}: no such instant; {help}"))
    })
}

/// Whether a time says where it is meant, so that it must not be read as a local one.
fn has_offset(text: &str) -> bool {
    text.get(10..).is_some_and(|time| time.contains(['+', '-', 'Z', 'z', '[']))
}
