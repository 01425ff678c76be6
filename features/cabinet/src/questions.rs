//! Questions: a comment that mentions somebody opens a task for them, with the company's time to answer; it is
//! answered when they comment on the order themselves.

use serde_json::json;
use takt_kernel::{Actor, CompanyId, PersonId, Result, Timestamp};
use takt_orders::{
    CommentId, OrderId,
    facts::{self as orders, Commented},
};
use takt_staff::{Calendar, Role, RoleSet, access};
use takt_store::{About, Query, RecordedFact, Row, Subject, Tx, params, sql};
use takt_tasks::NewTask;
use takt_work::Listener;

use crate::facts::Answered;

const NAME: &str = "cabinet.questions";
/// The kind of the task; its name stands in the texts.
const ANSWER: &str = "answer";
const ANSWERED: &str = "answered";
/// Of one order.
const MOST: i64 = 50;
/// How quickly somebody answers is told by their last answers.
const LAST_ANSWERS: i64 = 50;

pub(crate) const LISTENER: Listener = Listener {
    name: NAME,
    hears: &[orders::COMMENTED],
    does: "opens a task for whom a comment asks, and closes it when they answer",
    react: commented,
};

/// Somebody was asked by a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub comment: CommentId,
    pub person: PersonId,
    pub asked_by: Option<PersonId>,
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
    pub answered_at: Option<Timestamp>,
}

fn commented(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let said: Commented = fact.read()?;
    let order = OrderId::new(fact.subject_id);
    if let Some(person) = fact.actor.person() {
        answer(tx, fact, order, person)?;
    }
    for person in said.mentions.iter().filter(|person| Some(**person) != fact.actor.person()) {
        ask(tx, fact, order, said.comment, *person)?;
    }
    Ok(())
}

fn ask(tx: &mut Tx, fact: &RecordedFact, order: OrderId, comment: CommentId, person: PersonId) -> Result<()> {
    let company = fact.company;
    let minutes = takt_tasks::answer_minutes(tx, company)?;
    let due_at = Calendar::of(tx, company)?.add_working_seconds(fact.at, minutes.saturating_mul(60));
    let asked = tx.execute(
        sql!(
            "insert into cabinet_question (company_id, comment_id, person_id, order_id, asked_by, asked_at, due_at,
               answered_at)
             values (:company_id, :comment_id, :person_id, :order_id, :asked_by, :asked_at, :due_at, null)
             on conflict (company_id, comment_id, person_id) do nothing"
        ),
        params![
            company_id: company, comment_id: comment, person_id: person, order_id: order,
            asked_by: fact.actor.person(), asked_at: fact.at, due_at: due_at,
        ],
    )?;
    if asked == 0 {
        return Ok(());
    }
    let task = NewTask {
        company,
        kind: ANSWER,
        role: role_of(access::roles_in(tx, company, person)?),
        order: Some(order),
        due_at,
        key: Some(key(comment, person)),
        args: json!({ "comment": comment, "person": person }),
    };
    takt_tasks::open_for(tx, task, person, &Actor::system(NAME)).map(|_| ())
}

/// Who is asked next when it is not answered stands above this role.
fn role_of(roles: RoleSet) -> Role {
    const ORDER: [Role; 5] =
        [Role::Manager, Role::Operator, Role::Warehouse, Role::Accountant, Role::Auditor];
    ORDER.into_iter().find(|role| roles.contains(*role)).unwrap_or(Role::Owner)
}

fn key(comment: CommentId, person: PersonId) -> String {
    format!("cabinet.answer.{comment}.{person}")
}

/// Whatever was asked of this person about this order is answered by their words, however often it was.
fn answer(tx: &mut Tx, fact: &RecordedFact, order: OrderId, person: PersonId) -> Result<()> {
    let (company, actor) = (fact.company, Actor::Person { person });
    loop {
        let open = unanswered(tx, fact, order, person)?;
        for question in &open {
            tx.put(
                sql!(
                    "update cabinet_question
                     set answered_at = :at
                     where company_id = :company_id and comment_id = :comment_id and person_id = :person_id"
                ),
                params![at: fact.at, company_id: company, comment_id: question.comment, person_id: person],
            )?;
            takt_tasks::close_keyed(tx, company, &key(question.comment, person), ANSWERED, &actor)?;
            let seconds = fact.at.seconds_since(question.asked_at);
            let about = About::new(company, Subject::new(orders::SUBJECT, order.get()), &actor);
            tx.say(about, &Answered { comment: question.comment, person, seconds })?;
        }
        if i64::try_from(open.len()).is_ok_and(|count| count < MOST) {
            return Ok(());
        }
    }
}

/// Some of what was asked of them before they said this.
fn unanswered(
    db: &mut dyn Query,
    fact: &RecordedFact,
    order: OrderId,
    person: PersonId,
) -> Result<Vec<Question>> {
    let rows = db.all(
        sql!(
            "select comment_id, person_id, asked_by, asked_at, due_at, answered_at
             from cabinet_question
             where company_id = :company_id and order_id = :order_id and person_id = :person_id
               and answered_at is null and asked_at < :before
             order by asked_at, comment_id, person_id
             limit :most"
        ),
        params![
            company_id: fact.company, order_id: order, person_id: person, before: fact.at, most: MOST,
        ],
    )?;
    rows.iter().map(read).collect()
}

/// What was asked about an order last, the earliest of it first.
///
/// # Errors
/// Faults of the store.
pub fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<Question>> {
    let mut rows = db.all(
        sql!(
            "select comment_id, person_id, asked_by, asked_at, due_at, answered_at
             from cabinet_question
             where company_id = :company_id and order_id = :order_id
             order by asked_at desc, comment_id desc, person_id desc
             limit :most"
        ),
        params![company_id: company, order_id: order, most: MOST],
    )?;
    rows.reverse();
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Question> {
    Ok(Question {
        comment: row.get("comment_id")?,
        person: row.get("person_id")?,
        asked_by: row.get("asked_by")?,
        asked_at: row.get("asked_at")?,
        due_at: row.get("due_at")?,
        answered_at: row.get("answered_at")?,
    })
}

/// How long somebody usually takes to answer, by their last answers; none when they were never asked. Seconds.
///
/// # Errors
/// Faults of the store.
pub fn usual_answer(db: &mut dyn Query, company: CompanyId, person: PersonId) -> Result<Option<i64>> {
    let rows = db.all(
        sql!(
            "select asked_at, answered_at
             from cabinet_question
             where company_id = :company_id and person_id = :person_id and answered_at is not null
             order by answered_at desc
             limit :most"
        ),
        params![company_id: company, person_id: person, most: LAST_ANSWERS],
    )?;
    let mut took = rows
        .iter()
        .map(|row| Ok(row.get::<Timestamp>("answered_at")?.seconds_since(row.get("asked_at")?)))
        .collect::<Result<Vec<i64>>>()?;
    took.sort_unstable();
    Ok(took.get(took.len().saturating_sub(1) / 2).copied())
}
