//! Checks the totals that the bank states against the documents it sent: the one way to notice a
//! page that got lost. Only ever a warning, for cut-down and masked files are common.

use std::collections::HashMap;

use takt_kernel::money::Money;
use takt_payments_port::{BankDocument, Dated, Direction, Statement};

use crate::warnings::Warnings;

/// Sums by day, added up from the first day on, so that any interval is two look-ups.
#[derive(Default)]
struct Days {
    days: Vec<(String, i128)>,
}

#[derive(Default)]
struct Turnover {
    incoming: Days,
    outgoing: Days,
}

pub(super) fn check(statements: &[(usize, Statement)], documents: &[BankDocument], warnings: &mut Warnings) {
    let turnovers = turnovers(statements, documents);
    for (line, statement) in statements {
        check_balance(*line, statement, warnings);
        let Some(turnover) = turnovers.get(statement.account.as_str()) else { continue };
        for (stated, days) in
            [(statement.incoming, &turnover.incoming), (statement.outgoing, &turnover.outgoing)]
        {
            let Some(stated) = stated else { continue };
            let found = days.within(statement.from.as_deref(), statement.until.as_deref());
            if i128::from(stated.minor()) != found {
                let found = i64::try_from(found).unwrap_or(i64::MAX);
                let found = Money::new(found, stated.currency()).to_decimal_string();
                let detail = format!("{}: {} / {found}", statement.account, stated.to_decimal_string());
                warnings.add("totals_differ", line, detail);
            }
        }
    }
}

fn check_balance(line: usize, statement: &Statement, warnings: &mut Warnings) {
    let (Some(opening), Some(closing), Some(incoming), Some(outgoing)) =
        (statement.opening, statement.closing, statement.incoming, statement.outgoing)
    else {
        return;
    };
    let expected = opening.add(incoming).and_then(|sum| sum.subtract(outgoing));
    if expected.as_ref().ok() != Some(&closing) {
        let expected = expected.map(Money::to_decimal_string).unwrap_or_default();
        let detail = format!("{}: {} / {expected}", statement.account, closing.to_decimal_string());
        warnings.add("balance_differs", line, detail);
    }
}

fn turnovers<'s>(
    statements: &'s [(usize, Statement)],
    documents: &[BankDocument],
) -> HashMap<&'s str, Turnover> {
    let mut turnovers: HashMap<&str, Turnover> =
        statements.iter().map(|(_, statement)| (statement.account.as_str(), Turnover::default())).collect();
    // With one account in the file, the booking date tells whose a masked document is.
    let only = (turnovers.len() == 1).then(|| turnovers.keys().next().copied()).flatten();
    for document in documents {
        let day = document.day().unwrap_or_default();
        let minor = i128::from(document.amount.minor());
        let mut own_side = false;
        for (party, incoming) in [(&document.payer, false), (&document.payee, true)] {
            let own = party.accounts.iter().find(|account| turnovers.contains_key(account.as_str()));
            if let Some(turnover) = own.and_then(|account| turnovers.get_mut(account.as_str())) {
                own_side = true;
                turnover.side(incoming).add(day, minor);
            }
        }
        if let (false, Some(only), Direction::BySide { dated: Some(dated) }) =
            (own_side, only, document.direction)
            && let Some(turnover) = turnovers.get_mut(only)
        {
            turnover.side(dated == Dated::Incoming).add(day, minor);
        }
    }
    for turnover in turnovers.values_mut() {
        turnover.incoming.accumulate();
        turnover.outgoing.accumulate();
    }
    turnovers
}

impl Turnover {
    fn side(&mut self, incoming: bool) -> &mut Days {
        if incoming { &mut self.incoming } else { &mut self.outgoing }
    }
}

impl Days {
    fn add(&mut self, day: &str, minor: i128) {
        match self.days.last_mut() {
            Some((last, sum)) if last == day => *sum += minor,
            _ => self.days.push((day.to_owned(), minor)),
        }
    }

    fn accumulate(&mut self) {
        self.days.sort_unstable();
        let mut sum = 0;
        for (_, minor) in &mut self.days {
            sum += *minor;
            *minor = sum;
        }
    }

    /// The sum of the days from `from` to `until`, both counted.
    fn within(&self, from: Option<&str>, until: Option<&str>) -> i128 {
        let before = from.map_or(0, |from| self.days.partition_point(|(day, _)| day.as_str() < from));
        let behind = until
            .map_or(self.days.len(), |until| self.days.partition_point(|(day, _)| day.as_str() <= until));
        let up_to =
            |index: usize| index.checked_sub(1).and_then(|index| self.days.get(index)).map_or(0, |day| day.1);
        up_to(behind) - up_to(before)
    }
}
