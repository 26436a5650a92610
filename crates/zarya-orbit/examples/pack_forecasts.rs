//! Packs forecasts (CSV on stdin, see `zarya_orbit::forecast::parse_csv`) into the archive file.
//!
//! `zcat FILE.csv.gz | cargo run --release -p zarya-orbit --example pack_forecasts -- OUT.bin`
use std::io::Read as _;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("text on stdin");
    let issues = zarya_orbit::forecast::parse_csv(&text).expect("forecasts as CSV");
    let packed = zarya_orbit::forecast::archive::pack(&issues);
    let path = std::env::args().nth(1).expect("the output path as the argument");
    std::fs::write(path, &packed).expect("the archive is written");
    eprintln!("{} issues, {} bytes", issues.len(), packed.len());
}
