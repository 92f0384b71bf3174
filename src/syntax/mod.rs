//! Text ⇄ syntax tree: the only folder that knows how rule files are written.

pub mod ast;
mod parse;

pub(crate) use parse::{Parsed, parse};
