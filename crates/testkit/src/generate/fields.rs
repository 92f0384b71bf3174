//! Fields, params and lets.

use super::build::{expr, name, quoted, text, texts};
use super::words::PLACEHOLDERS;
use super::world::{Kind, Spot, World, plain_field, written};
use arbitrary::Result;
use gradus::syntax::ast::{ExprKind, Field, Item, Let, Param, Place, Placeholders, TypeKind};

fn fields(list: &[(&str, Kind)]) -> Vec<(String, Kind)> {
    list.iter().map(|(name, kind)| ((*name).to_owned(), kind.clone())).collect()
}

/// The element fields of the standard `activities`.
pub(super) fn activities() -> Vec<(String, Kind)> {
    use Kind::{DateTime, Decimal, Text};
    fields(&[("kind", Text), ("at", DateTime), ("feedback", Text), ("points", Decimal), ("note", Text)])
}

/// The element fields of the standard `purchases`.
pub(super) fn purchases() -> Vec<(String, Kind)> {
    use Kind::{DateTime, Decimal, Int, Text};
    fields(&[("at", DateTime), ("amount", Decimal), ("product", Text), ("quantity", Int)])
}

/// What every lead has.
pub(super) fn standard_lead() -> Vec<(String, Kind)> {
    let texts = "company industry country province city address source website contact title email decision_maker need \
                 authority timeline stage relationship owner";
    let mut all: Vec<(String, Kind)> = texts.split_whitespace().map(|name| (name.to_owned(), Kind::Text)).collect();
    all.extend(fields(&[
        ("id", Kind::Code),
        ("phone", Kind::Code),
        ("region", Kind::Region),
        ("employees", Kind::Int),
        ("annual_revenue", Kind::Decimal),
        ("registered_capital", Kind::Decimal),
        ("budget", Kind::Decimal),
        ("deal_size", Kind::Decimal),
        ("expected_close", Kind::Date),
        ("last_contact", Kind::Date),
        ("created_at", Kind::DateTime),
        ("contacted", Kind::Bool),
        ("products", Kind::SetOfText),
        ("activities", Kind::List(activities())),
        ("purchases", Kind::List(purchases())),
    ]));
    all
}

impl World<'_, '_> {
    /// Some standard fields to talk about; all of them are there, few are named.
    pub(super) fn meet_standard_lead(&mut self) -> Result<()> {
        let mut all = standard_lead();
        self.fields.clone_from(&all);
        for _ in 0..self.number_in(3, 10)? {
            let index = self.u.choose_index(all.len())?;
            let (field, kind) = all.swap_remove(index);
            self.know(&[&field], kind);
        }
        Ok(())
    }

    /// `missing as { … }`
    pub(super) fn placeholders(&mut self, numbers: bool) -> Result<Placeholders> {
        let count = self.number_in(1, 3)?;
        let mut values: Vec<_> = self.some_of(PLACEHOLDERS, count)?.iter().map(|value| text(value)).collect();
        if numbers {
            values.push(super::build::negate(expr(ExprKind::Number("1".to_owned()))));
        }
        Ok(Placeholders { values, place: Place::default() })
    }

    /// Declared fields: extensions of every type, and standard ones declared again.
    pub(super) fn declare_fields(&mut self) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        for _ in 0..self.number_in(1, self.size.fields)? {
            let kind = self.kind(true)?;
            let field = self.fresh_name()?;
            self.know_field(&field, &kind);
            let mut declared = plain_field(&field, &kind);
            self.decorate(&mut declared, &kind)?;
            items.push(Item::Field(declared));
        }
        for field in ["industry", "stage", "products", "activities", "purchases", "need"] {
            if self.one_in(3)? {
                let declared = self.redeclare(field)?;
                items.push(Item::Field(declared));
            }
        }
        Ok(items)
    }

    /// A standard field declared again.
    fn redeclare(&mut self, field: &str) -> Result<Field> {
        let (written_kind, kind) = match field {
            "industry" => {
                let kind = Kind::Choice(self.labels(2, 4)?, false);
                (kind.clone(), kind)
            }
            "stage" => {
                let kind = Kind::Choice(self.labels(2, 5)?, true);
                (kind.clone(), kind)
            }
            "products" => {
                let kind = Kind::SetOf(self.labels(2, 4)?);
                (kind.clone(), kind)
            }
            "activities" => {
                let choice = Kind::Choice(self.labels(2, 4)?, false);
                let own = vec![("kind".to_owned(), choice.clone()), ("at".to_owned(), Kind::DateTime)];
                let mut merged = activities();
                merged[0].1 = choice;
                (Kind::List(own), Kind::List(merged))
            }
            "purchases" => {
                let own = vec![("discount".to_owned(), Kind::Decimal)];
                (Kind::List(own.clone()), Kind::List([purchases(), own].concat()))
            }
            _ => (Kind::Text, Kind::Text),
        };
        self.know_field(field, &kind);
        let mut declared = plain_field(field, &written_kind);
        self.decorate(&mut declared, &written_kind)?;
        Ok(declared)
    }

    /// A title and placeholders, on element fields too.
    fn decorate(&mut self, field: &mut Field, kind: &Kind) -> Result<()> {
        if self.one_in(3)? {
            field.title = Some(quoted("标题 \"title\""));
        }
        if !matches!(kind, Kind::List(_) | Kind::Bool) && self.one_in(4)? {
            field.placeholders = Some(self.placeholders(kind.is_number())?);
        }
        if let (TypeKind::List(elements), Kind::List(kinds)) = (&mut field.kind.kind, kind) {
            for (element, (_, kind)) in elements.iter_mut().zip(kinds) {
                self.decorate(element, kind)?;
            }
        }
        Ok(())
    }

    /// A type; lists only outside lists.
    fn kind(&mut self, lists: bool) -> Result<Kind> {
        Ok(match self.number_in(0, if lists { 15 } else { 8 })? {
            0 => Kind::Decimal,
            1 => Kind::Int,
            2 => Kind::Text,
            3 => Kind::Bool,
            4 => Kind::DateTime,
            5 => Kind::Date,
            6 => Kind::Choice(self.labels(2, 5)?, true),
            7 => Kind::Choice(self.labels(1, 4)?, false),
            8 => Kind::Code,
            9 => Kind::Float,
            10 => Kind::Region,
            11 => Kind::SetOf(self.labels(2, 4)?),
            12 => Kind::SetOfText,
            13 => Kind::SetOfCode,
            _ => {
                let names = ["at", "points", "状态", "tags", "by_whom"];
                let mut elements = vec![("points".to_owned(), Kind::Decimal)];
                for element in names {
                    if element != "points" && self.u.arbitrary()? {
                        elements.push((element.to_owned(), self.kind(false)?));
                    }
                }
                Kind::List(elements)
            }
        })
    }

    /// Params of several types, which later serve as interval ends, periods and values.
    pub(super) fn declare_params(&mut self) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        for _ in 0..self.number_in(0, self.size.params)? {
            let param = self.fresh_name()?;
            let (kind, default) = match self.number_in(0, 5)? {
                0 | 1 => {
                    let (default, hundredths) = self.constant()?;
                    self.number_params.push((param.clone(), hundredths));
                    (Kind::Decimal, default)
                }
                2 => {
                    let count = self.pick(&["30", "7", "1", "45"])?;
                    self.period_params.push(param.clone());
                    (Kind::Int, expr(ExprKind::Number(count.to_owned())))
                }
                3 => {
                    let default = self.date_literal()?;
                    self.know(&[&param], Kind::Date);
                    (Kind::Date, default)
                }
                4 => {
                    // The labels of a field, if there is one, so that the two can be compared.
                    let found = self.named(&Spot::default(), |kind| matches!(kind, Kind::Choice(..)))?;
                    let kind = match found {
                        Some((_, kind)) => kind,
                        None => Kind::Choice(self.labels(2, 3)?, true),
                    };
                    let Kind::Choice(labels, _) = &kind else { continue };
                    let default = text(&self.pick(labels)?);
                    self.know(&[&param], kind.clone());
                    (kind, default)
                }
                _ => {
                    self.know(&[&param], Kind::Bool);
                    (Kind::Bool, expr(ExprKind::Bool(self.u.arbitrary()?)))
                }
            };
            let title = if self.one_in(3)? { Some(quoted("参数")) } else { None };
            let kind = written(&kind);
            items.push(Item::Param(Param { name: name(&param), title, kind, default, place: Place::default() }));
        }
        Ok(items)
    }

    /// One let: a set, a text, or an expression over what is known.
    pub(super) fn declare_let(&mut self) -> Result<Item> {
        let spot = Spot::default();
        let depth = self.size.depth;
        let own = self.fresh_name()?;
        let value = match self.number_in(0, 7)? {
            0 => {
                let count = self.number_in(1, 4)?;
                let items = self.different_texts(count)?;
                self.text_sets.push((own.clone(), items.clone()));
                texts(&items)
            }
            1 => {
                let labels: Vec<String> = self
                    .known
                    .iter()
                    .find_map(|known| match &known.kind {
                        Kind::Choice(labels, _) => Some(labels.clone()),
                        _ => None,
                    })
                    .unwrap_or_else(|| vec!["ERP".to_owned()]);
                let constant = self.pick(&labels)?;
                self.text_constants.push((own.clone(), constant.clone()));
                text(&constant)
            }
            2 | 3 => {
                let value = self.number(depth, &spot)?;
                self.know(&[&own], Kind::Decimal);
                value
            }
            4 => {
                let (value, kind) = self.time(depth, &spot)?;
                self.know(&[&own], kind);
                value
            }
            5 => {
                let value = self.text_value(depth, &spot)?;
                self.know(&[&own], Kind::Text);
                value
            }
            _ => {
                let value = self.condition(depth, &spot)?;
                self.know(&[&own], Kind::Bool);
                value
            }
        };
        let title = if self.one_in(4)? { Some(quoted("定义")) } else { None };
        Ok(Item::Let(Let { name: name(&own), title, value, place: Place::default() }))
    }
}
