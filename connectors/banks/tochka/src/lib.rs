//! A bank of Tochka's kind: the body of a push is a JWT, signed with RS256 by the bank's published key, about
//! one movement. It says neither who is addressed nor when it was written, and comes without a certificate:
//! what stands for that are the customer's code, the account, the payment's id, which counts once, and the day.
//!
//! Reads and refuses; everything else is decided by payments.

use takt_feature::{Feature, Tier};
use takt_kernel::{
    Result,
    money::{Currency, Money},
};
use takt_payments::CHANNEL_KINDS;
use takt_payments_port::fields::{Fields, is_day, malformed};
use takt_payments_port::{
    BankDocument, BankReport, BookingState, ChannelKind, Direction, Door, Format, Needs, PushProfile, Seal,
    Told,
};
use takt_proof::{Algorithm, json};

pub const CODE: &str = "tochka";

pub const KIND: ChannelKind = ChannelKind {
    code: CODE,
    name_key: "tochka-name",
    push: Some(PushProfile {
        door: Door::Public,
        seals: &[Seal::Jwt],
        algorithms: &[Algorithm::Rs256],
        needs: Needs::NOTHING,
        read,
    }),
    read: None,
};

pub fn feature() -> Feature {
    Feature::new("bank_tochka", Tier::Connector)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(&CHANNEL_KINDS, CODE, KIND)
}

/// Reads what such a bank signed.
///
/// # Errors
/// `proof.not_json`, `proof.twice_said`, `bank_push.field_missing`, `bank_push.field_malformed`.
pub fn read(bytes: &[u8]) -> Result<Told> {
    let object = json::object(bytes)?;
    let fields = Fields { object: &object };
    let direction = match fields.needed("webhookType")? {
        "incomingPayment" => Direction::Incoming,
        "outgoingPayment" => Direction::Outgoing,
        _ => return Err(malformed("webhookType")),
    };
    let side = |name: &str| fields.within(name)?.ok_or_else(|| malformed(name));
    let (payer, payee) = (side("SidePayer")?, side("SideRecipient")?);
    let own = if direction == Direction::Incoming { payee } else { payer };
    let account = own.needed("account")?.to_owned();
    let currency = Currency::from_code(own.needed("currency")?).map_err(|_| malformed("currency"))?;
    let amount = Money::parse(own.needed("amount")?, currency).map_err(|_| malformed("amount"))?;
    if !amount.is_positive() {
        return Err(malformed("amount"));
    }
    let line = fields.needed("paymentId")?.to_owned();
    let day = fields.needed("date")?;
    if !is_day(day) {
        return Err(malformed("date"));
    }
    let bank = |side: Fields<'_>| side.party("account", "bankCode", "bankName");
    let document = BankDocument {
        place: line.clone(),
        account: Some(account.clone()),
        bank_id: Some(line.clone()),
        number: fields.text("documentNumber")?.unwrap_or_default().to_owned(),
        date: None,
        booked_on: Some(day.to_owned()),
        booked_at: None,
        valued_on: None,
        other_side_on: None,
        batch: None,
        amount,
        direction,
        state: BookingState::Booked,
        reversal: false,
        payer: bank(payer)?,
        payee: bank(payee)?,
        purpose: fields.text("purpose")?.unwrap_or_default().to_owned(),
        references: Vec::new(),
        kinds: Vec::new(),
        extra: Vec::new(),
    };
    Ok(Told {
        issuer: None,
        audience: fields.text("customerCode")?.map(str::to_owned),
        issued_at: None,
        expires_at: None,
        delivery: None,
        sequence: None,
        line: Some(line),
        day: Some(day.to_owned()),
        report: BankReport {
            format: Format::Push,
            accounts: vec![account.clone()],
            statements: Vec::new(),
            documents: vec![document],
            warnings: Vec::new(),
            extra: Vec::new(),
        },
        account,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use takt_payments_port::Direction;

    use super::read;

    fn said() -> Value {
        json!({
            "SidePayer": {"bankCode": "044525104", "bankName": "Банк", "account": "40702810101270000000",
                "name": "ООО Покупатель", "amount": "100.50", "currency": "RUB", "inn": "7707083893", "kpp": "0"},
            "SideRecipient": {"bankCode": "044525104", "bankName": "Банк", "account": "40702810200000000001",
                "name": "ООО Светосила", "amount": "100.50", "currency": "RUB", "inn": "7707083894"},
            "purpose": "Оплата счёта TX00102413", "documentNumber": "5", "paymentId": "cbs-1",
            "date": "2026-11-02", "webhookType": "incomingPayment", "customerCode": "300000092",
        })
    }

    #[test]
    fn an_incoming_payment_is_about_the_side_that_receives() {
        let told = read(said().to_string().as_bytes()).expect("a payment");
        let document = &told.report.documents[0];
        assert_eq!(told.account, "40702810200000000001");
        assert_eq!((document.amount.minor(), document.direction), (10_050, Direction::Incoming));
        assert_eq!(document.payer.accounts, ["40702810101270000000"]);
        assert_eq!((told.line.as_deref(), told.audience.as_deref()), (Some("cbs-1"), Some("300000092")));
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        for (name, value) in [
            ("webhookType", json!("incomingSbpPayment")),
            ("SideRecipient", json!(null)),
            ("paymentId", json!(7)),
            ("paymentId", json!("")),
            ("date", json!("02.11.2026")),
            ("SideRecipient", json!({"account": "1", "currency": "RUB", "amount": "-1"})),
            ("SideRecipient", json!({"account": "1", "currency": "RUB", "amount": 100})),
            ("SideRecipient", json!({"account": "1", "currency": "QQQ", "amount": "1"})),
        ] {
            let mut said = said();
            said[name] = value.clone();
            let refused = read(said.to_string().as_bytes()).expect_err("refused");
            assert!(refused.code().starts_with("bank_push.field_"), "{name} {value}: {refused}");
        }
    }
}
