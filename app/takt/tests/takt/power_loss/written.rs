//! The library that writes down what a process writes, and its log. See `tests/power-loss/shim.c`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Bytes of a record before its paths and data.
const HEAD: usize = 48;
pub const CREATE: u64 = 1;
pub const WRITE: u64 = 2;
pub const TRUNCATE: u64 = 3;
pub const SYNC_BEGINS: u64 = 4;
pub const SYNC_ENDS: u64 = 5;
pub const RENAME: u64 = 6;
pub const UNLINK: u64 = 7;
pub const LINK: u64 = 8;
pub const MKDIR: u64 = 9;

pub struct Record<'a> {
    pub kind: u64,
    pub file: u64,
    pub token: u64,
    pub offset: usize,
    first: &'a [u8],
    pub second: &'a [u8],
}

impl<'a> Record<'a> {
    /// The last record may be cut off by the death of its writer.
    pub fn take(rest: &mut &'a [u8]) -> Option<Self> {
        let head = rest.get(..HEAD)?;
        let number = |at: usize| {
            let bytes: [u8; 8] = head[at * 8..at * 8 + 8].try_into().expect("eight bytes");
            u64::from_ne_bytes(bytes)
        };
        let (first, second) = (number(4) as usize, number(5) as usize);
        let body = rest.get(HEAD..HEAD + first + second)?;
        *rest = &rest[HEAD + first + second..];
        Some(Self {
            kind: number(0),
            file: number(1),
            token: number(2),
            offset: number(3) as usize,
            first: &body[..first],
            second: &body[first..],
        })
    }

    pub fn path(&self) -> PathBuf {
        PathBuf::from(String::from_utf8_lossy(self.first).into_owned())
    }

    pub fn second_path(&self) -> PathBuf {
        PathBuf::from(String::from_utf8_lossy(self.second).into_owned())
    }
}

/// Compiles the library.
pub fn build_shim(into: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/power-loss/shim.c");
    let library = into.join("power-loss.so");
    let done = Command::new("cc")
        .args(["-O1", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-o"])
        .arg(&library)
        .arg(&source)
        .arg("-ldl")
        .output()
        .expect("a C compiler; run `scripts/setup tests`");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    library
}
