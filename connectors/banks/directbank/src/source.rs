//! One poll: log on, ask for the statement of the interval, fetch whatever lies ready. The bank answers when
//! it is ready, so a statement may come with a later poll than the one that asked for it; its lines are
//! known by `PayDoc/@id` however often they come.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use serde::Deserialize;
use takt_kernel::{Fault, Result, money::Currency};
use takt_outbound::{Call, Reply};
use takt_payments_port::{Asked, BankReport, BankSource, BookingState, Polled, Proof, RawReport};
use takt_proof::Algorithm;

use crate::{
    compose::VERSION,
    cursor::{Cursor, Waiting},
    packet::{self, Answer, Document},
    request::{Request, statement_request},
    statement,
};

/// Keys of a channel.
pub const USER: &str = "user";
pub const PASSWORD: &str = "password";
/// The one-time password, where the bank wants one: whoever looks after the channel puts it there.
pub const CODE: &str = "code";

/// So many packets in one poll, the newest first; the rest waits for the next.
const AT_ONCE: usize = 50;
/// A packet may be made ready a little before the list says so.
const OVERLAP_SECONDS: i64 = 300;
/// A request that was not answered so long is put again.
const PATIENCE_SECONDS: i64 = 600;

/// What has to be known beside the bytes to read them again.
const TEST_ONLY: &str = "test_only";
const CURRENCY: &str = "currency";

#[derive(Deserialize, Default)]
#[serde(default)]
struct Settings {
    /// By which the bank knows its customer.
    customer: String,
    /// The bank's signature is required, unless the contract says that its channel alone counts: TLS then is.
    unsigned: bool,
}

pub struct DirectBank;

impl BankSource for DirectBank {
    fn poll<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Result<Polled>> {
        Box::pin(poll(asked))
    }
}

async fn poll(asked: Asked<'_>) -> Result<Polled> {
    let settings: Settings = serde_json::from_value(asked.settings.clone()).unwrap_or_default();
    let mut cursor: Cursor = serde_json::from_value(asked.cursor.clone()).unwrap_or_default();
    let session = Session::open(&asked, &settings).await?;
    session.ask(&mut cursor).await?;
    let (problems, unfinished) = session.fetch(&mut cursor).await?;
    Ok(Polled { problems, cursor: cursor.written()?, unfinished })
}

/// Reads kept bytes of a statement once more, as they were meant when they came.
///
/// # Errors
/// Those of the statement's reading.
pub fn read_again(bytes: &[u8], about: &BTreeMap<String, String>) -> Result<BankReport> {
    let currency =
        about.get(CURRENCY).and_then(|code| Currency::from_code(code).ok()).unwrap_or(Currency::RUB);
    let report = statement::read(bytes, currency)?;
    Ok(if about.contains_key(TEST_ONLY) { only_a_test(report) } else { report })
}

/// What a bank sends to try the connection is no money.
fn only_a_test(mut report: BankReport) -> BankReport {
    for document in &mut report.documents {
        document.state = BookingState::Informational;
    }
    report.statements.clear();
    report
}

struct Session<'a> {
    asked: &'a Asked<'a>,
    settings: &'a Settings,
    id: String,
}

impl<'a> Session<'a> {
    async fn open(asked: &'a Asked<'a>, settings: &'a Settings) -> Result<Self> {
        let logon = call(asked, settings, Call::post(address(asked, "Logon")))
            .basic(asked.keys.get(USER)?, asked.keys.get(PASSWORD)?);
        let mut session = Self { asked, settings, id: String::new() };
        let wants_code = session.logged_on(asked.outbound.send(logon).await?)?;
        if wants_code {
            let code = asked.keys.find(CODE).ok_or_else(|| Fault::unavailable("directbank.code_wanted"))?;
            let logon = session.call(Call::post(address(asked, "LogonOTP"))).header("OTP", code);
            if session.logged_on(asked.outbound.send(logon).await?)? {
                return Err(Fault::unavailable("directbank.code_wanted"));
            }
        }
        Ok(session)
    }

    fn logged_on(&mut self, reply: Reply) -> Result<bool> {
        match answer(&reply)? {
            Answer::LoggedOn { session, wants_code } => {
                self.id = session;
                Ok(wants_code)
            }
            _ => Err(senseless(&reply)),
        }
    }

    fn call(&self, call: Call) -> Call {
        call_with_session(call, self)
    }

    /// Asks for the statement, unless the bank still owes the answer to the same question.
    async fn ask(&self, cursor: &mut Cursor) -> Result<()> {
        let (asked, now) = (self.asked, self.asked.now.to_jiff().as_second());
        let owed = cursor.asked.as_ref().is_some_and(|waiting| {
            waiting.from == asked.interval.from
                && waiting.until == asked.interval.until
                && now - waiting.at < PATIENCE_SECONDS
        });
        if owed {
            return Ok(());
        }
        let id = unique(asked.unique);
        let packet = statement_request(&Request {
            id: &id,
            customer: &self.settings.customer,
            account: asked.account,
            bic: asked.bic,
            from: &asked.interval.from,
            until: &asked.interval.until,
            now: asked.now,
        });
        let send =
            self.call(Call::post(address(asked, "SendPack"))).body("application/xml; charset=utf-8", packet);
        let reply = asked.outbound.send(send).await?;
        match answer(&reply)? {
            Answer::Sent { .. } => {
                let interval = asked.interval.clone();
                cursor.asked = Some(Waiting { id, from: interval.from, until: interval.until, at: now });
                Ok(())
            }
            _ => Err(senseless(&reply)),
        }
    }

    /// A packet that cannot be believed, read or fetched is told, asked for again later, and holds nothing else up.
    /// Answers what was wrong, and whether more lies ready.
    async fn fetch(&self, cursor: &mut Cursor) -> Result<(Vec<Fault>, bool)> {
        let asked = self.asked;
        let now = asked.now.to_jiff().as_second();
        let since = cursor.listed_until.unwrap_or(now - 3 * 24 * 3600) - OVERLAP_SECONDS;
        let list =
            self.call(Call::get(format!("{}?date={}", address(asked, "GetPackList"), day_and_time(since))));
        let reply = asked.outbound.send(list).await?;
        let Answer::Packets { ids, as_of } = answer(&reply)? else { return Err(senseless(&reply)) };
        let wanted = cursor.wanted(ids, now);
        let mut unfinished = wanted.len() > AT_ONCE;
        let mut problems = Vec::new();
        for id in wanted.into_iter().take(AT_ONCE) {
            if asked.keeper.is_late() {
                unfinished = true;
                break;
            }
            match self.packet(&id, cursor).await {
                Ok(reports) => {
                    for report in reports {
                        asked.keeper.report(report).await?;
                    }
                    cursor.was_read(id);
                }
                Err(fault) => {
                    cursor.was_bad(id, now);
                    problems.push(fault);
                }
            }
            asked.keeper.so_far(&cursor.written()?).await?;
        }
        // The bank's own time: only a list of which everything was looked at moves it on.
        if !unfinished {
            cursor.listed_until = as_of.as_deref().and_then(moment_of).or(cursor.listed_until);
        }
        Ok((problems, unfinished))
    }

    async fn packet(&self, id: &str, cursor: &mut Cursor) -> Result<Vec<RawReport>> {
        let asked = self.asked;
        let get = self.call(Call::get(format!("{}?id={}", address(asked, "GetPack"), in_query(id))));
        let reply = asked.outbound.send(get).await?;
        let Answer::Packet(packet) = answer(&reply)? else { return Err(senseless(&reply)) };
        let found = packet.documents.iter().map(|document| self.report(document, &reply, cursor));
        Ok(found.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// The statement in a document; notices about our own packets only tell that the bank spoke.
    fn report(&self, document: &Document, reply: &Reply, cursor: &mut Cursor) -> Result<Option<RawReport>> {
        if document.kind != packet::STATEMENT {
            tracing::info!(kind = %document.kind, id = %document.id, "a bank sent a document that is no statement");
            return Ok(None);
        }
        let proof = self.proof(document, reply)?;
        let mut about = BTreeMap::from([(CURRENCY.to_owned(), self.asked.currency.to_string())]);
        if document.test_only {
            about.insert(TEST_ONLY.to_owned(), "true".to_owned());
        }
        let report = read_again(&document.bytes, &about)?;
        let answered = statement::request_of(&document.bytes).or_else(|| document.answers.clone());
        if cursor.asked.as_ref().is_some_and(|waiting| answered.as_deref() == Some(waiting.id.as_str())) {
            cursor.asked = None;
        }
        Ok(Some(RawReport {
            name: format!("{}.xml", document.id),
            bytes: document.bytes.clone(),
            about,
            report,
            proof,
        }))
    }

    fn proof(&self, document: &Document, reply: &Reply) -> Result<Proof> {
        if self.settings.unsigned {
            let secured = reply.secured().ok_or_else(|| Fault::denied("payments.bank_not_secured"))?;
            return Ok(Proof::Answered(secured.clone()));
        }
        let mut why = Fault::denied("directbank.signature_missing");
        for signature in &document.signatures {
            match self.asked.ring.cms(&signature.cms, &document.bytes, &ALLOWED, self.asked.now) {
                Ok(signed) => return Ok(Proof::Signed(signed)),
                Err(fault) => why = fault,
            }
        }
        Err(why)
    }
}

/// What a document of DirectBank may be signed with; GOST needs a certified program.
const ALLOWED: [Algorithm; 3] = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];

fn call_with_session(given: Call, session: &Session<'_>) -> Call {
    call(session.asked, session.settings, given).header("SID", &session.id)
}

fn call(_: &Asked<'_>, settings: &Settings, call: Call) -> Call {
    let call = call.header("APIVersion", VERSION).header("AvailableAPIVersion", VERSION);
    if settings.customer.is_empty() { call } else { call.header("CustomerID", &settings.customer) }
}

fn address(asked: &Asked<'_>, method: &str) -> String {
    format!("{}/{method}", asked.address.trim_end_matches('/'))
}

/// The bank says in the body what is wrong, whatever its status.
fn answer(reply: &Reply) -> Result<Answer> {
    match packet::answer(&reply.body) {
        Ok(answer) if reply.is_success() => Ok(answer),
        Err(fault) if reply.is_success() || fault.is("directbank.refused") => Err(fault),
        Ok(_) | Err(_) => Err(senseless(reply)),
    }
}

fn senseless(reply: &Reply) -> Fault {
    Fault::unavailable("outbound.senseless_reply").arg("status", reply.status)
}

const MOSCOW_SECONDS: i64 = 3 * 3600;

/// What the bank writes without a zone is Moscow's time.
fn moment_of(text: &str) -> Option<i64> {
    let at: jiff::civil::DateTime = text.trim().trim_end_matches('Z').parse().ok()?;
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(at.timestamp().as_second() - MOSCOW_SECONDS)
}

/// As the method wants it: `dd.MM.yyyy HH:mm:ss`, in Moscow's time, in letters that travel.
fn day_and_time(second: i64) -> String {
    let at = jiff::Timestamp::from_second(second + MOSCOW_SECONDS).unwrap_or_default();
    at.strftime("%d.%m.%Y%%20%H:%M:%S").to_string()
}

fn in_query(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'))
        .collect()
}

/// In the shape of a GUID.
fn unique(number: u128) -> String {
    let hex = format!("{number:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_bank_is_told_has_the_shape_of_the_standard() {
        assert_eq!(day_and_time(0), "01.01.1970%2003:00:00");
        assert_eq!(unique(1), "00000000-0000-0000-0000-000000000001");
        assert_eq!(crate::request::moment(takt_kernel::Timestamp::from_micros(0)), "1970-01-01T00:00:00");
        assert_eq!(in_query("a/../b&c=1"), "a..bc1");
    }

    #[test]
    fn the_banks_own_time_is_moscows() {
        assert_eq!(moment_of("1970-01-01T03:00:07"), Some(7));
        assert_eq!(moment_of("1970-01-01T03:00:07.5"), Some(7));
        assert_eq!(moment_of("yesterday"), None);
    }
}
