//! Any text that parses: its layout is stable, and means the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gradus_fuzz::format_round_trip(bytes));
