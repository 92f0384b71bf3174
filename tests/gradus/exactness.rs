//! Small rule sets whose conditions test single axes: what an analysis finds is what a look at every cell finds, nothing
//! missed and nothing invented.
//!
//! A rule set is drawn with a few fields, each with a few values that stand for its cells. All combinations of these values
//! are evaluated, and what is true of all of them is compared with the findings.

use crate::support::{json, load};
use gradus::analysis::Finding;
use gradus::{At, Lead, RuleSet, Value};
use gradus_testkit::{Reference, seed};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How many rule sets are drawn; `GRADUS_EXACT` sets another number.
const RULE_SETS: u64 = 10_000;

/// How many combinations of values are looked at.
const CELLS: usize = 30;

/// Numbers that look random, and are the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: u64) -> u64 {
        // xorshift*, good enough for drawing
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % count
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    fn chance(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }
}

/// A field with conditions on it, and values in all of their cells.
struct Axis {
    name: &'static str,
    declared: &'static str,
    tests: &'static [&'static str],
    patterns: &'static [&'static str],
    values: fn() -> Vec<Value>,
}

fn numbers(of: &[i64]) -> Vec<Value> {
    of.iter().map(|it| Value::Int(*it)).collect()
}

/// The fields that rule sets are drawn from. Every value but `Null` is a lead's; `Null` is "missing".
const AXES: &[Axis] = &[
    Axis {
        name: "n",
        declared: "field n : int",
        tests: &[
            "n < 0",
            "n >= 2",
            "n == 1",
            "n != 2",
            "n in [0..2]",
            "n in { 0, 3 }",
            "n not in [1..3)",
            "n is missing",
            "n is present",
        ],
        patterns: &["[..0)", "[0..2)", "[2..]", "1", "0 | 3", "missing", "present", "_", "[1..3]"],
        values: || numbers(&[-1, 0, 1, 2, 3, 4]),
    },
    Axis {
        name: "d",
        declared: "field d : decimal",
        tests: &["d < 0.5", "d >= 0.5", "d > 1", "d in (0.5..1]", "d is missing", "d == 1", "not (d > 1)"],
        patterns: &["[..0.5)", "[0.5..1]", "(1..]", "1", "missing", "_"],
        values: || {
            let decimals = ["0.4", "0.5", "0.7", "1", "1.5"];
            decimals.iter().map(|it| Value::from(*it)).collect()
        },
    },
    Axis {
        name: "c",
        declared: "field c : ordered choice { \"x\", \"y\", \"z\" }",
        tests: &["c == \"x\"", "c != \"y\"", "c >= \"y\"", "c < \"z\"", "c in { \"x\", \"z\" }", "c is missing"],
        patterns: &["\"x\"", "\"y\" | \"z\"", "\"z\"", "missing", "present", "_"],
        values: || ["x", "y", "z"].map(Value::from).into(),
    },
    Axis {
        name: "b",
        declared: "field b : bool",
        tests: &["b", "not b", "b is missing", "b is present", "b == true"],
        patterns: &["true", "false", "missing", "_"],
        values: || vec![Value::Bool(true), Value::Bool(false)],
    },
    Axis {
        name: "s",
        declared: "field s : set { \"p\", \"q\", \"r\" }",
        tests: &[
            "s contains \"p\"",
            "s contains any { \"p\", \"q\" }",
            "s contains all { \"p\", \"q\" }",
            "s within { \"p\", \"q\" }",
            "not (s contains \"q\")",
            "s is missing",
        ],
        patterns: &["missing", "present", "_"],
        values: || {
            let sets: [&[&str]; 7] = [&["p"], &["q"], &["r"], &["p", "q"], &["p", "r"], &["q", "r"], &["p", "q", "r"]];
            sets.iter().map(|set| Value::List(set.iter().map(|it| Value::from(*it)).collect())).collect()
        },
    },
    Axis {
        name: "t",
        declared: "field t : text missing as { \"none\" }",
        tests: &["t == \"a\"", "t != \"a\"", "t in { \"a\", \"e\" }", "t == \"none\"", "t is missing"],
        patterns: &["\"a\"", "\"e\" | \"a\"", "\"none\"", "missing", "present", "_"],
        values: || ["a", "e", "o"].map(Value::from).into(),
    },
    Axis {
        name: "last_contact",
        declared: "",
        tests: &[
            "days_since(last_contact) < 30",
            "days_since(last_contact) >= 90",
            "last_contact within last 30 days",
            "last_contact within next 7 days",
            "last_contact is missing",
        ],
        patterns: &["missing", "present", "_"],
        values: || {
            let days = [-8, -7, -6, -1, 0, 1, 29, 30, 31, 89, 90, 91];
            days.iter()
                .map(|days| Value::Date(at().today().checked_sub(jiff::Span::new().days(*days)).unwrap()))
                .collect()
        },
    },
];

fn at() -> At {
    At::new(Timestamp::constant(1_768_478_400, 0), TimeZone::UTC)
}

/// A rule set: its text, and the fields that it asks.
struct Drawn {
    text: String,
    axes: Vec<&'static Axis>,
}

fn condition(dice: &mut Dice, axes: &[&'static Axis], depth: u32) -> String {
    let leaf = |dice: &mut Dice| {
        let axis: &&Axis = dice.one(axes);
        (*dice.one(axis.tests)).to_owned()
    };
    if depth == 0 || dice.chance(2) {
        return leaf(dice);
    }
    let parts: Vec<String> =
        (0..2 + dice.below(2)).map(|_| format!("({})", condition(dice, axes, depth - 1))).collect();
    match dice.below(4) {
        0 => parts.join(" and "),
        1 => parts.join(" or "),
        2 => format!("not {}", parts[0]),
        _ => format!("at_least(2, {})", parts.join(", ")),
    }
}

fn guard(dice: &mut Dice, axes: &[&'static Axis]) -> String {
    if dice.chance(4) { format!(" when {}", condition(dice, axes, 1)) } else { String::new() }
}

fn draw(dice: &mut Dice) -> Drawn {
    let mut axes: Vec<&'static Axis> = Vec::new();
    for _ in 0..1 + dice.below(3) {
        let axis = dice.one(AXES);
        let count = |axis: &Axis| (axis.values)().len() + 1;
        let cells: usize = axes.iter().map(|it| count(it)).product();
        if !axes.iter().any(|it| it.name == axis.name) && cells * count(axis) <= CELLS {
            axes.push(axis);
        }
    }
    let mut text = String::new();
    axes.iter().for_each(|axis| writeln!(text, "{}", axis.declared).unwrap());
    let labels = ["\"A\"", "\"B\"", "\"C\""];
    let kind = if dice.chance(3) { " : ordered choice { \"A\", \"B\", \"C\" }" } else { "" };
    if dice.chance(2) {
        let on: Vec<&Axis> = axes.iter().take(1 + usize::try_from(dice.below(2)).unwrap()).copied().collect();
        let names: Vec<&str> = on.iter().map(|axis| axis.name).collect();
        write!(text, "classify k{kind}{} on {} {{ ", guard(dice, &axes), names.join(", ")).unwrap();
        for _ in 0..1 + dice.below(5) {
            let patterns: Vec<&str> = on.iter().map(|axis| *dice.one(axis.patterns)).collect();
            write!(text, "{} => {}, ", patterns.join(", "), dice.one(&labels)).unwrap();
        }
    } else {
        write!(text, "classify k{kind}{} {{ ", guard(dice, &axes)).unwrap();
        for _ in 0..1 + dice.below(5) {
            write!(text, "{} => {}, ", condition(dice, &axes, 2), dice.one(&labels)).unwrap();
        }
    }
    if dice.chance(3) {
        text.push_str("otherwise => \"C\", ");
    }
    text.push_str("}\n");
    write!(text, "tags g{} {{ ", guard(dice, &axes)).unwrap();
    for tag in 0..1 + dice.below(4) {
        write!(text, "{} => \"g{tag}\", ", condition(dice, &axes, 2)).unwrap();
    }
    if !kind.is_empty() && dice.chance(2) {
        text.push_str("k == \"A\" => \"of A\", k != \"B\" and (k is present) => \"not of B\", ");
    }
    text.push_str("}\n");
    if dice.chance(2) {
        let clamp = *dice.one(&["", " clamp [0..50]", " clamp [-10..]"]);
        writeln!(text, "score v{}{clamp} {{", guard(dice, &axes)).unwrap();
        for indicator in 0..1 + dice.below(3) {
            let sum = *dice.one(&["", " sum"]);
            write!(text, "indicator i{indicator}{sum} {{ ").unwrap();
            for _ in 0..1 + dice.below(3) {
                write!(text, "{} => {}, ", condition(dice, &axes, 1), dice.one(&["10", "20", "-10", "40", "skip"]))
                    .unwrap();
            }
            text.push_str("}\n");
        }
        text.push_str("grades { [60..] => \"high\", [20..60) => \"middle\", [..20) => \"low\" } }\n");
    }
    Drawn { text, axes }
}

/// Every combination of values of the fields, missing ones too.
fn leads(axes: &[&'static Axis]) -> Vec<Lead> {
    let mut leads = vec![Lead::new()];
    for axis in axes {
        let values = (axis.values)();
        let with: Vec<Lead> = leads
            .iter()
            .flat_map(|lead| values.iter().map(|value| lead.clone().with(axis.name, value.clone())))
            .collect();
        leads.extend(with);
    }
    leads
}

/// What the explanations of all leads say of one block: for each rule how often it was true, fired, and was the first.
#[derive(Default)]
struct Seen {
    /// Where some guard let it be asked.
    asked: bool,
    /// By line and rule: true for some, not true for some (where it was asked), and fired for some.
    rules: BTreeMap<usize, [bool; 3]>,
}

#[derive(Default)]
struct Expected {
    never: BTreeSet<(String, usize)>,
    always: BTreeSet<(String, usize)>,
    labels: BTreeSet<String>,
    grades: BTreeSet<String>,
    uncovered: BTreeSet<String>,
}

/// What is true of all leads.
fn expected(rules: &RuleSet, leads: &[Lead]) -> Expected {
    let at = at();
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let (mut labels, mut grades, mut left_out) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for lead in leads {
        let explained = rules.explain(lead, &at);
        let mut block = |name: String, guard: bool, list: &[gradus::explain::RuleExplanation]| {
            let block = seen.entry(name).or_default();
            block.asked |= guard;
            for (place, rule) in list.iter().enumerate() {
                let is_true = rule.verdict.truth == gradus::explain::Truth::True;
                let entry = block.rules.entry(place).or_default();
                entry[0] |= guard && is_true;
                entry[1] |= guard && !is_true;
                entry[2] |= guard && rule.fired;
            }
        };
        let holds = |guard: &Option<gradus::explain::Verdict>| {
            guard.as_ref().is_none_or(|guard| guard.truth == gradus::explain::Truth::True)
        };
        for class in &explained.classes {
            let guard = holds(&class.guard);
            block(class.name.clone(), guard, &class.rules);
            labels.extend(class.label.clone());
            if guard && !class.rules.iter().any(|rule| rule.fired) {
                left_out.insert(class.name.clone());
            }
        }
        for tags in &explained.tags {
            block(tags.name.clone(), holds(&tags.guard), &tags.rules);
        }
        for score in &explained.scores {
            let guard = holds(&score.guard);
            grades.extend(score.grade.clone());
            for indicator in &score.indicators {
                block(indicator.name.clone(), guard, &indicator.rules);
            }
        }
    }
    let mut expected = Expected { labels, grades, uncovered: left_out, ..Expected::default() };
    for (name, block) in &seen {
        for (place, [is_true, is_not, fired]) in &block.rules {
            if !fired {
                expected.never.insert((name.clone(), *place));
            } else if *is_true && !is_not {
                expected.always.insert((name.clone(), *place));
            }
        }
    }
    expected
}

/// The rules of each block by where they stand, from an explanation of anything.
fn places(rules: &RuleSet, text: &str) -> BTreeMap<usize, (String, usize)> {
    let mut found = BTreeMap::new();
    let explained = rules.explain(&Lead::new(), &at());
    let mut from = BTreeMap::new();
    let mut add = |name: &str, header: String, list: &[gradus::explain::RuleExplanation]| {
        let mut start = *from.entry(header.clone()).or_insert_with(|| text.find(&header).unwrap() + header.len());
        start = text[start..].find("{ ").unwrap() + start;
        for (place, rule) in list.iter().enumerate() {
            let here = text[start..].find(&rule.rule).unwrap() + start;
            found.insert(here, (name.to_owned(), place));
            start = here + rule.rule.len();
        }
    };
    explained.classes.iter().for_each(|it| add(&it.name, format!("classify {}", it.name), &it.rules));
    explained.tags.iter().for_each(|it| add(&it.name, format!("tags {}", it.name), &it.rules));
    for indicator in explained.scores.iter().flat_map(|score| &score.indicators) {
        add(&indicator.name, format!("indicator {}", indicator.name), &indicator.rules);
    }
    found
}

/// The rules that findings of some codes are about.
fn found(findings: &[Finding], places: &BTreeMap<usize, (String, usize)>, codes: &[&str]) -> BTreeSet<(String, usize)> {
    let about = findings.iter().filter(|found| codes.contains(&found.code().slug()));
    about.filter_map(|found| places.get(&found.span().range().start).cloned()).collect()
}

fn check(drawn: &Drawn, pastes: bool) -> (Vec<String>, Vec<&'static str>) {
    let rules = load(&drawn.text);
    let findings = rules.findings();
    let places = places(&rules, &drawn.text);
    let expected = expected(&rules, &leads(&drawn.axes));
    let mut faults = Vec::new();
    let unfinished: Vec<&str> = findings
        .iter()
        .map(|found| found.code().slug())
        .filter(|code| ["undecided", "analysis-incomplete"].contains(code))
        .collect();
    if !unfinished.is_empty() {
        faults.push(format!("{unfinished:?}"));
    }
    let mut compare = |what: &str, expected: String, found: String| {
        if expected != found {
            faults.push(format!("{what}: every cell says {expected}, the analysis says {found}"));
        }
    };
    // a repeated rule never fires in a table, and is reported as a repetition; in a block of tags it does fire
    let repeated = found(findings, &places, &["duplicate-rule"]);
    let never = found(findings, &places, &["never-fires", "always-unknown"]);
    let without = |set: &BTreeSet<(String, usize)>| -> BTreeSet<(String, usize)> {
        set.iter().filter(|it| !repeated.contains(it)).cloned().collect()
    };
    compare("never fires", format!("{:?}", without(&expected.never)), format!("{never:?}"));
    let constants = |set: &BTreeSet<(String, usize)>| -> BTreeSet<(String, usize)> {
        let is_written = |it: &&(String, usize)| {
            let start = places.iter().find(|(_, place)| place == it).map_or(0, |(start, _)| *start);
            let text = &drawn.text[start..];
            let test = text.split(" =>").next().unwrap_or_default();
            !test.starts_with("otherwise") && test.split(", ").any(|part| part != "_")
        };
        without(set).iter().filter(is_written).cloned().collect()
    };
    let always = found(findings, &places, &["always-fires"]);
    compare("always fires", format!("{:?}", constants(&expected.always)), format!("{always:?}"));
    if drawn.text.contains("ordered choice { \"A\"") {
        let all = ["A", "B", "C"].map(str::to_owned);
        let unreached: BTreeSet<&String> = all.iter().filter(|label| !expected.labels.contains(*label)).collect();
        let labels: BTreeSet<String> = findings
            .iter()
            .filter(|found| found.code().slug() == "unreachable-label")
            .map(|found| drawn.text[found.span().range()].trim_matches('"').to_owned())
            .collect();
        compare("unreachable labels", format!("{unreached:?}"), format!("{labels:?}"));
    }
    if drawn.text.contains("score v") {
        let unreached = ["high", "middle", "low"].iter().filter(|grade| !expected.grades.contains(**grade)).count();
        let grades = findings
            .iter()
            .filter(|found| ["unreachable-grade", "clamp-hides-grade"].contains(&found.code().slug()))
            .count();
        compare("unreachable grades", unreached.to_string(), grades.to_string());
    }
    let uncovered: BTreeSet<String> = findings
        .iter()
        .filter(|found| found.code().slug() == "not-covered")
        .map(|found| drawn.text[found.span().range()].to_owned())
        .filter(|name| name == "k")
        .collect();
    for finding in findings {
        // loading the file once more takes longer than everything else
        if let Some(witness) = finding.witness().filter(|_| pastes) {
            let pasted = format!("{}{witness}\n", drawn.text);
            compare(
                "witness",
                "passes".to_owned(),
                if load(&pasted).run_tests().passed() { "passes" } else { "fails" }.to_owned(),
            );
            if finding.code().slug() == "not-covered" {
                let file = gradus::syntax::parse_file("rules", &drawn.text).unwrap();
                let lead = json(&serde_json::to_string(witness.lead()).unwrap());
                let outcome = Reference::new(&[file], &[]).evaluate(&lead, witness.at().now(), None, None, None);
                let class = outcome.get("classes").and_then(|classes| classes.get("k")).map(ToString::to_string);
                compare("the reference", "Some(\"null\")".to_owned(), format!("{class:?}"));
            }
        }
    }
    compare("not covered", format!("{:?}", expected.uncovered), format!("{uncovered:?}"));
    (faults, findings.iter().map(|found| found.code().slug()).collect())
}

/// What is wrong with some of the rule sets, and which codes were reported how often.
fn check_some(numbers: impl Iterator<Item = u64>) -> (Vec<String>, BTreeMap<&'static str, u64>) {
    let (mut faults, mut reported) = (Vec::new(), BTreeMap::new());
    for number in numbers {
        let mixed = seed::bytes(number, 8).iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let drawn = draw(&mut Dice(mixed | 1));
        let (wrong, codes) = check(&drawn, number % 16 < 2);
        if !wrong.is_empty() {
            faults.push(format!("{number}: {}\n{}", wrong.join("\n"), drawn.text));
        }
        for code in codes {
            *reported.entry(code).or_default() += 1;
        }
    }
    (faults, reported)
}

#[test]
fn findings_are_what_every_cell_says() {
    let count = std::env::var("GRADUS_EXACT").ok().and_then(|it| it.parse().ok()).unwrap_or(RULE_SETS);
    let half = std::thread::spawn(move || check_some((0..count).filter(|number| number % 2 == 1)));
    let (mut faults, mut reported) = check_some((0..count).filter(|number| number % 2 == 0));
    let (others, also) = half.join().unwrap();
    faults.extend(others);
    also.into_iter().for_each(|(code, times)| *reported.entry(code).or_default() += times);
    assert!(faults.is_empty(), "{} of {count}\n\n{}", faults.len(), faults[..faults.len().min(8)].join("\n\n"));
    for code in
        ["never-fires", "always-fires", "duplicate-rule", "unreachable-label", "unreachable-grade", "not-covered"]
    {
        assert!(count < 1_000 || reported.get(code).is_some_and(|it| *it > count / 200), "{code}: {reported:?}");
    }
}
