//! The payment code of GOST R 56042-2014 (`ST00012`): what a bank's phone program reads from a paper, and
//! its drawing. Nothing is put into it that a bank would refuse or that might lead money elsewhere.

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};
use takt_kernel::{Fault, Result, money::Money};

use crate::{
    payee::Payee,
    requisites::{account_fits, inn_holds},
};

/// Version 1 of the format, texts in UTF-8.
const HEAD: &str = "ST00012";
const SEPARATORS: [char; 20] =
    ['|', '#', ';', ':', '^', '_', '~', '{', '}', '!', '$', '%', '&', '(', ')', '*', '+', ',', '/', '@'];
const LONGEST_NAME: usize = 160;
const LONGEST_BANK: usize = 45;
const LONGEST_PURPOSE: usize = 160;
/// Of everything up to and with the correspondent account.
const MANDATORY_BYTES: usize = 300;
/// What stands for no account at the central bank.
const NONE: &str = "0";
/// White modules around the code.
const QUIET: usize = 4;

/// What the phone reads.
///
/// # Errors
/// Why there can be no code: `payments.code_currency`, `payments.code_bank_unnamed`,
/// `payments.code_account_wrong`, `payments.code_inn_wrong`, `payments.code_nothing_due`,
/// `payments.code_unseparable`.
pub(crate) fn payload(payee: &Payee, purpose: &str, due: Money) -> Result<String> {
    if due.currency().code() != "RUB" {
        return Err(Fault::invalid("payments.code_currency"));
    }
    if !due.is_positive() {
        return Err(Fault::invalid("payments.code_nothing_due"));
    }
    let bank = payee.bank.as_deref().map(plain).filter(|bank| !bank.is_empty());
    let bank = bank.ok_or_else(|| Fault::invalid("payments.code_bank_unnamed"))?;
    if !account_fits(&payee.account, &payee.bic) {
        return Err(Fault::invalid("payments.code_account_wrong").arg("account", &payee.account));
    }
    let correspondent = payee.correspondent_account.as_deref().unwrap_or(NONE);
    if correspondent != NONE && !account_fits(correspondent, &payee.bic) {
        return Err(Fault::invalid("payments.code_account_wrong").arg("account", correspondent));
    }
    if let Some(inn) = payee.inn.as_deref().filter(|inn| !inn_holds(inn)) {
        return Err(Fault::invalid("payments.code_inn_wrong").arg("inn", inn));
    }
    let mut name = cut(&plain(&payee.name), LONGEST_NAME);
    let mut bank = cut(&bank, LONGEST_BANK);
    let purpose = cut(&plain(purpose), LONGEST_PURPOSE);
    loop {
        let fields = [
            ("Name", name.as_str()),
            ("PersonalAcc", &payee.account),
            ("BankName", &bank),
            ("BIC", &payee.bic),
            ("CorrespAcc", correspondent),
        ];
        let length =
            HEAD.len() + fields.iter().map(|(key, value)| key.len() + value.len() + 2).sum::<usize>();
        if length <= MANDATORY_BYTES {
            break;
        }
        // A name in Cyrillic may be twice as long as the whole block: what banks show of it stands at its beginning.
        let longer = if name.len() >= bank.len() { &mut name } else { &mut bank };
        longer.pop();
    }
    let sum = due.minor().to_string();
    let mut fields = vec![
        ("Name", name.trim_end()),
        ("PersonalAcc", payee.account.as_str()),
        ("BankName", bank.trim_end()),
        ("BIC", &payee.bic),
        ("CorrespAcc", correspondent),
        ("Sum", &sum),
        ("Purpose", &purpose),
    ];
    if let Some(inn) = &payee.inn {
        fields.push(("PayeeINN", inn));
    }
    if let Some(kpp) = payee.kpp.as_deref().filter(|kpp| kpp.len() == 9) {
        fields.push(("KPP", kpp));
    }
    let free = |separator: &char| !fields.iter().any(|(_, value)| value.contains(*separator));
    let separator = SEPARATORS.iter().find(|separator| free(separator));
    let separator = *separator.ok_or_else(|| Fault::invalid("payments.code_unseparable"))?;
    let mut payload = HEAD.to_owned();
    for (key, value) in fields {
        payload.push(separator);
        payload.push_str(key);
        payload.push('=');
        payload.push_str(value);
    }
    Ok(payload)
}

/// The code as a drawing that needs no style of its own: black on white in every theme.
///
/// # Errors
/// `payments.code_unseparable` when it does not fit into a code.
pub(crate) fn drawing(payload: &str, class: &str, label: &str) -> Result<Markup> {
    let (width, path) = modules(payload)?;
    let whole = width + 2 * QUIET;
    let view = format!("0 0 {whole} {whole}");
    Ok(html! {
        svg class=(class) viewBox=(view) role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect width=(whole) height=(whole) fill="#fff" {}
            path fill="#000" d=(path) {}
        }
    })
}

/// How wide the code is, and its dark runs as a path, row by row.
fn modules(payload: &str) -> Result<(usize, String)> {
    let code = QrCode::with_error_correction_level(payload.as_bytes(), EcLevel::M)
        .map_err(|error| Fault::invalid("payments.code_unseparable").because(error.to_string()))?;
    let width = code.width();
    let colours = code.to_colors();
    let mut path = String::new();
    for (row, modules) in colours.chunks(width).enumerate() {
        let mut at = 0;
        for run in modules.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let length = run.len();
                path.push_str(&format!("M{} {}h{length}v1h-{length}z", at + QUIET, row + QUIET));
            }
            at += run.len();
        }
    }
    Ok((width, path))
}

/// One line of ordinary letters.
fn plain(text: &str) -> String {
    let spaced: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str, most: usize) -> String {
    let shorter: String = text.chars().take(most).collect();
    shorter.trim_end().to_owned()
}

#[cfg(test)]
#[path = "code_tests.rs"]
mod tests;
