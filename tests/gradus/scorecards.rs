//! PMML scorecards, written by hand as rule files: scores, and reason codes from the ledger.

use crate::support::{json, load, read, shared, text_of, unexplained};
use gradus::explain::{Direction, Reason, ScoreExplanation};
use gradus::{At, Lead};
use gradus_testkit::Json;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use std::path::Path;

/// What gives a reason code: points below the baseline, or above it.
#[derive(Clone, Copy)]
enum Algorithm {
    Below,
    Above,
}

/// A model: its PMML file, its rule file, and for each indicator baseline and reason code.
struct Model {
    pmml: &'static str,
    rules: &'static str,
    algorithm: Algorithm,
    /// In tenths, since baselines have one decimal at most.
    reasons: &'static [(&'static str, i64, &'static str)],
}

const SIMPLE: &[(&str, i64, &str)] =
    &[("input1Score", 40, "Input1ReasonCode"), ("input2Score", 80, "Input2ReasonCode")];
const COMPLEX: &[(&str, i64, &str)] = &[
    ("characteristic1Score", 200, "characteristic1ReasonCode"),
    ("characteristic2Score", 50, "characteristic2ReasonCode"),
];

const fn below(
    pmml: &'static str,
    rules: &'static str,
    reasons: &'static [(&'static str, i64, &'static str)],
) -> Model {
    Model { pmml, rules, algorithm: Algorithm::Below, reasons }
}

const MODELS: &[Model] = &[
    below("kie-SimpleScorecard.pmml", "simple", SIMPLE),
    below("kie-SimpleScorecardMixedVariables.pmml", "mixed", SIMPLE),
    below("kie-SimpleScorecardCategorical.pmml", "categorical", SIMPLE),
    below("kie-BasicComplexPartialScore.pmml", "complex", COMPLEX),
    below("kie-NestedComplexPartialScore.pmml", "nested_complex", COMPLEX),
    below(
        "kie-CompoundNestedPredicateScorecard.pmml",
        "nested",
        &[
            ("characteristic1Score", 218, "characteristic1ReasonCode"),
            ("characteristic2Score", 110, "characteristic2ReasonCode"),
        ],
    ),
    Model {
        pmml: "kie-CompoundPredicateScorecard.pmml",
        rules: "compound",
        algorithm: Algorithm::Above,
        reasons: &[
            ("characteristic1Score", -55, "characteristic1ReasonCode"),
            ("characteristic2Score", 110, "characteristic2ReasonCode"),
            ("characteristic3Score", 250, "characteristic3ReasonCode"),
        ],
    },
    below(
        "pmml4s-dmg_scorecard_example.pmml",
        "dmg",
        &[("departmentScore", 190, "RC1"), ("ageScore", 180, "RC2"), ("incomeScore", 100, "RC3")],
    ),
];

/// Reason codes of a score, the largest difference from the baseline first.
fn reason_codes(model: &Model, score: &ScoreExplanation) -> Vec<&'static str> {
    let baselines = model.reasons.iter().map(|(indicator, baseline, _)| (*indicator, Decimal::new(*baseline, 1)));
    let direction = match model.algorithm {
        Algorithm::Below => Direction::Below,
        Algorithm::Above => Direction::Above,
    };
    let code = |reason: &Reason| {
        let found = model.reasons.iter().find(|(indicator, ..)| *indicator == reason.indicator);
        found.map(|(_, _, code)| *code).unwrap()
    };
    score.reasons_against(baselines, direction).iter().map(code).collect()
}

#[test]
fn scores_and_reason_codes_of_every_case() {
    let Some(shared) = shared() else { return };
    let Json::Array(cases) = json(&read(&shared.join("data/scorecards/cases.json"))) else {
        panic!("cases are a list")
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scorecards");
    let at = At::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    for case in &cases {
        let pmml = text_of(case, "model").unwrap();
        let model = MODELS.iter().find(|model| model.pmml == pmml).unwrap_or_else(|| panic!("no model {pmml}"));
        let rules = load(&read(&folder.join(format!("{}.gradus", model.rules))));
        let lead = Lead::from_json(&case.get("inputs").unwrap().to_string()).unwrap();
        let explanation = rules.explain(&lead, &at);
        let score = &explanation.scores[0];
        let expected = case.get("expected").unwrap();
        assert_eq!(score.score, expected.get("score").map(Json::to_string), "{case}");
        assert_eq!(unexplained(&rules.evaluate(&lead, &at), &explanation), Vec::<String>::new(), "{case}");
        let Some(Json::Array(codes)) = expected.get("reasonCodes") else { panic!("{case}") };
        let mut codes: Vec<&str> = codes.iter().filter_map(Json::as_text).collect();
        if pmml.starts_with("pmml4s") {
            // pmml4s repeats RC1 in the third place. Only two characteristics are below their baselines (department by
            // 16, age by 18; income is above its own by 16), so there is no third code; jpmml-evaluator gives none.
            assert_eq!(codes.pop(), Some("RC1"));
            assert_eq!(codes, ["RC2", "RC1"]);
        }
        assert_eq!(reason_codes(model, score), codes, "{case}");
    }
    assert_eq!(cases.len(), 23);
}
