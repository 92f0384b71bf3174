//! Ranks within a population that was measured beforehand.

use super::Reference;
use super::expression::{Evaluation, TOP};
use super::number::whole;
use super::time::Clock;
use super::value::Value;
use crate::json::Json;
use gradus::syntax::ast::Expr;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

/// The leads of a population, each read at the instant of the measurement, without previous outcomes.
pub struct Measured<'a> {
    leads: Vec<Evaluation<'a>>,
    /// What each expression is worth over all leads, by its address in the rule files, which do not move.
    values: RefCell<HashMap<usize, Rc<Vec<BigRational>>>>,
}

impl fmt::Debug for Measured<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a population of {}", self.leads.len())
    }
}

impl<'a> Measured<'a> {
    pub(super) fn new(rules: &'a Reference, leads: &[Json], clock: &Clock) -> Measured<'a> {
        let leads = leads.iter().map(|lead| Evaluation::new(rules, lead, clock.clone(), None, None)).collect();
        Measured { leads, values: RefCell::default() }
    }

    /// The present values of an expression.
    fn values(&self, expr: &Expr) -> Rc<Vec<BigRational>> {
        let address = std::ptr::from_ref(expr).addr();
        if let Some(values) = self.values.borrow().get(&address) {
            return Rc::clone(values);
        }
        let values = self.leads.iter().filter_map(|lead| lead.value(expr, TOP).as_number().cloned());
        let values: Rc<Vec<BigRational>> = Rc::new(values.collect());
        self.values.borrow_mut().insert(address, Rc::clone(&values));
        values
    }
}

impl Evaluation<'_> {
    /// `percent_rank`, `ntile` and `cume_share`.
    pub(super) fn rank(&self, function: &str, argument: &Expr, tiles: Option<&BigRational>) -> Value {
        let own = self.value(argument, TOP);
        let (Some(population), Some(own)) = (self.population, own.as_number()) else { return Value::Missing };
        let values = population.values(argument);
        if values.is_empty() {
            return Value::Missing;
        }
        let below = whole(values.iter().filter(|value| *value < own).count());
        match function {
            "percent_rank" => Value::decimal(&(below / whole(values.len()))),
            "ntile" => {
                let Some(tiles) = tiles else { return Value::Missing };
                let tile = (tiles * below / whole(values.len())).floor() + whole(1);
                Value::int(tile.min(tiles.clone()))
            }
            _ => {
                let positive = values.iter().filter(|value| value.is_positive());
                let total: BigRational = positive.clone().sum();
                let above: BigRational = positive.filter(|value| *value > own).sum();
                if total.is_zero() { Value::Missing } else { Value::decimal(&(above / total)) }
            }
        }
    }
}
