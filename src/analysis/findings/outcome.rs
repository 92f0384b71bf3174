//! Labels and grades that nobody gets, and clamps.

use super::Inspector;
use crate::analysis::possible::TRUE;
use crate::analysis::prover::Answer;
use crate::analysis::search::Goal;
use crate::diagnostic::Code;
use crate::finding::Finding;
use crate::hir::node::{Clamp, Constant, Node};
use crate::hir::{Class, NodeId, Rule, Score};
use crate::source::Span;
use crate::value::Fixed;

/// Declared labels that a classification never gives.
pub(super) fn labels(inspector: &mut Inspector<'_, '_>, class: &Class) {
    for (label, place) in (0_i128..).zip(&class.label_places) {
        let goal = Goal { values: vec![(class.value, vec![(label, label + 1)], false)], ..Goal::default() };
        match inspector.can(&goal) {
            Answer::Never => {
                let name = class.labels.label(u32::try_from(label).unwrap_or(u32::MAX));
                let message = format!("no lead gets the label `{name}` of `{}`", class.name);
                let finding = Finding::warning(Code::UnreachableLabel, *place, message)
                    .help("add a rule that gives it, or leave the label out");
                inspector.report(finding);
            }
            Answer::Undecided if !inspector.is_ranked(class.value) => {
                let reason = "no lead was found that gets it, and none was excluded";
                inspector.undecided(*place, "any lead gets this label", reason);
            }
            _ => {}
        }
    }
}

/// Grades that nobody gets, and ends of clamps that no sum passes.
pub(super) fn score(inspector: &mut Inspector<'_, '_>, score: &Score) {
    for rule in &score.grade_rules {
        grade(inspector, score, rule);
    }
    let guard = score.guard;
    for indicator in &score.indicators {
        let place = (indicator.clamp_place, indicator.name.as_str());
        clamp(inspector, indicator.points, indicator.clamp, guard, place);
    }
    clamp(inspector, score.sum, score.clamp, guard, (score.clamp_place, &score.name));
}

fn grade(inspector: &mut Inspector<'_, '_>, score: &Score, rule: &Rule) {
    let Some(Node::Constant(Constant::Label(label))) =
        rule.result.map(|it| inspector.prover.loaded.model.nodes.get(it))
    else {
        return;
    };
    let Some(grade) = score.grade else { return };
    let name = score.grades.as_ref().map_or("", |grades| grades.label(*label));
    let key = i128::from(*label);
    let mut goal = Goal::truths([(rule.test, TRUE)]);
    goal.values.push((grade, vec![(key, key + 1)], false));
    match inspector.can(&goal) {
        Answer::Never => {
            // without the clamp, and whatever the rules before it
            let free = Goal { unclamped: Some(score.sum), ..Goal::truths([(rule.test, TRUE)]) };
            let clamped = score.clamp.low.is_some() || score.clamp.high.is_some();
            let hidden = clamped && !matches!(inspector.can(&free), Answer::Never);
            let finding = if hidden {
                let message = format!("this clamp keeps every lead of `{}` from the grade `{name}`", score.name);
                Finding::warning(Code::ClampHidesGrade, score.clamp_place, message)
                    .related(rule.span, "this grade")
                    .help("widen the clamp, or change the interval of the grade")
            } else {
                let message = format!("no lead gets the grade `{name}` of `{}`", score.name);
                Finding::warning(Code::UnreachableGrade, rule.span, message)
                    .help("no sum of the indicators lies there: change the interval, the points or the weights")
            };
            inspector.report(finding);
        }
        Answer::Undecided if !inspector.is_ranked(score.sum) => {
            let reason =
                "no lead was found that gets it, and none was excluded: points are computed, or depend on each other";
            inspector.undecided(rule.span, format!("any lead gets the grade `{name}`"), reason);
        }
        _ => {}
    }
}

/// Whether anything passes the ends of a clamp.
fn clamp(inspector: &mut Inspector<'_, '_>, node: NodeId, clamp: Clamp, guard: Option<NodeId>, place: (Span, &str)) {
    let passes = |inspector: &mut Inspector<'_, '_>, stretch: (i128, i128)| {
        let goal = Goal {
            values: vec![(node, vec![stretch], false)],
            unclamped: Some(node),
            ..Goal::truths(guard.map(|guard| (guard, TRUE)))
        };
        !matches!(inspector.can(&goal), Answer::Never)
    };
    let low = clamp.low.filter(|low| !passes(inspector, (i128::MIN, low.units())));
    let high = clamp.high.filter(|high| !passes(inspector, (high.units() + 1, i128::MAX)));
    let show = |end: Fixed| end.to_string();
    let (span, name) = place;
    let message = match (low, high) {
        // a lower end of zero says that there is nothing below, which is worth writing
        (Some(low), None) if low == Fixed::ZERO && clamp.high.is_some() => return,
        (None, None) => return,
        (Some(low), Some(high)) => {
            format!("nothing of `{name}` passes this clamp, neither below {} nor above {}", show(low), show(high))
        }
        (Some(low), None) => format!("nothing of `{name}` is below {}, where this clamp begins", show(low)),
        (None, Some(high)) => format!("nothing of `{name}` is above {}, where this clamp ends", show(high)),
    };
    let finding = Finding::hint(Code::ClampNeverBites, span, message)
        .help("leave the clamp out, or bring its end to what can be reached");
    inspector.report(finding);
}
