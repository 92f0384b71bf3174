//! Rule files that follow the grammar and mean nothing sound.

use super::expect;

#[test]
fn unknown_names() {
    expect(&[
        (
            r#"let a = 行页 == "汽车" field 行业 : text"#,
            "unknown-name: nothing is called `行页` <行页> help: did you mean `行业`?",
        ),
        (
            "let a = employes > 5",
            "unknown-name: nothing is called `employes` <employes> help: did you mean `employees`?",
        ),
        (
            "let a = exployees_count_of_all > 5",
            "unknown-name: nothing is called `exployees_count_of_all` <exployees_count_of_all>",
        ),
        (
            "let a = day_since(last_contact) > 5",
            "unknown-function: no function is called `day_since` <day_since> help: did you mean `days_since`?",
        ),
        (
            r#"let a = count(activities where .kin == "x") > 1"#,
            "unknown-part: elements of `activities` have no field `kin` <kin> help: did you mean `kind`?",
        ),
        (
            "score fit { indicator i { always => 1 } } let a = fit.scor > 1",
            "unknown-part: the score `fit` has no part `scor` <scor> help: did you mean `score`?",
        ),
        (
            "let a = previous.fitt.score > 1 score fit { indicator i { always => 1 } }",
            "unknown-name: no outcome is called `fitt` <fitt> help: did you mean `fit`?",
        ),
        ("let a = previous.budget > 1", "unknown-name: no outcome is called `budget` <budget>"),
        (r#"let a = .kind == "x""#, "element-outside-list: `.kind` stands outside a list function <.kind>"),
    ]);
}

#[test]
fn labels() {
    expect(&[
        (
            r#"field stage : choice { "线索", "成交" } let a = stage == "成交了""#,
            r#"unknown-label: `"成交了"` is not one of the labels <"成交了"> help: did you mean `成交`?"#,
        ),
        (
            r#"field stage : choice { "Demo", "Won" } let a = stage in { "Demo", "Wonn" }"#,
            r#"unknown-label: `"Wonn"` is not one of the labels <"Wonn"> help: did you mean `Won`?"#,
        ),
        (r#"field stage : choice { "A", " a" }"#, r#"duplicate-label: the label `" a"` is listed twice <" a">"#),
        (r#"field stage : choice { "A", "A" }"#, r#"duplicate-label: the label `"A"` is listed twice <"A">"#),
        (r#"classify c : choice { "a" } { always => "b" }"#, r#"unknown-label: `"b"` is not one of the labels <"b">"#),
        (r#"classify c { always => "b" } let a = c == "x""#, r#"unknown-label: `"x"` is not one of the labels <"x">"#),
        (
            r#"field stage : choice { "new", "" }"#,
            r#"unknown-label: a label cannot be blank: blank means missing <"">"#,
        ),
        (
            r#"classify c on stage { "x" => "y" } field stage : choice { "new" }"#,
            r#"unknown-label: `"x"` is not one of the labels <"x">"#,
        ),
    ]);
}

#[test]
fn duplicates() {
    expect(&[
        ("let a = 1 let a = 2", "duplicate-name: the name `a` is taken <a>"),
        ("field a : int field a : int", "duplicate-name: the name `a` is taken <a>"),
        (
            "score s { indicator i { always => 1 } indicator i { always => 2 } }",
            "duplicate-name: the indicator `i` is there already <i>",
        ),
        ("let employees = 5", "duplicate-name: `employees` is a field of the standard lead <employees>"),
        (r#"param a : int = 1 classify a { always => "x" }"#, "duplicate-name: the name `a` is taken <a>"),
        (
            r#"test "t" at @2026-01-01 { given { employees: 1, employees: 2 } expect employees == 1 }"#,
            "duplicate-name: `employees` is given twice <employees>",
        ),
        (r#"zone "UTC" zone "UTC""#, r#"duplicate-clause: `zone` is given twice <"UTC">"#),
        (r#"zone "Mars/Base""#, r#"invalid-zone: `Mars/Base` is not a time zone <"Mars/Base">"#),
        ("field budget : text", "standard-field: `budget` is a standard field of type decimal <text>"),
        ("field a : list { b: int, b: int }", "duplicate-name: the element field `b` is declared twice <b>"),
    ]);
}

#[test]
fn cycles() {
    expect(&[
        ("let a = b let b = a", "cycle: these depend on each other: `a` → `b` → `a` <a>"),
        ("let a = a + 1", "cycle: these depend on each other: `a` → `a` <a>"),
        ("let a = b + 1 let b = c + 1 let c = a + 1", "cycle: these depend on each other: `a` → `b` → `c` → `a` <a>"),
        (
            r#"classify c { d == "x" => "x" } classify d { c == "x" => "x" }"#,
            "cycle: these depend on each other: `c` → `d` → `c` <c>",
        ),
        (
            r#"tags t { not (t contains "a") => "b", not (t contains "b") => "a" }"#,
            r#"cycle: these depend on each other: `t "b"` → `t "a"` → `t "b"` <not (t contains "a") => "b">"#,
        ),
        (
            r#"tags t { t contains "a" => "a" }"#,
            r#"cycle: these depend on each other: `t "a"` → `t "a"` <t contains "a" => "a">"#,
        ),
        ("score s { indicator i { s.score > 1 => 1 } }", "cycle: these depend on each other: `s` → `s` <s>"),
        (
            "score s { indicator i { l => 1 } } let l = s.grade is present",
            "cycle: these depend on each other: `l` → `s` → `l` <l>\nunknown-part: the score `s` has no grades <grade>",
        ),
        (r#"tags t { t == { "a" } => "a" }"#, r#"cycle: these depend on each other: `t` → `t "a"` → `t` <t>"#),
        (r#"classify c on c { "x" => "x" }"#, "cycle: these depend on each other: `c` → `c` <c>"),
    ]);
}

#[test]
fn weights() {
    expect(&[
        (
            "score s { indicator a weight 50% { always => 1 } indicator b weight 49% { always => 1 } }",
            "weight-total: the weights of `s` add up to 99 %, not 100 % <s>",
        ),
        (
            "score s { indicator a weight 60% { always => 1 } indicator b weight 60% { always => 1 } }",
            "weight-total: the weights of `s` add up to 120 %, not 100 % <s>",
        ),
        (
            "score s { indicator a weight 50% { always => 1 } indicator b { always => 1 } }",
            "mixed-weights: `b` has no weight, but others of `s` have <b>",
        ),
        (
            "score s { indicator a weight 0% { always => 1 } indicator b weight 100% { always => 1 } }",
            "weight-total: a weight is more than 0 % and at most 100 % <0%>",
        ),
        (
            "score s { indicator a weight 120% { always => 1 } indicator b weight -20% { always => 1 } }",
            "weight-total: a weight is more than 0 % and at most 100 % <120%>\nweight-total: a weight is more than 0 % and at most 100 % <-20%>",
        ),
    ]);
}

#[test]
fn scores_that_no_lead_reaches_need_no_grade() {
    let on = |subject: &str, rules: &str| {
        format!("score s {{ indicator i on {subject} {{ {rules} }} grades {{ [10..] => \"A\" }} }}")
    };
    let zero = "grade-gap: no grade of `s` holds for the score 0, which can be reached <[10..] => \"A\"> \
                help: add a grade for it, or `otherwise`";
    for (subject, rules, told) in [
        // nothing is left out, so none of the rules fires never happens
        ("employees", "[..10) => 10, [10..] => 20, missing => 30", "it loads"),
        ("employees", "[..9] => 10, [10..] => 20, missing => 30", "it loads"),
        ("employees", "present => 10, missing => 30", "it loads"),
        ("contacted", "true => 10, false => 20, missing => 30", "it loads"),
        ("days_since(last_contact)", "[..0] => 10, [1..] => 20, missing => 30", "it loads"),
        ("last_contact", "[..@2026-01-01) => 10, [@2026-01-01..] => 20, missing => 30", "it loads"),
        // something is
        ("employees", "[..10) => 10, [10..] => 20", zero),
        ("employees", "[..10) => 10, [11..] => 20, missing => 30", zero),
        ("deal_size", "[..9] => 10, [10..] => 20, missing => 30", zero),
        ("contacted", "true => 10, missing => 30", zero),
        ("contacted, employees", "true, [..5) => 10, false, [5..] => 20, missing, missing => 30", zero),
        ("company", "\"a\" => 10, missing => 20", zero),
    ] {
        expect(&[(&on(subject, rules), told)]);
    }
    let stage = "field stage : ordered choice { \"a\", \"b\", \"c\" } ";
    expect(&[
        (&(stage.to_owned() + &on("stage", "\"a\" => 10, [\"b\"..] => 20, missing => 30")), "it loads"),
        (&(stage.to_owned() + &on("stage", "\"a\" => 10, \"c\" => 20, missing => 30")), zero),
    ]);
    // the clamp's end is reached, what lies between it and the steps is not
    let steps = "score s clamp [0..40] { indicator i sum { contacted => 15, employees > 1 => 15, budget > 1 => 15 } ";
    expect(&[
        (&format!("{steps} grades {{ [40..] => \"A\", [..30] => \"B\" }} }}"), "it loads"),
        (
            &format!("{steps} grades {{ [45..] => \"A\", [..30] => \"B\" }} }}"),
            "grade-gap: no grade of `s` holds for the score 40, which can be reached <[45..] => \"A\", [..30] => \"B\"> \
             help: add a grade for it, or `otherwise`",
        ),
    ]);
}

#[test]
fn grades() {
    expect(&[
        (
            r#"score s { indicator a { always => budget } grades { [80..] => "A", [60..79] => "B", [..60) => "C" } }"#,
            r#"grade-gap: no grade of `s` holds for scores (79..80), which can be reached <[80..] => "A", [60..79] => "B", [..60) => "C">"#,
        ),
        (
            r#"score s { indicator a { contacted => 80, always => 60 } grades { [80..] => "A", [60..80] => "B" } }"#,
            r#"grade-overlap: two grades hold for the score 80 <[80..] => "A">"#,
        ),
        (
            r#"score s { indicator a { contacted => 80, always => 60 } grades { [80..] => "A", [70..80) => "B" } }"#,
            r#"grade-gap: no grade of `s` holds for the score 60, which can be reached <[80..] => "A", [70..80) => "B">"#,
        ),
        (
            r#"score s { indicator a { contacted => 85.5, always => 79.5 } grades { [80..] => "A", [60..79] => "B" } }"#,
            r#"grade-gap: no grade of `s` holds for the score 79.5, which can be reached <[80..] => "A", [60..79] => "B">"#,
        ),
        (
            r#"score s clamp [0..100] { indicator a { always => budget } grades { [80..100) => "A", [0..80) => "B" } }"#,
            r#"grade-gap: no grade of `s` holds for the score 100, which can be reached <[80..100) => "A", [0..80) => "B">"#,
        ),
        (
            r#"score s clamp [0..100] { indicator a { always => budget } grades { [80..] => "A", (0..80) => "B" } }"#,
            r#"grade-gap: no grade of `s` holds for the score 0, which can be reached <[80..] => "A", (0..80) => "B">"#,
        ),
        (
            r#"score s { indicator a weight 35% { contacted => 100, always => 0 } indicator b weight 65% { contacted => 100, always => 0 } grades { [51..] => "A", [1..49] => "B", 0 => "C" } }"#,
            r#"grade-gap: no grade of `s` holds for the score 50, which can be reached <[51..] => "A", [1..49] => "B", 0 => "C">"#,
        ),
        (
            r#"score s { indicator a weight 50% { contacted => 99, always => 0 } indicator b weight 50% { contacted => 100, always => 0 } grades { [50..] => "A", [..49] => "B" } }"#,
            r#"grade-gap: no grade of `s` holds for the score 49.5, which can be reached <[50..] => "A", [..49] => "B">"#,
        ),
        (
            r#"score s { indicator a { always => budget } grades { [..60) => "C", [60..] => "A", otherwise => "X" } }"#,
            "it loads",
        ),
        (
            r#"score s { indicator a { contacted => 1 } grades { [5..] => "A" } }"#,
            r#"grade-gap: no grade of `s` holds for scores [0..1], which can be reached <[5..] => "A">"#,
        ),
        (
            r#"score s { indicator a { contacted => 1 } grades { [0..] => "A", 1 => "B" } }"#,
            r#"grade-overlap: two grades hold for the score 1 <1 => "B">"#,
        ),
    ]);
}

#[test]
fn unique() {
    expect(&[
        (
            r#"classify c unique on employees { [1..10] => "a", [10..20] => "b" }"#,
            r#"overlap: two rules of `c` hold for the same lead, with different results <[10..20] => "b">"#,
        ),
        (
            r#"classify c unique { employees > 5 => "a", employees > 10 => "b" }"#,
            r#"overlap: two rules of `c` hold for the same lead, with different results <employees > 10 => "b">"#,
        ),
        (
            r#"classify c unique on employees, contacted { [1..10], true => "a", [10..20], true => "b" }"#,
            r#"overlap: two rules of `c` hold for the same lead, with different results <[10..20], true => "b">"#,
        ),
        (r#"classify c unique { contacted => "a", not contacted => "b" }"#, "it loads"),
        (r#"classify c unique on employees { [1..10] => "a", missing => "b", 10 => "a" }"#, "it loads"),
    ]);
}

#[test]
fn other() {
    expect(&[
        (r#"classify c { employees in [5..1] => "x" }"#, "empty-interval: nothing lies in this interval <[5..1]>"),
        (r#"classify c { employees in (5..5] => "x" }"#, "empty-interval: nothing lies in this interval <(5..5]>"),
        (
            r#"classify c on employees { otherwise => "x", 5 => "y" }"#,
            r#"otherwise-not-last: this rule comes after `otherwise` <5 => "y">"#,
        ),
        (r#"classify c on employees, budget { 5 => "y" }"#, "pattern-count: 1 pattern for 2 subjects <5>"),
        ("classify c { }", "no-rules: there are no rules here <c>"),
        ("score s { }", "no-rules: the score `s` has no indicators <s>"),
        (
            "let a = count(activities where count(purchases) > 1)",
            "nested-aggregate: list functions do not nest <count(purchases)>",
        ),
        (
            "let a = percent_rank(percent_rank(budget))",
            "nested-aggregate: a rank cannot be of something that is ranked itself <percent_rank(budget)>",
        ),
        ("let a = last_contact within last 0 days", "invalid-number: expected a number from 1 on, found 0 <0>"),
        ("let a = half_life(1, last_contact, 3 months)", "wrong-arguments: this decay takes days or weeks <3 months>"),
        (
            "let a = step_decay(1, last_contact, 120%, 1 week)",
            "invalid-number: a rate lies between 0 % and 100 % <120%>",
        ),
        (
            r#"test "t" { given { last_contact: @2026-01-01 } expect days_since(last_contact) == 1 }"#,
            r#"invalid-test: this test does not say when <"t">"#,
        ),
        (
            r#"test "t" at @2026-01-01 { given { employees: "x" } expect employees == 1 }"#,
            r#"invalid-test: expected int, found text `x` <"x">"#,
        ),
        ("field n : int missing as { 1.5.2 }", "syntax: expected `,`, found `.` <.>"),
        ("field n : bool missing as { 5 }", "invalid-placeholder: a bool field never holds a number <5>"),
        ("tags t { always => skip }", "not-constant: a tag is a quoted text <skip>"),
        ("let not = 5", "reserved-word: `not` is a word of the language and cannot be a name <not>"),
    ]);
}

#[test]
fn two_at_once() {
    expect(&[
        (
            r#"let a = employes > 5 let b = compani == "x""#,
            "unknown-name: nothing is called `employes` <employes> help: did you mean `employees`?\nunknown-name: nothing is called `compani` <compani> help: did you mean `company`?",
        ),
        (
            r#"let a = employes > 5 let b = a and contacted classify c { b => "x" }"#,
            "unknown-name: nothing is called `employes` <employes> help: did you mean `employees`?",
        ),
        (
            r#"classify c { employes > 5 => "x", budge > 5 => "y" } tags t { c == "x" => "t" }"#,
            "unknown-name: nothing is called `employes` <employes> help: did you mean `employees`?\nunknown-name: nothing is called `budge` <budge> help: did you mean `budget`?",
        ),
        (
            "let a = nothing_like_it let b = a + a + a",
            "unknown-name: nothing is called `nothing_like_it` <nothing_like_it>",
        ),
    ]);
}
