//! Which invoices the structured references, the references and the numbers of the text stand for.

use takt_kernel::Result;

use super::{
    evidence::{Evidence, Objection},
    named::{DayCheck, Named, Naming, check_day},
};
use crate::{
    date::Date,
    ledger::{Filed, IncomingLine, Invoice, InvoiceState, Lookup},
    policy::Policy,
    reason::{self, Reason},
    reference::Reference,
    text::{Extract, NamedNumber},
};

/// So many times an invoice may be issued again while its first paper still leads to it.
const REISSUES: usize = 3;
const NUMBER_KEYS: usize = 64;
/// Years of one numbering and shops of one company may share numbers, so keys have several rows.
const NUMBER_ROWS: usize = 256;

#[derive(Default)]
pub(super) struct NamingReader {
    /// By id.
    known: Vec<Filed>,
    /// By id.
    named: Vec<Named>,
    closed: Vec<Filed>,
    ambiguous: Vec<(NamedNumber, Vec<Filed>)>,
    objections: Vec<Objection>,
}

impl NamingReader {
    pub fn read(
        line: &IncomingLine<'_>,
        text: &Extract,
        lookup: &mut dyn Lookup,
        policy: &Policy,
    ) -> Result<Self> {
        let references = references(line, text);
        let mut reader = Self::default();
        reader.load(&references, &text.numbers, lookup, policy)?;
        for (reference, naming, day) in references {
            reader.name_by_reference(reference, naming, day, line);
        }
        for number in &text.numbers {
            reader.name_by_number(number, line, policy);
        }
        Ok(reader)
    }

    /// Hands over; a number that several invoices have is settled by who pays, if at all.
    pub fn into_evidence(mut self, evidence: &mut Evidence) {
        for (number, candidates) in std::mem::take(&mut self.ambiguous) {
            let of_payer: Vec<&Filed> =
                candidates.iter().filter(|invoice| evidence.knows_payer_of(invoice)).collect();
            if let [only] = of_payer[..] {
                self.name((*only).clone(), Naming::Number(number.key.clone()), number.date, false);
            } else {
                let reason = Reason::new(reason::VETO_AMBIGUOUS_NUMBER).with("number", &number.key);
                self.objections.push(Objection::Always(reason));
                evidence.possible.extend(candidates);
            }
        }
        self.objections.sort();
        self.objections.dedup();
        by_id(&mut evidence.possible);
        by_id(&mut self.closed);
        evidence.named = self.named;
        evidence.closed = self.closed;
        evidence.objections = self.objections;
    }

    fn load(
        &mut self,
        references: &[(Reference, Naming, Option<Date>)],
        numbers: &[NamedNumber],
        lookup: &mut dyn Lookup,
        policy: &Policy,
    ) -> Result<()> {
        let without_letters = numbers.iter().flat_map(|number| without_letters(number, policy));
        let mut references: Vec<Reference> =
            references.iter().map(|(reference, ..)| *reference).chain(without_letters).collect();
        references.sort_unstable();
        references.dedup();
        if !references.is_empty() {
            self.keep(lookup.by_references(&references)?);
        }
        let keys = numbers.iter().flat_map(|number| std::iter::once(&number.key).chain(&number.range));
        let mut keys: Vec<&str> = keys.map(String::as_str).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.truncate(NUMBER_KEYS);
        if !keys.is_empty() {
            let rows = lookup.by_number_keys(&keys, NUMBER_ROWS)?;
            if rows.len() >= NUMBER_ROWS {
                // What was cut off might be what was meant.
                self.objections.push(Objection::Always(Reason::new(reason::VETO_TOO_MANY)));
            }
            self.keep(rows);
        }
        for _ in 0..REISSUES {
            let successors = self.known.iter().filter_map(|invoice| successor(invoice));
            let mut missing: Vec<i64> = successors.filter(|id| self.of_id(*id).is_none()).collect();
            missing.sort_unstable();
            missing.dedup();
            if missing.is_empty() {
                break;
            }
            self.keep(lookup.by_ids(&missing)?);
        }
        Ok(())
    }

    fn keep(&mut self, invoices: Vec<Filed>) {
        self.known.extend(invoices);
        by_id(&mut self.known);
    }

    fn of_id(&self, id: i64) -> Option<&Filed> {
        let at = self.known.binary_search_by_key(&id, |invoice| invoice.id).ok()?;
        self.known.get(at)
    }

    fn name_by_reference(
        &mut self,
        reference: Reference,
        naming: Naming,
        day: Option<Date>,
        line: &IncomingLine<'_>,
    ) {
        let Some(paper) = self.known.iter().find(|invoice| invoice.reference == Some(reference)).cloned()
        else {
            let reason = Reason::new(reason::VETO_UNKNOWN_REFERENCE).with("reference", reference);
            self.objections.push(Objection::Always(reason));
            return;
        };
        let invoice = self.in_force(&paper);
        if let Some(objection) = why_not(&invoice, line) {
            self.objections.push(objection);
            self.closed.push(invoice);
            return;
        }
        // The day on the old paper is as right as the day on the new one.
        let differs = [&paper, &invoice].iter().all(|one| check_day(one, day) == DayCheck::Differs);
        if differs {
            self.object_to_day(&invoice, day);
        }
        let equal = [&paper, &invoice].iter().any(|one| check_day(one, day) == DayCheck::Equal);
        let reissued = paper.id != invoice.id;
        self.name(invoice, naming, day.filter(|_| equal), reissued);
    }

    fn name_by_number(&mut self, number: &NamedNumber, line: &IncomingLine<'_>, policy: &Policy) {
        let literal = self.having(number, &number.key, policy);
        if !literal.is_empty() || number.range.is_empty() {
            return self.name_one_of(number, literal, line);
        }
        for key in &number.range {
            let member = NamedNumber { key: key.clone(), date: number.date, range: Vec::new() };
            let papers = self.having(&member, key, policy);
            self.name_one_of(&member, papers, line);
        }
    }

    fn having(&self, number: &NamedNumber, key: &str, policy: &Policy) -> Vec<Filed> {
        let has = |invoice: &&Filed| {
            let spoken = |reference| without_letters(number, policy).any(|meant| meant == reference);
            invoice.called().names().any(|own| own == key) || invoice.reference.is_some_and(spoken)
        };
        self.known.iter().filter(has).cloned().collect()
    }

    fn name_one_of(&mut self, number: &NamedNumber, mut papers: Vec<Filed>, line: &IncomingLine<'_>) {
        if papers.is_empty() {
            let reason = Reason::new(reason::VETO_UNKNOWN_NUMBER).with("number", &number.key);
            self.objections.push(Objection::UnknownNumber(reason));
            return;
        }
        if papers.iter().any(|paper| check_day(paper, number.date) == DayCheck::Equal) {
            papers.retain(|paper| check_day(paper, number.date) == DayCheck::Equal);
        } else if papers.iter().all(|paper| check_day(paper, number.date) == DayCheck::Differs) {
            self.object_to_day(&papers[0].clone(), number.date);
        }
        let mut in_force: Vec<Filed> = papers.iter().map(|paper| self.in_force(paper)).collect();
        by_id(&mut in_force);
        // The order number beside a reference of the same order says nothing new.
        let by_reference = |invoice: &Filed| {
            self.named.iter().any(|named| named.invoice.id == invoice.id && named.by_reference())
        };
        if in_force.iter().any(by_reference) {
            return;
        }
        let (payable, closed): (Vec<Filed>, Vec<Filed>) =
            in_force.into_iter().partition(|invoice| why_not(invoice, line).is_none());
        match &payable[..] {
            [] => {
                self.objections.extend(closed.iter().filter_map(|invoice| why_not(invoice, line)));
                self.closed.extend(closed);
            }
            [only] => {
                let reissued = papers.iter().all(|paper| paper.id != only.id);
                let day = number
                    .date
                    .filter(|_| papers.iter().any(|paper| check_day(paper, number.date) == DayCheck::Equal));
                self.name(only.clone(), Naming::Number(number.key.clone()), day, reissued);
            }
            _ => self.ambiguous.push((number.clone(), payable)),
        }
    }

    fn object_to_day(&mut self, invoice: &Invoice, day: Option<Date>) {
        let mut reason = Reason::new(reason::VETO_DATE).with("invoice", invoice.name());
        if let Some(day) = day {
            reason = reason.with("date", day);
        }
        self.objections.push(Objection::Day(reason));
    }

    /// `day` is given when it was bound to the name and is right.
    fn name(&mut self, invoice: Filed, naming: Naming, day: Option<Date>, reissued: bool) {
        let dated = check_day(&invoice, day) == DayCheck::Equal || (reissued && day.is_some());
        let place = self.named.binary_search_by_key(&invoice.id, |named| named.invoice.id);
        let at = place.unwrap_or_else(|at| {
            self.named.insert(at, Named::new(invoice));
            at
        });
        let named = &mut self.named[at];
        named.call(naming);
        named.dated |= dated;
        named.reissued |= reissued;
    }

    /// The invoice that is to be paid by who holds this paper.
    fn in_force(&self, paper: &Filed) -> Filed {
        let mut invoice = paper;
        for _ in 0..REISSUES {
            match successor(invoice).and_then(|id| self.of_id(id)) {
                Some(next) => invoice = next,
                None => break,
            }
        }
        invoice.clone()
    }
}

/// Each once.
fn by_id(invoices: &mut Vec<Filed>) {
    invoices.sort_by_key(|invoice| invoice.id);
    invoices.dedup_by_key(|invoice| invoice.id);
}

fn successor(invoice: &Invoice) -> Option<i64> {
    match invoice.state {
        InvoiceState::Superseded { by } => Some(by),
        _ => None,
    }
}

/// References of the bank's own fields (E1) and of the text (E2). A field that is no reference of
/// ours is the payer's own number, and says nothing.
fn references(line: &IncomingLine<'_>, text: &Extract) -> Vec<(Reference, Naming, Option<Date>)> {
    let structured = line.references.iter().filter_map(|field| {
        let reference = Reference::from_creditor_reference(field).or_else(|| Reference::parse(field).ok())?;
        Some((reference, Naming::Structured(reference.to_string()), None))
    });
    let spoken = text
        .references
        .iter()
        .map(|named| (named.reference, Naming::Reference(named.reference.to_string()), named.date));
    structured.chain(spoken).collect()
}

/// Payers leave our letters out: after an invoice word the digits are a number that we know (E3),
/// not a reference.
fn without_letters(number: &NamedNumber, policy: &Policy) -> impl Iterator<Item = Reference> {
    policy.prefixes.iter().filter_map(move |prefix| Reference::checked_number(*prefix, &number.key))
}

/// Why nothing can be paid on this invoice.
fn why_not(invoice: &Invoice, line: &IncomingLine<'_>) -> Option<Objection> {
    let reason = |code| Reason::new(code).with("invoice", invoice.name());
    match invoice.state {
        InvoiceState::Cancelled | InvoiceState::Superseded { .. } => {
            Some(Objection::Always(reason(reason::VETO_CANCELLED)))
        }
        InvoiceState::Expired => Some(Objection::Always(reason(reason::VETO_EXPIRED))),
        InvoiceState::Paid => Some(Objection::Paid(reason(reason::VETO_PAID))),
        InvoiceState::Open if !invoice.residual.is_positive() => {
            Some(Objection::Paid(reason(reason::VETO_PAID)))
        }
        InvoiceState::Open if invoice.residual.currency() != line.amount.currency() => Some(
            Objection::Always(reason(reason::VETO_CURRENCY).with("currency", invoice.residual.currency())),
        ),
        InvoiceState::Open => None,
    }
}
