//! The values that a field may be changed to: one for each cell that the conditions tell apart, the nearest in it.

use super::cuts::Cuts;
use super::scale::Scale;
use crate::eval::State;
use crate::explain::words::{Asked, Needles, asked};
use crate::hir::node::{Constant, Node};
use crate::hir::{NodeId, Rules};
use crate::lead::reading::Datum;
use crate::operator::{AffixEnd, CompareOperator};
use crate::types::{Choice, FieldType, Type};
use crate::value::{Text, Value};

/// Of how many labels or words every combination is tried.
const COMBINED: usize = 6;
/// How many values one field is tried with.
const MOST: usize = 400;
/// How far a distance may be, in millionths: a change to another label.
pub(super) const WHOLE: i128 = 1_000_000;

/// A value that a field may be changed to.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Nothing stands for missing.
    pub(super) value: Value,
    /// Where it is, if the field's values have an order.
    pub(super) key: Option<i128>,
    /// How far that is from where the lead is, in millionths.
    pub(super) distance: i128,
}

/// Everything that is known about a field before values are looked for.
pub(super) struct Seeker<'s, 'a> {
    pub(super) rules: &'s Rules,
    /// The lead as it is.
    pub(super) state: &'s State<'a>,
    pub(super) slot: u32,
    pub(super) field: &'s FieldType,
    /// The nodes that depend on the field.
    pub(super) nodes: &'s [NodeId],
    /// Whether its number, rather than what it is compared with, counts.
    pub(super) flows: bool,
}

impl Seeker<'_, '_> {
    /// The values, nearest first; the one that the lead has is not among them.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        let mut found = match (&self.field.kind, Scale::of(&self.field.kind)) {
            (_, Some(scale)) => self.ordered(scale),
            (Type::Bool, _) => self.alike([true, false].map(Value::Bool)),
            (Type::Choice(choice), _) => self.labels(choice),
            (Type::Set(choice), _) => self.set(choice),
            (Type::Text | Type::Code | Type::Region, _) => self.alike(self.texts()),
            (Type::SetOfText | Type::SetOfCode, _) => self.set_of_texts(),
            // elements come and go in more ways than can be tried
            _ => return Vec::new(),
        };
        if self.is_there() {
            found.push(Candidate { value: Value::Null, key: None, distance: 2 * WHOLE });
        }
        found.sort_by_key(|candidate| candidate.distance);
        found.truncate(MOST);
        found
    }

    fn now(&self) -> Datum<'_> {
        self.state.field(self.slot)
    }

    fn is_there(&self) -> bool {
        !matches!(self.now(), Datum::Missing)
    }

    /// Values that are all equally far.
    fn alike(&self, values: impl IntoIterator<Item = Value>) -> Vec<Candidate> {
        values.into_iter().map(|value| Candidate { value, key: None, distance: WHOLE }).collect()
    }

    /// The single conditions on the field.
    fn asked(&self) -> impl Iterator<Item = Asked<'_>> {
        self.nodes.iter().filter_map(|&id| asked(self.rules, id))
    }

    fn ordered(&self, scale: Scale) -> Vec<Candidate> {
        let mut cuts = Cuts { rules: self.rules, state: self.state, slot: self.slot, scale, found: Vec::new() };
        self.nodes.iter().for_each(|&id| cuts.condition(id));
        let mut cuts = cuts.found;
        let (least, most) = scale.ends();
        let now = scale.key(self.now());
        let origin = now.unwrap_or_else(|| scale.origin(self.state.inputs.at));
        let mut keys: Vec<i128> = Vec::new();
        if self.flows {
            // sooner or later the number is large enough, or small enough
            let steps = (0..40).map(|power| scale.step() << power);
            keys.extend(steps.flat_map(|step| [origin + step, origin - step]));
            keys.push(0);
        }
        cuts.retain(|cut| least < *cut && *cut <= most);
        cuts.sort_unstable();
        cuts.dedup();
        let lows = std::iter::once(least).chain(cuts.iter().copied());
        let highs = cuts.iter().copied().chain([most]);
        for (low, high) in lows.zip(highs) {
            keys.push(match now {
                Some(now) if low <= now && now < high => continue,
                Some(now) => scale.nearest(low, high, now),
                None if low == least && high == most => origin + scale.step(),
                // with nothing to be near to, where people would begin: at the lower end
                None if low == least => scale.nearest(low, high, most),
                None => scale.nearest(low, high, least),
            });
        }
        keys.sort_unstable();
        keys.dedup();
        let candidates = keys.into_iter().filter(|key| Some(*key) != now).filter_map(|key| {
            let distance = now.map_or(WHOLE, |now| scale.distance(now, key).max(1));
            Some(Candidate { value: scale.value(key)?, key: Some(key), distance })
        });
        candidates.collect()
    }

    fn labels(&self, choice: &Choice) -> Vec<Candidate> {
        let now = match self.now() {
            Datum::Label(label) => Some(label),
            _ => None,
        };
        let steps = i128::try_from(choice.len().max(2) - 1).unwrap_or(1);
        let labels = (0..).zip(choice.labels()).filter(|(label, _)| Some(*label) != now);
        let candidates = labels.map(|(label, spelled)| {
            let distance = match now {
                Some(now) if choice.ordered => WHOLE * (i128::from(label) - i128::from(now)).abs() / steps,
                _ => WHOLE,
            };
            Candidate { value: spelled.into(), key: None, distance }
        });
        candidates.collect()
    }

    /// Sets of labels: every combination of a few, or else one more, one less, all and none of those that are asked for.
    fn set(&self, choice: &Choice) -> Vec<Candidate> {
        let mut asked: Vec<u32> = Vec::new();
        let mut groups: Vec<Vec<u32>> = Vec::new();
        for found in self.asked() {
            if let Asked::Contains(_, _, Needles::Labels(labels)) | Asked::Within(_, Needles::Labels(labels)) = found {
                asked.extend(labels);
                groups.push(labels.to_vec());
            }
        }
        // one that nobody asks for
        asked.extend((0..).zip(choice.labels()).map(|(label, _)| label).find(|label| !asked.contains(label)));
        asked.sort_unstable();
        asked.dedup();
        let now: Vec<u32> = match self.now() {
            Datum::Labels(range) => self.state.reading.labels(range).to_vec(),
            _ => Vec::new(),
        };
        let spelled = |label: &u32| choice.label(*label).to_owned();
        combinations(&asked, &groups, &now)
            .into_iter()
            .map(|(set, distance)| Candidate {
                value: set.iter().map(spelled).collect::<Vec<_>>().into(),
                key: None,
                distance,
            })
            .collect()
    }

    fn set_of_texts(&self) -> Vec<Candidate> {
        let mut asked: Vec<String> = Vec::new();
        let mut groups: Vec<Vec<String>> = Vec::new();
        for found in self.asked() {
            if let Asked::Contains(_, _, Needles::Texts(texts)) | Asked::Within(_, Needles::Texts(texts)) = found {
                let texts: Vec<String> = texts.iter().map(|text| text.original().to_owned()).collect();
                asked.extend(texts.iter().cloned());
                groups.push(texts);
            }
        }
        asked.push(OTHER.to_owned());
        asked.sort_unstable();
        asked.dedup();
        let now: Vec<String> = match self.now() {
            Datum::Texts(range) | Datum::Codes(range) => {
                self.state.reading.texts(range).iter().map(|text| text.original().to_owned()).collect()
            }
            _ => Vec::new(),
        };
        combinations(&asked, &groups, &now)
            .into_iter()
            .map(|(set, distance)| Candidate { value: set.into(), key: None, distance })
            .collect()
    }

    /// Texts that are mentioned, texts put together from what is searched for, and one that is none of them.
    fn texts(&self) -> Vec<Value> {
        let mut whole: Vec<String> = Vec::new();
        let (mut starts, mut ends, mut inside) = (Vec::new(), Vec::new(), Vec::new());
        let original = |text: &Text| text.original().to_owned();
        for found in self.asked() {
            match found {
                Asked::Compared(_, CompareOperator::Equal | CompareOperator::NotEqual, constant) => {
                    whole.extend(text_of(constant).map(original));
                }
                Asked::OneOf(_, constants) => whole.extend(constants.into_iter().filter_map(text_of).map(original)),
                Asked::Contains(_, _, Needles::Texts(texts)) => inside.extend(texts.iter().map(original)),
                Asked::Within(_, Needles::Texts(texts)) => whole.extend(texts.iter().map(original)),
                Asked::Affix(_, AffixEnd::Start, text) => starts.push(original(text)),
                Asked::Affix(_, AffixEnd::End, text) => ends.push(original(text)),
                _ => {}
            }
        }
        for parts in [&mut starts, &mut ends, &mut inside] {
            parts.sort_unstable();
            parts.dedup();
        }
        let now = match self.now() {
            Datum::Text(text) | Datum::Code(text) | Datum::Region(text) => Some(original(text)),
            _ => None,
        };
        // what is searched for, behind what is there, and alone
        let bases = [Some(String::new()), now];
        let mut composed: Vec<(usize, String)> = Vec::new();
        for middle in powers(&inside) {
            for base in bases.iter().flatten() {
                for start in starts.iter().map(String::as_str).chain([""]) {
                    for end in ends.iter().map(String::as_str).chain([""]) {
                        let parts = [&[start, base.as_str()], middle.as_slice(), &[end]].concat();
                        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                        composed.push((parts.len(), parts.join(" ")));
                    }
                }
            }
            if composed.len() > MOST {
                break;
            }
        }
        // texts that rules name come first, and then those of the fewest parts
        composed.sort();
        whole.extend(composed.into_iter().map(|(_, text)| text).filter(|text| !text.is_empty()));
        whole.push(OTHER.to_owned());
        let mut seen = std::collections::BTreeSet::new();
        whole.retain(|text| seen.insert(text.clone()));
        whole.into_iter().map(Value::from).collect()
    }
}

/// A text that rules hardly mention.
pub(super) const OTHER: &str = "(other)";

fn text_of(constant: &Constant) -> Option<&Text> {
    match constant {
        Constant::Text(text) | Constant::Code(text) | Constant::Region(text) => Some(text),
        _ => None,
    }
}

/// Every choice of some of a few; of many, each alone and all.
fn powers(words: &[String]) -> Vec<Vec<&str>> {
    if words.len() > COMBINED {
        let single = words.iter().map(|word| vec![word.as_str()]);
        return single.chain([Vec::new(), words.iter().map(String::as_str).collect()]).collect();
    }
    let chosen = |mask: usize| {
        let words = words.iter().enumerate().filter(move |(place, _)| mask >> place & 1 == 1);
        words.map(|(_, word)| word.as_str()).collect()
    };
    (0..1_usize << words.len()).map(chosen).collect()
}

/// Sets that are made from one by putting in and taking out what rules ask for, with how far each is from it.
fn combinations<T: Clone + Ord>(asked: &[T], groups: &[Vec<T>], now: &[T]) -> Vec<(Vec<T>, i128)> {
    let with = |extra: &[T]| {
        let mut set = [now, extra].concat();
        set.sort_unstable();
        set.dedup();
        set
    };
    let without = |gone: &[T]| now.iter().filter(|it| !gone.contains(it)).cloned().collect::<Vec<T>>();
    let mut sets: Vec<Vec<T>> = vec![with(asked), without(asked), asked.to_vec()];
    for group in groups {
        sets.extend([with(group), without(group), group.clone()]);
    }
    for one in asked {
        sets.extend([with(std::slice::from_ref(one)), without(std::slice::from_ref(one)), vec![one.clone()]]);
    }
    if asked.len() <= COMBINED {
        let rest = without(asked);
        for mask in 0..1_usize << asked.len() {
            let chosen = asked.iter().enumerate().filter(|(place, _)| mask >> place & 1 == 1);
            let mut set = [rest.clone(), chosen.map(|(_, it)| it.clone()).collect()].concat();
            set.sort_unstable();
            sets.push(set);
        }
    }
    sets.sort_unstable();
    sets.dedup();
    sets.retain(|set| !set.is_empty());
    let far = |set: &[T]| {
        let put_in = set.iter().filter(|it| !now.contains(it)).count();
        let taken_out = now.iter().filter(|it| !set.contains(it)).count();
        WHOLE * i128::try_from(put_in + taken_out).unwrap_or(1)
    };
    sets.into_iter().map(|set| (far(&set), set)).filter(|(far, _)| *far > 0).map(|(far, set)| (set, far)).collect()
}

/// Whether a node gives a number that is computed with, rather than compared.
pub(super) fn is_number(rules: &Rules, id: NodeId) -> bool {
    matches!(
        rules.nodes.get(id),
        Node::Arithmetic(..)
            | Node::ToDecimal(_)
            | Node::Round(..)
            | Node::Absolute(..)
            | Node::Least(_)
            | Node::Greatest(_)
            | Node::Decay(..)
            | Node::Field(_)
            | Node::Coalesce(_)
            | Node::DaysBetween(..)
            | Node::HoursSince(_)
            | Node::MonthsSince(_)
    )
}
