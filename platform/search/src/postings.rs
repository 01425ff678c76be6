//! Ids in rising order as text that needs no quoting in JSON: the steps between them, five bits to a
//! letter, the sixth bit set on all but a step's last letter.

const LETTERS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const STEP_BITS: u32 = 5;
const MORE: u64 = 1 << STEP_BITS;

pub(crate) fn write(ids: &[i64]) -> String {
    let mut written = String::with_capacity(ids.len() * 2 + 6);
    let mut before = 0;
    for id in ids {
        let mut step = id.abs_diff(before);
        before = *id;
        while step >= MORE {
            written.push(letter((step % MORE) | MORE));
            step >>= STEP_BITS;
        }
        written.push(letter(step));
    }
    written
}

fn letter(value: u64) -> char {
    usize::try_from(value).ok().and_then(|index| LETTERS.get(index)).map_or('_', |byte| char::from(*byte))
}

pub(crate) fn read(written: &str) -> Vec<i64> {
    let mut ids = Vec::with_capacity(written.len());
    ids.extend(each(written));
    ids
}

/// The ids of a list as they stand in it.
fn each(written: &str) -> impl Iterator<Item = i64> {
    let mut bytes = written.bytes();
    let mut id = 0_i64;
    std::iter::from_fn(move || {
        let (mut step, mut shift) = (0_i64, 0_u32);
        loop {
            let value = VALUES[usize::from(bytes.next()?)];
            step |= i64::from(value & 31) << shift;
            if value & 32 == 0 {
                id = id.saturating_add(step);
                return Some(id);
            }
            shift = (shift + STEP_BITS).min(60);
        }
    })
}

/// How many ids a list of so many letters is likely to have, when they lie so far apart altogether.
pub(crate) fn likely_length(letters: usize, span: u64) -> usize {
    let mut ids = letters.max(1);
    // Fewer ids have longer steps, and those more letters.
    for _ in 0..3 {
        let step = span / u64::try_from(ids).unwrap_or(u64::MAX).max(1);
        let bits = u64::BITS - step.leading_zeros();
        let letters_each = usize::try_from(bits.div_ceil(STEP_BITS)).unwrap_or(1).max(1);
        ids = (letters / letters_each).max(1);
    }
    ids
}

const VALUES: [u8; 256] = {
    let mut values = [0_u8; 256];
    let mut index = 0;
    while index < LETTERS.len() {
        #[expect(clippy::cast_possible_truncation, reason = "there are 64 letters")]
        let value = index as u8;
        values[LETTERS[index] as usize] = value;
        index += 1;
    }
    values
};

/// Keeps those ids that the list has too.
pub(crate) fn keep_common(ids: &mut Vec<i64>, written: &str) {
    let mut others = each(written);
    let mut other = others.next();
    ids.retain(|id| {
        while other.is_some_and(|other| other < *id) {
            other = others.next();
        }
        other == Some(*id)
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_written_is_read(ids in prop::collection::btree_set(1..=takt_kernel::LARGEST_ID, 0..200)) {
            let ids: Vec<i64> = ids.into_iter().collect();
            prop_assert_eq!(read(&write(&ids)), ids);
        }

        #[test]
        fn common_ids_are_those_of_both(
            short in prop::collection::btree_set(1..400_i64, 0..20),
            long in prop::collection::btree_set(1..400_i64, 0..400),
        ) {
            let list = |set: &BTreeSet<i64>| set.iter().copied().collect::<Vec<_>>();
            let mut both = list(&short);
            keep_common(&mut both, &write(&list(&long)));
            prop_assert_eq!(both, short.intersection(&long).copied().collect::<Vec<_>>());
        }

        #[test]
        fn a_lists_length_is_about_what_its_letters_say(
            step in 1..100_000_i64,
            count in 1..2_000_i64,
        ) {
            let ids: Vec<i64> = (1..=count).map(|id| id * step).collect();
            let likely = likely_length(write(&ids).len(), (step * count).unsigned_abs());
            prop_assert!(likely >= ids.len() / 2 && likely <= ids.len() * 2 + 4, "{likely} for {}", ids.len());
        }
    }
}
