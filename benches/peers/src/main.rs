//! `cargo run --release`: the same as `cargo bench`.

fn main() {
    peers::run(std::env::args().skip(1));
}
