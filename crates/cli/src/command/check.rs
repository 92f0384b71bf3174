//! `gradus check`: every mistake of rule files, with its place.

use super::{Format, group_name, groups};
use crate::error::{Error, Verdict};
use crate::rules::{self, RuleOptions, Text};
use gradus::diagnostic::{Diagnostic, render};
use gradus::{LoadError, Source};
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;

/// Arguments of `check`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Rule files; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Compile all files as one rule set, instead of each on its own
    #[arg(long)]
    together: bool,
    #[command(flatten)]
    options: RuleOptions,
    /// text, or json: a list of {code, severity, file, line, column, message, help}
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  gradus check intake.gradus
  gradus check rules/*.gradus --format json
  gradus check --together fields.gradus scores.gradus
  gradus check intake.gradus --param big_deal=5万 --zone Asia/Shanghai

Exit codes: 0 no findings, 1 findings, 2 bad usage (a param that the file does not have, too), or a file cannot be read.";

/// One mistake, for programs.
#[derive(Serialize)]
pub(super) struct Finding<'d> {
    code: &'static str,
    severity: String,
    file: &'d str,
    line: usize,
    column: usize,
    message: &'d str,
    help: Option<&'d str>,
}

impl<'d> Finding<'d> {
    fn new(sources: &'d [Source], diagnostic: &'d Diagnostic) -> Finding<'d> {
        let span = diagnostic.span();
        let source = sources.get(span.source.0 as usize);
        let place = source.map(|source| source.position(span.start));
        Finding {
            code: diagnostic.code.slug(),
            severity: diagnostic.severity.to_string(),
            file: source.map_or("", |source| &source.name),
            line: place.map_or(1, |place| place.line),
            column: place.map_or(1, |place| place.column),
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
        }
    }
}

/// Every mistake of a load, for programs.
pub(super) fn findings(error: &LoadError) -> Vec<Finding<'_>> {
    error.diagnostics().iter().map(|diagnostic| Finding::new(error.sources(), diagnostic)).collect()
}

/// What a load with errors means for the exit code.
pub(super) fn verdict(error: &LoadError) -> Verdict {
    if rules::is_bad_usage(error) { Verdict::Unreadable } else { Verdict::Findings }
}

/// Checks.
pub(crate) fn run(args: &Args) -> Result<Verdict, Error> {
    let (groups, mut worst) = groups(&args.files, args.together);
    let mut errors = Vec::new();
    let mut out = io::stdout().lock();
    for group in &groups {
        match rules::load(group, &args.options) {
            Ok(_) if args.format == Format::Text => good(&mut out, group).map_err(Error::stdout)?,
            Ok(_) => {}
            Err(error) => {
                worst = worst.max(verdict(&error));
                if args.format == Format::Text {
                    show(&mut out, &error).map_err(Error::stdout)?;
                }
                errors.push(error);
            }
        }
    }
    if args.format == Format::Json {
        let all: Vec<Finding<'_>> = errors.iter().flat_map(findings).collect();
        print_json(&mut out, &all)?;
    }
    Ok(worst)
}

/// Something as JSON for people and programs alike.
pub(super) fn print_json(out: &mut impl Write, value: &impl Serialize) -> Result<(), Error> {
    let written = serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from).and_then(|()| writeln!(out));
    written.map_err(Error::stdout)
}

fn good(out: &mut impl Write, group: &[Text]) -> io::Result<()> {
    writeln!(out, "{}: ok: {}", group_name(group), rules::summary(group))
}

/// The mistakes as text, and how many there are.
pub(super) fn show(out: &mut impl Write, error: &LoadError) -> io::Result<()> {
    for diagnostic in error.diagnostics() {
        writeln!(out, "{}", render(error.sources(), diagnostic))?;
    }
    let total = error.diagnostics().len() + error.left_out();
    let names: Vec<&str> = error.sources().iter().map(|source| source.name.as_str()).collect();
    writeln!(out, "{}: {}", names.join(" + "), rules::count(total, "error", "errors"))
}
