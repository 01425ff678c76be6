//! Every part and page with made-up contents, in the reader's language and theme: for development.

use axum::{extract::State, response::IntoResponse};
use takt_kernel::Fault;
use takt_ui::{Words, sample_page, samples_page};

use crate::{Answer, Path, RequestLang, RequestTheme, Web};

pub(crate) async fn all(
    State(web): State<Web>,
    RequestLang(lang): RequestLang,
    RequestTheme(theme): RequestTheme,
) -> Answer {
    if web.samples.is_empty() {
        return Err(nothing_here().into());
    }
    let words = Words::new(web.texts.clone(), lang, jiff::tz::TimeZone::UTC);
    Ok(samples_page(&words, theme, &web.samples).into_response())
}

pub(crate) async fn one(
    State(web): State<Web>,
    RequestLang(lang): RequestLang,
    RequestTheme(theme): RequestTheme,
    Path(name): Path<String>,
) -> Answer {
    let sample = web.samples.iter().find(|sample| sample.name == name).ok_or_else(nothing_here)?;
    let words = Words::new(web.texts.clone(), lang, jiff::tz::TimeZone::UTC);
    Ok(sample_page(&words, theme, sample).into_response())
}

fn nothing_here() -> Fault {
    Fault::missing("web.no_such_page")
}
