//! Conditions.

use super::build::{boxed, call, compare, expr, interval, is_in, logic, not, operand, quoted, set, text, texts};
use super::words::{REGEXES, REGIONS};
use super::world::{Kind, Spot, World};
use arbitrary::Result;
use gradus::syntax::ast::{
    AffixEnd, CompareOperator, Container, Direction, Expr, ExprKind, Interval, LogicOperator, Quantifier, TimeUnit,
};

impl World<'_, '_> {
    /// A condition.
    pub(super) fn condition(&mut self, depth: usize, spot: &Spot) -> Result<Expr> {
        if depth == 0 || self.u.ratio(1, 2)? {
            return self.test(depth, spot);
        }
        Ok(match self.number_in(0, 6)? {
            0 | 1 => not(self.condition(depth - 1, spot)?),
            2 if spot.element.is_none() => self.list_test(depth - 1, spot)?,
            3 => {
                let conditions = self.conditions(depth - 1, spot)?;
                let needed = self.number_in(1, conditions.len())?;
                let needed = expr(ExprKind::Number(needed.to_string()));
                call("at_least", std::iter::once(needed).chain(conditions).collect())
            }
            4 => self.match_expression(depth - 1, spot, |world, depth, spot| {
                if world.u.arbitrary()? {
                    Ok(expr(ExprKind::Bool(world.u.arbitrary()?)))
                } else {
                    world.condition(depth, spot)
                }
            })?,
            5 => {
                let inner = self.condition(depth - 1, spot)?;
                self.presence(inner)?
            }
            _ => {
                let operator = self.pick(&[LogicOperator::And, LogicOperator::Or])?;
                logic(operator, self.conditions(depth - 1, spot)?)
            }
        })
    }

    fn conditions(&mut self, depth: usize, spot: &Spot) -> Result<Vec<Expr>> {
        let count = self.number_in(2, 3)?;
        (0..count).map(|_| self.condition(depth, spot)).collect()
    }

    /// A test of one thing.
    fn test(&mut self, depth: usize, spot: &Spot) -> Result<Expr> {
        let (subject, kind) = self.subject(depth, spot)?;
        self.test_of(subject, &kind, depth, spot)
    }

    /// Something to test.
    pub(super) fn subject(&mut self, depth: usize, spot: &Spot) -> Result<(Expr, Kind)> {
        if depth > 0 {
            match self.number_in(0, 5)? {
                0 => return Ok((self.number(depth, spot)?, Kind::Decimal)),
                1 => return Ok((self.text_value(depth, spot)?, Kind::Text)),
                2 => return self.time(depth, spot),
                _ => {}
            }
        }
        match self.named(spot, |_| true)? {
            Some((plain, kind)) => Ok((self.choice_value(depth, spot, &kind, plain)?, kind)),
            None => Ok((self.constant()?.0, Kind::Decimal)),
        }
    }

    /// A test that suits a type.
    fn test_of(&mut self, subject: Expr, kind: &Kind, depth: usize, spot: &Spot) -> Result<Expr> {
        if self.one_in(8)? {
            return self.presence(subject);
        }
        match kind {
            Kind::Bool => Ok(match self.number_in(0, 3)? {
                0 => {
                    let truth = expr(ExprKind::Bool(self.u.arbitrary()?));
                    compare(self.sameness()?, subject, truth)
                }
                _ => subject,
            }),
            Kind::Int | Kind::Decimal => self.number_test(subject, depth.saturating_sub(1), spot),
            Kind::Float => self.float_test(subject, spot),
            Kind::Text => self.text_test(subject, spot),
            Kind::Code => self.code_test(subject),
            Kind::Date | Kind::DateTime => self.time_test(subject, depth.saturating_sub(1), spot),
            Kind::Choice(labels, ordered) => self.choice_test(subject, labels, *ordered, spot),
            Kind::SetOf(labels) => {
                let some = self.some_labels(labels, 1)?;
                self.set_test(subject, texts(&some), text(&some[0]))
            }
            Kind::SetOfText => {
                let (some, one) = (self.text_set()?, self.different_texts(1)?);
                self.set_test(subject, some, text(&one[0]))
            }
            Kind::SetOfCode => self.set_test(subject, texts(&["A-1".to_owned(), "b 2".to_owned()]), text("A-1")),
            Kind::Region => self.region_test(subject),
            Kind::List(_) => self.presence(subject),
        }
    }

    pub(super) fn sameness(&mut self) -> Result<CompareOperator> {
        self.pick(&[CompareOperator::Equal, CompareOperator::NotEqual])
    }

    fn float_test(&mut self, subject: Expr, spot: &Spot) -> Result<Expr> {
        if let (true, Some((other, _))) = (self.one_in(4)?, self.named(spot, |kind| *kind == Kind::Float)?) {
            return Ok(compare(self.comparison()?, subject, other));
        }
        if self.one_in(3)? {
            let range = Container::Interval(self.number_interval()?);
            return Ok(is_in(subject, self.one_in(3)?, range));
        }
        Ok(compare(self.comparison()?, subject, self.constant_or_param()?.0))
    }

    fn text_test(&mut self, subject: Expr, spot: &Spot) -> Result<Expr> {
        let one = match self.text_constants.first().cloned() {
            Some((constant, _)) if self.one_in(4)? => super::build::path(&[constant]),
            _ => text(self.pick(super::words::TEXTS)?),
        };
        Ok(match self.number_in(0, 6)? {
            0 | 1 => compare(self.sameness()?, subject, one),
            2 => {
                let some = self.text_set()?;
                is_in(subject, self.one_in(3)?, Container::Set(Box::new(some)))
            }
            3 => self.set_like(subject, one)?,
            4 => {
                let end = self.pick(&[AffixEnd::Start, AffixEnd::End])?;
                expr(ExprKind::Affix { subject: boxed(subject), end, needle: Box::new(one) })
            }
            5 => {
                let pattern = quoted(self.pick(REGEXES)?);
                expr(ExprKind::Matches { subject: boxed(subject), pattern })
            }
            _ => match self.named(spot, |kind| *kind == Kind::Text)? {
                Some((other, _)) => compare(self.sameness()?, subject, other),
                None => compare(self.sameness()?, subject, one),
            },
        })
    }

    /// `contains "x"`, `contains any { "x" }`, `contains all south`
    fn set_like(&mut self, subject: Expr, one: Expr) -> Result<Expr> {
        let quantifier = self.pick(&[Quantifier::One, Quantifier::Any, Quantifier::All])?;
        let needle = if quantifier == Quantifier::One { one } else { self.text_set()? };
        Ok(expr(ExprKind::Contains { subject: boxed(subject), quantifier, needle: Box::new(needle) }))
    }

    fn code_test(&mut self, subject: Expr) -> Result<Expr> {
        let codes = ["A-1", "a-1", "b 2", "13800000000", "Ａ-1"];
        let one = text(self.pick(&codes)?);
        Ok(match self.number_in(0, 3)? {
            0 => compare(self.sameness()?, subject, one),
            1 => {
                let some = set(vec![text("A-1"), text("a-1")]);
                is_in(subject, self.one_in(3)?, Container::Set(Box::new(some)))
            }
            2 => {
                let end = self.pick(&[AffixEnd::Start, AffixEnd::End])?;
                expr(ExprKind::Affix { subject: boxed(subject), end, needle: Box::new(text("1")) })
            }
            _ => expr(ExprKind::Matches { subject: boxed(subject), pattern: quoted(self.pick(REGEXES)?) }),
        })
    }

    fn time_test(&mut self, subject: Expr, depth: usize, spot: &Spot) -> Result<Expr> {
        Ok(match self.number_in(0, 5)? {
            0 | 1 => {
                let direction = self.pick(&[Direction::Last, Direction::Next])?;
                let units = [TimeUnit::Days, TimeUnit::Weeks, TimeUnit::Months, TimeUnit::Years];
                let period = self.period(&units)?;
                expr(ExprKind::Window { subject: boxed(subject), direction, period })
            }
            2 => {
                let range = self.date_interval()?;
                is_in(subject, self.one_in(3)?, Container::Interval(range))
            }
            3 => compare(self.comparison()?, subject, self.date_literal()?),
            4 => compare(self.comparison()?, subject, self.instant_literal()?),
            _ => compare(self.comparison()?, subject, self.time(depth, spot)?.0),
        })
    }

    /// An interval of dates with at least one day between its ends.
    pub(super) fn date_interval(&mut self) -> Result<Interval> {
        let mut ends = [self.pick(super::words::DATES)?, self.pick(super::words::DATES)?];
        ends.sort_unstable();
        let date = |text: &str| expr(ExprKind::Date(text.to_owned()));
        let (low, high) = (Some((date(ends[0]), true)), Some((date(ends[1]), true)));
        Ok(match self.number_in(0, 2)? {
            0 => interval(low, None),
            1 => interval(None, Some((date(ends[1]), self.u.arbitrary()?))),
            _ => interval(low, high),
        })
    }

    fn choice_test(&mut self, subject: Expr, labels: &[String], ordered: bool, spot: &Spot) -> Result<Expr> {
        Ok(match self.number_in(0, if ordered { 5 } else { 3 })? {
            0 | 1 => compare(self.sameness()?, subject, self.label_of(labels)?),
            2 => {
                let some = self.some_labels(labels, 1)?;
                is_in(subject, self.one_in(3)?, Container::Set(Box::new(texts(&some))))
            }
            3 => {
                let same = Kind::Choice(labels.to_vec(), ordered);
                match self.named(spot, |kind| *kind == same)? {
                    Some((other, _)) => compare(self.sameness()?, subject, other),
                    None => compare(self.sameness()?, subject, self.label_of(labels)?),
                }
            }
            4 => compare(self.comparison()?, subject, self.label_of(labels)?),
            _ => is_in(subject, self.one_in(3)?, Container::Interval(self.label_interval(labels)?)),
        })
    }

    /// An interval of labels that holds at least one.
    pub(super) fn label_interval(&mut self, labels: &[String]) -> Result<Interval> {
        let low = self.u.choose_index(labels.len())?;
        let high = self.number_in(low, labels.len() - 1)?;
        let end = |index: usize| Some((text(&labels[index]), true));
        Ok(match self.number_in(0, 2)? {
            0 => interval(end(low), None),
            1 => interval(None, end(high)),
            _ => interval(end(low), end(high)),
        })
    }

    fn set_test(&mut self, subject: Expr, some: Expr, one: Expr) -> Result<Expr> {
        Ok(match self.number_in(0, 4)? {
            0 if self.one_in(4)? => compare(self.sameness()?, subject, set(Vec::new())),
            0 => compare(self.sameness()?, subject, some),
            1 => expr(ExprKind::Within { subject: boxed(subject), container: Box::new(some) }),
            2 => {
                expr(ExprKind::Contains { subject: boxed(subject), quantifier: Quantifier::One, needle: Box::new(one) })
            }
            _ => {
                let quantifier = self.pick(&[Quantifier::Any, Quantifier::All])?;
                expr(ExprKind::Contains { subject: boxed(subject), quantifier, needle: Box::new(some) })
            }
        })
    }

    fn region_test(&mut self, subject: Expr) -> Result<Expr> {
        let one = text(self.pick(REGIONS)?);
        Ok(match self.number_in(0, 2)? {
            0 => compare(self.sameness()?, subject, one),
            1 => expr(ExprKind::Within { subject: boxed(subject), container: Box::new(one) }),
            _ => {
                let some = set(vec![text("中国/广东"), text("巴西")]);
                expr(ExprKind::Within { subject: boxed(subject), container: Box::new(operand(some)) })
            }
        })
    }
}
