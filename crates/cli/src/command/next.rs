//! `gradus next`: when each lead's outcome changes by time alone, and how.

use crate::error::{Error, Verdict};
use crate::input::Leads;
use crate::messages::Messages;
use crate::replace::Replacement;
use crate::rules::count;
use crate::session::{Session, SessionOptions, id};
use crate::values::Values;
use gradus::{Change, Lead, Transition};
use serde::Serialize;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Instant;

/// Arguments of `next`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    session: SessionOptions,
    /// Write to a file instead of stdout; it appears when it is complete
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// No progress bar and no summary
    #[arg(short, long)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  gradus next intake.gradus leads.csv
  gradus next intake.gradus leads.jsonl.gz --at 2026-11-21T09:00:00+08:00 -o calendar.jsonl
  cat leads.jsonl | gradus next intake.gradus - | jq -r 'select(.at) | [.at, .id] | @tsv' | sort

A line of JSON for each lead, in their order: {\"id\", \"at\", \"changes\"}. `at` is the first instant after --at at which a
class, a score, a grade, a coverage or a tag is another one, if no data changes; it is null when nothing ever changes.
`changes` are {\"name\", \"part\", \"direction\", \"from\", \"to\", \"by\", \"causes\"}. Rules that forever nearly change end the
search: then there is \"open\": true besides, nothing changes up to `at`, and what comes later was not looked at.

A lead that cannot be read is reported with its line, and the rest go on. In a field that is known, a value of the wrong
type is missing and reported with its line and path (the first 20), a label outside its list is missing and counted.

Exit codes: 0 fine, 1 values of the wrong type, 2 bad usage, or a lead or an input that cannot be read.";

/// A line of the output.
#[derive(Serialize)]
struct Line<'c> {
    id: Option<&'c str>,
    at: Option<String>,
    changes: &'c Transition,
    /// Only when it is so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    open: bool,
}

/// Leads on their way to the calendar.
struct Job {
    session: Session,
    leads: Leads,
    messages: Messages,
    /// Somebody may be waiting for each line.
    flush_each: bool,
    seen: usize,
    changing: usize,
    open: usize,
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
    let mut job =
        Job { session, leads, messages, flush_each, seen: 0, changing: 0, open: 0, values: Values::default() };
    match &args.output {
        None => job.write(BufWriter::new(io::stdout().lock())).map(drop).map_err(Error::stdout)?,
        Some(file) => {
            let to_file = |source| Error::Output { file: file.display().to_string(), source };
            let out = Replacement::begin(file).and_then(|file| job.write(BufWriter::new(file))).map_err(to_file)?;
            out.into_inner().map_err(io::IntoInnerError::into_error).and_then(Replacement::finish).map_err(to_file)?;
        }
    }
    job.messages.end();
    if !args.quiet {
        job.messages.say(&job.summary(started));
    }
    Ok(job.session.verdict().max(job.values.verdict()))
}

impl Job {
    /// Looks at every lead; a lead at a time is in memory.
    fn write<W: Write>(&mut self, mut out: W) -> io::Result<W> {
        while let Some(read) = self.leads.next() {
            match read {
                Ok(lead) => self.write_lead(&lead, &mut out)?,
                Err(bad) => self.session.report(&self.leads.name, &bad, &self.messages),
            }
            if self.flush_each {
                out.flush()?;
            }
        }
        out.flush()?;
        Ok(out)
    }

    fn write_lead(&mut self, lead: &Lead, out: &mut impl Write) -> io::Result<()> {
        let Session { rules, at, .. } = &self.session;
        let change = rules.next_change_with(lead, at, self.session.context(lead));
        let open = change.as_ref().is_some_and(Change::is_open);
        self.seen += 1;
        self.changing += usize::from(change.is_some() && !open);
        self.open += usize::from(open);
        match &change {
            Some(change) => self.values.report(change.before().data_issues(), &self.leads, &self.messages),
            None => self.values.report(rules.evaluate(lead, at).data_issues(), &self.leads, &self.messages),
        }
        let nothing = Transition::default();
        let line = Line {
            id: id(lead),
            at: change.as_ref().map(|change| change.at().to_string()),
            changes: change.as_ref().map_or(&nothing, Change::transition),
            open,
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")
    }

    /// `9,240 leads, 312 of them change by time alone, 0.8 s`
    fn summary(&self, started: Instant) -> String {
        let mut summary = count(self.seen, "lead", "leads");
        summary += &format!(", {} by time alone", count(self.changing, "changes", "change"));
        if self.open > 0 {
            summary += &format!(", {} not looked at to the end", self.open);
        }
        if self.session.bad > 0 {
            summary += &format!(", {}", count(self.session.bad, "bad piece of input", "bad pieces of input"));
        }
        summary.extend(self.values.summary().map(|told| format!(", {told}")));
        summary + &format!(", {:.1} s", started.elapsed().as_secs_f64())
    }
}
