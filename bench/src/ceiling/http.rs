//! An axum server that reads a JSON body and answers a fixed one: what HTTP alone costs here.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use axum::{Json, Router, http::StatusCode, routing::post};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
    process::{Child, Command},
};

/// A server in a process of its own, as Takt is.
pub struct Server {
    _child: Child,
    pub address: SocketAddr,
}

impl Server {
    pub async fn start() -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("answer")
            .stdout(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let said = child.stdout.take().context("no output")?;
        let line = BufReader::new(said).lines().next_line().await?.context("it did not start")?;
        Ok(Self { _child: child, address: line.parse()? })
    }
}

/// The other side of [`Server::start`]: runs until it is killed.
pub async fn answer() -> Result<()> {
    let order = json!({
        "id": 16390, "number": "1001", "external_id": "a-1", "stage": "new", "status": "new", "currency": "RUB",
        "total": "1497.00", "paid": "0.00", "owed": "1497.00", "lines": [{"sku": "SKU-00001", "price": "399.00"}],
        "customer": {"name": "Иванова Анна", "phone": "+79123456789"}, "version": 1,
    });
    let place = move |Json(body): Json<Value>| {
        let mut order = order.clone();
        async move {
            if let (Some(order), Some(id)) = (order.as_object_mut(), body.get("external_id")) {
                order.insert("external_id".to_owned(), id.clone());
            }
            (StatusCode::CREATED, Json(order))
        }
    };
    let router = Router::new().route("/api/v1/orders", post(place));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}
