//! Rules one by one: those that never fire, that always do, that repeat each other.

use super::{Inspector, Kind, Table};
use crate::analysis::budget::Exhausted;
use crate::analysis::possible::{FALSE, TRUE, UNKNOWN};
use crate::analysis::prover::Answer;
use crate::analysis::region::{Area, pairs, uncovered};
use crate::analysis::search::Goal;
use crate::diagnostic::Code;
use crate::finding::Finding;
use crate::hir::Written;
use crate::hir::node::{Constant, Node};

/// Tables with more rules are not searched for leads rule by rule.
const SEARCHED: usize = 400;
/// So many rules are named that cover another one.
const NAMED: usize = 4;

/// Looks at every rule of a table.
pub(super) fn inspect(inspector: &mut Inspector<'_, '_>, table: &Table<'_>) {
    let before = if table.is_first() { earlier(inspector, table) } else { vec![Vec::new(); table.rules.len()] };
    let mut undecided = Vec::new();
    for (rule, before) in before.iter().enumerate() {
        if repeated(inspector, table, rule) || never(inspector, table, rule, before, &mut undecided) {
            continue;
        }
        always(inspector, table, rule);
    }
    if let Some(first) = undecided.first() {
        let question = match undecided.len() {
            1 => "this rule ever fires".to_owned(),
            count => format!("this rule and {} more of `{}` ever fire", count - 1, table.name),
        };
        let reason = "no example was found, and none was excluded: its test compares values that depend on each other";
        inspector.undecided(table.rules[*first].span, question, reason);
    }
    if table.is_first() {
        neighbours(inspector, table);
    }
}

/// For each rule the earlier ones that may hold for the same lead.
fn earlier(inspector: &mut Inspector<'_, '_>, table: &Table<'_>) -> Vec<Vec<usize>> {
    let picture = &inspector.prover.picture;
    let mut areas: Vec<&Area> = Vec::new();
    let mut owners: Vec<usize> = Vec::new();
    for (rule, written) in table.rules.iter().enumerate() {
        for area in picture.test(written.test) {
            areas.push(area);
            owners.push(rule);
        }
    }
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); table.rules.len()];
    let mut budget = inspector.budget.part(u64::MAX);
    let result = pairs(&areas, &mut budget, &mut |one, other| {
        let (first, last) = (owners[one].min(owners[other]), owners[one].max(owners[other]));
        if first != last && before[last].last() != Some(&first) {
            before[last].push(first);
        }
        true
    });
    inspector.budget.give_back(budget);
    if result.is_err() {
        inspector.unanswered += 1;
        return (0..table.rules.len()).map(|rule| (0..rule.min(SEARCHED)).collect()).collect();
    }
    for list in &mut before {
        list.sort_unstable();
        list.dedup();
    }
    before
}

/// A rule with the test and the result of an earlier one.
fn repeated(inspector: &mut Inspector<'_, '_>, table: &Table<'_>, rule: usize) -> bool {
    let own = &table.rules[rule];
    if own.written != Written::Test {
        return false;
    }
    let same = |other: &crate::hir::Rule| {
        other.written == Written::Test
            && other.test == own.test
            && other.result == own.result
            && other.label == own.label
    };
    // what is added twice in a sum may be meant so, and is reported all the same
    let Some(first) = table.rules[..rule].iter().find(|other| same(other)) else { return false };
    let finding = Finding::warning(Code::DuplicateRule, own.span, "this rule stands here twice")
        .related(first.span, "the same rule")
        .help("leave one of them out");
    inspector.report(finding);
    true
}

/// A rule that fires for no lead. Whether it was reported.
fn never(
    inspector: &mut Inspector<'_, '_>,
    table: &Table<'_>,
    rule: usize,
    before: &[usize],
    undecided: &mut Vec<usize>,
) -> bool {
    let own = &table.rules[rule];
    match covered(inspector, table, rule, before) {
        Ok(Cover::By(rules)) => {
            report_covered(inspector, table, rule, &rules);
            return true;
        }
        Ok(Cover::Open) => return false,
        Ok(Cover::Unclear) | Err(Exhausted) => {}
    }
    if rule > SEARCHED && table.is_first() {
        inspector.unanswered += 1;
        return false;
    }
    // first without the rules before it, so that the reason is known
    let alone = Goal::truths([(own.test, TRUE)]);
    if matches!(inspector.can(&alone), Answer::Never) {
        report_contradiction(inspector, table, rule);
        return true;
    }
    let mut goal = Goal::truths(table.guard.map(|guard| (guard, TRUE)).into_iter().chain([(own.test, TRUE)]));
    if table.guard.is_some() && matches!(inspector.can(&goal), Answer::Never) {
        let finding = Finding::warning(Code::NeverFires, own.span, "this rule never fires where the guard holds")
            .help(format!("leave it out, or change the guard after `when` of `{}`", table.name));
        inspector.report(finding);
        return true;
    }
    goal.truths.extend(before.iter().map(|other| (table.rules[*other].test, FALSE | UNKNOWN)));
    match inspector.can(&goal) {
        Answer::Never => {
            let rules = smallest(inspector, table, rule, before);
            report_covered(inspector, table, rule, &rules);
            true
        }
        Answer::Undecided => {
            if !before.iter().chain([&rule]).any(|rule| inspector.is_ranked(table.rules[*rule].test)) {
                undecided.push(rule);
            }
            false
        }
        _ => false,
    }
}

/// Whether the rules before one leave anything of it, as far as regions tell.
enum Cover {
    /// These hold for every lead for which it does.
    By(Vec<usize>),
    /// Some lead is left.
    Open,
    /// Something is left in the picture, which may be no lead.
    Unclear,
}

fn covered(
    inspector: &mut Inspector<'_, '_>,
    table: &Table<'_>,
    rule: usize,
    before: &[usize],
) -> Result<Cover, Exhausted> {
    let prover = inspector.prover;
    let own = prover.picture.test(table.rules[rule].test);
    if own.is_empty() {
        return Ok(Cover::Unclear);
    }
    let others: Vec<&Area> = before.iter().flat_map(|other| prover.picture.test(table.rules[*other].test)).collect();
    let budget = &mut inspector.budget;
    for area in own {
        if let Some(left) = uncovered(area, &others, 1, budget)?.first() {
            return Ok(if table.guard.is_none() && is_a_lead(inspector, left) { Cover::Open } else { Cover::Unclear });
        }
    }
    // one alone, or as few as can be
    for other in before {
        let alone: Vec<&Area> = prover.picture.test(table.rules[*other].test).iter().collect();
        if covers(own, &alone, budget)? {
            return Ok(Cover::By(vec![*other]));
        }
    }
    let mut needed = before.to_vec();
    if needed.len() <= SEARCHED {
        for other in before.iter().rev() {
            let rest: Vec<usize> = needed.iter().copied().filter(|it| it != other).collect();
            let areas: Vec<&Area> =
                rest.iter().flat_map(|other| prover.picture.test(table.rules[*other].test)).collect();
            if covers(own, &areas, budget)? {
                needed = rest;
            }
        }
    }
    Ok(Cover::By(needed))
}

fn covers(own: &[Area], others: &[&Area], budget: &mut crate::analysis::budget::Budget) -> Result<bool, Exhausted> {
    for area in own {
        if !uncovered(area, others, 1, budget)?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether each cell of an area has a lead, whatever the other sides: then the area has one.
pub(super) fn is_a_lead(inspector: &Inspector<'_, '_>, area: &Area) -> bool {
    let prover = inspector.prover;
    area.sides().all(|(axis, cells)| {
        let group = prover.certain.group(*axis);
        group.is_some_and(|group| group.exact && group.axes.len() == 1)
            && cells.first_common(&prover.certain.start[axis.index()]).is_some()
            && !prover.picture.links.iter().any(|link| link.axis == *axis || link.needs.contains(axis))
    })
}

/// As few of the rules before one as cover it, found by leaving out what is not needed.
fn smallest(inspector: &mut Inspector<'_, '_>, table: &Table<'_>, rule: usize, before: &[usize]) -> Vec<usize> {
    let own = table.rules[rule].test;
    let guard = table.guard.map(|guard| (guard, TRUE));
    let mut needed = before.to_vec();
    if before.len() > 40 {
        return needed;
    }
    for other in before.iter().rev() {
        let rest: Vec<usize> = needed.iter().copied().filter(|it| it != other).collect();
        let truths = rest.iter().map(|other| (table.rules[*other].test, FALSE | UNKNOWN));
        let goal = Goal::truths(guard.into_iter().chain([(own, TRUE)]).chain(truths));
        if matches!(inspector.can(&goal), Answer::Never) {
            needed = rest;
        }
    }
    needed
}

fn report_contradiction(inspector: &mut Inspector<'_, '_>, table: &Table<'_>, rule: usize) {
    let own = &table.rules[rule];
    let unknown = Goal::truths([(own.test, FALSE | TRUE)]);
    let finding = if matches!(inspector.can(&unknown), Answer::Never) {
        Finding::warning(Code::AlwaysUnknown, own.test_place, "the test of this rule is unknown for every lead").help(
            "something that it compares is always missing: a placeholder, a division by zero, a number past the range",
        )
    } else if own.written == Written::Otherwise {
        Finding::hint(Code::NeverFires, own.span, "`otherwise` never fires: another rule always does")
    } else {
        Finding::warning(Code::NeverFires, own.span, "this rule never fires: no lead meets all that its test asks")
            .help("change the test, or leave the rule out")
    };
    inspector.report(finding);
}

fn report_covered(inspector: &mut Inspector<'_, '_>, table: &Table<'_>, rule: usize, by: &[usize]) {
    let own = &table.rules[rule];
    let message = match (by, own.written) {
        (_, Written::Otherwise) => "`otherwise` never fires: the rules before it leave nothing over".to_owned(),
        ([_], _) => "this rule never fires: a rule before it holds for every lead for which it does".to_owned(),
        (several, _) => format!(
            "this rule never fires: {} rules before it together hold for every lead for which it does",
            several.len()
        ),
    };
    let mut finding = if own.written == Written::Otherwise {
        Finding::hint(Code::NeverFires, own.span, message)
    } else {
        Finding::warning(Code::NeverFires, own.span, message).help("put the narrower rule first, or leave this one out")
    };
    for other in by.iter().take(NAMED) {
        let text = if by.len() == 1 { "this one" } else { "one of them" };
        finding = finding.related(table.rules[*other].span, text);
    }
    inspector.report(finding);
}

/// A rule whose test holds for every lead.
fn always(inspector: &mut Inspector<'_, '_>, table: &Table<'_>, rule: usize) {
    let own = &table.rules[rule];
    let is_constant = matches!(inspector.prover.loaded.model.nodes.get(own.test), Node::Constant(Constant::Bool(_)));
    if own.written != Written::Test || is_constant {
        return;
    }
    let goal = Goal::truths(table.guard.map(|guard| (guard, TRUE)).into_iter().chain([(own.test, FALSE | UNKNOWN)]));
    if matches!(inspector.can(&goal), Answer::Never) {
        let message = match table.guard {
            Some(_) => "this rule always fires where the guard holds",
            None => "this rule fires for every lead",
        };
        let finding = Finding::warning(Code::AlwaysFires, own.span, message)
            .help("write `otherwise` or `always` if that is meant; else change the test");
        inspector.report(finding);
    }
}

/// Neighbouring rules of the same result whose patterns differ for one subject only.
fn neighbours(inspector: &mut Inspector<'_, '_>, table: &Table<'_>) {
    for rule in 1..table.rules.len() {
        let (one, next) = (&table.rules[rule - 1], &table.rules[rule]);
        let written = one.written == Written::Test && next.written == Written::Test;
        if !written || one.result != next.result || one.test == next.test {
            continue;
        }
        let picture = &inspector.prover.picture;
        let ([a], [b]) = (picture.test(one.test), picture.test(next.test)) else { continue };
        let asked =
            |area: &Area, other: &Area| area.sides().filter(|(axis, cells)| other.side(*axis) != Some(cells)).count();
        let axes = |area: &Area| area.sides().map(|(axis, _)| *axis).collect::<Vec<_>>();
        if asked(a, b) > 1 || asked(b, a) > 1 || axes(a) != axes(b) || a.is_everything() {
            continue;
        }
        let what = if table.kind == Kind::Indicator { "points" } else { "result" };
        let finding =
            Finding::hint(Code::SameResult, next.span, format!("this rule gives the same {what} as the one before it"))
                .related(one.span, "the one before it")
                .help("join their patterns with `|`, or in one interval");
        inspector.report(finding);
    }
}
