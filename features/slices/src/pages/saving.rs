//! A question kept under a name.

use axum::extract::State;
use serde::Deserialize;
use takt_staff::{Caller, see_other_saying};
use takt_web::{Answer, Form, Path, Web};

use super::{REPORT, asked::Asked};
use crate::{
    fill,
    rights::{FillSlices, SeeSlices},
    saved::{self, SavedId},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    name: String,
    question: String,
    shared: String,
}

pub(super) async fn save(caller: Caller, State(web): State<Web>, Form(given): Form<Given>) -> Answer {
    caller.scope_where::<SeeSlices>()?;
    // Written anew from what it means, so that nothing else is kept.
    let asked: Asked = serde_html_form::from_str(&given.question).unwrap_or_default();
    asked.wanted(&caller, web.db.clock().now())?;
    let question = asked.query();
    let (workplace, person) = (caller.workplace().id(), caller.person);
    let back = format!("{REPORT}?{question}");
    web.db
        .write("slices.save", move |tx| {
            saved::save(tx, workplace, person, &given.name, &question, !given.shared.is_empty())
        })
        .await?;
    Ok(see_other_saying(&back, "slices-saved-done"))
}

pub(super) async fn forget(caller: Caller, State(web): State<Web>, Path(id): Path<SavedId>) -> Answer {
    caller.scope_where::<SeeSlices>()?;
    let (workplace, person) = (caller.workplace().id(), caller.person);
    web.db.write("slices.forget", move |tx| saved::forget(tx, workplace, person, id)).await?;
    Ok(see_other_saying(REPORT, "slices-forgotten"))
}

/// Has the reports of all companies counted anew in which the caller may.
pub(super) async fn anew(caller: Caller, State(web): State<Web>) -> Answer {
    let companies = caller.scope_where::<FillSlices>()?.companies().to_vec();
    web.db
        .write("slices.anew", move |tx| companies.iter().try_for_each(|company| fill::begin(tx, *company)))
        .await?;
    Ok(see_other_saying(REPORT, "slices-anew-begun"))
}
