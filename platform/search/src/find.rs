use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use takt_kernel::{CompanyId, Result, ShopId};
use takt_store::{Query, Row, Statement, params, sql};

use crate::{
    forms::SPELLINGS,
    needle::Needle,
    postings,
    segments::{self, READY, Segment},
};

/// Texts that are looked into at most, however few of them have what is looked for.
const MOST_LOOKED_INTO: usize = 6_000;
/// Reading so many bytes of a list takes as long as looking into a text.
const BYTES_WORTH_A_LOOK: usize = 1_000;
const FEWEST_AT_ONCE: usize = 64;
const MOST_AT_ONCE: usize = 1_200;
/// New texts that are looked through. Folding keeps them to some thousand; of what was written past it
/// in masses the newest are found, and the rest as it is folded.
const LONGEST_TAIL: i64 = 10_000;
/// Segments asked at once: few at first, for what is frequent is found in the newest.
const FIRST_WINDOW: usize = 4;
const LARGEST_WINDOW: usize = 128;

/// What is looked for and where.
pub struct Search<'a> {
    pub kind: &'static str,
    pub companies: &'a [CompanyId],
    /// Only things of these shops.
    pub shops: Option<&'a [ShopId]>,
    pub needle: &'a Needle,
    /// Only ids below this one: the last of the page before.
    pub before: Option<i64>,
}

/// The newest things that were found, by falling ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub ids: Vec<(CompanyId, i64)>,
    /// When there may be more: all of what is above this id is among `ids`.
    pub more_below: Option<i64>,
}

/// The newest `most` things whose texts have what is looked for and that `keep` keeps. `keep` is asked
/// with some ids of one company and answers with those that may be shown.
///
/// # Errors
/// Faults of the store, and of `keep`.
pub fn newest(db: &mut dyn Query, search: &Search<'_>, most: usize, keep: &mut Keep<'_>) -> Result<Found> {
    let before = search.before.unwrap_or(i64::MAX);
    // First the tail: what is folded between the two questions is then found twice, not never.
    let questions = [tail(search, before).into(), segments::asked(search.companies, search.kind).into()];
    let mut answers = db.all_at_once(&questions)?.into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let mut waiting = next().iter().map(place).collect::<Result<Vec<(CompanyId, i64)>>>()?;
    let mut segments = segments::read_all(&next())?;
    segments.retain(|segment| segment.state == READY && segment.least < before);
    let mut looking = Looking { search, keep, found: BTreeMap::new(), seen: BTreeSet::new(), looked_into: 0 };
    let grams = search.needle.grams();
    // Nearly all that have the letters have the words too.
    let at_once = (most + most / 8).clamp(FEWEST_AT_ONCE, MOST_AT_ONCE);
    let (mut window, mut at) = (FIRST_WINDOW, 0);
    while at < segments.len() || !waiting.is_empty() {
        let asked = &segments[at..(at + window).min(segments.len())];
        at += asked.len();
        window = (window * 4).min(LARGEST_WINDOW);
        waiting.extend(candidates(db, asked, &grams)?.into_iter().filter(|(_, id)| *id < before));
        waiting.sort_unstable_by_key(|(_, id)| std::cmp::Reverse(*id));
        waiting.dedup();
        // Segments overlap: what a later one may still surpass has to wait for it.
        let frontier = segments.get(at).map_or(0, |next| next.greatest);
        let sure = waiting.partition_point(|(_, id)| *id > frontier);
        let ready: Vec<(CompanyId, i64)> = waiting.drain(..sure).collect();
        for part in ready.chunks(at_once) {
            let last = part.last().map_or(0, |(_, id)| *id);
            looking.look_into(db, part)?;
            if looking.looked_into > MOST_LOOKED_INTO || looking.above(last) > most {
                return Ok(looking.cut(most, last));
            }
        }
        if looking.above(frontier) > most {
            return Ok(looking.cut(most, frontier));
        }
    }
    Ok(looking.cut(most, 0))
}

/// Which of these ids of one company may be shown.
pub type Keep<'k> = dyn FnMut(&mut dyn Query, CompanyId, &[i64]) -> Result<Vec<i64>> + 'k;

struct Looking<'a, 'k> {
    search: &'a Search<'a>,
    keep: &'k mut Keep<'k>,
    found: BTreeMap<i64, CompanyId>,
    seen: BTreeSet<i64>,
    looked_into: usize,
}

impl Looking<'_, '_> {
    /// Takes those whose texts really have what is looked for.
    fn look_into(&mut self, db: &mut dyn Query, ids: &[(CompanyId, i64)]) -> Result<()> {
        let mut by_company: BTreeMap<CompanyId, Vec<i64>> = BTreeMap::new();
        for (company, id) in ids {
            if self.seen.insert(*id) {
                by_company.entry(*company).or_default().push(*id);
            }
        }
        for (company, ids) in by_company {
            self.looked_into += ids.len();
            let matching = matching(db, self.search, company, &ids)?;
            if !matching.is_empty() {
                let kept = (self.keep)(db, company, &matching)?;
                self.found.extend(kept.into_iter().map(|id| (id, company)));
            }
        }
        Ok(())
    }

    fn above(&self, id: i64) -> usize {
        self.found.range(id.saturating_add(1)..).count()
    }

    /// The newest of what was found; below `sure_above` there may be more than was seen.
    fn cut(self, most: usize, sure_above: i64) -> Found {
        let all: Vec<(CompanyId, i64)> = self
            .found
            .into_iter()
            .rev()
            .map(|(id, company)| (company, id))
            .take_while(|(_, id)| *id >= sure_above)
            .collect();
        let cut = all.len() > most;
        let ids: Vec<(CompanyId, i64)> = all.into_iter().take(most).collect();
        let more_below = match ids.last() {
            Some((_, last)) if cut => Some(*last),
            Some(_) | None => Some(sure_above).filter(|sure_above| *sure_above > 0),
        };
        Found { ids, more_below }
    }
}

/// Which of these ids of one company have what is looked for: for a list that is walked in another order.
///
/// # Errors
/// Faults of the store.
pub fn among(db: &mut dyn Query, search: &Search<'_>, company: CompanyId, ids: &[i64]) -> Result<Vec<i64>> {
    matching(db, search, company, ids)
}

/// The text by which a thing is found.
///
/// # Errors
/// Faults of the store.
pub fn text_of(
    db: &mut dyn Query,
    company: CompanyId,
    kind: &'static str,
    id: i64,
) -> Result<Option<String>> {
    db.opt(
        sql!(
            "select words
             from search_text
             where company_id = :company_id and kind = :kind and id = :id"
        ),
        params![company_id: company, kind: kind, id: id],
    )?
    .map(|row| row.get("words"))
    .transpose()
}

/// Which of these texts have all words. One look into the table's key for each, whatever the planner
/// thinks of the table: a subquery that is no join. Texts leave the database only where a word is so
/// short that it has to begin one.
fn matching(db: &mut dyn Query, search: &Search<'_>, company: CompanyId, ids: &[i64]) -> Result<Vec<i64>> {
    const OF_ASKED: &str = "\nfrom search_text
       where company_id = :company_id and kind = :kind and id = cast(asked.value as bigint)";
    const ASKED: &str = "\nfrom {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}";
    let statement = Statement::new("select cast(asked.value as bigint) as id")
        .bind("company_id", company)
        .bind("kind", search.kind)
        .bind("ids", as_json(ids.iter().copied()));
    let Some(words) = search.needle.words_anywhere() else {
        let statement = of_shops(statement.push(", (select words").push(OF_ASKED), search)
            .push(") as words")
            .push(ASKED)
            .push("\nlimit 100000");
        let mut matching = Vec::new();
        for row in db.all_of(&statement)? {
            let words: Option<String> = row.get("words")?;
            if words.is_some_and(|words| search.needle.matches(&words)) {
                matching.push(row.get("id")?);
            }
        }
        return Ok(matching);
    };
    let statement = of_shops(statement.push(ASKED).push("\nwhere (select 1").push(OF_ASKED), search);
    let statement = NAMES.into_iter().zip(words).fold(statement, |statement, ((name, forms), word)| {
        let statement = stands(statement.push("\nand ("), name, &word.typed);
        let spelt = forms.into_iter().zip(&word.forms.spellings);
        spelt.fold(statement, |statement, (name, form)| stands(statement.push(" or "), name, form)).push(")")
    });
    let statement = statement.push(") = 1\nlimit 100000");
    db.all_of(&statement)?.iter().map(|row| row.get("id")).collect()
}

fn stands(statement: Statement, name: &'static str, word: &str) -> Statement {
    statement.push("{pg:strpos|sqlite:instr}(words, :").push(name).push(") > 0").bind(name, word)
}

/// Of each word and its other spellings.
const NAMES: [(&str, [&str; SPELLINGS]); 8] = [
    ("word_1", ["form_1_1", "form_1_2", "form_1_3", "form_1_4"]),
    ("word_2", ["form_2_1", "form_2_2", "form_2_3", "form_2_4"]),
    ("word_3", ["form_3_1", "form_3_2", "form_3_3", "form_3_4"]),
    ("word_4", ["form_4_1", "form_4_2", "form_4_3", "form_4_4"]),
    ("word_5", ["form_5_1", "form_5_2", "form_5_3", "form_5_4"]),
    ("word_6", ["form_6_1", "form_6_2", "form_6_3", "form_6_4"]),
    ("word_7", ["form_7_1", "form_7_2", "form_7_3", "form_7_4"]),
    ("word_8", ["form_8_1", "form_8_2", "form_8_3", "form_8_4"]),
];

fn of_shops(statement: Statement, search: &Search<'_>) -> Statement {
    match search.shops {
        Some([shop]) => statement.push("\nand shop_id = :shop_id").bind("shop_id", *shop),
        Some(shops) => statement
            .push(
                "\nand shop_id in (
                   select cast(value as bigint)
                   from {pg:json_array_elements_text(cast(cast(:shops as text) as json))|sqlite:json_each(:shops)})",
            )
            .bind("shops", as_json(shops.iter().map(|shop| shop.get()))),
        None => statement,
    }
}

/// What is not folded yet and has the longest word.
fn tail(search: &Search<'_>, before: i64) -> Statement {
    let statement = Statement::new(
        "select distinct recent.company_id, recent.id
         from (
           select search_tail.company_id, search_tail.id
           from search_tail
           where search_tail.kind = :kind",
    )
    .bind("kind", search.kind);
    segments::of_companies(statement, "search_tail", search.companies)
        .push(
            "\norder by search_tail.stamp desc
               limit :most) as recent
             where recent.id < :before
               and (
                 select {pg:strpos|sqlite:instr}(search_text.words, :word)
                 from search_text
                 where search_text.company_id = recent.company_id
                   and search_text.kind = :kind
                   and search_text.id = recent.id) > 0
             order by recent.id desc
             limit :most",
        )
        .bind("before", before)
        .bind("word", search.needle.longest())
        .bind("most", LONGEST_TAIL)
}

fn place(row: &Row) -> Result<(CompanyId, i64)> {
    Ok((row.get("company_id")?, row.get("id")?))
}

/// What the indexes of these segments say may have all groups of letters. How long the lists are is asked first: those
/// of letters that stand nearly everywhere tell little and are the longest, so they are not read at all.
fn candidates(db: &mut dyn Query, segments: &[Segment], grams: &[i64]) -> Result<Vec<(CompanyId, i64)>> {
    if segments.is_empty() {
        return Ok(Vec::new());
    }
    let mut sizes: BTreeMap<i64, Vec<(usize, i64)>> = BTreeMap::new();
    for row in &sizes_of_lists(db, segments, grams)? {
        if let Some(size) = row.get::<Option<i64>>("size")? {
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            sizes.entry(row.get("segment_id")?).or_default().push((size, row.get("gram")?));
        }
    }
    let mut wanted: Vec<[i64; 2]> = Vec::new();
    for segment in segments {
        if let Some(sizes) = sizes.remove(&segment.id).filter(|sizes| sizes.len() == grams.len()) {
            wanted.extend(worth_reading(segment, sizes).into_iter().map(|gram| [segment.id, gram]));
        }
    }
    let rows = lists(db, &wanted)?;
    let mut found: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for row in &rows {
        found.entry(row.get("segment_id")?).or_default().push(row.text("ids")?);
    }
    let mut candidates = Vec::new();
    for segment in segments {
        if let Some(lists) = found.remove(&segment.id) {
            candidates.extend(in_all(lists).into_iter().map(|id| (segment.company, id)));
        }
    }
    Ok(candidates)
}

fn sizes_of_lists(db: &mut dyn Query, segments: &[Segment], grams: &[i64]) -> Result<Vec<Row>> {
    db.all(
        sql!(
            "select cast(segment.value as bigint) as segment_id, cast(gram.value as bigint) as gram, (
               select cast(octet_length(ids) as bigint)
               from search_gram
               where segment_id = cast(segment.value as bigint) and gram = cast(gram.value as bigint)) as size
             from {pg:json_array_elements_text(cast(cast(:segments as text) as json)) as segment(value)|sqlite:json_each(:segments) as segment}
             cross join {pg:json_array_elements_text(cast(cast(:grams as text) as json)) as gram(value)|sqlite:json_each(:grams) as gram}
             limit 100000"
        ),
        params![
            segments: as_json(segments.iter().map(|segment| segment.id)),
            grams: as_json(grams.iter().copied()),
        ],
    )
}

/// The lists of these pairs of a segment and a group of letters.
fn lists(db: &mut dyn Query, wanted: &[[i64; 2]]) -> Result<Vec<Row>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    db.all(
        sql!(
            "select search_gram.segment_id, search_gram.ids
             from {pg:json_array_elements(cast(cast(:wanted as text) as json)) as wanted(value)|sqlite:json_each(:wanted) as wanted}
             cross join search_gram
             where search_gram.segment_id = cast(wanted.value ->> 0 as bigint)
               and search_gram.gram = cast(wanted.value ->> 1 as bigint)
             limit 100000"
        ),
        params![wanted: Json::from(wanted.iter().map(|pair| Json::from(pair.to_vec())).collect::<Vec<_>>()).to_string()],
    )
}

/// Which of a segment's lists leave so few texts to be looked into that reading them is worth it: the shortest, and of
/// the others those that are likely to leave out more than they cost.
fn worth_reading(segment: &Segment, mut sizes: Vec<(usize, i64)>) -> Vec<i64> {
    sizes.sort_unstable();
    sizes.dedup_by_key(|(_, gram)| *gram);
    let texts = usize::try_from(segment.texts).unwrap_or(usize::MAX).max(1);
    let span = segment.greatest.abs_diff(segment.least);
    let mut left: Option<usize> = None;
    let mut worth = Vec::new();
    for (size, gram) in sizes {
        let ids = postings::likely_length(size, span).min(texts);
        let remaining = left.map_or(ids, |left| left.saturating_mul(ids) / texts);
        let spared = left.map(|left| (left - remaining).saturating_mul(BYTES_WORTH_A_LOOK));
        if spared.is_none_or(|spared| spared > size) {
            left = Some(remaining);
            worth.push(gram);
        }
    }
    worth
}

/// The ids that stand in every list, the shortest leading.
fn in_all(mut lists: Vec<&str>) -> Vec<i64> {
    lists.sort_unstable_by_key(|list| list.len());
    let mut lists = lists.into_iter();
    let mut ids = lists.next().map(postings::read).unwrap_or_default();
    for list in lists {
        // A few texts are sooner looked into than a long list is read.
        if list.len() > BYTES_WORTH_A_LOOK * ids.len() {
            break;
        }
        postings::keep_common(&mut ids, list);
    }
    ids
}

pub(crate) fn as_json(ids: impl Iterator<Item = i64>) -> String {
    Json::from(ids.collect::<Vec<i64>>()).to_string()
}
