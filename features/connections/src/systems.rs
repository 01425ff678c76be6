//! What is connected by a kind, step by step, as data: the pages only draw it. Those that speak the
//! protocol of RetailCRM stand here because their steps are words for people and know nothing of the wire.

use takt_kernel::Result;

/// A program that is connected: a module of a shop's system, or a client of an interface.
#[derive(Clone, Copy, Debug)]
pub struct System {
    pub code: &'static str,
    pub name_key: &'static str,
    /// For whom it is, in a sentence.
    pub about_key: &'static str,
    /// Which addresses it takes, said honestly; with the variables `address` and `host`.
    pub check_key: &'static str,
    pub needs: &'static [Need],
    pub steps: &'static [Step],
}

/// What a program asks of the address it is given. What ours does not fulfil is said before somebody
/// tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Https,
    /// It drops a port and a path, or refuses them.
    UsualPort,
    /// It refuses names of private networks.
    PublicHost,
    /// One of these stands somewhere behind a dot in the host's name.
    HostHolds(&'static [&'static str]),
}

/// A step: a heading, a text with the variables `address` and `host`, and what stands below it.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub title_key: &'static str,
    pub text_key: &'static str,
    pub shows: Shows,
}

#[derive(Clone, Copy, Debug)]
pub enum Shows {
    Nothing,
    /// What is asked of the person, kept with the connection.
    Form(&'static [Ask]),
    /// Where the shop sends its messages, and which of them are wanted.
    Hook(&'static [&'static str]),
    /// The address to type, to be copied.
    Address,
    /// The way to a key that is shown once.
    Key,
    /// A file that has to be put somewhere.
    File {
        path: &'static str,
        content: &'static str,
    },
}

/// One thing that the person types.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Of the setting, or of the secret.
    pub name: &'static str,
    pub label_key: &'static str,
    pub hint_key: &'static str,
    pub kept: Kept,
}

#[derive(Clone, Copy, Debug)]
pub enum Kept {
    /// Among the settings, as this makes it.
    Setting(fn(&str) -> Result<String>),
    /// As a secret: never shown again.
    Secret,
}

pub const fn step(title_key: &'static str, text_key: &'static str, shows: Shows) -> Step {
    Step { title_key, text_key, shows }
}

const ADDRESS: Step = step("connections-step-address", "connections-step-address-text", Shows::Address);
const KEY: Step = step("connections-step-key", "connections-step-key-text", Shows::Key);
/// The last step of every system.
pub const ORDER: Step = step("connections-step-order", "connections-step-order-text", Shows::Nothing);

const WOOCOMMERCE_CHECK: Shows = Shows::File {
    path: "wp-content/retailcrm-custom/validators/url-validator/class-wc-retailcrm-url-validator.php",
    content: "<?php class WC_Retailcrm_Url_Validator { public function validateUrl(string $url): string { return ''; } }",
};

/// Names of which PrestaShop's module wants to see one.
const PRESTASHOP_HOSTS: &[&str] = &["retailcrm.pro", "retailcrm.ru", "retailcrm.es", "simla.com"];

/// Everything that speaks the protocol of RetailCRM's API v5.
pub const RETAILCRM_SYSTEMS: &[System] = &[
    System {
        code: "opencart",
        name_key: "connections-opencart",
        about_key: "connections-opencart-about",
        check_key: "connections-opencart-check",
        needs: &[Need::Https, Need::UsualPort],
        steps: &[
            step("connections-step-module", "connections-opencart-module", Shows::Nothing),
            ADDRESS,
            KEY,
            step("connections-step-save", "connections-opencart-save", Shows::Nothing),
            ORDER,
        ],
    },
    System {
        code: "woocommerce",
        name_key: "connections-woocommerce",
        about_key: "connections-woocommerce-about",
        check_key: "connections-woocommerce-check",
        needs: &[Need::Https, Need::UsualPort],
        steps: &[
            step("connections-step-module", "connections-woocommerce-module", Shows::Nothing),
            step("connections-step-check", "connections-woocommerce-file", WOOCOMMERCE_CHECK),
            ADDRESS,
            KEY,
            step("connections-step-save", "connections-woocommerce-save", Shows::Nothing),
            ORDER,
        ],
    },
    System {
        code: "prestashop",
        name_key: "connections-prestashop",
        about_key: "connections-prestashop-about",
        check_key: "connections-prestashop-check",
        needs: &[Need::Https, Need::HostHolds(PRESTASHOP_HOSTS)],
        steps: &[
            step("connections-step-name", "connections-prestashop-name", Shows::Nothing),
            step("connections-step-module", "connections-prestashop-module", Shows::Nothing),
            ADDRESS,
            KEY,
            step("connections-step-save", "connections-prestashop-save", Shows::Nothing),
            ORDER,
        ],
    },
    System {
        code: "bitrix",
        name_key: "connections-bitrix",
        about_key: "connections-bitrix-about",
        check_key: "connections-bitrix-check",
        needs: &[Need::Https, Need::UsualPort, Need::PublicHost],
        steps: &[
            step("connections-step-module", "connections-bitrix-module", Shows::Nothing),
            ADDRESS,
            KEY,
            step("connections-step-save", "connections-bitrix-save", Shows::Nothing),
            ORDER,
        ],
    },
    System {
        code: "magento",
        name_key: "connections-magento",
        about_key: "connections-magento-about",
        check_key: "connections-magento-check",
        needs: &[Need::Https, Need::UsualPort],
        steps: &[
            step("connections-step-module", "connections-magento-module", Shows::Nothing),
            ADDRESS,
            KEY,
            step("connections-step-save", "connections-magento-save", Shows::Nothing),
            ORDER,
        ],
    },
    System {
        code: "other",
        name_key: "connections-other",
        about_key: "connections-other-about",
        check_key: "connections-other-check",
        needs: &[Need::Https, Need::UsualPort],
        steps: &[
            step("connections-step-module", "connections-other-module", Shows::Nothing),
            ADDRESS,
            KEY,
            step("connections-step-save", "connections-other-save", Shows::Nothing),
            ORDER,
        ],
    },
    System {
        code: "client",
        name_key: "connections-client",
        about_key: "connections-client-about",
        check_key: "connections-client-check",
        needs: &[],
        steps: &[
            ADDRESS,
            KEY,
            step("connections-step-call", "connections-client-call", Shows::Nothing),
            ORDER,
        ],
    },
];
