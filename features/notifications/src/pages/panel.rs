use maud::{Markup, Render, html};
use takt_kernel::Result;
use takt_orders::panels::{Panel, PanelContext};
use takt_store::Query;
use takt_ui::{Column, Row, Table, muted};

use super::{HREF, words};
use crate::queries;

pub(crate) const PANEL: Panel =
    Panel { title_key: "notifications-panel", place: 60, permission: "notifications.see", render };

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let notices = queries::of_order(db, order.company, order.id)?;
    if notices.is_empty() {
        let key = if order.contact.email.is_some() {
            "notifications-nothing-yet"
        } else {
            "notifications-no-address"
        };
        return Ok(html! { (muted(w.t(key))) });
    }
    let now = db.now();
    let rows = notices.iter().map(|notice| {
        Row::new([
            html! { (words::event(w, notice.event)) },
            words::state(w, notice.state),
            html! { (w.moment(notice.sent_at.unwrap_or(notice.queued_at), now)) },
        ])
        .id(format!("notice-{}", notice.id))
        .href(format!("{HREF}/{}", notice.id))
    });
    let columns = [
        Column::new(w.t("notifications-event")).leading(),
        Column::new(w.t("notifications-state")),
        Column::new(w.t("notifications-when")).narrow(),
    ];
    let topics = format!("order/{}", order.id);
    Ok(Table::new(w, w.t("notifications-panel"))
        .columns(columns)
        .rows(rows)
        .live("order-notices", topics)
        .render())
}
