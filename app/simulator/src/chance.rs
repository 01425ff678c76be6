use std::hash::{Hash, Hasher};

use takt_kernel::{Entropy, SeededEntropy};

/// Reproducible chance. Whoever needs luck of their own draws it from a stream named by the seed and
/// what it is for, so that nobody's luck depends on who drew before.
pub struct Chance(SeededEntropy);

impl Chance {
    pub fn of(seed: u64, purpose: impl Hash) -> Self {
        let mut hasher = Fnv(0xCBF2_9CE4_8422_2325 ^ seed);
        purpose.hash(&mut hasher);
        Self(SeededEntropy::from_seed(hasher.finish()))
    }

    /// `from..=to`; the bias of a modulo does not matter here.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        let mut bytes = [0; 8];
        // A seeded source has nothing that could fail.
        self.0.fill(&mut bytes).unwrap_or_default();
        let span = u64::try_from(to.saturating_sub(from)).unwrap_or(0).saturating_add(1);
        from.saturating_add(i64::try_from(u64::from_le_bytes(bytes) % span).unwrap_or(0))
    }

    pub fn one_in(&mut self, count: i64) -> bool {
        self.between(1, count) == 1
    }

    pub fn index(&mut self, length: usize) -> usize {
        let last = i64::try_from(length.saturating_sub(1)).unwrap_or(0);
        usize::try_from(self.between(0, last)).unwrap_or(0)
    }

    /// One of the choices, of which there is at least one.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len())]
    }

    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.between(0, 9)).unwrap_or(0))).collect()
    }

    pub fn shuffle<T>(&mut self, cards: &mut [T]) {
        for last in (1..cards.len()).rev() {
            cards.swap(last, self.index(last + 1));
        }
    }
}

/// FNV-1a: the same in every release of the compiler, which the standard hasher is not.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
    }
    fn finish(&self) -> u64 {
        self.0
    }
}
