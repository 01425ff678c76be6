//! How a shop on WooCommerce is connected on the page, and what pressing "test" looks at.

use takt_connections::{Ask, Kept, Need, ORDER, Shows, System, shop_address, step};

use crate::{CONSUMER_KEY, CONSUMER_SECRET};

pub(crate) const SYSTEMS: &[System] = &[System {
    code: "webhooks",
    name_key: "woocommerce-webhooks",
    about_key: "woocommerce-webhooks-about",
    check_key: "woocommerce-webhooks-check",
    needs: &[Need::PublicHost],
    steps: &[
        step("woocommerce-step-rest", "woocommerce-step-rest-text", Shows::Nothing),
        step("woocommerce-step-type", "woocommerce-step-type-text", Shows::Form(ASKED)),
        step("woocommerce-step-secret", "woocommerce-step-secret-text", Shows::Key),
        step("woocommerce-step-hooks", "woocommerce-step-hooks-text", Shows::Hook(TOPICS)),
        ORDER,
    ],
}];

const ASKED: &[Ask] = &[
    Ask {
        name: "url",
        label_key: "woocommerce-url",
        hint_key: "woocommerce-url-hint",
        kept: Kept::Setting(shop_address),
    },
    Ask {
        name: CONSUMER_KEY,
        label_key: "woocommerce-consumer_key",
        hint_key: "woocommerce-consumer_key-hint",
        kept: Kept::Secret,
    },
    Ask {
        name: CONSUMER_SECRET,
        label_key: "woocommerce-consumer_secret",
        hint_key: "woocommerce-consumer_secret-hint",
        kept: Kept::Secret,
    },
];

/// As the shop's own page names them.
const TOPICS: &[&str] = &[
    "Order created",
    "Order updated",
    "Order deleted",
    "Order restored",
    "Customer created",
    "Customer updated",
    "Product created",
    "Product updated",
    "Product deleted",
];
