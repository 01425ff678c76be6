//! Each way in which a bank, or somebody who would be one, does not tell the plain truth once.

use proptest::{prelude::*, strategy::ValueTree};
use takt_bank_simulator::{
    books::Books,
    push::{Mode, Seal},
};
use takt_payments::channels::{
    ChannelId,
    messages::MessageState,
    push::{Push, Received, receive},
};
use takt_testing::{Place, on_both_engines};

use crate::desk::{Desk, KEYS};

on_both_engines! {
    async fn every_mode_of_the_simulated_bank_ends_as_it_should(place: Place) {
        use MessageState::{Applied, Held, Refused};
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Jws).await;
        let mut books = Books::new("modes");
        for (mode, answers, paid, state, outcome) in [
            (Mode::Honest, &[200][..], "100.00", Applied, "payments.message_applied"),
            (Mode::Late, &[200], "0.00", Held, "payments.push_late"),
            (Mode::Duplicate, &[200, 200], "100.00", Applied, "payments.message_applied"),
            (Mode::Reordered, &[200, 200], "100.00", Applied, "payments.message_applied"),
            (Mode::Forged, &[401], "0.00", Refused, "proof.signature_wrong"),
            (Mode::Altered, &[401], "0.00", Refused, "proof.signature_wrong"),
            (Mode::WrongAccount, &[401], "0.00", Refused, "payments.push_other_account"),
            (Mode::WrongCurrency, &[200], "0.00", Applied, "payments.message_applied"),
            (Mode::Replayed, &[200], "0.00", Held, "payments.push_late"),
            (Mode::Restated, &[200, 200], "100.00", Held, "payments.push_contradicts"),
            (Mode::Reversed, &[200, 200], "100.00", Applied, "payments.message_applied"),
        ] {
            let expected = desk.order().await;
            let given = desk.bank_tells(&mut books, &to, &expected, mode).await;
            assert_eq!(given, answers, "{mode:?}");
            assert_eq!(desk.paid(expected.order).await, paid, "{mode:?}");
            let message = desk.newest(&to).await.expect("a message");
            assert_eq!((message.state, message.outcome.as_str()), (state, outcome), "{mode:?}");
        }
        desk.app.drain().await;
        assert_eq!(desk.app.facts_named("payments.line_contradicted").await, 1, "restated");
        assert!(desk.app.facts_named("payments.poll_wanted").await >= 3, "late, replayed, restated, a gap");
        assert!(desk.app.facts_named("payments.push_refused").await >= 2, "an alarm for each new reason");
    }
}

/// How many forged inputs; a million for the whole of it.
fn cases() -> u32 {
    std::env::var("TAKT_PUSH_LIES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
}

/// What is done to an honest message.
#[derive(Clone, Debug)]
enum Lie {
    /// One byte is another one.
    Byte(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, u8),
    /// The signature of another honest message.
    OtherSignature,
    NoSignature,
    SignatureByte(prop::sample::Index, u8),
    Noise(Vec<u8>),
    /// To another channel than it was written for.
    OtherChannel,
    /// Past the door of banks.
    NoPeer,
}

fn lie() -> impl Strategy<Value = Lie> {
    prop_oneof![
        8 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Lie::Byte(at, byte)),
        2 => any::<prop::sample::Index>().prop_map(Lie::Cut),
        2 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Lie::Insert(at, byte)),
        1 => Just(Lie::OtherSignature),
        1 => Just(Lie::NoSignature),
        4 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Lie::SignatureByte(at, byte)),
        2 => prop::collection::vec(any::<u8>(), 0..300).prop_map(Lie::Noise),
        1 => Just(Lie::OtherChannel),
        1 => Just(Lie::NoPeer),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_forged_or_altered_ever_pays_whatever_door_it_takes() {
    let desk = Desk::open(Place::sqlite()).await;
    let expected = desk.order().await;
    let mut doors = Vec::new();
    for seal in [Seal::Jws, Seal::Jwt, Seal::Cms, Seal::Tochka] {
        let to = desk.connect(seal).await;
        let mut books = Books::new(&format!("{seal:?}"));
        let line = desk.line(&mut books, &expected);
        let mut tell =
            || desk.teller().tell(&mut books, &to, &line, Mode::Honest).expect("a message").remove(0);
        doors.push((to.clone(), tell(), tell()));
    }
    let peer = takt_bank_simulator::keys::der_of(&KEYS.client);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = (0..doors.len(), lie());
    let (mut refused, mut tried) = (0, 0);
    for _ in 0..cases() {
        let (door, lie) = strategy.new_tree(&mut runner).expect("a lie").current();
        let (to, message, other) = &doors[door];
        let signature = |message: &takt_bank_simulator::push::Message| {
            message.headers.first().map(|(_, signature)| signature.clone())
        };
        let mut push = Push {
            channel: Some(ChannelId::new(to.channel)),
            body: message.body.clone(),
            signature: signature(message),
            packed: false,
            peer: peer.clone(),
        };
        match &lie {
            Lie::Byte(at, byte) => {
                let at = at.index(push.body.len());
                push.body[at] = *byte;
            }
            Lie::Cut(at) => push.body.truncate(at.index(push.body.len())),
            Lie::Insert(at, byte) => {
                let at = at.index(push.body.len());
                push.body.insert(at, *byte);
            }
            Lie::OtherSignature => push.signature = signature(other),
            Lie::NoSignature => push.signature = None,
            Lie::SignatureByte(at, byte) => {
                if let Some(text) = &mut push.signature {
                    let mut bytes = text.clone().into_bytes();
                    let at = at.index(bytes.len());
                    bytes[at] = 33 + byte % 90;
                    *text = String::from_utf8(bytes).expect("ascii");
                }
            }
            Lie::Noise(bytes) => push.body.clone_from(bytes),
            Lie::OtherChannel => {
                push.channel = Some(ChannelId::new(doors[(door + 1) % doors.len()].0.channel))
            }
            Lie::NoPeer => push.peer = None,
        }
        let same = push.body.trim_ascii() == message.body && push.signature == signature(message);
        // Of Tochka's kind no certificate is asked, and nothing stands beside the body.
        if same
            && push.channel == Some(ChannelId::new(to.channel))
            && (push.peer.is_some() || to.seal == Seal::Tochka)
        {
            continue;
        }
        if matches!(to.seal, Seal::Jwt | Seal::Tochka)
            && push.body.trim_ascii() == message.body
            && push.channel == Some(ChannelId::new(to.channel))
            && (push.peer.is_some() || to.seal == Seal::Tochka)
        {
            continue;
        }
        tried += 1;
        let answer = receive(&desk.app.db, push).await.expect("an answer");
        assert_eq!(answer, Received::Refused, "{:?} {lie:?}", to.seal);
        refused += 1;
    }
    assert!(tried > cases() / 2 && refused == tried, "{tried}");
    desk.settle().await;
    assert_eq!(desk.paid(expected.order).await, "0.00");
    assert_eq!(desk.came().await, "0.00");
}
