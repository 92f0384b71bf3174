//! Properties of any text.

use gradus::syntax::{self, ast::RuleFile};
use gradus::{LoadError, RuleSet};

/// Any text: no panic, spans inside the text, messages that render, and a tree that prints to itself.
pub fn parse(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match syntax::parse_file("rules", text) {
        Err(error) => check_error(&error, text),
        Ok(tree) => {
            let printed = syntax::print(&tree);
            let again = read(&printed, text);
            assert_eq!(again.items, tree.items, "printing changed the tree\n--- text\n{text}\n--- printed\n{printed}");
            assert_eq!(syntax::print(&again), printed, "printing is not stable\n--- text\n{text}");
        }
    }
    if let Err(error) = RuleSet::parse(text) {
        check_error(&error, text);
    }
}

/// Any text that parses: its layout is stable, and means the same.
pub fn format_round_trip(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(tree) = syntax::parse_file("rules", text) else {
        assert!(syntax::format("rules", text).is_err(), "formatted what does not parse\n--- text\n{text}");
        return;
    };
    let formatted = syntax::format("rules", text).unwrap_or_else(|error| panic!("{error}\n--- text\n{text}"));
    let again = read(&formatted, text);
    assert_eq!(again.items, tree.items, "formatting changed the tree\n--- text\n{text}\n--- formatted\n{formatted}");
    let comments = |tree: &RuleFile| tree.comments.len();
    assert_eq!(comments(&again), comments(&tree), "comments were lost\n--- text\n{text}\n--- formatted\n{formatted}");
    let twice = syntax::format("rules", &formatted).unwrap_or_else(|error| panic!("{error}\n--- text\n{text}"));
    assert_eq!(twice, formatted, "formatting is not stable\n--- text\n{text}");
    let fingerprint = |text: &str| RuleSet::parse(text).ok().map(|rules| rules.fingerprint().to_owned());
    assert_eq!(fingerprint(&formatted), fingerprint(text), "formatting changed the meaning\n--- text\n{text}");
}

fn read(printed: &str, text: &str) -> RuleFile {
    syntax::parse_file("printed", printed)
        .unwrap_or_else(|error| panic!("{error}\n--- text\n{text}\n--- printed\n{printed}"))
}

/// Every span lies inside its text, at characters; everything renders.
fn check_error(error: &LoadError, text: &str) {
    assert!(!error.diagnostics().is_empty(), "an error without a reason\n--- text\n{text}");
    for diagnostic in error.diagnostics() {
        assert!(!diagnostic.labels.is_empty(), "{diagnostic:?} is nowhere\n--- text\n{text}");
        for label in &diagnostic.labels {
            let span = label.span;
            assert!(text.get(span.range()).is_some(), "{span:?} is outside the text\n{diagnostic:?}\n--- text\n{text}");
        }
        assert!(!diagnostic.message.is_empty() && !diagnostic.message.contains('\n'), "{diagnostic:?}");
    }
    assert!(!error.to_string().is_empty());
}
