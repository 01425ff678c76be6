use std::sync::Once;

use takt_notifications::{Event, Template};
use takt_ui::Lang;

use crate::text::{fields, text};

/// A message as a shop writes it: the event, the subject, and the template of the body.
pub fn template(data: &[u8]) {
    static TOLD: Once = Once::new();
    TOLD.call_once(let_the_engine_break);
    let [event, subject, body] = fields(text(data));
    let event = Event::from_code(event).unwrap_or(Event::Placed);
    let template = Template { subject: subject.to_owned(), body: body.to_owned() };
    let Ok(written) = template.check(event, Lang::Ru) else { return };
    assert_eq!(template.check(event, Lang::Ru).expect("written before"), written);
    assert!(!written.subject.contains(['\n', '\r']), "a subject is one line: {:?}", written.subject);
    assert!(written.subject.len() + written.body.len() <= 1_000_000);
}

/// What breaks in the engine is caught by the feature. libFuzzer would end the process before that.
fn let_the_engine_break() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |broken| {
        let of_the_engine = broken.location().is_some_and(|place| place.file().contains("minijinja"));
        if !of_the_engine {
            told(broken);
        }
    }));
}
