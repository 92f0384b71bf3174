//! What rules read, evaluating only what a change of data affects, and what two outcomes differ in.

use crate::draw::Draw;
use crate::scene::{load, numbered};
use crate::support::{self, lead, previous};
use gradus::{Causes, Context, Direction, Lead, Outcome, OutcomeId, Part, Population, RuleSet, Value, compare};
use jiff::{SignedDuration, Timestamp};

/// How many pairs of a rule set and a lead to look at, without `GRADUS_PAIRS`.
const PAIRS: usize = 1_000;

/// What an outcome says of one declaration.
fn said(outcome: &Outcome, id: OutcomeId) -> String {
    match id {
        OutcomeId::Class(id) => format!("{:?}", outcome.class_by_id(id)),
        OutcomeId::Score(id) => format!("{:?}", outcome.scored(id)),
        OutcomeId::Tags(id) => format!("{:?}", outcome.tags_by_id(id).map(Iterator::collect::<Vec<_>>)),
        _ => panic!("a new kind of declaration"),
    }
}

/// A lead with some values of another one, and the fields that differ: whole fields, or one field of the elements of a
/// list that stay.
fn changed(one: &Lead, other: &Lead, draw: &mut Draw) -> (Lead, Vec<String>) {
    let mut changed = one.clone();
    if let (true, Some(Value::List(elements))) = (draw.one_in(3), one.get("purchases")) {
        let doubled = elements.iter().map(|element| match element {
            Value::Record(fields) => {
                let mut fields = fields.clone();
                fields.insert("amount", 77);
                Value::Record(fields)
            }
            other => other.clone(),
        });
        changed.set("purchases", Value::List(doubled.collect()));
        return (changed, vec!["purchases.amount".to_owned()]);
    }
    for (name, value) in other.iter() {
        if draw.one_in(4) {
            changed.set(name.to_owned(), value.clone());
        }
    }
    let gone: Vec<String> = one.iter().filter(|_| draw.one_in(6)).map(|(name, _)| name.to_owned()).collect();
    gone.iter().for_each(|name| drop(changed.remove(name)));
    let fields = one.changed_fields(&changed).into_iter().map(str::to_owned).collect();
    (changed, fields)
}

#[test]
fn what_is_not_affected_stays_and_the_rest_is_enough() {
    let pairs = std::env::var("GRADUS_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(PAIRS);
    let (mut seen, mut number, mut spared) = (0, 0, 0);
    while seen < pairs {
        let scene = numbered(number);
        let rules = load(&scene, &scene.files).unwrap();
        let at = rules.at(scene.at);
        let last = scene.previous.as_ref().map(previous);
        let population =
            scene.population.as_ref().map(|leads| Population::measure(&rules, leads.iter().map(lead), &at));
        let context = Context::default().with_previous(&last).with_population(&population);
        let draw = &mut Draw(number);
        for pair in scene.leads.windows(2) {
            let (one, other) = (lead(&pair[0]), lead(&pair[1]));
            let before = rules.evaluate_with(&one, &at, context);
            let (now, fields) = changed(&one, &other, draw);
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            let later = SignedDuration::from_hours(i64::try_from(draw.below(3) * draw.below(900)).unwrap());
            let then = rules.at(at.now() + later);
            let after = rules.evaluate_with(&now, &then, context);
            let again = rules.reevaluate(&before, &now, &then, context, &fields);
            assert_eq!(again, after, "scene {number}: {fields:?}");
            assert_eq!(again.at(), after.at());

            let affected = rules.affected_by(&fields);
            let at_once = rules.evaluate_with(&now, &at, context);
            for id in rules.outcome_ids() {
                let name = rules.name_of(id).unwrap();
                if !affected.contains(&id) {
                    assert_eq!(said(&before, id), said(&at_once, id), "scene {number}: {name} by {fields:?}");
                    spared += 1;
                }
                if !rules.read_set_of(id).unwrap().reads_clock() {
                    assert_eq!(said(&at_once, id), said(&after, id), "scene {number}: {name} by time");
                }
            }

            // a transition is empty just when nothing is different, and each difference has a cause
            let transition = compare(&before, &after).with_changed_fields(&fields);
            let differs = rules.outcome_ids().any(|id| said(&before, id) != said(&after, id));
            assert_eq!(transition.is_empty(), !differs, "scene {number}: {transition}");
            let causeless = transition.differences().iter().find(|it| it.causes == Causes::default());
            assert!(causeless.is_none(), "scene {number}: {causeless:?}");
            seen += 1;
        }
        number += 1;
    }
    println!("{seen} pairs of leads, {spared} declarations not affected");
    assert!(spared > 0);
}

const RULES: &str = r#"
ruleset "ladder" version "1"
let spent = sum(.amount of purchases where .at within last 90 days)
classify size { employees >= 1000 => "large", otherwise => "small" }
classify member : ordered choice { "bronze", "silver", "gold" } {
  spent >= 1000 => "gold", spent >= 100 => "silver", previous.member >= "silver" => "bronze",
}
score fit when employees is present {
  indicator size { size == "large" => 60 }
  indicator budget { budget >= 10_000 => 30 }
  grades { [80..] => "A", [50..80) => "B", [..50) => "C" }
}
tags hints when budget is present { fit.grade >= "B" => "call", country == "Portugal" => "home", percent_rank(budget) > 50% => "top" }
"#;

fn at(rules: &RuleSet, text: &str) -> gradus::At {
    rules.at(text.parse::<Timestamp>().unwrap())
}

#[test]
fn read_sets() {
    let rules = support::load(RULES);
    let of = |id: OutcomeId| {
        let set = rules.read_set_of(id).unwrap();
        serde_json::to_string(set).unwrap()
    };
    let (size, member) = (rules.class_id("size").unwrap(), rules.class_id("member").unwrap());
    assert_eq!(of(size.into()), r#"{"fields":["employees"],"clock":false,"previous":[],"population":false}"#);
    let fields = r#"["purchases","purchases.amount","purchases.at"]"#;
    assert_eq!(
        of(member.into()),
        format!(r#"{{"fields":{fields},"clock":true,"previous":["member"],"population":false}}"#)
    );
    let hints = rules.tags_id("hints").unwrap();
    let fields = r#"["budget","country","employees"]"#;
    assert_eq!(of(hints.into()), format!(r#"{{"fields":{fields},"clock":false,"previous":[],"population":true}}"#));
    assert_eq!(rules.read_set().fields().len(), 6);
    assert!(rules.read_set().reads_clock() && rules.read_set().reads_previous() && rules.read_set().reads_population());

    let names = |fields: &[&str]| -> Vec<String> {
        rules.affected_by(fields).into_iter().map(|id| rules.name_of(id).unwrap().to_owned()).collect()
    };
    assert_eq!(names(&["employees"]), ["size", "fit", "hints"]);
    assert_eq!(names(&["purchases.amount"]), ["member"]);
    assert_eq!(names(&["purchases"]), ["member"]);
    assert_eq!(names(&["purchases.product", "purchase", "no such field"]), [""; 0]);
    let other = support::load(r#"tags t { city == "x" => "y" }"#);
    assert_eq!((other.read_set_of(member), other.name_of(member)), (None, None));
}

#[test]
fn transitions() {
    let rules = support::load(RULES);
    let (now, then) = (at(&rules, "2026-11-21T09:00:00Z"), at(&rules, "2027-06-01T09:00:00Z"));
    let bought = gradus::Purchase::new("2026-11-01T00:00:00Z".parse::<Timestamp>().unwrap()).with_amount(1500);
    let poor = Lead::new().with_employees(20).with_purchases([bought.clone()]);
    let rich = poor.clone().with_employees(5000).with_budget(20_000);
    let before = rules.evaluate(&poor, &now);
    let after = rules.evaluate(&rich, &then);
    let changed = poor.changed_fields(&rich);
    assert_eq!(changed, ["budget", "employees"]);
    let transition = compare(&before, &after);
    let expected = "\
size: class small → large, changed (data)
member: class gold vanished (time or data)
fit: score 0 → 90, up by 90 (data)
fit: grade C → A, up (data)
fit: coverage 0.5 → 1, up by 0.5 (data)
hints: tags appeared (data)
hints: tag call appeared (data)
";
    assert_eq!(transition.to_string(), expected);
    // knowing which fields differ, the vanished class can only be due to the time
    let known = transition.clone().with_changed_fields(&changed);
    assert_eq!(known.to_string(), expected.replace("gold vanished (time or data)", "gold vanished (time)"));
    let known = transition.clone().with_changed_fields(&["budget", "employees", "previous"]);
    assert_eq!(known.to_string(), expected);
    let of = transition.of("fit", Part::Score).unwrap();
    assert_eq!((of.direction, of.by.unwrap().to_string()), (Direction::Up, "90".to_owned()));
    let json = serde_json::to_value(&transition).unwrap();
    let grade = serde_json::json!({
        "name": "fit", "part": "grade", "direction": "up", "from": "C", "to": "A",
        "causes": { "rules": false, "time": false, "data": true },
    });
    assert_eq!(json[3], grade);
    assert_eq!(json[2]["by"], "90");
    assert!(compare(&after, &after.clone()).is_empty());
}

#[test]
fn transitions_between_rule_sets() {
    let old = support::load(RULES);
    let new = support::load(
        &RULES
            .replace("80..", "95..")
            .replace("50..80", "50..95")
            .replace("classify size", "classify extent")
            .replace("size == \"large\"", "extent == \"large\""),
    );
    let lead = Lead::new().with_employees(5000).with_budget(20_000);
    let (before, after) = (
        old.evaluate(&lead, &at(&old, "2026-11-21T09:00:00Z")),
        new.evaluate(&lead, &at(&new, "2026-11-21T09:00:00Z")),
    );
    let transition = compare(&before, &after).with_changed_fields(&[]);
    let expected = "\
extent: class large appeared (rules)
size: class large vanished (rules)
fit: grade A → B, down (rules)
";
    assert_eq!(transition.to_string(), expected);
}
