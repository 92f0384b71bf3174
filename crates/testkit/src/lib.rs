//! The reference interpreter, generators and corpus loader behind the tests of gradus.
//!
//! - [`reference`](mod@reference): the language straight from the syntax tree, slow and plain: the oracle of the
//!   property tests.
//! - [`generate`]: rule files and leads from bytes, well-typed, reaching every construct.
//! - [`strategy`]: the same for proptest and fuzz targets; [`seed`]: the same for numbered cases.
//! - [`corpus`]: the cases of `tests/corpus/*.toml`.
//! - [`json`]: JSON whose numbers keep their digits.

pub mod corpus;
pub mod generate;
pub mod json;
pub mod reference;
pub mod seed;
pub mod strategy;

pub use json::Json;
pub use reference::Reference;
