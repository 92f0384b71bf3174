//! `gradus check`: every mistake of rule files, with its place, and what an analysis finds in those that load.

use super::{Format, group_name, groups};
use crate::error::{Error, Verdict};
use crate::rules::{self, RuleOptions, Text};
use gradus::analysis::{Reach, Witness};
use gradus::diagnostic::{Diagnostic, Severity, render};
use gradus::{LoadError, RuleSet, Source};
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
    /// What makes the check fail beside errors: warnings, or hints too
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
    /// Show hints too: what is worth knowing, and often meant
    #[arg(long)]
    hints: bool,
    /// Say too where the order of rules decides between results
    #[arg(long)]
    overlaps: bool,
    /// Say too which tags imply or exclude each other
    #[arg(long)]
    relations: bool,
    /// Say too how low and how high each score and indicator can be
    #[arg(long)]
    reach: bool,
    /// Only look whether the files load
    #[arg(long)]
    errors_only: bool,
    /// text, or json: a list of {code, severity, file, line, column, message, help, witness}
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// From which severity on a finding counts as a failure.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Deny {
    Warnings,
    Hints,
}

impl Deny {
    fn counts(self, severity: Severity) -> bool {
        match self {
            Deny::Warnings => severity <= Severity::Warning,
            Deny::Hints => true,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  gradus check intake.gradus
  gradus check rules/*.gradus --format json
  gradus check --together fields.gradus scores.gradus
  gradus check intake.gradus --param big_deal=5万 --zone Asia/Shanghai
  gradus check intake.gradus --deny warnings

Exit codes: 0 the files load, and nothing denied was found, 1 errors, or findings that are denied, 2 bad usage (a param that the file does not have, too), or a file cannot be read.";

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
    witness: Option<&'d Witness>,
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
            witness: None,
        }
    }

    fn of_rules(rules: &'d RuleSet, found: &'d gradus::analysis::Finding) -> Finding<'d> {
        Finding { witness: found.witness(), ..Finding::new(rules.sources(), found.diagnostic()) }
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
    let (mut errors, mut loaded) = (Vec::new(), Vec::new());
    let mut out = io::stdout().lock();
    for group in &groups {
        match rules::load(group, &args.options) {
            Ok(rules) => {
                let found = args.findings(&rules);
                if found.iter().any(|found| args.deny.is_some_and(|deny| deny.counts(found.severity()))) {
                    worst = worst.max(Verdict::Findings);
                }
                if args.format == Format::Text {
                    args.show_findings(&mut out, &rules, &found).map_err(Error::stdout)?;
                    args.show_more(&mut out, &rules).map_err(Error::stdout)?;
                    good(&mut out, group, &found).map_err(Error::stdout)?;
                }
                loaded.push((rules, found));
            }
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
        let mut all: Vec<Finding<'_>> = errors.iter().flat_map(findings).collect();
        all.extend(loaded.iter().flat_map(|(rules, found)| found.iter().map(|found| Finding::of_rules(rules, found))));
        print_json(&mut out, &all)?;
    }
    Ok(worst)
}

impl Args {
    /// What is found in rules that load.
    fn findings(&self, rules: &RuleSet) -> Vec<gradus::analysis::Finding> {
        let mut found = if self.errors_only { Vec::new() } else { rules.findings().to_vec() };
        if self.overlaps {
            found.extend(rules.overlaps());
        }
        found
    }

    /// What was asked for beside findings.
    fn show_more(&self, out: &mut impl Write, rules: &RuleSet) -> io::Result<()> {
        if self.relations {
            for relation in rules.tag_relations() {
                writeln!(out, "{relation}")?;
            }
        }
        if self.reach {
            for name in rules.score_names() {
                let Some(reach) = rules.reach(name) else { continue };
                show_reach(out, name, &reach.score)?;
                for indicator in &reach.indicators {
                    show_reach(out, &format!("{name}.{}", indicator.name), indicator)?;
                }
            }
        }
        Ok(())
    }

    /// Findings with carets, each with the lead that shows it.
    fn show_findings(
        &self,
        out: &mut impl Write,
        rules: &RuleSet,
        found: &[gradus::analysis::Finding],
    ) -> io::Result<()> {
        let hints = self.hints || self.overlaps || self.deny == Some(Deny::Hints);
        for found in found.iter().filter(|found| hints || found.severity() != Severity::Hint) {
            writeln!(out, "{}", render(rules.sources(), found.diagnostic()))?;
            if let Some(witness) = found.witness() {
                for line in witness.to_string().lines() {
                    writeln!(out, "    {line}")?;
                }
                writeln!(out)?;
            }
        }
        Ok(())
    }
}

/// From the least to the greatest value.
fn show_reach(out: &mut impl Write, name: &str, reach: &Reach) -> io::Result<()> {
    let (Some((least, _)), Some((greatest, _))) = (&reach.least, &reach.greatest) else {
        return writeln!(out, "{name}: always missing");
    };
    let more = if reach.proved { "" } else { ", and perhaps beyond" };
    writeln!(out, "{name}: from {} to {}{more}", least.normalize(), greatest.normalize())
}

/// Something as JSON for people and programs alike.
pub(super) fn print_json(out: &mut impl Write, value: &impl Serialize) -> Result<(), Error> {
    let written = serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from).and_then(|()| writeln!(out));
    written.map_err(Error::stdout)
}

fn good(out: &mut impl Write, group: &[Text], found: &[gradus::analysis::Finding]) -> io::Result<()> {
    write!(out, "{}: ok: {}", group_name(group), rules::summary(group))?;
    let count = |severity: Severity| found.iter().filter(|found| found.severity() == severity).count();
    let warnings = Some(count(Severity::Warning)).filter(|count| *count > 0);
    let hints = Some(count(Severity::Hint)).filter(|count| *count > 0);
    let counted = [
        warnings.map(|warnings| rules::count(warnings, "warning", "warnings")),
        hints.map(|hints| rules::count(hints, "hint", "hints")),
    ];
    let counted: Vec<String> = counted.into_iter().flatten().collect();
    if !counted.is_empty() {
        write!(out, "; {}", counted.join(", "))?;
    }
    writeln!(out)
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
