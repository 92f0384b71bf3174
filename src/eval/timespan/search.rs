//! When an outcome changes, if nobody does anything.

use super::range::{Range, same};
use super::{Timespan, Watch};
use crate::eval::State;
use crate::lead::reading::Datum;
use crate::program::Clocked;
use crate::time::days::{self, Dates};
use jiff::{SignedDuration, Timestamp};

/// What a stretch of time says of the outcomes.
enum Verdict {
    /// They are what they were.
    Unchanged,
    /// One of them is something else, from the first moment on.
    Changed,
    /// One of them may be something else, at times.
    Open,
}

/// How many stretches of time one search looks at. Rules that forever nearly change would be followed to the end of the
/// calendar otherwise: every day of it, or every hour.
const LOOKS: usize = 16_384;

/// The first instant after that of the evaluation at which an outcome is something else; or, after [`LOOKS`], an instant
/// before which none is. The plan of what is clocked has been run.
///
/// Stretches are looked at in the order of time, each twice as long as the one before; one that is open is cut in two,
/// where a day begins as long as it has several. What is left of a change is a single instant, at the end. So the effort
/// grows with the logarithm of how far the change is off, and with how often the rules nearly change on the way.
pub(crate) fn next_change(state: &mut State<'_>, clocked: &Clocked) -> Option<Timestamp> {
    if clocked.outcomes.is_empty() {
        return None;
    }
    let zone = state.inputs.at.zone().clone();
    let now = state.inputs.at.now();
    let mut search = Search::new(state, clocked);
    let mut first = if clocked.within_days { after(now) } else { days::next_date(now, &zone) }?;
    let mut length = SignedDuration::from_hours(24);
    loop {
        let last = first.checked_add(length).unwrap_or(Timestamp::MAX);
        if let Some(change) = search.within(first, last) {
            return Some(change);
        }
        first = after(last)?;
        length = length.checked_mul(2).unwrap_or(SignedDuration::MAX);
    }
}

/// The next moment there is.
fn after(instant: Timestamp) -> Option<Timestamp> {
    instant.checked_add(SignedDuration::from_nanos(1)).ok()
}

struct Search<'s, 'a> {
    watch: Watch<'s, 'a>,
    /// What each outcome that moves was.
    before: Vec<Datum<'a>>,
    /// How much the store of labels holds beside what is computed for a stretch.
    labels: usize,
    /// How many stretches have been looked at.
    looks: usize,
}

impl<'s, 'a> Search<'s, 'a> {
    fn new(state: &'s mut State<'a>, clocked: &'s Clocked) -> Search<'s, 'a> {
        let before = clocked.outcomes.iter().map(|id| state.value(*id)).collect();
        let labels = state.reading.labels.len();
        let at = state.inputs.at;
        let dates = Dates { low: at.today(), high: at.today(), middle: None };
        let span = Timespan::new(at, at.now(), at.now(), &dates);
        let ranges = vec![Range::Any; clocked.count];
        Search { watch: Watch { state, clocked, span, ranges }, before, labels, looks: 0 }
    }

    /// The first change between two instants, both included; or how far it was looked.
    fn within(&mut self, first: Timestamp, last: Timestamp) -> Option<Timestamp> {
        let mut pending = vec![(first, last)];
        while let Some((first, last)) = pending.pop() {
            if self.looks == LOOKS {
                return Some(first);
            }
            self.looks += 1;
            let dates = days::dates(first, last, self.watch.state.inputs.at.zone());
            match self.verdict(first, last, &dates) {
                Verdict::Unchanged => {}
                Verdict::Changed => return Some(first),
                Verdict::Open => {
                    // a single instant is never open
                    let middle = dates.middle.or_else(|| after(days::middle(first, last)));
                    let middle = middle.filter(|middle| first < *middle && *middle <= last);
                    if let Some(middle) = middle {
                        let end = middle.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(first);
                        pending.extend([(middle, last), (first, end)]);
                    }
                }
            }
        }
        None
    }

    fn verdict(&mut self, first: Timestamp, last: Timestamp, dates: &Dates) -> Verdict {
        let watch = &mut self.watch;
        watch.state.reading.labels.truncate(self.labels);
        watch.span = Timespan::new(watch.state.inputs.at, first, last, dates);
        watch.run();
        let mut verdict = Verdict::Unchanged;
        for (id, before) in watch.clocked.outcomes.iter().zip(&self.before) {
            match watch.range(*id) {
                Range::Same(now) if same(now, *before, &watch.state.reading, watch.state.inputs.at) => {}
                Range::Same(_) => return Verdict::Changed,
                _ => verdict = Verdict::Open,
            }
        }
        verdict
    }
}
