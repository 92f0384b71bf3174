//! Rule files: reading, loading with the host's params and zone, counting what they declare.

use crate::error::Error;
use crate::params::{self, Param};
use gradus::diagnostic::Code;
use gradus::syntax::ast::{Item, TypeKind};
use gradus::{LoadError, RuleSet, syntax};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What every subcommand that loads rules takes.
#[derive(clap::Args, Debug)]
pub(crate) struct RuleOptions {
    /// Time zone by its tz database name, such as Asia/Shanghai, in place of the file's
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub(crate) zone: Option<TimeZone>,
    /// Set a param of the rules; numbers as in rules (50_000, 5万, 30%), sets as ["a", "b"]; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = params::parse)]
    pub(crate) params: Vec<Param>,
}

/// A rule file that has been read.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// What messages call it.
    pub(crate) name: String,
    /// All of it.
    pub(crate) text: String,
}

/// How messages call an input.
pub(crate) fn name_of(path: &Path) -> String {
    if is_stdin(path) { "<stdin>".into() } else { path.display().to_string() }
}

/// Whether a path means stdin.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a rule file, or stdin for `-`.
pub(crate) fn read(path: &Path) -> Result<Text, Error> {
    let name = name_of(path);
    let mut bytes = Vec::new();
    let read = if is_stdin(path) {
        io::stdin().lock().read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|error| Error::input(&name, error.to_string()))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Text { name, text }),
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = good.iter().filter(|&&byte| byte == b'\n').count() + 1;
            Err(Error::input(format!("{name}:{line}"), "not UTF-8 from here on: save the file as UTF-8"))
        }
    }
}

/// Compiles texts as one rule set.
pub(crate) fn load(texts: &[Text], options: &RuleOptions) -> Result<RuleSet, LoadError> {
    let mut builder = RuleSet::builder();
    for Text { name, text } in texts {
        builder = builder.source(name, text);
    }
    if let Some(zone) = &options.zone {
        builder = builder.zone(zone.clone());
    }
    let kinds = if options.params.is_empty() { HashMap::new() } else { param_kinds(texts) };
    for Param { name, value } in &options.params {
        builder = builder.param(name, params::value(value, kinds.get(name)));
    }
    builder.build()
}

/// Whether the command line is to blame for an error, and not the file.
pub(crate) fn is_bad_usage(error: &LoadError) -> bool {
    error.diagnostics().iter().any(|found| matches!(found.code, Code::UnknownParam | Code::InvalidParam))
}

/// The declared type of each param.
fn param_kinds(texts: &[Text]) -> HashMap<String, TypeKind> {
    let mut kinds = HashMap::new();
    for item in texts.iter().flat_map(items) {
        if let Item::Param(param) = item {
            kinds.insert(param.name.text, param.kind.kind);
        }
    }
    kinds
}

/// What a text declares; nothing when it does not parse.
fn items(text: &Text) -> Vec<Item> {
    syntax::parse_file(&text.name, &text.text).map(|file| file.items).unwrap_or_default()
}

/// In one line, what the texts declare: `3 classifications, 2 scores, 1 block of tags, 1 test`.
pub(crate) fn summary(texts: &[Text]) -> String {
    let items: Vec<Item> = texts.iter().flat_map(items).collect();
    let counted =
        |one: &str, many: &str, is: fn(&Item) -> bool| count(items.iter().filter(|item| is(item)).count(), one, many);
    [
        counted("classification", "classifications", |item| matches!(item, Item::Classify(_))),
        counted("score", "scores", |item| matches!(item, Item::Score(_))),
        counted("block of tags", "blocks of tags", |item| matches!(item, Item::Tags(_))),
        counted("test", "tests", |item| matches!(item, Item::Test(_))),
    ]
    .join(", ")
}

/// `1 lead`, `2 leads`
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A zone by its name, from the data inside the program: the same on all machines.
fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZoneDatabase::bundled()
        .get(name)
        .map_err(|_| "no such time zone: give a name of the tz database, such as Asia/Shanghai or UTC".into())
}
