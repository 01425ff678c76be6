//! What the buyer sees behind the link, what he may ask for, and what of it the accountant sees; through the
//! real routes of the whole program.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use takt_kernel::CompanyId;
use takt_orders::{
    ManageStatuses, OrderId,
    clock::{MilestoneRule, Promises, Reached},
};
use takt_promise_page::{Named, PageLink};
use takt_staff::{Permit, Role};
use takt_store::{Query, Reader, params, sql};
use takt_testing::{Client, TestResponse, on_both_engines};

use crate::desk::{Desk, tea};

/// Everything that a browser loads may weigh so much, unpacked.
const WHOLE_PAGE_BYTES: usize = 100 * 1024;

async fn placed(desk: &Desk, external_id: &str) -> (Value, String) {
    let (status, order) = desk.place(&tea(external_id)).await;
    assert_eq!(status, StatusCode::CREATED, "{order}");
    desk.app.drain().await;
    let page = order["buyer_page"].as_str().expect("the address of the buyer's page").to_owned();
    (order, page)
}

fn reference(order: &Value) -> String {
    order["invoice"]["number"].as_str().expect("an invoice").to_owned()
}

/// What stands between tags, as somebody reads it.
fn read(page: &TestResponse) -> String {
    let text = page.text();
    let body = text.split("<main").nth(1).unwrap_or(&text).split("</main>").next().unwrap_or_default();
    let mut words = String::new();
    let mut inside = false;
    for letter in body.chars() {
        match letter {
            '<' => (inside, _) = (true, words.push(' ')),
            '>' => inside = false,
            letter if !inside => words.push(letter),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ").replace('\u{a0}', " ")
}

async fn opened(client: &Client, page: &str) -> String {
    read(&client.get(page).await.expect_status(200))
}

on_both_engines! {
    async fn letters_that_strangers_make_up_push_nothing_out_of_memory(place: Place) {
        let desk = Desk::open(place).await;
        let (_, page) = placed(&desk, "1001").await;
        let company = desk.company;
        let kept = desk.app.read(move |reader: &mut Reader<'_>| {
            let ask = |reader: &mut Reader<'_>| reader.seldom(
                sql!(
                    "select secret
                     from promise_key
                     where company_id = :company_id"
                ),
                params![company_id: company],
            );
            let (before, known) = (ask(reader)?, ask(reader)?);
            for stranger in 1..=20_001 {
                let named = Named { company: CompanyId::new(900_000_000 + stranger), order: OrderId::new(1), round: 0 };
                let refused = PageLink::open(reader, &named.token(&[0; 32])).err();
                assert!(refused.is_some_and(|fault| fault.is("promise_page.link_missing")), "{stranger}");
            }
            Ok((Arc::ptr_eq(&before, &known), Arc::ptr_eq(&before, &ask(reader)?)))
        }).await;
        assert_eq!(kept, (true, true), "an answer is kept, and is kept all the same behind twenty thousand questions");
        desk.app.client().get(&page).await.expect_status(200);
    }

    async fn a_bank_file_changes_the_buyers_page_and_the_pickers_list(place: Place) {
        let desk = Desk::open(place).await;
        desk.shelve("TEA-100", "10").await;
        let (order, page) = placed(&desk, "1001").await;
        let buyer = desk.app.client();
        let before = opened(&buyer, &page).await;
        assert!(before.contains("Ждём деньги · в наличии"), "{before}");
        assert!(before.contains("Сейчас дело за вами"), "{before}");
        assert!(before.contains(&reference(&order)) && before.contains("40702810200000000001"), "{before}");

        let mut stream = buyer.ask(Method::GET, &format!("{page}/live")).open().await;
        assert_eq!(stream.status, StatusCode::OK);
        desk.app.clock.advance_seconds(3_600);
        desk.bank_reports("699.00", &format!("Оплата по счету {}", reference(&order))).await;
        let told = stream.next().await.expect("the page hears of it");
        assert!(told.contains(&format!("\"order/{}\"", order["id"])), "{told}");
        let after = opened(&buyer, &page).await;
        assert!(after.contains("Деньги пришли 10:00 · в наличии · собираем · готово к 11:00"), "{after}");
        assert!(after.contains("Заказ на складе"), "{after}");
        let shelves = desk.signed_in(Role::Warehouse).await;
        assert!(shelves.get("/pick").await.text().contains(&format!("/pick/{}/start", order["id"])));

        // Packed in time, then on its way with a number to follow.
        desk.app.advance(1_200).await;
        let id = &order["id"];
        for verb in ["start", "take", "finish"] {
            shelves.post_form(&format!("/pick/{id}/{verb}"), &[]).await.expect_status(303);
        }
        desk.app.drain().await;
        let packed = opened(&buyer, &page).await;
        assert!(packed.contains("Готово 10:20 успели, обещали к 11:00"), "{packed}");
        let parcel = [("tracking", "RA123456785RU"), ("places", "1")];
        shelves.post_form(&format!("/shipments/of/{id}"), &parcel).await.expect_status(303);
        desk.app.drain().await;
        let left = opened(&buyer, &page).await;
        assert!(left.contains("в пути") && left.contains("RA123456785RU"), "{left}");
        let owes_nothing = left.contains("Я уже оплатил") || left.contains("QR");
        assert!(!owes_nothing, "{left}");
    }

    async fn a_late_promise_is_told_as_it_is(place: Place) {
        let desk = Desk::open(place).await;
        desk.shelve("TEA-100", "10").await;
        let (order, page) = placed(&desk, "1001").await;
        desk.bank_reports("699.00", &reference(&order)).await;
        desk.app.advance(2 * 3_600).await;
        let late = opened(&desk.app.client(), &page).await;
        assert!(late.contains("опаздываем: обещали «готово» к 10:00"), "{late}");
        assert!(late.contains("позже обещанного на 1 ч 00 мин"), "{late}");
        desk.app.advance(10 * 3_600).await;
        let night = opened(&desk.app.client(), &page).await;
        assert!(night.contains("Сейчас мы закрыты. Продолжим завтра 09:00"), "{night}");
    }

    async fn whoever_is_waited_for_the_page_says_what_is_so(place: Place) {
        let desk = Desk::open(place).await;
        desk.shelve("TEA-100", "10").await;
        let company = desk.company;
        desk.app.write(move |tx| {
            let mut promises = Promises::of(tx, company)?;
            let leaves = MilestoneRule { reached: Reached::Shipped, ..promises.milestones[1].clone() };
            promises.milestones.insert(2, leaves);
            promises.save(tx, &Permit::<ManageStatuses>::system(company, "test"))
        }).await;
        let (owner, shelves) = (desk.signed_in(Role::Owner).await, desk.signed_in(Role::Warehouse).await);
        let buyer = desk.app.client();

        let mut later = tea("1001");
        later["terms"] = "on_delivery".into();
        let (_, held_up) = desk.place(&later).await;
        let page = held_up["buyer_page"].as_str().expect("an address");
        desk.app.drain().await;
        owner.post_form(&format!("/orders/{}/pause", held_up["id"]), &[("reason", "not_reached")]).await.expect_status(303);
        desk.app.drain().await;
        let unheard = opened(&buyer, page).await;
        assert!(unheard.contains("Ждём вашего слова"), "{unheard}");
        assert!(!unheard.contains("после оплаты") && !unheard.contains("в пути"), "{unheard}");

        let mut fetched = tea("1002");
        fetched["delivery"] = json!({"method": "pickup", "price": "301.00"});
        for (body, total, says) in [
            (tea("1003"), "699.00", "передадим в доставку к 10:00"),
            (fetched, "700.00", "можно забирать"),
        ] {
            let (_, order) = desk.place(&body).await;
            desk.app.drain().await;
            desk.bank_reports(total, &reference(&order)).await;
            let id = &order["id"];
            for verb in ["start", "take", "finish"] {
                shelves.post_form(&format!("/pick/{id}/{verb}"), &[]).await.expect_status(303);
            }
            desk.app.drain().await;
            let ready = opened(&buyer, order["buyer_page"].as_str().expect("an address")).await;
            assert!(ready.contains(says), "{ready}");
            assert!(!ready.contains("доставим"), "{ready}");
        }
    }

    async fn a_link_opens_one_order_and_tells_nothing_of_another(place: Place) {
        let desk = Desk::open(place).await;
        let (order, page) = placed(&desk, "1001").await;
        let (other, other_page) = placed(&desk, "1002").await;
        let buyer = desk.app.client();
        let shown = buyer.get(&page).await.expect_status(200);
        for secret in [reference(&other), other_page.clone(), format!("order/{}", other["id"])] {
            assert!(!shown.text().contains(&secret), "{secret}");
        }
        for (name, value) in [
            ("x-robots-tag", "noindex, nofollow"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "private, no-store"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(shown.header(name), Some(value), "{name}");
        }
        let policy = shown.header("content-security-policy").unwrap_or_default().to_owned();
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(shown.text().contains("<meta name=\"robots\" content=\"noindex, nofollow\">"));
        assert!(shown.header("set-cookie").is_none());

        // Whatever is wrong with the letters, the answer is the same.
        let letters = page.trim_start_matches("/p/").to_owned();
        let of_other = other_page.trim_start_matches("/p/");
        let mixed = format!("{}{}", &of_other[..27], &letters[27..]);
        let mut wrong = vec![mixed, "1".to_owned(), "A".repeat(48), letters[1..].to_owned(), format!("{letters}A")];
        for place in 0..letters.len() {
            let mut changed: Vec<char> = letters.chars().collect();
            changed[place] = if changed[place] == 'B' { 'C' } else { 'B' };
            wrong.push(changed.into_iter().collect());
        }
        let told = |answer: &TestResponse| (answer.status, read(answer));
        let never = told(&buyer.ask(Method::GET, "/p/never").header("x-request-id", "same").send().await);
        assert_eq!(never.0, StatusCode::NOT_FOUND);
        for letters in &wrong {
            for path in [format!("/p/{letters}"), format!("/p/{letters}/live"), format!("/p/{letters}/invoice")] {
                let answer = buyer.ask(Method::GET, &path).header("x-request-id", "same").send().await;
                assert_eq!(told(&answer), never, "{path}");
            }
            let asked = buyer.post_form(&format!("/p/{letters}/call"), &[]).await;
            assert_eq!(asked.status, StatusCode::NOT_FOUND, "{letters}");
        }
        assert!(desk.tasks(&order["id"]).await.is_empty());

        // Revoked, the old one opens nothing and its stream ends; the new one opens the page.
        let mut stream = buyer.ask(Method::GET, &format!("{page}/live")).open().await;
        let operator = desk.signed_in(Role::Operator).await;
        let card = format!("/orders/{}", order["id"]);
        assert!(operator.get(&card).await.text().contains(&page), "the card shows the link");
        operator.post_form(&format!("{card}/buyer-link/renew"), &[]).await.expect_status(303);
        desk.app.drain().await;
        assert!(stream.next().await.is_none(), "the stream is over");
        assert_eq!(buyer.get(&page).await.status, StatusCode::NOT_FOUND);
        let new = desk.order(&order["id"]).await["buyer_page"].as_str().expect("a page").to_owned();
        assert_ne!(new, page);
        opened(&buyer, &new).await;
        opened(&buyer, &other_page).await;
    }

    async fn a_link_ends_some_time_after_its_order(place: Place) {
        let desk = Desk::open(place).await;
        let (order, page) = placed(&desk, "1001").await;
        let operator = desk.signed_in(Role::Operator).await;
        operator.post_form(&format!("/orders/{}/cancel", order["id"]), &[("reason", "передумал")]).await.expect_status(303);
        desk.app.drain().await;
        let buyer = desk.app.client();
        let shown = opened(&buyer, &page).await;
        assert!(shown.contains("Заказ отменён") && !shown.contains("передумал"), "{shown}");
        assert_eq!(buyer.post_form(&format!("{page}/call"), &[]).await.status, StatusCode::CONFLICT);
        desk.app.clock.advance_seconds(29 * 86_400);
        opened(&buyer, &page).await;
        desk.app.clock.advance_seconds(2 * 86_400);
        assert_eq!(buyer.get(&page).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_claim_moves_nothing_and_the_money_closes_it(place: Place) {
        let desk = Desk::open(place).await;
        let (order, page) = placed(&desk, "1001").await;
        let buyer = desk.app.client();
        let claim = format!("{page}/claim");
        for (fields, status) in [
            (vec![("amount", "")], 422),
            (vec![("amount", "-5")], 422),
            (vec![("amount", "500"), ("paid_on", "вчера")], 422),
            (vec![("amount", "500.00"), ("paid_on", "2026-11-02"), ("words", "со счёта жены")], 303),
        ] {
            buyer.post_form(&claim, &fields).await.expect_status(status);
        }
        desk.app.drain().await;
        let now = desk.order(&order["id"]).await;
        assert_eq!((&now["paid"], &now["stage"]), (&json!("0.00"), &json!("new")), "{now}");
        assert!(desk.tasks(&order["id"]).await.is_empty());
        let heard = opened(&buyer, &page).await;
        assert!(heard.contains("Вы сообщили об оплате 500,00 ₽"), "{heard}");

        let accountant = desk.signed_in(Role::Accountant).await;
        let list = opened(&accountant, "/money/claims").await;
        assert!(list.contains("со счёта жены") && list.contains("Неразобранного поступления на эту сумму пока нет"), "{list}");
        assert!(opened(&accountant, "/money").await.contains("1 покупатель говорит, что оплатил"));
        let card = opened(&accountant, &format!("/orders/{}", order["id"])).await;
        assert!(card.contains("Говорит, что оплатил 500,00 ₽"), "{card}");
        // Money of this amount that names nothing stands beside it.
        desk.bank_reports("500.00", "Перевод").await;
        let list = opened(&accountant, "/money/claims").await;
        assert!(list.contains("Поступление на эту сумму") && list.contains("Иванов Иван"), "{list}");
        let head = opened(&accountant, "/money").await;
        assert!(head.contains("1 поступление: 0 разнеслись сами, 1 ждёт вас"), "{head}");

        desk.bank_reports("699.00", &format!("по счету {}", reference(&order))).await;
        assert!(opened(&accountant, "/money/claims").await.contains("Никто не ждёт"));
        let head = opened(&accountant, "/money").await;
        assert!(head.contains("2 поступления: 1 разнеслось само, 1 ждёт вас"), "{head}");
        assert_eq!(buyer.post_form(&claim, &[("amount", "1")]).await.status, StatusCode::CONFLICT, "nothing is owed");
    }

    async fn the_accountant_answers_a_claim_and_floods_are_refused(place: Place) {
        let desk = Desk::open(place).await;
        let (_, page) = placed(&desk, "1001").await;
        let buyer = desk.app.client();
        let claim = format!("{page}/claim");
        for expected in [303, 303, 303, 409] {
            buyer.post_form(&claim, &[("amount", "699")]).await.expect_status(expected);
        }
        let refused = loop {
            let answer = buyer.post_form(&claim, &[("amount", "699")]).await;
            if answer.status != StatusCode::CONFLICT {
                break answer;
            }
        };
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        let accountant = desk.signed_in(Role::Accountant).await;
        let list = accountant.get("/money/claims").await.text();
        let close = |n: usize| {
            let found = list.match_indices("/money/claims/").nth(n).expect("a form").0;
            list[found..].split('"').next().expect("an address").to_owned()
        };
        accountant.post_form(&close(0), &[("answer", "Банк <b>вернул</b> перевод")]).await.expect_status(303);
        accountant.post_form(&close(1), &[("answer", " ")]).await.expect_status(303);
        accountant.post_form(&close(1), &[("answer", "")]).await.expect_status(422);
        let operator = desk.signed_in(Role::Operator).await;
        assert_eq!(operator.post_form(&close(2), &[]).await.status, StatusCode::FORBIDDEN);
        let told = buyer.get(&page).await.text();
        assert!(told.contains("Банк &lt;b&gt;вернул&lt;/b&gt; перевод"), "{told}");
    }

    async fn what_a_buyer_asks_for_becomes_a_task_of_a_person(place: Place) {
        let desk = Desk::open(place).await;
        let (order, page) = placed(&desk, "1001").await;
        let buyer = desk.app.client();
        for _ in 0..2 {
            let asked = buyer.post_form(&format!("{page}/call"), &[]).await.expect_status(303);
            assert!(opened(&buyer, asked.location()).await.contains("менеджер вам позвонит"));
        }
        for (day, from, status) in [
            ("2026-11-01", "9", 422),
            ("2026-12-31", "9", 422),
            ("2026-11-03", "10", 422),
            ("когда-нибудь", "9", 422),
            ("2026-11-03", "15", 303),
        ] {
            let wish = [("day", day), ("from", from)];
            desk.app.clock.advance_seconds(60);
            buyer.post_form(&format!("{page}/slot"), &wish).await.expect_status(status);
        }
        assert_eq!(buyer.post_form(&format!("{page}/ship-it"), &[]).await.status, StatusCode::NOT_FOUND);
        desk.app.drain().await;
        let tasks = desk.tasks(&order["id"]).await;
        let mut kinds: Vec<&str> = tasks.iter().filter_map(|task| task["kind"].as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["call_buyer", "change_slot"], "{tasks:?}");
        let operator = desk.signed_in(Role::Operator).await;
        let card = opened(&operator, &format!("/orders/{}", order["id"])).await;
        assert!(card.contains("Покупатель просит привезти 03.11.2026 с 15 до 18"), "{card}");
        assert!(card.contains("Покупатель попросил позвонить"), "{card}");
        let list = opened(&operator, "/tasks").await;
        assert!(list.contains("Перезвонить покупателю"), "{list}");
    }

    async fn the_whole_page_is_small_and_speaks_both_languages(place: Place) {
        let desk = Desk::open(place).await;
        let (_, page) = placed(&desk, "1001").await;
        let browser = desk.app.client();
        let packed = |path: String| {
            let browser = &browser;
            async move {
                let answer = browser.ask(Method::GET, &path).header("accept-encoding", "gzip").send().await;
                (answer.body.len(), browser.get(&path).await.expect_status(200).body.len())
            }
        };
        let text = browser.get(&page).await.expect_status(200).text();
        let mut loaded: Vec<String> = text
            .split('"')
            .filter(|part| part.starts_with("/assets/"))
            .map(str::to_owned)
            .collect();
        loaded.sort();
        loaded.dedup();
        assert!(loaded.len() >= 4, "a style, a script, its worker and a mark: {loaded:?}");
        let styles = loaded.iter().find(|path| path.ends_with(".css")).expect("a style").clone();
        assert!(!browser.get(&styles).await.text().contains("url("), "the style loads nothing more");
        let (mut wire, mut whole) = (0, 0);
        for path in loaded.into_iter().chain([page.clone()]) {
            let (sent, unpacked) = packed(path.clone()).await;
            println!("{path}: {sent} of {unpacked}");
            (wire, whole) = (wire + sent, whole + unpacked);
        }
        println!("{wire} bytes over the line, {whole} unpacked");
        assert!(whole <= WHOLE_PAGE_BYTES, "{whole}");
        assert!(text.contains("viewBox=\"0 0 ") && text.contains("class=\"code\""), "the payment code is part of it");
        let english = desk.app.client().with_cookie("lang", "en");
        let said = opened(&english, &page).await;
        assert!(said.contains("Waiting for the money") && said.contains("I have paid"), "{said}");
    }

    async fn the_invoice_says_what_stands(place: Place) {
        let desk = Desk::open(place).await;
        let (order, page) = placed(&desk, "1001").await;
        let buyer = desk.app.client();
        let paper = buyer.get(&format!("{page}/invoice")).await.expect_status(200);
        let said = read(&paper);
        for part in [
            &format!("Счёт на оплату № {} от 02.11.2026", reference(&order)),
            "ООО «Светосила» , ИНН 7707083893",
            "БИК 044525225",
            "Чай (TEA-100)",
            "В том числе НДС 22 %",
            "Сумма прописью: Шестьсот девяносто девять рублей 00 копеек",
            &format!("{} Оплата заказа", reference(&order)),
            "Счёт действителен до 07.11.2026.",
        ] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(paper.text().contains("paper-code"), "a payment code");

        let operator = desk.signed_in(Role::Operator).await;
        let card = operator.get(&format!("/orders/{}", order["id"])).await.text();
        let sheet = card.split('"').find(|part| part.starts_with("/money/invoices/")).expect("its address").to_owned();
        let english = opened(&operator, &format!("{sheet}?lang=en")).await;
        assert!(english.contains("Six hundred ninety-nine roubles 00 kopecks"), "{english}");
        // Another total, another invoice; the old paper says so and has no code.
        let patch = json!({"delivery": {"price": "0.00"}});
        let path = format!("/api/v1/orders/{}", order["id"]);
        let etag = format!("\"{}\"", desk.order(&order["id"]).await["version"]);
        let edited = desk.program.ask(Method::PATCH, &path).header("if-match", &etag).json(&patch).send().await;
        assert!(edited.status.is_success(), "{}", edited.text());
        desk.app.drain().await;
        let new = reference(&desk.order(&order["id"]).await);
        let old = operator.get(&sheet).await.expect_status(200);
        assert!(read(&old).contains(&format!("Счёт заменён счётом № {new}")), "{}", read(&old));
        assert!(!old.text().contains("paper-code"));
        desk.bank_reports("399.00", &new).await;
        let paid = buyer.get(&format!("{page}/invoice")).await.expect_status(200);
        assert!(read(&paid).contains("Счёт оплачен") && !paid.text().contains("paper-code"));
    }

    async fn a_company_decides_what_its_buyers_see_and_how_long(place: Place) {
        let desk = Desk::open(place).await;
        let (order, page) = placed(&desk, "1001").await;
        let (owner, buyer) = (desk.signed_in(Role::Owner).await, desk.app.client());
        let before = opened(&buyer, &page).await;
        assert!(before.contains("Позвоните мне") && before.contains(&reference(&order)), "{before}");
        let href = "/settings/buyers-page";
        let shown = owner.get(href).await.expect_status(200).text();
        assert!(shown.contains("Страница покупателя"), "{shown}");
        let all = [
            ("on", "on"), ("days_after_end", "30"), ("days_at_most", "365"), ("words_ru", "Звоните до восьми"),
            ("words_en", ""), ("show-payments-buyer-panel", "on"), ("show-shipments-parcels", "on"), ("show-slot", "on"),
        ];
        for (name, wrong, why) in [
            ("days_after_end", "-1", "Укажите число дней"),
            ("days_at_most", "0", "Укажите число дней"),
            ("days_at_most", "много", "Укажите число дней"),
            ("words_ru", &"я".repeat(501)[..], "Сократите до 500"),
        ] {
            let given: Vec<_> = all.iter().map(|(field, value)| (*field, if *field == name { wrong } else { *value })).collect();
            let refused = owner.post_form(href, &given).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert!(refused.text().contains(why), "{name}: {}", refused.text());
        }
        owner.post_form(href, &all).await.expect_status(303);
        let after = opened(&buyer, &page).await;
        assert!(after.contains("Звоните до восьми") && !after.contains("Позвоните мне"), "{after}");
        let asked = buyer.post_form(&format!("{page}/call"), &[]).await;
        assert_eq!(asked.status, StatusCode::NOT_FOUND, "what is hidden cannot be asked for");
        let short: Vec<_> =
            all.iter().map(|(field, value)| (*field, if *field == "days_at_most" { "1" } else { *value })).collect();
        owner.post_form(href, &short).await.expect_status(303);
        desk.app.clock.advance_seconds(2 * 86_400);
        assert_eq!(buyer.get(&page).await.status, StatusCode::NOT_FOUND, "its time is over");
        let operator = desk.signed_in(Role::Operator).await;
        assert!(operator.post_form(href, &all).await.status.is_client_error());
    }

    async fn an_invoice_says_until_when_it_is_valid_as_the_company_decides(place: Place) {
        let desk = Desk::open(place).await;
        let (_, page) = placed(&desk, "1001").await;
        let (accountant, buyer) = (desk.signed_in(Role::Accountant).await, desk.app.client());
        let href = "/settings/legal-entities/validity";
        for (days, status) in [("-1", 422), ("366", 422), ("много", 422), ("10", 303)] {
            assert_eq!(accountant.post_form(href, &[("days", days)]).await.status.as_u16(), status, "{days}");
        }
        let paper = read(&buyer.get(&format!("{page}/invoice")).await.expect_status(200));
        assert!(paper.contains("действителен до 12.11.2026"), "issued on 2 November: {paper}");
    }
}
