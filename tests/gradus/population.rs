//! Populations: measured lead by lead and in parts, kept as JSON, exact and approximate; and where their ranks cut.

use super::support::{lines, load, shared};
use gradus::population::{CutOff, Precision};
use gradus::{At, Context, Lead, Population, RuleSet};
use jiff::Timestamp;
use rust_decimal::Decimal;
use std::collections::HashMap;

fn at(rules: &RuleSet, text: &str) -> At {
    rules.at(text.parse::<Timestamp>().unwrap())
}

fn deals(sizes: &[i64]) -> Vec<Lead> {
    sizes.iter().map(|&size| Lead::new().with_deal_size(size)).collect()
}

fn decimal(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

/// The orders of 995 customers, each with the published digits.
fn published() -> Option<Vec<(Lead, [i64; 3])>> {
    let shared = shared()?;
    let orders = lines(&shared.join("leads/rfm_orders.jsonl.gz"));
    let leads = orders.iter().map(|line| Lead::from_json(line).unwrap());
    let mut leads: HashMap<String, Lead> = leads.map(|lead| (lead.id().unwrap().to_owned(), lead)).collect();
    let mut reader = csv::Reader::from_path(shared.join("data/rfm-orders/expected_orders_2006-12-31.csv")).unwrap();
    let rows = reader.deserialize().map(|row| {
        let row: HashMap<String, String> = row.unwrap();
        let digit = |name: &str| row[name].parse().unwrap();
        let digits = [digit("recency_score"), digit("frequency_score"), digit("monetary_score")];
        (leads.remove(&row["customer_id"]).unwrap(), digits)
    });
    Some(rows.collect())
}

const QUANTILES: &str = r#"
zone "Asia/Shanghai"
let recency   = days_since(last(.at of purchases by .at))
let frequency = count(purchases)
let monetary  = sum(.amount of purchases)
score r { indicator digit { always => 6 - ntile(5, recency) } }
score f { indicator digit { always => ntile(5, frequency) } }
score m { indicator digit { always => ntile(5, monetary) } }
"#;

/// How many digits differ from the published ones, and whose.
fn differing(rules: &RuleSet, population: &Population, published: &[(Lead, [i64; 3])], at: &At) -> [Vec<String>; 3] {
    let mut found: [Vec<String>; 3] = Default::default();
    let mut evaluator = rules.evaluator();
    for (lead, digits) in published {
        let outcome = evaluator.evaluate(lead, at, Context::default().with_population(population));
        for ((name, digit), found) in ["r", "f", "m"].iter().zip(digits).zip(&mut found) {
            if outcome.score(name) != Some(Decimal::from(*digit)) {
                found.push(lead.id().unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn fifths_of_the_published_customers() {
    let Some(published) = published() else { return };
    let rules = load(QUANTILES);
    let at = at(&rules, "2006-12-31T04:00:00Z");
    let population = Population::measure(&rules, published.iter().map(|(lead, _)| lead), &at);
    assert_eq!(population.leads(), 995);
    // the publication interpolates its cut points between two customers; these three stand there
    let differing = differing(&rules, &population, &published, &at);
    assert_eq!(differing.each_ref().map(Vec::len), [1, 0, 2], "{differing:?}");

    // each interpolated quantile lies between the values that the fifths separate; the published cut points are 1 more
    let cuts = rules.cut_offs(&population).unwrap();
    let of = |rank: &str| -> Vec<&CutOff> { cuts.iter().filter(|cut| cut.rank == rank).collect() };
    for (rank, points) in [
        ("ntile(5, recency)", ["114", "180", "296.4", "481"]),
        ("ntile(5, frequency)", ["3", "4", "5", "7"]),
        ("ntile(5, monetary)", ["254.8", "381", "505.4", "665"]),
    ] {
        let found = of(rank);
        assert_eq!(found.len(), 4, "{cuts:?}");
        for (cut, point) in found.iter().zip(points) {
            assert!(cut.below <= decimal(point) && decimal(point) <= cut.from, "{cut}, and {point} in the publication");
        }
    }
}

#[test]
fn the_published_customers_in_parts_and_in_buckets() {
    let Some(published) = published() else { return };
    let rules = load(QUANTILES);
    let at = at(&rules, "2006-12-31T04:00:00Z");
    let whole = Population::measure(&rules, published.iter().map(|(lead, _)| lead), &at);
    let mut parts =
        published.chunks(100).map(|part| Population::measure(&rules, part.iter().map(|(lead, _)| lead), &at));
    let mut merged = parts.next_back().unwrap();
    parts.for_each(|part| merged.merge(&part).unwrap());
    assert_eq!(merged, whole);

    // whole numbers below 1,024, and a few above it: nothing is lost
    let mut builder = Population::builder(&rules, &at).exact_up_to(5);
    builder.extend(published.iter().map(|(lead, _)| lead));
    let buckets = builder.finish();
    let precise: Vec<(&str, bool)> =
        buckets.measures().map(|it| (it.expression(), it.precision() == Precision::Exact)).collect();
    assert_eq!(precise, [("frequency", true), ("monetary", true), ("recency", true)]);
    assert_eq!(differing(&rules, &buckets, &published, &at), differing(&rules, &whole, &published, &at));
    assert_eq!(rules.cut_offs(&buckets), rules.cut_offs(&whole));
}

#[test]
fn eighty_twenty() {
    let rules =
        load(r#"tags value { cume_share(deal_size) < 80% => "core", cume_share(deal_size) <= 80% => "to 80 %" }"#);
    let at = at(&rules, "2026-11-21T01:00:00Z");
    let tagged = |population: &[i64], tag: &str| {
        let leads = deals(population);
        let population = Population::measure(&rules, &leads, &at);
        let inside = leads.iter().filter(|lead| {
            rules.evaluate_with(lead, &at, Context::default().with_population(&population)).has_tag("value", tag)
        });
        let sizes: Vec<Decimal> = inside.map(|lead| lead.deal_size().unwrap()).collect();
        let cut = rules.cut_offs(&population).unwrap();
        (sizes.into_iter().map(|size| i64::try_from(size).unwrap()).collect::<Vec<i64>>(), cut)
    };
    // those above 100 hold 80 % already
    let (core, cuts) = tagged(&[500, 300, 100, 60, 40], "core");
    assert_eq!(core, [500, 300]);
    let shown: Vec<String> = cuts.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "cume_share(deal_size) <= 0.8: from 100, not 60; 3 leads",
            "cume_share(deal_size) < 0.8: from 300, not 100; 2 leads"
        ]
    );
    assert_eq!(tagged(&[500, 300, 100, 60, 40], "to 80 %").0, [500, 300, 100]);
    // ties stay together: all three, although two would have done
    assert_eq!(tagged(&[300, 300, 300, 60, 40], "core").0, [300, 300, 300]);
    assert_eq!(tagged(&[500, 100, 300, 100, 100], "core").0, [500, 100, 300, 100, 100]);
    // negative values are no part of the total
    assert_eq!(tagged(&[500, 300, 100, 60, 40, -900, -1], "core").0, [500, 300]);
    let (none, cuts) = tagged(&[-1, -2, 0], "core");
    assert_eq!((none, cuts[0].from, cuts[0].count), (vec![], None, 0));
}

#[test]
fn cut_offs_of_everything_that_rules_compare() {
    let rules = load(
        r#"
        param top : decimal = 90%
        let rank = percent_rank(deal_size)
        classify a on rank { [top..] => "top", (0.5..90%) => "upper", otherwise => "rest" }
        classify b { ntile(1000, employees) >= 999 => "x", 2 == ntile(2, employees) => "y" }
        tags c when 25% >= rank { 100 * percent_rank(employees) > 7 => "not a comparison of the rank itself" }
        test "a rank that only a test reads" at @2026-11-21 {
          given { budget: 1 }
          population [ { budget: 1 }, { budget: 0 } ]
          expect percent_rank(budget) == 0.5,
        }
        "#,
    );
    assert!(rules.run_tests().passed());
    let at = at(&rules, "2026-11-21T01:00:00Z");
    let leads = (1..=10).map(|size| Lead::new().with_deal_size(size * 100).with_employees(size));
    let population = Population::measure(&rules, leads, &at);
    let measured: Vec<(&str, u64)> = population.measures().map(|it| (it.expression(), it.count())).collect();
    assert_eq!(measured, [("deal_size", 10), ("employees", 10)]);
    let shown: Vec<String> = rules.cut_offs(&population).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "percent_rank(deal_size) > 0.25: from 400, not 300; 7 leads",
            "percent_rank(deal_size) > 0.5: from 700, not 600; 4 leads",
            "percent_rank(deal_size) >= 0.9: from 1000, not 900; 1 lead",
            "ntile(2, employees) >= 2: from 6, not 5; 5 leads",
            "ntile(1000, employees) >= 999: none, not 10; 0 leads",
        ]
    );
}

#[test]
fn json_is_for_the_rule_set_that_measured() {
    let text = r#"ruleset "80/20" version "1" let revenue = deal_size tags t { cume_share(revenue) < 80% => "core", ntile(2, employees) == 2 => "big" }"#;
    let rules = load(text);
    let at = at(&rules, "2026-11-21T01:00:00Z");
    let population = Population::measure(&rules, deals(&[5, 5, 1]), &at);
    let json = serde_json::to_string(&population).unwrap();
    let expected = format!(
        r#"{{"gradus_population":1,"ruleset":{{"name":"80/20","version":"1","fingerprint":"{}"}},"measured":{{"from":"2026-11-21T01:00:00Z","to":"2026-11-21T01:00:00Z"}},"leads":3,"exact_up_to":1000000,"measures":[{{"expression":"employees","text":"employees","values":[]}},{{"expression":"revenue","text":"revenue","values":[["1",1],["5",2]]}}]}}"#,
        rules.fingerprint()
    );
    assert_eq!(json, expected);
    assert_eq!(Population::from_json(&rules, &json).unwrap(), population);

    // the same rules in another order, with other titles and tests, mean the same
    let turned = load(
        r#"tags t { cume_share(revenue) < 80% => "core", ntile(2, employees) == 2 => "big" } let revenue = deal_size
           test "other" at @2026-11-21 { given { budget: 1 } expect percent_rank(budget) is missing, }"#,
    );
    let loaded = Population::from_json(&turned, &json).unwrap();
    let outcome = turned.evaluate_with(&deals(&[5])[0], &at, Context::default().with_population(&loaded));
    assert!(outcome.has_tag("t", "core"));
    let mut twice = loaded;
    twice.merge(&Population::measure(&turned, deals(&[7]), &at)).unwrap();
    assert_eq!(twice.leads(), 4);

    // other rules do not
    let other = load(&text.replace("80%", "70%"));
    let refused = Population::from_json(&other, &json).unwrap_err().to_string();
    assert!(refused.starts_with("this population was measured by the rule set \"80/20\" version \"1\" ("), "{refused}");
    assert!(refused.contains("measure it again by these rules"), "{refused}");
    assert_eq!(other.cut_offs(&population).unwrap_err().to_string(), refused);
    for broken in ["", "[]", "{}", "{\"gradus_population\":1}", &json[..json.len() - 1]] {
        let refused = Population::from_json(&rules, broken).unwrap_err().to_string();
        assert!(refused.starts_with("this is not the JSON form of a population: "), "{refused}");
    }
}

#[test]
fn explanations_say_how_exact_a_rank_is() {
    let rules = load(r#"tags t { percent_rank(deal_size) >= 90% => "top" }"#);
    let at = at(&rules, "2026-11-21T01:00:00Z");
    let leads = deals(&(0..4000).map(|size| 1_000_000 + size).collect::<Vec<i64>>());
    let exact = Population::measure(&rules, &leads, &at);
    let mut builder = Population::builder(&rules, &at).exact_up_to(1000);
    builder.extend(&leads);
    let buckets = builder.finish();
    let told = |population: Option<&Population>| {
        let context = Context::default().with_population(population);
        rules.explain_with(&leads[3900], &at, context).to_string()
    };
    assert!(told(Some(&exact)).contains("population is 4000 leads, exact"), "{}", told(Some(&exact)));
    let approximate = told(Some(&buckets));
    assert!(approximate.contains("population is 4000 leads, approximate: ranks within 0.1"), "{approximate}");
    assert!(told(None).contains("unknown because population is missing"), "{}", told(None));
    // evenly spread values are found where they are
    let rank = |population: &Population| {
        let rules = load(
            r#"score s { indicator i { always => percent_rank(deal_size) } } tags t { percent_rank(deal_size) >= 90% => "top" }"#,
        );
        assert_ne!(rules.fingerprint(), population.fingerprint());
        rules.evaluate_with(&leads[0], &at, Context::default().with_population(population)).score("s")
    };
    assert_eq!(rank(&exact), decimal("0"), "a population that another rule set measured is none");
}
