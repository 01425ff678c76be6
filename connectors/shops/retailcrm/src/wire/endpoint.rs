//! What a method of the protocol is: a path, and a deed that reads or writes.

use http::StatusCode;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use takt_connections::Connection;
use takt_kernel::{CompanyId, ShopId, Timestamp, money::Currency};
use takt_orders::OrderId;
use takt_staff::{ApiCaller, Permission, Permit};
use takt_store::{Query, Rivals, Tx};
use takt_ui::Words;

use super::{fields::Fields, lenient::Text, refusal::Refusal};

/// A request, decoded, and who asks.
#[derive(Clone)]
pub(crate) struct Call {
    pub caller: ApiCaller,
    pub connection: Connection,
    pub site: Site,
    pub fields: Fields,
    /// When it came; what was stored may be carried out later.
    pub came_at: Timestamp,
    /// It was stored and then left, and others that came later may have been applied before it.
    pub waited: bool,
    /// The segments of the path below the version.
    pub path: Vec<String>,
}

/// The one site of a key: the shop, as the protocol names it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub code: String,
    pub name: String,
    pub currency: Currency,
    pub zone: TimeZone,
}

impl Call {
    pub fn company(&self) -> CompanyId {
        self.connection.company
    }
    pub fn shop(&self) -> ShopId {
        self.connection.shop
    }
    pub fn segment(&self, index: usize) -> &str {
        self.path.get(index).map_or("", String::as_str)
    }

    pub fn permit<P: Permission>(&self) -> Result<Permit<P>, Refusal> {
        Ok(self.caller.permit::<P>()?)
    }

    /// By which of its two ids a path names its object.
    pub fn by(&self) -> Result<By, Refusal> {
        match self.fields.get("by").unwrap_or("externalId") {
            "externalId" | "" => Ok(By::ExternalId),
            "id" => Ok(By::Id),
            other => Err(Refusal::by(other)),
        }
    }

    /// That the site that is asked about, if any is, is the one of the key.
    pub fn expect_asked_site(&self) -> Result<(), Refusal> {
        let asked = self.fields.get("site").map(|site| Text(site.to_owned()));
        self.expect_site(asked.as_ref())
    }

    /// That what is asked for is not of another site. What was sent for one may still be meant for this shop: its
    /// module may have been set up for another.
    pub fn expect_site(&self, given: Option<&Text>) -> Result<(), Refusal> {
        match given.and_then(Text::filled) {
            Some(site) if site != self.site.code => {
                Err(Refusal::forbidden("Access denied.").field("site", site).kept())
            }
            Some(_) | None => Ok(()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Id,
    ExternalId,
}

pub(crate) type Read = fn(&mut dyn Query, &Call) -> Result<Answer, Refusal>;
pub(crate) type Write = fn(&mut Tx<'_>, &Call) -> Result<Done, Refusal>;

#[derive(Clone, Copy)]
pub(crate) enum Deed {
    Read(Read),
    Write(Write),
}

#[derive(Clone, Copy)]
pub(crate) struct Endpoint {
    /// As axum writes it, from the root: `/api/v5/orders/{id}/edit`.
    pub path: &'static str,
    pub deed: Deed,
    /// The goods that others may want at the same moment.
    pub rivals: fn(&Call) -> Rivals,
}

pub(crate) const fn get(path: &'static str, read: Read) -> Endpoint {
    Endpoint { path, deed: Deed::Read(read), rivals: none }
}

pub(crate) const fn post(path: &'static str, write: Write) -> Endpoint {
    Endpoint { path, deed: Deed::Write(write), rivals: none }
}

impl Endpoint {
    pub const fn over(self, rivals: fn(&Call) -> Rivals) -> Self {
        Self { rivals, ..self }
    }
}

fn none(_: &Call) -> Rivals {
    Rivals::default()
}

/// What is answered beside `success`.
pub(crate) struct Answer {
    pub status: StatusCode,
    body: Vec<(String, Part)>,
    /// Orders that the shop now knows as they stand, with their versions.
    pub shown: Vec<(OrderId, i64)>,
}

enum Part {
    Now(Value),
    /// Made once the transaction is over: the next one does not wait for it.
    Later(Box<dyn FnOnce() -> Value + Send>),
    Said(Vec<(Refusal, String)>),
}

impl Answer {
    pub fn ok() -> Self {
        Self { status: StatusCode::OK, body: Vec::new(), shown: Vec::new() }
    }
    pub fn created() -> Self {
        Self { status: StatusCode::CREATED, ..Self::ok() }
    }
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.body.push((name.to_owned(), Part::Now(value.into())));
        self
    }
    pub fn with_later(mut self, name: &str, value: impl FnOnce() -> Value + Send + 'static) -> Self {
        self.body.push((name.to_owned(), Part::Later(Box::new(value))));
        self
    }
    /// What was refused, each with what it was about.
    pub fn with_refused(mut self, name: &str, refused: Vec<(Refusal, String)>) -> Self {
        self.body.push((name.to_owned(), Part::Said(refused)));
        self
    }
    pub fn shown(mut self, shown: impl IntoIterator<Item = (OrderId, i64)>) -> Self {
        self.shown.extend(shown);
        self
    }
    /// Some of it was taken, some was not: the protocol's own status for that.
    pub fn partly(mut self) -> Self {
        self.status = StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST);
        self
    }

    pub fn json(self, words: impl Fn() -> Words) -> Value {
        let mut body = Map::new();
        body.insert("success".to_owned(), Value::from(self.status.as_u16() < 400));
        body.extend(self.body.into_iter().map(|(name, part)| match part {
            Part::Now(value) => (name, value),
            Part::Later(value) => (name, value()),
            Part::Said(refused) => {
                let words = words();
                let told = refused.into_iter().map(|(refusal, about)| refusal.sentence(&words, &about));
                (name, Value::from(told.collect::<Vec<_>>()))
            }
        }));
        Value::Object(body)
    }
}

/// What a write did.
pub(crate) struct Done {
    pub answer: Answer,
    /// What it was about, in the sender's words.
    pub about: Option<String>,
    /// Fields that were left as they are.
    pub notes: Vec<String>,
    /// Some of it was not taken, and would be lost: the message waits for a person.
    pub keep: Option<String>,
}

impl From<Answer> for Done {
    fn from(answer: Answer) -> Self {
        Self { answer, about: None, notes: Vec::new(), keep: None }
    }
}

impl Done {
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }
    pub fn notes(mut self, notes: Vec<String>) -> Self {
        self.notes = notes;
        self
    }
}
