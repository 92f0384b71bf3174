//! Rounds in which everybody takes a turn, and medians of short stretches of them.

use std::ops::Range;
use std::time::{Duration, Instant};

/// A turn takes at least this long; a pass that is shorter is repeated.
const TURN: Duration = Duration::from_millis(2);

/// So many leads are timed together: few enough that other work of the machine rarely comes between.
const BLOCK: usize = 32;

/// What is measured: work on the leads with these numbers.
pub(crate) struct Contender<'a> {
    leads: usize,
    work: Box<dyn FnMut(Range<usize>) + 'a>,
    /// Of each block, how long it took each time.
    times: Vec<Vec<f64>>,
}

impl<'a> Contender<'a> {
    /// Work on so many leads; the more, the better, since clocks take time too.
    pub(crate) fn new(leads: usize, work: impl FnMut(Range<usize>) + 'a) -> Contender<'a> {
        Contender { leads, work: Box::new(work), times: vec![Vec::new(); leads.div_ceil(BLOCK)] }
    }

    fn pass(&mut self) {
        for (block, times) in self.times.iter_mut().enumerate() {
            let leads = block * BLOCK..self.leads.min((block + 1) * BLOCK);
            times.push(nanoseconds(time(|| (self.work)(leads))));
        }
    }

    /// Nanoseconds a lead.
    fn median(self) -> f64 {
        self.times.into_iter().map(median).sum::<f64>() / count(self.leads)
    }
}

/// Nanoseconds a lead of each contender: the sum of the medians of its blocks. In each round everybody takes one turn, from
/// round to round beginning with another one, so that what slows the machine down for a while slows all of them down.
pub(crate) fn medians(mut contenders: Vec<Contender<'_>>, rounds: usize) -> Vec<f64> {
    let passes: Vec<u128> = contenders
        .iter_mut()
        .map(|contender| {
            contender.pass();
            TURN.as_nanos() / time(|| contender.pass()).as_nanos().max(1) + 1
        })
        .collect();
    contenders.iter_mut().flat_map(|it| &mut it.times).for_each(Vec::clear);
    for round in 0..rounds {
        for turn in 0..contenders.len() {
            let at = (round + turn) % contenders.len();
            (0..passes[at]).for_each(|_| contenders[at].pass());
        }
    }
    contenders.into_iter().map(Contender::median).collect()
}

/// How long something takes.
pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// A duration as a number to compute with.
pub(crate) fn nanoseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e9
}

/// A count as a number to compute with.
pub(crate) fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The one in the middle.
pub(crate) fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    let middle = times.len() / 2;
    if times.len().is_multiple_of(2) { f64::midpoint(times[middle - 1], times[middle]) } else { times[middle] }
}

/// A duration with three digits and a unit.
pub(crate) fn shown(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        it if it < 1e3 => (it, "ns"),
        it if it < 1e6 => (it / 1e3, "µs"),
        it => (it / 1e6, "ms"),
    };
    let places = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.places$} {unit}")
}
