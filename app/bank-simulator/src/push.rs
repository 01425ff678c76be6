//! How the bank tells of a line by itself, as an honest one and as a liar.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use takt_kernel::{Entropy, Result, Timestamp};
use takt_proof::Signer;

use crate::{
    books::{Books, Line},
    keys::{BankKeys, KID, another_signer, der_of},
};

/// How it behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Honest,
    /// Written ten minutes ago.
    Late,
    /// The same message twice, as when our answer was lost.
    Duplicate,
    /// The next message comes before this one.
    Reordered,
    /// Signed by somebody else under the bank's name.
    Forged,
    /// Changed on the way.
    Altered,
    /// About an account of somebody else.
    WrongAccount,
    WrongCurrency,
    /// An old message, sent again much later.
    Replayed,
    /// The same line once more, saying something else.
    Restated,
    /// The line, and then that it is taken back.
    Reversed,
}

impl Mode {
    pub const ALL: [Self; 11] = [
        Self::Honest,
        Self::Late,
        Self::Duplicate,
        Self::Reordered,
        Self::Forged,
        Self::Altered,
        Self::WrongAccount,
        Self::WrongCurrency,
        Self::Replayed,
        Self::Restated,
        Self::Reversed,
    ];
}

/// In which way it speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seal {
    #[default]
    Jws,
    Jwt,
    Cms,
    /// As Tochka does.
    Tochka,
}

/// One channel of Takt, as this bank knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscriber {
    /// The number of the channel.
    pub channel: i64,
    #[serde(default)]
    pub seal: Seal,
    pub account: String,
}

impl Subscriber {
    pub fn path(&self) -> String {
        format!("/bank/v1/{}", self.channel)
    }

    fn audience(&self) -> String {
        format!("takt:{}", self.channel)
    }
}

/// As it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Who the bank says it is.
pub const ISSUER: &str = "simulated-bank";
const LATE_SECONDS: i64 = 600;

/// Makes the messages of a bank.
pub struct Teller<'a> {
    pub keys: &'a BankKeys,
    pub entropy: &'a dyn Entropy,
    pub now: Timestamp,
}

impl Teller<'_> {
    /// The messages by which a line is told of in this mode, in the order in which they are sent.
    ///
    /// # Errors
    /// When a key is no good.
    pub fn tell(&self, books: &mut Books, to: &Subscriber, line: &Line, mode: Mode) -> Result<Vec<Message>> {
        let sequence = books.next_sequence(&to.account);
        let honest = |teller: &Self, line: &Line, sequence| teller.message(to, line, sequence);
        let at = |seconds| Teller { now: self.now.plus_seconds(seconds), ..*self };
        Ok(match mode {
            Mode::Honest => vec![honest(self, line, sequence)?],
            Mode::Late => vec![honest(&at(-LATE_SECONDS), line, sequence)?],
            Mode::Duplicate => {
                let message = honest(self, line, sequence)?;
                vec![message.clone(), message]
            }
            Mode::Reordered => {
                let next = books.next_sequence(&to.account);
                let status = self.status(to, next)?;
                vec![status, honest(self, line, sequence)?]
            }
            Mode::Forged => {
                let claims = self.claims(to, line, sequence)?;
                vec![self.sealed(to, &claims, &another_signer()?)?]
            }
            Mode::Altered => vec![altered(honest(self, line, sequence)?)],
            Mode::WrongAccount => {
                let other = Subscriber { account: "40702810999999999999".to_owned(), ..to.clone() };
                vec![self.message(&other, line, sequence)?]
            }
            Mode::WrongCurrency => {
                vec![honest(self, &Line { currency: "USD".to_owned(), ..line.clone() }, sequence)?]
            }
            Mode::Replayed => {
                let old = Line { booked_at: line.booked_at.plus_seconds(-7 * 24 * 3600), ..line.clone() };
                vec![honest(&at(-7 * 24 * 3600), &old, sequence)?]
            }
            Mode::Restated => {
                let other = Line { purpose: format!("{} (уточнено)", line.purpose), ..line.clone() };
                let next = books.next_sequence(&to.account);
                vec![honest(self, line, sequence)?, honest(self, &other, next)?]
            }
            Mode::Reversed => {
                let back = Line {
                    id: format!("{}-r", line.id),
                    amount_minor: -line.amount_minor,
                    reverses: Some(line.id.clone()),
                    ..line.clone()
                };
                let next = books.next_sequence(&to.account);
                vec![honest(self, line, sequence)?, honest(self, &back, next)?]
            }
        })
    }

    /// One honest message about a line.
    ///
    /// # Errors
    /// When a key is no good.
    pub fn message(&self, to: &Subscriber, line: &Line, sequence: i64) -> Result<Message> {
        let claims = self.claims(to, line, sequence)?;
        self.sealed(to, &claims, if to.seal == Seal::Tochka { &self.keys.rsa } else { &self.keys.signer })
    }

    fn status(&self, to: &Subscriber, sequence: i64) -> Result<Message> {
        let mut claims = self.envelope(to, sequence)?;
        claims.insert("evt".to_owned(), "status".into());
        self.sealed(to, &claims, &self.keys.signer)
    }

    fn envelope(&self, to: &Subscriber, sequence: i64) -> Result<Map<String, Value>> {
        let mut id = [0; 16];
        self.entropy.fill(&mut id)?;
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        let issued = self.now.micros().div_euclid(1_000_000);
        let claims = json!({
            "iss": ISSUER, "aud": to.audience(), "iat": issued, "exp": issued + 300, "jti": id, "seq": sequence,
            "account": to.account,
        });
        Ok(claims.as_object().cloned().unwrap_or_default())
    }

    /// What is said of a line.
    ///
    /// # Errors
    /// When there is no chance to draw from.
    pub fn claims(&self, to: &Subscriber, line: &Line, sequence: i64) -> Result<Map<String, Value>> {
        if to.seal == Seal::Tochka {
            return Ok(tochka(to, line));
        }
        let mut claims = self.envelope(to, sequence)?;
        let event = match (&line.reverses, line.amount_minor >= 0) {
            (Some(_), _) => "reversal",
            (None, true) => "credit",
            (None, false) => "debit",
        };
        let other = json!({
            "name": line.other.name, "inn": line.other.inn, "account": line.other.account, "bic": line.other.bic,
        });
        let said = json!({
            "evt": event, "line_id": line.id, "currency": line.currency,
            "amount_minor": line.amount_minor.abs(), "booked_at": line.booked_at, "number": line.number,
            "payer": other, "purpose": line.purpose, "orig_line_id": line.reverses,
        });
        claims.extend(said.as_object().cloned().unwrap_or_default());
        Ok(claims)
    }

    /// Signs what is said in the way of the channel.
    ///
    /// # Errors
    /// When a key is no good.
    pub fn sealed(&self, to: &Subscriber, claims: &Map<String, Value>, signer: &Signer) -> Result<Message> {
        let body = Value::Object(claims.clone()).to_string().into_bytes();
        let beside = |signature: String| vec![("Bank-Signature".to_owned(), signature)];
        Ok(match to.seal {
            Seal::Jws => Message { headers: beside(signer.detached(&signer.header(KID), &body)?), body },
            Seal::Jwt => Message {
                headers: Vec::new(),
                body: signer.attached(&signer.header(KID), &body)?.into_bytes(),
            },
            Seal::Tochka => {
                let mut header = signer.header(KID);
                header.shift_remove("kid");
                Message { headers: Vec::new(), body: signer.attached(&header, &body)?.into_bytes() }
            }
            Seal::Cms => {
                let certificate = der_of(&self.keys.certificate).unwrap_or_default();
                Message { headers: beside(STANDARD.encode(signer.cms(&certificate, &body)?)), body }
            }
        })
    }
}

fn tochka(to: &Subscriber, line: &Line) -> Map<String, Value> {
    let amount = format!("{}.{:02}", line.amount_minor.abs() / 100, line.amount_minor.abs() % 100);
    let own = json!({
        "bankCode": "044525104", "bankName": "Банк", "account": to.account, "name": "ООО Магазин",
        "amount": amount, "currency": line.currency, "inn": "7707083893",
    });
    let other = json!({
        "bankCode": line.other.bic, "bankName": "Банк", "account": line.other.account, "name": line.other.name,
        "amount": amount, "currency": line.currency, "inn": line.other.inn,
    });
    let came = line.amount_minor >= 0;
    let (payer, payee) = if came { (other, own) } else { (own, other) };
    let day = line.booked_at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    let said = json!({
        "SidePayer": payer, "SideRecipient": payee, "purpose": line.purpose, "documentNumber": line.number,
        "paymentId": line.id, "date": day.to_string(), "customerCode": to.audience(),
        "webhookType": if came { "incomingPayment" } else { "outgoingPayment" },
    });
    said.as_object().cloned().unwrap_or_default()
}

/// One digit of the body is another.
fn altered(mut message: Message) -> Message {
    let digit = message.body.iter().rposition(u8::is_ascii_digit);
    if let Some(byte) = digit.and_then(|at| message.body.get_mut(at)) {
        *byte = if *byte == b'9' { b'8' } else { *byte + 1 };
    }
    message
}
