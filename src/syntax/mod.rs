//! Text ⇄ syntax tree: the only folder that knows how rule files are written.

pub mod ast;
mod canonical;
mod parse;
mod print;

pub(crate) use parse::{Parsed, parse};
