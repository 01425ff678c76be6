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
    let (mut id, mut step, mut shift) = (0_i64, 0_i64, 0_u32);
    for byte in written.bytes() {
        let value = VALUES[usize::from(byte)];
        step |= i64::from(value & 31) << shift;
        if value & 32 == 0 {
            id = id.saturating_add(step);
            ids.push(id);
            (step, shift) = (0, 0);
        } else {
            shift = (shift + STEP_BITS).min(60);
        }
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

/// What both have, the shorter one leading.
pub(crate) fn common(short: &[i64], long: &[i64]) -> Vec<i64> {
    let mut rest = long;
    let mut both = Vec::with_capacity(short.len());
    for id in short {
        let at = if rest.len() > 16 * short.len() {
            rest.partition_point(|other| other < id)
        } else {
            rest.iter().position(|other| other >= id).unwrap_or(rest.len())
        };
        rest = &rest[at..];
        if rest.first() == Some(id) {
            both.push(*id);
        }
    }
    both
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
            let both: Vec<i64> = short.intersection(&long).copied().collect::<BTreeSet<_>>().into_iter().collect();
            let list = |set: BTreeSet<i64>| set.into_iter().collect::<Vec<_>>();
            prop_assert_eq!(common(&list(short), &list(long)), both);
        }
    }
}
