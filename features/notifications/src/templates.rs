//! The texts of messages: the house's own, and what a shop made of them. A template is Jinja over the
//! data of [`Data`], as much of it as `language` lets in; it is plain text, and the HTML part is made of what it gives, escaped.

mod language;

use std::{io, panic::AssertUnwindSafe, sync::LazyLock, thread};

use minijinja::{Environment, UndefinedBehavior, context, value::Serde};
use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, FieldFault, Result};
use takt_staff::{Permit, settings};
use takt_store::{Query, Tx};
use takt_ui::Lang;

use crate::{compose::Data, event::Event, policy::one_line, rights::ManageTemplates};

const LONGEST_SUBJECT: usize = 300;
const LONGEST_BODY: usize = 20_000;
const LONGEST_RESULT_BYTES: usize = 400_000;
const LAYOUT: &str = include_str!("../templates/layout.html");

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub subject: String,
    pub body: String,
}

/// A message as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub body: String,
}

/// What stands in the HTML part beside the text. Ours, never typed by anybody.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The buyer's page: where it stands in the text, it is a link.
    pub page: String,
    /// Papers of the order, as markup.
    pub papers: String,
}

/// A line, with the one address that we know ourselves as its second piece; whatever else looks like one
/// stays text.
fn pieces(line: &str, page: &str) -> Vec<String> {
    match line.split_once(page).filter(|_| !page.is_empty()) {
        Some((before, after)) => vec![before.to_owned(), page.to_owned(), after.to_owned()],
        None => vec![line.to_owned()],
    }
}

macro_rules! house {
    ($lang:literal, $event:literal) => {
        include_str!(concat!("../templates/", $lang, "/", $event, ".txt"))
    };
}

impl Template {
    /// The house's own: the first line is the subject.
    pub fn of_house(event: Event, lang: Lang) -> Self {
        let text = match (lang, event) {
            (Lang::Ru, Event::Placed) => house!("ru", "placed"),
            (Lang::Ru, Event::InvoiceChanged) => house!("ru", "invoice_changed"),
            (Lang::Ru, Event::Paid) => house!("ru", "paid"),
            (Lang::Ru, Event::Confirmed) => house!("ru", "confirmed"),
            (Lang::Ru, Event::Ready) => house!("ru", "ready"),
            (Lang::Ru, Event::Shipped) => house!("ru", "shipped"),
            (Lang::Ru, Event::Delivered) => house!("ru", "delivered"),
            (Lang::Ru, Event::Cancelled) => house!("ru", "cancelled"),
            (Lang::En, Event::Placed) => house!("en", "placed"),
            (Lang::En, Event::InvoiceChanged) => house!("en", "invoice_changed"),
            (Lang::En, Event::Paid) => house!("en", "paid"),
            (Lang::En, Event::Confirmed) => house!("en", "confirmed"),
            (Lang::En, Event::Ready) => house!("en", "ready"),
            (Lang::En, Event::Shipped) => house!("en", "shipped"),
            (Lang::En, Event::Delivered) => house!("en", "delivered"),
            (Lang::En, Event::Cancelled) => house!("en", "cancelled"),
        };
        let (subject, body) = text.split_once('\n').unwrap_or((text, ""));
        Self { subject: subject.to_owned(), body: body.trim().to_owned() }
    }

    /// What the shop made of it, if it did.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn of_company(
        db: &mut dyn Query,
        company: CompanyId,
        event: Event,
        lang: Lang,
    ) -> Result<Option<Self>> {
        Ok(settings::get::<Option<Self>>(db, company, &key(event, lang))?.flatten())
    }

    /// # Errors
    /// Field faults of `subject` and `body`, with the line that is wrong.
    pub fn save(
        &self,
        tx: &mut Tx,
        permit: &Permit<ManageTemplates>,
        event: Event,
        lang: Lang,
    ) -> Result<()> {
        self.check(event, lang)?;
        settings::set(tx, permit.company(), &key(event, lang), &Some(self), permit.actor())
    }

    /// Back to the house's own.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn restore(tx: &mut Tx, permit: &Permit<ManageTemplates>, event: Event, lang: Lang) -> Result<()> {
        settings::set(tx, permit.company(), &key(event, lang), &None::<Self>, permit.actor())
    }

    /// Tries it on made-up orders: a full one, and one of which hardly anything is known.
    ///
    /// # Errors
    /// As [`Template::save`].
    pub fn check(&self, event: Event, lang: Lang) -> Result<Written> {
        let mut faults = Vec::new();
        for (path, text, longest) in
            [("subject", &self.subject, LONGEST_SUBJECT), ("body", &self.body, LONGEST_BODY)]
        {
            if text.trim().is_empty() {
                faults.push(fault(path, "notifications.template_empty", &[]));
            }
            if text.chars().count() > longest {
                let most = longest.to_string();
                faults.push(fault(path, "notifications.template_too_long", &[("most", &most)]));
            }
            if let Err(unknown) = language::check(text) {
                let line = unknown.line.to_string();
                let args = [("line", line.as_str()), ("what", unknown.what.as_str())];
                faults.push(fault(path, "notifications.template_wrong", &args));
            }
        }
        for data in [Data::bare(lang), Data::sample(event, lang)] {
            for (path, text) in [("subject", &self.subject), ("body", &self.body)] {
                if faults.iter().all(|known: &FieldFault| known.path != path)
                    && let Err(problem) = render(text, &data)
                {
                    let line = problem.line().unwrap_or(1).to_string();
                    let what = problem.detail().map_or_else(|| problem.kind().to_string(), str::to_owned);
                    let args = [("line", line.as_str()), ("what", what.as_str())];
                    faults.push(fault(path, "notifications.template_wrong", &args));
                }
            }
        }
        if faults.is_empty() {
            self.write(&Data::sample(event, lang))
        } else {
            Err(Fault::from_fields(faults))
        }
    }

    /// # Errors
    /// `notifications.template_broken`: what was saved does not work on this order.
    pub fn write(&self, data: &Data) -> Result<Written> {
        Ok(Written::of(
            render(&self.subject, data).map_err(broken)?,
            &render(&self.body, data).map_err(broken)?,
        ))
    }
}

fn broken(problem: minijinja::Error) -> Fault {
    Fault::broken("notifications.template_broken").arg("line", problem.line().unwrap_or(1)).because(problem)
}

/// The house's own, read once: nearly all messages are written by them.
static HOUSE: LazyLock<std::result::Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut house = language::environment()?;
    for (event, lang) in Event::ALL.into_iter().flat_map(|event| Lang::ALL.map(|lang| (event, lang))) {
        let Template { subject, body } = Template::of_house(event, lang);
        house.add_template_owned(name(event, lang, "subject"), subject)?;
        house.add_template_owned(name(event, lang, "body"), body)?;
    }
    Ok(house)
});

fn name(event: Event, lang: Lang, part: &str) -> String {
    format!("{}.{}.{part}", event.code(), lang.code())
}

impl Written {
    fn of(subject: String, body: &str) -> Self {
        Self { subject: one_line(&subject), body: tidied(body) }
    }

    /// What the house's own template makes of it.
    ///
    /// # Errors
    /// `notifications.template_broken`: it does not work on this order.
    pub fn by_house(event: Event, lang: Lang, data: &Data) -> Result<Self> {
        let house = HOUSE
            .as_ref()
            .map_err(|problem| Fault::broken("notifications.template_broken").because(problem.to_string()))?;
        let part = |part| {
            let template = || house.get_template(&name(event, lang, part));
            rendered(template, data).map_err(broken)
        };
        Ok(Self::of(part("subject")?, &part("body")?))
    }

    /// The same text for those who read HTML; whatever stands in it is text there as well.
    ///
    /// # Errors
    /// A broken fault when the layout does not work.
    pub fn html(body: &str, lang: Lang, beside: &Beside) -> Result<String> {
        let paragraphs: Vec<Vec<Vec<String>>> = body
            .split("\n\n")
            .map(|paragraph| paragraph.lines().map(|line| pieces(line, &beside.page)).collect())
            .collect();
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment
            .add_template("layout.html", LAYOUT)
            .and_then(|()| environment.get_template("layout.html"))
            .and_then(|layout| layout.render(context! { lang => lang.code(), paragraphs => paragraphs, papers => beside.papers.clone() }))
            .map_err(|problem| Fault::broken("notifications.layout_broken").because(problem))
    }
}

fn key(event: Event, lang: Lang) -> String {
    format!("notifications.template.{}.{}", event.code(), lang.code())
}

fn fault(path: &str, code: &'static str, args: &[(&'static str, &str)]) -> FieldFault {
    let args = args.iter().map(|(name, value)| ((*name).into(), (*value).to_owned())).collect();
    FieldFault { path: path.to_owned(), code: code.into(), args }
}

/// The engine goes one call deeper for each bracket, dot or sign within another, in reading a template and in forgetting
/// it: on the stack that a thread of the server has, one of nothing else would end the whole program.
const STACK_OF_ENGINE: usize = 256 << 20;

fn render(template: &str, data: &Data) -> Result<String, minijinja::Error> {
    language::check(template)?;
    let unable = || minijinja::Error::from(minijinja::ErrorKind::InvalidOperation);
    thread::scope(|scope| {
        let engine = thread::Builder::new().stack_size(STACK_OF_ENGINE);
        let rendering = engine.spawn_scoped(scope, || {
            let environment = language::environment()?;
            rendered(|| environment.template_from_str(template), data)
        });
        rendering.map_err(|_| unable())?.join().map_err(|_| unable())?
    })
}

/// The engine is not free of mistakes of its own (3.0.5 breaks on an empty list counted backwards); what
/// breaks it is a wrong template.
fn rendered<'e>(
    template: impl FnOnce() -> Result<minijinja::Template<'e, 'e>, minijinja::Error>,
    data: &Data,
) -> Result<String, minijinja::Error> {
    let rendered = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let mut written = Bounded(Vec::new());
        template()?.render_captured_to(Serde(data), &mut written)?;
        Ok(String::from_utf8_lossy(&written.0).into_owned())
    }));
    rendered.unwrap_or_else(|_| Err(minijinja::Error::from(minijinja::ErrorKind::InvalidOperation)))
}

/// Refuses to hold more than a message may be.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST_RESULT_BYTES {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What conditions leave behind: no more than one empty line, no blanks at the ends of lines.
fn tidied(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests;
