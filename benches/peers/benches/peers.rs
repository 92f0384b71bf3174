//! `cargo bench`: the whole comparison.

fn main() {
    peers::run(std::env::args().skip(1));
}
