use std::collections::BTreeSet;

use takt_kernel::{CompanyId, Result, ShopId, fold};
use takt_store::{Query, Tx, params, sql};
use takt_work::{NewJob, jobs};

use crate::job::FOLD;

/// Between the fields of a text; folding leaves none inside of one.
pub(crate) const BETWEEN: char = '\n';
/// Before each word of a free text: there it is found in other forms too.
pub(crate) const WORD: char = '\t';
const LONGEST_TEXT: usize = 4_000;
/// One text in so many asks for folding: often enough to keep the tail short, too rarely to be felt.
const ASKS_ONE_IN: u64 = 256;

/// Puts folded fields together into the text of a thing. What stands in two fields is never found as
/// one word.
pub fn joined(fields: impl IntoIterator<Item = String>) -> String {
    let mut words = String::new();
    let mut letters = 0;
    for field in fields.into_iter().filter(|field| !field.is_empty()) {
        if !words.is_empty() {
            words.push(BETWEEN);
        }
        for letter in field.chars().take(LONGEST_TEXT.saturating_sub(letters)) {
            letters += 1;
            words.push(letter);
        }
    }
    words
}

/// The words of texts as people write them (names of goods, remarks), each once, for [`joined`]: these are found in
/// other forms too, and what is put together by a slash or a comma also by its parts.
pub fn free_words<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut seen = BTreeSet::new();
    let mut words = String::new();
    for text in texts {
        let folded = fold(text);
        for word in folded.split(' ').map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()))
        {
            let parts = word.split(|letter: char| !letter.is_alphanumeric());
            let parts = parts.filter(|part| *part != word && part.chars().all(char::is_alphabetic));
            for one in std::iter::once(word).chain(parts).filter(|one| !one.is_empty()) {
                if words.len() < 2 * LONGEST_TEXT && seen.insert(one.to_owned()) {
                    words.push(WORD);
                    words.push_str(one);
                }
            }
        }
    }
    words
}

/// Makes a thing findable by this text from now on, and no longer by the one it had.
///
/// # Errors
/// Faults of the store.
pub fn put(
    tx: &mut Tx<'_>,
    company: CompanyId,
    kind: &'static str,
    id: i64,
    shop: Option<ShopId>,
    words: &str,
) -> Result<()> {
    let stamp = tx.new_id::<()>().get();
    tx.put(
        sql!(
            "insert into search_text (company_id, kind, id, shop_id, words)
             values (:company_id, :kind, :id, :shop_id, :words)
             on conflict (company_id, kind, id) do update
             set shop_id = excluded.shop_id, words = excluded.words"
        ),
        params![company_id: company, kind: kind, id: id, shop_id: shop, words: words],
    )?;
    tx.put(
        sql!(
            "insert into search_tail (company_id, kind, stamp, id)
             values (:company_id, :kind, :stamp, :id)"
        ),
        params![company_id: company, kind: kind, stamp: stamp, id: id],
    )?;
    if asks(stamp) { ask_to_fold(tx, company, kind) } else { Ok(()) }
}

/// The thing is not found any more.
///
/// # Errors
/// Faults of the store.
pub fn remove(tx: &mut Tx<'_>, company: CompanyId, kind: &'static str, id: i64) -> Result<()> {
    tx.put(
        sql!(
            "delete from search_text
             where company_id = :company_id and kind = :kind and id = :id"
        ),
        params![company_id: company, kind: kind, id: id],
    )
}

pub(crate) fn ask_to_fold(tx: &mut Tx<'_>, company: CompanyId, kind: &str) -> Result<()> {
    let job = NewJob {
        company,
        kind: FOLD,
        key: Some(kind.to_owned()),
        payload: serde_json::Value::Null,
        run_at: tx.now(),
    };
    jobs::enqueue(tx, job)
}

/// Stamps come in steps of their own; multiplied by the golden ratio they fall evenly.
fn asks(stamp: i64) -> bool {
    let spread = stamp.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (spread >> 32).is_multiple_of(ASKS_ONE_IN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_in_some_hundreds_asks_whatever_the_step_of_the_stamps() {
        for step in [1, 2, 15, 16, 64, 256, 1_000] {
            let asking = (1..=100_000_i64).filter(|count| asks(count * step)).count();
            assert!((250..550).contains(&asking), "{asking} of 100000 by steps of {step}");
        }
    }

    #[test]
    fn fields_stay_apart_and_a_text_has_an_end() {
        assert_eq!(joined(["чай".to_owned(), String::new(), "мята".to_owned()]), "чай\nмята");
        assert_eq!(free_words(["Чай «Улун»,  чай/мята", "чай"]), "\tчай\tулун\tчай/мята\tмята");
        assert_eq!(joined(["я".repeat(5_000)]).chars().count(), LONGEST_TEXT);
    }
}
