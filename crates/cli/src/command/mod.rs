//! A module per subcommand.

pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod next;
pub(crate) mod population;
pub(crate) mod run;
pub(crate) mod test;

use crate::args::{Cli, Command};
use crate::error::{Error, Verdict};
use crate::messages;
use crate::rules::{self, Text};
use std::path::PathBuf;

/// Does what the command line says.
pub(crate) fn run(cli: Cli) -> Result<Verdict, Error> {
    match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Population(args) => population::run(&args),
        Command::Next(args) => next::run(&args),
        Command::Diff(args) => diff::run(&args),
    }
}

/// How `check` and `test` print.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Rule files as `check` and `test` group them: each on its own, or all as one rule set. A file that cannot be read is
/// reported, and the rest go on.
fn groups(files: &[PathBuf], together: bool) -> (Vec<Vec<Text>>, Verdict) {
    let mut verdict = Verdict::Fine;
    let mut texts = Vec::with_capacity(files.len());
    for file in files {
        match rules::read(file) {
            Ok(text) => texts.push(text),
            Err(error) => {
                messages::say(&format!("error: {error}"));
                verdict = Verdict::Unreadable;
            }
        }
    }
    let groups = match together {
        // without one of its files a rule set is another one
        true if verdict == Verdict::Fine => vec![texts],
        true => Vec::new(),
        false => texts.into_iter().map(|text| vec![text]).collect(),
    };
    (groups, verdict)
}

/// How a group is called in a line of its own.
fn group_name(group: &[Text]) -> String {
    group.iter().map(|text| text.name.as_str()).collect::<Vec<_>>().join(" + ")
}
