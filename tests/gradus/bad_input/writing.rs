//! Slips of the pen: brackets, tokens of other languages, mixed operators, regular expressions.

use super::expect;

#[test]
fn brackets() {
    expect(&[
        ("let a = (1 + 2", "unclosed-bracket: `(` is never closed <(>"),
        ("let a = 1 + 2)", "unclosed-bracket: `)` closes nothing <)>"),
        (r#"tags t { contacted => "x""#, "unclosed-bracket: `{` is never closed <{>"),
        (r#"classify c { employees in [1..5} => "x" }"#, "unclosed-bracket: `[` is never closed <[>"),
        (r#"let a = "x"#, r#"unclosed-bracket: this text has no closing quotation mark <"x>"#),
    ]);
}

#[test]
fn foreign_tokens() {
    expect(&[
        ("let a = employees = 5", "wrong-token: `=` does not compare; write `==` <=>"),
        ("let a = contacted && contacted", "wrong-token: `&&` is not a word of the language; write `and` <&&>"),
        ("let a = contacted || contacted", "wrong-token: `||` is not a word of the language; write `or` <||>"),
        ("let a = !contacted", "wrong-token: `!` is not a word of the language; write `not` <!>"),
        ("let a = employees ＝ 5", "wrong-token: `＝` is full-width; write `==` <＝>"),
        ("let a ＝ 5", "wrong-token: `＝` is full-width; write `=` <＝>"),
        ("let a = min(1，2)", "wrong-token: `，` is full-width; write `,` <，>"),
        ("let a = 1；", "wrong-token: `；` ends nothing; leave it out <；>"),
        (
            "let a = （1）",
            "wrong-token: `（` is full-width; write `(` <（>\nwrong-token: `）` is full-width; write `)` <）>",
        ),
        (
            "let a = company == “汽车”",
            r#"wrong-token: `“汽车”` has the wrong quotation marks; write `"汽车"` <“汽车”>"#,
        ),
        ("field x：text", "wrong-token: `：` is full-width; write `:` <：>"),
        ("let a = employees ≥ 5", "wrong-token: `≥` is not a word of the language; write `>=` <≥>"),
        (r#"let a = company in { "a"、"b" }"#, "wrong-token: `、` is not a word of the language; write `,` <、>"),
        (
            "let a = budget == missing",
            "missing-comparison: nothing equals `missing`, so this is never true; write `is missing` <== missing> help: write `budget is missing`",
        ),
        ("let a = budget is not missing", "wrong-token: `is not missing` is written `is present` <is not missing>"),
        (r#"classify c on employees { > 5 => "x" }"#, "wrong-token: `> 5` is not a pattern <> 5> help: write `(5..)`"),
    ]);
}

#[test]
fn mixed_logic() {
    expect(&[
        (
            "let a = contacted and contacted or budget > 1",
            "mixed-logic: `and` and `or` are mixed: this is `(contacted and contacted) or budget > 1` or `contacted and (contacted or budget > 1)` <contacted and contacted or budget > 1>",
        ),
        (
            "let a = contacted or not contacted and budget > 1",
            "mixed-logic: `and` and `or` are mixed: this is `contacted or (not contacted and budget > 1)` or `(contacted or not contacted) and budget > 1` <contacted or not contacted and budget > 1>",
        ),
        ("let a = 1 < employees < 5", "chained-comparison: comparisons do not chain <1 < employees < 5>"),
    ]);
}

#[test]
fn regular_expressions() {
    expect(&[
        (
            r#"let a = company matches r"(""#,
            r#"invalid-regex: this regular expression is wrong: unclosed group <r"(">"#,
        ),
        (
            r#"let a = company matches r"(a)\1""#,
            r#"invalid-regex: this regular expression is wrong: backreferences are not supported <r"(a)\1">"#,
        ),
        (
            r#"let a = company matches r"(?=a)""#,
            r#"invalid-regex: this regular expression is wrong: look-around, including look-ahead and look-behind, is not supported <r"(?=a)">"#,
        ),
        (r#"let a = company matches r"""#, r#"empty-needle: everything matches the empty pattern <r"">"#),
        (r#"let a = company contains """#, r#"empty-needle: everything contains the empty text <"">"#),
        (r#"let a = company starts with " ""#, r#"empty-needle: everything contains the empty text <" ">"#),
        (r#"let a = company contains any { "a", "　" }"#, r#"empty-needle: everything contains the empty text <"　">"#),
        (
            r#"let a = company matches r"(\w{50}){50}{50}""#,
            r#"invalid-regex: this regular expression needs more than 1048576 bytes <r"(\w{50}){50}{50}">"#,
        ),
    ]);
}
