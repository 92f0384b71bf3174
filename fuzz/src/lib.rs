//! What the fuzz targets assert, apart from the fuzzer: the same functions run under libFuzzer (`fuzz_targets/`) and in
//! the seeded loop of `src/bin/drive.rs`.
//!
//! Every function panics when its property does not hold, with what one needs to see it again: the rule files, the lead
//! and the instant, ready to paste.

mod evaluate;
mod json;
mod text;

pub use evaluate::load_and_evaluate;
pub use json::lead_json;
pub use text::{format_round_trip, parse};
