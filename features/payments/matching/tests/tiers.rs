//! Each rule, each veto, and the cases that must not go wrong, as tables over one small ledger.
//!
//! `{7}` in a purpose is the reference of invoice 7. Customers 1, 2, 3 are known by the INN
//! 770000000N and the account that ends in N; payer 9 is a stranger.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails right there")]

use proptest::prelude::*;
use takt_kernel::money::{Currency, Money};
use takt_payments_matching::{
    Class, Date, Decision, IncomingLine, Invoice, InvoiceState, Policy, Prefix, Reference, Tier, decide,
    payer, testing::MemoryLedger,
};

fn rub(text: &str) -> Money {
    Money::parse(text, Currency::RUB).expect("an amount")
}

fn reference(id: i64) -> Reference {
    Reference::new(Prefix::DEFAULT, 1000 + u64::try_from(id).expect("positive")).expect("in range")
}

fn ledger() -> MemoryLedger {
    let mut ledger = MemoryLedger::default();
    for (id, customer, residual, date) in [
        (1, 1, "100.00", "2026-05-05"),
        (2, 1, "250.00", "2026-05-06"),
        (3, 1, "250.00", "2026-05-07"),
        (4, 2, "100.00", "2026-05-05"),
        (5, 2, "300.00", "2026-04-01"),
        (6, 2, "70.00", "2026-05-05"),
        (7, 1, "90.00", "2026-05-05"),
        (8, 1, "80.00", "2026-05-01"),
        (9, 1, "85.00", "2026-05-08"),
        (10, 2, "60.00", "2026-05-05"),
        (11, 2, "400.00", "2026-05-10"),
        (12, 3, "500.00", "2025-05-10"),
        (13, 3, "1000.00", "2026-05-05"),
    ] {
        ledger.put(invoice(id, customer, residual, date));
    }
    for customer in 1..=3 {
        ledger.learn_inn(&format!("770000000{customer}"), customer);
        ledger.learn_account(&format!("4070281000000000000{customer}"), customer);
    }
    ledger
}

fn invoice(id: i64, customer: i64, residual: &str, date: &str) -> Invoice {
    let amount = if id == 7 { Money::new(9000, Currency::EUR) } else { rub(residual) };
    let plain = matches!(id, 11 | 12);
    Invoice {
        id,
        reference: (!plain).then(|| reference(id)),
        numbers: vec![if plain { "1024".into() } else { (500 + id).to_string() }],
        dates: Date::parse_iso(date).into_iter().collect(),
        customer,
        customer_name: format!(
            "ООО Покупатель {}",
            ["", "Первый", "Второй", "Третий"]
                .get(usize::try_from(customer).expect("small"))
                .unwrap_or(&"Иной")
        ),
        payer_inns: Vec::new(),
        total: amount,
        residual: amount,
        state: match id {
            5 => InvoiceState::Paid,
            6 => InvoiceState::Cancelled,
            8 => InvoiceState::Superseded { by: 9 },
            10 => InvoiceState::Expired,
            _ => InvoiceState::Open,
        },
    }
}

fn spelled(purpose: &str) -> String {
    (1..=13)
        .fold(purpose.to_owned(), |text, id| text.replace(&format!("{{{id}}}"), &reference(id).to_string()))
}

fn decide_for(
    purpose: &str,
    amount: &str,
    payer: i64,
    policy: &Policy,
    change: fn(&mut IncomingLine<'_>),
) -> Decision {
    let (inn, accounts) = (format!("770000000{payer}"), [format!("4070281000000000000{payer}")]);
    let purpose = spelled(purpose);
    let mut line = IncomingLine {
        amount: rub(amount),
        payer_name: "ООО Плательщик",
        payer_inn: Some(&inn),
        payer_accounts: &accounts,
        payer_bic: Some("044525225"),
        purpose: &purpose,
        references: &[],
        kinds: &[],
        own_bank_bic: Some("044525974"),
        reversal: false,
    };
    change(&mut line);
    decide(&line, &mut ledger(), policy).expect("maps do not fail")
}

/// `A 1=100.00 +20.00`, `? paid,unknown | 1 2`, `- loan`.
fn summary(decision: &Decision) -> String {
    match decision {
        Decision::Settle { tier, allocations, credit, .. } => {
            let paid: Vec<String> = allocations
                .iter()
                .map(|allocation| format!("{}={}", allocation.invoice, allocation.amount.to_decimal_string()))
                .collect();
            let credit = credit.map_or(String::new(), |credit| format!(" +{}", credit.to_decimal_string()));
            format!("{tier:?} {}{credit}", paid.join(" "))
        }
        Decision::Partial { tier, allocation, .. } => {
            format!("{tier:?} part {}={}", allocation.invoice, allocation.amount.to_decimal_string())
        }
        Decision::Suggest { candidates, together, vetoes, .. } => {
            let vetoes: Vec<&str> =
                vetoes.iter().map(|veto| veto.code.trim_start_matches("matching.")).collect();
            let ids: Vec<String> = candidates.iter().map(|candidate| candidate.invoice.to_string()).collect();
            format!("? {} |{}{}", vetoes.join(","), if *together { "& " } else { " " }, ids.join(" "))
        }
        Decision::NotReceivable { class, .. } => format!("- {}", class.code()),
    }
}

fn check(rows: &[(&str, &str, i64, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(purpose, amount, payer, expected)| {
            let decided = summary(&decide_for(purpose, amount, *payer, &Policy::default(), |_| {}));
            (decided != *expected)
                .then(|| format!("{purpose} {amount} of payer {payer}: {decided}, not {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn rule_a_takes_valid_references_that_make_the_amount() {
    check(&[
        ("Оплата по счету {1}", "100.00", 1, "A 1=100.00"),
        // A spouse, a director, a parent company: the payer's designation prevails.
        ("Оплата по счету {1} за Иванова", "100.00", 9, "A 1=100.00"),
        ("Оплата по счету {1}", "100.00", 2, "A 1=100.00"),
        ("счета {1}, {2}", "350.00", 9, "A 1=100.00 2=250.00"),
        ("счета {1} и 502", "350.00", 9, "A 1=100.00 2=250.00"),
        ("{1}, заказ 501", "100.00", 9, "A 1=100.00"),
        ("{1} по заказу поставщику 77", "100.00", 9, "A 1=100.00"),
        ("{1} от 05.05.2026", "100.00", 9, "A 1=100.00"),
        // Issued again: the old paper pays the new invoice.
        ("{8} от 01.05.2026", "85.00", 9, "A 9=85.00"),
        ("{8} и {9}", "85.00", 9, "A 9=85.00"),
        // Two invoices of the same amount: the one named.
        ("{3}", "250.00", 1, "A 3=250.00"),
    ]);
}

#[test]
fn rule_b_takes_plain_numbers_when_payer_or_day_agrees() {
    check(&[
        ("счет 501", "100.00", 1, "B 1=100.00"),
        ("счет 501 от 05.05.2026", "100.00", 9, "B 1=100.00"),
        ("счета 501, 502", "350.00", 1, "B 1=100.00 2=250.00"),
        ("счет 1024", "400.00", 2, "B 11=400.00"),
        ("счет 1024 от 10.05.2025", "500.00", 9, "B 12=500.00"),
        ("счета 501-502", "350.00", 1, "B 1=100.00 2=250.00"),
        ("заказ 508", "85.00", 1, "B 9=85.00"),
        ("счет 501", "100.00", 9, "? evidence_too_weak | 1 4 2"),
        ("счет 1024", "500.00", 9, "? number_ambiguous | 12 11"),
        ("счет 501 от 05.05.2026", "100.00", 2, "? payer_is_other_customer | 4 1 11"),
        ("счет 501", "60.00", 1, "? evidence_too_weak | 1 2 3"),
    ]);
}

#[test]
fn rule_b_hears_the_customers_whole_name() {
    for (purpose, payer, name, expected) in [
        ("счет 501", 9, "ООО Покупатель Первый", "B 1=100.00"),
        ("счет 501 за ООО \"Покупатель Первый\"", 9, "Сидоров Пётр", "B 1=100.00"),
        ("счет 501 за Первый", 9, "Сидоров Пётр", "? evidence_too_weak | 1 4 2"),
        // The payer owes this amount himself: a slip, or somebody else's invoice.
        ("счет 501 за Покупатель Первый", 2, "", "? payer_is_other_customer | 4 1 11"),
        ("счет 505 за Покупатель Второй", 9, "", "? invoice_paid | 4 11"),
    ] {
        let accounts = [format!("4070281000000000000{payer}")];
        let inn = format!("770000000{payer}");
        let line = IncomingLine {
            payer_name: name,
            payer_inn: Some(&inn),
            payer_accounts: &accounts,
            ..plain_line(purpose)
        };
        let decided = decide(&line, &mut ledger(), &Policy::default()).expect("decides");
        assert_eq!(summary(&decided).split(" |").next(), expected.split(" |").next(), "{purpose}");
    }
}

#[test]
fn a_plain_number_is_held_when_its_twin_is_one_slip_away() {
    check(&[
        // 502 and 503 have one amount and one customer.
        ("счет 502", "250.00", 1, "? other_open_with_amount | 2 3 1"),
        ("счет 502 от 06.05.2026", "250.00", 1, "B 2=250.00"),
        ("{2}", "250.00", 1, "A 2=250.00"),
    ]);
}

#[test]
fn rule_c_takes_a_plain_number_only_with_its_payer_and_one_fact_more() {
    check(&[
        ("счет 513 от 05.05.2026", "120.00", 3, "C part 13=120.00"),
        ("счет 502", "120.00", 1, "? evidence_too_weak | 2 1 3"),
        ("счет 502 на сумму 250.00", "248.00", 1, "C part 2=248.00"),
        ("счет 502 от 06.05.2026", "120.00", 9, "? evidence_too_weak | 2 1 3"),
        ("счет 502 от 06.05.2026", "100.00", 1, "? other_open_with_amount | 1 2 4"),
    ]);
}

#[test]
fn rule_f_reads_a_plain_number_with_a_slip_or_cut_off_by_the_bank() {
    let ledger = || {
        let mut ledger = ledger();
        let mut long = invoice(20, 3, "777.00", "2026-05-05");
        long.numbers = vec!["51477".to_owned()];
        ledger.put(long);
        ledger
    };
    // 210 letters, the last of them within the number.
    let text = "оплата за материалы отделочные, ".repeat(7);
    let cut: String = text.chars().take(200).chain("счету 5147".chars()).collect();
    let whole: String = text.chars().take(190).chain("счету 5147".chars()).collect();
    for (purpose, payer, expected) in [
        ("счет 51747".to_owned(), 3, "F 20=777.00"),
        ("счет 5147".to_owned(), 3, "F 20=777.00"),
        ("счет 51747 от 05.05.2026".to_owned(), 3, "F 20=777.00"),
        ("счет 51747 от 06.05.2026".to_owned(), 3, "? date_differs,number_unknown"),
        ("счет 51747".to_owned(), 9, "? number_unknown"),
        ("счет 99747".to_owned(), 3, "? number_unknown"),
        (cut.clone(), 3, "F 20=777.00"),
        (cut.replace("5147", "6147"), 3, "? evidence_too_weak"),
        (whole.replace("5147", "514"), 3, "? number_unknown"),
    ] {
        let accounts = [format!("4070281000000000000{payer}")];
        let line = IncomingLine { payer_accounts: &accounts, amount: rub("777.00"), ..plain_line(&purpose) };
        let decided = decide(&line, &mut ledger(), &Policy::default()).expect("decides");
        assert_eq!(summary(&decided).split(" |").next(), Some(expected), "{purpose}");
    }
}

#[test]
fn rule_h_is_off_unless_the_company_wants_it_and_needs_one_namesake() {
    let bold = Policy { accept_names: true, ..Policy::default() };
    let ledger = |namesakes: i64| {
        let mut ledger = ledger();
        for id in 30..30 + namesakes {
            let mut invoice = invoice(id, id, "333.00", "2026-05-05");
            invoice.customer_name = "Иванов Иван Иванович".to_owned();
            ledger.put(invoice);
        }
        ledger
    };
    for (name, purpose, namesakes, policy, expected) in [
        ("ПАО СБЕРБАНК//ИВАНОВ ИВАН ИВАНОВИЧ//", "Оплата", 1, &bold, "H 30=333.00"),
        ("Иванов Иван Иванович", "", 1, &bold, "H 30=333.00"),
        ("Иванов Иван Иванович", "", 1, &Policy::default(), "? evidence_too_weak"),
        ("Иванов Иван Иванович", "", 2, &bold, "? other_open_with_amount"),
        ("Иванов И. И.", "", 1, &bold, "? evidence_too_weak"),
        ("Иванов Иван Иванович", "Оплата 4455", 1, &bold, "? number_unknown"),
        ("Иванов Иван Иванович", "счет 4455", 1, &bold, "? number_unknown"),
    ] {
        let line = IncomingLine { payer_name: name, amount: rub("333.00"), ..plain_line(purpose) };
        let decided = decide(&line, &mut ledger(namesakes), policy).expect("decides");
        let decided = summary(&decided).replace(",payer_is_transit", "");
        assert_eq!(decided.split(" |").next(), Some(expected), "{name} {purpose} {namesakes}");
    }
}

#[test]
fn a_decision_says_what_each_rule_lacked() {
    let Decision::Suggest { looked, .. } = decide_for("{13}", "120.00", 9, &Policy::default(), |_| {}) else {
        panic!("a person is asked")
    };
    let said: Vec<String> = looked.args.iter().map(|(tier, said)| format!("{tier} {said}")).collect();
    assert_eq!(
        said,
        [
            "a exact_sum",
            "b number",
            "c payer_or_date",
            "d more",
            "e no_name",
            "f slip",
            "g policy",
            "h policy"
        ]
    );
    let Decision::Settle { looked, .. } = decide_for("{1}", "100.00", 9, &Policy::default(), |_| {}) else {
        panic!("settled")
    };
    assert_eq!(looked.args.get("a"), Some("fired"));
}

#[test]
fn rule_c_takes_an_instalment_unless_another_invoice_has_that_amount() {
    check(&[
        ("{2}", "120.00", 1, "C part 2=120.00"),
        ("{13} от 05.05.2026", "120.00", 9, "C part 13=120.00"),
        ("{13}", "120.00", 9, "? evidence_too_weak | 13 12"),
        // The payer's, and the owner's, other open invoice.
        ("{2}", "100.00", 1, "? other_open_with_amount | 1 2 4"),
        ("{13} от 05.05.2026", "400.00", 2, "? other_open_with_amount | 11 13 4"),
        ("{2} и 503", "120.00", 1, "? evidence_too_weak |& 2"),
        ("{2}, счет 77", "120.00", 1, "? number_unknown | 2 1 3"),
    ]);
}

#[test]
fn rule_d_takes_up_to_half_more_and_leaves_the_rest_to_the_customer() {
    check(&[
        ("{1}", "120.00", 1, "D 1=100.00 +20.00"),
        ("счет 501 от 05.05.2026", "120.00", 1, "D 1=100.00 +20.00"),
        ("{1}", "150.00", 1, "D 1=100.00 +50.00"),
        ("{1}", "150.01", 1, "? evidence_too_weak | 1 2 3"),
        ("{1}", "120.00", 9, "? evidence_too_weak | 1 2 3"),
        ("счет 501", "120.00", 1, "? evidence_too_weak | 1 2 3"),
        // Or two invoices were meant, and one was named.
        ("{1}", "185.00", 1, "? evidence_too_weak |& 1 9"),
        ("{9}", "100.00", 1, "? other_open_with_amount | 1 9 4"),
    ]);
    let decision = decide_for("{2}", "335.00", 1, &Policy::default(), |_| {});
    assert_eq!(summary(&decision), "? rest_is_other_open |& 2 9");
}

#[test]
fn rule_e_takes_the_only_open_invoice_of_a_known_payer() {
    check(&[
        ("Оплата за товар", "100.00", 1, "E 1=100.00"),
        ("Оплата по договору 77 от 05.05.2026, НДС 20% 502.00", "100.00", 1, "E 1=100.00"),
        ("Оплата за товар 501", "100.00", 1, "E 1=100.00"),
        ("по счету от 05.05.2026", "100.00", 1, "E 1=100.00"),
        ("Оплата за товар", "250.00", 1, "? other_open_with_amount | 2 3 1"),
        ("Оплата за товар", "100.00", 9, "? evidence_too_weak | 1 4"),
        ("Оплата 777", "100.00", 1, "? number_unknown | 1 4 2"),
        ("по счету от 06.05.2026", "100.00", 1, "? date_differs | 1 4 2"),
        // Everything he owes, at once.
        ("Оплата", "685.00", 1, "? evidence_too_weak |& 1 2 3 9"),
    ]);
}

#[test]
fn an_account_under_another_name_is_not_its_customer_where_nothing_is_named() {
    // Once somebody paid for customer 1 from here; this time he may pay for himself.
    for (name, expected) in [
        ("Романов Антон Андреевич", "? evidence_too_weak"),
        ("ООО Покупатель Первый", "E 1=100.00"),
        ("", "E 1=100.00"),
    ] {
        let accounts = ["40702810000000000001".to_owned()];
        let line = IncomingLine { payer_name: name, payer_accounts: &accounts, ..plain_line("Оплата") };
        let decided = decide(&line, &mut ledger(), &Policy::default()).expect("decides");
        assert_eq!(summary(&decided).split(" |").next(), Some(expected), "{name}");
    }
}

#[test]
fn rule_f_reads_through_one_slip_of_a_known_payer() {
    let slip = reference(1).to_string().replacen("001001", "001007", 1);
    let short = reference(1).to_string().replacen("001001", "01001", 1);
    for (purpose, amount, payer, expected) in [
        (slip.clone(), "100.00", 1, "F 1=100.00"),
        (format!("счет {short}"), "100.00", 1, "F 1=100.00"),
        (format!("счет {}", reference(1).to_string().replace("TX", "TM")), "100.00", 1, "F 1=100.00"),
        (slip.clone(), "100.00", 9, "? reference_malformed_named | 1 4"),
        (slip.clone(), "99.00", 1, "? reference_malformed_named | 1 2 3"),
    ] {
        let decision = decide_for(&purpose, amount, payer, &Policy::default(), |_| {});
        assert_eq!(summary(&decision), expected, "{purpose} {amount} {payer}");
    }
}

#[test]
fn rule_g_is_off_unless_the_company_wants_it() {
    assert_eq!(summary(&decide_for("{5}", "400.00", 2, &Policy::default(), |_| {})), "? invoice_paid | 11 4");
    let stale = Policy { accept_stale: true, ..Policy::default() };
    assert_eq!(summary(&decide_for("{5}", "400.00", 2, &stale, |_| {})), "G 11=400.00");
    assert_eq!(summary(&decide_for("{5}", "300.00", 2, &stale, |_| {})), "? invoice_paid | 4 11");
    assert_eq!(summary(&decide_for("{5}", "400.00", 9, &stale, |_| {})), "? invoice_paid | 11 4");
}

#[test]
fn an_invoice_in_another_currency_is_never_proposed() {
    let slip = reference(7).to_string().replacen("001007", "001008", 1);
    for purpose in ["Оплата 507".to_owned(), "счет 507".to_owned(), format!("счет {slip}")] {
        let decision = decide_for(&purpose, "90.00", 9, &Policy::default(), |_| {});
        let Decision::Suggest { candidates, .. } = decision else { panic!("{purpose}") };
        assert!(candidates.iter().all(|candidate| candidate.invoice != 7), "{purpose}");
    }
}

#[test]
fn vetoes_send_the_line_to_a_person() {
    let unknown = Reference::new(Prefix::DEFAULT, 777).expect("in range");
    check(&[
        ("{5}", "300.00", 2, "? invoice_paid | 4 11"),
        ("{6}", "70.00", 2, "? invoice_cancelled | 4 11"),
        ("{10}", "60.00", 2, "? invoice_expired | 4 11"),
        ("{7}", "90.00", 1, "? currency_differs | 1 2 3"),
        ("{1} и {4}", "200.00", 1, "? two_customers |& 1 4"),
        ("{1} от 06.05.2026", "100.00", 1, "? date_differs | 1 4 2"),
        (&format!("{unknown} и {{1}}"), "100.00", 1, "? reference_unknown | 1 4 2"),
        (&format!("{unknown}"), "100.00", 1, "? reference_unknown | 1 4 2"),
        ("{1} и {5}", "100.00", 1, "? invoice_paid | 1 4 2"),
        ("{1}, без возврата тары", "100.00", 1, "? looks_like_other_money | 1 4 2"),
        ("Возврат по счету {1}", "100.00", 1, "? looks_like_other_money | 1 4 2"),
    ]);
    for (policy, expected) in [
        (Policy { caps: vec![(Tier::A, rub("99.99"))], ..Policy::default() }, "? amount_over_cap | 1 4 2"),
        (Policy { caps: vec![(Tier::A, rub("100.00"))], ..Policy::default() }, "A 1=100.00"),
        (Policy { caps: vec![(Tier::E, rub("1.00"))], ..Policy::default() }, "A 1=100.00"),
        (Policy { watched: vec!["7700000001".into()], ..Policy::default() }, "? payer_watched | 1 4 2"),
    ] {
        assert_eq!(summary(&decide_for("{1}", "100.00", 1, &policy, |_| {})), expected);
    }
    let narrow = Policy { open_in_view: 2, ..Policy::default() };
    assert_eq!(summary(&decide_for("{2}", "120.00", 1, &narrow, |_| {})), "? too_many_to_compare | 2 1 3");
    let crowded = Policy { customers_per_payer: 0, ..Policy::default() };
    assert_eq!(summary(&decide_for("Оплата", "100.00", 1, &crowded, |_| {})), "? evidence_too_weak | 1 4");
}

#[test]
fn other_money_is_set_aside() {
    for (purpose, class) in [
        ("Возмещение по торговому эквайрингу", "acquiring"),
        ("Пополнение счета", "own_transfer"),
        ("Предоставление займа по договору 5", "loan"),
        ("Возврат по счету 501 от 05.05.2026", "refund"),
        ("Возврат по счету {5}", "refund"),
        ("Страховое возмещение", "insurance"),
        ("Начисленные % и проценты на остаток", "interest"),
        ("Перечисление наложенных платежей", "agent_settlement"),
    ] {
        let decision = decide_for(purpose, "100.00", 1, &Policy::default(), |_| {});
        assert_eq!(summary(&decision), format!("- {class}"), "{purpose}");
    }
    let ours = Policy { own_inns: vec!["7700000001".into()], ..Policy::default() };
    assert_eq!(summary(&decide_for("{1}", "100.00", 1, &ours, |_| {})), "- own_transfer");
    let listed =
        Policy { counterparties: vec![("7700000001".into(), Class::Acquiring)], ..Policy::default() };
    assert_eq!(summary(&decide_for("{1}", "100.00", 1, &listed, |_| {})), "- acquiring");
    let reversal = decide_for("{1}", "100.00", 1, &Policy::default(), |line| line.reversal = true);
    assert_eq!(summary(&reversal), "- reversal");
}

#[test]
fn bank_codes_say_what_the_money_is() {
    for (kind, expected) in [
        ("LDAS/FTLN/DDWN", "- loan"),
        ("PMNT/MCRD/POSP", "- acquiring"),
        ("PMNT/RCDT/ESCT", "A 1=100.00"),
        ("ACMT/MCOP/INTR", "- interest"),
    ] {
        let kinds = [kind.to_owned()];
        let purpose = reference(1).to_string();
        let line = IncomingLine { kinds: &kinds, ..plain_line(&purpose) };
        assert_eq!(
            summary(&decide(&line, &mut ledger(), &Policy::default()).expect("decides")),
            expected,
            "{kind}"
        );
    }
}

fn plain_line(purpose: &str) -> IncomingLine<'_> {
    IncomingLine {
        amount: rub("100.00"),
        payer_name: "",
        payer_inn: None,
        payer_accounts: &[],
        payer_bic: None,
        purpose,
        references: &[],
        kinds: &[],
        own_bank_bic: None,
        reversal: false,
    }
}

#[test]
fn a_structured_reference_needs_no_text() {
    for field in [
        reference(1).to_string(),
        reference(1).to_creditor_reference(),
        reference(1).to_printed_creditor_reference(),
    ] {
        let references = ["NOTPROVIDED".to_owned(), field];
        let line = IncomingLine { references: &references, ..plain_line("") };
        let decision = decide(&line, &mut ledger(), &Policy::default()).expect("decides");
        assert_eq!(summary(&decision), "A 1=100.00");
        let Decision::Settle { reasons, .. } = decision else { panic!("settled") };
        assert_eq!(reasons[0].code, "matching.reference_structured");
    }
}

#[test]
fn a_transit_payer_is_nobody_and_is_never_learned() {
    let changes: [fn(&mut IncomingLine<'_>); 3] = [
        |line| line.payer_name = "ПАО СБЕРБАНК//Иванов Иван//",
        |line| line.payer_name = "АО «Т-Банк»",
        |line| line.payer_name = "Филиал банка ВТБ",
    ];
    for change in changes {
        assert_eq!(
            summary(&decide_for("Оплата", "100.00", 1, &Policy::default(), change)),
            "? evidence_too_weak,payer_is_transit | 1 4"
        );
    }
    assert_eq!(summary(&decide_for("{1}", "100.00", 1, &Policy::default(), changes[0])), "A 1=100.00");
    for (inn, account, transit) in [
        ("7700000001", "40702810000000000001", false),
        ("7700000001", "30232810000000000001", true),
        ("7700000001", "30301810000000000001", true),
        ("7700000001", "40911810000000000001", true),
        ("7700000001", "47422810000000000001", true),
        ("7707083893", "40702810000000000001", true),
        ("7700000009", "40702810000000000001", true),
    ] {
        let accounts = [account.to_owned()];
        let line = IncomingLine { payer_inn: Some(inn), payer_accounts: &accounts, ..plain_line("") };
        let policy = Policy { bank_inns: vec!["7700000009".into()], ..Policy::default() };
        let found = payer(&line, &policy);
        assert_eq!(found.transit, transit, "{inn} {account}");
        assert_eq!(found.inn.is_none() && found.accounts.is_empty(), transit, "{inn} {account}");
    }
    let none = IncomingLine { payer_inn: Some("0"), ..plain_line("") };
    assert_eq!(payer(&none, &Policy::default()).inn, None);
}

#[test]
fn a_line_that_brings_nothing_pays_nothing() {
    for amount in ["0", "-100.00"] {
        let decision = decide_for("{1}", amount, 1, &Policy::default(), |_| {});
        assert_eq!(summary(&decision), "? amount_not_positive | ");
    }
}

#[test]
fn a_decision_is_stored_and_read_back_whole() {
    for (purpose, amount) in [("{1}", "100.00"), ("{2}", "120.00"), ("", "250.00"), ("займ", "1.00")] {
        let decision = decide_for(purpose, amount, 1, &Policy::default(), |_| {});
        let stored = serde_json::to_string(&decision).expect("serialises");
        assert_eq!(serde_json::from_str::<Decision>(&stored).expect("reads back"), decision, "{stored}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_kopeck_is_lost_or_made(
        parts in prop::collection::vec(prop::sample::select(vec![
            "{1}", "{2}", "{3}", "{4}", "{5}", "{8}", "{9}", "{13}", " ", ", ", " и ", "счет ", "501", "502", "1024", " от 05.05.2026", "за товар", "возврат",
        ]), 0..8),
        minor in prop_oneof![Just(10_000_i64), Just(25_000), Just(35_000), Just(8_500), Just(50_000), 1_i64..200_000],
        payer in prop::sample::select(vec![1_i64, 2, 3, 9]),
        accept_stale: bool,
    ) {
        let policy = Policy { accept_stale, ..Policy::default() };
        let amount = Money::new(minor, Currency::RUB);
        let decision = decide_for(&parts.concat(), &amount.to_decimal_string(), payer, &policy, |_| {});
        let ledger = ledger();
        let residual = |id: i64| ledger.get(id).expect("known").residual.minor();
        match decision {
            Decision::Settle { allocations, credit, .. } => {
                let paid: i64 = allocations.iter().map(|allocation| allocation.amount.minor()).sum();
                prop_assert_eq!(paid + credit.map_or(0, Money::minor), minor);
                prop_assert!(credit.is_none_or(Money::is_positive));
                for allocation in allocations {
                    prop_assert_eq!(allocation.amount.minor(), residual(allocation.invoice));
                }
            }
            Decision::Partial { allocation, .. } => {
                prop_assert_eq!(allocation.amount.minor(), minor);
                prop_assert!(minor < residual(allocation.invoice));
            }
            Decision::Suggest { candidates, together, leftover, vetoes, .. } => {
                prop_assert!(!vetoes.is_empty());
                for candidate in &candidates {
                    prop_assert!(candidate.amount.is_positive() && candidate.amount.minor() <= residual(candidate.invoice));
                }
                let proposed = candidates.iter().take(if together { usize::MAX } else { 1 });
                prop_assert_eq!(proposed.map(|candidate| candidate.amount.minor()).sum::<i64>() + leftover.minor(), minor);
            }
            Decision::NotReceivable { .. } => {}
        }
    }
}
