use std::collections::BTreeMap;

use axum::{extract::State, response::Response};
use maud::{Markup, html};
use takt_customers::SeeCustomers;
use takt_kernel::{Actor, Fault, PersonId, Result, Slot, Timestamp};
use takt_staff::{Caller, PageHead, Rights, people};
use takt_store::{Query, RecordedFact};
use takt_ui::{Tone, Words, crumbs, notice};
use takt_web::{Answer, Path, Web};

use super::{card_parts, names::Names};
use crate::{
    CancelOrders, Comment, CommentOrders, ConfirmOrders, EditOrders, Line, Order, OrderId, PlaceOrders,
    Purchases, SeeOrders, SetStatus,
    clock::{self, Calendars, Course, Promises, Split},
    facts,
    kin::{self, Relative},
    panels::{CARD_ACTIONS, CARD_NOTICES, CARD_PANEL, Panel, PanelContext},
    queries, rows,
    statuses::{self, Status},
};

const SHOWN_FACTS: i64 = 1_000;
const SHOWN_COMMENTS: i64 = 50;

pub(super) struct CardView {
    pub order: Order,
    pub lines: Vec<Line>,
    pub names: Names,
    pub comments: Vec<Comment>,
    pub facts: Vec<RecordedFact>,
    pub people: BTreeMap<PersonId, String>,
    pub split: Split,
    pub course: Option<Course>,
    pub promises: Promises,
    pub moves: Vec<Status>,
    pub may: May,
    pub panels: Vec<ShownPanel>,
    pub actions: Vec<Markup>,
    pub relatives: Vec<Relative>,
    /// Names the copy that the form on this card makes: who looks, and when.
    pub copy_key: String,
    /// What its customer has bought, for whoever may see customers.
    pub purchases: Option<Purchases>,
    /// What others say must be read first.
    pub notices: Vec<Markup>,
    pub now: Timestamp,
}

pub(super) struct ShownPanel {
    pub title: String,
    pub place: i64,
    pub body: Markup,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct May {
    pub place: bool,
    pub edit: bool,
    pub set_status: bool,
    pub confirm: bool,
    pub cancel: bool,
    pub leave_out: bool,
    pub comment: bool,
    pub pause: bool,
    pub urgent: bool,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Path(id): Path<OrderId>) -> Answer {
    page(&caller, &web, id, None).await
}

/// The card; after a refusal with what was refused and why.
pub(super) async fn page(caller: &Caller, web: &Web, id: OrderId, refused: Option<Fault>) -> Answer {
    let scope = caller.scope_where::<SeeOrders>()?;
    let words = caller.words(web);
    let (reader_of_card, its_words) = (caller.clone(), words.clone());
    let view = web
        .db
        .read("orders.card", move |reader| {
            let order = queries::get(reader, &scope, id)?;
            view(reader, &reader_of_card, &its_words, order)
        })
        .await?;
    Ok(answer(caller, web, &words, &view, refused))
}

fn answer(caller: &Caller, web: &Web, words: &Words, view: &CardView, refused: Option<Fault>) -> Response {
    let title = words.ta("orders-order", &[("number", (&view.order.number).into())]);
    let head = PageHead::new(title)
        .crumbs(crumbs(&[(&words.t("orders-title"), Some("/orders"))]))
        .path(format!("/orders/{}", view.order.id))
        .about(format!("{}/{}", facts::SUBJECT, view.order.id))
        .note(view.names.shop_chip(&view.order))
        .actions(card_parts::actions(words, view));
    let body = card_parts::body(words, view);
    match refused {
        None => caller.page(web, head, body),
        Some(fault) => {
            let why = notice(Tone::Bad, words.fault(&fault)).body(html! {
                @for field in fault.fields() { p { (words.field_fault(field)) } }
            });
            caller.refused_page(web, head, html! { (why) (body) })
        }
    }
}

fn view(db: &mut dyn Query, caller: &Caller, words: &Words, order: Order) -> Result<CardView> {
    let company = order.company;
    let roles = caller.access.to(company).map(|there| there.roles).unwrap_or_default();
    let rights = Rights::new(db.slots());
    let may_code = |code: &str| rights.held_by(code, roles);
    let lines = rows::lines(db, company, order.id)?;
    let facts = takt_store::facts::of_subject(db, company, facts::SUBJECT, order.id.get(), 0, SHOWN_FACTS)?;
    let comments = queries::comments(db, company, order.id, SHOWN_COMMENTS)?;
    let now = db.now();
    let promises = Promises::of(db, company)?;
    let calendars = Calendars::of(db, company, &promises)?;
    let known_statuses = statuses::all(db, company)?;
    let context = PanelContext { order: &order, lines: &lines, words, reader: caller.person, may: &may_code };
    let panels = panels(db, &context)?;
    let mut actions = drawn(db, &context, &CARD_ACTIONS)?;
    actions.retain(|action| !action.0.trim().is_empty());
    let notices = drawn(db, &context, &CARD_NOTICES)?;
    let relatives = kin::relatives(db, company, &[order.id])?.remove(&order.id).unwrap_or_default();
    let purchases = purchases_of(db, caller, &order)?;
    Ok(CardView {
        relatives,
        copy_key: now.micros().to_string(),
        purchases,
        names: Names::for_orders(db, std::slice::from_ref(&order))?,
        people: people::names(db, &people_of(&facts, &comments))?,
        split: clock::split(&facts, &calendars.usual, now),
        course: clock::course(&facts, &promises, &known_statuses, &calendars),
        promises,
        moves: statuses::moves_from(db, company, &order.status, roles)?,
        may: May {
            place: caller.may_in::<PlaceOrders>(company),
            edit: caller.may_in::<EditOrders>(company) && order.may_be_edited().is_ok(),
            set_status: caller.may_in::<SetStatus>(company) && order.is_open().is_ok(),
            confirm: caller.may_in::<ConfirmOrders>(company)
                && order.may_be_packed().is_ok()
                && order.confirmed_at.is_none(),
            cancel: caller.may_in::<CancelOrders>(company) && order.may_be_cancelled(&lines).is_ok(),
            leave_out: caller.may_in::<EditOrders>(company) && order.may_be_left_out_of().is_ok(),
            comment: caller.may_in::<CommentOrders>(company),
            pause: caller.may_in::<SetStatus>(company)
                && order.is_open().is_ok()
                && order.deferred_until.is_none()
                && order.is_not_held_by_owner().is_ok(),
            urgent: caller.may_in::<EditOrders>(company) && order.is_open().is_ok(),
        },
        panels,
        actions,
        notices,
        order,
        lines,
        comments,
        facts,
        now,
    })
}

/// Over all shops of the company, and over all cards that are one person.
fn purchases_of(db: &mut dyn Query, caller: &Caller, order: &Order) -> Result<Option<Purchases>> {
    let Some(customer) = order.customer.filter(|_| caller.may_in::<SeeCustomers>(order.company)) else {
        return Ok(None);
    };
    let cards = takt_customers::of_one_person(db, order.company, customer)?;
    queries::purchases(db, order.company, &cards, Some(order.id)).map(Some)
}

fn panels(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Vec<ShownPanel>> {
    let slots = db.slots();
    let mut panels: Vec<&Panel> =
        slots.of(&CARD_PANEL).filter(|panel| (context.may)(panel.permission)).collect();
    panels.sort_by_key(|panel| panel.place);
    let mut shown = Vec::new();
    for panel in panels {
        let body = (panel.render)(db, context)?;
        // Nothing to say of this order.
        if !body.0.is_empty() {
            shown.push(ShownPanel { title: context.words.t(panel.title_key), place: panel.place, body });
        }
    }
    Ok(shown)
}

fn drawn(db: &mut dyn Query, context: &PanelContext<'_>, slot: &Slot<Panel>) -> Result<Vec<Markup>> {
    let slots = db.slots();
    let mut panels: Vec<&Panel> = slots.of(slot).filter(|panel| (context.may)(panel.permission)).collect();
    panels.sort_by_key(|panel| panel.place);
    panels.into_iter().map(|panel| (panel.render)(db, context)).collect()
}

fn people_of(facts: &[RecordedFact], comments: &[Comment]) -> Vec<PersonId> {
    let actors = facts.iter().map(|fact| &fact.actor).chain(comments.iter().map(|comment| &comment.actor));
    let mut people: Vec<PersonId> = actors.filter_map(Actor::person).collect();
    people.sort_unstable();
    people.dedup();
    people
}
