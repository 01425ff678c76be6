//! /home/orders: the very orders behind a number of the home.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_orders::{Holder, Order, OrderId, Stage, holder_name, shade_of};
use takt_staff::{Caller, CompanyAccess, PageHead};
use takt_store::{Query as Reader, Question, params, sql};
use takt_ui::{Column, Icon, Pager, PromiseBar, Row, Table, Tone, Words, amount, crumbs, empty, muted};
use takt_web::{Answer, Query, Web};

use super::{BEHIND, HOME, home::chosen};
use crate::{
    keep::NEVER,
    sums::{Deed, SOON_SECONDS, STUCK_SECONDS},
    zones,
};

const PER_PAGE: usize = 50;

/// What a number of the home counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Late,
    Soon,
    Stuck,
    Stage(Stage),
    Holder(Holder),
    Deed(Deed),
}

impl Of {
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Soon => "soon",
            Self::Stuck => "stuck",
            Self::Stage(_) => "stage",
            Self::Holder(_) => "holder",
            Self::Deed(_) => "deed",
        }
    }

    const fn is(&self) -> &'static str {
        match self {
            Self::Late | Self::Soon | Self::Stuck => "",
            Self::Stage(stage) => stage.code(),
            Self::Holder(holder) => holder.code(),
            Self::Deed(deed) => deed.code(),
        }
    }

    fn read(of: &str, is: &str) -> Result<Self> {
        let unknown = || Fault::missing("cabinet.unknown_number");
        match of {
            "late" => Ok(Self::Late),
            "soon" => Ok(Self::Soon),
            "stuck" => Ok(Self::Stuck),
            "stage" => Stage::from_code(is).map(Self::Stage).map_err(|_| unknown()),
            "holder" => Holder::from_code(is).map(Self::Holder).map_err(|_| unknown()),
            "deed" => Deed::from_code(is).map(Self::Deed).ok_or_else(unknown),
            _ => Err(unknown()),
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    of: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    is: String,
    /// `2026-11-21`, for what happened.
    #[serde(skip_serializing_if = "String::is_empty")]
    day: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    company: String,
    /// Behind this moment and this order: `1795255500000000-42`.
    #[serde(skip_serializing_if = "String::is_empty")]
    after: String,
}

/// Where the orders behind a number are. What the desk's own list shows as well is shown there.
pub(super) fn address(company: Option<CompanyId>, of: &Of, day: Option<i64>) -> String {
    match (company, of) {
        (None, Of::Stage(stage)) => return format!("/orders?view={}", stage.code()),
        (None, Of::Holder(holder)) => return format!("/orders?view=work&holder={}", holder.code()),
        _ => {}
    }
    link(&Asked {
        of: of.code().to_owned(),
        is: of.is().to_owned(),
        day: day.map(zones::written).unwrap_or_default(),
        company: company.map(|company| company.to_string()).unwrap_or_default(),
        after: String::new(),
    })
}

fn link(asked: &Asked) -> String {
    format!("{BEHIND}?{}", serde_html_form::to_string(asked).unwrap_or_default())
}

pub(super) struct View {
    pub of: Of,
    pub day: Option<Timestamp>,
    pub orders: Vec<Order>,
    /// Names of the companies, when there are several.
    pub companies: BTreeMap<CompanyId, String>,
    pub next: Option<String>,
    pub now: Timestamp,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let of = Of::read(&asked.of, &asked.is)?;
    let chosen = chosen(&caller, &asked.company)?;
    let w = caller.words(&web);
    let (zone, home) = (w.zone().clone(), home_of(&asked));
    let view = web
        .db
        .read("cabinet.behind_number", move |reader| {
            let companies: Vec<CompanyId> = chosen.iter().map(CompanyAccess::id).collect();
            let (orders, next) = find(reader, &companies, of, &asked)?;
            let several = chosen.len() > 1;
            let named = chosen.iter().filter(|_| several);
            let day = zones::read(&asked.day).and_then(|_| noon(&asked.day, &zone));
            Ok(View {
                of,
                day,
                orders,
                companies: named.map(|there| (there.id(), there.name().to_owned())).collect(),
                next,
                now: reader.now(),
            })
        })
        .await?;
    let title = title(&w, &view);
    let head = PageHead::new(title).crumbs(crumbs(&[(&w.t("cabinet-title"), Some(&home))]));
    Ok(caller.page(&web, head, render(&w, &view)))
}

fn home_of(asked: &Asked) -> String {
    if asked.company.is_empty() { HOME.to_owned() } else { format!("{HOME}?company={}", asked.company) }
}

fn noon(day: &str, zone: &jiff::tz::TimeZone) -> Option<Timestamp> {
    let date: jiff::civil::Date = day.trim().parse().ok()?;
    date.at(12, 0, 0, 0).to_zoned(zone.clone()).ok().map(|noon| noon.timestamp().into())
}

/// The orders of each company in their order, so many of each, and of all together the first.
fn find(
    db: &mut dyn Reader,
    companies: &[CompanyId],
    of: Of,
    asked: &Asked,
) -> Result<(Vec<Order>, Option<String>)> {
    let after = asked.after.split_once('-').and_then(|(key, id)| Some((key.parse().ok()?, id.parse().ok()?)));
    let (key, id): (i64, i64) = after.unwrap_or((i64::MIN, 0));
    let day = zones::read(&asked.day).unwrap_or_default();
    let now = db.now();
    let questions: Vec<Question> =
        companies.iter().map(|company| question(*company, of, day, now, (key, id))).collect();
    let mut found: Vec<(i64, OrderId, CompanyId)> = Vec::new();
    for (company, rows) in companies.iter().zip(db.all_at_once(&questions)?) {
        for row in rows {
            found.push((row.get("sorted_by")?, row.get("order_id")?, *company));
        }
    }
    found.sort_unstable();
    let more = found.len() > PER_PAGE;
    found.truncate(PER_PAGE);
    let next = found
        .last()
        .filter(|_| more)
        .map(|(key, order, _)| link(&Asked { after: format!("{key}-{order}"), ..asked.clone() }));
    let mut loaded: BTreeMap<OrderId, Order> = BTreeMap::new();
    for company in companies {
        let ids: Vec<OrderId> =
            found.iter().filter(|(.., of)| of == company).map(|(_, order, _)| *order).collect();
        if !ids.is_empty() {
            let briefs = takt_orders::briefs(db, *company, &ids)?;
            loaded.extend(briefs.into_iter().map(|order| (order.id, order)));
        }
    }
    Ok((found.iter().filter_map(|(_, order, _)| loaded.remove(order)).collect(), next))
}

fn question(company: CompanyId, of: Of, day: i64, now: Timestamp, after: (i64, i64)) -> Question {
    let (key, id) = after;
    let most = i64::try_from(PER_PAGE + 1).unwrap_or(i64::MAX);
    let due = |from: Timestamp, until: Timestamp| {
        Question::new(
            sql!(
                "select due_at as sorted_by, order_id
                 from cabinet_standing
                 where company_id = :company_id and due_at >= :from_at and due_at < :until_at
                   and (due_at, order_id) > (:key, :id)
                 order by due_at, order_id
                 limit :most"
            ),
            params![
                company_id: company, from_at: from, until_at: until.micros().min(NEVER), key: key, id: id,
                most: most,
            ],
        )
    };
    match of {
        Of::Late => due(Timestamp::from_micros(0), now),
        Of::Soon => due(now, now.plus_seconds(SOON_SECONDS)),
        Of::Stuck => Question::new(
            sql!(
                "select moved_at as sorted_by, order_id
                 from cabinet_standing
                 where company_id = :company_id and moved_at < :moved and not waits
                   and (moved_at, order_id) > (:key, :id)
                 order by moved_at, order_id
                 limit :most"
            ),
            params![
                company_id: company, moved: now.plus_seconds(-STUCK_SECONDS), key: key, id: id, most: most,
            ],
        ),
        Of::Stage(stage) => Question::new(
            sql!(
                "select due_at as sorted_by, order_id
                 from cabinet_standing
                 where company_id = :company_id and stage = :stage and (due_at, order_id) > (:key, :id)
                 order by due_at, order_id
                 limit :most"
            ),
            params![company_id: company, stage: stage.code(), key: key, id: id, most: most],
        ),
        Of::Holder(holder) => Question::new(
            sql!(
                "select due_at as sorted_by, order_id
                 from cabinet_standing
                 where company_id = :company_id and holder = :holder and (due_at, order_id) > (:key, :id)
                 order by due_at, order_id
                 limit :most"
            ),
            params![company_id: company, holder: holder.code(), key: key, id: id, most: most],
        ),
        Of::Deed(deed) => Question::new(
            sql!(
                "select 0 as sorted_by, order_id
                 from cabinet_deed
                 where company_id = :company_id and day = :day and deed = :deed and order_id > :id
                 order by order_id
                 limit :most"
            ),
            params![company_id: company, day: day, deed: deed.code(), id: id, most: most],
        ),
    }
}

fn title(w: &Words, view: &View) -> String {
    match view.of {
        Of::Late | Of::Soon | Of::Stuck => w.t(&format!("cabinet-of-{}", view.of.code())),
        Of::Stage(stage) => w.t(&format!("orders-stage-{}", stage.code())),
        Of::Holder(holder) => holder_name(w, holder),
        Of::Deed(deed) => {
            let what = w.t(&format!("cabinet-deed-{}", deed.code()));
            match view.day {
                Some(day) => format!("{what} · {}", w.date(day)),
                None => what,
            }
        }
    }
}

pub(super) fn render(w: &Words, view: &View) -> Markup {
    let table = Table::new(w, title(w, view))
        .columns([
            Column::new(w.t("orders-number")).leading(),
            Column::new(w.t("orders-promise")),
            Column::new(w.t("orders-buyer")).wide(),
            Column::new(w.t("cabinet-company")).narrow(),
            Column::new(w.t("orders-total")).numeric(),
        ])
        .rows(view.orders.iter().map(|order| row(w, view, order)))
        .live("behind", "orders")
        .empty(empty(Icon::CircleCheck, w.t("cabinet-none-behind"), w.t("cabinet-none-behind-text"), None));
    html! {
        (table)
        (Pager { words: w, previous: None, next: view.next.clone(), count: None })
    }
}

fn row(w: &Words, view: &View, order: &Order) -> Row {
    let late = order.stage.is_in_work() && order.due_at.is_some_and(|due| due < view.now);
    let stage = w.t(&format!("orders-stage-{}", order.stage.code()));
    Row::new([
        html! { span.strong { (order.number) } " " span.muted.small-text { (w.when(order.placed_at, view.now)) } },
        html! {
            @match order.holder {
                Some(holder) => {
                    (PromiseBar {
                        words: w, from: order.started_at.unwrap_or(order.placed_at), due: order.due_at,
                        now: view.now, holder: holder_name(w, holder), shade: shade_of(holder),
                    })
                }
                None => { (muted(&stage)) }
            }
        },
        html! {
            (order.contact.name)
            @if let Some(comment) = order.last_comment.as_ref().or(order.comment.as_ref()) {
                span.muted { " · " (comment) }
            }
        },
        html! { (view.companies.get(&order.company).map_or("", String::as_str)) },
        amount(w, order.total),
    ])
    .id(format!("order-{}", order.id))
    .href(format!("/orders/{}", order.id))
    .tone(if late { Tone::Bad } else { Tone::Neutral })
}
