use takt_payments::proofs::{self, DayState, Gap, GapKind};
use takt_staff::Scope;
use takt_testing::on_both_engines;

use crate::{
    desk::{ACCOUNT, Desk},
    people::signed_in,
};

/// A 1C file of one account: days, balances, and documents as (day, number, amount, comes in).
pub fn file(days: (&str, &str), balances: (&str, &str), documents: &[(&str, &str, &str, bool)]) -> Vec<u8> {
    let day = |iso: &str| iso.split('-').rev().collect::<Vec<_>>().join(".");
    let (from, until) = (day(days.0), day(days.1));
    let mut text = format!(
        "1CClientBankExchange\nВерсияФормата=1.03\nКодировка=Windows\nДатаНачала={from}\nДатаКонца={until}\n\
         РасчСчет={ACCOUNT}\nСекцияРасчСчет\nДатаНачала={from}\nДатаКонца={until}\nРасчСчет={ACCOUNT}\n\
         НачальныйОстаток={}\nКонечныйОстаток={}\nКонецРасчСчет\n",
        balances.0, balances.1
    );
    for (on, number, amount, incoming) in documents {
        let (on, other) = (day(on), "40817810099910004312");
        let (payer, payee) = if *incoming { (other, ACCOUNT) } else { (ACCOUNT, other) };
        let dated = if *incoming { "ДатаПоступило" } else { "ДатаСписано" };
        text.push_str(&format!(
            "СекцияДокумент=Платежное поручение\nНомер={number}\nДата={on}\nСумма={amount}\nПлательщикСчет={payer}\n\
             Плательщик1=Кто-то\nПолучательСчет={payee}\n{dated}={on}\nНазначениеПлатежа=без указания\nКонецДокумента\n"
        ));
    }
    text.push_str("КонецФайла\n");
    text.into_bytes()
}

pub async fn gaps(desk: &Desk) -> Vec<Gap> {
    let scope = Scope::Company { company: desk.company, shops: None };
    desk.app.read(move |reader| proofs::open(reader, &scope, 100)).await
}

async fn kinds(desk: &Desk) -> Vec<(GapKind, String, String)> {
    gaps(desk).await.into_iter().map(|gap| (gap.kind, gap.from, gap.until)).collect()
}

fn gap(kind: GapKind, from: &str, until: &str) -> (GapKind, String, String) {
    (kind, from.to_owned(), until.to_owned())
}

const ONE: (&str, &str, &str, bool) = ("2026-10-28", "1", "100.00", true);
const TWO: (&str, &str, &str, bool) = ("2026-10-28", "2", "50.00", true);
const OUT: (&str, &str, &str, bool) = ("2026-10-28", "3", "30.00", false);
const DAY: (&str, &str) = ("2026-10-28", "2026-10-28");

on_both_engines! {
    async fn a_lost_page_is_a_gap_until_its_lines_come(place: Place) {
        let desk = Desk::open(place).await;
        desk.upload(file(DAY, ("10", "130.00"), &[ONE, OUT])).await;
        desk.app.drain().await;
        assert_eq!(kinds(&desk).await, [gap(GapKind::Balance, "2026-10-28", "2026-10-28")]);
        let found = gaps(&desk).await.remove(0);
        assert_eq!(found.expected.map(|money| money.minor()), Some(13_000));
        assert_eq!(found.found.map(|money| money.minor()), Some(8_000));
        assert_eq!(desk.app.facts_named("payments.gap_found").await, 1);
        // The same file once more is the same gap, not another.
        desk.upload(file(DAY, ("10", "130.00"), &[ONE, OUT])).await;
        assert_eq!(gaps(&desk).await.len(), 1);
        desk.upload(file(DAY, ("10", "130.00"), &[ONE, TWO, OUT])).await;
        assert_eq!(kinds(&desk).await, []);
        assert_eq!(desk.app.facts_named("payments.gap_healed").await, 1);
        assert_eq!(desk.app.facts_named("payments.gap_found").await, 1);
    }

    async fn a_line_that_comes_without_balances_heals_too(place: Place) {
        let desk = Desk::open(place).await;
        desk.upload(file(DAY, ("10", "130.00"), &[ONE, OUT])).await;
        assert_eq!(gaps(&desk).await.len(), 1);
        let camt = format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.02\"><BkToCstmrDbtCdtNtfctn><Ntfctn>\
             <Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>\
             <Ntry><Amt Ccy=\"RUB\">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>\
             <BookgDt><Dt>2026-10-28</Dt></BookgDt><AcctSvcrRef>B-2</AcctSvcrRef></Ntry></Ntfctn>\
             </BkToCstmrDbtCdtNtfctn></Document>"
        );
        desk.upload(camt.into_bytes()).await;
        assert_eq!(kinds(&desk).await, []);
    }

    async fn days_between_two_statements_are_missed_in_whatever_order_they_come(place: Place) {
        let desk = Desk::open(place).await;
        let first = file(DAY, ("10", "160"), &[ONE, TWO]);
        let third = file(("2026-10-30", "2026-10-30"), ("200", "200"), &[]);
        let between = file(("2026-10-29", "2026-10-29"), ("160", "200"), &[("2026-10-29", "9", "40", true)]);
        desk.upload(third.clone()).await;
        assert_eq!(kinds(&desk).await, []);
        desk.upload(first).await;
        assert_eq!(kinds(&desk).await, [gap(GapKind::Opening, "2026-10-29", "2026-10-29")]);
        desk.upload(between).await;
        assert_eq!(kinds(&desk).await, []);
    }

    async fn statements_of_the_hours_of_one_day_go_on_where_the_last_ended(place: Place) {
        let desk = Desk::open(place).await;
        let day = ("2026-10-29", "2026-10-29");
        desk.upload(file(DAY, ("10", "160"), &[ONE, TWO])).await;
        desk.upload(file(day, ("160", "200"), &[("2026-10-29", "8", "40", true)])).await;
        desk.upload(file(day, ("200", "195"), &[("2026-10-29", "9", "5", false)])).await;
        assert_eq!(kinds(&desk).await, []);
        desk.upload(file(("2026-10-30", "2026-10-30"), ("195", "195"), &[])).await;
        assert_eq!(kinds(&desk).await, []);
        // What nobody told between two of them is missed all the same.
        let third = ("2026-10-30", "2026-10-30");
        desk.upload(file(third, ("202", "203"), &[("2026-10-30", "10", "1", true)])).await;
        assert_eq!(kinds(&desk).await, [gap(GapKind::Opening, "2026-10-29", "2026-10-29")]);
    }

    async fn what_is_missed_within_a_day_stays_missed_whatever_else_comes_to_the_same(place: Place) {
        let desk = Desk::open(place).await;
        let day = ("2026-10-29", "2026-10-29");
        let line = |number| ("2026-10-29", number, "499", true);
        desk.upload(file(DAY, ("900", "1000"), &[ONE])).await;
        let missed = [gap(GapKind::Opening, "2026-10-28", "2026-10-28")];
        desk.upload(file(day, ("1998", "2497"), &[line("3")])).await;
        assert_eq!(kinds(&desk).await, missed);
        desk.upload(file(day, ("1499", "1998"), &[line("2")])).await;
        assert_eq!(kinds(&desk).await, missed);
        desk.upload(file(day, ("1000", "1499"), &[line("1")])).await;
        assert_eq!(kinds(&desk).await, []);
    }

    async fn a_statement_of_an_unfinished_day_is_no_gap_on_the_next(place: Place) {
        let desk = Desk::open(place).await;
        // The clock stands on 2 November: the day goes on after this statement.
        let today = ("2026-11-02", "2026-11-02");
        let morning = ("2026-11-02", "1", "100.00", true);
        let evening = ("2026-11-02", "2", "5.00", true);
        desk.upload(file(today, ("0", "100"), &[morning])).await;
        desk.app.advance(24 * 3600).await;
        desk.upload(file(("2026-11-03", "2026-11-03"), ("105", "105"), &[])).await;
        assert_eq!(kinds(&desk).await, [gap(GapKind::Opening, "2026-11-02", "2026-11-02")]);
        desk.upload(file(today, ("0", "105"), &[morning, evening])).await;
        assert_eq!(kinds(&desk).await, []);
    }

    async fn per_day_sections_are_proved_one_by_one(place: Place) {
        let desk = Desk::open(place).await;
        let text = format!(
            "1CClientBankExchange\nВерсияФормата=1.02\nКодировка=Windows\nДатаНачала=28.10.2026\nДатаКонца=29.10.2026\n\
             СекцияРасчСчет\nДатаНачала=28.10.2026\nРасчСчет={ACCOUNT}\nНачальныйОстаток=0\nВсегоПоступило=100\nКонечныйОстаток=100\nКонецРасчСчет\n\
             СекцияРасчСчет\nДатаНачала=29.10.2026\nРасчСчет={ACCOUNT}\nНачальныйОстаток=100\nВсегоПоступило=70\nКонечныйОстаток=170\nКонецРасчСчет\n\
             СекцияДокумент=Платежное поручение\nНомер=1\nДата=28.10.2026\nСумма=100\nПолучательСчет={ACCOUNT}\nДатаПоступило=28.10.2026\nКонецДокумента\nКонецФайла\n"
        );
        desk.upload(text.into_bytes()).await;
        assert_eq!(kinds(&desk).await, [gap(GapKind::Balance, "2026-10-29", "2026-10-29")]);
        let company = desk.company;
        let days = desk
            .app
            .read(move |reader| {
                proofs::days(reader, company, ACCOUNT, takt_kernel::money::Currency::RUB, "2026-10-27", "2026-10-29")
            })
            .await;
        let states: Vec<DayState> = days.iter().map(|day| day.state).collect();
        assert_eq!(states, [DayState::Missing, DayState::Proved, DayState::Unproved]);
        assert_eq!(days[1].closing.map(|money| money.minor()), Some(10_000));
    }

    async fn totals_alone_show_a_lost_page(place: Place) {
        let desk = Desk::open(place).await;
        let text = format!(
            "1CClientBankExchange\nВерсияФормата=1.02\nКодировка=Windows\nДатаНачала=28.10.2026\nДатаКонца=28.10.2026\n\
             СекцияРасчСчет\nДатаНачала=28.10.2026\nДатаКонца=28.10.2026\nРасчСчет={ACCOUNT}\nВсегоПоступило=150\nКонецРасчСчет\n\
             СекцияДокумент=Платежное поручение\nНомер=1\nДата=28.10.2026\nСумма=100\nПолучательСчет={ACCOUNT}\nДатаПоступило=28.10.2026\nКонецДокумента\nКонецФайла\n"
        );
        desk.upload(text.into_bytes()).await;
        assert_eq!(kinds(&desk).await, [gap(GapKind::Totals, "2026-10-28", "2026-10-28")]);
    }

    async fn what_is_missing_is_shown_to_whoever_may_see_money(place: Place) {
        let desk = Desk::open(place).await;
        desk.upload(file(DAY, ("10", "130.00"), &[ONE, OUT])).await;
        let browser = signed_in(&desk, "buh@example.org").await;
        let page = browser.get("/money/proofs").await.text();
        assert!(page.contains("28 октября") || page.contains("28.10"), "{page}");
        assert!(page.contains("не дают остатка на конец"), "{page}");
    }
}
