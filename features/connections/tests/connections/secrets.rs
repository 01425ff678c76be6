//! Secrets as they stand in the database.

use takt_connections::{ConnectionId, ManageConnections, secrets};
use takt_kernel::CompanyId;
use takt_store::{Query, params, sql};
use takt_testing::on_both_engines;

use crate::desk::{Desk, connect, features, permit};

const SECRET: &str = "shpss_very-secret";

async fn kept(desk: &Desk, id: ConnectionId, name: &'static str) -> String {
    let company = desk.company;
    desk.app
        .read(move |r| {
            r.one(
                sql!(
                    "select value
                     from connection_secret
                     where company_id = :company_id and connection_id = :connection_id and name = :name"
                ),
                params![company_id: company, connection_id: id, name: name],
            )?
            .get("value")
        })
        .await
}

async fn write(desk: &Desk, company: CompanyId, id: ConnectionId, value: String) {
    desk.app
        .write(move |tx| {
            tx.put(
                sql!(
                    "update connection_secret
                     set value = :value
                     where company_id = :company_id and connection_id = :connection_id"
                ),
                params![value: value.as_str(), company_id: company, connection_id: id],
            )
        })
        .await;
}

async fn set(desk: &Desk, id: ConnectionId, name: &'static str, value: &'static str) {
    let company = desk.company;
    desk.app.write(move |tx| secrets::set(tx, &permit::<ManageConnections>(company), id, name, value)).await;
}

async fn opened(desk: &Desk, id: ConnectionId, name: &'static str) -> Result<String, String> {
    let company = desk.company;
    let got = desk.app.db.read("test", move |r| secrets::get(r, company, id, name)).await;
    got.map(|secret| secret.expect("it is set").expose().to_owned()).map_err(|fault| fault.code().to_owned())
}

on_both_engines! {
    async fn a_secret_stands_sealed_and_opens_only_in_its_place(place: Place) {
        let desk = Desk::open(place).await;
        set(&desk, desk.id, "access_token", SECRET).await;
        let sealed = kept(&desk, desk.id, "access_token").await;
        assert!(sealed.starts_with("sealed:") && !sealed.contains(SECRET), "{sealed}");
        assert_eq!(opened(&desk, desk.id, "access_token").await.as_deref(), Ok(SECRET));
        // The same secret is sealed otherwise each time.
        set(&desk, desk.id, "other_token", SECRET).await;
        assert_ne!(kept(&desk, desk.id, "other_token").await, sealed);
        // Carried to another connection, or damaged, it opens nothing.
        let (other, _) = connect(&desk.app, desk.company, desk.shop).await;
        set(&desk, other, "access_token", "of-its-own").await;
        write(&desk, desk.company, other, sealed.clone()).await;
        assert_eq!(opened(&desk, other, "access_token").await, Err("vault.damaged".to_owned()));
        let flipped = if sealed.ends_with('A') { "B" } else { "A" };
        write(&desk, desk.company, other, format!("{}{flipped}", &sealed[..sealed.len() - 1])).await;
        assert_eq!(opened(&desk, other, "access_token").await, Err("vault.damaged".to_owned()));
        write(&desk, desk.company, other, sealed.replacen("sealed:", "sealed:00", 1)).await;
        assert_eq!(opened(&desk, other, "access_token").await, Err("vault.key_missing".to_owned()));
    }

    async fn what_messages_were_signed_with_before_goes_on_sealed(place: Place) {
        let desk = Desk::open(place).await;
        for secret in ["first-of-all", "second-of-all"] {
            set(&desk, desk.id, secrets::WEBHOOK, secret).await;
        }
        let (company, id) = (desk.company, desk.id);
        let valid = desk.app.read(move |r| secrets::valid(r, company, id, secrets::WEBHOOK)).await;
        let mut valid: Vec<&str> = valid.iter().map(secrets::Secret::expose).collect();
        valid.sort_unstable();
        assert_eq!(valid, ["first-of-all", "second-of-all"]);
        assert!(kept(&desk, desk.id, "webhook.before").await.starts_with("sealed:"));
    }

    async fn what_stood_in_clear_is_sealed_at_the_next_start(place: Place) {
        let desk = Desk::open(place).await;
        set(&desk, desk.id, "access_token", SECRET).await;
        write(&desk, desk.company, desk.id, SECRET.to_owned()).await;
        assert_eq!(opened(&desk, desk.id, "access_token").await.as_deref(), Ok(SECRET), "before the program starts anew");
        takt_vault::check(&desk.app.db).await.expect("the key is here");
        assert!(kept(&desk, desk.id, "access_token").await.starts_with("sealed:"));
        assert_eq!(opened(&desk, desk.id, "access_token").await.as_deref(), Ok(SECRET));
        // Once more changes nothing.
        let before = kept(&desk, desk.id, "access_token").await;
        takt_vault::check(&desk.app.db).await.expect("the key is here");
        assert_eq!(kept(&desk, desk.id, "access_token").await, before);
    }

    async fn a_database_that_names_another_key_is_not_started(place: Place) {
        let desk = Desk::open(place).await;
        set(&desk, desk.id, "access_token", SECRET).await;
        desk.app
            .write(|tx| tx.put(sql!("update vault_key set key_id = '01234567' where place = 1"), params![]))
            .await;
        let fault = takt_vault::check(&desk.app.db).await.expect_err("another key");
        assert!(fault.is("vault.key_missing"), "{fault:?}");
        let (company, id) = (desk.company, desk.id);
        let sealing = desk
            .app
            .try_write(move |tx| secrets::set(tx, &permit::<ManageConnections>(company), id, "access_token", "new"))
            .await;
        assert!(sealing.is_err_and(|fault| fault.is("vault.key_missing")), "nothing is sealed under two keys");
    }

    async fn a_node_that_knows_the_old_key_alone_loses_nothing_while_another_changes_it(place: Place) {
        if place.engine() == takt_store::Engine::Sqlite {
            return;
        }
        let desk = Desk::open(place).await;
        set(&desk, desk.id, "access_token", SECRET).await;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(takt_vault::FILE);
        std::fs::write(&file, takt_testing::SECRET_KEY).expect("the key");
        let mut nodes = Vec::new();
        for _ in 0..2 {
            nodes.push(desk.app.node_with_key(features(), takt_vault::Source::File(file.clone())).await);
        }
        let (company, id) = (desk.company, desk.id);
        let writes = async |node: &takt_store::Db, name: &'static str, value: &'static str| {
            node.write("test", move |tx| secrets::set(tx, &permit::<ManageConnections>(company), id, name, value)).await
        };
        let reads = async |node: &takt_store::Db, name: &'static str| -> Option<String> {
            let got = node.read("test", move |r| secrets::get(r, company, id, name)).await;
            got.ok().flatten().map(|secret| secret.expose().to_owned())
        };
        // Both have the old key in memory.
        writes(&nodes[0], "first", "of-the-first").await.expect("sealed");
        writes(&nodes[1], "second", "of-the-second").await.expect("sealed");
        // One of them goes on writing, again and again, all the time.
        let busy = async {
            for _ in 0..60 {
                writes(&nodes[1], "second", "changed-once").await?;
                writes(&nodes[1], "second", "changed-twice").await?;
            }
            Ok::<_, takt_kernel::Fault>(())
        };
        let (rotated, busy) = futures::future::join(takt_vault::rotate(&nodes[0]), busy).await;
        let (key, _) = rotated.expect("a new key");
        busy.expect("a node with the file follows by itself");
        for node in &nodes {
            for (name, value) in
                [("access_token", SECRET), ("first", "of-the-first"), ("second", "changed-twice")]
            {
                assert_eq!(reads(node, name).await.as_deref(), Some(value), "{name}");
            }
        }
        for name in ["access_token", "first", "second"] {
            assert!(kept(&desk, desk.id, name).await.starts_with(&format!("sealed:{key}:")), "{name}");
        }
        writes(&nodes[1], "second", "and-later").await.expect("sealed");
        assert_eq!(reads(&nodes[0], "second").await.as_deref(), Some("and-later"));
        // Who was only told the old key refuses: nothing is sealed that nobody could open.
        let stale = writes(&desk.app.db, "third", "lost").await;
        assert!(stale.is_err_and(|fault| fault.is("vault.key_missing")));
    }
}
