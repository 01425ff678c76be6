//! Questions over the Admin REST interface.

use serde::Deserialize;
use serde_json::value::RawValue;
use takt_kernel::{Fault, Result};
use takt_outbound::{Call, Reply};
use takt_shops_port::{Ask, Next, Page, Shop, wire::in_query};

use crate::ACCESS_TOKEN;

const PER_PAGE: usize = 250;
/// The version of the interface, unless the settings name another (`api_version`).
const VERSION: &str = "2025-01";

#[derive(Deserialize)]
struct Orders {
    orders: Vec<Box<RawValue>>,
}

pub(crate) fn ask(shop: &Shop, ask: &Ask) -> Result<Call> {
    let version =
        shop.settings.rest.get("api_version").and_then(|version| version.as_str()).unwrap_or(VERSION);
    let asked = match &ask.token {
        // What a next page is asked for by stands for the whole first question.
        Some(token) => format!("page_info={token}"),
        None => {
            let after = ask.after.to_jiff().to_string();
            format!("status=any&order=updated_at%20asc&updated_at_min={}", in_query(&after))
        }
    };
    let address =
        format!("{}/admin/api/{}/orders.json?limit={PER_PAGE}&{asked}", shop.base()?, in_query(version));
    Ok(Call::get(address).header("x-shopify-access-token", shop.secret(ACCESS_TOKEN)?))
}

pub(crate) fn page(reply: &Reply) -> Result<Page> {
    let read: Orders = serde_json::from_slice(&reply.body)
        .map_err(|error| Fault::unavailable("shops.page_unreadable").arg("problem", error))?;
    let link = reply.headers.get("link").and_then(|link| link.to_str().ok()).unwrap_or_default();
    let next = next_page(link).map_or(Next::End, Next::Token);
    Ok(Page { orders: read.orders, next })
}

/// What the link to the next page asks for. The address itself is not taken: it is ours to say where keys travel.
fn next_page(link: &str) -> Option<String> {
    let next = link.split(',').find(|part| part.contains("rel=\"next\"") || part.contains("rel=next"))?;
    let address = next.split_once('<')?.1.split_once('>')?.0;
    let query = address.split_once('?')?.1;
    let token = query.split('&').find_map(|pair| pair.strip_prefix("page_info="))?;
    // It goes into our next question as it is.
    let sane = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte));
    sane.then(|| token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_in_the_link() {
        for (link, next) in [
            ("", None),
            ("<https://a.example/x?limit=2&page_info=abc%3D>; rel=\"next\"", Some("abc%3D")),
            (
                "<https://a/x?page_info=p>; rel=\"previous\", <https://a/x?page_info=n>; rel=\"next\"",
                Some("n"),
            ),
            ("<https://a/x?page_info=p>; rel=\"previous\"", None),
            ("rel=\"next\"", None),
            ("<https://a/x?page_info=n#@evil.example/>; rel=\"next\"", None),
        ] {
            assert_eq!(next_page(link).as_deref(), next, "{link}");
        }
    }
}
