//! How long it takes to prove tables of many rules: `cargo bench --bench analysis`.
//!
//! A table on eight whole numbers is cut out of everything, rule by rule, so that it has no hole and no overlap; then a
//! few rules are taken away and a few are widened. Printed are seconds for loading, for all findings, and for all overlaps,
//! and what was found. 1,500 rules is the largest table of Calvanese et al., Information Systems 78 (2018).

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::panic, reason = "a bench fails loudly")]

use gradus::RuleSet;
use std::fmt::Write as _;
use std::time::Instant;

const AXES: usize = 8;
/// From the least to before the greatest number that a rule asks for.
const RANGE: (i64, i64) = (0, 1 << 20);

/// Numbers that look random, and are the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % count
    }
}

type Area = [(i64, i64); AXES];

/// Everything, cut into so many areas.
fn areas(count: usize, dice: &mut Dice) -> Vec<Area> {
    let mut areas: Vec<Area> = vec![[RANGE; AXES]];
    let mut next = 0;
    while areas.len() < count {
        let area = areas[next];
        let axis = usize::try_from(dice.below(AXES as u64)).unwrap_or(0);
        let (low, high) = area[axis];
        if high - low >= 2 {
            let width = u64::try_from(high - low - 1).unwrap_or(1);
            let cut = low + 1 + i64::try_from(dice.below(width)).unwrap_or(0);
            areas[next][axis] = (low, cut);
            let mut other = area;
            other[axis] = (cut, high);
            areas.push(other);
        }
        next = (next + 1) % areas.len();
    }
    areas
}

/// A table with some rules taken away and some widened.
fn table(count: usize, holes: usize, overlaps: usize) -> String {
    let mut dice = Dice(0x5DEE_CE66_D1CE_4E5B ^ count as u64 | 1);
    let mut areas = areas(count, &mut dice);
    for _ in 0..holes {
        let place = usize::try_from(dice.below(areas.len() as u64)).unwrap_or(0);
        areas.swap_remove(place);
    }
    for _ in 0..overlaps {
        let place = usize::try_from(dice.below(areas.len() as u64)).unwrap_or(0);
        let axis = usize::try_from(dice.below(AXES as u64)).unwrap_or(0);
        areas[place][axis].1 += 1;
    }
    let mut text: String = (0..AXES).map(|axis| format!("field f{axis} : int\n")).collect();
    text.push_str("classify t on f0, f1, f2, f3, f4, f5, f6, f7 {\n");
    for (number, area) in areas.iter().enumerate() {
        let patterns = area.iter().map(|(low, high)| match (*low == RANGE.0, *high >= RANGE.1) {
            (true, true) => "present".to_owned(),
            (true, false) => format!("[..{high})"),
            (false, true) => format!("[{low}..)"),
            (false, false) => format!("[{low}..{high})"),
        });
        // writing to a string does not fail
        let _ = writeln!(text, "  {} => \"{}\",", patterns.collect::<Vec<_>>().join(", "), number % 7);
    }
    text.push_str("}\n");
    text
}

fn main() {
    println!("{:>8} {:>9} {:>9} {:>9}  found", "rules", "load s", "find s", "overlap s");
    for count in [100, 1_000, 1_500, 10_000, 100_000] {
        let text = table(count, 3, 5);
        let start = Instant::now();
        let rules = RuleSet::parse(&text).unwrap_or_else(|error| panic!("{error}"));
        let loaded = start.elapsed();
        let start = Instant::now();
        let findings = rules.findings();
        let found = start.elapsed();
        let start = Instant::now();
        let overlaps = rules.overlaps();
        let overlapped = start.elapsed();
        let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code().slug()).collect();
        codes.sort_unstable();
        codes.dedup();
        println!(
            "{count:>8} {:>9.3} {:>9.3} {:>9.3}  {} ({}), {} overlaps",
            loaded.as_secs_f64(),
            found.as_secs_f64(),
            overlapped.as_secs_f64(),
            findings.len(),
            codes.join(", "),
            overlaps.len(),
        );
    }
}
