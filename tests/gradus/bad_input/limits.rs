//! Limits: past each an error that names it, up to it no fault, even with little stack.

use super::{expect, told, told_by};
use gradus::{At, Lead, Limits, RuleSet};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What loading and evaluating get by with. Runs of `not` take the parser more: it needs two frames for each.
const STACK: usize = 256 << 10;
const STACK_FOR_NOT: usize = 512 << 10;

/// Loads and evaluates with little stack, and gives what `classify c` says.
fn with_little_stack(text: String) -> Option<String> {
    with_stack(STACK, text)
}

fn with_stack(stack: usize, text: String) -> Option<String> {
    let run = move || {
        let rules = RuleSet::parse(&text).unwrap_or_else(|error| panic!("{error}"));
        let at = At::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
        let lead = Lead::new().with_employees(5).with_contacted(true);
        let explained = rules.explain(&lead, &at);
        let outcome = rules.evaluate(&lead, &at);
        assert_eq!(outcome.class("c"), explained.classes[0].label.as_deref());
        outcome.class("c").map(str::to_owned)
    };
    std::thread::Builder::new().stack_size(stack).spawn(run).unwrap().join().unwrap()
}

fn parentheses(depth: usize) -> String {
    format!("let l = {}employees > 1{} classify c {{ l => \"x\" }}", "(".repeat(depth), ")".repeat(depth))
}

#[test]
fn parentheses_up_to_the_limit() {
    // the braces of `classify c { … }` do not count for those of the `let`
    assert_eq!(with_little_stack(parentheses(64)).as_deref(), Some("x"));
}

#[test]
fn parentheses_past_the_limit() {
    for depth in [65, 100_000] {
        let text = parentheses(depth);
        let error = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || RuleSet::parse(&text).unwrap_err())
            .unwrap()
            .join()
            .unwrap();
        assert!(told_by(&error).starts_with("nesting-limit: "), "{depth}: {error}");
        assert_eq!(error.diagnostics().len(), 1, "{depth}");
    }
    let open = told(&format!("let l = {}", "(".repeat(100_000)));
    assert!(open.starts_with("nesting-limit: ") || open.starts_with("unclosed-bracket: "), "{}", &open[..200]);
}

#[test]
fn nested_matches() {
    // two brackets a level would pass the limit: a `match` opens one
    let open = "match employees { 5 => ".repeat(62);
    let text = format!("let l = {open}1{} classify c on l {{ 1 => \"x\" }}", " }".repeat(62));
    assert_eq!(with_little_stack(text).as_deref(), Some("x"));
}

#[test]
fn runs_of_not_and_minus() {
    let text = format!("let l = {}employees > 1 classify c {{ l => \"x\" }}", "not ".repeat(64));
    assert_eq!(with_stack(STACK_FOR_NOT, text).as_deref(), Some("x"));
    let past = told(&format!("let l = {}contacted", "not ".repeat(100_000)));
    assert!(past.starts_with("nesting-limit: "), "{}", &past[..200]);
}

#[test]
fn a_chain_of_lets() {
    let mut text = "let l0 = employees\n".to_owned();
    for index in 1..=20_000 {
        text.push_str(&format!("let l{index} = l{} + 1\n", index - 1));
    }
    text.push_str("classify c on l20000 { 20005 => \"x\" }");
    assert_eq!(with_little_stack(text).as_deref(), Some("x"));
}

#[test]
fn a_chain_of_lets_in_reverse() {
    let mut text = "classify c on l20000 { 20005 => \"x\" }\n".to_owned();
    for index in (1..=20_000).rev() {
        text.push_str(&format!("let l{index} = l{} + 1\n", index - 1));
    }
    text.push_str("let l0 = employees");
    assert_eq!(with_little_stack(text).as_deref(), Some("x"));
}

#[test]
fn a_circle_of_many_lets_is_one_error() {
    let text: String = (0..20_000).map(|index| format!("let l{index} = l{} + 1\n", (index + 1) % 20_000)).collect();
    let error = std::thread::Builder::new().stack_size(STACK).spawn(move || RuleSet::parse(&text).unwrap_err());
    let error = error.unwrap().join().unwrap();
    assert_eq!(error.diagnostics().len(), 1);
    assert_eq!(error.diagnostics()[0].code.slug(), "cycle");
}

#[test]
fn long_conditions() {
    for word in [" and ", " or "] {
        let text = format!("let l = {} classify c {{ l => \"x\" }}", vec!["contacted"; 50_000].join(word));
        assert_eq!(with_little_stack(text).as_deref(), Some("x"));
    }
    let sum = format!("let l = {} classify c on l {{ 250000 => \"x\" }}", vec!["employees"; 50_000].join(" + "));
    assert_eq!(with_little_stack(sum).as_deref(), Some("x"));
}

#[test]
fn noise_ends() {
    // ten million bytes of every kind, unbalanced: an error, not a crash, and not for long
    let noise: String = "let {[( \"x => @ 5万 and ，\u{1F600} // \n".chars().cycle().take(8_200_000).collect();
    assert!(noise.len() > 10_000_000, "{}", noise.len());
    let error = RuleSet::parse(&noise).unwrap_err();
    assert!(!error.diagnostics().is_empty() && error.diagnostics().len() <= Limits::default().diagnostics);
}

#[test]
fn odd_characters() {
    expect(&[("\u{feff}let a = 1\r\nlet b = a\r\n", "it loads"), ("let a = 1 // \u{feff}\n", "it loads")]);
    let nul = told("let a = \0 1");
    assert!(nul.starts_with("invalid-text: "), "{nul}");
    assert_eq!(nul.lines().count(), 1, "{nul}");
}

#[test]
fn each_limit() {
    let told_with = |change: fn(&mut Limits), text: &str| {
        let mut limits = Limits::default();
        change(&mut limits);
        let built = RuleSet::builder().source("rules", text).limits(limits).build();
        built.map_or_else(|error| told_by(&error), |_| "it loads".to_owned())
    };
    let file = "classify c { employees > 1 => \"a\", employees > 2 => \"b\", company matches r\"a+b\" => \"c\" }";
    assert_eq!(told_with(|_| {}, file), "it loads");
    let code = |change| told_with(change, file).split(':').next().unwrap_or_default().to_owned();
    assert_eq!(code(|limits| limits.source_bytes = file_length()), "it loads");
    assert_eq!(code(|limits| limits.source_bytes = file_length() - 1), "source-limit");
    assert_eq!(code(|limits| limits.rules = 3), "it loads");
    assert_eq!(code(|limits| limits.rules = 2), "size-limit");
    assert_eq!(code(|limits| limits.nodes = 3), "size-limit");
    assert_eq!(code(|limits| limits.regex_bytes = 16), "invalid-regex");
    assert_eq!(code(|limits| limits.nesting = 0), "nesting-limit");
    fn file_length() -> usize {
        "classify c { employees > 1 => \"a\", employees > 2 => \"b\", company matches r\"a+b\" => \"c\" }".len()
    }
}

#[test]
fn errors_past_their_limit_are_counted() {
    let mut limits = Limits::default();
    limits.diagnostics = 3;
    let text: String = (0..10).map(|index| format!("let l{index} = qqqq{index}zzzz > 5\n")).collect();
    let error = RuleSet::builder().source("rules", text).limits(limits).build().unwrap_err();
    assert_eq!((error.diagnostics().len(), error.left_out()), (3, 7));
    assert!(error.to_string().ends_with("and 7 more"), "{error}");
}

#[test]
fn several_sources() {
    let built = RuleSet::builder()
        .source("one", "let a = employes > 5\nlet shared = 1")
        .source("two", "let b = a and compani == \"x\"\nlet shared = 2")
        .build();
    let error = built.unwrap_err();
    assert_eq!(
        told_by(&error),
        "unknown-name: nothing is called `employes` <employes> help: did you mean `employees`?\n\
         unknown-name: nothing is called `compani` <compani> help: did you mean `company`?\n\
         duplicate-name: the name `shared` is taken <shared>"
    );
    let places: Vec<u32> = error.diagnostics().iter().map(|diagnostic| diagnostic.span().source.0).collect();
    assert_eq!(places, [0, 1, 1]);
    let shown = error.to_string();
    assert!(shown.contains("one:1:9") && shown.contains("two:1:15") && shown.contains("two:2:5"), "{shown}");

    let twice = RuleSet::builder().source("one", "let a = 1").source("one", "let b = 1").build().unwrap_err();
    assert!(told_by(&twice).starts_with("duplicate-name: two sources are called `one`"), "{twice}");
}

#[test]
fn params_of_the_host() {
    let text = "param cut : int = 5 param day : date = @2026-01-01 classify c { employees > cut => \"x\" }";
    let told_with = |name: &str, value: gradus::Value| {
        let built = RuleSet::builder().source("rules", text).param(name.to_owned(), value).build();
        built.map_or_else(|error| told_by(&error), |_| "it loads".to_owned())
    };
    assert_eq!(told_with("cut", 7.into()), "it loads");
    for (name, value, code) in [
        ("cut", gradus::Value::from("x"), "invalid-param"),
        ("cut", true.into(), "invalid-param"),
        ("day", 7.into(), "invalid-param"),
        ("cutt", 7.into(), "unknown-param"),
        ("employees", 7.into(), "unknown-param"),
    ] {
        let found = told_with(name, value);
        assert!(found.starts_with(code), "{name}: {found}");
        assert_eq!(found.lines().count(), 1, "{name}: {found}");
    }
    assert!(told_with("cutt", 7.into()).ends_with("did you mean `cut`?"));
    // every check runs with the host's value
    let graded = "param cut : int = 60 score s { indicator a { always => budget } grades { [cut..] => \"A\", [..60) => \"B\" } }";
    let built = RuleSet::builder().source("rules", graded).param("cut", 70).build();
    assert!(told_by(&built.unwrap_err()).starts_with("grade-gap: no grade of `s` holds for scores [60..70)"));
}
