use maud::{Markup, html};
use takt_kernel::Result;
use takt_orders::panels::{Panel, PanelContext};
use takt_staff::Permission as _;
use takt_store::Query;
use takt_tasks::{DoTasks, of_order};
use takt_ui::{Icon, button, post_button};

pub(crate) const CALL_ENDED: Panel =
    Panel { title_key: "playbook-call-ended", place: 10, permission: DoTasks::CODE, render };

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let tasks = of_order(db, order.company, order.id)?;
    let call = tasks.iter().find(|task| task.kind == "call" && !task.is_closed());
    let Some(call) = call else { return Ok(html! {}) };
    let action = format!("/tasks/{}/close", call.id);
    let back = format!("/orders/{}", order.id);
    let ended = |outcome, icon, key| {
        let label = w.t(&format!("tasks-outcome-{outcome}"));
        post_button(&action, &[("back", &back), ("outcome", outcome)], button(label).icon(icon).key(key))
    };
    Ok(html! { (ended("reached", Icon::Phone, "r")) (ended("not_reached", Icon::AlarmClock, "n")) })
}
