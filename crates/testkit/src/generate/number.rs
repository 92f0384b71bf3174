//! Expressions that are numbers, none of them floats.

use super::build::{arithmetic, boxed, call, compare, expr, interval, name, negate, operand, path};
use super::words::NUMBERS;
use super::world::{Kind, Spot, World};
use arbitrary::Result;
use gradus::syntax::ast::{
    Argument, ArithmeticOperator, CompareOperator, Expr, ExprKind, Interval, Period, Place, TimeUnit,
};

impl World<'_, '_> {
    /// A number literal and its hundredths.
    pub(super) fn constant(&mut self) -> Result<(Expr, i64)> {
        let (hundredths, text) = self.pick(NUMBERS)?;
        let literal = expr(ExprKind::Number(text.to_owned()));
        if hundredths > 0 && self.one_in(5)? { Ok((negate(literal), -hundredths)) } else { Ok((literal, hundredths)) }
    }

    /// A literal or a param, and its hundredths.
    pub(super) fn constant_or_param(&mut self) -> Result<(Expr, i64)> {
        if !self.number_params.is_empty() && self.one_in(4)? {
            let params = self.number_params.clone();
            let (param, hundredths) = self.pick(&params)?;
            return Ok((path(&[param]), hundredths));
        }
        self.constant()
    }

    /// An interval of numbers that holds more than one; an end may be left out, but not both.
    pub(super) fn number_interval(&mut self) -> Result<Interval> {
        let (a, b) = (self.constant_or_param()?, self.constant_or_param()?);
        let (low, high) = if a.1 <= b.1 { (a, b) } else { (b, a) };
        let (low_closed, high_closed) = (self.u.arbitrary()?, self.u.arbitrary()?);
        Ok(match (low.1 == high.1, self.number_in(0, 3)?) {
            (_, 0) => interval(Some((low.0, low_closed)), None),
            (_, 1) => interval(None, Some((high.0, high_closed))),
            // One point is only there when both ends belong to it.
            (true, _) => interval(Some((low.0, true)), Some((high.0, true))),
            (false, _) => interval(Some((low.0, low_closed)), Some((high.0, high_closed))),
        })
    }

    /// A number.
    pub(super) fn number(&mut self, depth: usize, spot: &Spot) -> Result<Expr> {
        let kinds = if depth == 0 { 2 } else { 14 };
        match self.number_in(0, kinds)? {
            0 | 1 => match self.named(spot, Kind::is_number)? {
                Some((number, _)) => Ok(number),
                None => Ok(self.constant()?.0),
            },
            2 => Ok(self.constant_or_param()?.0),
            3 | 4 => self.sum_or_product(depth - 1, spot),
            5 => self.rounded(depth - 1, spot),
            6 => self.many_to_one(depth - 1, spot),
            7 => self.counted(spot),
            8 | 9 => self.calendar(depth - 1, spot),
            10 => self.decayed(depth - 1, spot),
            11 | 12 if spot.element.is_none() => self.list_number(depth - 1, spot),
            13 if spot.element.is_none() && !spot.ranked => self.ranked(depth - 1),
            _ => self.match_expression(depth - 1, spot, |world, depth, spot| {
                let negative = depth > 0 && world.one_in(6)?;
                let number = world.number(depth, spot)?;
                Ok(if negative { negate(number) } else { number })
            }),
        }
    }

    fn sum_or_product(&mut self, depth: usize, spot: &Spot) -> Result<Expr> {
        use ArithmeticOperator::{Add, Divide, Multiply, Subtract};
        let operator = self.pick(&[Add, Subtract, Multiply, Divide])?;
        let a = self.number(depth, spot)?;
        let b = match operator {
            // A constant divisor is never zero.
            Divide => match self.named(spot, Kind::is_number)? {
                Some((number, _)) => number,
                None => expr(ExprKind::Number("3".to_owned())),
            },
            _ => self.number(depth, spot)?,
        };
        let mut result = arithmetic(a, operator, b);
        if self.one_in(3)? {
            // A longer chain of one level: `a + b - c`.
            let further = self.constant()?.0;
            if let ExprKind::Arithmetic(_, rest) = &mut result.kind {
                let same_level = if matches!(operator, Add | Subtract) { Subtract } else { Multiply };
                let further = if matches!(further.kind, ExprKind::Number(_)) {
                    further
                } else {
                    expr(ExprKind::Paren(Box::new(further)))
                };
                rest.push((same_level, further));
            }
        }
        Ok(if self.one_in(8)? { negate(result) } else { result })
    }

    fn rounded(&mut self, depth: usize, spot: &Spot) -> Result<Expr> {
        let inner = self.number(depth, spot)?;
        Ok(match self.number_in(0, 3)? {
            0 => call("abs", vec![inner]),
            1 => call("round", vec![inner]),
            2 => call("round", vec![inner, negate(expr(ExprKind::Number("2".to_owned())))]),
            _ => {
                let digits = self.number_in(0, 12)?;
                call("round", vec![inner, expr(ExprKind::Number(digits.to_string()))])
            }
        })
    }

    fn many_to_one(&mut self, depth: usize, spot: &Spot) -> Result<Expr> {
        let function = self.pick(&["min", "max", "coalesce"])?;
        let count = self.number_in(2, 3)?;
        let numbers = (0..count).map(|_| self.number(depth, spot)).collect::<Result<_>>()?;
        Ok(call(function, numbers))
    }

    /// `count_present(a, b)`, `present_ratio(a, b)`
    fn counted(&mut self, spot: &Spot) -> Result<Expr> {
        let function = self.pick(&["count_present", "present_ratio"])?;
        let mut things = Vec::new();
        for _ in 0..self.number_in(1, 4)? {
            things.extend(self.named(spot, |_| true)?.map(|(thing, _)| thing));
        }
        if things.is_empty() { Ok(self.constant()?.0) } else { Ok(call(function, things)) }
    }

    fn calendar(&mut self, depth: usize, spot: &Spot) -> Result<Expr> {
        let functions = ["days_since", "days_until", "months_since", "year", "month", "day", "weekday"];
        Ok(match self.number_in(0, 8)? {
            0 => {
                let (a, b) = (self.time(depth, spot)?.0, self.time(depth, spot)?.0);
                call("days_between", vec![a, b])
            }
            1 => match self.named(spot, |kind| *kind == Kind::DateTime)? {
                Some((instant, _)) => call("hours_since", vec![instant]),
                None => call("hours_since", vec![expr(ExprKind::Now)]),
            },
            _ => {
                let function = self.pick(&functions)?;
                call(function, vec![self.time(depth, spot)?.0])
            }
        })
    }

    /// A period of one of some units.
    pub(super) fn period(&mut self, units: &[TimeUnit]) -> Result<Period> {
        let unit = self.pick(units)?;
        let count = if !self.period_params.is_empty() && self.one_in(4)? {
            let params = self.period_params.clone();
            path(&[self.pick(&params)?])
        } else {
            expr(ExprKind::Number(self.pick(&["30", "1", "2", "3", "7", "12", "14", "90"])?.to_owned()))
        };
        Ok(Period { count: Box::new(count), unit, place: Place::default() })
    }

    fn decayed(&mut self, depth: usize, spot: &Spot) -> Result<Expr> {
        let function = self.pick(&["half_life", "linear_decay", "cliff", "step_decay"])?;
        let points = self.number(depth, spot)?;
        let since = self.time(depth, spot)?.0;
        let mut arguments = vec![Argument::Value(points), Argument::Value(since)];
        if function == "step_decay" {
            let rate = self.pick(&["25%", "50%", "0%", "100%", "0.125"])?;
            arguments.push(Argument::Value(expr(ExprKind::Number(rate.to_owned()))));
        }
        let units: &[TimeUnit] = match function {
            "cliff" | "step_decay" => &[TimeUnit::Days, TimeUnit::Weeks, TimeUnit::Months],
            _ => &[TimeUnit::Days, TimeUnit::Weeks],
        };
        arguments.push(Argument::Period(self.period(units)?));
        Ok(expr(ExprKind::Call { function: name(function), arguments }))
    }

    fn ranked(&mut self, depth: usize) -> Result<Expr> {
        let spot = Spot { element: None, ranked: true };
        self.made_of.ranks = true;
        let number = match self.named(&spot, Kind::is_number)? {
            Some((number, _)) if self.u.arbitrary()? => number,
            _ => self.number(depth, &spot)?,
        };
        Ok(match self.number_in(0, 2)? {
            0 => call("percent_rank", vec![number]),
            1 => call("cume_share", vec![number]),
            _ => {
                let tiles = self.pick(&["5", "2", "10"])?;
                call("ntile", vec![expr(ExprKind::Number(tiles.to_owned())), number])
            }
        })
    }

    /// A comparison of a number.
    pub(super) fn number_test(&mut self, number: Expr, depth: usize, spot: &Spot) -> Result<Expr> {
        use gradus::syntax::ast::Container;
        Ok(match self.number_in(0, 5)? {
            0 | 1 => compare(self.comparison()?, number, self.constant_or_param()?.0),
            2 => compare(self.comparison()?, number, self.number(depth, spot)?),
            3 => {
                let mut items: Vec<(Expr, i64)> = Vec::new();
                for _ in 0..self.number_in(1, 3)? {
                    let item = self.constant()?;
                    if items.iter().all(|(_, known)| *known != item.1) {
                        items.push(item);
                    }
                }
                let set = super::build::set(items.into_iter().map(|(item, _)| item).collect());
                super::build::is_in(number, self.u.arbitrary()?, Container::Set(Box::new(set)))
            }
            4 if self.one_in(3)? => {
                // An end that is not a constant.
                let end = self.number(0, spot)?;
                let end = (operand(end), self.u.arbitrary()?);
                let range = if self.u.arbitrary()? { interval(Some(end), None) } else { interval(None, Some(end)) };
                super::build::is_in(number, self.u.arbitrary()?, Container::Interval(range))
            }
            _ => {
                let range = self.number_interval()?;
                expr(ExprKind::In {
                    subject: boxed(number),
                    negated: self.one_in(3)?,
                    container: Container::Interval(range),
                })
            }
        })
    }

    pub(super) fn comparison(&mut self) -> Result<CompareOperator> {
        use CompareOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        self.pick(&[GreaterOrEqual, Equal, NotEqual, Less, LessOrEqual, Greater])
    }
}
