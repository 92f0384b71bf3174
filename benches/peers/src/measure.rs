//! Rounds in which everybody takes a turn, and medians.

use std::time::{Duration, Instant};

/// A name, and one pass over all leads of the workload.
pub struct Contender<'a> {
    pub name: String,
    pub pass: Box<dyn FnMut() + 'a>,
}

impl<'a> Contender<'a> {
    pub fn new(name: impl Into<String>, pass: impl FnMut() + 'a) -> Contender<'a> {
        Contender { name: name.into(), pass: Box::new(pass) }
    }
}

/// A turn takes at least this long; a pass that is shorter is repeated.
const TURN: Duration = Duration::from_millis(8);

/// Nanoseconds a lead of each contender: the median of so many rounds.
///
/// In each round everybody takes one turn, from round to round beginning with another one, so that what slows the
/// machine down for a while slows all of them down.
pub fn medians(what: &str, contenders: &mut [Contender<'_>], leads: usize, rounds: usize) -> Vec<f64> {
    let passes: Vec<u32> = contenders
        .iter_mut()
        .map(|contender| {
            let start = Instant::now();
            (contender.pass)();
            let one = start.elapsed().max(Duration::from_nanos(100));
            u32::try_from(TURN.as_nanos() / one.as_nanos()).unwrap_or(1).max(1)
        })
        .collect();
    let mut times = vec![Vec::with_capacity(rounds); contenders.len()];
    for round in 0..rounds {
        eprint!("\r{what}: round {} of {rounds} ", round + 1);
        for turn in 0..contenders.len() {
            let at = (round + turn) % contenders.len();
            let start = Instant::now();
            for _ in 0..passes[at] {
                (contenders[at].pass)();
            }
            times[at].push(start.elapsed().as_nanos() as f64 / f64::from(passes[at]) / leads as f64);
        }
    }
    eprintln!();
    times.into_iter().map(median).collect()
}

pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    let middle = times.len() / 2;
    if times.len().is_multiple_of(2) { (times[middle - 1] + times[middle]) / 2.0 } else { times[middle] }
}

/// A duration with three digits and a unit.
pub fn shown(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        it if it < 1e3 => (it, "ns"),
        it if it < 1e6 => (it / 1e3, "µs"),
        it => (it / 1e6, "ms"),
    };
    let places = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.places$} {unit}")
}
