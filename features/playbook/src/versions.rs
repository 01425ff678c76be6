//! A company's own versions: published one after the other, never changed. The last one runs; going back
//! publishes the older text anew, so that what acted when can always be told.

use serde::{Deserialize, Serialize};
use takt_kernel::{Actor, CompanyId, Fault, FieldFault, Result, Timestamp};
use takt_orders::{OrderId, Stage, Terms, facts as orders, newest_in_work, statuses};
use takt_playbook_language::{Known, Playbook, Problem, Value};
use takt_staff::{Permit, calendar, companies};
use takt_store::{About, Query, Subject, Tx, params, sql};

use crate::{
    checked::{self, Checked},
    facts::{Published, SUBJECT},
    policy::ManagePlaybook,
    running::{self, BROUGHT_ALONG},
    words::{OPEN, vocabulary},
};

/// A page of a history that grows by a handful a year.
const SHOWN: i64 = 100;

#[derive(Clone, Debug)]
pub struct Version {
    pub number: i64,
    pub note: String,
    pub rolls_back_to: Option<i64>,
    /// Orders that were in work then stayed with the version before.
    pub orders_stayed: bool,
    pub published_by: Actor,
    pub published_at: Timestamp,
}

/// What becomes of the orders that are in work when a version is published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InFlight {
    #[default]
    Move,
    /// They stay with the version by which they go.
    Stay,
}

/// Reads a text without publishing it.
///
/// # Errors
/// What is wrong with it.
pub fn check(text: &str) -> std::result::Result<Playbook, Vec<Problem>> {
    Playbook::parse(text, vocabulary())
}

/// What is known of a company against which its text is held.
///
/// # Errors
/// Faults of the store.
pub fn known(db: &mut dyn Query, company: CompanyId) -> Result<Known> {
    let calendars = calendar::all_named(db, company)?.into_iter().map(|known| known.name).collect();
    let statuses: Vec<String> = statuses::all(db, company)?.into_iter().map(|status| status.code).collect();
    let stages: Vec<String> = Stage::ALL.iter().map(|stage| stage.code().to_owned()).collect();
    let terms: Vec<String> = Terms::CODES.iter().map(|code| (*code).to_owned()).collect();
    let words = vec![
        ("order.status", statuses),
        ("order.stage", stages.clone()),
        ("fact.stage", stages),
        ("order.terms", terms.clone()),
        ("fact.terms", terms),
    ];
    Ok(Known { calendars, words })
}

/// Reads a text without publishing it, as one of this company. Beside the playbook it answers what is doubtful.
///
/// # Errors
/// What is wrong with it, the calendars among it that the company does not have.
pub fn check_for(known: &Known, text: &str) -> std::result::Result<(Playbook, Vec<Problem>), Vec<Problem>> {
    let playbook = check(text)?;
    fits(&playbook, text, known)?;
    let mut doubtful = playbook.warnings.clone();
    doubtful.extend(playbook.unreachable(text, known));
    doubtful.extend(playbook.outliving(text, &over, &[orders::CANCELLED, orders::COMPLETED]));
    doubtful.extend(stages_left_alone(&playbook));
    Ok((playbook, doubtful))
}

/// An order that is over, as far as every such order is alike.
fn over(name: &str) -> Option<Value> {
    match name {
        "order.in_work" | "order.may_be_packed" | "order.call_waits" | "order.task_ignored" => {
            Some(Value::Bool(false))
        }
        _ => None,
    }
}

/// What only the company knows is not otherwise than the text takes it to be.
fn fits(playbook: &Playbook, text: &str, known: &Known) -> std::result::Result<(), Vec<Problem>> {
    let unknown = playbook.unknown_calendars(text, known);
    if unknown.is_empty() { Ok(()) } else { Err(unknown) }
}

/// Doubts about the whole text, with the stage as their word.
pub(crate) const OF_STAGES: [&str; 2] = ["playbook.stage_without_owner", "playbook.stage_without_deadline"];

/// Stages in which no rule could ask anybody to do anything, or none would notice that nothing happens.
fn stages_left_alone(playbook: &Playbook) -> Vec<Problem> {
    let mut problems = Vec::new();
    for stage in Stage::IN_WORK {
        let look = |name: &str| {
            let unconfirmed = stage.is_unconfirmed();
            match name {
                "order.stage" => Some(Value::Text(stage.code().to_owned())),
                "order.in_work" => Some(Value::Bool(true)),
                "order.cancelled" => Some(Value::Bool(false)),
                "order.confirmed" | "order.ready" | "order.delivered" if unconfirmed => {
                    Some(Value::Bool(false))
                }
                "order.left" => Some(Value::Bool(*stage == Stage::Delivery)),
                _ => None,
            }
        };
        let asks = |lasting: bool| {
            let mut rules = playbook.rules.iter().filter(|rule| rule.is_lasting() || !lasting);
            rules.any(|rule| rule.does(OPEN) && rule.may_act(&look))
        };
        for (lasting, code) in [false, true].into_iter().zip(OF_STAGES) {
            if !asks(lasting) {
                let word = stage.code().to_owned();
                problems.push(Problem { code, line: 1, column: 1, word, meant: None });
            }
        }
    }
    problems
}

/// The number of the version that runs; 0 is what Takt brings along.
///
/// # Errors
/// Faults of the store.
pub fn current(db: &mut dyn Query, company: CompanyId) -> Result<i64> {
    let row = db.one(
        sql!(
            "select coalesce(max(number), 0) as number
             from playbook_version
             where company_id = :company_id"
        ),
        params![company_id: company],
    )?;
    row.get("number")
}

/// The number of the version by which an order went at a moment.
///
/// # Errors
/// Faults of the store.
pub fn at(db: &mut dyn Query, company: CompanyId, order: OrderId, moment: Timestamp) -> Result<i64> {
    let row = db.one(
        sql!(
            "select coalesce(max(number), 0) as number
             from playbook_version
             where company_id = :company_id and published_at <= :moment and (stay_up_to is null or stay_up_to < :order)"
        ),
        params![company_id: company, moment: moment, order: order],
    )?;
    row.get("number")
}

/// The text of a version.
///
/// # Errors
/// `playbook.version_missing`.
pub fn text(db: &mut dyn Query, company: CompanyId, number: i64) -> Result<String> {
    if number == BROUGHT_ALONG {
        return Ok(running::brought_along(companies::get(db, company)?.lang).to_owned());
    }
    let row = db.opt(
        sql!("select document from playbook_version where company_id = :company_id and number = :number"),
        params![company_id: company, number: number],
    )?;
    row.ok_or_else(|| Fault::missing("playbook.version_missing").arg("number", number))?.get("document")
}

/// The latest versions, newest first.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Version>> {
    let rows = db.all(
        sql!(
            "select number, note, rolls_back_to, stay_up_to, published_by, published_at
             from playbook_version
             where company_id = :company_id
             order by number desc
             limit :shown"
        ),
        params![company_id: company, shown: SHOWN],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Version {
                number: row.get("number")?,
                note: row.get("note")?,
                rolls_back_to: row.get("rolls_back_to")?,
                orders_stayed: row.get::<Option<i64>>("stay_up_to")?.is_some(),
                published_by: row.json("published_by")?,
                published_at: row.get("published_at")?,
            })
        })
        .collect()
}

/// Makes a text the one by which the company works. `instead_of` is the version that its writer saw.
///
/// # Errors
/// `input.fields` with each calendar that there is not, `playbook.changed_meanwhile`, `playbook.nothing_changed`,
/// `playbook.note_too_long`.
pub fn publish(
    tx: &mut Tx,
    permit: &Permit<ManagePlaybook>,
    text: &Checked,
    note: &str,
    instead_of: i64,
    orders: InFlight,
) -> Result<i64> {
    keep(tx, permit, text, note, instead_of, (orders, None))
}

/// Works by an older version again, whose text was read anew: it has to be right by what is known today.
///
/// # Errors
/// As [`publish`], and `playbook.version_missing`.
pub fn roll_back(
    tx: &mut Tx,
    permit: &Permit<ManagePlaybook>,
    (to, older): (i64, &Checked),
    instead_of: i64,
    orders: InFlight,
) -> Result<i64> {
    older.is_of(&text(tx, permit.company(), to)?)?;
    keep(tx, permit, older, "", instead_of, (orders, Some(to)))
}

fn keep(
    tx: &mut Tx,
    permit: &Permit<ManagePlaybook>,
    given: &Checked,
    note: &str,
    instead_of: i64,
    (orders, rolls_back_to): (InFlight, Option<i64>),
) -> Result<i64> {
    let company = permit.company();
    let known = known(tx, company)?;
    fits(&given.playbook, &given.text, &known)
        .map_err(|problems| Fault::from_fields(as_fields(&problems)))?;
    let note = checked::note(note)?;
    let now_running = current(tx, company)?;
    if now_running != instead_of {
        return Err(Fault::conflict("playbook.changed_meanwhile").arg("number", now_running));
    }
    if text(tx, company, now_running)? == given.text {
        return Err(Fault::invalid("playbook.nothing_changed").arg("number", now_running));
    }
    let (number, now) = (now_running + 1, tx.now());
    let stay_up_to = match orders {
        InFlight::Move => None,
        InFlight::Stay => newest_in_work(tx, company)?.map(OrderId::get),
    };
    let published_by = serde_json::to_string(permit.actor())
        .map_err(|error| Fault::broken("playbook.actor_unwritable").because(error))?;
    let written = tx.execute(
        sql!(
            "insert into playbook_version (company_id, number, document, fingerprint, note, rolls_back_to, stay_up_to,
               published_by, published_at)
             values (:company_id, :number, :document, :fingerprint, :note, :rolls_back_to, :stay_up_to,
               :published_by, :published_at)
             on conflict (company_id, number) do nothing"
        ),
        params![
            company_id: company, number: number, document: &given.text, fingerprint: &given.fingerprint, note: note,
            rolls_back_to: rolls_back_to, stay_up_to: stay_up_to, published_by: published_by, published_at: now,
        ],
    )?;
    if written == 0 {
        return Err(Fault::conflict("playbook.changed_meanwhile").arg("number", number));
    }
    let about = About::new(company, Subject::new(SUBJECT, company.get()), permit.actor());
    let (fingerprint, rules) = (given.fingerprint.clone(), given.playbook.rules.len());
    tx.say(about, &Published { number, fingerprint, rules, rolls_back_to, stay_up_to })?;
    Ok(number)
}

/// Each problem as the fault of a field, at its place in the text.
pub fn as_fields(problems: &[Problem]) -> Vec<FieldFault> {
    problems
        .iter()
        .map(|problem| FieldFault {
            path: format!("text:{}:{}", problem.line, problem.column),
            code: problem.code.into(),
            args: vec![
                ("word".into(), problem.word.clone()),
                ("meant".into(), problem.meant.clone().unwrap_or_else(|| "none".to_owned())),
            ],
        })
        .collect()
}
