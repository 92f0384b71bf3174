//! The `gradus` command: `check`, `fmt`, `run`, `test`, `explain`, `population`, `next` and `diff` for rule files of the
//! gradus language.
//!
//! A module per subcommand in `command`, the doors of leads in `input`, those of outcomes in `output`.

mod args;
mod command;
mod error;
mod input;
mod messages;
mod output;
mod params;
mod replace;
mod rules;
mod session;
mod values;

use clap::Parser;
use error::Verdict;
use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = command::run(args::Cli::parse());
    match outcome {
        Ok(verdict) => verdict.into(),
        // whoever reads us has seen enough
        Err(error) if error.is_broken_pipe() => Verdict::Fine.into(),
        Err(error) => {
            messages::say(&format!("error: {error}"));
            Verdict::Unreadable.into()
        }
    }
}
