//! Literals and constant expressions.

use super::Checker;
use super::operand::{Operand, OperandKind};
use crate::diagnostic::Code;
use crate::eval::number;
use crate::hir::NodeId;
use crate::hir::node::{Constant, Node, NumberKind};
use crate::syntax::ast::{ArithmeticOperator, Expr, ExprKind, Interval, Place};
use crate::types::Type;
use crate::value::fixed::NumberError;
use crate::value::moment::Moment;
use crate::value::{Fixed, Text};
use ordered_float::OrderedFloat;

/// Reads a number literal: `50_000`, `1.5万`, `30%`. Whole numbers are ints, all others decimals.
pub(super) fn read_number(written: &str, negative: bool) -> Result<Constant, NumberError> {
    if !negative
        && written.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(whole) = written.parse()
    {
        return Ok(Constant::Int(whole));
    }
    let digits: String = written.chars().filter(|&c| c != '_').collect();
    let (digits, exponent, scaled) = match digits.strip_suffix(['万', '亿', '%']) {
        Some(rest) if digits.ends_with('万') => (rest, 4, true),
        Some(rest) if digits.ends_with('亿') => (rest, 8, true),
        Some(rest) => (rest, -2, false),
        None => (&*digits, 0, !digits.contains('.')),
    };
    let sign = if negative { "-" } else { "" };
    if scaled && exponent == 0 {
        // a whole number may be larger than a decimal can be
        return format!("{sign}{digits}").parse().map(Constant::Int).map_err(|_| NumberError::OutOfRange);
    }
    let value = Fixed::parse(&format!("{sign}{digits}e{exponent}"))?;
    Ok(match value.to_int() {
        Some(whole) if scaled => Constant::Int(whole),
        _ => Constant::Decimal(value),
    })
}

/// Label positions, ascending, each once.
pub(super) fn positions(constants: &[Constant]) -> Box<[u32]> {
    let mut positions: Vec<u32> =
        constants.iter().filter_map(|it| if let Constant::Label(label) = it { Some(*label) } else { None }).collect();
    positions.sort_unstable();
    positions.dedup();
    positions.into()
}

/// Texts, ascending by the form that counts, each once.
pub(super) fn texts(constants: &[Constant], form: fn(&Text) -> &str) -> Box<[Text]> {
    let mut texts: Vec<Text> = constants
        .iter()
        .filter_map(|it| match it {
            Constant::Text(text) | Constant::Code(text) | Constant::Region(text) => Some(text.clone()),
            _ => None,
        })
        .collect();
    texts.sort_by(|a, b| form(a).cmp(form(b)));
    texts.dedup_by(|a, b| form(a) == form(b));
    texts.into()
}

impl Checker<'_> {
    /// A number literal as an operand.
    pub(super) fn number(&mut self, written: &str, negative: bool, place: Place) -> Operand {
        match read_number(written, negative) {
            Ok(constant) => {
                let kind = if matches!(constant, Constant::Int(_)) { Type::Int } else { Type::Decimal };
                Operand::node(self.nodes.add_constant(constant), kind, place)
            }
            Err(reason) => {
                self.error(Code::InvalidNumber, place, format!("`{written}` has {reason}"));
                Operand::error(place)
            }
        }
    }

    /// A whole number as a decimal; one that is too large for a decimal is missing.
    pub(super) fn as_decimal(&mut self, node: NodeId) -> NodeId {
        match self.nodes.constant(node) {
            Some(Constant::Int(value)) => {
                let value = Fixed::from_int(*value).in_range();
                self.nodes.add_constant(value.map_or(Constant::Missing, Constant::Decimal))
            }
            Some(Constant::Missing) => node,
            _ => self.nodes.add(Node::ToDecimal(node)),
        }
    }

    /// A numeric constant as a float.
    pub(super) fn as_float(&mut self, node: NodeId) -> NodeId {
        let constant = match self.nodes.constant(node) {
            Some(Constant::Int(value)) => Constant::Float(OrderedFloat(Fixed::from_int(*value).to_f64())),
            Some(Constant::Decimal(value)) => Constant::Float(OrderedFloat(value.to_f64())),
            _ => Constant::Missing,
        };
        self.nodes.add_constant(constant)
    }

    /// Arithmetic, computed at once when both sides are constants.
    pub(super) fn arithmetic(&mut self, op: ArithmeticOperator, kind: NumberKind, a: NodeId, b: NodeId) -> NodeId {
        if let (Some(left), Some(right)) = (self.nodes.constant(a), self.nodes.constant(b)) {
            let result = number::arithmetic(op, kind, number::of_constant(left), number::of_constant(right));
            return self.nodes.add_constant(number::to_constant(result));
        }
        self.nodes.add(Node::Arithmetic(op, kind, a, b))
    }

    /// The members of a set as constants of one type.
    pub(super) fn constants(&mut self, members: &[Operand], kind: &Type) -> Option<Vec<Constant>> {
        let mut constants = Vec::with_capacity(members.len());
        let mut complete = true;
        for member in members {
            match self.constant_as(member, kind) {
                Some(constant) => constants.push(constant),
                None => complete = false,
            }
        }
        complete.then_some(constants)
    }

    /// One constant of a type. Numbers and dates stay as they are where they compare anyway.
    pub(super) fn constant_as(&mut self, operand: &Operand, kind: &Type) -> Option<Constant> {
        let comparable = |own: &Type| {
            let number = |it: &Type| matches!(it, Type::Int | Type::Decimal);
            let time = |it: &Type| matches!(it, Type::Date | Type::DateTime);
            (number(own) && number(kind)) || (time(own) && time(kind))
        };
        let node = match &operand.kind {
            OperandKind::Node(node, own) if comparable(own) => *node,
            _ => self.coerce(operand, kind)?,
        };
        match self.nodes.constant(node) {
            Some(constant) => Some(constant.clone()),
            None => {
                self.error(Code::NotConstant, operand.place, "expected a constant or a param");
                None
            }
        }
    }

    /// A constant expression that is a decimal: weights, clamps, rates.
    pub(super) fn decimal_constant(&mut self, expression: &Expr) -> Option<Fixed> {
        let operand = self.expression(expression);
        match self.constant_as(&operand, &Type::Decimal)? {
            Constant::Int(value) => Fixed::from_int(value).in_range(),
            Constant::Decimal(value) => Some(value),
            _ => {
                self.error(Code::InvalidNumber, expression.place, "this number is out of range");
                None
            }
        }
    }

    /// A constant whole number: periods, digits, counts.
    pub(super) fn int_constant(&mut self, expression: &Expr) -> Option<i64> {
        let operand = self.expression(expression);
        match self.constant_as(&operand, &Type::Int)? {
            Constant::Int(value) => Some(value),
            Constant::Decimal(_) => {
                self.error(Code::TypeMismatch, expression.place, "expected a whole number");
                None
            }
            _ => {
                self.error(Code::InvalidNumber, expression.place, "this number is out of range");
                None
            }
        }
    }

    /// A constant whole number from 1 on.
    pub(super) fn positive_constant(&mut self, expression: &Expr) -> Option<i64> {
        let value = self.int_constant(expression)?;
        if value < 1 {
            self.error(Code::InvalidNumber, expression.place, format!("expected a number from 1 on, found {value}"));
            return None;
        }
        Some(value)
    }

    /// `clamp [0..100]`: closed, its ends constants.
    pub(super) fn clamp(&mut self, interval: Option<&Interval>) -> crate::hir::node::Clamp {
        let Some(interval) = interval else { return crate::hir::node::Clamp::default() };
        let open =
            (interval.low.is_some() && !interval.low_closed) || (interval.high.is_some() && !interval.high_closed);
        if open {
            self.error(Code::EmptyInterval, interval.place, "a clamp is closed at both ends")
                .set_help("use `[` and `]`");
        }
        let low = interval.low.as_deref().and_then(|end| self.decimal_constant(end));
        let high = interval.high.as_deref().and_then(|end| self.decimal_constant(end));
        if interval.low.is_none() && interval.high.is_none() {
            self.error(Code::EmptyInterval, interval.place, "a clamp without ends does nothing");
        }
        if low.zip(high).is_some_and(|(low, high)| low > high) {
            self.error(Code::EmptyInterval, interval.place, "the lower end is above the upper end");
        }
        crate::hir::node::Clamp { low, high }
    }

    /// A date or instant literal, which the parser has validated.
    pub(super) fn date_literal(&mut self, written: &str, place: Place) -> Operand {
        match written.parse() {
            Ok(date) => Operand::node(self.nodes.add_constant(Constant::Date(date)), Type::Date, place),
            Err(_) => self.invalid_date(written, place),
        }
    }

    /// An instant literal; one without an offset is in the file's zone.
    pub(super) fn instant_literal(&mut self, written: &str, place: Place) -> Operand {
        let zone = self.header.zone.clone().unwrap_or(jiff::tz::TimeZone::UTC);
        match Moment::parse(written).and_then(|moment| moment.instant(&zone)) {
            Some(instant) => Operand::node(self.nodes.add_constant(Constant::Instant(instant)), Type::DateTime, place),
            None => self.invalid_date(written, place),
        }
    }

    fn invalid_date(&mut self, written: &str, place: Place) -> Operand {
        self.error(Code::InvalidDate, place, format!("`@{written}` is not a date of the calendar"));
        Operand::error(place)
    }

    /// Whether an expression is a quoted text.
    pub(super) fn quoted(expression: &Expr) -> Option<&str> {
        match &expression.kind {
            ExprKind::Text(text) => Some(text),
            _ => None,
        }
    }
}
