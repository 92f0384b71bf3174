//! What is wrong with a rule file or a lead is said once, at its place, in the author's words; nothing crashes.

mod leads;
mod limits;
mod meaning;
mod operators;
mod writing;

use gradus::{LoadError, RuleSet};

/// Every error on a line of its own: `code: message <underlined text> help: way out`.
fn told_by(error: &LoadError) -> String {
    let lines = error.diagnostics().iter().map(|diagnostic| {
        let span = diagnostic.span();
        let text = &error.sources()[span.source.0 as usize].text[span.range()];
        let help = diagnostic.help.as_ref().map_or(String::new(), |help| format!(" help: {help}"));
        format!("{}: {} <{text}>{help}", diagnostic.code, diagnostic.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn told(text: &str) -> String {
    RuleSet::parse(text).map_or_else(|error| told_by(&error), |_| "it loads".to_owned())
}

/// Whether these are exactly the expected errors. The way out counts where it is expected.
fn is_told(found: &str, expected: &str) -> bool {
    let fits = |(found, expected): (&str, &str)| {
        found.strip_prefix(expected).is_some_and(|rest| rest.is_empty() || rest.starts_with(" help: "))
    };
    found.lines().count() == expected.lines().count() && found.lines().zip(expected.lines()).all(fits)
}

/// Each rule file with exactly the errors that it must give.
#[track_caller]
fn expect(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let found = told(text);
            (!is_told(&found, expected)).then(|| format!("{text}\n  expected {expected}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
