//! On the card of an order: for which firm it is.

use maud::{Markup, html};
use serde_json::Value;
use takt_kernel::Result;
use takt_orders::panels::{Panel, PanelContext};
use takt_store::Query;
use takt_ui::pairs;

use super::ordered;

pub(crate) const PANEL: Panel =
    Panel { title_key: "retailcrm-firm", place: 15, permission: "orders.see", render };

const SHOWN: [(&str, &str); 7] = [
    ("legalName", "retailcrm-firm-legal-name"),
    ("legalAddress", "retailcrm-firm-legal-address"),
    ("INN", "retailcrm-firm-inn"),
    ("KPP", "retailcrm-firm-kpp"),
    ("OGRN", "retailcrm-firm-ogrn"),
    ("bankAccount", "retailcrm-firm-account"),
    ("BIK", "retailcrm-firm-bik"),
];

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let Some((name, body)) = ordered::firm_shown(db, context.order.company, context.order.id)? else {
        return Ok(html! {});
    };
    let contragent = body.get("contragent").and_then(Value::as_object);
    let value = |field: &str| contragent?.get(field)?.as_str().filter(|text| !text.is_empty());
    let rows =
        SHOWN.into_iter().filter_map(|(field, key)| Some((context.words.t(key), html! { (value(field)?) })));
    let name = (context.words.t("retailcrm-firm-name"), html! { (name) });
    Ok(pairs([name].into_iter().chain(rows)))
}
