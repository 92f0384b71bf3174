//! W2: random tag rules.

use crate::model::{Gradus, Syntax, Test, fields, holds};
use crate::record::{BUDGET, MEMBERS, NEEDLES, Record, TITLE, VALUES};
use crate::rng::Rng;
use std::fmt::Write as _;

/// Leads by which the share of a rule is measured.
const SAMPLE: usize = 2_048;
const WORDS: usize = SAMPLE / 64;
type Bits = [u64; WORDS];

/// Two digits that people write: 24 a decade.
const DIGITS: [i64; 24] =
    [10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 25, 28, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 90];

/// So many rules of 3 to 5 parts, joined by `and`; a part in six is an `or` of two tests. Each rule matches 0.1 to 5 %
/// of a sample of leads. With `texts`, one part in eight asks whether a text contains one of 28 words.
///
/// Values are drawn from the leads and rounded to two digits, so that rules ask for what occurs.
pub fn rules(count: usize, texts: bool, seed: u64) -> Vec<Test> {
    let sample = crate::record::records(SAMPLE, seed ^ 0x5A4D);
    let mut rng = Rng::new(seed);
    let columns = Columns::new(&sample);
    let mut rules = Vec::with_capacity(count);
    while rules.len() < count {
        let parts = rng.between(3, 5);
        let mut bits: Bits = [!0; WORDS];
        let mut list = Vec::with_capacity(parts);
        // every part on fields of its own, as people write them
        let mut used = Vec::new();
        for _ in 0..parts {
            let part = if rng.chance(1.0 / 6.0) {
                Test::Or(vec![leaf(&mut rng, &sample, texts, &mut used), leaf(&mut rng, &sample, texts, &mut used)])
            } else {
                leaf(&mut rng, &sample, texts, &mut used)
            };
            columns.keep(&part, &mut bits);
            list.push(part);
        }
        let matches: u32 = bits.iter().map(|word| word.count_ones()).sum();
        if (0.001..=0.05).contains(&(f64::from(matches) / SAMPLE as f64)) {
            rules.push(Test::All(list));
        }
    }
    rules
}

fn leaf(rng: &mut Rng, sample: &[Record], texts: bool, used: &mut Vec<usize>) -> Test {
    let field = loop {
        let field = if texts && rng.chance(0.125) { rng.between(22, 23) } else { rng.below(22) };
        if !used.contains(&field) {
            break field;
        }
    };
    used.push(field);
    let record = &sample[rng.below(sample.len())];
    match field {
        0..=7 if field == TITLE && rng.chance(0.2) => Test::Title(rng.chance(0.5)),
        0..=7 => {
            let values = VALUES[field].len();
            let most = (values / 3).clamp(1, 12);
            let mut list = if rng.chance(0.3) { Vec::new() } else { rng.distinct(most / 2 + 1, values) };
            if let Some(own) = record.label(field) {
                list.extend(VALUES[field].iter().position(|it| it == own));
            }
            if list.is_empty() {
                list.push(0);
            }
            list.sort_unstable();
            list.dedup();
            Test::Label(field, list)
        }
        8..=12 => {
            let (low, high) = range(rng, |rng| Some(sample[rng.below(sample.len())].int(field - 8)));
            Test::Int(field - 8, low, high)
        }
        13..=16 if field - 13 == BUDGET && rng.chance(0.2) => Test::Budget(rng.chance(0.5)),
        13..=16 => {
            let (low, high) =
                range(rng, |rng| sample[rng.below(sample.len())].amount(field - 13).map(|cents| cents / 100));
            Test::Amount(field - 13, low.map(|it| it * 100), high.map(|it| it * 100))
        }
        17..=19 => Test::Bool(field - 17, rng.chance(0.5)),
        20 | 21 => {
            let count = rng.between(1, 3);
            Test::Any(field - 20, rng.distinct(count, MEMBERS[field - 20].len()))
        }
        // the needles are in `need`; of a company's name what it ends with is asked
        22 => Test::Text(0, vec![*rng.pick(&NEEDLES, 1.0)]),
        _ => Test::Text(1, vec![*rng.pick(&["集团", "股份", "工厂", "软件", "机械"], 1.0)]),
    }
}

/// At least, below, or both; the ends taken from leads.
fn range(rng: &mut Rng, value: impl Fn(&mut Rng) -> Option<i64>) -> (Option<i64>, Option<i64>) {
    let mut end = || loop {
        if let Some(value) = value(rng) {
            return rounded(value);
        }
    };
    let (a, b) = (end(), end());
    let (low, high) = (a.min(b), a.max(b));
    match rng.below(3) {
        0 => (Some(low.max(1)), None),
        1 => (None, Some(high.max(1))),
        _ if low == high => (Some(low), None),
        _ => (Some(low), Some(high)),
    }
}

/// Down to two of the digits that people write.
fn rounded(value: i64) -> i64 {
    let mut unit = 1;
    while value / unit >= 100 {
        unit *= 10;
    }
    let head = value / unit;
    if head < 10 {
        return value;
    }
    DIGITS.iter().rev().find(|it| **it <= head).map_or(head, |it| it * unit)
}

/// The sample by columns, so that a hundred thousand rules are drawn in seconds.
struct Columns<'a> {
    sample: &'a [Record],
    labels: Vec<Vec<u8>>,
    ints: Vec<Vec<i64>>,
    amounts: Vec<Vec<i64>>,
    members: Vec<Vec<u16>>,
}

impl Columns<'_> {
    fn new(sample: &[Record]) -> Columns<'_> {
        let code = |values: &[String], label: Option<&str>| {
            values.iter().position(|it| Some(it.as_str()) == label).map_or(u8::MAX, |it| it as u8)
        };
        Columns {
            sample,
            labels: (0..8).map(|f| sample.iter().map(|it| code(&VALUES[f], it.label(f))).collect()).collect(),
            ints: (0..5).map(|f| sample.iter().map(|it| it.int(f)).collect()).collect(),
            amounts: (0..4).map(|f| sample.iter().map(|it| it.amount(f).unwrap_or(i64::MIN)).collect()).collect(),
            members: (0..2)
                .map(|f| {
                    let bit = |own: &String| 1 << code(&MEMBERS[f], Some(own));
                    sample.iter().map(|it| it.set(f).iter().map(bit).sum()).collect()
                })
                .collect(),
        }
    }

    /// Takes away what does not match.
    fn keep(&self, test: &Test, bits: &mut Bits) {
        match test {
            Test::Label(field, list) => {
                let mut wanted = [false; 256];
                list.iter().for_each(|&label| wanted[label] = true);
                mask(bits, |index| wanted[usize::from(self.labels[*field][index])]);
            }
            Test::Int(field, low, high) => {
                let (low, high) = (low.unwrap_or(i64::MIN), high.unwrap_or(i64::MAX));
                mask(bits, |index| (low..high).contains(&self.ints[*field][index]));
            }
            Test::Amount(field, low, high) => {
                let (low, high) = (low.unwrap_or(i64::MIN + 1), high.unwrap_or(i64::MAX));
                mask(bits, |index| (low..high).contains(&self.amounts[*field][index]));
            }
            Test::Any(field, list) => {
                let wanted: u16 = list.iter().map(|&label| 1 << label).sum();
                mask(bits, |index| self.members[*field][index] & wanted != 0);
            }
            Test::Or(list) => {
                let mut either: Bits = [0; WORDS];
                for part in list {
                    let mut one: Bits = [!0; WORDS];
                    self.keep(part, &mut one);
                    either.iter_mut().zip(one).for_each(|(word, one)| *word |= one);
                }
                bits.iter_mut().zip(either).for_each(|(word, either)| *word &= either);
            }
            other => mask(bits, |index| holds(other, &self.sample[index])),
        }
    }
}

fn mask(bits: &mut Bits, holds: impl Fn(usize) -> bool) {
    for (at, word) in bits.iter_mut().enumerate() {
        if *word != 0 {
            let found = (0..64).fold(0, |found, bit| found | u64::from(holds(at * 64 + bit)) << bit);
            *word &= found;
        }
    }
}

/// The rules as a file of gradus: the tag of rule 7 is `t7`.
pub fn source(rules: &[Test]) -> String {
    let mut text = format!("ruleset \"peers W2\" version \"1\"\n{}tags found {{\n", fields());
    for (index, rule) in rules.iter().enumerate() {
        let _ = writeln!(text, "  {} => \"t{index}\",", Gradus.condition(rule));
    }
    text.push_str("}\n");
    text
}
