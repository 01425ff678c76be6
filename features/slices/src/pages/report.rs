//! /reports/slices: the universal report.

use axum::extract::State;
use maud::Markup;
use takt_kernel::{Result, Timestamp};
use takt_staff::{Caller, PageHead, see_other_saying};
use takt_store::Query as Reader;
use takt_ui::Words;
use takt_web::{Answer, Form, Query, Web};

use super::{
    REPORT,
    asked::{Asked, Wanted},
    names::Names,
    report_parts,
};
use crate::{
    fill,
    rights::FillSlices,
    saved,
    saved::Saved,
    stored::{self, Looked},
};

pub(super) struct View {
    pub asked: Asked,
    pub wanted: Wanted,
    pub told: Looked,
    pub before: Option<Looked>,
    pub names: Names,
    pub saved: Vec<Saved>,
    /// Orders that were there before are still being added.
    pub filling: bool,
    pub may_fill: bool,
    pub now: Timestamp,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let words = caller.words(&web);
    let view = read(&caller, &web, &asked).await?;
    let head = PageHead::new(words.t("slices-title")).actions(report_parts::actions(&words, &view));
    let body = render(&words, &view);
    Ok(caller.page(&web, head, body))
}

pub(super) async fn read(caller: &Caller, web: &Web, asked: &Asked) -> Result<View> {
    let wanted = asked.wanted(caller, web.db.clock().now())?;
    let may_fill = caller.may::<FillSlices>();
    let (asked, workplace, person) = (asked.clone(), caller.workplace().id(), caller.person);
    web.db
        .read("slices.report", move |reader| {
            let over = wanted.over();
            let told = stored::look(reader, &over, &wanted.question)?;
            let before =
                wanted.base.map(|base| stored::look(reader, &over, &wanted.question.of(base))).transpose()?;
            let mut named = Names::asked(reader, &over.companies, &wanted.question)?;
            if let Looked::Counted { answer, .. } = &told {
                named.extend(Names::told(&wanted.question, answer));
            }
            Ok(View {
                names: Names::of(reader, &over.companies, &named)?,
                saved: saved::list(reader, workplace, person)?,
                filling: fill::is_filling(reader, &over.companies)?,
                now: reader.now(),
                may_fill,
                asked,
                wanted,
                told,
                before,
            })
        })
        .await
}

/// Has a report counted that is too large to be counted while somebody waits.
pub(super) async fn count(caller: Caller, State(web): State<Web>, Form(asked): Form<Asked>) -> Answer {
    let wanted = asked.wanted(&caller, web.db.clock().now())?;
    web.db
        .write("slices.ask", move |tx| {
            let over = wanted.over();
            stored::ask(tx, &over, &wanted.question)?;
            match wanted.base {
                Some(base) => stored::ask(tx, &over, &wanted.question.of(base)),
                None => Ok(()),
            }
        })
        .await?;
    Ok(see_other_saying(&format!("{REPORT}?{}", asked.query()), "slices-asked"))
}

pub(super) fn render(w: &Words, view: &View) -> Markup {
    report_parts::body(w, view)
}
