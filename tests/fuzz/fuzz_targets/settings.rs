#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| reconcile_fuzz::target("settings")(data));
