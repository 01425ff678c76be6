//! Questions to the log of facts.

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::{CompanyId, Fault, Result};

use crate::{
    Query, Question, Row, Sql, Statement,
    change::Change,
    fact::{Body, RecordedFact},
    params, sql,
};

/// So many kinds of facts one reader waits for.
pub const MOST_KINDS: usize = 96;

const VALUES_AT_ONCE: usize = 500;
const KINDS_APART: usize = 16;

/// The columns of a fact, in every statement that reads one.
macro_rules! fact_columns {
    () => {
        "fact_position.position, fact.id, fact.company_id, fact.subject_kind, fact.subject_id, fact.n, fact.kind, \
         fact.version, fact.at, fact.actor, fact.token_id, fact.cause, fact.source, fact.body, fact.changes"
    };
}

/// The facts of one subject in order, after number `after_n`. Personal values are put back in;
/// those that were erased read as absent.
///
/// # Errors
/// Faults of the store.
pub fn of_subject(
    db: &mut dyn Query,
    company: CompanyId,
    subject_kind: &str,
    subject_id: i64,
    after_n: i64,
    limit: i64,
) -> Result<Vec<RecordedFact>> {
    let rows = db.all(
        sql!(concat!(
            "select ",
            fact_columns!(),
            " from fact
             left join fact_position on fact_position.fact_id = fact.id
             where fact.company_id = :company_id
               and fact.subject_kind = :subject_kind
               and fact.subject_id = :subject_id
               and fact.n > :after_n
             order by fact.n
             limit :limit"
        )),
        params![company_id: company, subject_kind: subject_kind, subject_id: subject_id, after_n: after_n, limit: limit],
    )?;
    let mut facts = rows.iter().map(fact).collect::<Result<Vec<_>>>()?;
    restore_personal_values(db, &mut facts)?;
    Ok(facts)
}

/// The last fact of each of these kinds about one subject, in their order: for whoever asks what happened last, and
/// not all that ever did. Personal values are left out.
///
/// # Errors
/// Faults of the store.
pub fn last_of_kinds(
    db: &mut dyn Query,
    company: CompanyId,
    subject_kind: &str,
    subject_id: i64,
    kinds: &[&str],
) -> Result<Vec<RecordedFact>> {
    let rows = db.all(
        sql!(concat!(
            "select ",
            fact_columns!(),
            " from fact
             left join fact_position on fact_position.fact_id = fact.id
             where fact.company_id = :company_id
               and fact.subject_kind = :subject_kind
               and fact.subject_id = :subject_id
               and fact.n in (
                 select max(told.n)
                 from fact told
                 where told.company_id = :company_id
                   and told.subject_kind = :subject_kind
                   and told.subject_id = :subject_id
                   and {pg:strpos|sqlite:instr}(:kinds, ',' || told.kind || ',') > 0
                 group by told.kind)
             order by fact.n
             limit 100"
        )),
        params![
            company_id: company, subject_kind: subject_kind, subject_id: subject_id,
            kinds: format!(",{},", kinds.join(",")),
        ],
    )?;
    let mut facts = rows.iter().map(fact).collect::<Result<Vec<_>>>()?;
    for change in facts.iter_mut().flat_map(|fact| &mut fact.changes).filter(|change| change.personal) {
        (change.old, change.new) = (None, None);
    }
    Ok(facts)
}

/// The facts of several subjects of one kind, each in order. Personal values stay the ids they are in the log.
///
/// # Errors
/// Faults of the store.
pub fn of_many(
    db: &mut dyn Query,
    company: CompanyId,
    subject_kind: &str,
    subjects: &[i64],
    limit: i64,
) -> Result<Vec<RecordedFact>> {
    let rows = db.all(
        sql!(concat!(
            "select ",
            fact_columns!(),
            " from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join fact
             left join fact_position on fact_position.fact_id = fact.id
             where fact.company_id = :company_id
               and fact.subject_kind = :subject_kind
               and fact.subject_id = cast(asked.value as bigint)
             order by fact.subject_id, fact.n
             limit :limit"
        )),
        params![
            ids: serde_json::Value::from(subjects).to_string(), company_id: company,
            subject_kind: subject_kind, limit: limit,
        ],
    )?;
    rows.iter().map(fact).collect()
}

/// The number of the last fact of a subject; 0 before the first.
///
/// # Errors
/// Faults of the store.
pub fn last_of_subject(
    db: &mut dyn Query,
    company: CompanyId,
    subject_kind: &str,
    subject_id: i64,
) -> Result<i64> {
    let row = db.opt(
        sql!(
            "select n
             from subject_head
             where company_id = :company_id and subject_kind = :subject_kind and subject_id = :subject_id"
        ),
        params![company_id: company, subject_kind: subject_kind, subject_id: subject_id],
    )?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// All facts after a position, in the order in which everybody hears them.
///
/// # Errors
/// Faults of the store.
pub fn after(db: &mut dyn Query, position: i64, limit: i64) -> Result<Vec<RecordedFact>> {
    let rows = db.all(
        sql!(concat!(
            "select ",
            fact_columns!(),
            " from fact_position
             join fact on fact.id = fact_position.fact_id
             where fact_position.position > :position
             order by fact_position.position
             limit :limit"
        )),
        params![position: position, limit: limit],
    )?;
    rows.iter().map(fact).collect()
}

/// Asks for the facts about one kind of subject of a company after one position and up to another, in the order in
/// which everybody hears them. `narrowed` adds conditions over `fact_position` and `fact` to the question. The answer
/// is read with [`read_of_subjects`].
pub fn of_subjects(
    company: CompanyId,
    subject_kind: &str,
    (after, until): (i64, i64),
    limit: i64,
    narrowed: impl FnOnce(Statement) -> Statement,
) -> Question {
    let statement = Statement::new(concat!(
        "select ",
        fact_columns!(),
        " from fact_position
         join fact on fact.id = fact_position.fact_id
         where fact_position.company_id = :company_id
           and fact_position.subject_kind = :subject_kind
           and fact_position.position > :after
           and fact_position.position <= :until"
    ))
    .bind("company_id", company)
    .bind("subject_kind", subject_kind)
    .bind("after", after)
    .bind("until", until);
    narrowed(statement).push("\norder by fact_position.position\nlimit :limit").bind("limit", limit).into()
}

/// Those up to a position, with personal values put back in.
///
/// # Errors
/// Faults of the store, and when a row makes no sense.
pub fn read_of_subjects(db: &mut dyn Query, rows: &[Row], until: i64) -> Result<Vec<RecordedFact>> {
    let mut facts = rows.iter().map(fact).collect::<Result<Vec<_>>>()?;
    facts.retain(|fact| fact.position <= until);
    restore_personal_values(db, &mut facts)?;
    Ok(facts)
}

/// The last position whose fact was said before a moment. Positions follow the clock but for the moments between
/// saying and becoming visible, so the answer may be some facts early, never late: `margin` seconds are taken off.
///
/// # Errors
/// Faults of the store.
pub fn position_before(db: &mut dyn Query, at: takt_kernel::Timestamp, margin: i64) -> Result<i64> {
    let wanted = at.plus_seconds(-margin);
    let (mut low, mut high) = (0, newest(db)?);
    while low < high {
        let middle = low + (high - low + 1) / 2;
        let row = db.opt(
            sql!(
                "select fact_position.position, fact.at
                 from fact_position
                 join fact on fact.id = fact_position.fact_id
                 where fact_position.position >= :middle
                 order by fact_position.position
                 limit 1"
            ),
            params![middle: middle],
        )?;
        match row {
            Some(row) if row.get::<takt_kernel::Timestamp>("at")? < wanted => low = row.get("position")?,
            _ => high = middle - 1,
        }
    }
    Ok(low)
}

/// Asks for what listeners must hear: facts of these kinds after a position, in one lane or in all. Facts are read
/// with [`read_all`].
///
/// # Errors
/// `store.too_many_kinds`.
pub fn to_hear(kinds: &BTreeSet<&str>, lane: Option<i64>, after: i64, limit: i64) -> Result<Question> {
    const NAMES: [&str; MOST_KINDS] = [
        "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9", "k10", "k11", "k12", "k13", "k14", "k15",
        "k16", "k17", "k18", "k19", "k20", "k21", "k22", "k23", "k24", "k25", "k26", "k27", "k28", "k29",
        "k30", "k31", "k32", "k33", "k34", "k35", "k36", "k37", "k38", "k39", "k40", "k41", "k42", "k43",
        "k44", "k45", "k46", "k47", "k48", "k49", "k50", "k51", "k52", "k53", "k54", "k55", "k56", "k57",
        "k58", "k59", "k60", "k61", "k62", "k63", "k64", "k65", "k66", "k67", "k68", "k69", "k70", "k71",
        "k72", "k73", "k74", "k75", "k76", "k77", "k78", "k79", "k80", "k81", "k82", "k83", "k84", "k85",
        "k86", "k87", "k88", "k89", "k90", "k91", "k92", "k93", "k94", "k95",
    ];
    if kinds.len() > NAMES.len() {
        return Err(Fault::broken("store.too_many_kinds").arg("kinds", kinds.len()));
    }
    // Of few lengths, since each is a statement to be prepared.
    let last = kinds.last().copied();
    let kinds = kinds.iter().copied().chain(std::iter::repeat_n(last, KINDS_APART - 1).flatten());
    let length = (kinds.clone().count() / KINDS_APART) * KINDS_APART;
    let statement = Statement::new(concat!(
        "select ",
        fact_columns!(),
        " from fact_position
         join fact on fact.id = fact_position.fact_id
         where fact_position.position > :after
           and fact_position.kind in ("
    ))
    .push_list(&NAMES, kinds.take(length))
    .push(")")
    .and_if(lane, "\nand fact_position.lane = :lane", "lane")
    .push("\norder by fact_position.position\nlimit :limit")
    .bind("after", after)
    .bind("limit", limit);
    Ok(statement.into())
}

/// # Errors
/// When a row makes no sense.
pub fn read_all(rows: &[Row]) -> Result<Vec<RecordedFact>> {
    rows.iter().map(fact).collect()
}

/// The newest position that is visible.
///
/// # Errors
/// Faults of the store.
pub fn newest(db: &mut dyn Query) -> Result<i64> {
    db.one(newest_question(), params![])?.get("position")
}

/// Asks for what [`read_newest`] reads.
pub fn newest_asked() -> Question {
    Question::new(newest_question(), params![])
}

/// # Errors
/// When there is no answer.
pub fn read_newest(rows: &[Row]) -> Result<i64> {
    rows.first().ok_or_else(|| Fault::missing("store.row_missing"))?.get("position")
}

fn newest_question() -> &'static Sql {
    sql!("select coalesce(max(position), 0) as position from fact_position")
}

/// Up to which position the log goes, when at most `window` facts after `after` are looked at: the end of
/// one page of a reader who is not concerned by most of them.
///
/// # Errors
/// Faults of the store.
pub fn window_end(db: &mut dyn Query, after: i64, window: i64) -> Result<i64> {
    let row = db.one(
        sql!(
            "select coalesce(max(seen.position), :after) as position
             from (
               select position
               from fact_position
               where position > :after
               order by position
               limit :window
             ) as seen"
        ),
        params![after: after, window: window],
    )?;
    row.get("position")
}

/// As [`window_end`], but at most so many facts of one company are looked at, however much others say.
///
/// # Errors
/// Faults of the store.
pub fn window_end_of(db: &mut dyn Query, company: CompanyId, after: i64, window: i64) -> Result<Option<i64>> {
    let row = db.opt(
        sql!(
            "select position
             from fact_position
             where company_id = :company_id and position > :after
             order by position
             limit 1
             offset :window"
        ),
        params![company_id: company, after: after, window: window],
    )?;
    row.map(|row| row.get("position")).transpose()
}

/// A company's facts of these kinds (`,a,b,`) between two positions, in the order in which everybody
/// hears them.
///
/// # Errors
/// Faults of the store.
pub fn of_company(
    db: &mut dyn Query,
    company: CompanyId,
    kinds: &str,
    after: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<RecordedFact>> {
    let rows = db.all(
        sql!(concat!(
            "select ",
            fact_columns!(),
            " from fact_position
             join fact on fact.id = fact_position.fact_id
             where fact_position.position > :after and fact_position.position <= :until
               and fact_position.company_id = :company_id
               and {pg:strpos|sqlite:instr}(:kinds, ',' || fact_position.kind || ',') > 0
             order by fact_position.position
             limit :limit"
        )),
        params![after: after, until: until, company_id: company, kinds: kinds, limit: limit],
    )?;
    rows.iter().map(fact).collect()
}

fn fact(row: &Row) -> Result<RecordedFact> {
    let changes = match row.get::<Option<String>>("changes")? {
        Some(_) => row.json::<Vec<Change>>("changes")?,
        None => Vec::new(),
    };
    let row = row.in_turn();
    Ok(RecordedFact {
        position: row.get::<Option<i64>>("position")?.unwrap_or(i64::MAX),
        id: row.get("id")?,
        company: row.get("company_id")?,
        subject_kind: row.get("subject_kind")?,
        subject_id: row.get("subject_id")?,
        n: row.get("n")?,
        kind: row.get("kind")?,
        version: row.get("version")?,
        at: row.get("at")?,
        actor: row.json("actor")?,
        token: row.get("token_id")?,
        cause: row.get("cause")?,
        source: row.get("source")?,
        body: Body::of(row.get("body")?),
        changes,
    })
}

fn restore_personal_values(db: &mut dyn Query, facts: &mut [RecordedFact]) -> Result<()> {
    let Some(company) = facts.first().map(|fact| fact.company) else { return Ok(()) };
    let personal = |fact: &RecordedFact| {
        let changes = fact.changes.iter().filter(|change| change.personal);
        let ids = changes.flat_map(|change| [&change.old, &change.new]).flatten();
        ids.filter_map(|id| id.parse::<i64>().ok()).collect::<Vec<_>>()
    };
    let wanted: Vec<i64> = facts.iter().flat_map(personal).collect();
    let mut kept: BTreeMap<String, String> = BTreeMap::new();
    for chunk in wanted.chunks(VALUES_AT_ONCE) {
        let rows = db.all(
            sql!(
                "select id, value
                 from personal_value
                 where company_id = :company_id and id in (
                   select cast(value as bigint)
                   from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
                 order by id
                 limit 500"
            ),
            params![company_id: company, ids: serde_json::Value::from(chunk).to_string()],
        )?;
        for row in &rows {
            kept.insert(row.get::<i64>("id")?.to_string(), row.get("value")?);
        }
    }
    for change in facts.iter_mut().flat_map(|fact| &mut fact.changes).filter(|change| change.personal) {
        for value in [&mut change.old, &mut change.new] {
            *value = value.take().and_then(|id| kept.get(&id).cloned());
        }
    }
    Ok(())
}
