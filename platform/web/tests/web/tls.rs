//! TLS on real sockets: what plain connections can rely on holds here too, and one more limit.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore, SupportedProtocolVersion,
    pki_types::{CertificateDer, ServerName},
    version::{TLS12, TLS13},
};
use takt_kernel::Fault;
use takt_testing::Authority;
use takt_web::{
    Entrance, Limits,
    tls::{Renewal, Tls},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    node::{Node, answer_to},
    tls_files::{Files, now},
};

/// Somebody who trusts this authority.
struct Visitor {
    settings: Arc<ClientConfig>,
}

impl Visitor {
    fn who_trusts(authority: &Authority) -> Self {
        Self::speaking(authority, &[&TLS12, &TLS13])
    }

    fn speaking(authority: &Authority, versions: &[&'static SupportedProtocolVersion]) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(authority.root())).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let settings =
            ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
        Self { settings: Arc::new(settings.with_root_certificates(roots).with_no_client_auth()) }
    }

    fn offering(mut self, protocol: &str) -> Self {
        Arc::make_mut(&mut self.settings).alpn_protocols = vec![protocol.as_bytes().to_vec()];
        self
    }

    async fn enter(&self, address: SocketAddr, name: &str) -> io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from(name.to_owned()).unwrap();
        TlsConnector::from(self.settings.clone()).connect(name, stream).await
    }

    async fn ask(&self, address: SocketAddr, request: &str) -> String {
        let mut stream = self.enter(address, "takt.test").await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        answer_to(&mut stream).await
    }
}

struct Place {
    authority: Authority,
    files: Files,
    tls: Tls,
}

impl Place {
    fn new() -> Self {
        let authority = Authority::new();
        let files = Files::of(&authority.issue(&["takt.test"]));
        let tls = Tls::load(files.pair(), now()).unwrap();
        Self { authority, files, tls }
    }

    /// An entrance with TLS, and one without.
    async fn entrances(&self) -> (Vec<Entrance>, [SocketAddr; 2]) {
        let [first, second] = [listener().await, listener().await];
        let addresses = [first.local_addr().unwrap(), second.local_addr().unwrap()];
        (vec![Entrance::with_tls(first, self.tls.clone()), Entrance::plain(second)], addresses)
    }

    fn visitor(&self) -> Visitor {
        Visitor::who_trusts(&self.authority)
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

async fn ask_plainly(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    answer_to(&mut stream).await
}

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: takt.test\r\nConnection: close\r\n\r\n";
const WISH: &str = "POST /preferences HTTP/1.1\r\nHost: takt.test\r\nConnection: close\r\n\
     Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 14\r\n\r\nlang=en&back=/";

#[tokio::test]
async fn plain_and_tls_are_answered_at_the_same_time_and_each_gets_its_own_cookies() {
    let place = Place::new();
    for https_only in [false, true] {
        let mut node = Node::of(Limits::default()).await;
        node.web = node.web.secure(https_only);
        let (entrances, [safe, plain]) = place.entrances().await;
        let (_stop, _serving) = node.receive(entrances);
        for version in [&TLS12, &TLS13] {
            let visitor = Visitor::speaking(&place.authority, &[version]);
            let answer = visitor.ask(safe, WISH).await;
            assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
            assert_eq!(answer.matches("; Secure").count(), 1, "{answer}");
            assert_eq!(answer.contains("strict-transport-security"), https_only, "{answer}");
        }
        // Behind a proxy that speaks TLS, or on this machine.
        let answer = ask_plainly(plain, WISH).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        assert_eq!(answer.contains("; Secure"), https_only, "{answer}");
        assert_eq!(answer.contains("strict-transport-security"), https_only, "{answer}");
    }
}

#[tokio::test]
async fn clients_that_see_another_name_another_authority_or_another_protocol_go_away() {
    let (node, place) = (Node::of(Limits::default()).await, Place::new());
    let (entrances, [safe, plain]) = place.entrances().await;
    let (_stop, _serving) = node.receive(entrances);
    let refused = |entered: io::Result<TlsStream<TcpStream>>| entered.expect_err("refused").to_string();
    let told = refused(place.visitor().enter(safe, "other.test").await);
    assert!(told.contains("not valid for name"), "{told}");
    let told = refused(Visitor::who_trusts(&Authority::new()).enter(safe, "takt.test").await);
    assert!(told.contains("invalid peer certificate"), "{told}");
    let told = refused(place.visitor().offering("h2").enter(safe, "takt.test").await);
    assert!(told.contains("NoApplicationProtocol"), "{told}");
    refused(place.visitor().enter(plain, "takt.test").await);
    assert!(!ask_plainly(safe, HEALTH).await.contains("HTTP"), "nothing is said in the clear");
    let mut stream = place.visitor().offering("http/1.1").enter(safe, "takt.test").await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    stream.write_all(HEALTH.as_bytes()).await.unwrap();
    assert!(answer_to(&mut stream).await.starts_with("HTTP/1.1 200"));
    let text = node.web.db.metrics().text();
    assert!(text.contains("takt_tls_handshakes_total{outcome=\"done\"} 1"), "{text}");
    assert!(text.contains("takt_tls_handshakes_total{outcome=\"failed\"} 4"), "{text}");
}

#[tokio::test]
async fn a_new_certificate_is_shown_to_the_next_and_who_is_inside_stays() {
    let (node, place) = (Node::of(Limits::default()).await, Place::new());
    let (entrances, [safe, _]) = place.entrances().await;
    let (_stop, _serving) = node.receive(entrances);
    let mut inside = place.visitor().enter(safe, "takt.test").await.unwrap();
    let metrics = node.web.db.metrics();
    place.files.write("cert.pem", "nonsense");
    assert!(matches!(place.tls.renew(now(), false, metrics), Renewal::Kept(_)));
    assert!(place.visitor().ask(safe, HEALTH).await.starts_with("HTTP/1.1 200"), "the old one is shown");
    let next = place.authority.issue(&["next.test"]);
    place.files.write("cert.pem", &next.chain);
    place.files.write("key.pem", &next.key);
    assert!(matches!(place.tls.renew(now(), false, metrics), Renewal::Renewed(_)));
    place.visitor().enter(safe, "next.test").await.unwrap();
    assert!(place.visitor().enter(safe, "takt.test").await.is_err());
    inside.write_all(HEALTH.as_bytes()).await.unwrap();
    assert!(answer_to(&mut inside).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_handshake_that_never_ends_holds_nobody_else_up() {
    let limits = Limits { handshake: Duration::from_secs(3_600), ..Limits::default() };
    let (node, place) = (Node::of(limits).await, Place::new());
    let (entrances, [safe, _]) = place.entrances().await;
    let (_stop, _serving) = node.receive(entrances);
    let _silent = TcpStream::connect(safe).await.unwrap();
    node.until("takt_http_connections", 1.0).await;
    assert!(place.visitor().ask(safe, HEALTH).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_given_up() {
    let limits = Limits { handshake: Duration::from_millis(300), ..Limits::default() };
    let (node, place) = (Node::of(limits).await, Place::new());
    let (entrances, [safe, _]) = place.entrances().await;
    let (_stop, _serving) = node.receive(entrances);
    let mut silent = TcpStream::connect(safe).await.unwrap();
    let mut half = TcpStream::connect(safe).await.unwrap();
    // A record that says it is long, and does not come.
    half.write_all(&[22, 3, 1, 1, 0, 1]).await.unwrap();
    assert_eq!((answer_to(&mut silent).await, answer_to(&mut half).await), (String::new(), String::new()));
    node.until("takt_http_connections", 0.0).await;
    assert_eq!(node.number("takt_http_slow_clients_total"), 2.0);
    let text = node.web.db.metrics().text();
    assert!(text.contains("takt_tls_handshakes_total{outcome=\"late\"} 2"), "{text}");
}

#[tokio::test]
async fn slow_clients_are_let_go_under_tls_as_well() {
    let limits = Limits {
        head: Duration::from_millis(200),
        idle: Duration::from_secs(3_600),
        body_pause: Duration::from_millis(200),
        answer_pause: Duration::from_millis(300),
        ..Limits::default()
    };
    let (node, place) = (Node::of(limits).await, Place::new());
    let (entrances, [safe, _]) = place.entrances().await;
    let (_stop, _serving) = node.receive(entrances);
    let enter = async || place.visitor().enter(safe, "takt.test").await.unwrap();
    // Browsers come early and ask later: the handshake is no request that began, so this one outlives those who begin
    // and do not end.
    let mut early = enter().await;
    let mut loris = enter().await;
    loris.write_all(b"GET /api/v1/id HTTP/1.1\r\nX-A").await.unwrap();
    answer_to(&mut loris).await;
    // Not even a record becomes of what this one sends.
    let mut crumbs = enter().await;
    crumbs.get_mut().0.write_all(&[23, 3, 3]).await.unwrap();
    answer_to(&mut crumbs).await;
    early.write_all(HEALTH.as_bytes()).await.unwrap();
    assert!(answer_to(&mut early).await.starts_with("HTTP/1.1 200"));
    let mut deaf = enter().await;
    deaf.write_all(b"GET /large HTTP/1.1\r\nHost: t\r\n\r\n").await.unwrap();
    node.until("takt_http_slow_clients_total", 3.0).await;
    let mut half = enter().await;
    let head =
        "POST /api/read HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
    half.write_all(head.as_bytes()).await.unwrap();
    let answer = answer_to(&mut half).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("web.body_too_slow"), "{answer}");
    node.until("takt_http_connections", 0.0).await;
}

#[tokio::test]
async fn the_limit_of_connections_is_one_for_all_entrances() {
    let limits = Limits { connections: 2, reserve: 1, ..Limits::default() };
    let (node, place) = (Node::of(limits).await, Place::new());
    let (entrances, [safe, plain]) = place.entrances().await;
    let (_stop, _serving) = node.receive(entrances);
    let _first = TcpStream::connect(plain).await.unwrap();
    node.until("takt_http_connections", 1.0).await;
    let ask = "GET /api/v1/id HTTP/1.1\r\nHost: t\r\n\r\n";
    let answer = place.visitor().ask(safe, ask).await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("web.overloaded"), "{answer}");
    node.until("takt_http_connections", 1.0).await;
    let _crowd = [TcpStream::connect(plain).await.unwrap(), TcpStream::connect(plain).await.unwrap()];
    node.until("takt_http_connections", 3.0).await;
    assert!(place.visitor().enter(safe, "takt.test").await.is_err(), "nothing is kept for this one");
}

#[tokio::test]
async fn over_tls_nobody_is_believed_to_be_a_proxy() {
    let (mut node, place) = (Node::of(Limits::default()).await, Place::new());
    node.web = node.web.behind_proxies(1);
    let (entrances, [safe, plain]) = place.entrances().await;
    let (_stop, _serving) = node.receive(entrances);
    let ask = |from: &str| {
        format!("GET /limited HTTP/1.1\r\nHost: t\r\nX-Forwarded-For: {from}\r\nConnection: close\r\n\r\n")
    };
    for (count, status) in [(1, "200"), (2, "200"), (3, "429")] {
        let answer = place.visitor().ask(safe, &ask(&format!("192.0.2.{count}"))).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{count}: {answer}");
        let answer = ask_plainly(plain, &ask(&format!("192.0.2.{count}"))).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{count}: {answer}");
    }
}

#[tokio::test]
async fn a_stop_lets_requests_over_tls_end_and_waits_for_no_handshake() {
    let (node, place) = (Node::of(Limits::default()).await, Place::new());
    let (entrances, [safe, _]) = place.entrances().await;
    let (stop, serving) = node.receive(entrances);
    let _silent = TcpStream::connect(safe).await.unwrap();
    let _idle = place.visitor().enter(safe, "takt.test").await.unwrap();
    let mut late = place.visitor().enter(safe, "takt.test").await.unwrap();
    late.write_all(b"GET /hold HTTP/1.1\r\nHost: t\r\n\r\n").await.unwrap();
    node.until("takt_http_running", 1.0).await;
    stop.send(()).unwrap();
    while TcpStream::connect(safe).await.is_ok() {
        tokio::task::yield_now().await;
    }
    node.let_go.add_permits(1);
    let answer = answer_to(&mut late).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("held"), "{answer}");
    tokio::time::timeout(Duration::from_secs(5), serving).await.expect("it stops").unwrap().unwrap();
}

#[tokio::test]
async fn a_door_that_is_not_open_yet_says_so_over_tls_too() {
    let place = Place::new();
    let (entrances, [safe, plain]) = place.entrances().await;
    let twins = entrances.iter().map(|entrance| entrance.twin().unwrap()).collect();
    let texts = Arc::new(crate::tls_files::texts());
    let door = tokio::spawn(takt_web::refuse_all(twins, texts, Fault::unavailable("web.overloaded")));
    let ask = "GET /api/v1/id HTTP/1.1\r\nHost: t\r\n\r\n";
    for answer in [place.visitor().ask(safe, ask).await, ask_plainly(plain, ask).await] {
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("web.overloaded"), "{answer}");
    }
    assert!(place.visitor().ask(safe, HEALTH).await.starts_with("HTTP/1.1 200"));
    door.abort();
    let mut silent = TcpStream::connect(safe).await.unwrap();
    silent.write_u8(22).await.unwrap();
    drop(entrances);
    assert!(silent.read_u8().await.is_err());
}
