//! One message for each slip, with what it underlines: `code: message <underlined text> help: way out`.

use super::told;

#[track_caller]
fn slips(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(told(text).trim_end(), *expected, "{text}");
    }
}

#[test]
fn wrong_tokens() {
    slips(&[
        ("let a = b = 1", "wrong-token: `=` does not compare; write `==` <=>"),
        ("let a = b && c", "wrong-token: `&&` is not a word of the language; write `and` <&&>"),
        ("let a = b || c", "wrong-token: `||` is not a word of the language; write `or` <||>"),
        ("let a = !b", "wrong-token: `!` is not a word of the language; write `not` <!>"),
        (
            "let a = b；",
            "wrong-token: `；` ends nothing; leave it out <；> help: a declaration ends where the next one begins",
        ),
        (
            "let a = 1; let b = 2",
            "wrong-token: `;` ends nothing; leave it out <;> help: a declaration ends where the next one begins",
        ),
        ("let a ＝ 1", "wrong-token: `＝` is full-width; write `=` <＝>"),
        ("let a = b ＝ 1", "wrong-token: `＝` is full-width; write `==` <＝>"),
        ("let a = f(b，c)", "wrong-token: `，` is full-width; write `,` <，>"),
        ("let a：1", "wrong-token: `：` is full-width; write `:` <：>"),
        ("field a：text", "wrong-token: `：` is full-width; write `:` <：>"),
        ("let a = “汽车”", r#"wrong-token: `“汽车”` has the wrong quotation marks; write `"汽车"` <“汽车”>"#),
        (
            "let a = （b）",
            r#"wrong-token: `（` is full-width; write `(` <（>
wrong-token: `）` is full-width; write `)` <）>"#,
        ),
        ("let a = b in { 1、2 }", "wrong-token: `、` is not a word of the language; write `,` <、>"),
        ("let a = b ≥ 1", "wrong-token: `≥` is not a word of the language; write `>=` <≥>"),
        ("let a = b ≠ 1", "wrong-token: `≠` is not a word of the language; write `!=` <≠>"),
        ("let a = b is not missing", "wrong-token: `is not missing` is written `is present` <is not missing>"),
        (r#"classify c on x { > 5 => "a" }"#, "wrong-token: `> 5` is not a pattern <> 5> help: write `(5..)`"),
        (r#"classify c on x { == -5 => "a" }"#, "wrong-token: `== -5` is not a pattern <== -5> help: write `-5`"),
        ("let a = b AND c", "wrong-token: `AND` is written in small letters: `and` <AND>"),
        (
            r#"test "t" { given { a = 1 } }"#,
            "wrong-token: `=` does not stand between a name and its value; write `:` <=>",
        ),
        ("let a = b # c", "wrong-token: `#` does not begin a comment; write `//` <#>"),
        ("let a = 'x'", r#"wrong-token: `'x'` has the wrong quotation marks; write `"x"` <'x'>"#),
        ("let ＡＢ = １２", "wrong-token: `１２` is full-width; write `12` <１２>"),
    ]);
}

#[test]
fn comparisons() {
    slips(&[
        (
            "let a = b == missing",
            "missing-comparison: nothing equals `missing`, so this is never true; write `is missing` <== missing> help: write `b is missing`",
        ),
        (
            "let a = missing != b",
            "missing-comparison: nothing equals `missing`, so this is never true; write `is present` <missing !=>",
        ),
        (
            "let a = b = missing",
            "missing-comparison: nothing equals `missing`, so this is never true; write `is missing` <= missing> help: write `b is missing`",
        ),
        (
            "let a = b and c or d",
            "mixed-logic: `and` and `or` are mixed: this is `(b and c) or d` or `b and (c or d)` <b and c or d> help: put the parentheses that you mean",
        ),
        (
            "let a = b and c or d and e",
            "mixed-logic: `and` and `or` are mixed: this is `(b and c) or (d and e)` or `b and (c or d) and e` <b and c or d and e> help: put the parentheses that you mean",
        ),
        (
            "let a = 1 < x < 5",
            "chained-comparison: comparisons do not chain <1 < x < 5> help: write `1 < x and x < 5`, or `x in (1..5)`",
        ),
        (
            "let a = 5 >= x > 1",
            "chained-comparison: comparisons do not chain <5 >= x > 1> help: write `5 >= x and x > 1`, or `x in (1..5]`",
        ),
        (
            "let a = b == c == d",
            "chained-comparison: comparisons do not chain <b == c == d> help: write `b == c and c == d`",
        ),
        (
            "let a = b in c == d",
            "chained-comparison: comparisons do not chain <b in c == d> help: join two comparisons with `and`, or put the first in parentheses: `(b in c)`",
        ),
    ]);
}

#[test]
fn literals_and_names() {
    slips(&[
        ("let match = 1", "reserved-word: `match` is a word of the language and cannot be a name <match>"),
        ("field not : text", "reserved-word: `not` is a word of the language and cannot be a name <not>"),
        (
            "let a = 5kg",
            "invalid-number: `5kg` is neither a number nor a name <5kg> help: put a blank before `kg`, or leave it out; the units of numbers are `万`, `亿` and `%`",
        ),
        (
            "let a = 5万元",
            "invalid-number: `5万元` is neither a number nor a name <5万元> help: put a blank before `元`, or leave it out; the units of numbers are `万`, `亿` and `%`",
        ),
        (
            "let a = @2026-02-30",
            "invalid-date: there is no `@2026-02-30` in the calendar <@2026-02-30> help: write `@2026-11-21`, `@2026-11-21T09:00:00` or `@2026-11-21T09:00:00+08:00`",
        ),
        (
            "let a = @2026-1-3",
            "invalid-date: `@2026-1-3` is not written like a date or an instant <@2026-1-3> help: write `@2026-11-21`, `@2026-11-21T09:00:00` or `@2026-11-21T09:00:00+08:00`",
        ),
        (
            r#"let a = "\d""#,
            r#"invalid-escape: `\d` is not an escape <\d> help: the escapes are `\"`, `\\`, `\n`, `\t`, `\r` and `\u{…}`; a regular expression is written `r"…"`"#,
        ),
        ("let a = 1__0", "invalid-number: the `_` in `1__0` must stand between two digits <1__0>"),
    ]);
}

#[test]
fn brackets() {
    slips(&[
        (
            r#"let a = "x"#,
            r#"unclosed-bracket: this text has no closing quotation mark <"x> help: a text ends on its own line; a line break inside it is written `\n`"#,
        ),
        ("let a = (1", "unclosed-bracket: `(` is never closed <(> help: close it with `)`"),
        ("let a = 1)", "unclosed-bracket: `)` closes nothing <)>"),
        (
            "let a = b in [1..5}",
            "unclosed-bracket: `[` is closed by `}` <}> help: write `]`; only an interval mixes brackets, as `[1..5)` does",
        ),
        (
            "let a = f(1]",
            "unclosed-bracket: `(` is closed by `]` <]> help: write `)`; only an interval mixes brackets, as `[1..5)` does",
        ),
    ]);
}

#[test]
fn clauses() {
    slips(&[
        (
            "score s unique { }",
            "misplaced-clause: a score has no `unique` <unique> help: `unique` belongs to a `classify`",
        ),
        (
            r#"score s { grades { [1..] => "a" } grades { [1..] => "b" } }"#,
            r#"duplicate-clause: `grades` is given a second time <grades { [1..] => "b" }>"#,
        ),
        ("classify c unique unique { a => 1 }", "duplicate-clause: `unique` is given a second time <unique>"),
        (r#"classify c when a "t" { a => 1 }"#, r#"misplaced-clause: a title stands right after the name <"t">"#),
        (r#"field a : text "x" "y""#, r#"duplicate-clause: a second title <"y">"#),
    ]);
}

#[test]
fn what_was_expected() {
    slips(&[
        (
            "let a = a == not b",
            "syntax: `not` cannot stand inside a comparison or a calculation <not> help: put the negated condition in parentheses: `(not …)`",
        ),
        (
            "let a = [1..5)",
            "syntax: an interval can only stand after `in`, after `clamp` or as a pattern <[> help: write `x in [1..5)`",
        ),
        (
            r#"classify c { a > 1 "x" }"#,
            r#"syntax: expected `=>` or an operator, found `"x"` <"x"> help: a rule is written `TEST => RESULT`"#,
        ),
        (r#"classify c { a > 1 => "x" b > 2 => "y" }"#, "syntax: expected `,` or an operator, found `b` <b>"),
        (
            r#"classify c { a > 1 => "x"
 b > 2 => "y" }"#,
            "syntax: expected `,` or an operator, found `b` <b> help: put a `,` before `b`",
        ),
        (
            r#"classify c { a => 5 => "x" }"#,
            "syntax: expected `,` or an operator, found `=>` <=>> help: one rule has one `=>`: put a `,` between rules; at least is written `>=`",
        ),
        (
            "classify c on x { a > 1 => 1 }",
            r#"syntax: `>` belongs to a condition, but the rules of this block are patterns for its subjects <>> help: write a pattern, such as `"A"`, `[5..)` or `missing`; without subjects the rules are conditions"#,
        ),
        (
            "classify c { 1 | 2 => 1 }",
            "syntax: `|` belongs to a pattern, but the rules of this block are conditions <|> help: name the subject before the block with `on SUBJECT`, or write what is tested in the condition",
        ),
        (
            "classify c { [1..] => 1 }",
            "syntax: `[` belongs to a pattern, but the rules of this block are conditions <[> help: name the subject before the block with `on SUBJECT`, or write what is tested in the condition",
        ),
        (
            "classify c { (1..5] => 1 }",
            "syntax: `(` belongs to a pattern, but the rules of this block are conditions <(> help: name the subject before the block with `on SUBJECT`, or write what is tested in the condition",
        ),
        (
            "clasify c { a => 1 }",
            "syntax: expected a declaration, found `clasify` <clasify> help: did you mean `classify`?",
        ),
        ("field a : string", "syntax: `string` is not a type <string> help: write `text`"),
        ("field a : txt", "syntax: `txt` is not a type <txt> help: did you mean `text`?"),
        (
            "field a : foo",
            "syntax: `foo` is not a type <foo> help: the types are `bool`, `int`, `decimal`, `float`, `text`, `code`, `date`, `datetime`, `choice { … }`, `ordered choice { … }`, `set { … }`, `set of text`, `region` and `list { … }`",
        ),
        (
            r#"let a = b contains r"x""#,
            r#"syntax: `r"x"` can only stand after `matches` <r"x"> help: other texts are written `"…"`"#,
        ),
        (
            "let a = b within last 30",
            "syntax: expected `days`, `weeks`, `months` or `years`, found the end of the declaration <30> help: a period is written `30 days`",
        ),
        (
            "let a = b in [1]",
            "syntax: expected `..` or an operator, found `]` <]> help: an interval is written `[1..5)`; after `in` a list of values is written `{ 1, 5 }`",
        ),
        ("let a = ", "syntax: expected a value, found the end of the declaration <=>"),
        ("let = 5", "syntax: expected a name, found `=` <=>"),
        ("let a = b c", "syntax: expected an operator or the next declaration, found `c` <c>"),
        ("param p = 5", "syntax: expected a quoted text or `:`, found `=` <=>"),
        ("zone Asia", "syntax: expected a quoted text, found `Asia` <Asia>"),
        (r#"test "t" { expect }"#, "syntax: expected a value, found `}` <}>"),
        ("classify c", "syntax: expected `{` or a clause, found the end of the declaration <c>"),
        ("tags t { a => }", "syntax: expected a value, found `}` <}>"),
        (
            "classify c on a == 1 { _ => 1 }",
            "syntax: `a == 1` is a condition and cannot stand bare as a subject <a == 1> help: put it in parentheses, `(a == 1)`, or give it a name with `let`",
        ),
        ("field a text", "syntax: expected a quoted text or `:`, found `text` <text>"),
        ("field a : choice { a, b }", "syntax: expected a quoted text, found `a` <a>"),
        ("let a = count(x where)", "syntax: expected a value, found `)` <)>"),
        ("let a = sum(.a of )", "syntax: expected a name, found `)` <)>"),
        ("let a = f()", "syntax: expected a value, found `)` <)>"),
        ("let a = ++b", "syntax: expected a value, found `+` <+>"),
        (
            "indicator x { a => 1 }",
            "syntax: expected a declaration, found `indicator` <indicator> help: `indicator` stands in the block of a `score`",
        ),
        ("score s { indicator a weight { a => 1 } }", "syntax: expected `{`, an operator or a clause, found `}` <}>"),
        (r#"test "t" { given { a: b + 1 } }"#, "syntax: expected `,`, found `+` <+>"),
        ("let a = b ? c : d", "syntax: `?` has no meaning in a rule file <?>"),
        ("let a = b is null", "syntax: expected `missing` or `present`, found `null` <null>"),
        (r#"let a = b ends "x""#, r#"syntax: expected `with`, found `"x"` <"x">"#),
        ("let a = b.c(1)", "syntax: `b.c` is not a function: functions have no dot in their name <b.c>"),
        (r#"ruleset "x" "y""#, r#"syntax: expected `version` or the next declaration, found `"y"` <"y">"#),
        (
            "let a = b - not c",
            "syntax: `not` cannot stand inside a comparison or a calculation <not> help: put the negated condition in parentheses: `(not …)`",
        ),
        ("missing as { a b }", "syntax: expected `,`, found `b` <b>"),
    ]);
}
