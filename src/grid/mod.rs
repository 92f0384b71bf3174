//! The finite picture of a rule set: axes, their cells, and conditions as unions of boxes.
//!
//! Every condition asks questions of *axes*: a field, or a value that is computed from the lead. The constants of the
//! rules cut an axis into finitely many *cells*; the first is always "missing". Two leads in the same cells get the same
//! answers. In negation normal form Kleene's logic needs no third value: of each condition there are the cells where it
//! is true, where it is false, and their complements, and a condition is a union of *boxes*, a set of cells per axis.

mod axis;
mod boxes;
mod cells;
mod question;
mod slices;

pub(crate) use axis::{Axes, Axis, AxisId, Space};
pub(crate) use boxes::{Boxes, Builder, Conjunction};
pub(crate) use cells::Cells;
pub(crate) use question::{Asked, asked, float_key, turned};
