//! What the regulation says to whoever works on this order now: the clause, the script and the checklist
//! of each rule that opened a task which still waits.

use maud::{Markup, html};
use takt_kernel::Result;
use takt_orders::panels::{Panel, PanelContext};
use takt_playbook_language::Clause;
use takt_store::Query;
use takt_tasks::{Task, of_order};
use takt_ui::muted;

use crate::running;

pub(crate) const GUIDE: Panel =
    Panel { title_key: "playbook-guide", place: 45, permission: "tasks.view", render };

fn render(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let mut clauses: Vec<Clause> = Vec::new();
    for task in of_order(db, order.company, order.id)?.iter().filter(|task| !task.is_closed()) {
        let Some((version, rule)) = opened_by(task) else { continue };
        let playbook = running::version(db, order.company, version, w.lang())?;
        let clause = playbook.rule(rule).and_then(|rule| playbook.clauses.get(rule.clause));
        clauses.extend(clause.filter(|clause| !clauses.contains(clause)).cloned());
    }
    if clauses.is_empty() {
        return Ok(html! { (muted(w.t("playbook-guide-nothing"))) });
    }
    Ok(html! {
        div.stack id="playbook-guide" data-live="tasks" {
            @for clause in &clauses {
                section.stack {
                    p.strong { (clause.title) }
                    @for script in &clause.scripts {
                        blockquote.stack { @for line in script.lines() { p { (line) } } }
                    }
                    @if !clause.checklist.is_empty() {
                        ul { @for item in &clause.checklist { li { (item) } } }
                    }
                }
            }
        }
    })
}

/// The version and the rule that opened a task; others have no clause.
fn opened_by(task: &Task) -> Option<(i64, &str)> {
    Some((task.args.get("playbook")?.as_i64()?, task.args.get("rule")?.as_str()?))
}
