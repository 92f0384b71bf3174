//! The rules of the grammar in the language's own words.

use super::Rule;

type Family = (&'static [Rule], &'static str, &'static [Rule]);

/// Rules that one word stands for: when one of the first list is expected, the word covers all of the last.
pub(super) const FAMILIES: &[Family] = &[
    (
        &[Rule::anything, Rule::pattern],
        "a pattern",
        &[
            Rule::pattern,
            Rule::anything,
            Rule::k_missing,
            Rule::k_present,
            Rule::missing,
            Rule::present,
            Rule::in_set,
            Rule::k_in,
            Rule::interval,
            Rule::constant,
            Rule::otherwise,
            Rule::always,
            Rule::k_otherwise,
            Rule::k_always,
            Rule::number,
            Rule::text,
            Rule::date,
            Rule::truth,
            Rule::path,
            Rule::minus,
            Rule::name,
        ],
    ),
    (
        &[Rule::condition_rule, Rule::pattern_rule, Rule::condition_rules, Rule::pattern_rules],
        "a rule",
        &[Rule::condition_rule, Rule::pattern_rule, Rule::condition_rules, Rule::pattern_rules],
    ),
    (
        &[
            Rule::expression,
            Rule::reference,
            Rule::element,
            Rule::arguments_inside,
            Rule::paren_inside,
            Rule::set_inside,
        ],
        "a value",
        &[
            Rule::expression,
            Rule::reference,
            Rule::element,
            Rule::paren,
            Rule::set,
            Rule::number,
            Rule::text,
            Rule::date,
            Rule::truth,
            Rule::now,
            Rule::today,
            Rule::match_,
            Rule::k_match,
            Rule::not,
            Rule::sign,
            Rule::path,
            Rule::name,
            Rule::otherwise,
            Rule::always,
            Rule::k_otherwise,
            Rule::k_always,
            Rule::distinct,
            Rule::k_distinct,
            Rule::period,
            Rule::skip,
            Rule::k_skip,
            Rule::head_previous,
            Rule::arguments_inside,
            Rule::paren_inside,
            Rule::set_inside,
            Rule::quantifier,
            Rule::direction,
            Rule::subjects,
        ],
    ),
    (
        &[Rule::compare, Rule::k_contains, Rule::plus],
        "an operator",
        &[
            Rule::and,
            Rule::or,
            Rule::compare,
            Rule::in_op,
            Rule::contains,
            Rule::k_contains,
            Rule::affix,
            Rule::within,
            Rule::k_within,
            Rule::plus,
            Rule::minus,
            Rule::times,
            Rule::divide,
            Rule::is,
            Rule::k_is,
            Rule::in_interval,
            Rule::matches,
            Rule::k_matches,
            Rule::window,
            Rule::k_in,
            Rule::k_not,
        ],
    ),
    (
        &[Rule::k_when, Rule::k_weight, Rule::when],
        "a clause",
        &[
            Rule::title,
            Rule::text,
            Rule::typed,
            Rule::colon,
            Rule::unique,
            Rule::k_unique,
            Rule::when,
            Rule::k_when,
            Rule::weight,
            Rule::k_weight,
            Rule::sum,
            Rule::k_sum,
            Rule::clamp,
            Rule::k_clamp,
            Rule::on,
            Rule::k_on,
        ],
    ),
    (
        &[Rule::k_let, Rule::let_],
        "the next declaration",
        &[
            Rule::k_ruleset,
            Rule::k_zone,
            Rule::k_missing,
            Rule::k_field,
            Rule::k_param,
            Rule::k_let,
            Rule::k_classify,
            Rule::k_score,
            Rule::k_tags,
            Rule::k_test,
            Rule::placeholders,
        ],
    ),
];

/// One rule in words.
pub(super) fn single(rule: Rule) -> Option<String> {
    let word = match rule {
        Rule::arrow => "`=>`",
        Rule::equals => "`=`",
        Rule::colon => "`:`",
        Rule::comma => "`,`",
        Rule::dots => "`..`",
        Rule::name | Rule::word | Rule::path | Rule::entry | Rule::element_body | Rule::field_body => "a name",
        Rule::text | Rule::title | Rule::labels_inside => "a quoted text",
        Rule::score_inside => "`indicator` or `grades`",
        Rule::test_inside => "`given`, `previous`, `population` or `expect`",
        Rule::record_inside | Rule::elements_inside => "a name",
        Rule::record_or_set_inside => "a name or a constant",
        Rule::records_inside => "`{`",
        Rule::constants_inside => "a constant",
        Rule::interval_inside => "a value or `..`",
        Rule::declarations => "a declaration",
        Rule::raw => "a regular expression such as `r\"^a\"`",
        Rule::date => "a date such as `@2026-11-21`",
        Rule::number => "a number",
        Rule::kind | Rule::simple_kind => "a type",
        Rule::constant => "a constant",
        Rule::interval => "an interval",
        Rule::period => "a period such as `30 days`",
        Rule::unit => "`days`, `weeks`, `months` or `years`",
        Rule::placeholders => "`missing as`",
        Rule::rules
        | Rule::score_parts
        | Rule::test_parts
        | Rule::record
        | Rule::constants
        | Rule::labels
        | Rule::elements
        | Rule::condition_block
        | Rule::pattern_block
        | Rule::set
        | Rule::record_or_set => "`{`",
        Rule::records => "`[`",
        Rule::paren => "`(`",
        Rule::of => "`of`",
        Rule::by => "`by`",
        Rule::filter => "`where`",
        Rule::unique
        | Rule::when
        | Rule::weight
        | Rule::sum
        | Rule::clamp
        | Rule::on
        | Rule::indicator
        | Rule::grades
        | Rule::given
        | Rule::previous
        | Rule::population
        | Rule::expect
        | Rule::otherwise
        | Rule::always
        | Rule::missing
        | Rule::present
        | Rule::not
        | Rule::and
        | Rule::or => return Some(format!("`{rule:?}`")),
        // The rule of a keyword is called after it.
        _ => return format!("{rule:?}").strip_prefix("k_").map(|word| format!("`{word}`")),
    };
    Some(word.to_owned())
}

/// `a`, `b` or `c`
pub(super) fn join(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}
