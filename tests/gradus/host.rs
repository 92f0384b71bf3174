//! What a host does with a rule set: params, fingerprints, handles, sharing between threads.

use gradus::{At, Context, Lead, Previous, RuleSet, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;

const RULES: &str = "
    param since : datetime = @2026-01-01
    param large : decimal = 50万
    param 地区 : set of text = { \"上海\" }
    classify c { created_at >= since and deal_size >= large and city in 地区 => \"x\", otherwise => \"y\" }
    score s { indicator i { deal_size is present => 5 } grades { [5..] => \"A\", otherwise => \"B\" } }
    tags t { previous.c == \"x\" => \"before\" }";

fn at() -> At {
    At::new(Timestamp::UNIX_EPOCH, TimeZone::UTC)
}

fn with(params: &[(&str, Value)]) -> RuleSet {
    let builder = RuleSet::builder().source("rules", RULES);
    let builder = params.iter().fold(builder, |builder, (name, value)| builder.param(*name, value.clone()));
    builder.build().unwrap()
}

fn lead() -> Lead {
    Lead::new()
        .with_created_at("2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap())
        .with_deal_size(500_000)
        .with_city("上海")
}

#[test]
fn params_are_the_file_s_until_the_host_sets_them() {
    assert_eq!(with(&[]).evaluate(&lead(), &at()).class("c"), Some("x"));
    for params in [
        [("since", Value::from("2026-01-02"))],
        [("large", Value::from("500000.01"))],
        [("地区", Value::from(vec!["北京", "广州"]))],
    ] {
        assert_eq!(with(&params).evaluate(&lead(), &at()).class("c"), Some("y"), "{params:?}");
    }
}

#[test]
fn the_fingerprint_goes_by_the_values_of_params() {
    let own = with(&[]);
    for same in [
        [("large", Value::from(500_000))],
        [("large", Value::from("500000.00"))],
        [("since", Value::from("2026-01-01T00:00:00Z"))],
        [("地区", Value::from("上海 "))],
    ] {
        assert_eq!(with(&same).fingerprint(), own.fingerprint(), "{same:?}");
    }
    let changed = with(&[("large", Value::from(5))]);
    assert_ne!(changed.fingerprint(), own.fingerprint());
    assert_eq!(changed.fingerprint(), with(&[("large", Value::from("5.0"))]).fingerprint());
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let elsewhere = RuleSet::builder().source("rules", RULES).zone(zone).build().unwrap();
    assert_ne!(elsewhere.fingerprint(), own.fingerprint());
}

#[test]
fn handles_say_what_names_say() {
    let (rules, lead, at) = (with(&[]), lead(), at());
    let outcome = rules.evaluate(&lead, &at);
    let (c, s, t) = (rules.class_id("c").unwrap(), rules.score_id("s").unwrap(), rules.tags_id("t").unwrap());
    assert_eq!((rules.class_id("s"), rules.score_id("c"), rules.tags_id("nobody")), (None, None, None));
    assert_eq!(outcome.class_by_id(c), outcome.class("c"));
    assert_eq!(outcome.scored(s).unwrap().grade, outcome.grade("s"));
    assert_eq!(rules.classify(c, &lead, &at, Context::default()), Some("x"));
    assert_eq!(rules.score(s, &lead, &at, Context::default()).unwrap().score, outcome.score("s"));
    assert_eq!(outcome.tags_by_id(t).unwrap().len(), 0);

    let previous = Previous::from(&outcome);
    let context = Context::default().with_previous(&previous);
    let again = rules.evaluate_with(&lead, &at, context);
    assert!(again.has_tag("t", "ＢＥＦＯＲＥ ") && !again.has_tag("t", "after") && !again.has_tag("nobody", "before"));
    assert_eq!(rules.tags(t, &lead, &at, context), Some(vec!["before"]));
}

#[test]
fn threads_share_one_rule_set() {
    fn shared<T: Send + Sync + Clone>(value: &T) -> T {
        value.clone()
    }
    let rules = with(&[]);
    let outcome = rules.evaluate(&lead(), &at());
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let rules = shared(&rules);
            std::thread::spawn(move || rules.evaluate(&lead(), &at()))
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), outcome);
    }
}
