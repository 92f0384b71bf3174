//! What the rules of a table leave out, and where two of them hold for the same lead.

use super::{Inspector, Kind, Table, test};
use crate::analysis::possible::{FALSE, TRUE, UNKNOWN};
use crate::analysis::prover::Answer;
use crate::analysis::region::{Area, pairs, uncovered};
use crate::analysis::search::Goal;
use crate::diagnostic::{Code, Severity};
use crate::finding::{Finding, Witness, quoted};
use crate::grid::Space;
use crate::hir::Written;
use crate::hir::node::{Constant, Node};

/// Parts of what is left out that are looked at, and that are described.
const PARTS: usize = 200;
const SHOWN: usize = 3;
/// Tables with more rules are not searched as a whole.
const SEARCHED: usize = 400;

/// What a table without `otherwise` leaves out.
pub(super) fn inspect(inspector: &mut Inspector<'_, '_>, table: &Table<'_>) {
    let is_asked = match table.kind {
        Kind::Class => true,
        Kind::Indicator | Kind::Match => !table.on.is_empty(),
        Kind::Sum | Kind::Tags => false,
    };
    if !is_asked || table.has_rest() || table.rules.is_empty() {
        return;
    }
    let prover = inspector.prover;
    let areas: Vec<&Area> = table.rules.iter().flat_map(|rule| prover.picture.test(rule.test)).collect();
    let mut budget = inspector.budget.part(u64::MAX);
    let parts = uncovered(&Area::default(), &areas, PARTS, &mut budget);
    inspector.budget.give_back(budget);
    let Ok(parts) = parts else {
        inspector.unanswered += 1;
        return;
    };
    let mut left = Left::default();
    for part in by_interest(merged(parts)) {
        if left.found() > SHOWN {
            break;
        }
        // outside of what its rules ask for an indicator gives no points, which is what its author expects
        if table.kind == Kind::Class || is_between(inspector, &part) {
            look_at(inspector, table, part, &mut left);
        }
    }
    let is_ranked = |inspector: &Inspector<'_, '_>| table.rules.iter().any(|rule| inspector.is_ranked(rule.test));
    if left.found() > 0 {
        report(inspector, table, left);
    } else if left.undecided && !is_ranked(inspector) {
        let reason = "what they leave out depends on conditions of which no example was found";
        inspector.undecided(table.place, format!("the rules of `{}` leave leads out", table.name), reason);
    }
}

/// Parts that are left out, each with a lead.
#[derive(Default)]
struct Left {
    /// Where every rule is false.
    false_for: Vec<(Area, Option<Witness>)>,
    /// Where some rule is unknown, since something is missing.
    unknown_for: Vec<(Area, Option<Witness>)>,
    undecided: bool,
}

impl Left {
    fn found(&self) -> usize {
        self.false_for.len() + self.unknown_for.len()
    }
}

/// Looks for a lead in a part: first for one of which all is known that the rules ask.
fn look_at(inspector: &mut Inspector<'_, '_>, table: &Table<'_>, part: Area, left: &mut Left) {
    for truths in [FALSE, FALSE | UNKNOWN] {
        let mut goal = Goal::truths(table.guard.map(|guard| (guard, TRUE)));
        if table.rules.len() <= SEARCHED {
            goal.truths.extend(table.rules.iter().map(|rule| (rule.test, truths)));
        } else if truths == FALSE {
            continue;
        }
        goal.area = between(inspector, &part);
        let answer = match inspector.show(&goal) {
            Answer::Some(witness) => Answer::Some(witness),
            _ => {
                goal.area = part.clone();
                inspector.show(&goal)
            }
        };
        match answer {
            Answer::Never => {}
            Answer::TooMuch => return,
            Answer::Undecided => left.undecided = true,
            Answer::Some(witness) => {
                let expects = match table.kind {
                    Kind::Class => vec![format!("{} is missing", table.name)],
                    _ => Vec::new(),
                };
                let witness = test(witness, &format!("{}: no rule fires", table.name), expects);
                let parts = if truths == FALSE { &mut left.false_for } else { &mut left.unknown_for };
                parts.push((part, witness));
                return;
            }
        }
    }
}

fn report(inspector: &mut Inspector<'_, '_>, table: &Table<'_>, left: Left) {
    let (severity, mut shown) = if left.false_for.is_empty() {
        (Severity::Hint, left.unknown_for)
    } else {
        (Severity::Warning, left.false_for)
    };
    let more = shown.len() > SHOWN;
    shown.truncate(SHOWN);
    let described: Vec<String> = shown.iter().map(|(part, _)| describe(inspector, part)).collect();
    let described = described.join("; or ") + if more { "; and more" } else { "" };
    let (what, help) = match table.kind {
        Kind::Class => ("leave the class missing", "add rules for them, or `otherwise`"),
        Kind::Match => ("give nothing", "add rules for them, or `otherwise`"),
        _ => ("give no points", "add rules for them, or `otherwise => 0` if that is meant"),
    };
    let message = format!("the rules of `{}` {what} where {described}", table.name);
    let witness = shown.into_iter().find_map(|(_, witness)| witness);
    inspector.report(Finding::new(severity, Code::NotCovered, table.place, message).help(help).shown_by(witness));
}

/// Whether a part holds only leads of which something is missing that the rules ask for.
fn misses(part: &Area) -> bool {
    part.sides().any(|(_, cells)| cells.first() == Some(0) && cells.len() == 1)
}

/// Of a part, what lies between values that the rules ask for, where there is such a stretch: it surprises most.
fn between(inspector: &Inspector<'_, '_>, part: &Area) -> Area {
    let mut area = part.clone();
    for (axis, cells) in part.sides() {
        let inner = cells.runs().find(|run| run.start > 1 && run.end < cells.count());
        if let Some(run) = inner.filter(|_| is_ordered(inspector.prover.picture.axes.get(*axis).space)) {
            let mut stretch = crate::grid::Cells::none(cells.count());
            stretch.insert(run);
            area = area.restricted(*axis, &stretch).unwrap_or(area);
        }
    }
    area
}

fn is_ordered(space: Space) -> bool {
    matches!(space, Space::Int | Space::Units | Space::Float | Space::Day | Space::Instant)
}

/// Whether a part lies between values that the rules ask for.
fn is_between(inspector: &Inspector<'_, '_>, part: &Area) -> bool {
    !misses(part)
        && part.sides().any(|(axis, cells)| {
            is_ordered(inspector.prover.picture.axes.get(*axis).space)
                && [0, 1, cells.count() - 1].iter().all(|end| !cells.contains(*end))
        })
}

/// Parts that differ on one axis only are one.
fn merged(mut parts: Vec<Area>) -> Vec<Area> {
    loop {
        let mut joined = None;
        'search: for one in 0..parts.len() {
            for other in one + 1..parts.len() {
                if let Some(both) = parts[one].joined(&parts[other]) {
                    joined = Some((one, other, both));
                    break 'search;
                }
            }
        }
        let Some((one, other, both)) = joined else { return parts };
        parts[one] = both;
        parts.remove(other);
    }
}

/// What is most surprising first: parts with few sides, and those where nothing is missing.
fn by_interest(parts: Vec<Area>) -> Vec<Area> {
    // "missing" by itself is told apart from the values beside it
    let mut split: Vec<Area> = Vec::new();
    for part in parts {
        let mut pieces = vec![part];
        let axes: Vec<_> = pieces[0].sides().map(|(axis, cells)| (*axis, cells.clone())).collect();
        for (axis, cells) in axes {
            if cells.contains(0) && cells.len() > 1 {
                let missing = crate::grid::Cells::one(cells.count(), 0);
                let there = cells.without(&missing);
                pieces = pieces
                    .iter()
                    .flat_map(|piece| [piece.restricted(axis, &there), piece.restricted(axis, &missing)])
                    .flatten()
                    .collect();
            }
            if pieces.len() > 16 {
                break;
            }
        }
        split.extend(pieces);
    }
    let missing = |part: &Area| part.sides().filter(|(_, cells)| cells.first() == Some(0)).count();
    let open_ended =
        |part: &Area| part.sides().filter(|(_, cells)| cells.contains(cells.count() - 1) || cells.contains(1)).count();
    split.sort_by_key(|part| (missing(part), part.sides().len(), open_ended(part)));
    split
}

/// A part in the words of the rule file.
fn describe(inspector: &Inspector<'_, '_>, part: &Area) -> String {
    if part.is_everything() {
        return "anything is the case".to_owned();
    }
    let axes = &inspector.prover.picture.axes;
    let sides = part.sides().map(|(axis, cells)| {
        let described = axes.get(*axis);
        let subject = shortened(inspector.words.node(described.subject));
        match inspector.words.cells(described, cells).as_str() {
            "missing" => format!("`{subject}` is missing"),
            "present" => format!("`{subject}` is present"),
            shown if shown.starts_with("just ") || shown.contains(" of ") => format!("`{subject}` has {shown}"),
            shown => format!("`{subject}` is {shown}"),
        }
    });
    sides.collect::<Vec<_>>().join(" and ")
}

/// The longest name of a value that is shown whole.
const NAME: usize = 70;

/// A name that is not longer than a message can bear.
fn shortened(name: String) -> String {
    match name.char_indices().nth(NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}

/// Rules of a table that hold for the same lead with different results: each later rule with the first such before it.
pub(super) fn overlaps(inspector: &mut Inspector<'_, '_>, table: &Table<'_>, severity: Severity, most: usize) {
    let prover = inspector.prover;
    let (mut areas, mut owners): (Vec<&Area>, Vec<usize>) = (Vec::new(), Vec::new());
    for (rule, written) in table.rules.iter().enumerate().filter(|(_, rule)| rule.written != Written::Otherwise) {
        for area in prover.picture.test(written.test) {
            areas.push(area);
            owners.push(rule);
        }
    }
    let mut candidates: Vec<(usize, usize)> = Vec::new();
    let mut budget = inspector.budget.part(u64::MAX);
    let result = pairs(&areas, &mut budget, &mut |one, other| {
        let (first, last) = (owners[one].min(owners[other]), owners[one].max(owners[other]));
        if first != last && table.rules[first].result != table.rules[last].result {
            candidates.push((last, first));
        }
        candidates.len() < CANDIDATES
    });
    inspector.budget.give_back(budget);
    inspector.unanswered += usize::from(result.is_err() || candidates.len() >= CANDIDATES);
    candidates.sort_unstable();
    candidates.dedup();
    let (mut told, mut count) = (None, 0);
    for (last, first) in candidates {
        if told == Some(last) || count >= most {
            continue;
        }
        let (one, other) = (&table.rules[first], &table.rules[last]);
        let guard = table.guard.map(|guard| (guard, TRUE));
        let goal = Goal::truths(guard.into_iter().chain([(one.test, TRUE), (other.test, TRUE)]));
        let witness = match inspector.show(&goal) {
            Answer::Never => continue,
            Answer::Some(witness) => witness,
            // a promise that cannot be checked is not kept
            Answer::Undecided | Answer::TooMuch if severity == Severity::Error => None,
            Answer::Undecided | Answer::TooMuch => continue,
        };
        told = Some(last);
        count += 1;
        let shown = test(witness, &format!("{}: two rules hold", table.name), decided(inspector, table, first));
        inspector.report(overlap(table, first, last, severity).shown_by(shown));
    }
}

/// Pairs of rules that are looked at.
const CANDIDATES: usize = 100_000;

fn overlap(table: &Table<'_>, first: usize, last: usize, severity: Severity) -> Finding {
    let message = if severity == Severity::Error {
        format!("two rules of `{}` hold for the same lead, with different results", table.name)
    } else {
        format!(
            "order decides in `{}`: an earlier rule holds for some of the same leads, with another result",
            table.name
        )
    };
    let finding = Finding::new(severity, Code::Overlap, table.rules[last].span, message)
        .related(table.rules[first].span, "the other");
    if severity == Severity::Error {
        finding
            .help("`unique` promises that at most one rule holds: make them exclude each other, or leave `unique` out")
    } else {
        finding
    }
}

/// What the table gives when a rule decides, where that is a label.
fn decided(inspector: &Inspector<'_, '_>, table: &Table<'_>, rule: usize) -> Vec<String> {
    let model = &inspector.prover.loaded.model;
    let class = model.classes.iter().find(|class| class.name == table.name);
    let label = table.rules[rule].result.and_then(|result| match model.nodes.get(result) {
        Node::Constant(Constant::Label(label)) => Some(*label),
        _ => None,
    });
    // another rule before may decide: the witness says which
    class.zip(label).filter(|_| rule == 0).map_or_else(Vec::new, |(class, label)| {
        vec![format!("{} == {}", class.name, quoted(class.labels.label(label)))]
    })
}
