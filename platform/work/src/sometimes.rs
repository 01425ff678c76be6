//! Work that is done once for many facts.

/// Whether what is done once for so many facts, a power of two, is done at this position: one of so many, in no
/// pattern. Facts come in patterns, and those that are heard might never stand at a round one.
pub fn is_due(position: i64, every: u64) -> bool {
    position.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15).leading_zeros() >= every.ilog2()
}

#[cfg(test)]
mod tests {
    use super::is_due;

    #[test]
    fn whichever_pattern_facts_come_in_one_of_so_many_is_due() {
        for (every, fair) in [(32, 1_000), (64, 500)] {
            for (step, from) in [(1, 0), (2, 1), (4, 3), (32, 1), (64, 5), (7, 0)] {
                let due = (0..32_000_i64).filter(|n| is_due(n * step + from, every)).count();
                assert!(
                    (fair * 7 / 10..fair * 14 / 10).contains(&due),
                    "{every}: every {step} from {from}: {due}"
                );
            }
        }
    }
}
