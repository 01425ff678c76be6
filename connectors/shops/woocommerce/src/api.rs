//! Questions and writes over the REST interface of WooCommerce, version 3.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::value::RawValue;
use takt_kernel::{Fault, Result};
use takt_outbound::{Call, Reply};
use takt_shops_port::{Ask, Next, Page, Shop, wire::in_query};

use crate::{CONSUMER_KEY, CONSUMER_SECRET};

const PER_PAGE: usize = 100;

pub(crate) fn ask(shop: &Shop, ask: &Ask) -> Result<Call> {
    let after = ask.after.to_jiff().to_string();
    let after = after.split(['.', 'Z']).next().unwrap_or_default();
    let path = format!(
        "/orders?modified_after={}&dates_are_gmt=true&orderby=modified&order=asc&per_page={PER_PAGE}&page={}",
        in_query(after),
        ask.page,
    );
    signed(shop, Call::get(address(shop, &path)?))
}

/// Below the interface's root.
pub(crate) fn address(shop: &Shop, path: &str) -> Result<String> {
    Ok(format!("{}/wp-json/wc/v3{path}", shop.base()?))
}

pub(crate) fn signed(shop: &Shop, call: Call) -> Result<Call> {
    let pair = format!("{}:{}", shop.secret(CONSUMER_KEY)?, shop.secret(CONSUMER_SECRET)?);
    Ok(call.header("authorization", &format!("Basic {}", STANDARD.encode(pair))))
}

pub(crate) fn page(reply: &Reply) -> Result<Page> {
    let orders: Vec<Box<RawValue>> = serde_json::from_slice(&reply.body)
        .map_err(|error| Fault::unavailable("shops.page_unreadable").arg("problem", error))?;
    let next = if orders.len() < PER_PAGE { Next::End } else { Next::More };
    Ok(Page { orders, next })
}
