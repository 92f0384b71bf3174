//! `test` blocks. Their data is well-typed; whether their `expect`s hold is another matter.

use super::build::{expr, name, negate, quoted, text};
use super::words::{REGIONS, TEXTS};
use super::world::{Kind, Spot, World};
use arbitrary::Result;
use gradus::syntax::ast::{Data, Entry, ExprKind, Item, Place, Test};

impl World<'_, '_> {
    /// A test; `items` are the declarations whose last outcomes it may hand in.
    pub(super) fn declare_test(&mut self, items: &[Item]) -> Result<Item> {
        let at = match self.number_in(0, 2)? {
            0 => Some(expr(ExprKind::DateTime("2026-11-21T09:00:00+08:00".to_owned()))),
            1 => Some(self.date_literal()?),
            _ => Some(self.instant_literal()?),
        };
        let previous = if self.one_in(3)? { Some(self.previous_entries(items)?) } else { None };
        let population = if self.one_in(4)? {
            let count = self.number_in(0, 3)?;
            Some((0..count).map(|_| self.given()).collect::<Result<_>>()?)
        } else {
            None
        };
        let mut expects = Vec::new();
        for _ in 0..self.number_in(1, 2)? {
            expects.push(self.condition(2, &Spot::default())?);
        }
        // Titles of tests differ, so that a host can name one.
        let title = quoted(&format!("测试 {}", self.u.len()));
        Ok(Item::Test(Test { title, at, given: self.given()?, previous, population, expects, place: Place::default() }))
    }

    fn given(&mut self) -> Result<Vec<Entry>> {
        let fields = self.fields.clone();
        self.entries(&fields, |field| field == "id")
    }

    /// Some fields of a record.
    fn entries(&mut self, fields: &[(String, Kind)], is_needed: impl Fn(&str) -> bool) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for (field, kind) in fields {
            if is_needed(field) || self.one_in(4)? {
                entries.push(Entry { name: name(field), value: self.data(field, kind)? });
            }
        }
        Ok(entries)
    }

    fn data(&mut self, field: &str, kind: &Kind) -> Result<Data> {
        Ok(Data::Constant(match kind {
            Kind::Bool => expr(ExprKind::Bool(self.u.arbitrary()?)),
            Kind::Int => {
                let number = expr(ExprKind::Number(self.pick(&["5", "0", "1_000", "5万"])?.to_owned()));
                if self.one_in(4)? { negate(number) } else { number }
            }
            Kind::Decimal | Kind::Float => self.constant()?.0,
            Kind::Text => text(self.pick(TEXTS)?),
            Kind::Code => text("A-1"),
            Kind::Date => self.date_literal()?,
            Kind::DateTime if self.u.arbitrary()? => self.date_literal()?,
            Kind::DateTime => self.instant_literal()?,
            Kind::Choice(labels, _) => text(&self.pick(labels)?),
            Kind::Region => text(self.pick(REGIONS)?),
            Kind::SetOf(labels) => return self.set_data(labels),
            Kind::SetOfText => {
                let items = self.different_texts(2)?;
                return self.set_data(&items);
            }
            Kind::SetOfCode => return Ok(Data::Set(vec![text("A-1")], Place::default())),
            Kind::List(fields) => return self.list_data(field, fields),
        }))
    }

    fn set_data(&mut self, labels: &[String]) -> Result<Data> {
        let some = if self.one_in(4)? { Vec::new() } else { self.some_labels(labels, 1)? };
        Ok(Data::Set(some.iter().map(|label| text(label)).collect(), Place::default()))
    }

    fn list_data(&mut self, field: &str, fields: &[(String, Kind)]) -> Result<Data> {
        let is_standard = matches!(field, "activities" | "purchases");
        let count = self.number_in(0, 2)?;
        let records = (0..count).map(|_| self.entries(fields, |element| is_standard && element == "at"));
        Ok(Data::List(records.collect::<Result<_>>()?, Place::default()))
    }

    /// Last outcomes of some declarations.
    fn previous_entries(&mut self, items: &[Item]) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for item in items {
            let (own, value) = match item {
                Item::Classify(classify) => (&classify.name, self.known_label(&[&classify.name.text])?),
                Item::Tags(tags) => (&tags.name, self.known_label(&[&tags.name.text])?),
                Item::Score(score) => {
                    let mut parts = vec![Entry { name: name("score"), value: Data::Constant(self.constant()?.0) }];
                    if let Some(value) = self.known_label(&[&score.name.text, "grade"])? {
                        parts.push(Entry { name: name("grade"), value });
                    }
                    (&score.name, Some(Data::Record(parts, Place::default())))
                }
                _ => continue,
            };
            if let (Some(value), true) = (value, self.u.arbitrary()?) {
                entries.push(Entry { name: own.clone(), value });
            }
        }
        Ok(entries)
    }

    /// A label, or a set of labels, of something known.
    fn known_label(&mut self, path: &[&str]) -> Result<Option<Data>> {
        let kind = self.known.iter().find(|known| known.path == path).map(|known| known.kind.clone());
        Ok(match kind {
            Some(Kind::Choice(labels, _)) => Some(Data::Constant(text(&self.pick(&labels)?))),
            Some(Kind::SetOf(labels)) => Some(self.set_data(&labels)?),
            _ => None,
        })
    }
}
