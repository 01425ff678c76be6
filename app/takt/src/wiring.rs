//! The list of features: what is on it is in the program. The order is that of steps and panels.

use takt_feature::{Feature, Wiring};
use takt_kernel::Result;
use takt_notifications::Settings as MailSettings;
use takt_shops_port::Limits as ShopLimits;
use takt_webhooks::Settings as WebhookSettings;

pub fn features(mail: MailSettings) -> Vec<Feature> {
    features_with(mail, WebhookSettings::default())
}

/// As [`features`], where webhooks may go elsewhere than usual.
pub fn features_with(mail: MailSettings, webhooks: WebhookSettings) -> Vec<Feature> {
    let shops = ShopLimits { reach: reach(), ..ShopLimits::default() };
    vec![
        takt_staff::feature(),
        takt_customers::feature(),
        takt_catalog::feature(),
        takt_orders::feature(),
        takt_tasks::feature(),
        takt_gateway::feature(),
        takt_stock::feature(),
        takt_payments::feature(),
        takt_shipments::feature(),
        takt_playbook::feature(),
        takt_notifications::feature(mail),
        takt_connections::feature(),
        takt_retailcrm::feature(),
        takt_shops_port::feature(shops),
        takt_woocommerce::feature(shops),
        takt_shopify::feature(),
        takt_webhooks::feature(webhooks),
        takt_feeds::feature(takt_feeds::Settings::reaching(reach())),
        takt_bank_files::feature(),
        takt_yml::feature(),
        crate::verbs::feature(),
        crate::demo::feature(),
    ]
}

pub fn assemble(mail: MailSettings) -> Wiring {
    Wiring::assemble(features(mail))
}

/// Addresses that people type lead to the public internet, unless the operator of the installation lets
/// them lead to its neighbours too: a shop that stands beside Takt, a test, a measurement.
fn reach() -> takt_feeds::Reach {
    match std::env::var(PRIVATE_ADDRESSES).as_deref() {
        Ok("allow") => takt_feeds::Reach::Anywhere,
        _ => takt_feeds::Reach::Public,
    }
}

pub const PRIVATE_ADDRESSES: &str = "TAKT_PRIVATE_ADDRESSES";

/// For what sends no mail: verbs, the demo, tests.
///
/// # Errors
/// Never, as long as [`NOBODY`] is an address.
pub fn without_mail() -> Result<MailSettings> {
    MailSettings::parse(None, NOBODY)
}

pub const NOBODY: &str = "Takt <takt@localhost>";
