//! A message in quarantine, mended or put aside.

use takt_connections::messages::{MessageId, State};
use takt_testing::on_both_engines;

use crate::desk::Desk;

const BOUNDARY: &str = "--------------------------d74496d66958873e";
const ORDER: &str =
    r#"{"number":"12","firstName":"","lastName":"\u041f\u0435\u0442\u0440\u043e\u0432\u0430","sum":399.00}"#;
const PRETTY: &str = "{\r\n  \"number\": \"12\",\r\n  \"firstName\": \"\",\r\n  \"lastName\": \"Петрова\",\r\n  \"sum\": 399.00\r\n}";

fn multipart(order: &str) -> Vec<u8> {
    let part = |name: &str, value: &str| {
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    format!("{}{}--{BOUNDARY}--\r\n", part("site", "tea"), part("order", order)).into_bytes()
}

fn media() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

fn path(desk: &Desk, message: MessageId) -> String {
    format!("{}/messages/{message}", desk.path())
}

on_both_engines! {
    async fn a_mended_message_is_put_together_exactly_and_applied_once(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let message = desk.quarantine(&media(), &multipart(ORDER)).await;
        let path = path(&desk, message);
        let page = owner.get(&path).await.expect_status(200).text();
        assert!(page.contains("&quot;lastName&quot;: &quot;Петрова&quot;"), "decoded and indented: {page}");
        assert!(page.contains("Имя пустое.") && page.contains("order.firstName"), "why, in the reader's language");
        assert!(page.contains("\\u041f\\u0435"), "as it came, too");

        let send = async |order: &str| {
            let fields = [("act", "apply"), ("places", "0"), ("values", "tea"), ("places", "1"), ("values", order)];
            owner.post_form(&path, &fields).await
        };
        // Not mended, and mended into no JSON: what was typed stands there again, what came is untouched.
        let refused = send(PRETTY).await.expect_status(422).text();
        assert!(refused.contains("Имя пустое."), "{refused}");
        let broken = send("{\"number\": \"12\" \"my work\"}").await.expect_status(422).text();
        assert!(broken.contains("Это уже не JSON") && broken.contains("my work"), "{broken}");
        let kept = desk.message(message).await;
        assert_eq!((kept.state, kept.body), (State::Quarantined, multipart(ORDER)));

        let mended = PRETTY.replace("\"firstName\": \"\"", "\"firstName\": \"Анна & Co\"");
        let answer = send(&mended).await.expect_status(303);
        assert!(answer.location().starts_with(&desk.path()), "{}", answer.location());
        let done = desk.message(message).await;
        assert_eq!(done.state, State::Applied);
        let order = r#"{"number":"12","firstName":"Анна & Co","lastName":"Петрова","sum":399.00}"#;
        assert_eq!(String::from_utf8(done.body).expect("text"), String::from_utf8(multipart(order)).expect("text"));
        let again = send(&mended).await.expect_status(422).text();
        assert!(again.contains("уже обработали"), "{again}");
        assert_eq!(desk.app.facts_named("testing.applied").await, 1);
        let log = desk.app.fact_log().await;
        assert!(log.contains("connections.applied_again") && !log.contains("Петрова"), "{log}");
        let page = owner.get(&path).await.expect_status(200).text();
        assert!(!page.contains("<textarea") && page.contains("Анна &amp; Co"), "{page}");
    }

    async fn an_urlencoded_message_changes_only_where_it_was_mended(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let body = "site=tea%20shop&order=%7B%22firstName%22%3A%22%22%7D&by=id";
        let message = desk.quarantine("application/x-www-form-urlencoded", body.as_bytes()).await;
        let fields = [
            ("act", "apply"), ("places", "0"), ("values", "tea shop"), ("places", "1"),
            ("values", "{\r\n  \"firstName\": \"А\"\r\n}"), ("places", "2"), ("values", "id"),
        ];
        owner.post_form(&path(&desk, message), &fields).await.expect_status(303);
        let mended = "site=tea%20shop&order=%7B%22firstName%22%3A%22%D0%90%22%7D&by=id";
        assert_eq!(String::from_utf8(desk.message(message).await.body).expect("text"), mended);
    }

    async fn what_is_no_text_is_shown_as_bytes_and_given_as_a_file(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let bytes = b"\xcf\xf0\xe8<script>\0".as_slice();
        let message = desk.quarantine("text/html", bytes).await;
        let page = owner.get(&path(&desk, message)).await.expect_status(200).text();
        assert!(page.contains("cf f0 e8 3c") && !page.contains("<textarea"), "{page}");
        let file = owner.get(&format!("{}/body", path(&desk, message))).await.expect_status(200);
        assert_eq!(file.body, bytes);
        assert_eq!(file.header("content-type"), Some("application/octet-stream"));
        assert!(file.header("content-disposition").expect("a name").starts_with("attachment"));
        owner.post_form(&path(&desk, message), &[("act", "apply")]).await.expect_status(303);
        assert_eq!(desk.message(message).await.body, bytes);

        // Larger than a page can mend: the beginning is shown, and all of it applied.
        let large = format!("[{}1]", "1,".repeat(200_000));
        let message = desk.quarantine("application/json", large.as_bytes()).await;
        let page = owner.get(&path(&desk, message)).await.expect_status(200).text();
        assert!(page.len() < 120_000 && page.contains("Показано только начало"), "{} bytes", page.len());
        owner.post_form(&path(&desk, message), &[("act", "apply")]).await.expect_status(303);
        assert_eq!(desk.message(message).await.body, large.as_bytes());
    }

    async fn a_message_that_is_not_needed_is_put_aside_by_a_person(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let message = desk.quarantine("text/plain", b"<svg onload=alert(1)>").await;
        let page = owner.get(&path(&desk, message)).await.expect_status(200).text();
        assert!(page.contains("Отложить это сообщение?") && !page.contains("<svg onload"), "{page}");
        owner.post_form(&path(&desk, message), &[("act", "drop")]).await.expect_status(303);
        assert_eq!(desk.state(message).await, State::Dropped);
        owner.post_form(&path(&desk, message), &[("act", "drop")]).await.expect_status(422);
        assert_eq!(desk.app.facts_named("connections.dropped").await, 1);
    }
}
