//! A statement in the format of the Russian banks' clients, read into a report on one core. In this process: reading is
//! pure, and what becomes of the lines is in `bank`.

use anyhow::{Result, ensure};
use takt_bank_files::{
    one_c::{Header, Movement, compose},
    read,
};
use takt_kernel::money::{Currency, Money};
use takt_payments_port::Party;

use crate::{
    desk::ACCOUNT,
    engine::Engine,
    figures::{Figure, Round, Unit},
    process::on_cpu,
    stage::Stage,
};

pub fn measure(stage: &Stage, engine: Engine) -> Result<Vec<Figure>> {
    let documents = stage.scale.bank_lines;
    let what = format!("1C text of {documents} documents read on one core");
    let mut figure = Figure::new("statement.1c", engine, what, Unit::MegabytesPerSecond).against("its rows");
    let bytes = statement(documents)?;
    for _ in 0..stage.scale.rounds {
        let began = on_cpu()?;
        std::hint::black_box(bytes.split(|byte| *byte == b'\n').map(<[u8]>::len).max());
        figure.push_ceiling(Round::new(megabytes_per_second(&bytes, on_cpu()? - began)));
        let began = on_cpu()?;
        let report = read(&bytes)?;
        let took = on_cpu()? - began;
        ensure!(report.documents.len() == documents, "{} of {documents} documents", report.documents.len());
        figure.push(Round::new(megabytes_per_second(&bytes, took)));
    }
    Ok(vec![figure])
}

fn megabytes_per_second(bytes: &[u8], nanoseconds: u64) -> f64 {
    bytes.len() as f64 * 1e3 / nanoseconds.max(1) as f64
}

fn statement(documents: usize) -> Result<Vec<u8>> {
    let party = |name: &str, inn: &str, account: String| Party {
        name: name.to_owned(),
        inn: Some(inn.to_owned()),
        accounts: vec![account],
        bic: Some("044525225".to_owned()),
        bank: Some("ПАО СБЕРБАНК, Г. МОСКВА".to_owned()),
    };
    let day = "2026-11-02".to_owned();
    let movement = |number: usize| Movement {
        kind: "Платежное поручение".to_owned(),
        number: number.to_string(),
        date: day.clone(),
        booked_on: day.clone(),
        amount: Money::new(10_000 + i64::try_from(number % 9_999).unwrap_or(0), Currency::RUB),
        incoming: true,
        payer: party("Иванов Пётр Ильич", "770708389312", format!("408178100999{number:08}")),
        payee: party("ООО \"Ромашка\"", "7712345678", ACCOUNT.to_owned()),
        purpose: format!(
            "Оплата по счёту № TX{number:08} от 01.11.2026 за товары для дома. НДС не облагается"
        ),
    };
    let header = Header {
        sender: "Банк".to_owned(),
        account: ACCOUNT.to_owned(),
        from: day.clone(),
        until: day.clone(),
        opening: Money::zero(Currency::RUB),
    };
    Ok(compose(&header, &(0..documents).map(movement).collect::<Vec<_>>())?)
}
