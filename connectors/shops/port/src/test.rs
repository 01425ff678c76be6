//! What pressing "test" looks at beyond what every connection has: whether the shop can be asked, and how the last
//! asking went. It is asked anew every five minutes, and at once when something was typed.

use takt_connections::{Connection, Finding, secrets};
use takt_kernel::Result;
use takt_store::Query;

use crate::{connected::Shop, poll};

/// # Errors
/// Faults of the store, `shops.settings_malformed`.
pub fn look(db: &mut dyn Query, connection: &Connection) -> Result<Vec<Finding>> {
    let shop = Shop::of(db, connection.clone())?.with_secrets(db)?;
    let finding = |well, text_key| Finding { well, text_key, args: Vec::new() };
    let signed = !secrets::valid(db, connection.company, connection.id, secrets::WEBHOOK)?.is_empty();
    let signing = if signed { "shops-test-signed" } else { "shops-test-unsigned" };
    let mut found = vec![finding(signed, signing)];
    if !shop.may_be_asked() {
        found.push(finding(false, "shops-test-not-asked"));
        return Ok(found);
    }
    let standing = poll::standing(db, connection)?;
    let problem = standing.as_ref().and_then(|standing| standing.problem.as_deref());
    found.push(match (problem, standing.as_ref().and_then(|standing| standing.finished_at)) {
        (Some("shops.keys_refused"), _) => finding(false, "shops-test-keys-refused"),
        (Some("shops.asks_for_rest"), _) => finding(false, "shops-test-rests"),
        (Some("shops.address_not_https" | "outbound.out_of_reach"), _) => {
            finding(false, "shops-test-address")
        }
        (Some(_), _) => finding(false, "shops-test-unreachable"),
        (None, Some(_)) => finding(true, "shops-test-answers"),
        (None, None) => finding(false, "shops-test-soon"),
    });
    Ok(found)
}
