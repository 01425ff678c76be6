//! One question of a form: label, control, hint and what is wrong with the answer.

use maud::{Markup, Render, html};

use super::form::FormErrors;

#[derive(Clone, Debug)]
pub struct Field {
    label: String,
    name: String,
    control: Control,
    value: String,
    hint: Option<String>,
    error: Option<String>,
    required: bool,
    disabled: bool,
    autofocus: bool,
    width: &'static str,
    attributes: Vec<(&'static str, String)>,
    mark: Option<String>,
    within: Option<&'static str>,
}

#[derive(Clone, Debug)]
enum Control {
    Input(&'static str),
    TextArea(u32),
    Select(Vec<(String, String)>),
    Radios(Vec<(String, String)>),
    Checkbox(bool),
    Own(Markup),
}

/// A line of text until another kind is said. `name` is what the form sends and what
/// [`FormErrors`] calls the field.
pub fn field(label: impl Into<String>, name: impl Into<String>) -> Field {
    Field {
        label: label.into(),
        name: name.into(),
        control: Control::Input("text"),
        value: String::new(),
        hint: None,
        error: None,
        required: false,
        disabled: false,
        autofocus: false,
        width: "",
        attributes: Vec::new(),
        mark: None,
        within: None,
    }
}

impl Field {
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
    pub fn error(self, error: Option<impl Into<String>>) -> Self {
        Self { error: error.map(Into::into), ..self }
    }
    /// Takes its own error out of the form's.
    pub fn errors(self, errors: &FormErrors) -> Self {
        let error = errors.of(&self.name).map(str::to_owned);
        Self { error, ..self }
    }
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }
    pub fn disabled(self, disabled: bool) -> Self {
        Self { disabled, ..self }
    }
    pub fn autofocus(self) -> Self {
        Self { autofocus: true, ..self }
    }
    /// Half a row, where two questions belong together.
    pub fn half(self) -> Self {
        Self { width: "half", ..self }
    }
    /// As wide as a few digits.
    pub fn short(self) -> Self {
        Self { width: "short", ..self }
    }
    /// Of which form, where a page has several with a field of this name: each label finds its own. What was refused
    /// keeps its plain id, to which the summary of errors leads.
    pub fn within(self, form: &'static str) -> Self {
        Self { within: Some(form), ..self }
    }
    /// Beside the label, for words such as "optional".
    pub fn mark(self, mark: impl Into<String>) -> Self {
        Self { mark: Some(mark.into()), ..self }
    }

    pub fn email(self) -> Self {
        self.input("email").attribute("inputmode", "email").attribute("autocomplete", "email")
    }
    pub fn phone(self) -> Self {
        self.input("tel").attribute("inputmode", "tel").attribute("autocomplete", "off")
    }
    pub fn password(self) -> Self {
        self.input("password")
    }
    /// A decimal: text, so that a comma is taken as well as a point.
    pub fn decimal(self) -> Self {
        self.input("text").attribute("inputmode", "decimal").attribute("autocomplete", "off")
    }
    pub fn number(self) -> Self {
        self.input("number").attribute("inputmode", "numeric")
    }
    pub fn date(self) -> Self {
        self.input("date")
    }
    pub fn time(self) -> Self {
        self.input("time")
    }
    pub fn date_time(self) -> Self {
        self.input("datetime-local")
    }
    pub fn search(self) -> Self {
        self.input("search")
    }
    /// `accept` as HTML has it: `.txt,.xml`.
    pub fn file(self, accept: &str) -> Self {
        self.input("file").attribute("accept", accept)
    }
    /// Several lines. What is typed is kept in the browser until it is sent.
    pub fn textarea(self, rows: u32) -> Self {
        Self { control: Control::TextArea(rows), ..self }
    }
    /// (value, label) pairs; the one equal to `value` is chosen.
    pub fn select(self, options: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { control: Control::Select(options.into_iter().collect()), ..self }
    }
    pub fn radios(self, options: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { control: Control::Radios(options.into_iter().collect()), ..self }
    }
    /// Sends `value` ("on" when none was set) if checked, nothing otherwise.
    pub fn checkbox(self, checked: bool) -> Self {
        Self { control: Control::Checkbox(checked), ..self }
    }
    /// Any other control under the same label. It must carry the id that [`Field::id`] gives.
    pub fn own(self, control: Markup) -> Self {
        Self { control: Control::Own(control), ..self }
    }
    pub fn placeholder(self, text: impl Into<String>) -> Self {
        self.attribute("placeholder", text)
    }
    pub fn autocomplete(self, value: &str) -> Self {
        self.attribute("autocomplete", value)
    }
    /// Any of: placeholder, autocomplete, inputmode, min, max, step, maxlength, pattern, accept,
    /// list, enterkeyhint. Others are not written.
    pub fn attribute(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.retain(|(known, _)| *known != name);
        self.attributes.push((name, value.into()));
        self
    }
    /// The id of the control of a field of this name: what error summaries link to.
    pub fn id(name: &str) -> String {
        let plain: String =
            name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
        format!("field-{}", plain.trim_matches('-'))
    }

    fn input(self, kind: &'static str) -> Self {
        Self { control: Control::Input(kind), ..self }
    }

    fn said(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    fn described_by(&self, id: &str) -> Option<String> {
        let parts: Vec<String> = [(self.hint.is_some(), "hint"), (self.error.is_some(), "error")]
            .into_iter()
            .filter(|(there, _)| *there)
            .map(|(_, part)| format!("{id}-{part}"))
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    fn label(&self, id: &str) -> Markup {
        html! {
            label.field-label for=(id) {
                (self.label)
                @if self.required { span.required aria-hidden="true" { "*" } }
                @if let Some(mark) = &self.mark { span.field-mark { (mark) } }
            }
        }
    }

    fn control(&self, id: &str) -> Markup {
        let described = self.described_by(id);
        let invalid = self.error.is_some().then_some("true");
        html! {
            @match &self.control {
                Control::Input(kind) => {
                    input.control id=(id) name=(self.name) type=(kind)
                        value=[(*kind != "file" && *kind != "password").then_some(&self.value)]
                        required[self.required] disabled[self.disabled] autofocus[self.autofocus]
                        aria-describedby=[described] aria-invalid=[invalid]
                        placeholder=[self.said("placeholder")] autocomplete=[self.said("autocomplete")]
                        inputmode=[self.said("inputmode")] min=[self.said("min")] max=[self.said("max")]
                        step=[self.said("step")] maxlength=[self.said("maxlength")]
                        pattern=[self.said("pattern")] accept=[self.said("accept")] list=[self.said("list")]
                        enterkeyhint=[self.said("enterkeyhint")];
                }
                Control::TextArea(rows) => {
                    textarea.control id=(id) name=(self.name) rows=(rows) data-draft data-key=[self.said("data-key")]
                        required[self.required] disabled[self.disabled] autofocus[self.autofocus]
                        aria-describedby=[described] aria-invalid=[invalid]
                        placeholder=[self.said("placeholder")] maxlength=[self.said("maxlength")]
                        spellcheck=[self.said("spellcheck")] { (self.value) }
                }
                Control::Select(options) => {
                    select.control id=(id) name=(self.name) required[self.required] disabled[self.disabled]
                        aria-describedby=[described] aria-invalid=[invalid] {
                        @for (value, label) in options {
                            option value=(value) selected[*value == self.value] { (label) }
                        }
                    }
                }
                Control::Radios(options) => {
                    div.radios id=(id) role="radiogroup" aria-label=(self.label) aria-describedby=[described] {
                        @for (value, label) in options {
                            label.check {
                                input type="radio" name=(self.name) value=(value) checked[*value == self.value]
                                    required[self.required] disabled[self.disabled];
                                span { (label) }
                            }
                        }
                    }
                }
                Control::Checkbox(checked) => {
                    label.check {
                        input type="checkbox" id=(id) name=(self.name)
                            value=(if self.value.is_empty() { "on" } else { &self.value })
                            checked[*checked] required[self.required] disabled[self.disabled]
                            aria-describedby=[described] aria-invalid=[invalid];
                        span { (self.label) }
                    }
                }
                Control::Own(control) => { (control) }
            }
        }
    }
}

impl Render for Field {
    fn render(&self) -> Markup {
        let id = match self.within {
            Some(form) if self.error.is_none() => Self::id(&format!("{form}-{}", self.name)),
            _ => Self::id(&self.name),
        };
        let labelled_inside = matches!(self.control, Control::Checkbox(_));
        html! {
            div.field.(self.width).wrong[self.error.is_some()] {
                @if !labelled_inside { (self.label(&id)) }
                (self.control(&id))
                @if let Some(hint) = &self.hint { p.field-hint id={ (id) "-hint" } { (hint) } }
                @if let Some(error) = &self.error { p.field-error id={ (id) "-error" } { (error) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_of_a_long_text_stands_in_it() {
        let written =
            field("Text", "text").textarea(3).attribute("spellcheck", "false").render().into_string();
        assert!(written.contains("<textarea") && written.contains("spellcheck=\"false\""), "{written}");
    }
}
