//! A shop's catalogue in ICML: read for the first time, and again when nothing has changed, from the
//! request to the end of the pull. The ceiling takes the same bytes apart and does nothing with them.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use axum::{Router, body::Bytes, routing::get};
use quick_xml::{Reader, events::Event};
use tokio::time::sleep;

use super::MEGABYTE;
use crate::{
    cluster::connect,
    desk::{sign_in, succeeded},
    engine::{Engine, Place},
    figures::{Figure, Round, Unit},
    http::{Connection, Request},
    lag::Watcher,
    scale::size_name,
    server::Server,
    stage::Stage,
};

const LONGEST: Duration = Duration::from_secs(600);
const LOOK_EVERY: Duration = Duration::from_millis(5);

pub async fn measure(stage: &mut Stage, engine: Engine) -> Result<Vec<Figure>> {
    let many = stage.scale.feed_offers;
    let size = size_name(u64::try_from(many)?);
    let ceiling = "quick-xml takes the document apart";
    let figure = |id: &str, what: String, unit| Figure::new(id, engine, what, unit);
    let mut first =
        figure("feed.first", format!("ICML of {size} offers, all new"), Unit::PerSecond).against(ceiling);
    let mut same = figure("feed.same", format!("ICML of {size} offers, nothing changed"), Unit::PerSecond)
        .against(ceiling);
    let mut memory =
        figure("feed.memory", format!("memory more while {size} offers are read"), Unit::Megabytes);
    for _ in 0..stage.scale.rounds {
        let document = icml(many);
        let megabytes = document.len() as f64 / MEGABYTE;
        for figure in [&mut first, &mut same] {
            figure.push_ceiling(Round::new(taken_apart(&document, many)?));
        }
        let url = published(document).await?;
        let kept = stage.fresh_desk(engine).await?;
        let server = stage.takt.serve(&kept.place).await?;
        let cookie = sign_in(&server).await?;
        let ask = async |path: String, form: String| -> Result<()> {
            let request = Request::new("POST", &path).header("cookie", &cookie).form(&form);
            succeeded(Connection::open(server.address).await?.ask(request).await?)?;
            Ok(())
        };
        let watch = Watch { place: &kept.place, server: &server };
        let before = server.usage()?;

        let form = format!("shop={}&url={url}&interval=14400", kept.desk.shops[0]);
        let began = Instant::now();
        ask("/settings/feeds".to_owned(), form).await?;
        let (pulled, peak_first) = watch.until_after(0).await?;
        let took = began.elapsed().as_secs_f64();
        ensure!(pulled.read == i64::try_from(many)?, "{} of {many} offers were read", pulled.read);
        let cpu = server.usage()?.since(before).cpu_seconds;
        let round = Round::new(many as f64 / took).extra("seconds", took).extra("file_mb", megabytes);
        first.push(round.extra("cpu_ms_each", cpu * 1000.0 / many as f64));

        Watcher::open(&kept.place).await?.drain().await?;
        let began = Instant::now();
        ask(format!("/settings/feeds/{}/pull", pulled.feed), String::new()).await?;
        let (_, peak_same) = watch.until_after(pulled.at).await?;
        let took = began.elapsed().as_secs_f64();
        same.push(Round::new(many as f64 / took).extra("seconds", took));
        let more = |peak: u64| peak.saturating_sub(before.resident_bytes) as f64 / MEGABYTE;
        memory.push(Round::new(more(peak_first.max(peak_same))).extra("unchanged_mb", more(peak_same)));
        server.stop().await?;
    }
    Ok(vec![first, same, memory])
}

/// What the module of a shop writes: two pictures' worth of text and three parameters each.
fn icml(many: usize) -> Vec<u8> {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<yml_catalog date=\"2026-11-02 09:00:00\">\n<shop><name>Bench</name>\n\
         <categories><category id=\"1\">Чай</category></categories>\n<offers>\n",
    );
    for id in 1..=many {
        let product = id / 3;
        // A String takes whatever is written.
        let _ = write!(
            text,
            "<offer id=\"{product}#{id}\" productId=\"{product}\" quantity=\"{}\">\n<url>https://shop.example/index.php?route=product/product&amp;product_id={product}</url>\n\
             <price>{}.{:02}</price>\n<purchasePrice>{}</purchasePrice>\n<categoryId>1</categoryId>\n<picture>https://shop.example/image/cache/catalog/tea/{id}-500x500.jpg</picture>\n\
             <name>Чай чёрный байховый «Маяк» №{id}, 100 г</name>\n<productName>Чай чёрный байховый «Маяк»</productName>\n<productActivity>Y</productActivity>\n\
             <vendor>Маяк</vendor>\n<vatRate>20</vatRate>\n<unit code=\"pcs\" name=\"Штука\" sym=\"шт.\"/>\n<param code=\"article\" name=\"Артикул\">TEA-{id}</param>\n\
             <param code=\"weight\" name=\"Фасовка\">100 г</param>\n<param code=\"sort\" name=\"Сорт\">высший</param>\n<barcode>46{id:011}</barcode>\n<weight>0.1</weight>\n</offer>\n",
            id % 50,
            100 + id % 900,
            id % 100,
            50 + id % 400,
        );
    }
    text.push_str("</offers>\n</shop>\n</yml_catalog>\n");
    text.into_bytes()
}

fn taken_apart(document: &[u8], many: usize) -> Result<f64> {
    let began = Instant::now();
    let mut reader = Reader::from_reader(document);
    let mut piece = Vec::new();
    let mut offers = 0;
    loop {
        piece.clear();
        match reader.read_event_into(&mut piece)? {
            Event::Start(start) if start.name().as_ref() == "offer" => offers += 1,
            Event::Eof => break,
            _ => {}
        }
    }
    ensure!(offers == many, "{offers} offers in a document of {many}");
    Ok(many as f64 / began.elapsed().as_secs_f64())
}

/// Serves the document, without a word on whether it has changed.
async fn published(document: Vec<u8>) -> Result<String> {
    let document = Bytes::from(document);
    let routes = Router::new().route("/feed.xml", get(async move || document.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/feed.xml", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(url)
}

struct Pulled {
    feed: i64,
    at: i64,
    read: i64,
}

struct Watch<'w> {
    place: &'w Place,
    server: &'w Server,
}

impl Watch<'_> {
    /// Waits until a pull has ended after this moment. Answers it, and the most memory there was.
    async fn until_after(&self, moment: i64) -> Result<(Pulled, u64)> {
        const SQL: &str = "select id, coalesce(pulled_at, 0), read_count from feed where state = 'waiting' order by id limit 1";
        let began = Instant::now();
        let client = match self.place {
            Place::Database { url, .. } => Some(connect(url).await?),
            Place::Folder(_) => None,
        };
        let mut peak = 0;
        while began.elapsed() < LONGEST {
            peak = peak.max(self.server.usage()?.resident_bytes);
            let found = match &client {
                Some(client) => {
                    client.query_opt(SQL, &[]).await?.map(|row| (row.get(0), row.get(1), row.get(2)))
                }
                None => {
                    let connection = rusqlite::Connection::open(self.place.sqlite_file())?;
                    connection.query_row(SQL, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).ok()
                }
            };
            if let Some((feed, at, read)) = found.filter(|(_, at, _): &(i64, i64, i64)| *at > moment) {
                return Ok((Pulled { feed, at, read }, peak));
            }
            sleep(LOOK_EVERY).await;
        }
        bail!("no pull has ended in ten minutes")
    }
}
