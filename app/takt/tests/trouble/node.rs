//! `takt serve` as a process, with one shop whose program has a token.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Mutex, mpsc},
    time::{Duration, Instant},
};

use serde_json::Value;

const SCOPES: &str = "orders:write,orders:read,catalog:read,stock:read,shipments:read,tasks:read";

pub struct Node {
    pub child: Child,
    pub address: SocketAddr,
    pub observers: SocketAddr,
    pub token: String,
    log: Mutex<mpsc::Receiver<String>>,
}

pub struct Answered {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// `takt`, as it is run here: by itself, or inside something.
pub fn takt(before: &[&str]) -> Command {
    let mut words = before.iter().copied().chain([env!("CARGO_BIN_EXE_takt")]);
    let mut command = Command::new(words.next().expect("a program"));
    command.args(words).env("LANG", "C").env_remove("LC_ALL").env_remove("TAKT_DATABASE");
    command
}

/// Makes a company, a shop and a token there; answers the token.
pub fn prepare(place: &[&str]) -> String {
    let says = |arguments: &[&str]| {
        let output = takt(&[]).args(arguments).args(place).output().expect("the binary");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    };
    let company = says(&["company", "create", "--name", "Tea"]);
    let shop = says(&["shop", "create", "--company", &company, "--name", "Shop"]);
    says(&["token", "create", "--company", &company, "--shop", &shop, "--scope", SCOPES])
}

impl Node {
    pub fn of(folder: &Path) -> Self {
        Self::with(folder, |command| command)
    }

    pub fn with(folder: &Path, more: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let place = ["--data", folder.to_str().expect("a path")];
        let token = prepare(&place);
        let mut command = takt(&[]);
        command.args(serve()).args(place);
        Self::start(more(&mut command), token)
    }

    /// Starts what ends up as `takt serve` with [`serve`]'s arguments. Without a token the first line of
    /// its output is one.
    pub fn start(command: &mut Command, token: impl Into<Option<String>>) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary");
        let (lines, log) = mpsc::channel();
        let errors = BufReader::new(child.stderr.take().expect("its log"));
        // Read to the end, or a full pipe would hold the program up.
        std::thread::spawn(move || {
            errors.lines().map_while(Result::ok).try_for_each(|line| lines.send(line))
        });
        let mut said = Vec::new();
        let mut next = |message: &str| {
            let wanted = format!("\"message\":\"{message}\"");
            loop {
                let line = log
                    .recv_timeout(Duration::from_secs(60))
                    .unwrap_or_else(|_| panic!("it did not start: {said:#?}"));
                said.push(line.clone());
                if line.contains(&wanted) {
                    let line: Value = serde_json::from_str(&line).expect("a line of JSON");
                    let address = line.pointer("/fields/address").or(line.get("address"));
                    break address
                        .and_then(Value::as_str)
                        .and_then(|at| at.parse().ok())
                        .expect("an address");
                }
            }
        };
        let (observers, address) = (next("metrics"), next("listening"));
        let token = token.into().unwrap_or_else(|| {
            let mut line = String::new();
            BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a token");
            line.trim().to_owned()
        });
        Self { child, address, observers, token, log: Mutex::new(log) }
    }

    pub fn order(&self, external_id: &str) -> Answered {
        self.order_in(external_id, "en")
    }

    pub fn order_in(&self, external_id: &str, lang: &str) -> Answered {
        ask(self.address, &self.order_text(external_id, lang))
    }

    /// The whole request.
    pub fn order_text(&self, external_id: &str, lang: &str) -> String {
        let body = serde_json::json!({
            "external_id": external_id, "currency": "RUB", "customer": {"name": "Anna"}, "comment": "x".repeat(2_000),
            "lines": [{"sku": "TEA", "name": "Tea", "quantity": "1", "unit": "pcs", "price": "10.00", "vat": "22"}],
        })
        .to_string();
        format!(
            "POST /api/v1/orders HTTP/1.1\r\nHost: t\r\nConnection: close\r\nCookie: lang={lang}\r\n\
             Authorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        )
    }

    pub fn get(&self, path: &str) -> Answered {
        let token = &self.token;
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: t\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        ask(self.address, &head)
    }

    pub fn metrics(&self) -> String {
        let told = ask(self.observers, "GET /metrics HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
        assert_eq!(told.status, 200, "{}", told.head);
        told.body
    }

    /// How many orders there are.
    pub fn orders(&self) -> i64 {
        let page = self.get("/api/v1/orders?limit=1");
        page.json().pointer("/total/count").and_then(Value::as_i64).unwrap_or_else(|| panic!("{}", page.body))
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()));
    }

    /// From now on nobody reads the log.
    pub fn close_log(&mut self) {
        self.log = Mutex::new(mpsc::channel().1);
    }

    pub fn log(&self) -> Vec<String> {
        self.log.lock().map(|log| log.try_iter().collect()).unwrap_or_default()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.head, self.body))
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// What comes after `takt`.
pub fn serve() -> [&'static str; 7] {
    ["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--log-format", "json"]
}

pub fn ask(address: SocketAddr, request: &str) -> Answered {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(request.as_bytes()).expect("it listens");
    answer(stream)
}

pub fn answer(mut stream: TcpStream) -> Answered {
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time limit");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("an answer");
    let text = String::from_utf8(bytes).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answered { status, head: head.to_lowercase(), body: dechunked(head, body) }
}

fn dechunked(head: &str, body: &str) -> String {
    if !head.to_lowercase().contains("transfer-encoding: chunked") {
        return body.to_owned();
    }
    let (mut whole, mut rest) = (Vec::new(), body.as_bytes());
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
        let length =
            usize::from_str_radix(std::str::from_utf8(&rest[..end]).expect("text"), 16).expect("a length");
        whole.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 4 + length..];
    }
    String::from_utf8(whole).expect("text")
}

pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(30), "in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
