//! How the simulated world reaches the program: over real HTTP, and by files in the watched folder.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::Value;
use takt_kernel::{Fault, Result};
use takt_orders::VouchForMoney;
use takt_outbound::{Call, Outbound};
use takt_simulator::{Company, Outside, Reply, Request, StatementFile};
use takt_staff::Role;
use takt_store::Db;

pub struct Doors {
    db: Db,
    outbound: Outbound,
    base: String,
    inbox: PathBuf,
    company: Company,
    /// While the screens are being filled, files are taken in at once: the folder is looked into only
    /// every ten seconds.
    pub at_once: AtomicBool,
}

impl Doors {
    /// # Errors
    /// `outbound.unusable`.
    pub fn new(db: &Db, address: SocketAddr, inbox: PathBuf, company: &Company) -> Result<Self> {
        Ok(Self {
            db: db.clone(),
            outbound: Outbound::new()?,
            base: format!("http://{}", reachable(address)),
            inbox,
            company: company.clone(),
            at_once: AtomicBool::new(true),
        })
    }

    async fn take_in(&self, file: StatementFile) -> Result<()> {
        let company = self.company.clone();
        let permit = self
            .db
            .read("takt.demo_permit", move |reader| company.permit::<VouchForMoney>(reader, Role::Accountant))
            .await?;
        takt_payments::import_bank_file(&self.db, permit, file.name, file.bytes, "demo", &mut |_, _| ())
            .await
            .map(|_| ())
    }
}

impl Outside for Doors {
    async fn ask(&self, request: Request) -> Result<Reply> {
        let address = format!("{}{}", self.base, request.path);
        let method = request
            .method
            .name()
            .parse()
            .map_err(|error| Fault::broken("outbound.bad_address").because(error))?;
        let mut call = Call::new(method, address).bearer(&request.token);
        if let Some(version) = request.version {
            call = call.header("if-match", &format!("\"{version}\""));
        }
        if let Some(body) = &request.body {
            call = call.json(body);
        }
        let reply = self.outbound.send(call).await?;
        Ok(Reply { status: reply.status, body: reply.json().unwrap_or(Value::Null) })
    }

    async fn deliver(&self, file: StatementFile) -> Result<()> {
        if self.at_once.load(Ordering::Relaxed) {
            return self.take_in(file).await;
        }
        let inbox = self.inbox.clone();
        tokio::task::spawn_blocking(move || lay(&inbox, &file))
            .await
            .map_err(|error| Fault::broken("takt.worker_panicked").because(error))?
            .map_err(|error| {
                Fault::unavailable("takt.folder_unusable").arg("folder", self.inbox.display()).because(error)
            })
    }
}

/// Under its name only once it is whole.
fn lay(inbox: &Path, file: &StatementFile) -> std::io::Result<()> {
    let unfinished = inbox.join(format!(".{}.part", file.name));
    std::fs::write(&unfinished, &file.bytes)?;
    std::fs::rename(unfinished, inbox.join(&file.name))
}

/// An address that means "all of this machine" is reached by the machine's own.
fn reachable(address: SocketAddr) -> SocketAddr {
    let mut reachable = address;
    if address.ip().is_unspecified() {
        reachable.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    reachable
}
