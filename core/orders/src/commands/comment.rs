use takt_kernel::{Actor, CompanyId, Fault, PersonId, Result, fold};
use takt_staff::{Permit, access};
use takt_store::{Query, Tx, params, sql};

use super::settle::{save, say};
use crate::{
    facts::Commented,
    new_order::{FieldFaults, check_comment},
    order::{CommentId, Order, OrderId},
    permissions::CommentOrders,
    rows,
};

/// Of the name by which a request is known that is sent twice.
pub(super) const LONGEST_KEY: usize = 64;
/// More people than this are not asked at once.
const MOST_MENTIONED: usize = 10;

/// Adds a remark of our own people. The words may be personal, so the fact holds only their id. Who is named in
/// them by `@name` is mentioned.
///
/// # Errors
/// `input.fields` for an empty or too long text.
pub fn comment(tx: &mut Tx, permit: &Permit<CommentOrders>, id: OrderId, text: &str) -> Result<CommentId> {
    comment_as(tx, permit, id, text, &[], None)
}

/// As [`comment`]; the same key again answers with the remark that it made.
///
/// # Errors
/// As [`comment`], and `input.fields` for a key that is too long.
pub fn comment_once(
    tx: &mut Tx,
    permit: &Permit<CommentOrders>,
    id: OrderId,
    text: &str,
    key: Option<&str>,
) -> Result<CommentId> {
    comment_as(tx, permit, id, text, &[], key)
}

/// As [`comment`], to people who were picked; they are kept by their ids, however they are called later.
///
/// # Errors
/// As [`comment`]; field fault `orders.mention_unknown` for somebody who may not see the order.
pub fn comment_to(
    tx: &mut Tx,
    permit: &Permit<CommentOrders>,
    id: OrderId,
    text: &str,
    to: &[PersonId],
) -> Result<CommentId> {
    comment_as(tx, permit, id, text, to, None)
}

fn comment_as(
    tx: &mut Tx,
    permit: &Permit<CommentOrders>,
    id: OrderId,
    text: &str,
    to: &[PersonId],
    key: Option<&str>,
) -> Result<CommentId> {
    let before = rows::lock(tx, permit.company(), id)?;
    permit.reaches_shop(before.shop)?;
    if let Some(known) = known_by(tx, before.company, id, key)? {
        return Ok(known);
    }
    for person in to {
        if access::roles_in(tx, before.company, *person)?.is_empty() {
            return Err(Fault::field("to", "orders.mention_unknown"));
        }
    }
    let mentions = mentioned(tx, before.company, text, to)?;
    Ok(remark(tx, &before, permit.actor(), (text, key), mentions)?.1)
}

/// Writes a remark on an order that is locked; answers the order with it.
pub(super) fn remark(
    tx: &mut Tx,
    before: &Order,
    actor: &Actor,
    (text, key): (&str, Option<&str>),
    mentions: Vec<PersonId>,
) -> Result<(Order, CommentId)> {
    let text = text.trim();
    let mut faults = FieldFaults::default();
    if text.is_empty() {
        faults.push("comment", "orders.empty");
    }
    check_comment(text, &mut faults);
    faults.longest("key", key, LONGEST_KEY);
    faults.into_result(Some(()))?;
    let comment: CommentId = tx.new_id();
    let at = tx.now();
    let written = serde_json::to_string(actor)
        .map_err(|error| Fault::broken("orders.actor_unwritable").because(error))?;
    tx.put(
        sql!(
            "insert into order_comment (company_id, order_id, id, words, actor, at, request_key)
             values (:company_id, :order_id, :id, :words, :actor, :at, :request_key)"
        ),
        params![
            company_id: before.company, order_id: before.id, id: comment, words: text, actor: written, at: at,
            request_key: key,
        ],
    )?;
    let mut after = before.clone();
    after.last_comment = Some(text.to_owned());
    save(tx, before, &mut after)?;
    say(tx, &after, actor, &Commented { comment, mentions }, Vec::new())?;
    Ok((after, comment))
}

/// Those who were picked, and those whom the text names.
fn mentioned(tx: &mut Tx, company: CompanyId, text: &str, to: &[PersonId]) -> Result<Vec<PersonId>> {
    let mut found = to.to_vec();
    if text.contains('@') {
        let people = access::reaching(tx, company)?;
        let known: Vec<(PersonId, &str)> =
            people.iter().map(|person| (person.person, person.name.as_str())).collect();
        found.extend(named(text, &known));
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(MOST_MENTIONED);
    Ok(found)
}

/// Whom `@name` means: the whole name, or its first word where only one person has it. An address is no mention.
fn named(text: &str, people: &[(PersonId, &str)]) -> Vec<PersonId> {
    let text = fold(text);
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        if before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or_default();
        let is_named = |name: &str| {
            let after = rest.strip_prefix(name);
            !name.is_empty() && after.is_some_and(|after| !after.starts_with(char::is_alphanumeric))
        };
        let whole: Vec<PersonId> =
            people.iter().filter(|(_, name)| is_named(&fold(name))).map(|(person, _)| *person).collect();
        let first_name = |name: &str| fold(name.split_whitespace().next().unwrap_or_default());
        let first: Vec<PersonId> = people
            .iter()
            .filter(|(_, name)| is_named(&first_name(name)))
            .map(|(person, _)| *person)
            .collect();
        match (whole.as_slice(), first.as_slice()) {
            ([only], _) | ([], [only]) => found.push(*only),
            _ => {}
        }
    }
    found
}

fn known_by(
    db: &mut dyn Query,
    company: CompanyId,
    order: OrderId,
    key: Option<&str>,
) -> Result<Option<CommentId>> {
    let Some(key) = key else { return Ok(None) };
    db.opt(
        sql!(
            "select id
             from order_comment
             where company_id = :company_id and order_id = :order_id and request_key = :request_key"
        ),
        params![company_id: company, order_id: order, request_key: key],
    )?
    .map(|row| row.get("id"))
    .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_named_by_their_whole_name_or_by_a_first_one_that_only_one_has() {
        let people: Vec<(PersonId, &str)> =
            [(1, "Анна Петрова"), (2, "Иван Ильин"), (3, "Иван Орлов"), (4, "Bo")]
                .map(|(id, name)| (PersonId::new(id), name))
                .into();
        for (text, expected) in [
            ("@Анна, посмотрите", &[1][..]),
            ("спросим @анна петрова?", &[1]),
            ("@Иван", &[]),
            ("@Иван Орлов и @bo", &[3, 4]),
            ("@Аннабель", &[]),
            ("почта anna@bo.example", &[]),
            ("без собаки Анна", &[]),
        ] {
            let found: Vec<i64> = named(text, &people).into_iter().map(PersonId::get).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
