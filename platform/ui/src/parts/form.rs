//! A form that is never lost: what was wrong is said above it with links to the fields, and the
//! browser warns before unsaved words are left behind.

use maud::{Markup, Render, html};
use takt_kernel::Fault;

use super::{
    field::Field,
    icon::{Icon, icon},
};
use crate::Words;

/// What was refused, in the reader's words: per field, and in general.
#[derive(Clone, Debug, Default)]
pub struct FormErrors {
    fields: Vec<(String, String)>,
    general: Option<String>,
}

impl FormErrors {
    pub fn none() -> Self {
        Self::default()
    }

    pub fn from_fault(w: &Words, fault: &Fault) -> Self {
        let fields: Vec<(String, String)> =
            fault.fields().iter().map(|field| (field.path.clone(), w.field_fault(field))).collect();
        let general = fields.is_empty().then(|| w.fault(fault));
        Self { fields, general }
    }

    pub fn and(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.fields.push((field.into(), message.into()));
        self
    }

    pub fn of(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|(path, _)| path == field).map(|(_, message)| message.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.general.is_none()
    }

    /// Stands above the form; [`Form`] draws it by itself.
    pub fn summary(&self, w: &Words) -> Markup {
        if self.is_empty() {
            return html! {};
        }
        let title = match self.fields.len() {
            0 => w.t("ui-form-refused"),
            count => w.ta("ui-errors-title", &[("count", count.into())]),
        };
        html! {
            div.notice.tone-bad.form-errors role="alert" tabindex="-1" autofocus {
                (icon(Icon::CircleAlert))
                div.notice-text {
                    p.notice-title { (title) }
                    @if let Some(general) = &self.general { p { (general) } }
                    @if !self.fields.is_empty() {
                        ul {
                            @for (path, message) in &self.fields {
                                li { a href={ "#" (Field::id(path)) } { (message) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub struct Form<'a> {
    words: &'a Words,
    action: String,
    id: Option<String>,
    errors: FormErrors,
    body: Option<Markup>,
    actions: Option<Markup>,
    multipart: bool,
    queued: bool,
    method: &'static str,
}

/// A form that is sent by POST to `action`.
pub fn form<'a>(w: &'a Words, action: impl Into<String>) -> Form<'a> {
    Form {
        words: w,
        action: action.into(),
        id: None,
        errors: FormErrors::none(),
        body: None,
        actions: None,
        multipart: false,
        queued: false,
        method: "post",
    }
}

impl Form<'_> {
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }
    pub fn errors(self, errors: &FormErrors) -> Self {
        Self { errors: errors.clone(), ..self }
    }
    pub fn body(self, body: Markup) -> Self {
        Self { body: Some(body), ..self }
    }
    /// The buttons at its end.
    pub fn actions(self, actions: Markup) -> Self {
        Self { actions: Some(actions), ..self }
    }
    /// Files are sent too.
    pub fn with_files(self) -> Self {
        Self { multipart: true, ..self }
    }
    /// What is written while the server cannot be reached waits in the browser and is sent once when it can. The
    /// server takes a field `key` with it, and takes the same key once.
    pub fn queued(self) -> Self {
        Self { queued: true, ..self }
    }
    /// Asks instead of changing: sent by GET, never guarded.
    pub fn get(self) -> Self {
        Self { method: "get", ..self }
    }
}

impl Render for Form<'_> {
    fn render(&self) -> Markup {
        html! {
            form.form id=[&self.id] method=(self.method) action=(self.action)
                enctype=[self.multipart.then_some("multipart/form-data")]
                data-guard[self.method == "post"] data-queue[self.queued] {
                (self.errors.summary(self.words))
                @if let Some(body) = &self.body { div.fields { (body) } }
                @if let Some(actions) = &self.actions { div.form-actions { (actions) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use takt_kernel::{Fault, FieldFault};

    use super::*;
    use crate::{Lang, field, test_words};

    #[test]
    fn a_refused_field_is_named_above_the_form_and_beside_itself() {
        let w = test_words(Lang::En);
        let fault = Fault::from_fields(vec![FieldFault {
            path: "lines[0].price".to_owned(),
            code: "money.malformed".into(),
            args: vec![("given".into(), "abc".to_owned())],
        }]);
        let errors = FormErrors::from_fault(&w, &fault);
        let price = field("Price", "lines[0].price").decimal().errors(&errors);
        let page = form(&w, "/orders").errors(&errors).body(html! { (price) }).render().into_string();
        assert!(page.contains("href=\"#field-lines-0--price\""), "{page}");
        assert!(page.contains("id=\"field-lines-0--price\""), "{page}");
        assert_eq!(page.matches("“abc” does not look like an amount").count(), 2, "{page}");
    }
}
