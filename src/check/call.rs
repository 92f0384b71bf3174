//! Functions of values. Functions of lists are in `aggregate`.

use super::Checker;
use super::expression::number_type;
use super::operand::{Operand, OperandKind};
use crate::diagnostic::{Code, did_you_mean};
use crate::hir::node::{DatePart, Decay, Node, Rank};
use crate::hir::{Measured, NodeId};
use crate::syntax::ast::{Argument, Expr, Name, Period, Place, TimeUnit};
use crate::syntax::canonical_expression;
use crate::time::Stretch;
use crate::types::Type;
use crate::value::Fixed;
use std::sync::Arc;

/// Every function, with how it is called.
pub(crate) const FUNCTIONS: &[(&str, &str)] = &[
    ("abs", "abs(x)"),
    ("all", "all(list where condition)"),
    ("any", "any(list where condition)"),
    ("at_least", "at_least(2, condition, condition, …)"),
    ("avg", "avg(.field of list)"),
    ("cliff", "cliff(points, date, 30 days)"),
    ("coalesce", "coalesce(a, b, …)"),
    ("count", "count(list where condition)"),
    ("count_present", "count_present(a, b, …)"),
    ("cume_share", "cume_share(x)"),
    ("date", "date(x)"),
    ("day", "day(x)"),
    ("days_between", "days_between(a, b)"),
    ("days_since", "days_since(x)"),
    ("days_until", "days_until(x)"),
    ("first", "first(.field of list by .key)"),
    ("half_life", "half_life(points, date, 30 days)"),
    ("hours_since", "hours_since(x)"),
    ("last", "last(.field of list by .key)"),
    ("linear_decay", "linear_decay(points, date, 90 days)"),
    ("max", "max(a, b, …)` or `max(.field of list)"),
    ("min", "min(a, b, …)` or `min(.field of list)"),
    ("month", "month(x)"),
    ("months_since", "months_since(x)"),
    ("ntile", "ntile(5, x)"),
    ("percent_rank", "percent_rank(x)"),
    ("present_ratio", "present_ratio(a, b, …)"),
    ("round", "round(x, 2)"),
    ("step_decay", "step_decay(points, date, 25%, 1 week)"),
    ("sum", "sum(.field of list)"),
    ("weekday", "weekday(x)"),
    ("year", "year(x)"),
];

impl Checker<'_> {
    /// `name(arguments)`
    pub(super) fn call(&mut self, function: &Name, arguments: &[Argument], place: Place) -> Operand {
        let result = match (function.text.as_str(), arguments) {
            ("count" | "any" | "all" | "sum" | "avg" | "first" | "last", [Argument::Value(list)]) => {
                return self.aggregate(function, false, [None; 3], list, place);
            }
            ("min" | "max", [Argument::Value(list)]) => return self.aggregate(function, false, [None; 3], list, place),
            ("days_since", [Argument::Value(x)]) => self.days(x, true),
            ("days_until", [Argument::Value(x)]) => self.days(x, false),
            ("days_between", [Argument::Value(a), Argument::Value(b)]) => self.days_between(a, b),
            ("hours_since", [Argument::Value(x)]) => self.hours_since(x),
            ("months_since", [Argument::Value(x)]) => self.of_time(x, Type::Int, Node::MonthsSince),
            ("year", [Argument::Value(x)]) => self.of_time(x, Type::Int, |node| Node::DatePart(DatePart::Year, node)),
            ("month", [Argument::Value(x)]) => self.of_time(x, Type::Int, |node| Node::DatePart(DatePart::Month, node)),
            ("day", [Argument::Value(x)]) => self.of_time(x, Type::Int, |node| Node::DatePart(DatePart::Day, node)),
            ("weekday", [Argument::Value(x)]) => {
                self.of_time(x, Type::Int, |node| Node::DatePart(DatePart::Weekday, node))
            }
            ("date", [Argument::Value(x)]) => self.of_time(x, Type::Date, Node::DateOf),
            ("abs", [Argument::Value(x)]) => self.absolute(x),
            ("round", [Argument::Value(x)]) => self.round(x, None),
            ("round", [Argument::Value(x), Argument::Value(digits)]) => self.round(x, Some(digits)),
            ("percent_rank", [Argument::Value(x)]) => self.rank(Rank::Percent, Type::Decimal, x),
            ("cume_share", [Argument::Value(x)]) => self.rank(Rank::Share, Type::Decimal, x),
            ("ntile", [Argument::Value(n), Argument::Value(x)]) => {
                let tiles = self.positive_constant(n);
                let tiles = tiles.unwrap_or(1);
                self.rank(Rank::Tile(tiles), Type::Int, x)
            }
            ("half_life", [Argument::Value(points), Argument::Value(x), Argument::Period(period)]) => {
                let length = self.whole_days(period);
                self.decay(points, x, length.map(Decay::HalfLife))
            }
            ("linear_decay", [Argument::Value(points), Argument::Value(x), Argument::Period(period)]) => {
                let length = self.whole_days(period);
                self.decay(points, x, length.map(Decay::Linear))
            }
            ("cliff", [Argument::Value(points), Argument::Value(x), Argument::Period(period)]) => {
                let length = self.stretch(period);
                self.decay(points, x, length.map(Decay::Cliff))
            }
            (
                "step_decay",
                [Argument::Value(points), Argument::Value(x), Argument::Value(rate), Argument::Period(period)],
            ) => {
                let rate = self.rate(rate);
                let length = self.stretch(period);
                self.decay(points, x, rate.zip(length).map(|(rate, length)| Decay::Step(rate, length)))
            }
            ("coalesce", arguments) if values(arguments).is_some_and(|it| !it.is_empty()) => {
                return self.coalesce(&values(arguments).unwrap_or_default(), place);
            }
            (name, arguments) => match values(arguments) {
                Some(values) => self.call_of_many(name, &values, function, place),
                None => self.wrong_arguments(function, place),
            },
        };
        match result {
            Some((node, kind)) => Operand::node(node, kind, place),
            None => Operand::error(place),
        }
    }

    /// Functions of any number of values.
    fn call_of_many(&mut self, name: &str, values: &[&Expr], function: &Name, place: Place) -> Option<(NodeId, Type)> {
        match (name, values) {
            ("min", [_, _, ..]) => self.extreme(values, Node::Least),
            ("max", [_, _, ..]) => self.extreme(values, Node::Greatest),
            ("count_present", [_, ..]) => {
                let nodes = self.any_values(values)?;
                Some((self.nodes.add(Node::CountPresent(nodes)), Type::Int))
            }
            ("present_ratio", [_, ..]) => {
                let nodes = self.any_values(values)?;
                Some((self.nodes.add(Node::PresentRatio(nodes)), Type::Decimal))
            }
            ("at_least", [count, conditions @ ..]) if !conditions.is_empty() => {
                let count = self.int_constant(count);
                let conditions = self.conditions(conditions.iter().copied())?;
                Some((self.nodes.add(Node::AtLeast(count?, conditions)), Type::Bool))
            }
            _ => self.wrong_arguments(function, place),
        }
    }

    /// Says how the function is called, or that there is none of that name.
    pub(super) fn wrong_arguments(&mut self, function: &Name, place: Place) -> Option<(NodeId, Type)> {
        let known = FUNCTIONS.iter().find(|(name, _)| *name == function.text);
        match known {
            Some((name, usage)) => {
                self.error(Code::WrongArguments, place, format!("`{name}` is not called like this"))
                    .set_help(format!("write `{usage}`"));
            }
            None => {
                let help = did_you_mean(&function.text, FUNCTIONS.iter().map(|(name, _)| *name));
                self.error(Code::UnknownFunction, function.place, format!("no function is called `{}`", function.text))
                    .set_maybe_help(help);
            }
        }
        None
    }

    fn days(&mut self, x: &Expr, since: bool) -> Option<(NodeId, Type)> {
        let operand = self.expression(x);
        let node = self.time(&operand)?;
        let today = self.nodes.add(Node::Today);
        let days = if since { Node::DaysBetween(node, today) } else { Node::DaysBetween(today, node) };
        Some((self.nodes.add(days), Type::Int))
    }

    fn days_between(&mut self, a: &Expr, b: &Expr) -> Option<(NodeId, Type)> {
        let (a, b) = (self.expression(a), self.expression(b));
        let (a, b) = (self.time(&a), self.time(&b));
        Some((self.nodes.add(Node::DaysBetween(a?, b?)), Type::Int))
    }

    fn hours_since(&mut self, x: &Expr) -> Option<(NodeId, Type)> {
        let operand = self.expression(x);
        self.time(&operand)?;
        let instant = self.coerce(&operand, &Type::DateTime)?;
        Some((self.nodes.add(Node::HoursSince(instant)), Type::Int))
    }

    fn of_time(&mut self, x: &Expr, kind: Type, node: impl FnOnce(NodeId) -> Node) -> Option<(NodeId, Type)> {
        let operand = self.expression(x);
        let time = self.time(&operand)?;
        Some((self.nodes.add(node(time)), kind))
    }

    fn absolute(&mut self, x: &Expr) -> Option<(NodeId, Type)> {
        let operand = self.expression(x);
        let (node, kind) = self.numeric(&operand)?;
        Some((self.nodes.add(Node::Absolute(kind, node)), number_type(kind)))
    }

    /// `round(x, digits)`: half away from zero; an int stays one
    fn round(&mut self, x: &Expr, digits: Option<&Expr>) -> Option<(NodeId, Type)> {
        let operand = self.expression(x);
        let digits = match digits {
            Some(digits) => self.int_constant(digits),
            None => Some(0),
        };
        let (node, kind) = self.numeric(&operand)?;
        Some((self.nodes.add(Node::Round(kind, node, digits?)), number_type(kind)))
    }

    /// `coalesce(a, b)`: the typed arguments give the quoted ones their type; int and decimal make decimal
    fn coalesce(&mut self, values: &[&Expr], place: Place) -> Operand {
        let operands: Vec<Operand> = values.iter().map(|value| self.expression(value)).collect();
        let union = Self::quoted_union(&operands);
        let kind = match &union {
            Some(choice) => Some(Type::Choice(Arc::clone(choice))),
            None => self.common_type(&operands),
        };
        let Some(kind) = kind else { return Operand::error(place) };
        let Some(node) = self.among(&operands, &kind, Node::Coalesce) else { return Operand::error(place) };
        match union {
            Some(choice) => Operand { kind: OperandKind::Labels(node, choice), place },
            None => Operand::node(node, kind, place),
        }
    }

    /// The type that several values share.
    pub(super) fn common_type(&mut self, operands: &[Operand]) -> Option<Type> {
        if operands.iter().any(Operand::is_error) {
            return None;
        }
        let own = operands.iter().filter_map(|operand| match &operand.kind {
            OperandKind::Node(_, kind) => Some(kind),
            _ => None,
        });
        let mut kind: Option<Type> = None;
        for next in own {
            kind = Some(match (kind, next) {
                (None, next) => next.clone(),
                (Some(Type::Int), Type::Decimal) => Type::Decimal,
                (Some(kind), _) => kind,
            });
        }
        match kind {
            Some(kind) => Some(kind),
            None => operands.iter().find_map(Operand::typed).map_or(Some(Type::Text), |(_, kind)| Some(kind)),
        }
    }

    /// `min(a, b)`, `max(a, b)`: of numbers, or of times
    fn extreme(&mut self, values: &[&Expr], node: impl FnOnce(Box<[NodeId]>) -> Node) -> Option<(NodeId, Type)> {
        let operands: Vec<Operand> = values.iter().map(|value| self.expression(value)).collect();
        let kind = self.common_type(&operands)?;
        if !matches!(kind, Type::Int | Type::Decimal | Type::Date | Type::DateTime) {
            let place = Place(Self::span_of_operands(&operands));
            self.error(Code::TypeMismatch, place, format!("expected numbers or dates, found {kind}"));
            return None;
        }
        Some((self.among(&operands, &kind, node)?, kind))
    }

    /// One of several values, as a value of their common type. Ints among decimals are chosen exactly, and then the one
    /// that was chosen becomes a decimal.
    fn among(&mut self, operands: &[Operand], kind: &Type, node: impl FnOnce(Box<[NodeId]>) -> Node) -> Option<NodeId> {
        let as_is = |operand: &Operand| match operand.kind {
            OperandKind::Node(node, Type::Int) if *kind == Type::Decimal => Some(node),
            _ => None,
        };
        let mixed = operands.iter().any(|operand| as_is(operand).is_some());
        let nodes: Vec<Option<NodeId>> =
            operands.iter().map(|operand| as_is(operand).or_else(|| self.coerce(operand, kind))).collect();
        let nodes: Option<Box<[NodeId]>> = nodes.into_iter().collect();
        let chosen = self.nodes.add(node(nodes?));
        Some(if mixed { self.as_decimal(chosen) } else { chosen })
    }

    fn span_of_operands(operands: &[Operand]) -> crate::source::Span {
        let first = operands.first().map(Operand::span).unwrap_or_default();
        operands.iter().map(Operand::span).fold(first, crate::source::Span::to)
    }

    /// Values of any types, lists too.
    fn any_values(&mut self, values: &[&Expr]) -> Option<Box<[NodeId]>> {
        let operands: Vec<Operand> = values.iter().map(|value| self.expression(value)).collect();
        let nodes: Vec<Option<NodeId>> =
            operands.iter().map(|operand| self.resolve(operand).map(|(node, _)| node)).collect();
        nodes.into_iter().collect()
    }

    /// A population function: its argument is measured over all leads, and must not rank by itself.
    fn rank(&mut self, rank: Rank, kind: Type, x: &Expr) -> Option<(NodeId, Type)> {
        let operand = self.expression(x);
        let (node, _) = self.numeric(&operand)?;
        if self.scope.is_some() && self.nodes.is_of_element(node) {
            self.error(Code::NestedAggregate, operand.place, "a population is of leads, not of elements");
            return None;
        }
        if self.reads_population(node) {
            self.error(Code::NestedAggregate, operand.place, "a rank cannot be of something that is ranked itself");
            return None;
        }
        let ranked = self.nodes.add(Node::Rank(rank, node));
        self.ranked.insert(ranked);
        self.measure(node, x);
        // what it mentions beside its argument
        self.nodes.add(Node::PopulationLoaded);
        Some((ranked, kind))
    }

    /// Notes what a population function measures; of several spellings of one value the first by its text counts.
    fn measure(&mut self, node: NodeId, x: &Expr) {
        let measured = Measured { node, text: canonical_expression(x), span: x.place.0, of_tests: self.in_tests };
        match self.measured_known.get(&node).map(|&known| &mut self.measured[known]) {
            None => {
                self.measured_known.insert(node, self.measured.len());
                self.measured.push(measured);
            }
            Some(known) if known.of_tests == measured.of_tests && measured.text < known.text => *known = measured,
            Some(_) => {}
        }
    }

    /// Whether a value depends on a population, through outcomes too.
    fn reads_population(&self, root: NodeId) -> bool {
        if self.ranked.is_empty() {
            return false;
        }
        let (mut seen, mut pending) = (rustc_hash::FxHashSet::default(), vec![root]);
        while let Some(id) = pending.pop() {
            if self.ranked.contains(&id) {
                return true;
            }
            if seen.insert(id) {
                self.nodes.get(id).children(|child| pending.push(child));
            }
        }
        false
    }

    fn decay(&mut self, points: &Expr, x: &Expr, decay: Option<Decay>) -> Option<(NodeId, Type)> {
        let (points, x) = (self.expression(points), self.expression(x));
        let points = self.numeric(&points).map(|(node, _)| node);
        let x = self.time(&x);
        Some((self.nodes.add(Node::Decay(decay?, points?, x?)), Type::Decimal))
    }

    /// A period in days, for decay that is not by months.
    fn whole_days(&mut self, period: &Period) -> Option<i64> {
        match self.stretch(period)? {
            Stretch::Days(days) => Some(days),
            Stretch::Months(_) => {
                self.error(Code::WrongArguments, period.place, "this decay takes days or weeks");
                None
            }
        }
    }

    /// The length of a period.
    pub(super) fn stretch(&mut self, period: &Period) -> Option<Stretch> {
        let count = self.positive_constant(&period.count)?;
        Some(match period.unit {
            TimeUnit::Days => Stretch::Days(count),
            TimeUnit::Weeks => Stretch::weeks(count),
            TimeUnit::Months => Stretch::Months(count),
            TimeUnit::Years => Stretch::years(count),
        })
    }

    /// A rate from 0 % to 100 %.
    fn rate(&mut self, rate: &Expr) -> Option<Fixed> {
        let value = self.decimal_constant(rate)?;
        if value < Fixed::ZERO || value > Fixed::ONE {
            self.error(Code::InvalidNumber, rate.place, "a rate lies between 0 % and 100 %");
            return None;
        }
        Some(value)
    }
}

/// The arguments, when all of them are values.
fn values(arguments: &[Argument]) -> Option<Vec<&Expr>> {
    let values = arguments.iter().map(|argument| match argument {
        Argument::Value(value) => Some(value),
        Argument::Period(_) => None,
    });
    values.collect()
}
