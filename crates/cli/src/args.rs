//! The command line.

use crate::command::{check, diff, explain, fmt, next, population, run, test};
use clap::{Parser, Subcommand};

/// Classifies, scores, grades and tags sales leads by a rule file, and says why
#[derive(Parser, Debug)]
#[command(name = "gradus", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Check rule files and show every mistake with its place
    Check(check::Args),
    /// Bring rule files into canonical layout
    Fmt(fmt::Args),
    /// Evaluate leads: classes, scores, grades, tags
    Run(run::Args),
    /// Run the tests inside rule files
    Test(test::Args),
    /// Say why a lead's outcome is what it is
    Explain(explain::Args),
    /// Measure all leads for percent_rank, ntile and cume_share, and list where these cut
    Population(population::Args),
    /// Say when each lead's outcome changes by time alone, and how
    Next(next::Args),
    /// Compare two versions of a rule file: proved equal, or a lead for each kind of change
    Diff(diff::Args),
}

const EXAMPLES: &str = "\
Examples:
  gradus check intake.gradus
  gradus test intake.gradus
  gradus run intake.gradus leads.csv
  gradus explain intake.gradus leads.csv --id L-0042
  gradus population rfm.gradus customers.csv
  gradus next intake.gradus leads.csv
  gradus diff old.gradus new.gradus --leads leads.csv

Exit codes: 0 fine; 1 findings, failed tests, or values of the wrong type in leads; 2 bad usage, or an input (a single
lead too) that cannot be read. Outcomes go to stdout, messages to stderr.";
