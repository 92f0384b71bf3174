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

/// Each rule file with exactly the errors that it must give.
#[track_caller]
fn expect(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let found = told(text);
            (found != *expected).then(|| format!("{text}\n  expected {expected}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Each rule file that must load.
#[track_caller]
fn expect_fine(texts: &[&str]) {
    expect(&texts.iter().map(|text| (*text, "it loads")).collect::<Vec<_>>());
}
