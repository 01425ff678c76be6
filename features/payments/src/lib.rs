//! Payments: what is awaited, what the bank says has come, and which order it pays.
//!
//! Owns bank accounts, invoices, bank files and their lines, channels to banks and what they sent, allocations
//! and the journal. Does not
//! own orders: it tells them "paid" only with an `orders::VerifiedReceipt`. Knows no bank: a file is
//! read by whoever fills [`BANK_FILE_READER`], in the words of `takt_payments_port`.
//!
//! Says `payments.expected` at placing, `payments.received` when money is proved,
//! `payments.matched`, `payments.suggested`, `payments.held`, `payments.unmatched`; hears nothing:
//! it takes part in the verbs of orders as steps. Invariants: a movement of money is posted once;
//! the journal balances per transaction and currency; what a line pays never exceeds what came.
//!
//! Start with [`import`] (the way of a bank file) and [`channels`] (the bank itself), then [`settle`] and
//! [`journal`].

pub mod accounts;
mod alarms;
mod burning;
mod buyer;
mod cash;
pub mod channels;
mod checks;
pub mod claims;
mod code;
pub mod credit;
mod days;
mod earnings;
pub mod entities;
mod erased;
pub mod facts;
pub mod hand;
mod hanging;
pub mod import;
mod in_words;
pub mod invoices;
pub mod journal;
mod matching;
mod moved;
mod origins;
mod pages;
mod panel;
mod paper;
pub mod payee;
pub mod policy;
pub mod poll;
mod practice;
pub mod proofs;
pub mod queries;
mod reach;
mod readers;
pub mod refunds;
mod requisites;
pub mod rights;
pub mod settle;
mod trouble;
mod validity;
pub mod watched_folder;

pub use trouble::Trouble;
pub use validity::{set_valid_days, valid_days};

pub use readers::{BANK_FILE_READER, BANK_SOURCE, CHANNEL_KINDS, ReadBankFile, channel_kind};

use takt_feature::{Feature, Tier};
use takt_kernel::Result;
use takt_orders::{VouchForMoney, panels, steps};
pub use takt_outbound::Reach;
use takt_staff::Permit;
use takt_store::{Db, Migration};
use takt_ui::{Icon, NavItem};

use import::{BankLine, ImportSummary};

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "payments", sql: include_str!("../migrations/0001_payments.sql") },
    Migration { number: 2, name: "channels", sql: include_str!("../migrations/0002_channels.sql") },
    Migration { number: 3, name: "proofs", sql: include_str!("../migrations/0003_proofs.sql") },
    Migration { number: 4, name: "books", sql: include_str!("../migrations/0004_books.sql") },
    Migration { number: 5, name: "buyer", sql: include_str!("../migrations/0005_buyer.sql") },
    Migration { number: 6, name: "mended", sql: include_str!("../migrations/0006_mended.sql") },
    Migration { number: 7, name: "doubt", sql: include_str!("../migrations/0007_doubt.sql") },
    Migration { number: 8, name: "erased", sql: include_str!("../migrations/0008_erased.sql") },
    Migration { number: 9, name: "around", sql: include_str!("../migrations/0009_around.sql") },
];

pub(crate) const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];

/// What happened to a file: its summary and each of its lines in order.
pub struct Imported {
    pub summary: ImportSummary,
    pub lines: Vec<BankLine>,
}

/// Takes a bank file in and processes it to its end. `progress` hears how many lines are done, of
/// how many.
///
/// # Errors
/// As [`import::accept`]: a refused file changes nothing.
pub async fn import_bank_file(
    db: &Db,
    permit: Permit<VouchForMoney>,
    file_name: String,
    bytes: Vec<u8>,
    came_by: &'static str,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<Imported> {
    let company = permit.company();
    let accepted = import::accept(db, permit, file_name, bytes, came_by).await?;
    let total = accepted.documents;
    import::process(db, company, accepted.import, &mut |done| progress(done, total)).await?;
    db.read("payments.imported", move |reader| {
        let summary = import::import_summary(reader, company, accepted.import)?;
        let limit = i64::try_from(total).unwrap_or(i64::MAX);
        Ok(Imported { summary, lines: import::lines_of_import(reader, company, accepted.import, 0, limit)? })
    })
    .await
}

pub fn feature() -> Feature {
    feature_reaching(Reach::Public)
}

/// As [`feature`], where the addresses of banks may lead elsewhere than to the public internet.
pub fn feature_reaching(reach: Reach) -> Feature {
    Feature::new("payments", Tier::Feature)
        .says(facts::SAYS)
        .migrations(MIGRATIONS)
        .texts(TEXTS[0].0, TEXTS[0].1)
        .texts(TEXTS[1].0, TEXTS[1].1)
        .fill(&takt_store::CHECKS, "payments", checks::CHECKS)
        .fill(&takt_vault::SEALED, "secrets of bank channels", channels::secrets::SEALED)
        .fill(&takt_store::CHECKS, "the books", journal::CHECKS)
        .fill(&takt_store::CHECKS, "what goes back", refunds::CHECKS)
        .texts("ru", takt_payments_matching::TEXTS[0].1)
        .texts("en", takt_payments_matching::TEXTS[1].1)
        .fill(&takt_staff::PERMISSIONS, "payments", rights::RIGHTS)
        .fill(&steps::PLACED, "issue the invoice", invoices::issue_at_placing as steps::Step)
        .fill(&steps::TOTAL_CHANGED, "replace the invoice", invoices::reissue_at_edit as steps::Step)
        .fill(&steps::MONEY_MOVED, "money of split and merged orders", moved::follow as steps::MoneyMovedStep)
        .fill(&steps::MAY_REMAKE, "money on its way back", moved::nothing_goes_back as steps::RemakeGuard)
        .fill(&steps::CANCELLED, "withdraw the invoice", invoices::withdraw_at_cancel as steps::Step)
        .fill(
            &steps::CANCELLED,
            "take back what the delivery earned",
            earnings::give_back_at_cancel as steps::Step,
        )
        .fill(&steps::BUYER_CHANGED, "bill the buyer", invoices::follow_buyer as steps::Step)
        .fill(
            &steps::SHIPPED,
            "count the revenue as earned",
            earnings::earn_at_shipping as steps::ShippedStep,
        )
        .fill(
            &steps::RETURNED,
            "take back what was earned",
            earnings::give_back_at_return as steps::ReturnedStep,
        )
        .fill(&panels::API_PARTS, "invoice", queries::invoice_parts as panels::ApiPart)
        .fill(&panels::API_PARTS_ASKED, "payments", queries::parts_asked as panels::ApiPartsAsked)
        .fill(&takt_work::FORESEEN, "the invoice", queries::foreseen as takt_work::Foreseen)
        .fill(&panels::PAYS_TO, "reference and account", queries::pays_to as panels::PaysTo)
        .fill(
            &steps::MAY_LEAVE,
            "money that no statement confirms",
            proofs::guard_leaving as steps::LeaveGuard,
        )
        .fill(&panels::API_PARTS, "money in doubt", proofs::doubt_parts as panels::ApiPart)
        .fill(&panels::API_PARTS, "refunds", queries::refund_parts as panels::ApiPart)
        .fill(&panels::CARD_PANEL, "money", panel::PANEL)
        .fill(&takt_customers::pages::CARD_PANELS, "money", panel::CUSTOMER_PANEL)
        .fill(&takt_customers::ERASED, "payers, claims", erased::erase_of_person as takt_customers::EraseStep)
        .listener(journal::chain::LISTENER)
        .listener(cash::LISTENER)
        .listener(alarms::LISTENER)
        .job(journal::chain::job())
        .fill(&takt_orders::buyer::BUYER_PANEL, "how to pay, and what came", buyer::PANEL)
        .fill(&takt_orders::buyer::BUYER_DOCUMENT, "the invoice", paper::DOCUMENT)
        .fill(&takt_orders::buyer::BUYER_DEED, "I have paid", buyer::CLAIM)
        .job(import::process_job())
        .job(import::forget_job())
        .job(watched_folder::watch_job())
        .job(channels::apply_job())
        .fill(
            &takt_staff::practice::PREPARE,
            "an account to practise on",
            practice::prepare as takt_staff::practice::Prepare,
        )
        .fill(
            &takt_staff::practice::LET_PAY,
            "money to practise on",
            practice::let_pay as takt_staff::practice::LetPay,
        )
        .fill(&panels::BURNING, "banks that are silent", burning::SILENT)
        .fill(&panels::BURNING, "money that no order was found for", burning::UNMATCHED)
        .fill(&takt_staff::NOTICES, "banks that are silent", pages::silent_banks as takt_staff::NoticesOf)
        .job(poll::poll_job(reach))
        .listener(poll::LISTENER)
        .listener(proofs::LISTENER)
        .timer(proofs::unconfirmed_timer())
        .texts("ru", include_str!("../texts/poll/ru.ftl"))
        .texts("en", include_str!("../texts/poll/en.ftl"))
        .timer(channels::silence_timer())
        .fill(&channels::CONTACTS, "last contacts", channels::Contacts::default())
        .texts("ru", include_str!("../texts/channels/ru.ftl"))
        .texts("en", include_str!("../texts/channels/en.ftl"))
        .texts("ru", takt_proof::TEXTS[0].1)
        .texts("en", takt_proof::TEXTS[1].1)
        .routes(pages::routes())
        .navigation(NavItem {
            href: "/money",
            label_key: "payments-title",
            icon: Icon::Banknote,
            shortcut: "g m",
            place: 40,
        })
        .fill(
            &takt_staff::SECTION_PERMISSIONS,
            "payments",
            takt_staff::SectionPermission { href: "/money", permission: "payments.see" },
        )
        .fill(
            &takt_staff::LANDING,
            "the money that waits",
            takt_staff::Landing { href: "/money", roles: &[takt_staff::Role::Accountant] },
        )
        .fill(
            &takt_staff::SETTINGS_PAGES,
            "bank accounts",
            takt_staff::SettingsPage {
                href: "/settings/bank-accounts",
                label_key: "payments-accounts",
                permission: "payments.manage_accounts",
                group: takt_staff::SettingsGroup::Money,
                place: 60,
            },
        )
        .fill(
            &takt_staff::SETTINGS_PAGES,
            "legal entities",
            takt_staff::SettingsPage {
                href: "/settings/legal-entities",
                label_key: "payments-entities",
                permission: "payments.manage_accounts",
                group: takt_staff::SettingsGroup::Money,
                place: 58,
            },
        )
        .fill(&takt_staff::SETTINGS_PAGES, "rules of matching", pages::RULES_PAGE)
        .fill(
            &takt_staff::SETTINGS_PAGES,
            "bank channels",
            takt_staff::SettingsPage {
                href: "/settings/bank-channels",
                label_key: "payments-channels",
                permission: "payments.see",
                group: takt_staff::SettingsGroup::Money,
                place: 61,
            },
        )
}
