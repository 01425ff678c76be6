//! The list of features: what is on it is in the program. The order is that of steps and panels.

use takt_feature::{Feature, Wiring};
use takt_kernel::Result;
use takt_notifications::Settings as MailSettings;
use takt_payments::Reach;
use takt_shops_port::Limits as ShopLimits;
use takt_webhooks::Settings as WebhookSettings;

pub fn features(mail: MailSettings) -> Vec<Feature> {
    features_with(mail, WebhookSettings::default())
}

/// As [`features`], where webhooks may go elsewhere than usual.
pub fn features_with(mail: MailSettings, webhooks: WebhookSettings) -> Vec<Feature> {
    features_reaching(mail, webhooks, reach())
}

/// As [`features_with`], where addresses that people type may lead elsewhere than to the public internet.
pub fn features_reaching(mail: MailSettings, webhooks: WebhookSettings, reach: Reach) -> Vec<Feature> {
    let shops = ShopLimits { reach, ..ShopLimits::default() };
    vec![
        takt_sheets::feature(),
        takt_staff::feature(),
        takt_customers::feature(),
        takt_catalog::feature(),
        takt_orders::feature(),
        takt_tasks::feature(),
        takt_gateway::feature(),
        takt_stock::feature(),
        takt_payments::feature_reaching(reach),
        takt_shipments::feature(),
        takt_playbook::feature(),
        takt_promise_page::feature(site()),
        takt_promises::feature(),
        takt_slices::feature(),
        takt_cabinet::feature(),
        takt_drill::feature(),
        takt_notifications::feature(mail),
        takt_connections::feature(),
        takt_retailcrm::feature(),
        takt_shops_port::feature(shops),
        takt_woocommerce::feature(shops),
        takt_shopify::feature(),
        takt_webhooks::feature(webhooks),
        takt_imports::feature(),
        takt_feeds::feature(takt_feeds::Settings::reaching(reach)),
        takt_bank_files::feature(),
        takt_directbank::feature(),
        takt_bank_rest::feature(),
        takt_bank_push::feature(),
        takt_bank_tochka::feature(),
        takt_yml::feature(),
        crate::verbs::feature(),
        crate::demo::feature(),
    ]
}

pub fn assemble(mail: MailSettings) -> Wiring {
    Wiring::assemble(features(mail))
}

/// Where people reach this installation, for links in letters. A malformed one is none here: `serve` has
/// refused to start with it.
fn site() -> takt_promise_page::Site {
    check_site().unwrap_or_default()
}

/// # Errors
/// `promise_page.site_malformed`.
pub fn check_site() -> Result<takt_promise_page::Site> {
    takt_promise_page::Site::parse(std::env::var(SITE).ok().as_deref())
}

pub const SITE: &str = "TAKT_SITE";

/// Addresses that people type lead to the public internet, unless the operator of the installation lets
/// them lead to its neighbours too: a shop that stands beside Takt, a test, a measurement.
fn reach() -> Reach {
    match std::env::var(PRIVATE_ADDRESSES).as_deref() {
        Ok("allow") => Reach::Anywhere,
        _ => Reach::Public,
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
