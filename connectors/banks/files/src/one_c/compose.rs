//! Writes a statement as a bank would, for the demonstration bank and for tests: what is written
//! here comes back from [`super::read`] unchanged.

use encoding_rs::WINDOWS_1251;
use takt_kernel::{Result, money::Money};
use takt_payments_port::Party;

use crate::line::one_line;

/// Whose statement it is, over which days.
#[derive(Clone, Debug)]
pub struct Header {
    /// The bank's program, `Отправитель`.
    pub sender: String,
    pub account: String,
    /// ISO dates, both counted.
    pub from: String,
    pub until: String,
    pub opening: Money,
}

/// One payment to or from the account of the header.
#[derive(Clone, Debug)]
pub struct Movement {
    /// `Платежное поручение`, `Банковский ордер`.
    pub kind: String,
    pub number: String,
    /// ISO dates of the document and of its booking.
    pub date: String,
    pub booked_on: String,
    pub amount: Money,
    pub incoming: bool,
    pub payer: Party,
    pub payee: Party,
    pub purpose: String,
}

/// The bytes of the statement in windows-1251, with the balances worked out. Letters that the
/// encoding lacks become `?`.
///
/// # Errors
/// `money.mixed_currencies`, `money.overflow`.
pub fn compose(header: &Header, movements: &[Movement]) -> Result<Vec<u8>> {
    let total = |incoming: bool| {
        let amounts = movements.iter().filter(|movement| movement.incoming == incoming);
        Money::sum(header.opening.currency(), amounts.map(|movement| movement.amount))
    };
    let (incoming, outgoing) = (total(true)?, total(false)?);
    let closing = header.opening.add(incoming)?.subtract(outgoing)?;
    let mut lines = Lines::default();
    lines.bare("1CClientBankExchange");
    lines.put("ВерсияФормата", "1.03");
    lines.put("Кодировка", "Windows");
    lines.put("Отправитель", &header.sender);
    lines.put("Получатель", "");
    lines.put("ДатаНачала", day(&header.from));
    lines.put("ДатаКонца", day(&header.until));
    lines.put("РасчСчет", &header.account);
    lines.bare("СекцияРасчСчет");
    lines.put("ДатаНачала", day(&header.from));
    lines.put("ДатаКонца", day(&header.until));
    lines.put("РасчСчет", &header.account);
    lines.put("НачальныйОстаток", header.opening.to_decimal_string());
    lines.put("ВсегоПоступило", incoming.to_decimal_string());
    lines.put("ВсегоСписано", outgoing.to_decimal_string());
    lines.put("КонечныйОстаток", closing.to_decimal_string());
    lines.bare("КонецРасчСчет");
    for movement in movements {
        document(&mut lines, movement);
    }
    lines.bare("КонецФайла");
    Ok(lines.bytes)
}

fn document(lines: &mut Lines, movement: &Movement) {
    lines.put("СекцияДокумент", &movement.kind);
    lines.put("Номер", &movement.number);
    lines.put("Дата", day(&movement.date));
    lines.put("Сумма", movement.amount.to_decimal_string());
    let booked = if movement.incoming { "ДатаПоступило" } else { "ДатаСписано" };
    lines.put(booked, day(&movement.booked_on));
    party(lines, "Плательщик", &movement.payer);
    party(lines, "Получатель", &movement.payee);
    lines.put("ВидОплаты", "01");
    lines.put("Очередность", "5");
    lines.put("НазначениеПлатежа", &movement.purpose);
    lines.bare("КонецДокумента");
}

fn party(lines: &mut Lines, side: &str, party: &Party) {
    let put = |lines: &mut Lines, key: &str, value: &str| lines.put(&format!("{side}{key}"), value);
    let account = party.accounts.first().map_or("", String::as_str);
    put(lines, "Счет", account);
    put(lines, "", &party.name);
    put(lines, "ИНН", party.inn.as_deref().unwrap_or_default());
    put(lines, "1", &party.name);
    put(lines, "РасчСчет", party.accounts.get(1).map_or(account, String::as_str));
    put(lines, "Банк1", party.bank.as_deref().unwrap_or_default());
    put(lines, "БИК", party.bic.as_deref().unwrap_or_default());
}

/// An ISO date as the format writes it.
fn day(iso: &str) -> String {
    iso.split('-').rev().collect::<Vec<_>>().join(".")
}

#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
}

impl Lines {
    fn bare(&mut self, row: &str) {
        for letter in row.chars() {
            let mut buffer = [0; 4];
            let (bytes, _, lacking) = WINDOWS_1251.encode(letter.encode_utf8(&mut buffer));
            if lacking {
                self.bytes.push(b'?');
            } else {
                self.bytes.extend_from_slice(&bytes);
            }
        }
        self.bytes.extend_from_slice(b"\r\n");
    }

    fn put(&mut self, key: &str, value: impl AsRef<str>) {
        self.bare(&format!("{key}={}", one_line(value.as_ref())));
    }
}
