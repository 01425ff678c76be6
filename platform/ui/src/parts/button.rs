//! Buttons and links that look like them. `key` is a shortcut by physical key, `o` or `g o`.

use maud::{Markup, Render, html};

use super::icon::{Icon, icon};

#[derive(Clone, Debug, Default)]
pub struct Button {
    label: String,
    href: Option<String>,
    look: &'static str,
    size: &'static str,
    icon: Option<Icon>,
    key: Option<String>,
    value: Option<(String, String)>,
    form: Option<String>,
    title: Option<String>,
    disabled: bool,
    bare: bool,
}

/// A button that sends the form around it.
pub fn button(label: impl Into<String>) -> Button {
    Button { label: label.into(), ..Button::default() }
}

/// A link in the shape of a button.
pub fn link_button(label: impl Into<String>, href: impl Into<String>) -> Button {
    Button { label: label.into(), href: Some(href.into()), ..Button::default() }
}

/// A whole form of one button: for an action that needs no input.
pub fn post_button(action: &str, fields: &[(&str, &str)], button: Button) -> Markup {
    html! {
        form.post-button method="post" action=(action) {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            (button)
        }
    }
}

impl Button {
    /// The one thing to do here.
    pub fn primary(self) -> Self {
        Self { look: "primary", ..self }
    }
    /// Loses or cancels something.
    pub fn danger(self) -> Self {
        Self { look: "danger", ..self }
    }
    /// Without a frame until pointed at.
    pub fn quiet(self) -> Self {
        Self { look: "quiet", ..self }
    }
    pub fn small(self) -> Self {
        Self { size: "small", ..self }
    }
    /// For thumbs and gloves: as wide as its place.
    pub fn big(self) -> Self {
        Self { size: "big", ..self }
    }
    pub fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }
    /// Shows the icon only; the label is still spoken and shown on hover.
    pub fn icon_only(self) -> Self {
        Self { bare: true, ..self }
    }
    pub fn key(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }
    /// What the form receives when this button sends it.
    pub fn value(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { value: Some((name.into(), value.into())), ..self }
    }
    /// Sends the form of this id, wherever the button stands.
    pub fn of_form(self, id: impl Into<String>) -> Self {
        Self { form: Some(id.into()), ..self }
    }
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }
    pub fn disabled(self, disabled: bool) -> Self {
        Self { disabled, ..self }
    }

    /// Opens the popover of this id.
    pub(super) fn opening(&self, id: &str) -> Markup {
        let title = self.title.as_ref().or(self.bare.then_some(&self.label));
        html! {
            button class=(self.class()) type="button" title=[title] data-key=[&self.key] popovertarget=(id) {
                (self.inside())
            }
        }
    }

    fn class(&self) -> String {
        let bare = if self.bare { "bare" } else { "" };
        ["button", self.look, self.size, bare]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn inside(&self) -> Markup {
        html! {
            @if let Some(shape) = self.icon { (icon(shape)) }
            @if self.bare {
                span.unseen { (self.label) }
            } @else {
                span.button-label { (self.label) }
                @if let Some(key) = &self.key { kbd { (key.to_uppercase()) } }
            }
        }
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        let title = self.title.as_ref().or(self.bare.then_some(&self.label));
        html! {
            @match &self.href {
                Some(href) if !self.disabled => {
                    a class=(self.class()) href=(href) title=[title] data-key=[&self.key] { (self.inside()) }
                }
                _ => {
                    button class=(self.class()) type="submit" title=[title] data-key=[&self.key]
                        name=[self.value.as_ref().map(|(name, _)| name)]
                        value=[self.value.as_ref().map(|(_, value)| value)]
                        form=[&self.form] disabled[self.disabled] { (self.inside()) }
                }
            }
        }
    }
}
