//! What cells are called.

use super::names::Names;
use crate::grid::{Axis, Cells, Space};
use crate::hir::NodeId;
use crate::time::day_number;
use crate::value::Fixed;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use std::ops::Range;

/// The kind of an axis.
pub(super) fn space(axis: &Axis) -> &'static str {
    match axis.space {
        Space::Presence => "presence",
        Space::Truth => "condition",
        Space::Bool => "bool",
        Space::Label => "label",
        Space::Int => "int",
        Space::Units => "decimal",
        Space::Float => "float",
        Space::Day => "date",
        Space::Instant => "datetime",
        Space::Text => "text",
        Space::Code => "code",
        Space::Members(_) => "members",
        Space::Predicates(_) => "conditions on it",
    }
}

/// How an axis is divided.
pub(super) fn division(axis: &Axis, names: &Names<'_>) -> String {
    match axis.space {
        Space::Members(_) | Space::Predicates(_) => {
            let bits = (0..axis.slice.len()).map(|bit| bit_name(axis, bit, names));
            format!("missing | any of {}", bits.collect::<Vec<_>>().join(", "))
        }
        _ => together((0..axis.count()).map(|cell| stretch(axis, cell..cell + 1, names))),
    }
}

/// A set of cells.
pub(super) fn shown(axis: &Axis, cells: &Cells, names: &Names<'_>) -> String {
    match axis.space {
        Space::Members(_) | Space::Predicates(_) => bits_shown(axis, cells, names),
        _ => {
            let parts = cells.runs().flat_map(|run| parts(axis, run));
            together(parts.map(|run| stretch(axis, run, names)))
        }
    }
}

/// Cells beside each other; those that nothing can be in have no name.
fn together(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "nothing".into() } else { parts.join(" | ") }
}

/// Cells that have a name together: what is missing stands alone, and so does each text.
fn parts(axis: &Axis, run: Range<usize>) -> Vec<Range<usize>> {
    let ordered =
        matches!(axis.space, Space::Int | Space::Units | Space::Float | Space::Day | Space::Instant | Space::Label);
    let first = (run.start == 0).then_some(0..1);
    let rest = run.start.max(1)..run.end;
    let rest = if ordered && !rest.is_empty() { vec![rest] } else { rest.map(|cell| cell..cell + 1).collect() };
    first.into_iter().chain(rest).collect()
}

fn stretch(axis: &Axis, run: Range<usize>, names: &Names<'_>) -> String {
    let cell = run.start;
    if cell == 0 {
        return "missing".into();
    }
    match axis.space {
        Space::Presence => "present".into(),
        Space::Truth => (cell == 2).to_string(),
        Space::Text | Space::Code => {
            axis.texts.get(cell - 1).map_or("other".into(), |text| format!("{:?}", text.original()))
        }
        _ => {
            let low = cell.checked_sub(2).and_then(|cut| axis.cuts.get(cut)).copied();
            let high = axis.cuts.get(run.end - 2).copied().filter(|_| run.end < axis.count());
            interval(axis, low, high, names)
        }
    }
}

/// The keys from one to before another.
fn interval(axis: &Axis, low: Option<i128>, high: Option<i128>, names: &Names<'_>) -> String {
    match axis.space {
        Space::Bool => {
            let keys = low.unwrap_or(0)..high.unwrap_or(2);
            keys.map(|key| (key == 1).to_string()).collect::<Vec<_>>().join(" | ")
        }
        Space::Label => {
            let choice = names.choice(axis.subject);
            let count = choice.as_ref().map_or(0, |choice| i128::try_from(choice.len()).unwrap_or(i128::MAX));
            let labels = low.unwrap_or(0)..high.unwrap_or(count);
            let labels: Vec<String> =
                labels.map(|key| Names::label(choice.as_deref(), u32::try_from(key).unwrap_or(u32::MAX))).collect();
            labels.join(" | ")
        }
        _ => match (low, high) {
            (Some(low), Some(high)) if high == low + 1 => key(axis.space, low),
            (None, None) => "present".into(),
            (low, high) => {
                let low = low.map_or_else(|| "[".into(), |low| end(axis.space, low, ["(", "["], true));
                let high = high.map_or_else(|| ")".into(), |high| end(axis.space, high, ["]", ")"], false));
                format!("{low}..{high}")
            }
        },
    }
}

/// An end of an interval, by the cut there or by the key before it, whichever is written shorter.
fn end(space: Space, cut: i128, [by_last, by_cut]: [&str; 2], is_low: bool) -> String {
    let (last, first) = (key(space, cut - 1), key(space, cut));
    let (bracket, shown) = if last.len() < first.len() && space != Space::Int && space != Space::Day {
        (by_last, last)
    } else {
        (by_cut, first)
    };
    if is_low { format!("{bracket}{shown}") } else { format!("{shown}{bracket}") }
}

/// A key as rule files write it.
fn key(space: Space, key: i128) -> String {
    match space {
        Space::Units => Fixed::from_units(key).to_string(),
        Space::Float => {
            let magnitude = f64::from_bits(u64::try_from(key.unsigned_abs()).unwrap_or(u64::MAX));
            if key < 0 { (-magnitude).to_string() } else { magnitude.to_string() }
        }
        Space::Day => {
            let start = Date::constant(1970, 1, 1);
            let days = i64::try_from(key).unwrap_or(0) - day_number(start);
            let found = Span::new().try_days(days).ok().and_then(|days| start.checked_add(days).ok());
            found.map_or_else(|| format!("day {key}"), |date| format!("@{date}"))
        }
        Space::Instant => {
            Timestamp::from_nanosecond(key).map_or_else(|_| format!("instant {key}"), |instant| format!("@{instant}"))
        }
        _ => key.to_string(),
    }
}

fn bit_name(axis: &Axis, bit: usize, names: &Names<'_>) -> String {
    match axis.space {
        Space::Members(_) => Names::label(names.choice(axis.subject).as_deref(), axis.slice[bit]),
        _ => format!("({})", names.expression(NodeId(axis.slice[bit]))),
    }
}

/// Cells of a slice by what their bits have in common.
fn bits_shown(axis: &Axis, cells: &Cells, names: &Names<'_>) -> String {
    let count = axis.count();
    if cells.is_empty() {
        return "nothing".into();
    }
    if cells.is_full() {
        return "anything".into();
    }
    let has = |bits: usize| cells.contains(bits + 1);
    let missing = if cells.contains(0) { "missing | " } else { "" };
    let width = axis.slice.len();
    let named = |mask: usize| {
        let bits = (0..width).filter(|bit| mask >> bit & 1 == 1).map(|bit| bit_name(axis, bit, names));
        bits.collect::<Vec<_>>().join(", ")
    };
    let is = |wanted: &dyn Fn(usize) -> bool| (0..count - 1).all(|bits| has(bits) == wanted(bits));
    let any = (0..width).filter(|bit| has(1 << bit)).fold(0, |mask, bit| mask | 1_usize << bit);
    let none = (0..width).filter(|bit| !has(1 << bit)).fold(0, |mask, bit| mask | 1_usize << bit);
    let all = (0..count - 1).filter(|bits| has(*bits)).fold(usize::MAX, |all, bits| all & bits);
    let not_all = (0..count - 1).filter(|bits| !has(*bits)).fold(usize::MAX, |all, bits| all & bits);
    let description = if is(&|_| true) {
        "present".into()
    } else if is(&|_| false) {
        return "missing".into();
    } else if is(&|bits| bits & any != 0) {
        format!("any of {}", named(any))
    } else if is(&|bits| bits & all == all) {
        format!("all of {}", named(all))
    } else if is(&|bits| bits & none == 0) {
        format!("none of {}", named(none))
    } else if is(&|bits| bits & not_all != not_all) {
        format!("not all of {}", named(not_all))
    } else {
        let sets = (0..count - 1).filter(|bits| has(*bits)).map(|bits| format!("{{ {} }}", named(bits)));
        format!("just {}", sets.collect::<Vec<_>>().join(" or "))
    };
    format!("{missing}{description}")
}
