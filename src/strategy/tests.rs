//! What the strategies promise.

use super::{lead, lead_at, moment};
use crate::rule_set::RuleSet;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::collections::BTreeSet;

const RULES: &str = r#"
    zone "Asia/Shanghai"
    missing as { "无" }
    field stage : ordered choice { "线索", "已报价", "成交" }
    field flags : set { "a", "b" }
    field codes : set of code
    field probability : float
    let demos = count(activities where .kind == "demo" and .at within last 30 days)
    let spent = sum(.amount * .quantity of purchases)
    classify size { employees >= 1000 => "large", employees in { 5, 7 } => "odd", otherwise => "small" }
    classify asleep { days_since(last_contact) > 90 => "asleep", last_contact >= @2027-02-03 => "planned" }
    score fit {
      indicator size on deal_size { [0.5..1_000) => 10, [1_000..) => 60, missing => 0 }
      indicator demos { demos >= 2 => 40, demos == 1 => 10 }
      indicator spent { spent >= 500 => 5 }
      grades { [70..] => "A", [60..70) => "B", otherwise => "C" }
    }
    tags marks {
      stage >= "已报价"                      => "open",
      flags contains all { "a", "b" }       => "both",
      codes contains "X-1"                  => "code",
      company ends with "有限公司"           => "company",
      region within "中国/广东"              => "south",
      probability > 0.5                     => "likely",
      created_at within last 3 months       => "new",
      not (email contains "@")              => "no mail",
    }
"#;

fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn rules() -> RuleSet {
    RuleSet::parse(RULES).expect("the rules load")
}

#[test]
fn every_lead_is_accepted_and_every_outcome_is_met() {
    let (rules, mut runner) = (rules(), runner());
    let (at, leads) = (rules.at(moment()), lead(&rules));
    let mut seen = BTreeSet::new();
    for _ in 0..2_000 {
        let lead = leads.new_tree(&mut runner).expect("nothing is filtered").current();
        assert_eq!(rules.check_lead(&lead, at.zone()), Ok(()), "{lead:?}");
        let outcome = rules.evaluate(&lead, &at);
        seen.extend(outcome.classes().map(|(name, label)| format!("{name} {}", label.unwrap_or("-"))));
        seen.extend(outcome.grade("fit").map(|grade| format!("fit {grade}")));
        seen.extend(outcome.tags("marks").into_iter().flatten().map(str::to_owned));
    }
    let wanted = "asleep -|asleep asleep|asleep planned|both|code|company|fit A|fit B|fit C|likely|new|no mail|open\
                  |size large|size odd|size small|south";
    assert_eq!(seen.into_iter().collect::<Vec<_>>().join("|"), wanted);
}

#[test]
fn a_counterexample_shrinks_to_what_matters() {
    let rules = rules();
    let at = rules.at(moment());
    let large = |lead: &crate::Lead| rules.evaluate(lead, &at).class("size") == Some("large");
    let mut runner = runner();
    let found =
        runner.run(&lead_at(&rules, &at), |lead| if large(&lead) { Err(TestCaseError::fail("large")) } else { Ok(()) });
    let smallest = match found {
        Err(TestError::Fail(_, lead)) => Some(lead),
        _ => None,
    };
    assert_eq!(smallest, Some(crate::Lead::new().with_employees(1000)));
}

#[test]
fn the_same_seed_gives_the_same_leads() {
    let draw = || {
        let (rules, mut runner) = (rules(), runner());
        let leads = lead(&rules);
        (0..50).map(|_| leads.new_tree(&mut runner).expect("nothing is filtered").current()).collect::<Vec<_>>()
    };
    assert_eq!(draw(), draw());
}
