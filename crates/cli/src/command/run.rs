//! `gradus run`: leads in, outcomes out.

use crate::error::{Error, Verdict};
use crate::input::Leads;
use crate::messages::{Messages, plain};
use crate::output::{Format, Writer};
use crate::replace::Replacement;
use crate::rules::count;
use crate::session::{Session, SessionOptions};
use crate::values::Values;
use gradus::{DataIssueKind, Lead, Outcome};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Arguments of `run`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    session: SessionOptions,
    /// How outcomes are written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Write to a file instead of stdout; it appears when it is complete
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// No progress bar and no summary
    #[arg(short, long)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  gradus run intake.gradus leads.csv
  gradus run intake.gradus leads.jsonl.gz --format jsonl -o outcomes.jsonl
  gradus run intake.gradus leads.json --at 2026-11-21T09:00:00+08:00 --zone Asia/Shanghai
  gradus run intake.gradus today.jsonl --previous outcomes.jsonl --format jsonl
  gradus run rfm.gradus customers.csv --population customers.csv --format csv
  gradus run rfm.gradus new.csv --population measured.json --format csv
  cat leads.jsonl | gradus run intake.gradus - --format jsonl

CSV: the header names the fields. A blank cell is missing; the text of a cell is read as its field's type; a cell that
holds a JSON list or object is one, for sets and lists: [\"ERP\", \"CRM\"].

A lead that cannot be read is reported with its line, and the rest go on. In a field that is known, a value of the wrong
type is missing and reported with its line and path (the first 20), a label outside its list is missing and counted.

Exit codes: 0 fine, 1 values of the wrong type, 2 bad usage, or a lead or an input that cannot be read.";

/// Leads on their way to outcomes.
struct Job {
    session: Session,
    leads: Leads,
    messages: Messages,
    /// Somebody may be waiting for each outcome.
    flush_each: bool,
    evaluated: usize,
    values: Values,
}

/// Runs.
pub(crate) fn run(args: &Args) -> Result<Verdict, Error> {
    let started = Instant::now();
    let on_terminal = args.output.is_none() && io::stdout().is_terminal();
    let mut messages = Messages::new(args.quiet, on_terminal);
    let session = args.session.begin(&mut messages)?;
    let leads = args.session.leads(&mut messages)?;
    let flush_each = args.session.leads_from_stdin();
    let mut job = Job { session, leads, messages, flush_each, evaluated: 0, values: Values::default() };
    job.name_unknown_columns();
    match &args.output {
        None => job.write_stdout(args.format).map_err(Error::stdout)?,
        Some(file) => job
            .write_file(args.format, file)
            .map_err(|source| Error::Output { file: file.display().to_string(), source })?,
    }
    job.messages.end();
    if !args.quiet {
        job.messages.say(&job.summary(started));
    }
    Ok(job.session.verdict().max(job.values.verdict()))
}

impl Job {
    fn write_stdout(&mut self, format: Format) -> io::Result<()> {
        self.write(format, BufWriter::new(io::stdout().lock()))?.flush()
    }

    fn write_file(&mut self, format: Format, file: &Path) -> io::Result<()> {
        let out = self.write(format, BufWriter::new(Replacement::begin(file)?))?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.finish()
    }

    /// Evaluates every lead; a lead at a time is in memory.
    fn write<W: Write>(&mut self, format: Format, out: W) -> io::Result<W> {
        let rules = self.session.rules.clone();
        let at = self.session.at.clone();
        let mut evaluator = rules.evaluator();
        let mut writer = Writer::new(format, out, &rules.evaluate(&Lead::new(), &at))?;
        while let Some(read) = self.leads.next() {
            match read {
                Ok(lead) => {
                    let outcome = evaluator.evaluate(&lead, &at, self.session.context(&lead));
                    writer.write(outcome)?;
                    self.count(outcome);
                }
                Err(bad) => self.session.report(&self.leads.name, &bad, &self.messages),
            }
            if self.flush_each {
                writer.flush()?;
            }
        }
        writer.finish()
    }

    /// Counts an outcome and what its lead held that could not be read.
    fn count(&mut self, outcome: &Outcome) {
        self.evaluated += 1;
        self.values.report(outcome.data_issues(), &self.leads, &self.messages);
    }

    /// A misspelt column would be missing in every lead, and nobody would know.
    fn name_unknown_columns(&self) {
        let columns = self.leads.columns().iter().filter(|name| !name.is_empty());
        let lead: Lead = columns.map(|name| (name.clone(), "x")).collect();
        let issues = self.session.rules.check_lead(&lead, self.session.at.zone()).err().unwrap_or_default();
        let unknown = issues.into_iter().filter(|issue| issue.kind == DataIssueKind::UnknownField);
        let (misspelt, others): (Vec<_>, Vec<_>) = unknown.partition(|issue| issue.message.contains("did you mean"));
        for issue in misspelt {
            self.messages.say(&plain(&format!("{}:1: {}", self.leads.name, issue.message)));
        }
        if !others.is_empty() {
            let names: Vec<&str> = others.iter().map(|issue| issue.path.as_str()).collect();
            let columns = count(names.len(), "column", "columns");
            let name = &self.leads.name;
            self.messages.say(&plain(&format!("{name}:1: {columns} that the rules do not know: {}", names.join(", "))));
        }
    }

    /// `9,240 leads evaluated, 2 could not be read, 3 values of the wrong type, 4 labels outside their lists, 0.8 s`
    fn summary(&self, started: Instant) -> String {
        let mut parts = vec![format!("{} evaluated", count(self.evaluated, "lead", "leads"))];
        if self.session.bad > 0 {
            parts.push(count(self.session.bad, "bad piece of input", "bad pieces of input"));
        }
        parts.extend(self.values.summary());
        parts.push(format!("{:.1} s", started.elapsed().as_secs_f64()));
        parts.join(", ")
    }
}
