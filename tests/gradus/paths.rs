//! Paths to a goal, against brute force: rule sets so small that every lead can be tried.

use crate::draw::Draw;
use crate::support::{lead, load};
use gradus::paths::{Goal, GoalError};
use gradus::{At, Lead, Outcome, RuleSet};
use gradus_testkit::{Json, Reference};
use jiff::Timestamp;
use std::fmt::Write as _;

pub(crate) const NOW: &str = "2026-11-21T09:00:00Z";

/// A field, how it is declared, conditions on it, and a value for each cell that any of them tells apart.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    kind: &'static str,
    conditions: &'static [&'static str],
    values: &'static [&'static str],
}

const FIELDS: &[Field] = &[
    Field {
        name: "n_",
        kind: "int",
        conditions: &[
            "n_ > 10",
            "n_ >= 20",
            "n_ in [10..30)",
            "n_ == 20",
            "n_ is missing",
            "n_ * 2 >= 60",
            "n_ < 10.5",
        ],
        values: &["null", "5", "10", "15", "20", "25", "30", "35"],
    },
    Field {
        name: "x_",
        kind: "decimal",
        conditions: &["x_ > 1.5", "x_ != 2", "x_ <= 1.5", "x_ is present", "x_ + 1 >= 3"],
        values: &["null", "1", "1.5", "1.75", "2", "2.5"],
    },
    Field {
        name: "k_",
        kind: "choice { \"a\", \"b\", \"c\" }",
        conditions: &["k_ == \"a\"", "k_ in { \"a\", \"c\" }", "k_ != \"c\"", "k_ is missing"],
        values: &["null", "\"a\"", "\"b\"", "\"c\""],
    },
    Field {
        name: "o_",
        kind: "ordered choice { \"l\", \"m\", \"h\" }",
        conditions: &["o_ >= \"m\"", "o_ == \"h\"", "o_ < \"m\""],
        values: &["null", "\"l\"", "\"m\"", "\"h\""],
    },
    Field { name: "f_", kind: "bool", conditions: &["f_", "not f_"], values: &["null", "true", "false"] },
    Field {
        name: "d_",
        kind: "date",
        conditions: &["days_since(d_) > 30", "d_ within last 8 days", "d_ >= @2026-10-22", "days_since(d_) == 7"],
        values: &["null", "\"2026-11-20\"", "\"2026-11-14\"", "\"2026-11-10\"", "\"2026-10-01\"", "\"2026-12-24\""],
    },
    Field {
        name: "s_",
        kind: "set { \"p\", \"q\", \"r\" }",
        conditions: &["s_ contains \"p\"", "s_ contains all { \"q\", \"r\" }", "s_ within { \"p\", \"q\" }"],
        values: &[
            "null",
            "[\"p\"]",
            "[\"q\"]",
            "[\"r\"]",
            "[\"p\",\"q\"]",
            "[\"p\",\"r\"]",
            "[\"q\",\"r\"]",
            "[\"p\",\"q\",\"r\"]",
        ],
    },
    Field {
        name: "t_",
        kind: "text",
        conditions: &[
            "t_ == \"u\"",
            "t_ in { \"u\", \"v\" }",
            "t_ contains all { \"ab\", \"cd\" }",
            "not (t_ contains \"ab\")",
        ],
        values: &["null", "\"u\"", "\"v\"", "\"zz\"", "\"ab\"", "\"cd\"", "\"ab cd\""],
    },
];

/// A rule set about a few fields.
pub(crate) struct World {
    pub(crate) fields: Vec<&'static Field>,
    pub(crate) text: String,
}

impl World {
    pub(crate) fn new(draw: &mut Draw) -> World {
        let mut fields: Vec<&Field> = FIELDS.iter().collect();
        while fields.len() > 4 {
            fields.remove(draw.below(fields.len()));
        }
        let mut text = String::new();
        for field in &fields {
            writeln!(text, "field {} : {}", field.name, field.kind).unwrap();
        }
        let single = |draw: &mut Draw| {
            let field = fields[draw.below(fields.len())];
            draw.pick(field.conditions).to_owned()
        };
        let several = |draw: &mut Draw| match draw.below(6) {
            0 => format!("{} or {}", single(draw), single(draw)),
            1 | 2 => format!("{} and {}", single(draw), single(draw)),
            3 => format!("not ({} and {})", single(draw), single(draw)),
            4 => format!("at_least(2, {}, {}, {})", single(draw), single(draw), single(draw)),
            _ => single(draw),
        };
        let weights = [None, Some([20, 30, 50])][draw.below(2)];
        text += "score s {\n";
        for place in 0..3 {
            let weight = weights.map(|weights| format!(" weight {}%", weights[place])).unwrap_or_default();
            let sum = if draw.one_in(3) { " sum" } else { "" };
            write!(text, "  indicator i{place}{weight}{sum} {{ ").unwrap();
            for _ in 0..1 + draw.below(3) {
                let points = draw.pick(&["100", "60", "30", "-20", "10.5"]);
                let points = if draw.one_in(9) { "skip" } else { points };
                write!(text, "{} => {points}, ", several(draw)).unwrap();
            }
            text += "}\n";
        }
        text += "  grades { [60..] => \"A\", [20..60) => \"B\", otherwise => \"C\" }\n}\n";
        let graded = draw.pick(&["s.grade >= \"B\"", "s.grade == \"A\"", "s.coverage < 1", "s.score > 25"]);
        writeln!(
            text,
            "classify c : ordered choice {{ \"z\", \"y\", \"x\" }} {{ {graded} and {} => \"x\", {} => \"y\", {} => \"z\" }}",
            single(draw),
            several(draw),
            several(draw)
        )
        .unwrap();
        let guard = if draw.one_in(3) { format!(" when {}", several(draw)) } else { String::new() };
        writeln!(
            text,
            "tags g{guard} {{ {} => \"one\", {} and c != \"z\" => \"two\", g contains \"one\" and {} => \"three\" }}",
            several(draw),
            single(draw),
            single(draw)
        )
        .unwrap();
        World { fields, text }
    }

    /// Every lead, with which value each field has.
    pub(crate) fn leads(&self) -> Vec<(Vec<usize>, Json)> {
        let mut all = vec![Vec::new()];
        for field in &self.fields {
            let longer = |places: &Vec<usize>| {
                (0..field.values.len()).map(|value| [places.as_slice(), &[value]].concat()).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(longer).collect();
        }
        let json = |places: &Vec<usize>| {
            let values = self.fields.iter().zip(places);
            let values =
                values.map(|(field, value)| (field.name.to_owned(), Json::parse(field.values[*value]).unwrap()));
            Json::Object(values.collect())
        };
        all.into_iter().map(|places| (places.clone(), json(&places))).collect()
    }
}

const GOALS: &[&str] = &[
    "s=A", "s=B", "s=C", "s>=B", "s!=C", "c=x", "c=y", "c>=y", "c=z", "c!=x", "g=one", "g=two", "g!=one", "g!=three",
    "g=three",
];

/// Whether an outcome is as a goal wants it.
fn is_met(outcome: &Outcome, goal: &str) -> bool {
    let order = |label: &str| ["z", "y", "x"].iter().position(|it| *it == label);
    let label = if goal.starts_with('s') { outcome.grade("s") } else { outcome.class("c") };
    let at = goal.find(['=', '>', '!']).unwrap();
    let wanted = goal[at..].trim_start_matches(['=', '>', '!']);
    match (&goal[..at], &goal[at..at + 1]) {
        ("g", sign) => outcome.has_tag("g", wanted) == (sign == "="),
        (_, "=") => label == Some(wanted),
        (_, "!") => label != Some(wanted),
        ("s", _) => label.is_some_and(|label| label <= wanted),
        _ => label.is_some_and(|label| order(label) >= order(wanted)),
    }
}

/// What the reference interpreter says, as the library's outcome says it.
fn agrees(reference: &Reference, json: &Json, outcome: &Outcome) -> bool {
    let expected = reference.evaluate(json, NOW.parse().unwrap(), None, None, None);
    crate::support::differences(&expected, &crate::support::shown(outcome)).is_empty()
}

/// A lead with its values, as JSON for the reference interpreter.
fn as_json(lead: &Lead) -> Json {
    crate::support::json(&serde_json::to_string(lead).unwrap())
}

#[test]
fn no_path_changes_more_fields_than_it_has_to() {
    let worlds: u64 = std::env::var("GRADUS_WORLDS").ok().and_then(|it| it.parse().ok()).unwrap_or(40);
    let (mut paths_seen, mut sizes) = (0, [0_usize; 6]);
    for number in 0..worlds {
        let draw = &mut Draw(number);
        let world = World::new(draw);
        let rules = load(&world.text);
        let at = rules.at(NOW.parse::<Timestamp>().unwrap());
        let file = gradus::syntax::parse_file("rules", &world.text).unwrap();
        let reference = Reference::new(&[file], &[]);
        let leads = world.leads();
        let outcomes: Vec<Outcome> = leads.iter().map(|(_, json)| rules.evaluate(&lead(json), &at)).collect();
        for goal in GOALS {
            let reaching: Vec<usize> = (0..leads.len()).filter(|place| is_met(&outcomes[*place], goal)).collect();
            for _ in 0..3 {
                let start = draw.below(leads.len());
                let frozen = draw.one_in(3).then(|| draw.below(world.fields.len()));
                let own = &leads[start].0;
                let moved = |place: &usize| {
                    let other = &leads[*place].0;
                    let is_kept = frozen.is_none_or(|field| own[field] == other[field]);
                    is_kept.then(|| own.iter().zip(other).filter(|(one, two)| one != two).count())
                };
                let fewest = reaching.iter().filter_map(moved).min();
                let mut wanted: Goal = goal.parse().unwrap();
                if let Some(field) = frozen {
                    wanted = wanted.freeze(world.fields[field].name);
                }
                let json = &leads[start].1;
                let before = lead(json);
                let found = rules.paths_to(&before, &at, &wanted).unwrap();
                let context = || format!("world {number}\n{}{goal} {frozen:?} of {json}\n{found:#?}", world.text);
                assert!(found.complete, "{}", context());
                assert_eq!(found.reached, fewest == Some(0), "{}", context());
                assert_eq!(found.paths.is_empty(), fewest.is_none_or(|count| count == 0), "{fewest:?} {}", context());
                for path in &found.paths {
                    assert_eq!(Some(path.changes.len()), fewest, "{}", context());
                    let after = path.apply(&before);
                    let outcome = rules.evaluate(&after, &at);
                    assert!(is_met(&outcome, goal), "{}", context());
                    assert!(agrees(&reference, &as_json(&after), &outcome), "{}", context());
                    paths_seen += 1;
                    sizes[path.changes.len()] += 1;
                }
                assert!(found.paths.is_sorted_by_key(|path| path.distance), "{}", context());
            }
        }
    }
    println!("{paths_seen} paths, by their number of fields {sizes:?}");
    assert!(sizes[1..4].iter().all(|count| *count > 0), "{sizes:?}");
}

/// A field, what it was, and what it is to be.
type Moved = (String, Option<String>, Option<String>);

fn found(rules: &RuleSet, lead: &str, goal: &Goal) -> Vec<Vec<Moved>> {
    let at = at(rules);
    let found = rules.paths_to(&Lead::from_json(lead).unwrap(), &at, goal).unwrap();
    let changes = |path: gradus::paths::Path| path.changes.into_iter().map(|it| (it.field, it.from, it.to)).collect();
    found.paths.into_iter().map(changes).collect()
}

fn at(rules: &RuleSet) -> At {
    rules.at(NOW.parse::<Timestamp>().unwrap())
}

fn change(field: &str, from: &str, to: &str) -> Moved {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    (field.to_owned(), some(from), some(to))
}

#[test]
fn values_are_the_nearest_and_such_as_people_write() {
    let rules = load(
        "field 注册资金 : decimal
         field seen : datetime
         tags t {
           注册资金 > 500万 => \"rich\", employees in (100..1000) => \"middle\", days_since(last_contact) <= 30 => \"recent\",
           seen < @2026-11-01T00:00:00Z => \"old\", round(budget / 3, 1) >= 2 => \"third\", need contains \"CRM\" => \"crm\",
           month(expected_close) == 3 => \"march\",
         }",
    );
    let lead = r#"{"注册资金": 10, "employees": 5000, "last_contact": "2026-01-01", "seen": "2026-11-20T10:00:00Z",
                   "budget": 1, "need": "ERP", "expected_close": "2026-12-24"}"#;
    let path = |label: &str| found(&rules, lead, &Goal::reach("t", label)).remove(0);
    assert_eq!(path("rich"), [change("注册资金", "10", "5000001")]);
    assert_eq!(path("middle"), [change("employees", "5000", "999")]);
    assert_eq!(path("recent"), [change("last_contact", "2026-01-01", "2026-10-22")]);
    assert_eq!(path("old"), [change("seen", "2026-11-20T10:00:00+00:00", "2026-10-31T23:59:59+00:00")]);
    assert_eq!(path("third"), [change("budget", "1", "5.85")]);
    assert_eq!(path("crm"), [change("need", "ERP", "CRM")]);
    assert_eq!(path("march"), [change("expected_close", "2026-12-24", "2027-03-01")]);
}

#[test]
fn points_that_are_computed_are_brought_to_the_threshold() {
    let rules = load(
        "score s {
           indicator a clamp [0..40] { always => round(employees / 40, 1) }
           indicator b { budget >= 10万 => 25 }
           grades { [60..] => \"A\", [30..60) => \"B\", otherwise => \"C\" }
         }",
    );
    let lead = r#"{"employees": 100}"#;
    assert_eq!(found(&rules, lead, &Goal::reach("s", "B")), [[change("employees", "100", "1198")]]);
    let both = [change("budget", "", "100000"), change("employees", "100", "1398")];
    assert_eq!(found(&rules, lead, &Goal::reach("s", "A")), [both]);
    assert_eq!(found(&rules, lead, &Goal::reach("s", "A").freeze("budget")), [[]; 0] as [[_; 0]; 0]);
}

#[test]
fn prices_say_what_is_nearer() {
    let rules = load("tags t { employees >= 200 or budget >= 300 => \"x\" }");
    let lead = r#"{"employees": 100, "budget": 100}"#;
    let (by_people, by_money) = ([change("employees", "100", "200")], [change("budget", "100", "300")]);
    assert_eq!(found(&rules, lead, &Goal::reach("t", "x")), [by_people.clone(), by_money.clone()]);
    let goal = Goal::reach("t", "x").price("employees", 2);
    assert_eq!(found(&rules, lead, &goal), [by_money.clone(), by_people]);
    assert_eq!(found(&rules, lead, &goal.limit(1)), [by_money]);
}

#[test]
fn nothing_is_erased_when_that_is_not_wanted() {
    let rules = load(
        "score s { indicator a weight 50% on industry { missing => skip, otherwise => 10 }
                      indicator b weight 50% { employees > 5 => 100 } grades { [90..] => \"A\", otherwise => \"B\" } }",
    );
    let lead = r#"{"employees": 9, "industry": "x"}"#;
    assert_eq!(found(&rules, lead, &Goal::reach("s", "A")), [[change("industry", "x", "")]]);
    assert!(found(&rules, lead, &Goal::reach("s", "A").without_erasing()).is_empty());
}

#[test]
fn lists_stay_as_they_are_and_are_named() {
    let rules = load("tags t { count(purchases) >= 2 and employees > 5 => \"x\" }");
    let lead = Lead::from_json(r#"{"purchases": []}"#).unwrap();
    let found = rules.paths_to(&lead, &at(&rules), &Goal::reach("t", "x")).unwrap();
    assert!(found.paths.is_empty() && found.complete);
    assert_eq!(found.left_out, ["purchases"]);
}

#[test]
fn goals_that_there_are_not() {
    let rules =
        load("classify c { employees > 5 => \"x\", otherwise => \"y\" } score s { indicator a { always => 1 } }");
    let refused = |goal: Goal| rules.paths_to(&Lead::new(), &at(&rules), &goal).unwrap_err();
    assert_eq!(refused(Goal::reach("d", "x")).to_string(), "no class, score or block of tags is called `d`");
    assert!(matches!(refused(Goal::reach("c", "z")), GoalError::UnknownLabel { .. }));
    assert_eq!(refused(Goal::at_least("c", "x")), GoalError::Unordered("c".to_owned()));
    assert_eq!(refused(Goal::reach("s", "A")), GoalError::WithoutGrades("s".to_owned()));
    let unknown = refused(Goal::reach("c", "x").freeze("employes")).to_string();
    assert_eq!(unknown, "unknown field `employes`; did you mean `employees`?");
    assert!("fit".parse::<Goal>().is_err() && "=A".parse::<Goal>().is_err());
    let goal: Goal = "fit >= \"A\"".parse().unwrap();
    assert_eq!(goal, Goal::at_least("fit", "A"));
}
