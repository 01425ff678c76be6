//! One entry as one or several documents.
//!
//! Invariant: the documents of an entry add up to the amount of the entry, sign included. A batch
//! is parted only when its details account for that amount exactly; otherwise the entry stays
//! whole and the details are kept for people.

use takt_kernel::{Fault, Result, money::Money};
use takt_payments_port::{BankDocument, Batch, BookingState, Direction};

use super::{
    details::{self, Described},
    statement,
    xml::Element,
};
use crate::{amount, day, line::clip, warnings::Warnings};

/// What an entry says about all of its parts.
struct Booking {
    amount: Money,
    direction: Direction,
    state: BookingState,
    reversal: bool,
    booked_on: Option<String>,
    booked_at: Option<String>,
    valued_on: Option<String>,
    reference: Option<String>,
    number: String,
    kinds: Vec<String>,
    note: Option<String>,
}

pub(super) fn read(
    entry: &Element,
    place: &str,
    documents: &mut Vec<BankDocument>,
    warnings: &mut Warnings,
) -> Result<()> {
    let booking = booking(entry, place, warnings)?;
    let list: Vec<&Element> =
        entry.all("NtryDtls").flat_map(|details| details.all("TxDtls")).chain(entry.all("TxDtls")).collect();
    let mut extra = Vec::new();
    details::flatten(entry, "", &["Amt", "CdtDbtInd", "Sts", "TxDtls", "NtryDtls/TxDtls"], &mut extra);
    match list.as_slice() {
        [] => documents.push(booking.document(place.to_owned(), Described::default(), extra)),
        [only] if !speaks_for_all(entry, only, &booking) => {
            warnings.add("batch_not_parted", place, booking.amount.to_string());
            documents.push(whole_batch(&[only], &booking, place, extra));
        }
        [only] => {
            if !agrees(only, &booking) {
                warnings.add("details_differ", place, booking.amount.to_string());
            }
            let mut described = details::describe(only);
            described.id = booking.reference.clone().or(described.id);
            extra.append(&mut described.extra);
            documents.push(booking.document(place.to_owned(), described, extra));
        }
        several => match parts(several, &booking) {
            Some(parts) => part(several, &parts, &booking, place, extra, documents, warnings),
            None => {
                warnings.add("batch_not_parted", place, booking.amount.to_string());
                documents.push(whole_batch(several, &booking, place, extra));
            }
        },
    }
    Ok(())
}

fn booking(entry: &Element, place: &str, warnings: &mut Warnings) -> Result<Booking> {
    let amount = amount(entry)?;
    let given = entry.child("CdtDbtInd").ok_or_else(|| missing(entry, "CdtDbtInd"))?;
    let direction = direction(given).ok_or_else(|| unknown(given))?;
    let status = entry.text_at_any(&["Sts/Cd", "Sts/Prtry", "Sts"]).unwrap_or_default();
    let mut state = match status.as_str() {
        "BOOK" => BookingState::Booked,
        "PDNG" => BookingState::Pending,
        "INFO" => BookingState::Informational,
        _ => {
            warnings.add("status_unknown", place, &status);
            BookingState::Informational
        }
    };
    if amount.is_zero() {
        warnings.add("amount_zero", place, "");
        state = BookingState::Informational;
    }
    let booked = entry.text_at_any(&["BookgDt/DtTm", "BookgDt/Dt", "BookgDt"]);
    let booked_on = booked.as_deref().and_then(day::read);
    if let (Some(booked), None) = (&booked, &booked_on) {
        let line = entry.child("BookgDt").map_or(entry.line, |element| element.line);
        warnings.add("date_unread", line, booked);
    }
    Ok(Booking {
        amount,
        direction,
        state,
        reversal: entry.text_at("RvslInd").is_some_and(|text| matches!(text.as_str(), "true" | "1")),
        booked_on,
        booked_at: booked.as_deref().and_then(day::moment),
        valued_on: entry.text_at_any(&["ValDt/DtTm", "ValDt/Dt", "ValDt"]).as_deref().and_then(day::read),
        reference: entry.text_at("AcctSvcrRef").and_then(details::real_reference),
        number: entry.text_at("NtryRef").map(|text| clip(&text).to_owned()).unwrap_or_default(),
        kinds: details::kinds(entry),
        note: entry.text_at("AddtlNtryInf").map(|text| clip(&text).to_owned()),
    })
}

fn amount(entry: &Element) -> Result<Money> {
    let element = entry.child("Amt").ok_or_else(|| missing(entry, "Amt"))?;
    let code = element.currency.as_deref().ok_or_else(|| missing(element, "Ccy"))?;
    let currency = statement::currency(code)
        .ok_or_else(|| refuse("bank_files.value_unknown", element, "Ccy").arg("given", clip(code)))?;
    amount::read_decimal(&element.raw, currency)
        .map_err(|wrong| refuse(wrong.code(), element, "Amt").arg("given", clip(element.raw.trim())))
}

fn direction(element: &Element) -> Option<Direction> {
    match element.text()?.as_str() {
        "CRDT" => Some(Direction::Incoming),
        "DBIT" => Some(Direction::Outgoing),
        _ => None,
    }
}

/// The one detail of an entry says the same as the entry, as far as it says anything.
fn agrees(detail: &Element, booking: &Booking) -> bool {
    let one_way =
        detail.child("CdtDbtInd").and_then(direction).is_none_or(|found| found == booking.direction);
    let silent = detail.child("Amt").is_none() && detail.child("AmtDtls").is_none();
    one_way && (silent || amount_in(detail, booking.amount) == Some(booking.amount))
}

/// Not so when the bank describes one payment of a batch of many.
fn speaks_for_all(entry: &Element, only: &Element, booking: &Booking) -> bool {
    let count = entry.text_at_any(&["NtryDtls/Btch/NbOfTxs", "Btch/NbOfTxs"]);
    let many = count.and_then(|count| count.parse::<u64>().ok()).is_some_and(|count| count > 1);
    !many || amount_in(only, booking.amount) == Some(booking.amount)
}

/// The amount of a detail in the currency of its entry.
fn amount_in(detail: &Element, entry: Money) -> Option<Money> {
    ["Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"]
        .iter()
        .filter_map(|path| detail.at(path).and_then(statement::money))
        .find(|money| money.currency() == entry.currency())
}

/// The signed shares of the details, if they make up the entry exactly.
fn parts(details: &[&Element], booking: &Booking) -> Option<Vec<(Money, Direction)>> {
    let signed = |money: Money, direction: Direction| {
        if direction == Direction::Outgoing { -i128::from(money.minor()) } else { i128::from(money.minor()) }
    };
    let mut sum = 0;
    let mut parts = Vec::with_capacity(details.len());
    for detail in details {
        let money = amount_in(detail, booking.amount).filter(|money| !money.is_negative())?;
        let direction = match detail.child("CdtDbtInd") {
            Some(given) => direction(given)?,
            None => booking.direction,
        };
        sum += signed(money, direction);
        parts.push((money, direction));
    }
    (sum == signed(booking.amount, booking.direction)).then_some(parts)
}

fn part(
    details: &[&Element],
    parts: &[(Money, Direction)],
    booking: &Booking,
    place: &str,
    extra: Vec<(String, String)>,
    documents: &mut Vec<BankDocument>,
    warnings: &mut Warnings,
) {
    let mut described: Vec<Described> = details.iter().map(|detail| details::describe(detail)).collect();
    let mut ids: Vec<&str> = described.iter().filter_map(|part| part.id.as_deref()).collect();
    ids.sort_unstable();
    ids.dedup();
    let own_ids = ids.len() == details.len();
    // Where a part has the id of the whole, the two are not told apart by it.
    let whole = booking.reference.as_deref().filter(|whole| own_ids && !ids.contains(whole));
    let batch = whole.map(|whole| Batch { id: booking.id(whole.to_owned()), amount: booking.amount });
    let mut extra = Some(extra);
    for (index, (described, (amount, direction))) in described.iter_mut().zip(parts).enumerate() {
        let mut described = std::mem::take(described);
        if !own_ids {
            described.id = booking.reference.as_ref().map(|reference| format!("{reference}#{}", index + 1));
        }
        // What the entry says is kept once: in a large batch it would be repeated without end.
        let mut kept = extra.take().unwrap_or_else(|| booking.brief());
        kept.append(&mut described.extra);
        let place = format!("{place}/TxDtls[{}]", index + 1);
        if amount.is_zero() {
            warnings.add("amount_zero", &place, "");
        }
        let mut document = booking.document(place, described, kept);
        (document.amount, document.direction) = (*amount, *direction);
        document.batch.clone_from(&batch);
        if amount.is_zero() {
            document.state = BookingState::Informational;
        }
        documents.push(document);
    }
}

/// A batch as one document. Names and references of its parts are kept aside: any one of them
/// would claim the money of all.
fn whole_batch(
    details: &[&Element],
    booking: &Booking,
    place: &str,
    mut extra: Vec<(String, String)>,
) -> BankDocument {
    for (index, detail) in details.iter().enumerate() {
        details::flatten(detail, &format!("TxDtls[{}]/", index + 1), &[], &mut extra);
    }
    let returned = details.iter().all(|detail| detail.child("RtrInf").is_some());
    let described = Described { returned, id: booking.reference.clone(), ..Described::default() };
    booking.document(place.to_owned(), described, extra)
}

impl Booking {
    fn document(&self, place: String, described: Described, extra: Vec<(String, String)>) -> BankDocument {
        let mut kinds = described.kinds;
        kinds.extend(self.kinds.iter().cloned());
        let mut seen = std::collections::HashSet::new();
        kinds.retain(|kind| seen.insert(kind.clone()));
        let id = described.id.or_else(|| self.reference.clone());
        BankDocument {
            place,
            account: None,
            bank_id: id.map(|id| self.id(id)),
            number: described.number.unwrap_or_else(|| self.number.clone()),
            date: described.date,
            booked_on: self.booked_on.clone(),
            booked_at: self.booked_at.clone(),
            valued_on: self.valued_on.clone(),
            other_side_on: None,
            batch: None,
            amount: self.amount,
            direction: self.direction,
            state: self.state,
            reversal: self.reversal || described.returned || kinds.iter().any(|kind| is_return(kind)),
            payer: described.payer,
            payee: described.payee,
            purpose: described.purpose.or_else(|| self.note.clone()).unwrap_or_default(),
            references: described.references,
            kinds,
            extra,
        }
    }

    /// A reversal may carry the reference of what it reverses.
    fn id(&self, reference: String) -> String {
        if self.reversal { format!("{reference}/RVSL") } else { reference }
    }

    fn brief(&self) -> Vec<(String, String)> {
        [("AcctSvcrRef", &self.reference), ("AddtlNtryInf", &self.note)]
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)))
            .collect()
    }
}

/// `PMNT/ICDT/RRTN`: money that comes back, or is taken back, where nothing else says so.
fn is_return(kind: &str) -> bool {
    const SUBFAMILIES: [&str; 7] = ["RRTN", "RPCR", "PRDD", "UPDD", "UPCQ", "UPCT", "CQRV"];
    let mut parts = kind.split('/');
    parts.next() == Some("PMNT") && parts.nth(1).is_some_and(|part| SUBFAMILIES.contains(&part))
}

fn missing(element: &Element, field: &str) -> Fault {
    refuse("bank_files.element_missing", element, field)
}

fn unknown(element: &Element) -> Fault {
    refuse("bank_files.value_unknown", element, &element.name).arg("given", clip(element.raw.trim()))
}

fn refuse(code: &'static str, element: &Element, field: &str) -> Fault {
    Fault::invalid(code).arg("line", element.line).arg("field", field)
}
