//! How a shop on Shopify is connected on the page.

use takt_connections::{Ask, Kept, Need, ORDER, Shows, System, secrets::WEBHOOK, shop_address, step};

use crate::ACCESS_TOKEN;

pub(crate) const SYSTEMS: &[System] = &[System {
    code: "webhooks",
    name_key: "shopify-webhooks",
    about_key: "shopify-webhooks-about",
    check_key: "shopify-webhooks-check",
    needs: &[Need::Https, Need::PublicHost],
    steps: &[
        step("shopify-step-app", "shopify-step-app-text", Shows::Nothing),
        step("shopify-step-hooks", "shopify-step-hooks-text", Shows::Hook(TOPICS)),
        step("shopify-step-type", "shopify-step-type-text", Shows::Form(ASKED)),
        ORDER,
    ],
}];

const ASKED: &[Ask] = &[
    Ask {
        name: "url",
        label_key: "shopify-url",
        hint_key: "shopify-url-hint",
        kept: Kept::Setting(shop_address),
    },
    Ask {
        name: ACCESS_TOKEN,
        label_key: "shopify-access_token",
        hint_key: "shopify-access_token-hint",
        kept: Kept::Secret,
    },
    Ask { name: WEBHOOK, label_key: "shopify-webhook", hint_key: "shopify-webhook-hint", kept: Kept::Secret },
];

/// As the shop's own page names them.
const TOPICS: &[&str] = &[
    "Order creation",
    "Order update",
    "Order cancellation",
    "Order deletion",
    "Customer creation",
    "Customer update",
    "Product creation",
    "Product update",
    "Product deletion",
];
