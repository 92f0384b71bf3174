//! Rule files so large, or so entangled, that every layout of the executable form is needed: rows of chunks, joined
//! axes, axes with thousands of cells, several stages, and conditions that are computed since their boxes would be too
//! many.
//!
//! A declaration evaluated alone knows nothing of any of that, so it is what the whole outcome is held against; the
//! reference interpreter is slow, and looks at a few leads.

use crate::draw::{Draw, condition, decimal, fields, lead as drawn, single};
use crate::scene::unlike;
use crate::support::{differences, lead, load, not_alone, shown};
use gradus::{Context, RuleSet};
use gradus_testkit::{Json, Reference};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const LEADS: usize = 300;

/// Loads rules, and compares all ways of evaluating these leads. What labels were given, each with its declaration.
fn agree(text: &str, leads: &[Json], by_reference: usize) -> (RuleSet, BTreeSet<String>) {
    let rules = load(text);
    let now: Timestamp = "2026-11-21T09:00:00Z".parse().unwrap();
    let at = rules.at(now);
    let context = Context::default();
    let file = gradus::syntax::parse_file("rules", text).unwrap();
    let reference = Reference::new(&[file], &[]);
    let mut evaluator = rules.evaluator();
    let mut given = BTreeSet::new();
    for (index, json) in leads.iter().enumerate() {
        let lead = lead(json);
        let outcome = evaluator.evaluate(&lead, &at, context).clone();
        let mut found = not_alone(&rules, &outcome, &lead, &at, context);
        found.extend(unlike(&rules, &mut evaluator, &outcome, &lead, &at, context));
        if index < by_reference {
            found.extend(differences(&reference.evaluate(json, now, None, None, None), &shown(&outcome)));
        }
        if !found.is_empty() {
            let shown: Vec<String> = found.iter().take(3).map(|it| it.chars().take(2_000).collect()).collect();
            panic!("{} differences: {}\nof {json}", found.len(), shown.join("\n"));
        }
        for (name, tags) in outcome.all_tags() {
            given.extend(tags.into_iter().flatten().map(|tag| format!("{name}: {tag}")));
        }
        given.extend(outcome.classes().filter_map(|(name, label)| Some(format!("{name}: {}", label?))));
        let grades = outcome.scores().filter_map(|(name, scored)| Some(format!("{name}: {}", scored.grade?)));
        given.extend(grades);
    }
    (rules, given)
}

fn leads(draw: &mut Draw) -> Vec<Json> {
    (0..LEADS).map(|_| drawn(draw)).collect()
}

/// The compiled bytes per rule, which must stay below a bound; and how many labels were given, of which there must be
/// enough that the comparison says something.
fn bounded(name: &str, rules: &RuleSet, count: usize, bound: usize, given: &BTreeSet<String>, enough: usize) {
    let bytes = rules.compiled_bytes() / count;
    println!("{name}: {count} rules, {bytes} bytes each, {} labels given", given.len());
    assert!(bytes < bound, "{name}: {bytes} bytes per rule");
    assert!(given.len() >= enough, "{name}: only {} labels were given", given.len());
}

/// Tags by conditions of every kind.
fn every_kind(draw: &mut Draw, count: usize) -> String {
    let mut text = fields() + "tags found {\n";
    for rule in 0..count {
        writeln!(text, "  {} => \"t{rule}\",", condition(draw, 2)).unwrap();
    }
    text + "}\n"
}

/// The layouts that a test is about are there.
fn laid(rules: &RuleSet, wanted: &[&str]) {
    let listing = rules.listing();
    let (_, layout) = listing.rsplit_once("\nlayout\n").unwrap();
    for wanted in wanted {
        assert!(layout.contains(wanted), "no {wanted} in {layout}");
    }
}

#[test]
fn three_thousand_conditions_of_every_kind() {
    let draw = &mut Draw(1);
    let (rules, given) = agree(&every_kind(draw, 3_000), &leads(draw), 0);
    laid(&rules, &["rows of", "[#"]);
    bounded("every kind", &rules, 3_000, 4_000, &given, 2_000);
    // over 64 boxes, and few enough for the reference interpreter
    for count in [100, 250] {
        agree(&every_kind(draw, count), &leads(draw), 10);
    }
}

/// Rule sets around the sizes at which a word, a chunk, or a fused axis is full.
#[test]
fn at_the_sizes_where_the_layout_changes() {
    for size in [1, 2, 62, 63, 64, 65, 66, 127, 128, 129, 447, 448, 449, 511, 512, 513, 1023, 1024, 1025] {
        let draw = &mut Draw(size);
        let count = usize::try_from(size).unwrap();
        let mut text = fields() + "tags found {\n";
        for rule in 0..count {
            // a single condition is one box, mostly
            writeln!(text, "  {} => \"t{rule}\",", single(draw)).unwrap();
        }
        text.push_str("}\nclassify class {\n");
        for rule in 0..draw.below(4) {
            writeln!(text, "  ({}) and ({}) => \"c{rule}\",", single(draw), single(draw)).unwrap();
        }
        text.push_str("  otherwise => \"c\",\n}\n");
        let leads: Vec<Json> = (0..40).map(|_| drawn(draw)).collect();
        agree(&text, &leads, 3);
    }
}

/// One field with as many cuts as there are rules, a choice of many labels, and many texts; with leads.
fn tall(draw: &mut Draw, cuts: usize, labels: usize, classes: usize) -> (String, Vec<Json>) {
    let count = labels;
    let labels: Vec<String> = (0..count).map(|label| format!("\"l{label}\"")).collect();
    let mut text = format!(
        "field x_ : decimal\nfield n_ : int\nfield label : choice {{ {} }}\nfield note_ : text\nfield flag_ : bool\n",
        labels.join(", ")
    );
    let cut = |rule: usize| i128::try_from(rule).unwrap() * 1_000_003_000_007 - 3_000_000_000_000_000;
    text.push_str("tags steps {\n");
    for rule in 0..cuts {
        let (low, high) = (decimal(cut(rule)), decimal(cut(rule + 1 + draw.below(700))));
        let condition = match draw.below(6) {
            0 => format!("x_ >= {low}"),
            1 => format!("x_ < {low}"),
            2 => format!("x_ in [{low}..{high})"),
            3 => format!("x_ not in ({low}..{high}] and flag_"),
            4 => format!("x_ == {low} or n_ > {rule}"),
            _ => format!("x_ != {low} and n_ <= {rule}"),
        };
        writeln!(text, "  {condition} => \"s{rule}\",").unwrap();
    }
    text.push_str("}\ntags by_label {\n");
    for rule in 0..count {
        let condition = match draw.below(3) {
            0 => format!("label == \"l{rule}\""),
            1 => format!("label != \"l{rule}\" and x_ > {}", decimal(cut(rule * 3))),
            _ => format!("label in {{ \"l{rule}\", \"l{}\" }} or note_ == \"n{rule}\"", draw.below(count)),
        };
        writeln!(text, "  {condition} => \"b{rule}\",").unwrap();
    }
    text.push_str("}\nclassify last {\n");
    // a table by cell would be too large: boxes of one axis
    for rule in (0..classes).rev() {
        writeln!(text, "  x_ >= {} => \"c{rule}\",", decimal(cut(rule * 4) + 1)).unwrap();
    }
    text.push_str("  otherwise => \"none\",\n}\n");
    let leads: Vec<Json> = (0..LEADS)
        .map(|_| {
            let mut values = Vec::new();
            let mut value = |name: &str, value: Json| values.push((name.to_owned(), value));
            if !draw.one_in(10) {
                let off = [0, 1, -1, 500_000][draw.below(4)];
                value("x_", Json::Number(decimal(cut(draw.below(cuts * 11 / 10)) + off)));
            }
            if !draw.one_in(10) {
                value("n_", Json::number(draw.below(cuts * 11 / 10)));
            }
            if !draw.one_in(10) {
                value("label", Json::text(format!("l{}", draw.below(count))));
            }
            if !draw.one_in(10) {
                value("note_", Json::text(format!("N{} ", draw.below(count * 11 / 10))));
            }
            if !draw.one_in(10) {
                value("flag_", Json::Bool(draw.one_in(2)));
            }
            Json::Object(values)
        })
        .collect();
    (text, leads)
}

#[test]
fn axes_with_thousands_of_cells() {
    let draw = &mut Draw(2);
    let (text, leads) = tall(draw, 6_000, 2_000, 1_500);
    let (rules, given) = agree(&text, &leads, 0);
    laid(&rules, &["rows of", "sparse #"]);
    bounded("thousands of cells", &rules, 9_500, 300, &given, 5_000);
    // just as many as need a sparse axis, for the reference interpreter
    let (text, leads) = tall(draw, 1_500, 60, 50);
    let (rules, _) = agree(&text, &leads, 1);
    laid(&rules, &["sparse #"]);
}

/// Classes and scores over boxes, guards, and rules that ask what other rules gave.
#[test]
fn stages_of_classes_scores_and_tags() {
    let draw = &mut Draw(3);
    let mut text = fields();
    let mut count = 0;
    let mut rules = |text: &mut String, rules: usize, mut rule: Box<dyn FnMut(usize) -> String>| {
        count += rules;
        for number in 0..rules {
            writeln!(text, "  {},", rule(number)).unwrap();
        }
        text.push_str("}\n");
    };
    let mut seeds = (10..).map(Draw);
    let mut fresh = || seeds.next().unwrap();
    let mut own = fresh();
    text.push_str("tags first {\n");
    rules(&mut text, 300, Box::new(move |rule| format!("{} => \"f{}\"", condition(&mut own, 2), rule % 250)));
    let mut own = fresh();
    writeln!(text, "classify class when {} {{", condition(draw, 1)).unwrap();
    rules(
        &mut text,
        1_500,
        Box::new(move |rule| {
            let parts: Vec<String> = (0..4).map(|_| format!("({})", single(&mut own))).collect();
            format!("{} => \"c{}\"", parts.join(" and "), rule % 400)
        }),
    );
    let mut own = fresh();
    text.push_str("tags second when first contains any { \"f1\", \"f2\", \"f3\", \"f77\" } or class is missing {\n");
    rules(
        &mut text,
        200,
        Box::new(move |rule| {
            let asked = match own.below(4) {
                0 => format!("first contains \"f{}\"", own.below(250)),
                1 => format!("class == \"c{}\"", own.below(400)),
                2 => format!("first contains all {{ \"f{}\", \"f{}\" }}", own.below(250), own.below(250)),
                _ => format!("class is missing and n_ > {rule}"),
            };
            format!("({asked}) or ({}) => \"s{rule}\"", condition(&mut own, 2))
        }),
    );
    // points that are constants, and those that are computed
    for (score, computed) in [("plain", false), ("open", true)] {
        let clamp = if computed { "clamp [-50..120]" } else { "" };
        writeln!(text, "score {score} {clamp} {{").unwrap();
        for indicator in 0..20 {
            let mut own = fresh();
            let sum = if indicator % 2 == 0 { "sum clamp [-20..25.5]" } else { "" };
            writeln!(text, "  indicator i{indicator} {sum} {{").unwrap();
            let last = if indicator % 2 == 0 { "" } else { "otherwise => 0.5" };
            let length = 12;
            rules(
                &mut text,
                length,
                Box::new(move |rule| {
                    let award = match own.below(12) {
                        0 => "skip".to_owned(),
                        1 | 2 if computed => "n_ * 0.25 - x_".to_owned(),
                        3 if computed => "days_since(on_) / k_".to_owned(),
                        4 => "-7.125".to_owned(),
                        _ => own.below(9).to_string(),
                    };
                    if rule + 1 == length && !last.is_empty() {
                        return last.to_owned();
                    }
                    let asked = if own.one_in(4) {
                        format!("second contains \"s{}\" and {}", own.below(200), single(&mut own))
                    } else {
                        condition(&mut own, 2)
                    };
                    format!("{asked} => {award}")
                }),
            );
        }
        text.push_str("  grades { [60..] => \"A\", [20..60) => \"B\", [0..20) => \"C\", otherwise => \"D\" }\n}\n");
    }
    text.push_str("classify verdict {\n");
    let mut own = fresh();
    rules(
        &mut text,
        100,
        Box::new(move |rule| {
            let asked = match own.below(5) {
                0 => format!("plain.grade == \"{}\"", own.pick(&["A", "B", "C", "D"])),
                1 => format!("open.score > {}", own.below(100)),
                2 => format!("plain.coverage < 0.{:02}", own.below(100)),
                3 => format!("plain.i{}.points >= {}", own.below(20), own.below(9)),
                _ => format!("open.grade >= \"B\" and second contains \"s{}\"", own.below(200)),
            };
            format!("({asked}) and ({}) and ({}) => \"v{rule}\"", single(&mut own), single(&mut own))
        }),
    );
    text.push_str("tags third when verdict is present {\n");
    let mut own = fresh();
    rules(
        &mut text,
        100,
        Box::new(move |rule| {
            format!("verdict == \"v{}\" or ({}) => \"t{}\"", own.below(100), condition(&mut own, 2), rule % 90)
        }),
    );
    let (rules, given) = agree(&text, &leads(draw), 2);
    laid(&rules, &["grid 0", "grid 1", "grid 3"]);
    bounded("stages", &rules, count, 6_000, &given, 400);
}

/// Conditions whose boxes would be too many are computed, and shared by the rules that ask them.
#[test]
fn boxes_that_would_multiply() {
    let draw = &mut Draw(4);
    let mut text = String::from("field n_ : int\nfield note_ : text\n");
    for field in 0..40 {
        writeln!(text, "field a{field} : int\nfield b{field} : bool").unwrap();
    }
    let either = |field: usize| format!("(a{field} > 2 or b{field} or a{} == 1)", field + 20);
    let all: Vec<String> = (0..10).map(either).collect();
    writeln!(text, "let product = {}", all.join(" and ")).unwrap();
    let any: Vec<String> = (0..10).map(|field| format!("(a{field} <= 2 and not b{field})")).collect();
    writeln!(text, "let negated = not ({})", any.join(" or ")).unwrap();
    let of: Vec<String> = (0..16).map(|field| format!("a{field} >= 2")).collect();
    writeln!(text, "let most = at_least(8, {})", of.join(", ")).unwrap();
    let huge: Vec<String> = (0..500)
        .map(|_| {
            let fields = [draw.below(40), draw.below(40), draw.below(40)];
            format!("(a{} == {} and a{} > 3 and b{})", fields[0], draw.below(6), fields[1], fields[2])
        })
        .collect();
    writeln!(text, "let huge = {}", huge.join(" or ")).unwrap();
    text.push_str("let l0 = b0\nlet l1 = a1 > 2\n");
    for depth in 2..60 {
        let (last, before, field) = (depth - 1, depth - 2, depth % 40);
        let value = match depth % 4 {
            0 => format!("(l{last} and a{field} > 1) or (not l{before} and b{field})"),
            1 => format!("(l{last} or a{field} < 3) and (l{before} or not b{field})"),
            2 => format!("at_least(2, l{last}, l{before}, b{field})"),
            _ => format!("not (l{last} and (l{before} or a{field} is missing))"),
        };
        writeln!(text, "let l{depth} = {value}").unwrap();
    }
    let mut count = 0;
    let mut add = |text: &mut String, condition: &str, label: &str| {
        count += 1;
        writeln!(text, "  {condition} => {label},").unwrap();
    };
    text.push_str("tags few {\n");
    for name in ["product", "negated", "most", "huge"] {
        add(&mut text, name, &format!("\"{name}\""));
        add(&mut text, &format!("not {name}"), &format!("\"not {name}\""));
        add(&mut text, &format!("{name} is missing"), &format!("\"no {name}\""));
    }
    for depth in 0..60 {
        add(&mut text, &format!("l{depth}"), &format!("\"l{depth}\""));
        add(&mut text, &format!("not l{depth} and n_ > 5"), &format!("\"not l{depth}\""));
        add(&mut text, &format!("l{depth} is missing"), &format!("\"no l{depth}\""));
    }
    text.push_str("}\ntags shared {\n");
    for rule in 0..300 {
        add(&mut text, &format!("huge and n_ > {rule}"), &format!("\"h{rule}\""));
        add(&mut text, &format!("(most or product) and n_ == {rule}"), &format!("\"m{rule}\""));
    }
    text.push_str("}\ntags one {\n");
    for rule in 0..2_000 {
        let (one, other) = (rule % 40, (rule * 7 + rule / 40) % 40);
        add(&mut text, &format!("a{one} == {} and b{other} and n_ == {rule}", rule % 6), "\"the one\"");
    }
    text.push_str("}\nclassify class when huge or most {\n");
    for rule in 0..200 {
        add(&mut text, &format!("l{} and most and n_ > {rule}", rule % 60), &format!("\"c{rule}\""));
    }
    text.push_str("}\nscore points {\n  indicator i sum {\n");
    for rule in 0..60 {
        add(&mut text, &format!("l{rule} or (product and n_ < {rule})"), &format!("{rule}"));
    }
    text.push_str("  }\n  indicator j { huge => skip, negated => 5, most => n_ }\n}\n");
    let leads: Vec<Json> = (0..LEADS)
        .map(|_| {
            let gaps = [2, 10, 100][draw.below(3)];
            let mut values = vec![("n_".to_owned(), Json::number(draw.below(400)))];
            for field in 0..40 {
                if !draw.one_in(gaps) {
                    values.push((format!("a{field}"), Json::number(draw.below(6))));
                }
                if !draw.one_in(gaps) {
                    values.push((format!("b{field}"), Json::Bool(draw.one_in(2))));
                }
            }
            if draw.one_in(4) {
                // nearly everything is missing
                values.truncate(5);
            }
            Json::Object(values)
        })
        .collect();
    let (rules, given) = agree(&text, &leads, 4);
    bounded("multiply", &rules, count, 12_000, &given, 300);
    let computed = rules.listing().matches(": condition, 3 cells").count();
    assert!(computed > 20, "{computed} conditions are computed as axes of their own");
}

/// Each axis by itself would have a row for each cell; all together they would take more memory than rows may have.
#[test]
fn rows_that_would_take_too_much() {
    const FIELDS: usize = 40;
    const CUTS: usize = 900;
    const RULES: usize = 24_000;
    let draw = &mut Draw(6);
    let mut text = String::new();
    for field in 0..FIELDS {
        writeln!(text, "field a{field} : int").unwrap();
    }
    text.push_str("tags found {\n");
    for rule in 0..RULES {
        let (one, cut, other) = (rule % FIELDS, draw.below(CUTS), draw.below(FIELDS));
        writeln!(text, "  a{one} >= {cut} and a{other} < {} => \"t{rule}\",", draw.below(CUTS)).unwrap();
    }
    text.push_str("}\n");
    let leads: Vec<Json> = (0..12)
        .map(|_| {
            let present: Vec<usize> = (0..FIELDS).filter(|_| !draw.one_in(5)).collect();
            let value = |field: usize| (format!("a{field}"), Json::number((field * 31 + present.len()) % CUTS));
            Json::Object(present.iter().map(|field| value(*field)).collect())
        })
        .collect();
    // against the plans alone: the reference interpreter looks for each tag among all of them
    let (rules, given) = agree(&text, &leads, 0);
    laid(&rules, &["rows of", "sparse #"]);
    let megabytes = rules.compiled_bytes() >> 20;
    assert!((40..90).contains(&megabytes), "{megabytes} MiB");
    assert!(given.len() > 1_000, "only {} labels were given", given.len());
}
