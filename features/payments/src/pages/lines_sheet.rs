//! Lines of bank accounts as a file: those of the state that the list shows.

use axum::extract::State;
use jiff::civil::Date;
use takt_payments_port::Party;
use takt_sheets::{Cell, Column, Form, List};
use takt_staff::Caller;
use takt_ui::Words;
use takt_web::{Answer, Query, Web};

use super::{lines::Asked, words};
use crate::{
    import::LineState,
    queries::{self, Listed},
    rights::SeeMoney,
};

pub(super) const LIST: &str = "/money/list";
const PAGE: i64 = 500;

pub(super) async fn show(
    form: Form,
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let state = LineState::from_code(&asked.state).unwrap_or(LineState::Suggested);
    let w = caller.words(&web);
    let columns = vec![
        Column::moment(w.t("payments-came")),
        Column::date(w.t("payments-day")),
        Column::text(w.t("payments-number")),
        Column::money(w.t("payments-amount")),
        Column::long(w.t("payments-payer")),
        Column::text(w.t("payments-inn")),
        Column::text(w.t("payments-payer-account")),
        Column::long(w.t("payments-payee")),
        Column::long(w.t("payments-purpose")),
        Column::text(w.t("payments-state")),
        Column::long(w.t("payments-what-happened")),
        Column::money(w.t("payments-left-column")),
        Column::text(w.t("payments-company")),
    ];
    let (list, words) =
        (List { form, words: &w, title: w.t("payments-title"), what: "money", columns }, w.clone());
    let answered = list.answer(&web.db, move |reader, before| {
        let lines = queries::lines_in(reader, &scope, state, before, PAGE)?;
        let full = i64::try_from(lines.len()).is_ok_and(|length| length == PAGE);
        let next = lines.last().filter(|_| full).map(|last| last.line.id);
        Ok((lines.iter().map(|listed| row(&words, &caller, listed)).collect(), next))
    });
    Ok(answered.await?)
}

fn row(w: &Words, caller: &Caller, listed: &Listed) -> Vec<Cell> {
    let line = &listed.line;
    let document = &line.document;
    let account = |party: &Party| party.accounts.join(", ");
    let company = caller.companies().iter().find(|there| there.id() == listed.company);
    vec![
        Cell::from(line.received_at),
        Cell::from(document.day().and_then(|day| day.parse::<Date>().ok())),
        Cell::from(&document.number),
        Cell::from(line.amount),
        Cell::from(&document.payer.name),
        Cell::from(document.payer.inn.clone()),
        Cell::from(account(&document.payer)),
        Cell::from(&document.payee.name),
        Cell::from(&document.purpose),
        Cell::from(w.t(&format!("payments-state-{}", line.outcome.state.code()))),
        Cell::from(words::outcome(w, &line.outcome)),
        Cell::from(line.left()),
        Cell::from(company.map(|there| there.name().to_owned())),
    ]
}
