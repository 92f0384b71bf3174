//! What the command says to people: on stderr, past the progress bar, without control characters from the data.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal, Write};
use std::path::Path;

/// Writes one message. Nothing can be done when stderr is closed.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end());
}

/// A text from the data, safe to show on a terminal and on one line.
pub(crate) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() && character != '\t' {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The same for a text of several lines.
pub(crate) fn plain_lines(text: &str) -> String {
    text.lines().map(|line| plain(line) + "\n").collect()
}

/// Messages while leads are read, with a progress bar where a person is watching.
pub(crate) struct Messages {
    visible: bool,
    bar: ProgressBar,
}

impl Messages {
    /// With a bar when stderr is a terminal, unless it would get between the lines of the output.
    pub(crate) fn new(quiet: bool, output_on_terminal: bool) -> Messages {
        let visible = !quiet && !output_on_terminal && io::stderr().is_terminal();
        Messages { visible, bar: ProgressBar::hidden() }
    }

    /// Says something above the bar.
    pub(crate) fn say(&self, text: &str) {
        self.bar.suspend(|| say(text));
    }

    /// Begins a bar for one input, in bytes as they lie on the disk; its length is known of files only.
    pub(crate) fn begin(&mut self, path: &Path, what: &'static str) -> ProgressBar {
        self.end();
        if self.visible {
            let length = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|file| file.len());
            let template = match length {
                Some(_) => "{msg} [{bar:30}] {bytes}/{total_bytes} {eta}",
                None => "{msg} {spinner} {bytes}",
            };
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            self.bar = length.map_or_else(ProgressBar::new_spinner, ProgressBar::new).with_style(style);
            self.bar.set_message(what);
        }
        self.bar.clone()
    }

    /// Takes the bar away.
    pub(crate) fn end(&mut self) {
        self.bar.finish_and_clear();
        self.bar = ProgressBar::hidden();
    }
}
