//! The buyer's own page: who has the link may say that he has paid, and it is a claim.

use super::Lied;
use crate::{change::changed_text, world::World};

pub async fn lie(world: &mut World) -> Lied {
    let target = world.target();
    let buyer = world.app.client();
    let amount = world.chance.pick(&["100.00", "1", "99999999.00", "0", "-100.00", "100,00", "1e9", ""]);
    let claim = [("amount", amount), ("paid_on", "2026-11-02"), ("words", "Я оплатил счёт, проверьте")];
    let (what, path) = match world.chance.between(0, 4) {
        0 => {
            let letters = target.page.trim_start_matches("/p/");
            // A letter that an address would not carry is none.
            let other: String = changed_text(letters, &mut world.chance)
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect();
            ("a claim behind a changed link", format!("/p/{other}/claim"))
        }
        1 => {
            let deed = world.chance.pick(&["pay", "paid", "confirm", "accept", "receipt", "invoice"]);
            ("a deed that the page does not have", format!("{}/{deed}", target.page))
        }
        _ => ("a claim", format!("{}/claim", target.page)),
    };
    let answer = buyer.post_form(&path, &claim).await;
    assert!(!answer.status.is_server_error(), "{what}: {} {}", answer.status, answer.text());
    assert!(what == "a claim" || !answer.status.is_redirection(), "{what}: {} {path}", answer.status);
    Lied::gravely(what)
}
