//! Any text: no panic, spans inside the text, messages that render, and a tree that prints to itself.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gradus_fuzz::parse(bytes));
