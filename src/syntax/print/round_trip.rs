//! Parse, print, parse again: the same tree, all comments, and nothing new under a second run.

use std::path::{Path, PathBuf};

use crate::limits::Limits;
use crate::source::SourceId;
use crate::syntax::ast::RuleFile;
use crate::syntax::canonical::canonical;
use crate::syntax::parse::parse;

use super::print;

fn read(text: &str) -> RuleFile {
    let parsed = parse(SourceId(0), text, &Limits::default());
    assert!(parsed.diagnostics.is_empty(), "{text}\n{:#?}", parsed.diagnostics);
    parsed.file
}

/// The comments, whatever their order: one inside an expression moves to the line before.
fn comments(file: &RuleFile) -> Vec<&str> {
    let mut texts: Vec<&str> = file.comments.iter().map(|comment| comment.text.as_str()).collect();
    texts.sort_unstable();
    texts
}

/// The formatted text, after all laws have been checked.
fn format(text: &str) -> String {
    let tree = read(text);
    let printed = print(&tree, Some(text));
    let again = read(&printed);
    assert_eq!(again.items, tree.items, "{printed}");
    assert_eq!(comments(&again), comments(&tree), "{printed}");
    assert_eq!(print(&again, Some(&printed)), printed);
    let bare = RuleFile { items: tree.items.clone(), comments: Vec::new() };
    assert_eq!(read(&print(&bare, None)), bare);
    assert_eq!(canonical(&[again]), canonical(&[tree]));
    printed
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("GRADUS_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let rules = Some(folder.join("rules")).filter(|rules| rules.is_dir());
    if rules.is_none() {
        eprintln!("skipped: no shared rule files");
    }
    rules
}

#[test]
fn shared_rule_files() {
    let Some(folder) = shared() else { return };
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("its entries can be read").path();
        if path.extension().is_some_and(|extension| extension == "gradus") {
            format(&std::fs::read_to_string(&path).expect("rule files are text"));
        }
    }
}

#[test]
fn comments_in_nasty_places() {
    let source = r#"// head
ruleset // after a word
  "x"   // after the header

// before the zone
zone "UTC" // zone

field a // in a field
  : ordered choice { // open
    "x", // first

    // own
    "y" // last
    // dangling
  } "title" // end of field
let b = a == "x" // one
  and // two
  a in { // three
    "x" } // four
// five
classify c // header
  on a // header again
  // before the brace
{ // beside the brace
  // first of all
  "x" // pattern
    => // arrow
    "p", // beside the rule


  "y" => "q" // no comma
  // before the closing brace
} // beside the closing brace
score s { // in score
  // indicator
  indicator i { always => 1 } // beside the indicator

  // before grades
  grades // word
  { // in grades
    [1..] => "A", otherwise => "B" // grade
    // end of grades
  } // beside grades
  // end of score
}
tags t when true { } // no rules
test "t" { // in test
  // before given
  given { // in given
    // entry
    a: "x", // beside the entry
    activities: [ // list
      { kind: "demo" }, // record
      { }, // empty
      // end of list
    ], // after the list
    // end of given
  } // beside given
  // before expect
  expect // inside expect
    c == "p", // beside expect
  // end of test
}
test "u" { expect // only
  a == "given {" } // last of all
// end
"#;
    let expected = r#"// head
// after a word
ruleset "x"  // after the header

// before the zone
zone "UTC"  // zone

// in a field
field a : ordered choice {  // open
  "x",  // first

  // own
  "y",  // last
  // dangling
} "title"  // end of field
// one
// two
let b = a == "x"
  and a in {  // three
    "x",
  }  // four
// five
// header
// header again
// before the brace
classify c on a {  // beside the brace
  // first of all
  // pattern
  // arrow
  "x" => "p",  // beside the rule

  "y" => "q",  // no comma
  // before the closing brace
}  // beside the closing brace
score s {  // in score
  // indicator
  indicator i { always => 1 }  // beside the indicator

  // before grades
  // word
  grades {  // in grades
    [1..]     => "A",
    otherwise => "B",  // grade
    // end of grades
  }  // beside grades
  // end of score
}
tags t when true {}  // no rules
test "t" {  // in test
  // before given
  given {  // in given
    // entry
    a: "x",  // beside the entry
    activities: [  // list
      { kind: "demo" },  // record
      { },  // empty
      // end of list
    ],  // after the list
    // end of given
  }  // beside given
  // before expect
  // inside expect
  expect c == "p",  // beside expect
  // end of test
}
test "u" {
  given { }
  // only
  expect a == "given {",
}  // last of all
// end
"#;
    assert_eq!(format(source), expected);
}

/// The text with a comment of its own in every `step`th gap between words, from the `first` on.
fn sprinkle(text: &str, first: usize, step: usize) -> String {
    let (mut out, mut gap) = (String::new(), 0);
    for line in text.lines() {
        let mut quoted = false;
        let code = line.find("//").map_or(line, |slashes| &line[..slashes]);
        for letter in code.chars() {
            quoted ^= letter == '"';
            out.push(letter);
            if letter == ' ' && !quoted {
                gap += 1;
                if gap % step == first {
                    out.push_str(&format!("// {gap}\n    "));
                }
            }
        }
        out.push('\n');
    }
    out
}

#[test]
fn comments_anywhere() {
    let Some(folder) = shared() else { return };
    for file in ["language_1", "semantics", "zhike"] {
        let text = std::fs::read_to_string(folder.join(file).with_extension("gradus")).expect("rule files are text");
        for first in 0..7 {
            format(&sprinkle(&text, first, 7));
        }
        format(&sprinkle(&text, 0, 1));
    }
}
