//! Runs the real command.

mod acceptance;
mod bad_input;
mod check;
mod diff;
mod explain;
mod fmt;
mod inputs;
mod next;
mod population;
mod run;
mod test;

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Rules that most tests use.
pub(crate) const RULES: &str = r#"ruleset "Intake" version "3"
field industry : choice { "制造业", "教育" }
field member_since : date
param big : int = 1000
score fit {
  indicator size on employees { [1000..) => 80, [..1000) => 30, missing => 0 }
  grades { [60..] => "A", [..60) => "B" }
}
classify priority { fit.grade == "A" => "P1", otherwise => "P2" }
classify member : ordered choice { "普通", "金牌" } {
  employees >= big => "金牌",
  previous.member == "金牌" => "金牌",
  otherwise => "普通",
}
tags profile {
  industry == "制造业" => "制造",
  products contains "ERP" => "ERP",
  last_contact within last 30 days => "近期",
}
test "large" at @2026-11-21 { given { employees: 5000 } expect fit.grade == "A" and priority == "P1" }
"#;

/// What the command did.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    /// With this exit code; shows everything when it is another.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Done {
        assert_eq!(self.code, code, "exit code\nstdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Says this on stderr.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Done {
        assert!(self.err.contains(text), "expected `{text}` in stderr:\n{}", self.err);
        self
    }

    /// Prints this on stdout.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Done {
        assert!(self.out.contains(text), "expected `{text}` in stdout:\n{}", self.out);
        self
    }

    /// Each line of stdout as JSON.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }
}

/// A folder with files for one test.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// With `rules.gradus`.
    pub(crate) fn new() -> Folder {
        let folder = Folder(TempDir::new().expect("a temporary folder"));
        folder.file("rules.gradus", RULES);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("a file in a temporary folder");
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file in a temporary folder")
    }

    /// Runs the command in the folder.
    pub(crate) fn gradus<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Done {
        self.gradus_with(arguments, b"")
    }

    /// The same with something on stdin.
    pub(crate) fn gradus_with<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
        stdin: impl AsRef<[u8]> + Send,
    ) -> Done {
        gradus(self.0.path(), arguments, stdin)
    }

    /// `gradus run rules.gradus LEADS --format jsonl --at 2026-11-21`, with more arguments.
    pub(crate) fn run(&self, leads: &str, more: &[&str]) -> Done {
        self.run_with(leads, more, b"")
    }

    /// The same with something on stdin.
    pub(crate) fn run_with(&self, leads: &str, more: &[&str], stdin: impl AsRef<[u8]> + Send) -> Done {
        let fixed = ["run", "rules.gradus", leads, "--format", "jsonl", "--at", "2026-11-21"];
        self.gradus_with(fixed.iter().chain(more), stdin)
    }
}

/// Runs the command.
pub(crate) fn gradus<S: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = S>,
    stdin: impl AsRef<[u8]> + Send,
) -> Done {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let done = std::thread::scope(|scope| {
        scope.spawn(move || {
            // a command that does not read all of it is free to do so
            let _ = pipe.write_all(stdin.as_ref());
        });
        child.wait_with_output().expect("the command ends")
    });
    Done {
        code: done.status.code().expect("an exit code"),
        out: String::from_utf8(done.stdout).expect("UTF-8"),
        err: String::from_utf8(done.stderr).expect("UTF-8"),
    }
}

/// Packs bytes.
pub(crate) fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes.as_ref()).expect("a vector takes everything");
    packer.finish().expect("a vector takes everything")
}
