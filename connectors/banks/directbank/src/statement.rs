//! A `Statement` of the bank as a report. The versions 2.1.1 to 2.3.2 differ in what may stand beside the
//! fields read here; whatever is not read by name is kept in `extra` with its path.
//!
//! `DC` alone never says which way the money went: the side on which the statement's own account stands
//! does, and where the two disagree, or no side names the account, a person decides.

use takt_kernel::{
    Fault, Result,
    money::{Currency, Money},
};
use takt_payments_port::{
    BankDocument, BankReport, BookingState, Dated, Direction, Format, Party, Statement, Warning,
};

use crate::{
    packet::unpacked,
    xml::{self, Element},
};

const MOST_DOCUMENTS: usize = 200_000;
/// Statements of balances alone hold no operations on purpose.
const BALANCE_ONLY: &str = "2";
const INTERMEDIATE: &str = "1";

/// Shapes of `PayDoc`; one that a later version adds is read by the same names.
const READ_BY_NAME: [&str; 22] = [
    "DocNo",
    "DocDate",
    "Sum",
    "Purpose",
    "TransitionContent",
    "Payer/Name",
    "Payer/INN",
    "Payer/Account",
    "Payer/Bank/BIC",
    "Payer/Bank/Name",
    "Payee/Name",
    "Payee/INN",
    "Payee/Account",
    "Payee/Bank/BIC",
    "Payee/Bank/Name",
    "AccountDebit",
    "AccountCredit",
    "AccDebit",
    "AccCredit",
    "Code",
    "TransitionKind",
    "InnerDocKind",
];

/// As it came in a document: packed or not.
///
/// # Errors
/// `directbank.unexpected`, `.element_missing`, `.amount_malformed`, `.value_unknown`, `.too_many`, and
/// those of the reading of XML.
pub fn read(bytes: &[u8], own_currency: Currency) -> Result<BankReport> {
    let bytes = unpacked(bytes)?;
    let root = xml::read(&bytes)?;
    if root.name != "Statement" {
        let given: String = root.name.chars().take(80).collect();
        return Err(Fault::invalid("directbank.unexpected").arg("line", root.line).arg("given", given));
    }
    let data = root.needed("Data")?;
    let account: String = data.needed_text("Account")?.split_whitespace().collect();
    let currency = currency_of(&account).unwrap_or(own_currency);
    let kind = data.needed_text("StatementType")?;
    let mut warnings = Vec::new();
    let mut documents = Vec::new();
    for (index, operation) in data.all("OperationInfo").enumerate() {
        if index >= MOST_DOCUMENTS {
            return Err(Fault::invalid("directbank.too_many").arg("limit", MOST_DOCUMENTS));
        }
        documents.push(operation_of(operation, &account, currency, &mut warnings)?);
    }
    let balance = |name: &str| -> Result<Option<Money>> {
        data.child(name)
            .filter(|element| element.text().is_some())
            .map(|given| money(given, currency))
            .transpose()
    };
    let statement = Statement {
        from: data.text_at("DateFrom").as_deref().and_then(day),
        until: data.text_at("DateTo").as_deref().and_then(day),
        opening: balance("OpeningBalance")?,
        closing: balance("ClosingBalance")?,
        incoming: balance("TotalCredits")?,
        outgoing: balance("TotalDebits")?,
        currency: Some(currency),
        account: account.clone(),
        copy: false,
        extra: Vec::new(),
    };
    if kind == BALANCE_ONLY && documents.is_empty() {
        // Balances without their lines prove nothing and contradict nothing.
        warn(&mut warnings, "balance_only", root.line, &kind);
    } else {
        check_totals(&statement, &documents, data.line, &mut warnings);
    }
    if kind == INTERMEDIATE {
        warn(&mut warnings, "intermediate", root.line, &kind);
    }
    Ok(BankReport {
        format: Format::DirectBank,
        accounts: vec![account],
        statements: if kind == BALANCE_ONLY { Vec::new() } else { vec![statement] },
        documents,
        warnings,
        extra: Vec::new(),
    })
}

/// Of which of our requests a statement is the answer.
pub(crate) fn request_of(bytes: &[u8]) -> Option<String> {
    xml::read(&unpacked(bytes).ok()?).ok()?.text_at("ExtIDStatementRequest")
}

fn operation_of(
    operation: &Element,
    own: &str,
    currency: Currency,
    warnings: &mut Vec<Warning>,
) -> Result<BankDocument> {
    let pay_doc = operation.needed("PayDoc")?;
    let id = pay_doc.needed_attribute("id")?.to_owned();
    let Some(shape) = pay_doc.children.first() else {
        return Err(Fault::invalid("directbank.element_missing")
            .arg("line", pay_doc.line)
            .arg("field", "PayDoc/*"));
    };
    let amount = money(shape.needed("Sum")?, currency)?;
    if amount.is_negative() {
        return Err(malformed(shape.needed("Sum")?));
    }
    let (payer, payee) = sides(shape);
    let given = operation.needed("DC")?;
    let flag = match given.text().as_deref() {
        Some("1") => Dated::Outgoing,
        Some("2") => Dated::Incoming,
        _ => {
            return Err(Fault::invalid("directbank.value_unknown")
                .arg("line", given.line)
                .arg("field", "DC")
                .arg("given", given.text().unwrap_or_default().chars().take(40).collect::<String>()));
        }
    };
    let place = format!("{}", operation.line);
    let direction = direction(&payer, &payee, own, flag);
    if matches!(direction, Direction::BySide { .. }) {
        warn(warnings, "direction_unclear", operation.line, &id);
    }
    let status = operation.text_at("Stamp/Status/Code");
    let mut extra = Vec::new();
    keep(operation, "", &["PayDoc", "DC", "Date"], &mut extra);
    keep(shape, &format!("{}/", shape.name), &READ_BY_NAME, &mut extra);
    let mut kinds: Vec<String> = pay_doc
        .attribute("docKind")
        .or(pay_doc.attribute("dockind"))
        .map(str::to_owned)
        .into_iter()
        .collect();
    kinds.push(shape.name.clone());
    kinds.extend(
        ["TransitionKind", "PartialTransitionKind", "InnerDocKind"]
            .iter()
            .filter_map(|path| shape.text_at(path)),
    );
    let state = if amount.is_zero() { BookingState::Informational } else { state_of(status.as_deref()) };
    if state == BookingState::Informational {
        warn(warnings, "not_executed", operation.line, status.as_deref().unwrap_or("0"));
    }
    Ok(BankDocument {
        place,
        account: Some(own.to_owned()),
        bank_id: Some(id),
        number: shape.text_at("DocNo").unwrap_or_default(),
        date: shape.text_at("DocDate").as_deref().and_then(day),
        booked_on: operation.text_at("Date").as_deref().and_then(day),
        booked_at: None,
        valued_on: None,
        other_side_on: None,
        batch: None,
        amount,
        direction,
        state,
        reversal: false,
        payer,
        payee,
        purpose: purpose(shape),
        references: shape
            .text_at("Code")
            .filter(|code| code.chars().any(|letter| letter != '0'))
            .into_iter()
            .collect(),
        kinds,
        extra,
    })
}

/// An entry of a statement is booked, unless its stamp says that the bank did not carry it out.
fn state_of(status: Option<&str>) -> BookingState {
    match status {
        None | Some("02") => BookingState::Booked,
        Some("01" | "04" | "06") => BookingState::Pending,
        Some(_) => BookingState::Informational,
    }
}

fn direction(payer: &Party, payee: &Party, own: &str, flag: Dated) -> Direction {
    let names = |party: &Party| party.accounts.iter().any(|account| account == own);
    match (names(payer), names(payee), flag) {
        (false, true, Dated::Incoming) => Direction::Incoming,
        (true, false, Dated::Outgoing) => Direction::Outgoing,
        _ => Direction::BySide { dated: Some(flag) },
    }
}

fn sides(shape: &Element) -> (Party, Party) {
    let bare = |paths: [&str; 2]| {
        let account = paths.iter().find_map(|path| shape.at(path)).and_then(|side| {
            side.text().or_else(|| side.text_at("Account")).or_else(|| side.text_at("Number"))
        });
        let side = paths.iter().find_map(|path| shape.at(path));
        Party {
            name: side.and_then(|side| side.text_at("Name")).unwrap_or_default(),
            inn: side.and_then(|side| side.text_at("INN")).filter(|inn| real(inn)),
            accounts: account.map(|account| account.split_whitespace().collect()).into_iter().collect(),
            bic: side.and_then(|side| side.text_at("Bank/BIC")),
            bank: side.and_then(|side| side.text_at("Bank/Name")),
        }
    };
    let named = |name: &str| shape.child(name).map(party);
    (
        // A memorial order has accounts of debit and credit instead of people.
        named("Payer").unwrap_or_else(|| bare(["AccountDebit", "AccDebit"])),
        named("Payee").unwrap_or_else(|| bare(["AccountCredit", "AccCredit"])),
    )
}

fn party(element: &Element) -> Party {
    Party {
        name: element.text_at("Name").unwrap_or_default(),
        inn: element.text_at("INN").filter(|inn| real(inn)),
        accounts: element
            .text_at("Account")
            .map(|account| account.split_whitespace().collect::<String>())
            .into_iter()
            .collect(),
        bic: element.text_at("Bank/BIC"),
        bank: element.text_at("Bank/Name"),
    }
}

fn real(text: &str) -> bool {
    text.chars().any(|letter| letter != '0')
}

fn purpose(shape: &Element) -> String {
    let whole = shape.text_at("Purpose").or_else(|| shape.text_at("TransitionContent"));
    whole.unwrap_or_else(|| {
        let added: Vec<String> = shape.all("AddInfo").filter_map(Element::text).collect();
        added.join(" ")
    })
}

fn check_totals(statement: &Statement, documents: &[BankDocument], line: usize, warnings: &mut Vec<Warning>) {
    let sum = |wanted: Direction, dated: Dated| -> i128 {
        let one_way = |document: &&BankDocument| {
            document.direction == wanted || document.direction == Direction::BySide { dated: Some(dated) }
        };
        let booked = documents.iter().filter(|document| document.state == BookingState::Booked);
        booked.filter(one_way).map(|document| i128::from(document.amount.minor())).sum()
    };
    let (came, went) = (sum(Direction::Incoming, Dated::Incoming), sum(Direction::Outgoing, Dated::Outgoing));
    for (stated, found) in [(statement.incoming, came), (statement.outgoing, went)] {
        if let Some(stated) = stated.filter(|stated| i128::from(stated.minor()) != found) {
            let detail = format!("{} / {found}", stated.minor());
            warn(warnings, "totals_differ", line, &detail);
        }
    }
    if let (Some(opening), Some(closing)) = (statement.opening, statement.closing) {
        let expected = i128::from(opening.minor()) + came - went;
        if expected != i128::from(closing.minor()) {
            warn(warnings, "balance_differs", line, &format!("{} / {expected}", closing.minor()));
        }
    }
}

fn warn(warnings: &mut Vec<Warning>, code: &str, line: usize, detail: &str) {
    const MOST: usize = 200;
    if warnings.len() < MOST {
        let detail = detail.chars().take(200).collect();
        warnings.push(Warning { code: format!("directbank.{code}"), place: line.to_string(), detail });
    }
}

/// Every text below an element with its path, attributes as `@name`, except what is read by name.
fn keep(element: &Element, path: &str, except: &[&str], into: &mut Vec<(String, String)>) {
    const MOST: usize = 2_000;
    for child in &element.children {
        let relative = format!("{path}{}", child.name);
        let from_root = relative.split_once('/').map_or(relative.as_str(), |(_, rest)| rest);
        if except.contains(&from_root) || except.contains(&relative.as_str()) || into.len() >= MOST {
            continue;
        }
        if let Some(text) = child.text().filter(|_| child.children.is_empty()) {
            into.push((relative.clone(), text));
        }
        for (name, value) in &child.attributes {
            into.push((format!("{relative}/@{name}"), value.clone()));
        }
        keep(child, &format!("{relative}/"), except, into);
    }
}

fn money(element: &Element, currency: Currency) -> Result<Money> {
    let text = element.text().unwrap_or_default();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let shaped = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let given =
        if digits.starts_with('.') { format!("0{digits}") } else { digits.trim_end_matches('.').to_owned() };
    let money =
        shaped.then(|| Money::parse(&given, currency).ok()).flatten().ok_or_else(|| malformed(element))?;
    Ok(if sign { money.negate() } else { money })
}

fn malformed(element: &Element) -> Fault {
    Fault::invalid("directbank.amount_malformed")
        .arg("line", element.line)
        .arg("field", &element.name)
        .arg("given", element.text().unwrap_or_default().chars().take(40).collect::<String>())
}

/// The day of a date or moment as the bank writes it.
fn day(text: &str) -> Option<String> {
    let head = text.trim().get(..10)?;
    let rest = text.trim().get(10..)?;
    let apart = rest.is_empty() || !rest.starts_with(|letter: char| letter.is_ascii_digit());
    apart.then(|| head.parse::<jiff::civil::Date>().ok().map(|date| date.to_string())).flatten()
}

/// Digits six to eight of a Russian account.
fn currency_of(account: &str) -> Option<Currency> {
    let digits = account.get(5..8).filter(|_| account.len() == 20)?;
    let code = match digits {
        "810" | "643" => "RUB",
        "978" => "EUR",
        "840" => "USD",
        "156" => "CNY",
        "933" => "BYN",
        "398" => "KZT",
        _ => return None,
    };
    Currency::from_code(code).ok()
}
