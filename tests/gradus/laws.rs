//! Laws of the domain, on generated rules and leads.

use crate::scene::{load, numbered};
use crate::support::{self, lead, previous, shown};
use gradus::explain::Truth;
use gradus::syntax::ast::{Item, RuleFile, RuleResult, RuleTest};
use gradus::{At, Context, Lead, Outcome, Population, RuleSet};
use gradus_testkit::Json;
use gradus_testkit::strategy::Scene;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

const SCENES: u64 = 150;

/// The outcomes of all leads of a scene.
fn outcomes(scene: &Scene, rules: &RuleSet) -> Vec<Outcome> {
    let at = rules.at(scene.at);
    let last = scene.previous.as_ref().map(previous);
    let population = scene.population.as_ref().map(|leads| Population::measure(rules, leads.iter().map(lead), &at));
    let context = Context::default().with_previous(&last).with_population(&population);
    scene.leads.iter().map(|json| rules.evaluate_with(&lead(json), &at, context)).collect()
}

/// Classes, scores and tags by name, and each block's tags by letters.
fn sorted(outcome: &Outcome) -> Vec<String> {
    let mut lines: Vec<String> = outcome.classes().map(|it| format!("{it:?}")).collect();
    lines.extend(outcome.scores().map(|it| format!("{it:?}")));
    lines.extend(outcome.all_tags().map(|(name, mut tags)| {
        if let Some(tags) = &mut tags {
            tags.sort_unstable();
        }
        format!("{name} {tags:?}")
    }));
    lines.sort();
    lines
}

#[test]
fn evaluating_twice_gives_the_same() {
    for number in 0..SCENES {
        let scene = numbered(number);
        let (one, other) = (load(&scene, &scene.files).unwrap(), load(&scene, &scene.files).unwrap());
        assert_eq!(one.fingerprint(), other.fingerprint());
        assert_eq!(one.listing(), other.listing());
        let (first, second) = (outcomes(&scene, &one), outcomes(&scene, &other));
        assert_eq!(first, second);
        let text = |outcomes: &[Outcome]| outcomes.iter().map(|it| shown(it).to_string()).collect::<Vec<_>>();
        assert_eq!(text(&first), text(&second));
    }
}

#[test]
fn the_order_of_declarations_and_of_tags_rules_changes_nothing() {
    let mut turned_rules = 0;
    for number in 0..SCENES {
        let scene = numbered(number);
        let mut turned = scene.files.clone();
        for item in turned.iter_mut().flat_map(|file: &mut RuleFile| &mut file.items) {
            let Item::Tags(tags) = item else { continue };
            let ends = |test: &RuleTest| matches!(test, RuleTest::Otherwise(_));
            let count = tags.rules.iter().take_while(|rule| !ends(&rule.test)).count();
            tags.rules[..count].reverse();
            turned_rules += count;
        }
        for file in &mut turned {
            let is_header = |item: &Item| matches!(item, Item::Ruleset(_) | Item::Zone(_) | Item::Placeholders(_));
            let headers = file.items.iter().take_while(|item| is_header(item)).count();
            file.items[headers..].reverse();
        }
        let (one, other) = (load(&scene, &scene.files).unwrap(), load(&scene, &turned).unwrap());
        let sorted_all = |rules: &RuleSet| outcomes(&scene, rules).iter().map(sorted).collect::<Vec<_>>();
        assert_eq!(sorted_all(&one), sorted_all(&other), "scene {number}");
    }
    assert!(turned_rules > 50, "only {turned_rules}");
}

#[test]
fn a_score_has_exactly_one_grade() {
    let mut graded = 0;
    for number in 0..SCENES {
        let scene = numbered(number);
        let rules = load(&scene, &scene.files).unwrap();
        let has_grades = |name: &str| {
            scene
                .files
                .iter()
                .flat_map(|file| &file.items)
                .any(|item| matches!(item, Item::Score(score) if score.name.text == name && score.grades.is_some()))
        };
        for outcome in outcomes(&scene, &rules) {
            for (name, scored) in outcome.scores() {
                assert_eq!(
                    scored.grade.is_some(),
                    scored.score.is_some() && has_grades(name),
                    "scene {number}: {name}"
                );
                graded += usize::from(scored.grade.is_some());
                if let Some(coverage) = scored.coverage {
                    assert!(coverage >= 0.into() && coverage <= 1.into(), "scene {number}: {name}");
                }
            }
        }
    }
    assert!(graded > 100, "only {graded}");
}

#[test]
fn labels_are_those_of_the_file() {
    for number in 0..SCENES {
        let scene = numbered(number);
        let rules = load(&scene, &scene.files).unwrap();
        for outcome in outcomes(&scene, &rules) {
            for item in scene.files.iter().flat_map(|file| &file.items) {
                let Item::Tags(tags) = item else { continue };
                let written: Vec<&str> = tags
                    .rules
                    .iter()
                    .filter_map(|rule| match &rule.result {
                        RuleResult::Value(value) => match &value.kind {
                            gradus::syntax::ast::ExprKind::Text(text) => Some(text.as_str()),
                            _ => None,
                        },
                        RuleResult::Skip(_) => None,
                    })
                    .collect();
                let given: Vec<&str> = outcome.tags(&tags.name.text).map(Iterator::collect).unwrap_or_default();
                assert!(given.iter().all(|tag| written.contains(tag)), "scene {number}: {given:?} of {written:?}");
            }
        }
    }
}

/// The fields of the conditions below, with values on and around their constants.
const FIELDS: &[(&str, &[&str])] = &[
    ("employees", &["0", "5", "10"]),
    ("budget", &["0", "4.99", "5", "5.01"]),
    ("contacted", &["true", "false"]),
    ("company", &["\"a\"", "\"abc\"", "\"x\""]),
    ("last_contact", &["\"2026-11-21\"", "\"2026-11-20\"", "\"2026-01-01\""]),
];

/// Conditions that never ask whether something is there.
fn conditions() -> impl Strategy<Value = String> {
    let atoms = [
        "employees > 5",
        "employees == budget",
        "budget in [0..5]",
        "budget not in { 5, 7 }",
        "contacted",
        "company contains \"a\"",
        "company in { \"abc\", \"x\" }",
        "last_contact within last 2 days",
        "employees + budget < 10",
        "10 / employees >= 2",
    ];
    prop::sample::select(atoms.to_vec()).prop_map(str::to_owned).prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(({a}) and ({b}))")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(({a}) or ({b}))")),
            inner.clone().prop_map(|a| format!("(not ({a}))")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("at_least(2, ({a}), ({b}), ({c}))")),
        ]
    })
}

/// A value or nothing for each field.
fn leads() -> impl Strategy<Value = Vec<Option<usize>>> {
    FIELDS.iter().map(|(_, values)| prop::option::of(0..values.len())).collect::<Vec<_>>()
}

/// A value for each field, and nothing that is divided by is 0.
fn known_leads() -> impl Strategy<Value = Vec<Option<usize>>> {
    let all =
        FIELDS.iter().enumerate().map(|(index, (_, values))| (usize::from(index == 0)..values.len()).prop_map(Some));
    all.collect::<Vec<_>>()
}

fn lead_of(chosen: &[Option<usize>]) -> Lead {
    let entries = FIELDS.iter().zip(chosen).filter_map(|((name, values), chosen)| {
        chosen.map(|chosen| ((*name).to_owned(), support::json(values[chosen])))
    });
    lead(&Json::Object(entries.collect()))
}

/// Whether each condition is true, false or unknown.
fn truths(conditions: &[&str], lead: &Lead) -> Vec<Truth> {
    let rules: String =
        conditions.iter().enumerate().map(|(index, it)| format!("classify c{index} {{ {it} => \"x\" }}\n")).collect();
    let at = At::new("2026-11-21T09:00:00Z".parse::<Timestamp>().unwrap(), TimeZone::UTC);
    let explanation = support::load(&rules).explain(lead, &at);
    explanation.classes.iter().map(|class| class.rules[0].verdict.truth).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is true or false stays so when a missing field becomes known: Kleene's logic is monotone. This is so for
    /// conditions without `is present`, `is missing`, `coalesce`, counts of what is there, and `match`.
    #[test]
    fn learning_a_field_keeps_what_was_known(condition in conditions(), before in leads(), more in leads()) {
        let after: Vec<Option<usize>> = before.iter().zip(&more).map(|(known, new)| known.or(*new)).collect();
        let known = truths(&[&condition], &lead_of(&before))[0];
        let learnt = truths(&[&condition], &lead_of(&after))[0];
        prop_assert!(known == Truth::Unknown || known == learnt, "{condition}: {known:?}, then {learnt:?}");
    }

    /// A condition over known fields is never unknown, but for a division by zero.
    #[test]
    fn what_is_known_is_true_or_false(condition in conditions(), lead in known_leads()) {
        prop_assert_ne!(truths(&[&condition], &lead_of(&lead))[0], Truth::Unknown);
    }

    #[test]
    fn de_morgan(a in conditions(), b in conditions(), lead in leads()) {
        let forms = [
            format!("not (({a}) and ({b}))"), format!("not ({a}) or not ({b})"),
            format!("not (({a}) or ({b}))"), format!("not ({a}) and not ({b})"),
            format!("not (not ({a}))"), a.clone(),
            format!("at_least(1, ({a}), ({b}))"), format!("({a}) or ({b})"),
            format!("at_least(2, ({a}), ({b}))"), format!("({a}) and ({b})"),
            format!("({a}) and (({a}) or ({b}))"), a.clone(),
        ];
        let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
        let found = truths(&forms, &lead_of(&lead));
        for (pair, texts) in found.chunks(2).zip(forms.chunks(2)) {
            prop_assert_eq!(pair[0], pair[1], "{} and {}", texts[0], texts[1]);
        }
    }
}
