//! Which rule fires: by the cell of one axis, or by boxes.

use super::whole::Value;
use crate::hir::node::Clamp;
use std::ops::Range;

/// No rule.
pub(crate) const NONE: u32 = u32::MAX;

/// Which of several rules is the first that fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ruling {
    /// Always this one, or none.
    Fixed(u32),
    /// By the cell of an axis.
    Cells(u32, Box<[u32]>),
    /// The owner of the first box that holds: of a grid, counted from where boxes have owners.
    Boxes(u32, Range<u32>),
}

/// What an indicator gives.
#[derive(Debug)]
pub(crate) struct Indicating {
    pub(crate) sum: bool,
    /// Which rules fire. Of a sum always by boxes, whose owners are all rules that fire.
    pub(crate) fired: Ruling,
    /// The first rule that mentions something that is missing.
    pub(crate) missing: Missing,
    /// Of each rule the points; nothing for `skip`.
    pub(crate) awards: Box<[Option<Value>]>,
    /// Of each rule the registers of what its points mention.
    pub(crate) mentions: Box<[Box<[u32]>]>,
    pub(crate) clamp: Clamp,
}

/// The first rule that mentions something that is missing; nobody asks when only the points are needed.
pub(crate) type Missing = Ruling;
