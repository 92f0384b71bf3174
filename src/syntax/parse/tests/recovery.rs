//! One slip, one message; everything else is still read.

use super::{clean, parse_default, told};
use crate::syntax::ast::Item;
use crate::{Limits, SourceId};

/// The names of what was read and of what was not.
fn names(text: &str) -> (Vec<String>, Vec<String>) {
    let parsed = parse_default(text);
    let read = parsed.file.items.iter().map(|item| match item {
        Item::Field(field) => field.name.text.clone(),
        Item::Param(param) => param.name.text.clone(),
        Item::Let(definition) => definition.name.text.clone(),
        Item::Classify(classify) => classify.name.text.clone(),
        Item::Score(score) => score.name.text.clone(),
        Item::Tags(tags) => tags.name.text.clone(),
        Item::Test(test) => test.title.text.clone(),
        Item::Ruleset(_) | Item::Zone(_) | Item::Placeholders(_) => String::new(),
    });
    (read.collect(), parsed.broken.into_iter().map(|name| name.text).collect())
}

#[test]
fn two_broken_declarations_and_a_good_one() {
    let text = "let a = b = 1\nclassify good { a => \"x\" }\nscore s {\n  indicator i { a > 1 \"x\" }\n}\n";
    assert_eq!(
        told(text),
        "wrong-token: `=` does not compare; write `==` <=>\n\
         syntax: expected `=>` or an operator, found `\"x\"` <\"x\"> help: a rule is written `TEST => RESULT`\n"
    );
    assert_eq!(names(text), (vec!["good".to_owned()], vec!["a".to_owned(), "s".to_owned()]));
}

#[test]
fn a_lost_bracket_costs_one_declaration() {
    for broken in [
        "classify c {\n  a => 1,\n",
        "let c = (1 + (2\n",
        "let c = f(1\n",
        "score c {\n  indicator i { a => 1\n}\n",
        "let c = 1 }\n",
    ] {
        let text = format!("let a = 1\n{broken}let b = 2\ntags t {{ a => \"x\" }}\n");
        assert_eq!(told(&text).lines().count(), 1, "{}", told(&text));
        assert!(told(&text).starts_with("unclosed-bracket: "));
        assert_eq!(
            names(&text),
            (vec!["a".to_owned(), "b".to_owned(), "t".to_owned()], vec!["c".to_owned()]),
            "{text}"
        );
    }
}

#[test]
fn an_unknown_word_does_not_spoil_its_neighbours() {
    let text = "tags t { a => \"x\" }\nclasify c { a => 1 }\nlet b = 2\n";
    assert_eq!(
        told(text),
        "syntax: expected a declaration, found `clasify` <clasify> help: did you mean `classify`?\n"
    );
    assert_eq!(names(text).0, ["t", "b"]);
}

#[test]
fn all_slips_of_a_declaration_are_reported() {
    let text = "let a = b && c ｜｜ d = missing";
    assert_eq!(told(text).lines().count(), 3, "{}", told(text));
}

#[test]
fn words_are_names_in_their_place() {
    clean(
        "field tags : text\nfield score : int \"分\"\nfield field : text\nfield last : date\nfield days : int\nfield skip : int\nfield any : text",
    );
    clean(
        "let a = tags contains \"x\"\n  and\ntags starts with \"x\" or\n  (score starts with \"y\")"
            .replace(" or", " and")
            .as_str(),
    );
    clean("let a = last within last days days and skip in [1..] and .tags == 1");
    clean("test \"t\" { given {\ntags: \"x\",\nscore: 1 } expect tags == \"x\" }");
    clean("tags t { skip > 1 => skip, a => any }");
    clean("field a : text\n  missing as { \"x\" }\n  \"title\"");
    clean("let a = sum(distinct .x of l), let b = 1".split(", ").next().unwrap_or_default());
    clean("let a = 1 let b = 2 classify c { a => 1 } tags t { b => 2 }");
}

#[test]
fn bytes_that_rule_files_cannot_hold() {
    clean("\u{feff}let a = 1\r\nlet b = 2\r\n");
    clean("let a\u{3000}=\u{a0}1\t+ 2");
    assert_eq!(told("let a = 1\0"), "invalid-text: the control character U+0000 cannot stand in a rule file <\0>\n");
    assert_eq!(
        told("let a = \u{200b}1"),
        "invalid-text: the invisible character U+200B cannot stand here <\u{200b}>\n"
    );
    assert_eq!(told("let a = \"\u{7}\"").lines().count(), 1);
    clean("// ＝ “ & \u{3000}\nlet a = \"，；：“”（） = && || !\" // && (");
}

/// Cuts, doubles and swaps pieces of real text: nothing panics, places stay inside the text.
#[test]
fn mutations_never_panic() {
    let seed = "missing as { \"无\", -1 }\nfield 行业 : ordered choice { \"a\", \"b\" } \"标题\"\nfield l : list { on: date, k: set of text }\n\
        param p \"t\" : decimal = 1.5万\nlet x = not (a in [1..p) or b contains any { \"x\" }) and last(.k of l by .on where .k is present) == r\n\
        classify c : choice { \"u\" } unique when x on a, b { \"u\" | [..5) | in { 1 }, _ => \"u\", otherwise => match { x => 1 } }\n\
        score s clamp [0..100] { indicator i weight 40% sum { always => half_life(1, d, 30 days) } grades { [1..] => \"A\" } }\n\
        test \"t\" at @2026-01-01T09:00Z { given { a: [ { b: -1 }, { } ], 行业: { \"x\" } } previous { c: \"u\" } population [ { } ] expect a == 1, }\n";
    clean(seed);
    let characters: Vec<char> = seed.chars().collect();
    let mut state: usize = 1;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let extra: Vec<char> = "(){}[]\"\\=<>!&|，“”；.@-%万\0\n r_9".chars().collect();
    for _ in 0..3000 {
        let mut text = characters.clone();
        for _ in 0..=random(3) {
            let (at, length) = (random(text.len()), random(12));
            match random(3) {
                0 => drop(text.drain(at..(at + length).min(text.len()))),
                1 => text.insert(at, extra[random(extra.len())]),
                _ => {
                    let other = random(text.len());
                    text.swap(at, other);
                }
            }
        }
        let text: String = text.into_iter().collect();
        let parsed = crate::syntax::parse(SourceId(0), &text, &Limits::default());
        for diagnostic in &parsed.diagnostics {
            for label in &diagnostic.labels {
                assert!(text.get(label.span.range()).is_some_and(|part| !part.is_empty()), "{diagnostic:?}\n{text}");
            }
            for word in ["_inside", "k_", "condition_rules", "ParsingError", "EOI"] {
                assert!(!diagnostic.message.contains(word), "{}\n{text}", diagnostic.message);
            }
        }
    }
}
