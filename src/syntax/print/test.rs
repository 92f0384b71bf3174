//! Tests and the data in them.

use crate::source::Span;
use crate::syntax::ast::{Data, Entry, Expr, Test};

use super::Printer;
use super::comments::Line;
use super::expression::{is_constant, quoted};
use super::layout::Doc;
use super::list::{BRACES, BRACKETS, Body, Frame, enclose};

/// So many expectations may stand on one line with their lead.
const SHORT_TEST: usize = 1;

/// Braces around data; `{ }` when nothing is in them.
const DATA_BRACES: Frame = Frame { empty: "{ }", ..BRACES };

impl Printer<'_> {
    /// `test "大型" at @2026-11-21 { given { … } previous { … } population [ … ] expect … }`
    pub(super) fn test(&mut self, test: &Test) -> Doc {
        let place = test.place.0;
        let mut header = vec![Doc::text("test "), quoted(&test.title)];
        let mut after = test.title.place.0.end;
        if let Some(at) = &test.at {
            header.extend([Doc::text(" at "), self.expression(at)]);
            after = after.max(at.place.0.end);
        }
        let brackets = self.brackets(after, place.end, place.end);
        after = brackets.start;
        self.comments.stray_before(after);
        // What has no place in the tree is looked for up to the first expectation.
        let sections = Span { end: test.expects.first().map_or(place.end, |expect| expect.place.0.start), ..place };

        let given = self.clause_places("given", "{}", after, entries_place(&test.given), sections);
        let opening = self.comments.take_opening(after, given.0.start);
        let mut lines = vec![self.record_clause("given ", given, &test.given)];
        after = given.0.end;
        if let Some(previous) = &test.previous {
            let places = self.clause_places("previous", "{}", after, entries_place(previous), sections);
            lines.push(self.record_clause("previous ", places, previous));
            after = places.0.end;
        }
        if let Some(population) = &test.population {
            let places = self.clause_places("population", "[]", after, records_place(population), sections);
            lines.push(self.line(places.0, |printer| {
                Doc::Concat(vec![Doc::text("population "), printer.records(places.1, population)])
            }));
            after = places.0.end;
        }
        let tall = test.expects.len() > SHORT_TEST;
        self.expects(&test.expects, after, &mut lines);
        let body = Body { opening, lines, dangling: self.comments.take_before(place.end) };
        header.extend([Doc::text(" "), enclose(Frame { comma: "", tall, ..BRACES }, body)]);
        Doc::Concat(header)
    }

    /// `given { employees: 5000 }`
    fn record_clause(&mut self, word: &'static str, places: (Span, Span), entries: &[Entry]) -> Line<Doc> {
        self.line(places.0, |printer| Doc::Concat(vec![Doc::text(word), printer.record(places.1, entries)]))
    }

    /// `expect a, expect b`, commas included
    fn expects(&mut self, expects: &[Expr], mut after: u32, lines: &mut Vec<Line<Doc>>) {
        for (index, expect) in expects.iter().enumerate() {
            let place = expect.place.0;
            let start = self.comments.seek(after, place.start, "expect").unwrap_or(place.start);
            let next = expects.get(index + 1);
            let comma = if next.is_some() { Doc::text(",") } else { Doc::Broken(",".into()) };
            lines.push(self.line(Span { start, ..place }, |printer| {
                Doc::Concat(vec![Doc::text("expect "), printer.operand(expect), comma])
            }));
            after = place.end;
        }
    }

    /// `{ employees: 5000 }`; constants are filled into lines, other values stand one a line.
    fn record(&mut self, brackets: Span, entries: &[Entry]) -> Doc {
        let filled = entries.iter().all(|entry| matches!(entry.value, Data::Constant(_)));
        self.list(Frame { filled, ..DATA_BRACES }, brackets, entries, entry_place, |printer, entry| {
            Doc::Concat(vec![Doc::text(format!("{}: ", entry.name.text)), printer.data(&entry.value)])
        })
    }

    /// `[ { kind: "demo" }, { } ]`
    fn records(&mut self, brackets: Span, records: &[Vec<Entry>]) -> Doc {
        let mut after = brackets.start;
        let mut placed = Vec::with_capacity(records.len());
        for record in records {
            let place = self.clause_places("{", "{}", after, entries_place(record), brackets).0;
            after = place.end;
            placed.push((place, record));
        }
        self.list(
            BRACKETS,
            brackets,
            &placed,
            |(place, _)| *place,
            |printer, (place, record)| printer.record(*place, record),
        )
    }

    /// A value.
    fn data(&mut self, data: &Data) -> Doc {
        match data {
            Data::Constant(constant) => self.expression(constant),
            Data::Set(elements, place) => {
                let filled = elements.iter().all(is_constant);
                self.set(Frame { filled, ..DATA_BRACES }, place.0, elements)
            }
            Data::List(records, place) => self.records(place.0, records),
            Data::Record(entries, place) => self.record(place.0, entries),
        }
    }

    /// Where a clause of a test stood, and its brackets: they have no place in the tree.
    fn clause_places(
        &self,
        word: &str,
        brackets: &str,
        after: u32,
        content: Option<Span>,
        place: Span,
    ) -> (Span, Span) {
        let first = content.map_or(place.end, |content| content.start);
        self.worded(word, brackets, after, (first, content.map(|content| content.end)), place)
    }
}

/// From the first entry to the last.
fn entries_place(entries: &[Entry]) -> Option<Span> {
    Some(entry_place(entries.first()?).to(entry_place(entries.last()?)))
}

/// From the first entry of all records to the last.
fn records_place(records: &[Vec<Entry>]) -> Option<Span> {
    let first = records.iter().find_map(|record| entries_place(record))?;
    let last = records.iter().rev().find_map(|record| entries_place(record))?;
    Some(first.to(last))
}

/// Where an entry stood.
fn entry_place(entry: &Entry) -> Span {
    let value = match &entry.value {
        Data::Constant(constant) => constant.place.0,
        Data::Set(_, place) | Data::List(_, place) | Data::Record(_, place) => place.0,
    };
    entry.name.place.0.to(value)
}
