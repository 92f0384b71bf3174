//! List functions.

use super::build::{call, expr, name, path};
use super::world::{Kind, Spot, World};
use arbitrary::Result;
use gradus::syntax::ast::{Expr, ExprKind};

/// The parts of a list function, before they become a node.
struct Draft {
    function: &'static str,
    distinct: bool,
    value: Option<Expr>,
    by: Option<Expr>,
    filter: Option<Expr>,
}

impl World<'_, '_> {
    /// A list and the fields of its elements.
    fn list(&mut self) -> Result<(Expr, Vec<(String, Kind)>)> {
        let top = Spot::default();
        self.made_of.lists = true;
        match self.named(&top, |kind| matches!(kind, Kind::List(_)))? {
            Some((list, Kind::List(fields))) => Ok((list, fields)),
            _ => Ok((path(&["purchases".to_owned()]), super::fields::purchases())),
        }
    }

    fn filter(&mut self, depth: usize, inside: &Spot) -> Result<Option<Expr>> {
        if self.u.arbitrary()? { Ok(Some(self.condition(depth, inside)?)) } else { Ok(None) }
    }

    fn inside(fields: &[(String, Kind)], outside: &Spot) -> Spot {
        Spot { element: Some(fields.to_vec()), ranked: outside.ranked }
    }

    /// A number from a list: `count(L)`, `sum(E of L where C)`, `count(distinct E of L)`.
    pub(super) fn list_number(&mut self, depth: usize, spot: &Spot) -> Result<Expr> {
        let (list, fields) = self.list()?;
        let inside = Self::inside(&fields, spot);
        let function = self.pick(&["count", "sum", "distinct", "avg", "min", "max", "first", "last"])?;
        let draft = match function {
            "count" => match self.filter(depth, &inside)? {
                None => return Ok(call("count", vec![list])),
                filter => Draft { function, distinct: false, value: None, by: None, filter },
            },
            "distinct" => {
                let value = self.distinct_value(&fields)?;
                let filter = self.filter(depth, &inside)?;
                Draft { function: "count", distinct: true, value: Some(value), by: None, filter }
            }
            "first" | "last" => match self.ordered_by(&fields)? {
                Some(by) => {
                    let value = Some(self.number(depth, &inside)?);
                    Draft { function, distinct: false, value, by: Some(by), filter: self.filter(depth, &inside)? }
                }
                None => return Ok(call("count", vec![list])),
            },
            _ => {
                let value = Some(self.number(depth, &inside)?);
                Draft { function, distinct: false, value, by: None, filter: self.filter(depth, &inside)? }
            }
        };
        Ok(aggregate(draft, list))
    }

    /// `last(.feedback of activities by .at)`, `max(.at of activities)`: a value of a type that fits.
    pub(super) fn list_value(
        &mut self,
        depth: usize,
        spot: &Spot,
        fits: impl Fn(&Kind) -> bool,
    ) -> Result<Option<(Expr, Kind)>> {
        let (list, fields) = self.list()?;
        let inside = Self::inside(&fields, spot);
        let found: Vec<&(String, Kind)> = fields.iter().filter(|(_, kind)| fits(kind)).collect();
        if found.is_empty() {
            return Ok(None);
        }
        let (field, kind) = self.pick(&found)?.clone();
        let value = Some(Self::element(&field));
        let filter = self.filter(depth.saturating_sub(1), &inside)?;
        let draft = match self.ordered_by(&fields)? {
            _ if kind.is_time() && self.u.arbitrary()? => {
                Draft { function: self.pick(&["min", "max"])?, distinct: false, value, by: None, filter }
            }
            Some(by) => {
                let function = self.pick(&["last", "first"])?;
                Draft { function, distinct: false, value, by: Some(by), filter }
            }
            None => return Ok(None),
        };
        Ok(Some((aggregate(draft, list), kind)))
    }

    /// `any(L where C)`, `all(C of L where F)`
    pub(super) fn list_test(&mut self, depth: usize, spot: &Spot) -> Result<Expr> {
        let (list, fields) = self.list()?;
        let inside = Self::inside(&fields, spot);
        let function = self.pick(&["any", "all"])?;
        let tested = self.condition(depth, &inside)?;
        let draft = if self.u.arbitrary()? {
            Draft { function, distinct: false, value: None, by: None, filter: Some(tested) }
        } else {
            Draft { function, distinct: false, value: Some(tested), by: None, filter: self.filter(depth, &inside)? }
        };
        Ok(aggregate(draft, list))
    }

    /// Something with an order: a number, a time or an ordered choice of the element.
    fn ordered_by(&mut self, fields: &[(String, Kind)]) -> Result<Option<Expr>> {
        let has_order = |kind: &Kind| kind.is_number() || kind.is_time() || matches!(kind, Kind::Choice(_, true));
        let found: Vec<&(String, Kind)> = fields.iter().filter(|(_, kind)| has_order(kind)).collect();
        if found.is_empty() { Ok(None) } else { Ok(Some(Self::element(&self.pick(&found)?.0))) }
    }

    fn distinct_value(&mut self, fields: &[(String, Kind)]) -> Result<Expr> {
        let plain = |kind: &Kind| !matches!(kind, Kind::SetOf(_) | Kind::SetOfText | Kind::SetOfCode | Kind::List(_));
        let found: Vec<(String, Kind)> = fields.iter().filter(|(_, kind)| plain(kind)).cloned().collect();
        let (field, kind) = self.pick(&found)?;
        let value = Self::element(&field);
        Ok(if kind.is_time() && self.u.arbitrary()? { call("date", vec![value]) } else { value })
    }
}

fn aggregate(draft: Draft, list: Expr) -> Expr {
    expr(ExprKind::Aggregate {
        function: name(draft.function),
        distinct: draft.distinct,
        value: draft.value.map(Box::new),
        list: Box::new(list),
        by: draft.by.map(Box::new),
        filter: draft.filter.map(Box::new),
    })
}
