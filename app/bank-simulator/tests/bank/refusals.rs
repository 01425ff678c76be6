//! All that must be refused, each through the real listener: the answer is one and the same, nothing is paid, and
//! the channel's page says why.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::hmac;
use serde_json::{Map, Value, json};
use takt_bank_simulator::{
    books::{Books, Line},
    keys::{KID, another_authority, another_signer, der_of},
    push::{Message, Mode, Seal, Subscriber},
    wire::{Identity, Target},
};
use takt_payments::channels::{self, ChannelId, keys, messages::MessageState};
use takt_proof::Signer;
use takt_testing::on_both_engines;

use crate::desk::{Desk, KEYS};

/// Where a message is sent.
#[derive(Clone, Copy)]
enum Door {
    Banks,
    Everybody,
}

/// An honest message about this line, and the hands of who changes it.
struct Made<'a> {
    desk: &'a Desk,
    to: &'a Subscriber,
    line: &'a Line,
    sequence: i64,
}

impl Made<'_> {
    fn claims(&self) -> Map<String, Value> {
        self.desk.teller().claims(self.to, self.line, self.sequence).expect("claims")
    }

    fn signed(&self, claims: &Map<String, Value>) -> Message {
        let signer = if self.to.seal == Seal::Tochka { &KEYS.rsa } else { &KEYS.signer };
        self.desk.teller().sealed(self.to, claims, signer).expect("a message")
    }

    fn honest(&self) -> Message {
        self.signed(&self.claims())
    }

    /// Signed, with some members being others.
    fn saying(&self, changes: Value) -> Message {
        let mut claims = self.claims();
        for (name, value) in changes.as_object().expect("an object") {
            match value {
                Value::Null => claims.shift_remove(name),
                value => claims.insert(name.clone(), value.clone()),
            };
        }
        self.signed(&claims)
    }

    /// Honest, with another header of the signature.
    fn under(&self, header: Value, signer: &Signer) -> Message {
        let mut message = self.honest();
        let header = header.as_object().expect("an object");
        if self.to.seal == Seal::Jws {
            message.headers[0].1 = signer.detached(header, &message.body).expect("a signature");
        } else {
            let claims = Value::Object(self.claims()).to_string();
            message.body = signer.attached(header, claims.as_bytes()).expect("a token").into_bytes();
        }
        message
    }

    /// These bytes, rightly signed.
    fn exactly(&self, body: String) -> Message {
        let header = KEYS.signer.header(KID);
        let signature = KEYS.signer.detached(&header, body.as_bytes()).expect("a signature");
        Message { headers: vec![("Bank-Signature".to_owned(), signature)], body: body.into_bytes() }
    }

    fn now(&self) -> i64 {
        self.desk.now().micros() / 1_000_000
    }
}

type Row = (&'static str, Seal, Door, fn(&Made<'_>) -> Message, &'static str);

fn rows() -> Vec<Row> {
    use Door::{Banks, Everybody};
    use Seal::{Cms, Jws, Jwt, Tochka};
    vec![
        ("unsigned", Jws, Banks, |m| Message { headers: Vec::new(), ..m.honest() }, "proof.unsigned"),
        ("unsigned cms", Cms, Banks, |m| Message { headers: Vec::new(), ..m.honest() }, "proof.unsigned"),
        (
            "no token",
            Jwt,
            Banks,
            |m| Message { headers: Vec::new(), body: Value::Object(m.claims()).to_string().into_bytes() },
            "proof.malformed",
        ),
        ("alg none", Jwt, Banks, |m| token(m, json!({"alg": "none"}), ""), "proof.unsigned"),
        (
            "alg none with something",
            Jwt,
            Banks,
            |m| token(m, json!({"alg": "none"}), "AAAA"),
            "proof.algorithm_refused",
        ),
        (
            "alg none, of Tochka's kind",
            Tochka,
            Everybody,
            |m| token(m, json!({"alg": "none"}), "AAAA"),
            "proof.algorithm_refused",
        ),
        ("hs256 with the public key", Jwt, Banks, |m| hmac_token(m, &KEYS.signer), "proof.algorithm_refused"),
        (
            "hs256 with the public key, of Tochka's kind",
            Tochka,
            Everybody,
            |m| hmac_token(m, &KEYS.rsa),
            "proof.algorithm_refused",
        ),
        (
            "another algorithm than the key's",
            Jwt,
            Banks,
            |m| m.under(json!({"alg": "RS256", "kid": KID}), &KEYS.signer),
            "proof.algorithm_refused",
        ),
        (
            "an algorithm that the bank does not use",
            Tochka,
            Everybody,
            |m| m.under(json!({"alg": "ES256"}), &KEYS.signer),
            "proof.algorithm_refused",
        ),
        (
            "a key in the header",
            Jws,
            Banks,
            |m| m.under(json!({"alg": "ES256", "kid": KID, "jwk": {"kty": "EC"}}), &KEYS.signer),
            "proof.header_refused",
        ),
        (
            "a key's address in the header",
            Jws,
            Banks,
            |m| m.under(json!({"alg": "ES256", "kid": KID, "jku": "https://evil.test"}), &KEYS.signer),
            "proof.header_refused",
        ),
        (
            "a certificate's address in the header",
            Jwt,
            Banks,
            |m| m.under(json!({"alg": "ES256", "kid": KID, "x5u": "https://evil.test"}), &KEYS.signer),
            "proof.header_refused",
        ),
        (
            "something critical that we do not know",
            Jwt,
            Banks,
            |m| m.under(json!({"alg": "ES256", "kid": KID, "crit": ["exp"]}), &KEYS.signer),
            "proof.header_refused",
        ),
        ("no key named", Jws, Banks, |m| m.under(json!({"alg": "ES256"}), &KEYS.signer), "proof.key_unknown"),
        (
            "a key of another bank under its own name",
            Jws,
            Banks,
            |m| m.under(json!({"alg": "ES256", "kid": "other"}), &stranger()),
            "proof.key_unknown",
        ),
        (
            "a key of another bank under this one's name",
            Jws,
            Banks,
            |m| m.under(json!({"alg": "ES256", "kid": KID}), &stranger()),
            "proof.signature_wrong",
        ),
        ("another bank's key, of Tochka's kind", Tochka, Everybody, |m| altered(m.honest(), b"c"), "proof."),
        (
            "another audience",
            Jws,
            Banks,
            |m| m.saying(json!({"aud": "takt:1"})),
            "payments.push_other_audience",
        ),
        ("no audience", Jws, Banks, |m| m.saying(json!({"aud": null})), "payments.push_lacks"),
        (
            "another customer, of Tochka's kind",
            Tochka,
            Everybody,
            |m| m.saying(json!({"customerCode": "7"})),
            "payments.push_other_audience",
        ),
        ("another issuer", Jws, Banks, |m| m.saying(json!({"iss": "another"})), "payments.push_other_issuer"),
        (
            "from the future",
            Jws,
            Banks,
            |m| m.saying(json!({"iat": m.now() + 90, "exp": m.now() + 300})),
            "payments.push_from_future",
        ),
        (
            "good for a day",
            Jws,
            Banks,
            |m| m.saying(json!({"exp": m.now() + 86_400})),
            "payments.push_lifetime",
        ),
        (
            "over before it was written",
            Jws,
            Banks,
            |m| m.saying(json!({"exp": m.now() - 1})),
            "payments.push_lifetime",
        ),
        ("no time", Jws, Banks, |m| m.saying(json!({"iat": null})), "payments.push_lacks"),
        ("no id", Jws, Banks, |m| m.saying(json!({"jti": null})), "payments.push_lacks"),
        ("no number", Jws, Banks, |m| m.saying(json!({"seq": null})), "payments.push_lacks"),
        ("no line", Jws, Banks, |m| m.saying(json!({"line_id": null})), "bank_push.field_missing"),
        (
            "another account",
            Jws,
            Banks,
            |m| m.saying(json!({"account": "40702810999999999999"})),
            "payments.push_other_account",
        ),
        (
            "another account, of Tochka's kind",
            Tochka,
            Everybody,
            |m| {
                let mut to = m.claims()["SideRecipient"].clone();
                to["account"] = "40702810999999999999".into();
                m.saying(json!({"SideRecipient": to}))
            },
            "payments.push_other_account",
        ),
        (
            "an amount with a point",
            Jws,
            Banks,
            |m| m.saying(json!({"amount_minor": 100.5})),
            "bank_push.field_malformed",
        ),
        (
            "an amount in quotes",
            Jws,
            Banks,
            |m| m.saying(json!({"amount_minor": "10000"})),
            "bank_push.field_malformed",
        ),
        (
            "an amount below nothing",
            Jws,
            Banks,
            |m| m.saying(json!({"amount_minor": -10_000})),
            "bank_push.field_malformed",
        ),
        (
            "an event that we do not know",
            Jws,
            Banks,
            |m| m.saying(json!({"evt": "gift"})),
            "bank_push.field_malformed",
        ),
        (
            "the amount twice",
            Jws,
            Banks,
            |m| {
                let body = Value::Object(m.claims()).to_string();
                m.exactly(body.replacen('{', "{\"amount_minor\":1,", 1))
            },
            "proof.twice_said",
        ),
        (
            "the payer's account twice, within",
            Jws,
            Banks,
            |m| {
                let body = Value::Object(m.claims()).to_string();
                m.exactly(body.replacen("\"payer\":{", "\"payer\":{\"account\":\"1\",", 1))
            },
            "proof.twice_said",
        ),
        (
            "one byte of the amount",
            Jws,
            Banks,
            |m| replaced(m.honest(), "\"amount_minor\":10000", "\"amount_minor\":90000"),
            "proof.signature_wrong",
        ),
        (
            "one byte of the purpose",
            Jws,
            Banks,
            |m| replaced(m.honest(), "Оплата", "Уплата"),
            "proof.signature_wrong",
        ),
        (
            "the same letter written otherwise",
            Jws,
            Banks,
            |m| replaced(m.honest(), "й", "и\u{306}"),
            "proof.signature_wrong",
        ),
        (
            "a space more",
            Jws,
            Banks,
            |m| replaced(m.honest(), "\"evt\":", "\"evt\": "),
            "proof.signature_wrong",
        ),
        (
            "one byte under a cms",
            Cms,
            Banks,
            |m| replaced(m.honest(), "\"amount_minor\":10000", "\"amount_minor\":90000"),
            "proof.signature_wrong",
        ),
        ("a cms with a text of its own", Cms, Banks, |m| with_content(m.honest()), "proof.content_attached"),
        (
            "a cms by a certificate of another issuer",
            Cms,
            Banks,
            |m| {
                let (_, certificate, _) = another_authority("bank.test").expect("an authority");
                let message = m.honest();
                let cms = KEYS.signer.cms(&der_of(&certificate).expect("der"), &message.body).expect("a cms");
                Message { headers: vec![("Bank-Signature".to_owned(), base64(&cms))], ..message }
            },
            "proof.key_unknown",
        ),
        (
            "a cms by another key under this certificate",
            Cms,
            Banks,
            |m| {
                let message = m.honest();
                let cms =
                    stranger().cms(&der_of(&KEYS.certificate).expect("der"), &message.body).expect("a cms");
                Message { headers: vec![("Bank-Signature".to_owned(), base64(&cms))], ..message }
            },
            "proof.signature_wrong",
        ),
        (
            "packed",
            Jws,
            Banks,
            |m| {
                let mut message = m.honest();
                message.headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
                message
            },
            "payments.push_malformed",
        ),
        (
            "packed without saying so",
            Jws,
            Banks,
            |m| {
                let zeros = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3].to_vec();
                Message { body: [zeros, vec![0; 60_000]].concat(), ..m.honest() }
            },
            "proof.signature_wrong",
        ),
        (
            "longer than a message is",
            Jws,
            Banks,
            |m| m.exactly(format!("{}{}", Value::Object(m.claims()), " ".repeat(65_536))),
            "payments.push_malformed",
        ),
        (
            "nothing at all",
            Jws,
            Banks,
            |m| Message { body: Vec::new(), ..m.honest() },
            "payments.push_malformed",
        ),
        ("nested without end", Jws, Banks, |m| m.exactly("[".repeat(60_000)), "proof.not_json"),
    ]
}

on_both_engines! {
    async fn each_of_these_is_refused_alike_and_moves_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let mut known = Vec::new();
        for seal in [Seal::Jws, Seal::Jwt, Seal::Cms, Seal::Tochka] {
            let to = desk.connect(seal).await;
            if seal == Seal::Tochka {
                let (id, audience) = (ChannelId::new(to.channel), json!({"audience": format!("takt:{}", to.channel)}));
                desk.change(move |tx, permit| {
                    channels::change_settings(tx, permit, id, audience.as_object().expect("an object")).map(|_| ())
                })
                .await;
            }
            known.push(to);
        }
        let expected = desk.order().await;
        let mut books = Books::new("refused");
        let mutual = desk.target(Seal::Jws);
        let public = Target::plain(desk.public);
        for (name, seal, door, make, code) in rows() {
            // Kept are only so many refused messages a minute.
            desk.app.clock.advance_seconds(10);
            let to = known.iter().find(|to| to.seal == seal).expect("a channel");
            let line = desk.line(&mut books, &expected);
            let sequence = books.next_sequence(&to.account);
            let message = make(&Made { desk: &desk, to, line: &line, sequence });
            let target = match door {
                Door::Banks => &mutual,
                Door::Everybody => &public,
            };
            let status = target.post(&to.path(), &message.headers, &message.body).await.expect("an answer");
            assert_eq!(status, 401, "{name}");
            let kept = desk.newest(to).await.expect("what was refused is kept");
            assert_eq!(kept.state, MessageState::Refused, "{name}: {}", kept.outcome);
            assert!(kept.outcome.starts_with(code), "{name}: {}", kept.outcome);
            assert!(kept.proof.is_none() && kept.import.is_none(), "{name}");
        }
        desk.settle().await;
        assert_eq!(desk.paid(expected.order).await, "0.00");
        assert_eq!(desk.came().await, "0.00");
    }

    async fn a_delivery_counts_once_and_a_line_has_one_content(place: Place) {
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Jws).await;
        let expected = desk.order().await;
        let mut books = Books::new("again");
        let line = desk.line(&mut books, &expected);
        let made = Made { desk: &desk, to: &to, line: &line, sequence: 1 };
        let claims = made.claims();
        let message = made.signed(&claims);
        assert_eq!(desk.send(&to, &message).await, 200);
        desk.settle().await;
        assert_eq!(desk.paid(expected.order).await, "100.00");
        let with = |changes: Value| {
            let mut claims = claims.clone();
            claims.extend(changes.as_object().cloned().expect("an object"));
            made.signed(&claims)
        };
        let other = json!({"jti": "another", "seq": 2});
        for (name, message, status, state) in [
            ("byte by byte", message.clone(), 200, MessageState::Applied),
            ("the same, signed anew", with(json!({})), 200, MessageState::Applied),
            ("the same id, another amount", with(json!({"amount_minor": 20_000})), 401, MessageState::Refused),
            ("the same id, another line", with(json!({"line_id": "x-1"})), 401, MessageState::Refused),
            ("another id, the same line", with(other.clone()), 200, MessageState::Refused),
            ("another id, the same line, another amount",
                with(json!({"jti": "third", "seq": 3, "amount_minor": 30_000})), 200, MessageState::Held),
        ] {
            assert_eq!(desk.send(&to, &message).await, status, "{name}");
            desk.settle().await;
            assert_eq!(desk.newest(&to).await.expect("a message").state, state, "{name}");
            assert_eq!((desk.paid(expected.order).await.as_str(), desk.came().await.as_str()), ("100.00", "100.00"), "{name}");
        }
        // Long after it expired it is still a repeat: the bank never heard our answer.
        desk.app.clock.advance_seconds(3 * 24 * 3600);
        assert_eq!(desk.send(&to, &message).await, 200);
        assert_eq!(desk.came().await, "100.00");
    }

    async fn only_the_banks_own_certificate_opens_its_door(place: Place) {
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Jws).await;
        let expected = desk.order().await;
        let mut books = Books::new("doors");
        let line = desk.line(&mut books, &expected);
        let message = desk.teller().tell(&mut books, &to, &line, Mode::Honest).expect("a message").remove(0);
        let (foreign, certificate, key) = another_authority("bank.test").expect("an authority");
        assert_ne!(foreign, KEYS.authority);
        let nobody = Target::tls(desk.mutual, &KEYS.authority, None).expect("a target");
        let stranger = Identity { certificate: &certificate, key: &key };
        let stranger = Target::tls(desk.mutual, &KEYS.authority, Some(stranger)).expect("a target");
        for target in [nobody, stranger] {
            assert!(target.post(&to.path(), &message.headers, &message.body).await.is_err(), "no TLS, no answer");
        }
        let neighbour = Identity { certificate: &KEYS.server, key: &KEYS.server_key };
        let neighbour = Target::tls(desk.mutual, &KEYS.authority, Some(neighbour)).expect("a target");
        let answered = neighbour.post(&to.path(), &message.headers, &message.body).await;
        assert!(answered.is_err(), "a certificate for servers is none for clients");
        // Past the door of banks the channel is not there: refused alike, and nothing of it is written down.
        let public = Target::plain(desk.public);
        assert_eq!(public.post(&to.path(), &message.headers, &message.body).await.expect("an answer"), 401);
        assert!(desk.newest(&to).await.is_none());
        assert_eq!(desk.app.facts_named("payments.push_refused").await, 0);
        // Of the same authority, for clients, and not pinned.
        let id = ChannelId::new(to.channel);
        desk.change(move |tx, permit| {
            let peers = json!({"peers": ["00".repeat(32)]});
            channels::change_settings(tx, permit, id, peers.as_object().expect("an object")).map(|_| ())
        })
        .await;
        assert_eq!(desk.send(&to, &message).await, 401);
        assert_eq!(desk.newest(&to).await.expect("a message").outcome, "payments.push_other_peer");
        // Nothing else is there at the door of banks.
        let target = desk.target(Seal::Jws);
        for path in ["/login", "/api/v1/orders", "/money", "/healthz"] {
            let status = target.post(path, &[], b"").await.expect("an answer");
            assert_eq!(status, 404, "{path}");
        }
        assert_eq!(desk.paid(expected.order).await, "0.00");
    }

    async fn a_paused_channel_a_key_whose_day_is_over_and_no_channel_at_all(place: Place) {
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Jws).await;
        let id = ChannelId::new(to.channel);
        let expected = desk.order().await;
        let mut books = Books::new("paused");
        let mut tell = async || {
            let line = desk.line(&mut books, &expected);
            let message = desk.teller().tell(&mut books, &to, &line, Mode::Honest).expect("a message").remove(0);
            let status = desk.send(&to, &message).await;
            (status, desk.newest(&to).await.map(|message| message.outcome))
        };
        desk.change(move |tx, permit| channels::pause(tx, permit, id)).await;
        assert_eq!(tell().await, (401, Some("payments.push_paused".to_owned())));
        desk.change(move |tx, permit| channels::resume(tx, permit, id)).await;
        desk.change(move |tx, permit| {
            let now = takt_store::Query::now(tx);
            keys::end_at(tx, permit, id, KID, now.plus_seconds(-1))
        })
        .await;
        assert_eq!(tell().await, (401, Some("proof.key_not_in_time".to_owned())));
        let nowhere = Subscriber { channel: 999_999_999, ..to.clone() };
        let line = desk.line(&mut Books::new("nowhere"), &expected);
        let message = desk.teller().message(&nowhere, &line, 1).expect("a message");
        assert_eq!(desk.send(&nowhere, &message).await, 401);
        assert_eq!(desk.paid(expected.order).await, "0.00");
    }
}

fn stranger() -> Signer {
    another_signer().expect("a key")
}

fn replaced(mut message: Message, from: &str, to: &str) -> Message {
    let body = String::from_utf8(message.body).expect("text");
    assert!(body.contains(from), "{body}");
    message.body = body.replacen(from, to, 1).into_bytes();
    message
}

/// The last letter of the signature but some is another.
fn altered(mut message: Message, with: &[u8]) -> Message {
    let at = message.body.len() - 20;
    message.body[at] = if message.body[at] == with[0] { b'd' } else { with[0] };
    message
}

fn token(made: &Made<'_>, header: Value, signature: &str) -> Message {
    let payload = Value::Object(made.claims()).to_string();
    let body = format!(
        "{}.{}.{signature}",
        base64_url(header.to_string().as_bytes()),
        base64_url(payload.as_bytes())
    );
    Message { headers: Vec::new(), body: body.into_bytes() }
}

fn hmac_token(made: &Made<'_>, public: &Signer) -> Message {
    let header = base64_url(json!({"alg": "HS256", "kid": KID}).to_string().as_bytes());
    let payload = base64_url(Value::Object(made.claims()).to_string().as_bytes());
    let input = format!("{header}.{payload}");
    let secret = hmac::Key::new(hmac::HMAC_SHA256, public.public_pem().as_bytes());
    let tag = hmac::sign(&secret, input.as_bytes());
    Message { headers: Vec::new(), body: format!("{input}.{}", base64_url(tag.as_ref())).into_bytes() }
}

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn base64_url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The same CMS, carrying a text: another one than the body.
fn with_content(message: Message) -> Message {
    use cms::{content_info::ContentInfo, signed_data::SignedData};
    use der::{Any, Decode, Encode, asn1::OctetString};
    let given = STANDARD.decode(&message.headers[0].1).expect("base64");
    let mut info = ContentInfo::from_der(&given).expect("a cms");
    let mut data: SignedData = info.content.decode_as().expect("signed data");
    let other = OctetString::new(b"{\"amount_minor\":1}".to_vec()).expect("octets");
    data.encap_content_info.econtent = Some(Any::encode_from(&other).expect("content"));
    info.content = Any::encode_from(&data).expect("der");
    Message { headers: vec![("Bank-Signature".to_owned(), base64(&info.to_der().expect("der")))], ..message }
}
