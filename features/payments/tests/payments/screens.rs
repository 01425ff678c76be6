//! The accountant's screens of the books and of what goes back.

use http::StatusCode;
use takt_kernel::money::Currency;
use takt_orders::CancelOrders;
use takt_payments::{accounts, entities, rights::ManageBankAccounts};
use takt_staff::Permit;
use takt_testing::{Client, on_both_engines};
use takt_ui::Texts;

use crate::desk::{Desk, PASSWORD, pay, rub};

async fn signed_in(desk: &Desk, email: &str) -> Client {
    let client = desk.app.client();
    let answer = client.post_form("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    client
}

/// The page, of which no text is missing.
async fn page(client: &Client, path: &str) -> String {
    let answer = client.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    let text = answer.text();
    assert!(Texts::missing_in(&text).is_empty(), "{path}: {:?}", Texts::missing_in(&text));
    text
}

/// The first link on a page that begins like this.
fn link(page: &str, start: &str) -> String {
    let from = page.find(&format!("href=\"{start}")).unwrap_or_else(|| panic!("no link to {start}")) + 6;
    page[from..].split('"').next().expect("a link").replace("&amp;", "&")
}

on_both_engines! {
    async fn a_file_that_is_too_large_is_called_so_and_the_form_stands_open(place: Place) {
        let desk = Desk::open(place).await;
        let accountant = signed_in(&desk, "buh@example.org").await;
        let company = desk.company.to_string();
        let bytes = vec![b'A'; 66 << 20];
        let answer = accountant
            .ask(http::Method::POST, "/money/upload")
            .upload("file", "kl_to_1c.txt", &bytes, &[("company", &company)])
            .send()
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text();
        assert!(page.contains("Файл больше 64 МБ") && !page.contains("не целиком"), "{page}");
        let form = page.split("<details").find(|part| part.contains("/money/upload")).expect("the form");
        assert!(form.split('>').next().is_some_and(|tag| tag.contains(" open")), "{form}");
    }

    async fn where_there_is_no_account_the_money_leads_to_the_first_one(place: Place) {
        let desk = Desk::without_account(place).await;
        let accountant = signed_in(&desk, "buh@example.org").await;
        for path in ["/money", "/money?state=posted", "/money/proofs"] {
            let page = page(&accountant, path).await;
            assert!(page.contains("class=\"button\" href=\"/settings/bank-accounts\""), "{path}: {page}");
            assert!(!page.contains("Ничего не пропущено") && !page.contains("Всё разнесено"), "{path}: {page}");
        }
        desk.open_account("40702810200000000099").await;
        let money = page(&accountant, "/money").await;
        assert!(money.contains("Всё разнесено") && !money.contains("href=\"/settings/bank-accounts\""), "{money}");
    }

    async fn an_accountant_begins_at_the_money(place: Place) {
        let desk = Desk::open(place).await;
        let accountant = signed_in(&desk, "buh@example.org").await;
        assert_eq!(accountant.get("/").await.header("location"), Some("/money"));
    }

    async fn the_books_lead_from_a_sum_to_the_order_behind_it(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        desk.bank_reports(&[pay("1", "500", &expected.reference), pay("2", "70", "непонятно")]).await;
        let accountant = signed_in(&desk, "buh@example.org").await;
        let before = page(&accountant, "/money/books").await;
        assert!(before.contains("570"), "what is not sealed counts too");
        desk.app.drain().await;
        let books = page(&accountant, "/money/books").await;
        assert!(books.contains("Светосила"), "{books}");
        let kind = page(&accountant, &link(&books, "/money/books?company=")).await;
        let account = link(&kind, "/money/books/account");
        let entries = page(&accountant, &account).await;
        assert!(entries.contains("/money/lines/") || entries.contains("/orders/"), "{entries}");
        let receivable = page(&accountant, "/money/books?kind=receivable").await;
        let entries = page(&accountant, &link(&receivable, "/money/books/account")).await;
        assert!(entries.contains(&format!("/orders/{}", expected.order)));
        let file = accountant.get(&format!("{}&format=csv", link(&receivable, "/money/books/account"))).await;
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
        let file = file.text();
        assert_eq!(file.lines().count(), 3, "{file}");
        assert!(file.contains(";500.00;500.00;RUB") && file.contains(";-500.00;0.00;RUB"), "{file}");
        for nonsense in ["/money/books/account?entity=1&account=x&currency=RUB", "/money/books?company=999"] {
            assert_eq!(accountant.get(nonsense).await.status, StatusCode::NOT_FOUND, "{nonsense}");
        }
    }

    async fn a_refund_goes_its_way_on_the_screens(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        desk.bank_reports(&[pay("1", "500", &expected.reference)]).await;
        let (company, order) = (desk.company, expected.order);
        desk.app.write(move |tx| {
            takt_orders::cancel(tx, &Permit::<CancelOrders>::system(company, "test"), order, None, "").map(|_| ())
        }).await;
        let accountant = signed_in(&desk, "buh@example.org").await;
        let card = page(&accountant, &format!("/orders/{order}")).await;
        assert!(card.contains(&format!("/money/orders/{order}/claim")), "{card}");
        let claimed = accountant.post_form(&format!("/money/orders/{order}/claim"), &[("amount", "500")]).await;
        assert_eq!(claimed.status, StatusCode::SEE_OTHER, "{}", claimed.text());
        let refund = claimed.location().to_owned();
        page(&accountant, &refund).await;
        let waiting = page(&accountant, "/money/refunds").await;
        assert!(waiting.contains(&refund) && waiting.contains(&format!("href=\"/orders/{order}\"")), "{waiting}");
        let order_of = |account: &'static str| {
            let (accountant, refund) = (&accountant, refund.clone());
            async move {
                let fields = [("name", "Иванов"), ("account", account), ("bic", "044525974"), ("reason", "передумал")];
                accountant.post_form(&format!("{refund}/order"), &fields).await
            }
        };
        let wrong = order_of("123").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("передумал"), "what was typed stays");
        for step in ["order", "sent"] {
            let done = match step {
                "order" => order_of("40817810099910004312").await,
                _ => accountant.post_form(&format!("{refund}/{step}"), &[]).await,
            };
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{step}: {}", done.text());
            page(&accountant, &refund).await;
        }
        let again = accountant.post_form(&format!("{refund}/sent"), &[]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text());
        let mut line = pay("7", "500", "без слов");
        line.incoming = false;
        line.payer_account = "40817810099910004399".to_owned();
        let line = desk.bank_reports(&[line]).await[0].id.to_string();
        let closed = accountant.post_form(&format!("{refund}/confirm"), &[("line", &line)]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text());
        assert!(page(&accountant, "/money/refunds?state=closed").await.contains(&refund));
        page(&accountant, &format!("/orders/{order}")).await;
        let customer = desk.read(order).await.customer.expect("a customer");
        assert!(page(&accountant, &format!("/customers/{customer}")).await.contains(&refund));
    }

    async fn legal_entities_are_kept_in_the_settings(place: Place) {
        let desk = Desk::open(place).await;
        let accountant = signed_in(&desk, "buh@example.org").await;
        let href = "/settings/legal-entities";
        assert!(page(&accountant, href).await.contains("7707083893"), "of the account that was opened");
        let fields = |inn: &'static str| [("name", "ИП Петров"), ("inn", inn), ("vat_regime", "simplified"), ("director", "Петров")];
        let refused = accountant.post_form(href, &fields("77")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("ИП Петров"), "what was typed stays");
        assert_eq!(accountant.post_form(href, &fields("7728168971")).await.status, StatusCode::SEE_OTHER);
        let company = desk.company;
        let all = desk.app.read(move |r| entities::list(r, company)).await;
        assert_eq!(all.len(), 2);
        let (petrov, shop) = (all[1].id.to_string(), desk.shop.to_string());
        let owned = accountant.post_form(&format!("{href}/owners"), &[("shop", &shop), ("entity", &petrov)]).await;
        assert_eq!(owned.status, StatusCode::SEE_OTHER, "{}", owned.text());
        // Whoever orders refunds does not say what needs a second person.
        let limit = format!("{href}/refunds");
        assert!(!page(&accountant, href).await.contains(&limit));
        assert_eq!(accountant.post_form(&limit, &[("above", "1000")]).await.status, StatusCode::FORBIDDEN);
        crate::desk::person(&desk.app, desk.company, "owner@example.org", takt_staff::Role::Owner).await;
        let owner = signed_in(&desk, "owner@example.org").await;
        assert_eq!(owner.post_form(&limit, &[("above", "1000")]).await.status, StatusCode::SEE_OTHER);
        let rates = accountant.post_form(&format!("{href}/rates"), &[("rates", "25, 12.5 none")]).await;
        assert_eq!(rates.status, StatusCode::SEE_OTHER, "{}", rates.text());
        assert!(page(&accountant, href).await.contains("25, 12.5, none"));
        let shown = page(&owner, href).await;
        assert!(shown.contains("1000.00") && shown.contains("ИП Петров"), "{shown}");
        let account = accounts::NewBankAccount {
            account: "40702810200000000099".to_owned(), bic: "044525225".to_owned(), bank_name: None,
            holder_name: None, inn: Some("7728168971".to_owned()), currency: Currency::RUB,
        };
        let opened = desk.app.write(move |tx| accounts::open(tx, &Permit::<ManageBankAccounts>::system(company, "test"), &account)).await;
        let known = desk.app.read(move |r| accounts::get(r, company, opened)).await;
        assert_eq!(known.entity.to_string(), petrov);
        let expected = desk.order("1001", "Анна", "500").await;
        let order = desk.read(expected.order).await;
        let to = desk.app.read(move |r| takt_payments::queries::pays_to(r, &order)).await.expect("an invoice");
        assert_eq!((to.account.as_str(), to.inn.as_deref()), ("40702810200000000099", Some("7728168971")));
        assert_eq!(desk.read(expected.order).await.total, rub("500"));
    }
}
