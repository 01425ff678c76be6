use maud::{Markup, html};
use takt_kernel::Result;
use takt_orders::panels::{Panel, PanelContext};
use takt_store::Query;
use takt_ui::muted;

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
    Ok(html! {
        ul.stack id="order-notices" {
            @for notice in &notices {
                li.row id={ "notice-" (notice.id) } {
                    a href={ (HREF) "/" (notice.id) } { (words::event(w, notice.event)) }
                    (words::state(w, notice.state))
                    span.muted { (w.moment(notice.sent_at.unwrap_or(notice.queued_at), now)) }
                }
            }
        }
    })
}
