use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use maud::{Markup, html};
use takt_ui::{Icon, link_button};

/// What a table is written as: by the end of the address, `/orders/list.xlsx` or `/orders/list.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Xlsx,
    Csv,
}

impl Form {
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    pub(crate) const fn media(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Form {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(if parts.uri.path().ends_with(".csv") { Self::Csv } else { Self::Xlsx })
    }
}

/// Buttons that take the list `/orders/list` away as it is asked for, in either form.
pub fn links(list: &str, asked: &str) -> Markup {
    let address = |form: Form| match asked {
        "" => format!("{list}.{}", form.ending()),
        asked => format!("{list}.{}?{asked}", form.ending()),
    };
    html! {
        (link_button("XLSX", address(Form::Xlsx)).icon(Icon::Download).quiet())
        (link_button("CSV", address(Form::Csv)).quiet())
    }
}
