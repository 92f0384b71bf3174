//! A generated rule set with leads: it loads, and the evaluator says what the reference interpreter says.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gradus_fuzz::load_and_evaluate(bytes));
