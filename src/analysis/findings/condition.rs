//! Conditions and their parts, wherever they stand.

use super::Inspector;
use crate::analysis::picture::{reachable, roots};
use crate::analysis::possible::{FALSE, TRUE, UNKNOWN};
use crate::analysis::prover::Answer;
use crate::analysis::search::Goal;
use crate::diagnostic::Code;
use crate::finding::Finding;
use crate::hir::NodeId;
use crate::hir::node::Node;
use crate::source::Span;
use rustc_hash::FxHashSet;

/// Parts of conditions that are looked at; in larger rule sets only the first.
const PARTS: usize = 20_000;

/// Parts of conditions that are always the same, and negations of what may be missing.
pub(super) fn inspect(inspector: &mut Inspector<'_, '_>) {
    let rules = &inspector.prover.loaded.model;
    let counted: FxHashSet<NodeId> = reachable(rules, roots(rules)).into_iter().collect();
    let told: Vec<Span> = inspector.found.iter().map(Finding::span).collect();
    let mut seen: FxHashSet<Span> = FxHashSet::default();
    let mut constant: FxHashSet<Span> = FxHashSet::default();
    for (node, span) in rules.places.parts.iter().take(PARTS) {
        let is_told =
            told.iter().any(|other| other.source == span.source && other.start <= span.start && span.end <= other.end);
        if counted.contains(node) && seen.insert(*span) && !is_told && is_constant(inspector, *node, *span) {
            constant.insert(*span);
        }
    }
    for (node, span) in rules.places.negated.iter().take(PARTS) {
        if counted.contains(node) && seen.insert(*span) | !constant.contains(span) {
            negation(inspector, *node, *span);
        }
    }
}

/// Whether a part is the same for every lead; then it is reported.
fn is_constant(inspector: &mut Inspector<'_, '_>, node: NodeId, span: Span) -> bool {
    let never = |inspector: &mut Inspector<'_, '_>, truths| {
        matches!(inspector.can(&Goal::truths([(node, truths)])), Answer::Never)
    };
    if never(inspector, TRUE) {
        let unknown = never(inspector, FALSE);
        let finding = if unknown {
            Finding::warning(Code::AlwaysUnknown, span, "this condition is unknown for every lead")
                .help("something that it compares is always missing: a placeholder, a division by zero, a number past the range")
        } else {
            Finding::warning(Code::ConstantCondition, span, "this condition is true for no lead")
                .help("leave it out, or change what it compares")
        };
        inspector.report(finding);
        return true;
    }
    if never(inspector, FALSE | UNKNOWN) {
        let finding = Finding::warning(Code::ConstantCondition, span, "this condition is true for every lead")
            .help("leave it out, or change what it compares");
        inspector.report(finding);
        return true;
    }
    false
}

/// A negated test on something that can be missing: leads without it do not pass.
fn negation(inspector: &mut Inspector<'_, '_>, node: NodeId, span: Span) {
    let rules = &inspector.prover.loaded.model;
    let missing: Vec<NodeId> =
        rules.nodes.mentions(node).iter().copied().filter(|id| may_be_missing(rules, *id)).collect();
    let [what] = missing.as_slice() else { return };
    // somebody who asks for it in the same breath has thought of it
    if is_guarded(inspector, node, *what) {
        return;
    }
    let absent = Goal::truths([(node, UNKNOWN)]);
    let Answer::Some(witness) = inspector.show(&absent) else { return };
    let name = inspector.words.node(*what);
    let message = format!("leads without `{name}` do not pass this test");
    let finding = Finding::hint(Code::NegatedMissing, span, message)
        .help(format!("add `or {name} is missing` if you want them, or `{name} is present and` if you do not"))
        .shown_by(super::test(witness, &format!("without {name}"), vec![format!("{name} is missing")]));
    inspector.report(finding);
}

fn may_be_missing(rules: &crate::hir::Rules, id: NodeId) -> bool {
    match rules.nodes.get(id) {
        Node::Field(_) => true,
        Node::Outcome(inner) => !matches!(rules.nodes.get(*inner), Node::TagSet(_)),
        _ => false,
    }
}

/// Whether a condition that a negation is part of asks whether the value is there.
fn is_guarded(inspector: &Inspector<'_, '_>, node: NodeId, what: NodeId) -> bool {
    let rules = &inspector.prover.loaded.model;
    let asks = |id: NodeId| {
        reachable(rules, [id]).iter().any(|id| match rules.nodes.get(*id) {
            Node::IsPresent(inner) => rules.nodes.mentions(*inner).contains(&what),
            _ => false,
        })
    };
    (0..rules.nodes.len()).any(|index| {
        let id = NodeId(u32::try_from(index).unwrap_or(u32::MAX));
        match rules.nodes.get(id) {
            Node::All(list) | Node::Any(list) => {
                list.contains(&node) && list.iter().any(|part| *part != node && asks(*part))
            }
            _ => false,
        }
    })
}

/// Declarations that nothing uses.
pub(super) fn unused(inspector: &mut Inspector<'_, '_>) {
    let rules = &inspector.prover.loaded.model;
    for (what, name, span) in &rules.places.unused {
        let finding = Finding::warning(Code::Unused, *span, format!("nothing uses the {what} `{name}`"))
            .help("leave it out, or use it");
        inspector.report(finding);
    }
    let mut used: FxHashSet<u32> = FxHashSet::default();
    for index in 0..rules.nodes.len() {
        if let Node::Field(slot) = rules.nodes.get(NodeId(u32::try_from(index).unwrap_or(u32::MAX))) {
            used.insert(*slot);
        }
    }
    for (slot, span) in &rules.places.fields {
        let Some(field) = rules.schema.fields.get(*slot as usize) else { continue };
        if !used.contains(slot) && *field.name != *"id" {
            let message = format!("no rule asks for the field `{}`", field.name);
            inspector.report(Finding::hint(Code::Unused, *span, message).help("leave it out, or use it"));
        }
    }
}
