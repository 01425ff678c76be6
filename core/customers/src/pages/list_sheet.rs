//! The list as a file: everybody it shows, all of its pages.

use axum::extract::State;
use takt_kernel::CompanyId;
use takt_sheets::{Cell, Column, Form, List};
use takt_staff::Caller;
use takt_web::{Answer, Query, Web};

use super::list::Asked;
use crate::{Filter, Listed, SeeCustomers, queries};

pub(super) const LIST: &str = "/customers/list";
const PAGE: i64 = 200;

pub(super) async fn show(
    form: Form,
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let scope = caller.scope_where::<SeeCustomers>()?;
    let w = caller.words(&web);
    let columns = vec![
        Column::text(w.t("customers-name")),
        Column::text(w.t("customers-phone")),
        Column::text(w.t("customers-email")),
        Column::text(w.t("customers-company")),
        Column::moment(w.t("customers-since")),
    ];
    let list = List { form, words: &w, title: w.t("customers-title"), what: "customers", columns };
    let answered = list.answer(&web.db, move |reader, cursor| {
        let filter = Filter { q: asked.q.clone(), limit: PAGE, cursor };
        let page = queries::list(reader, &scope, &filter)?;
        Ok((page.items.iter().map(|customer| row(&caller, customer)).collect(), page.next_cursor))
    });
    Ok(answered.await?)
}

fn row(caller: &Caller, customer: &Listed) -> Vec<Cell> {
    vec![
        Cell::from(&customer.name),
        Cell::from(customer.phone.as_deref().map(crate::shown)),
        Cell::from(customer.email.clone()),
        Cell::from(company(caller, customer.company)),
        Cell::from(customer.created_at),
    ]
}

fn company(caller: &Caller, company: CompanyId) -> Option<String> {
    caller.companies().iter().find(|there| there.id() == company).map(|there| there.name().to_owned())
}
