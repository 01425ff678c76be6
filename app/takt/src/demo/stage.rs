//! What stands on the stage before the curtain rises, and what the audience is told.

use std::{net::SocketAddr, path::Path};

use takt_kernel::Result;
use takt_orders::VouchForMoney;
use takt_payments::watched_folder;
use takt_simulator::Company;
use takt_staff::Role;
use takt_store::Db;

use crate::verbs::Words;

/// The accountant vouches for what appears in this folder.
pub async fn watch_inbox(db: &Db, company: &Company, inbox: &Path) -> Result<()> {
    let (company, inbox) = (company.clone(), inbox.to_owned());
    db.write("takt.demo_inbox", move |tx| {
        let permit = company.permit::<VouchForMoney>(tx, Role::Accountant)?;
        watched_folder::bind(tx, &permit, &inbox).map(|_| ())
    })
    .await
}

/// Where to look, who to be, and what for.
pub fn introduction(words: &Words, company: &Company, address: SocketAddr, password: &str) -> String {
    let role = |role: Role| words.say(&format!("staff-role-{role}"), &[]);
    let url = format!("http://{address}");
    let (owners, others): (Vec<_>, Vec<_>) =
        company.people.iter().partition(|colleague| colleague.role == Role::Owner);
    let mut said = format!("\n{}\n\n", words.say("takt-demo-title", &[("company", company.name.into())]));
    for owner in owners {
        let args =
            [("url", url.as_str().into()), ("email", owner.email.into()), ("password", password.into())];
        said.push_str(&words.say("takt-demo-sign-in", &args));
        said.push('\n');
    }
    said.push_str(&format!("\n{}\n", words.say("takt-demo-others", &[])));
    for other in others {
        said.push_str(&format!("  {:<28}{}\n", other.email, role(other.role)));
    }
    said.push_str(&format!("\n{}\n\n", words.say("takt-demo-look", &[])));
    said
}
