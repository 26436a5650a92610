//! Tells the tests whether the reference series are at hand: those that need them are ignored, and
//! counted as such, where they are not.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=ZARYA_SHARED");
    println!("cargo::rustc-check-cfg=cfg(reference_series)");
    if std::env::var_os("ZARYA_SHARED").is_some_and(|folder| !folder.is_empty()) {
        println!("cargo::rustc-cfg=reference_series");
    }
}
