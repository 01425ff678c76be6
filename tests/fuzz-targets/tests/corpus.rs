//! Each target on its corpus and on changes of it, the same in every run: what `scripts/fuzz` found once is
//! never let in again, on any machine with any compiler.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails right there")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use takt_fuzz_targets::{TARGETS, Target};

/// Changes of each target; those that ask the whole program are slower.
const CHANGES: usize = 400;
const SLOW_CHANGES: usize = 60;
const LARGEST_CORPUS: u64 = 1_000_000;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn corpus(target: &Target) -> Vec<(String, Vec<u8>)> {
    let folder = fuzz().join("corpus").join(target.name);
    assert!(folder.is_dir(), "no corpus for {}", target.name);
    let mut files: Vec<_> =
        fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files.into_iter().map(|file| (file.display().to_string(), fs::read(file).expect("a file"))).collect()
}

fn run(target: &str) {
    let target = TARGETS.iter().find(|known| known.name == target).expect("a target");
    let corpus = corpus(target);
    for (name, bytes) in &corpus {
        told(target, name, bytes);
    }
    let mut chance = Chance(0x7A6B_7400);
    let changes = if target.name == "web" { SLOW_CHANGES } else { CHANGES };
    for round in 0..changes {
        let (name, bytes) = &corpus[chance.below(corpus.len())];
        let other = &corpus[chance.below(corpus.len())].1;
        told(target, &format!("{name}, change {round}"), &changed(bytes, other, &mut chance));
    }
}

/// Says which input it was when a property does not hold.
fn told(target: &Target, name: &str, bytes: &[u8]) {
    let held = std::panic::catch_unwind(|| (target.run)(bytes));
    assert!(held.is_ok(), "{} does not hold for {name}: {:?}", target.name, String::from_utf8_lossy(bytes));
}

fn changed(bytes: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        match chance.below(6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, chance.byte()),
            2 if at < bytes.len() => bytes[at] = chance.byte(),
            3 if at < bytes.len() => drop(bytes.remove(at)),
            4 => {
                let from = chance.below(other.len() + 1);
                let piece = &other[from..(from + chance.below(40)).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            _ => {
                let piece = bytes[at..(at + chance.below(80)).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("small")
    }
    /// Digits and separators oftener than chance would have them.
    fn byte(&mut self) -> u8 {
        const OFTEN: &[u8] = b"0123456789-+.,:;/=<>\"'{}[]() \n\\%&?#@\0\x80\xd0\xff";
        if self.next().is_multiple_of(2) {
            OFTEN[self.below(OFTEN.len())]
        } else {
            self.next().to_le_bytes()[0]
        }
    }
}

macro_rules! each {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            run(stringify!($name));
        })*
        const TRIED: &[&str] = &[$(stringify!($name)),*];
    };
}

each![
    archive,
    bank_file,
    bank_round_trip,
    codes,
    email,
    mail_settings,
    money,
    offer,
    order,
    patch,
    phone,
    purpose,
    push,
    reference,
    search,
    template,
    web,
    yml,
];

#[test]
fn every_target_has_its_test_its_program_and_its_small_corpus() {
    let names: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names, TRIED.iter().copied().collect());
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).expect("a manifest");
    let mut bytes = 0;
    for target in TARGETS {
        let program = fs::read_to_string(fuzz().join(format!("fuzz_targets/{}.rs", target.name)));
        let calls = format!("takt_fuzz_targets::{}(data)", target.name);
        assert!(program.is_ok_and(|text| text.contains(&calls)), "fuzz_targets/{}.rs", target.name);
        assert!(manifest.contains(&format!("name = \"{}\"\n", target.name)), "[[bin]] of {}", target.name);
        let corpus = corpus(target);
        assert!(corpus.len() >= 3, "{} has hardly a corpus", target.name);
        bytes += corpus.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>();
    }
    assert!(bytes < LARGEST_CORPUS, "the corpus has {bytes} bytes");
}
