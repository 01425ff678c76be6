//! What a new company starts with: the statuses that Russian order desks already know.

use takt_kernel::{CompanyId, Result};
use takt_staff::Role;
use takt_store::{Tx, params, sql};

use crate::stage::Stage;

/// (code, stage, Russian, English, tone)
const STATUSES: &[(&str, Stage, &str, &str, &str)] = &[
    ("new", Stage::New, "Новый", "New", "info"),
    ("to_confirm", Stage::Approval, "На подтверждении", "To be confirmed", "info"),
    ("no_answer", Stage::Approval, "Не дозвонились", "No answer", "warn"),
    ("checking_stock", Stage::Approval, "Уточняем наличие", "Checking availability", "warn"),
    ("to_pack", Stage::Assembling, "Передан на сборку", "To be packed", "info"),
    ("waiting_for_goods", Stage::Assembling, "Ждём товар", "Waiting for goods", "warn"),
    ("packed", Stage::Assembling, "Собран", "Packed", "good"),
    ("on_the_way", Stage::Delivery, "В пути", "On the way", "info"),
    ("at_pickup_point", Stage::Delivery, "В пункте выдачи", "At the pick-up point", "info"),
    ("complete", Stage::Complete, "Выполнен", "Complete", "good"),
    ("cancelled", Stage::Cancel, "Отменён", "Cancelled", "neutral"),
    ("refused", Stage::Cancel, "Отказ покупателя", "Refused by the buyer", "bad"),
    ("duplicate", Stage::Cancel, "Дубль", "Duplicate", "neutral"),
];

const DESK: &[Role] = &[Role::Owner, Role::Manager, Role::Operator];
const WAREHOUSE: &[Role] = &[Role::Warehouse];

/// (from, to, who): within a stage any way, forward by one stage, back while nothing has left.
const MOVES: &[(&[&str], &[&str], &[Role])] = &[
    (&["new"], &["to_confirm", "no_answer", "checking_stock"], DESK),
    (
        &["to_confirm", "no_answer", "checking_stock"],
        &["to_confirm", "no_answer", "checking_stock", "to_pack"],
        DESK,
    ),
    (&["to_pack", "waiting_for_goods", "packed"], &["to_pack", "waiting_for_goods", "packed"], DESK),
    (&["to_pack", "waiting_for_goods", "packed"], &["to_pack", "waiting_for_goods", "packed"], WAREHOUSE),
    (&["to_pack", "waiting_for_goods"], &["to_confirm", "checking_stock"], DESK),
    (&["on_the_way", "at_pickup_point"], &["on_the_way", "at_pickup_point", "complete"], DESK),
    (
        &["new", "to_confirm", "no_answer", "checking_stock", "to_pack", "waiting_for_goods", "packed"],
        &["cancelled", "refused", "duplicate"],
        DESK,
    ),
];

/// Writes the statuses and moves a company starts with; those it has stay as they are.
///
/// # Errors
/// Faults of the store.
pub fn ensure_defaults(tx: &mut Tx, company: CompanyId) -> Result<()> {
    for (place, (code, stage, name_ru, name_en, tone)) in (1_i64..).zip(STATUSES) {
        tx.put(
            sql!(
                "insert into order_status (company_id, code, stage, name_ru, name_en, tone, place, archived)
                 values (:company_id, :code, :stage, :name_ru, :name_en, :tone, :place, :archived)
                 on conflict (company_id, code) do nothing"
            ),
            params![
                company_id: company, code: *code, stage: stage.code(), name_ru: *name_ru, name_en: *name_en,
                tone: *tone, place: place * 10, archived: false,
            ],
        )?;
    }
    for (from, to, role) in MOVES.iter().flat_map(|(from, to, roles)| every(from, to, roles)) {
        put_move(tx, company, from, to, role)?;
    }
    Ok(())
}

fn every<'m>(
    from: &'m [&'m str],
    to: &'m [&'m str],
    roles: &'m [Role],
) -> impl Iterator<Item = (&'m str, &'m str, Role)> {
    from.iter().flat_map(move |from| {
        to.iter()
            .filter(move |to| *to != from)
            .flat_map(move |to| roles.iter().map(move |role| (*from, *to, *role)))
    })
}

pub(super) fn put_move(tx: &mut Tx, company: CompanyId, from: &str, to: &str, role: Role) -> Result<()> {
    tx.put(
        sql!(
            "insert into order_status_move (company_id, from_code, to_code, role)
             values (:company_id, :from_code, :to_code, :role)
             on conflict (company_id, from_code, to_code, role) do nothing"
        ),
        params![company_id: company, from_code: from, to_code: to, role: role.code()],
    )
}
