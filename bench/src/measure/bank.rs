//! A bank's file against many open invoices.

use std::time::Instant;

use anyhow::{Result, ensure};
use encoding_rs::WINDOWS_1251;

use super::import::orders_file;
use crate::{
    cluster::connect,
    desk::{ACCOUNT, OWNER},
    engine::{Engine, Place},
    figures::{Figure, Round, Unit},
    lag::Watcher,
    process::Usage,
    scale::size_name,
    stage::{Kept, Stage},
};

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let (invoices, lines) = (stage.scale.open_invoices, stage.scale.bank_lines);
    let kept = with_invoices(stage, engine, invoices).await?;
    let what = format!("lines of a bank's file of {lines}, {} open invoices", size_name(invoices));
    let mut figure = Figure::new("bank", engine, what, Unit::PerSecond);
    for _ in 0..stage.scale.rounds {
        let place = stage.copy(&kept.place).await?;
        let file = stage.folder("bank.txt");
        std::fs::write(&file, statement(&open_invoices(&place, lines).await?))?;
        let before = Usage::of(std::process::id(), true)?.cpu_seconds;
        let began = Instant::now();
        let file = file.display().to_string();
        let company = kept.desk.company.to_string();
        let said =
            stage.takt.run(&["import", "bank", &file, "--company", &company, "--by", OWNER], &place, "")?;
        let took = began.elapsed().as_secs_f64();
        let cpu = Usage::of(std::process::id(), true)?.cpu_seconds - before;
        let posted = said.lines().filter(|line| line.split('\t').nth(1) == Some("posted")).count();
        let last = said.lines().last().unwrap_or_default();
        ensure!(posted * 10 >= lines * 9, "only {posted} of {lines} lines were posted: {last}");
        figure.push(
            Round::new(lines as f64 / took)
                .extra("cpu_ms_each", cpu * 1000.0 / lines as f64)
                .extra("seconds", took)
                .extra("posted", posted as f64),
        );
    }
    Ok(vec![figure])
}

/// Made through the program itself, since every invoice has a number that must be found again.
async fn with_invoices(stage: &mut Stage, engine: Engine, invoices: u64) -> Result<Kept> {
    let name = format!("invoices_{}", size_name(invoices));
    if let Some(kept) = stage.find(engine, &name).await? {
        return Ok(kept);
    }
    eprintln!("  filling {name} …");
    let desk = stage.fresh_desk(engine).await?;
    let place = stage.empty(engine, &name).await?;
    match (&desk.place, &place) {
        (Place::Database { name: from, .. }, Place::Database { name: to, .. }) => {
            stage.cluster()?.create_database(to, from).await?;
        }
        (from, to) => {
            std::fs::copy(from.sqlite_file(), to.sqlite_file())?;
        }
    }
    let (company, shop) = (desk.desk.company.to_string(), desk.desk.shops[0].to_string());
    let file = stage.folder("orders.jsonl");
    // The program takes at most 64 MB at once.
    const AT_ONCE: u64 = 50_000;
    for (part, first) in (0..invoices).step_by(usize::try_from(AT_ONCE)?).enumerate() {
        let many = usize::try_from(AT_ONCE.min(invoices - first))?;
        std::fs::write(&file, orders_file(desk.desk.goods, many, &format!("invoice{part}")))?;
        let path = file.display().to_string();
        stage.takt.run(&["import", "orders", &path, "--company", &company, "--shop", &shop], &place, "")?;
    }
    let server = stage.takt.serve(&place).await?;
    Watcher::open(&place).await?.drain().await?;
    server.stop().await?;
    stage.keep(&name, Kept { place, desk: desk.desk })
}

struct Invoice {
    reference: String,
    payer: String,
    minor: i64,
}

/// From all over the table.
async fn open_invoices(place: &Place, many: usize) -> Result<Vec<Invoice>> {
    const SQL: &str = "select reference, payer_name, residual_minor from invoice
        where state = 'open' order by reference limit 200000";
    let all: Vec<Invoice> = match place {
        Place::Folder(_) => rusqlite::Connection::open(place.sqlite_file())?
            .prepare(SQL)?
            .query_map([], |row| {
                Ok(Invoice { reference: row.get(0)?, payer: row.get(1)?, minor: row.get(2)? })
            })?
            .collect::<rusqlite::Result<_>>()?,
        Place::Database { url, .. } => connect(url)
            .await?
            .query(SQL, &[])
            .await?
            .iter()
            .map(|row| Invoice { reference: row.get(0), payer: row.get(1), minor: row.get(2) })
            .collect(),
    };
    ensure!(all.len() >= many, "{} open invoices for {many} lines", all.len());
    let every = all.len() / many;
    Ok(all.into_iter().step_by(every).take(many).collect())
}

/// A statement in the format of the Russian banks' clients.
fn statement(invoices: &[Invoice]) -> Vec<u8> {
    let rub = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
    let sum = rub(invoices.iter().map(|invoice| invoice.minor).sum());
    let mut text = format!(
        "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\nОтправитель=Банк\r\nПолучатель=\r\n\
         ДатаНачала=02.11.2026\r\nДатаКонца=02.11.2026\r\nРасчСчет={ACCOUNT}\r\nСекцияРасчСчет\r\n\
         ДатаНачала=02.11.2026\r\nДатаКонца=02.11.2026\r\nРасчСчет={ACCOUNT}\r\nНачальныйОстаток=0.00\r\n\
         ВсегоПоступило={sum}\r\nВсегоСписано=0.00\r\nКонечныйОстаток={sum}\r\nКонецРасчСчет\r\n"
    );
    for (number, Invoice { reference, payer, minor }) in (1..).zip(invoices) {
        text += &format!(
            "СекцияДокумент=Платежное поручение\r\nНомер={number}\r\nДата=02.11.2026\r\nСумма={}\r\n\
             ДатаПоступило=02.11.2026\r\nПлательщикСчет=40817810099910004312\r\nПлательщик={payer}\r\n\
             Плательщик1={payer}\r\nПлательщикРасчСчет=40817810099910004312\r\nПолучательСчет={ACCOUNT}\r\n\
             Получатель=Bench\r\nПолучатель1=Bench\r\nПолучательРасчСчет={ACCOUNT}\r\nВидОплаты=01\r\n\
             Очередность=5\r\nНазначениеПлатежа=Оплата по счету {reference}\r\nКонецДокумента\r\n",
            rub(*minor),
        );
    }
    WINDOWS_1251.encode(&(text + "КонецФайла\r\n")).0.into_owned()
}
