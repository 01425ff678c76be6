//! What makes the one file smaller where the linker is Rust's own (x86-64 Linux): functions that are alike are kept once,
//! and addresses that the loader sets stand packed (glibc 2.36 and newer reads them).

fn main() {
    let is = |name: &str, wanted: &str| std::env::var(name).is_ok_and(|value| value == wanted);
    let by_lld = is("CARGO_CFG_TARGET_ARCH", "x86_64") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if is("PROFILE", "release") && by_lld {
        println!("cargo::rustc-link-arg-bin=takt=-Wl,--icf=all,-z,pack-relative-relocs");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
