//! What is still possible and what to ask, against brute force over everything that missing fields may be.

use crate::draw::Draw;
use crate::paths::{NOW, World};
use crate::support::{lead, load};
use gradus::paths::Questions;
use gradus::{Lead, Outcome, RuleSet};
use jiff::Timestamp;
use std::collections::BTreeSet;

fn ask(rules: &RuleSet, lead: &Lead) -> Questions {
    rules.questions(lead, &rules.at(NOW.parse::<Timestamp>().unwrap()))
}

#[test]
fn what_is_possible_is_what_answers_lead_to() {
    let worlds: u64 = std::env::var("GRADUS_WORLDS").ok().and_then(|it| it.parse().ok()).unwrap_or(40);
    let mut open_seen = 0;
    for number in 0..worlds {
        let draw = &mut Draw(number + 1_000_000);
        let world = World::new(draw);
        let rules = load(&world.text);
        let at = rules.at(NOW.parse::<Timestamp>().unwrap());
        let leads = world.leads();
        let outcomes: Vec<Outcome> = leads.iter().map(|(_, json)| rules.evaluate(&lead(json), &at)).collect();
        for _ in 0..6 {
            let start = draw.below(leads.len());
            let mut own = leads[start].0.clone();
            for place in &mut own {
                // nothing is the first value of every field
                *place = if draw.one_in(2) { 0 } else { *place };
            }
            let place = leads.iter().position(|(places, _)| *places == own).unwrap();
            let asked = ask(&rules, &lead(&leads[place].1));
            let context = || format!("world {number}\n{}{}\n{asked:#?}", world.text, leads[place].1);
            assert!(asked.complete && !asked.sampled && asked.untried.is_empty(), "{}", context());
            let fits = |other: &[usize]| own.iter().zip(other).all(|(own, other)| *own == 0 || own == other);
            let cases: Vec<usize> = (0..leads.len()).filter(|case| fits(&leads[*case].0)).collect();
            for open in &asked.outcomes {
                let label = |outcome: &Outcome| match open.name.as_str() {
                    "s" => outcome.grade("s").map(str::to_owned),
                    class => outcome.class(class).map(str::to_owned),
                };
                let possible: BTreeSet<Option<String>> = cases.iter().map(|case| label(&outcomes[*case])).collect();
                let told = open.possible.iter().cloned().map(Some).chain(open.or_none.then_some(None));
                assert_eq!(told.collect::<BTreeSet<_>>(), possible, "{}: {}", open.name, context());
                assert_eq!(open.now, label(&outcomes[place]), "{}", context());
                open_seen += usize::from(open.is_open());
                for (field, declared) in world.fields.iter().enumerate().filter(|(field, _)| own[*field] == 0) {
                    let matters = cases.iter().any(|one| {
                        cases.iter().any(|other| {
                            let pairs = leads[*one].0.iter().zip(&leads[*other].0).enumerate();
                            let only = pairs.filter(|(_, (one, other))| one != other).all(|(place, _)| place == field);
                            only && label(&outcomes[*one]) != label(&outcomes[*other])
                        })
                    });
                    let asked_for = asked.questions.iter().find(|question| question.field == declared.name);
                    let is_told = asked_for.is_some_and(|question| question.decides.contains(&open.name));
                    assert_eq!(is_told, matters, "{} decides {}: {}", declared.name, open.name, context());
                }
            }
            assert!(asked.questions.is_sorted_by(|one, next| one.weight >= next.weight), "{}", context());
        }
    }
    assert!(open_seen > 100, "{open_seen}");
}

#[test]
fn bant_with_two_answers_says_which_two_to_ask() {
    let rules = load(
        "field authority : choice { \"拍板者\", \"影响者\", \"使用者\" } \"权威\"
         field timeline : ordered choice { \"一个月内\", \"半年内\", \"无计划\" } \"时间框架\"
         let three = at_least(3, budget >= 10万, authority == \"拍板者\", need != \"无需求\", timeline <= \"半年内\")
         classify bant \"BANT\" { three => \"合格\", not three => \"不合格\", otherwise => \"待确认\" }",
    );
    let lead = Lead::from_json(r#"{"budget": 200000, "need": "换系统"}"#).unwrap();
    let asked = ask(&rules, &lead);
    assert_eq!(asked.outcomes[0].possible, ["合格", "不合格", "待确认"]);
    let fields: Vec<&str> = asked.questions.iter().map(|question| question.field.as_str()).collect();
    assert_eq!(fields, ["authority", "timeline"]);
    // with a third yes nothing is open
    let asked = ask(&rules, &lead.with("authority", "拍板者"));
    assert_eq!(asked.outcomes[0].possible, ["合格"]);
    assert!(asked.questions.is_empty());
}

#[test]
fn many_missing_fields_are_sampled() {
    let mut rules = String::new();
    for number in 0..20 {
        rules += &format!("field f{number} : int\n");
    }
    rules += "score s {\n";
    for number in 0..20 {
        let points = if number == 7 { 50 } else { 1 };
        rules += &format!("  indicator i{number} {{ f{number} > 5 => {points} }}\n");
    }
    rules += "  grades { [60..] => \"A\", [50..60) => \"B\", otherwise => \"C\" }\n}\n";
    rules += "classify c { f3 > 5 and f3 < 3 => \"never\", purchases is present => \"buyer\", otherwise => \"other\" }";
    let rules = load(&rules);
    let asked = ask(&rules, &Lead::new());
    let grade = asked.outcomes.iter().find(|open| open.name == "s").unwrap();
    assert_eq!(grade.possible, ["C", "B", "A"]);
    assert!(asked.sampled && asked.complete);
    assert_eq!(asked.questions[0].field, "f7");
    assert_eq!(asked.untried, ["purchases"]);
    assert_eq!(asked.outcomes[0].possible, ["other"]);
    assert_eq!(asked, ask(&rules, &Lead::new()));
}
