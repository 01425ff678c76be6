//! What a shop is called in the protocol stays what its module was set up with, whatever people call the shop later:
//! an order under a name that is not its own any more would be of another site.

use takt_connections::{list, save_settings};
use takt_kernel::{Actor, Result};
use takt_store::{RecordedFact, Tx};
use takt_work::Listener;

use crate::{KIND, settings::Settings, shown};

const NAME: &str = "retailcrm.keep_site";

pub(crate) const LISTENER: Listener = Listener {
    name: NAME,
    hears: &["staff.shop_renamed"],
    does: "keeps the code by which modules know a shop that got another name",
    react,
};

fn react(tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<()> {
    let change = fact.changes.iter().find(|change| change.path == "name");
    let Some(before) = change.and_then(|change| change.old.as_deref()) else { return Ok(()) };
    for connection in list(tx, fact.company)? {
        let is_known_by_it = connection.kind == KIND
            && connection.shop.get() == fact.subject_id
            && connection.created_at <= fact.at;
        let mut settings = Settings::of(&connection);
        if !is_known_by_it || settings.site_code.is_some() {
            continue;
        }
        settings.site_code = Some(shown::code_of(before, fact.subject_id));
        match save_settings(tx, &connection, &settings.to_map(), &Actor::system(NAME)) {
            Err(fault) if fault.is("connections.changed_meanwhile") => return Err(fault.retryable()),
            saved => saved?,
        }
    }
    Ok(())
}
