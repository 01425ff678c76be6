use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Result, ShopId};
use takt_staff::shops::Shop;
use takt_ui::{FormErrors, Words, button, card, crumbs, field, form};

use super::HREF;
use crate::{
    commands::Wanted,
    feed::{Feed, FeedId},
    schedule,
};

/// Offered; any other can be said by other programs.
const INTERVALS: [i64; 6] = [900, 3_600, 2 * 3_600, schedule::USUAL_SECONDS, 12 * 3_600, 24 * 3_600];

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    pub shop: Option<i64>,
    pub url: String,
    pub interval: String,
    pub user: String,
    pub password: String,
    /// A box that is ticked sends something, one that is not sends nothing.
    pub takes_stock: String,
}

impl Given {
    pub(super) fn of(feed: &Feed) -> Self {
        Self {
            shop: Some(feed.shop.get()),
            url: feed.url.clone(),
            interval: feed.interval_seconds.to_string(),
            user: feed.sign_in.as_ref().map(|sign_in| sign_in.user.clone()).unwrap_or_default(),
            password: String::new(),
            takes_stock: if feed.takes_stock() { "1".to_owned() } else { String::new() },
        }
    }

    pub(super) fn with_shop(self) -> Result<(ShopId, Wanted)> {
        let shop = self.shop.map(ShopId::new).ok_or_else(|| Fault::field("shop", "feeds.shop_required"))?;
        Ok((shop, self.wanted()))
    }

    pub(super) fn wanted(self) -> Wanted {
        Wanted {
            url: self.url,
            user: Some(self.user),
            password: Some(self.password).filter(|password| !password.is_empty()),
            interval_seconds: Some(self.interval.trim().parse().unwrap_or_default()),
            takes_stock: Some(!self.takes_stock.is_empty()),
        }
    }
}

/// For a shop that has none.
pub(super) fn adding(
    w: &Words,
    href: &dyn Fn(&str) -> String,
    shops: &[&Shop],
    given: &Given,
    errors: &FormErrors,
) -> Markup {
    let choices = shops.iter().map(|shop| (shop.id.to_string(), shop.name.clone()));
    let chosen = given.shop.map(|shop| shop.to_string()).unwrap_or_default();
    let shop =
        field(w.t("feeds-shop"), "shop").select(choices).value(chosen).required().half().errors(errors);
    let body = html! { (shop) (fields(w, given, errors)) };
    form(w, href(HREF))
        .errors(errors)
        .body(body)
        .actions(button(w.t("feeds-add")).primary().render())
        .render()
}

/// The page of one feed.
pub(super) fn page(
    w: &Words,
    href: &dyn Fn(&str) -> String,
    shop: &str,
    feed: FeedId,
    given: &Given,
    errors: &FormErrors,
) -> Markup {
    let form = form(w, href(&format!("{HREF}/{feed}")))
        .errors(errors)
        .body(fields(w, given, errors))
        .actions(button(w.t("feeds-save")).primary().render());
    html! {
        (crumbs(&[(&w.t("feeds-title"), Some(&href(HREF))), (shop, None)]))
        (card(w.t("feeds-edit")).body(form.render()))
    }
}

fn fields(w: &Words, given: &Given, errors: &FormErrors) -> Markup {
    let interval = given.interval.trim().parse().unwrap_or(schedule::USUAL_SECONDS);
    let mut offered = INTERVALS.to_vec();
    if !offered.contains(&interval) {
        offered.push(interval);
    }
    let offered = offered.into_iter().map(|seconds| (seconds.to_string(), w.duration(seconds)));
    html! {
        (field(w.t("feeds-url"), "url").value(&given.url).required().errors(errors)
            .placeholder("https://shop.example/retailcrm.xml").hint(w.t("feeds-url-hint")))
        (field(w.t("feeds-interval"), "interval").select(offered).value(interval.to_string()).half().errors(errors))
        (field(w.t("feeds-user"), "user").value(&given.user).half().errors(errors).autocomplete("off")
            .mark(w.t("feeds-optional")))
        (field(w.t("feeds-password"), "password").password().half().errors(errors).autocomplete("new-password")
            .mark(w.t("feeds-optional")).hint(w.t("feeds-password-hint")))
        (field(w.t("feeds-takes-stock"), "takes_stock").value("1").checkbox(!given.takes_stock.is_empty())
            .hint(w.t("feeds-takes-stock-hint")))
    }
}
