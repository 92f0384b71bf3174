//! Any text as a lead: read or refused as `serde_json` would, and the same after a round trip.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gradus_fuzz::lead_json(bytes));
