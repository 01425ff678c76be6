use serde_json::{Map, Value};
use takt_kernel::{
    Fault, Result,
    money::{Currency, Money},
};
use takt_payments_port::{BankDocument, BankReport, BookingState, Direction, Format, Party, Told};
use takt_proof::json;

use takt_payments_port::fields::{Fields, is_day, malformed};

/// What the envelope itself says; the rest of it is about the movement.
const ENVELOPE: [&str; 19] = [
    "iss",
    "aud",
    "iat",
    "exp",
    "jti",
    "seq",
    "evt",
    "line_id",
    "account",
    "currency",
    "amount_minor",
    "booked_at",
    "payer",
    "payee",
    "purpose",
    "e2e",
    "number",
    "nbf",
    "orig_line_id",
];
const MOST_EXTRA: usize = 50;

/// What a message is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Event {
    Credit,
    Debit,
    Reversal,
    /// The bank is well; nothing moved.
    Status,
}

/// Reads one envelope to its end, or refuses it.
///
/// # Errors
/// `proof.not_json`, `proof.twice_said`, `bank_push.field_missing`, `bank_push.field_malformed`.
pub fn read(bytes: &[u8]) -> Result<Told> {
    let object = json::object(bytes)?;
    let fields = Fields { object: &object };
    let event = match fields.needed("evt")? {
        "credit" => Event::Credit,
        "debit" => Event::Debit,
        "reversal" => Event::Reversal,
        "status" => Event::Status,
        _ => return Err(malformed("evt")),
    };
    let account = fields.needed("account")?.to_owned();
    let line = fields.text("line_id")?.map(str::to_owned);
    let documents = match event {
        Event::Status => Vec::new(),
        Event::Credit | Event::Debit | Event::Reversal => vec![document(fields, event, &account)?],
    };
    let sequence = fields.number("seq")?;
    if sequence.is_some_and(|sequence| sequence < 0) {
        return Err(malformed("seq"));
    }
    Ok(Told {
        issuer: fields.text("iss")?.map(str::to_owned),
        audience: fields.text("aud")?.map(str::to_owned),
        issued_at: fields.moment("iat")?,
        expires_at: fields.moment("exp")?,
        delivery: fields.text("jti")?.map(str::to_owned),
        sequence,
        line,
        day: None,
        report: BankReport {
            format: Format::Push,
            accounts: vec![account.clone()],
            statements: Vec::new(),
            documents,
            warnings: Vec::new(),
            extra: Vec::new(),
        },
        account,
    })
}

fn document(fields: Fields<'_>, event: Event, account: &str) -> Result<BankDocument> {
    let line = fields.needed("line_id")?;
    let currency = Currency::from_code(fields.needed("currency")?).map_err(|_| malformed("currency"))?;
    let minor = fields
        .number("amount_minor")?
        .ok_or_else(|| Fault::invalid("bank_push.field_missing").arg("name", "amount_minor"))?;
    if minor <= 0 {
        return Err(malformed("amount_minor"));
    }
    let booked_at = fields.needed("booked_at")?;
    booked_at.parse::<jiff::Timestamp>().map_err(|_| malformed("booked_at"))?;
    let day = booked_at.get(..10).filter(|day| is_day(day)).ok_or_else(|| malformed("booked_at"))?;
    let reference = fields.text("e2e")?.filter(|reference| *reference != "NOTPROVIDED");
    Ok(BankDocument {
        place: line.to_owned(),
        account: Some(account.to_owned()),
        bank_id: Some(line.to_owned()),
        number: fields.text("number")?.unwrap_or_default().to_owned(),
        date: None,
        booked_on: Some(day.to_owned()),
        booked_at: Some(booked_at.to_owned()),
        valued_on: None,
        other_side_on: None,
        batch: None,
        amount: Money::new(minor, currency),
        direction: if event == Event::Credit { Direction::Incoming } else { Direction::Outgoing },
        state: BookingState::Booked,
        reversal: event == Event::Reversal,
        payer: party(fields, "payer")?,
        payee: party(fields, "payee")?,
        purpose: fields.text("purpose")?.unwrap_or_default().to_owned(),
        references: reference.map(str::to_owned).into_iter().collect(),
        kinds: Vec::new(),
        extra: extra(fields.object)?,
    })
}

fn party(fields: Fields<'_>, name: &str) -> Result<Party> {
    match fields.within(name)? {
        Some(party) => party.party("account", "bic", "bank"),
        None => Ok(Party::default()),
    }
}

/// All that the bank says besides, and which line a reversal takes back.
fn extra(object: &Map<String, Value>) -> Result<Vec<(String, String)>> {
    let beside = object.iter().filter(|(name, value)| {
        (!ENVELOPE.contains(&name.as_str()) || *name == "orig_line_id") && !value.is_null()
    });
    let extra: Vec<(String, String)> = beside
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    if extra.len() > MOST_EXTRA { Err(malformed("…")) } else { Ok(extra) }
}
