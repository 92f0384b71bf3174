//! What ends the command early, and what it says to the shell.

use gradus::LoadError;
use std::io;
use std::process::ExitCode;

/// What the exit code says, from good to bad: the worst of everything that happened counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// 0
    Fine,
    /// 1: findings, failed tests, values that could not be read
    Findings,
    /// 2: bad usage, or an input (a lead too) that could not be read
    Unreadable,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> ExitCode {
        ExitCode::from(match verdict {
            Verdict::Fine => 0,
            Verdict::Findings => 1,
            Verdict::Unreadable => 2,
        })
    }
}

/// Why the command could not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// An input that cannot be opened or read at all.
    #[error("{file}: {reason}")]
    Input {
        /// Its name.
        file: String,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// Rule files with errors, where rules are needed to go on.
    #[error("the rules have errors\n\n{0}")]
    Rules(#[from] LoadError),
    /// Arguments that contradict each other, or that make no sense together with the inputs.
    #[error("{0}")]
    Usage(String),
    /// The output cannot be written.
    #[error("cannot write {file}: {source}")]
    Output {
        /// Its name.
        file: String,
        /// Why.
        source: io::Error,
    },
}

impl Error {
    /// An input that cannot be read, with the reason in words.
    pub(crate) fn input(file: impl Into<String>, reason: impl Into<String>) -> Error {
        Error::Input { file: file.into(), reason: reason.into() }
    }

    /// For `map_err` on writes to stdout.
    pub(crate) fn stdout(source: io::Error) -> Error {
        Error::Output { file: "to stdout".into(), source }
    }

    /// Whether the reader of our output has gone away.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Error::Output { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}
