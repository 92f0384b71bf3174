//! `gradus fmt`: rule files in canonical layout.

use crate::error::{Error, Verdict};
use crate::replace::replace;
use crate::{messages, rules};
use gradus::syntax;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Arguments of `fmt`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Rule files to rewrite in place; `-` formats stdin to stdout
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Change nothing; name the files that would change, and exit with 1 when there are any
    #[arg(long)]
    check: bool,
}

const EXAMPLES: &str = "\
Examples:
  gradus fmt rules/*.gradus
  gradus fmt --check rules/*.gradus
  gradus fmt - < intake.gradus

Comments are kept. A file with syntax errors is left as it is. Files are replaced whole or not at all.

Exit codes: 0 fine, 1 with --check a file would change, or a file has syntax errors, 2 a file cannot be read or written.";

/// Formats.
pub(crate) fn run(args: &Args) -> Result<Verdict, Error> {
    let mut worst = Verdict::Fine;
    for file in &args.files {
        let done = one(file, args.check);
        let verdict = match done {
            Err(error) if !error.is_broken_pipe() => {
                messages::say(&format!("error: {error}"));
                Verdict::Unreadable
            }
            other => other?,
        };
        worst = worst.max(verdict);
    }
    Ok(worst)
}

fn one(file: &Path, check: bool) -> Result<Verdict, Error> {
    let source = rules::read(file)?;
    let formatted = match syntax::format(&source.name, &source.text) {
        Ok(formatted) => formatted,
        Err(error) => {
            messages::say(&error.to_string());
            messages::say(&format!("{}: left as it is", source.name));
            return Ok(Verdict::Findings);
        }
    };
    let changes = formatted != source.text;
    if check {
        if changes {
            writeln!(io::stdout().lock(), "{}", source.name).map_err(Error::stdout)?;
        }
        return Ok(if changes { Verdict::Findings } else { Verdict::Fine });
    }
    if rules::is_stdin(file) {
        io::stdout().lock().write_all(formatted.as_bytes()).map_err(Error::stdout)?;
    } else if changes {
        replace(file, &formatted)?;
    }
    Ok(Verdict::Fine)
}
