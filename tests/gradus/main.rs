//! The library as its users see it, against the shared data, the reference interpreter and the laws of the language.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails loudly, and says how much it saw or why it was skipped"
)]

mod acceptance;
mod bad_input;
mod batch;
mod columns;
mod corpus;
mod differential;
mod dmn;
mod draw;
mod exactness;
mod explanations;
mod findings;
mod host;
mod large;
mod laws;
mod listing;
mod mistakes;
mod next;
mod paths;
mod population;
mod questions;
mod record;
mod relations;
mod round_trip;
mod scene;
mod scorecards;
mod support;
mod transition;
mod unique;
mod versions;
