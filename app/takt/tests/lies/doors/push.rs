//! Banks that tell by themselves, in each of their seals.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use takt_bank_simulator::{
    books::{Books, Line, NewLine},
    keys::{BankKeys, KID, der_of},
    push::{ISSUER, Message, Mode, Seal, Subscriber, Teller},
};
use takt_kernel::SystemEntropy;
use takt_payments::{
    channels::{
        self, ChannelId, NewChannel,
        keys::{self, NewKey},
        push::{Push, Received, receive},
    },
    rights::ManageBankChannels,
};
use takt_staff::Permit;
use takt_store::{Query, Statement};

use super::Lied;
use crate::{
    change::{changed, changed_text, noise},
    world::{ACCOUNT, PRICE, World},
};

/// So many refused messages of a channel are kept in a minute (`payments/src/channels/contact.rs`).
const KEPT_A_MINUTE: i64 = 30;

/// And so many of it in all (`channels/messages.rs`).
const KEPT_OF_CHANNEL: i64 = 200;

pub struct Banks {
    keys: BankKeys,
    channels: Vec<Bank>,
    /// By channel and minute.
    refused: BTreeMap<(i64, i64), i64>,
}

struct Bank {
    to: Subscriber,
    books: Books,
    /// About orders that wait; never sent as they are.
    unsent: Vec<Message>,
    /// Was sent, believed, and may come again without effect.
    heard: Message,
}

impl Banks {
    pub async fn open(world: &mut World) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = BankKeys::open(folder.path(), &SystemEntropy).expect("keys");
        let mut channels = Vec::new();
        for seal in [Seal::Jws, Seal::Jwt, Seal::Cms, Seal::Tochka] {
            let to = connect(world, &keys, seal).await;
            let mut books = Books::new(&format!("{seal:?}"));
            let order = world.order().await;
            let line = line(world, &mut books, &order.reference);
            let heard =
                teller(world, &keys).tell(&mut books, &to, &line, Mode::Honest).expect("a message").remove(0);
            let answer = receive(&world.app.db, as_sent(&keys, &to, &heard)).await.expect("an answer");
            assert_eq!(answer, Received::Taken);
            world.was_told(order.order, PRICE);
            channels.push(Bank { to, books, unsent: Vec::new(), heard });
        }
        let mut banks = Self { keys, channels, refused: BTreeMap::new() };
        banks.renew(world);
        banks
    }

    pub fn renew(&mut self, world: &mut World) {
        for bank in &mut self.channels {
            bank.unsent.clear();
            for _ in 0..2 {
                let line = line(world, &mut bank.books, &world.targets[0].reference.clone());
                let told = teller(world, &self.keys).tell(&mut bank.books, &bank.to, &line, Mode::Honest);
                bank.unsent.push(told.expect("a message").remove(0));
            }
        }
    }

    pub async fn lie(&mut self, world: &mut World) -> Lied {
        let at = world.chance.index(self.channels.len());
        if world.chance.one_in(20) {
            return self.signed_but_untrue(world, at).await;
        }
        if world.chance.one_in(10) {
            let bank = &self.channels[at];
            let again = as_sent(&self.keys, &bank.to, &bank.heard);
            assert_eq!(receive(&world.app.db, again).await.expect("an answer"), Received::Taken);
            return Lied::gravely("the same message again");
        }
        let Subscriber { channel: next, seal: next_seal, .. } =
            self.channels[(at + 1) % self.channels.len()].to;
        let bank = &self.channels[at];
        let message = &bank.unsent[0];
        let mut push = as_sent(&self.keys, &bank.to, message);
        let beside = push.signature.clone();
        let (what, kept) = match world.chance.between(0, 13) {
            0 => {
                push.body = noise(300, &mut world.chance);
                ("a push of noise", true)
            }
            1 if beside.is_some() => {
                push.signature = signature(&bank.unsent[1]);
                ("a push signed by another's signature", true)
            }
            2 if beside.is_some() => {
                push.signature = None;
                ("a push without a signature", true)
            }
            3..=5 if beside.is_some() => {
                push.signature = beside.map(|text| changed_text(&text, &mut world.chance));
                ("a push whose signature was changed", true)
            }
            6 => {
                push.channel = Some(ChannelId::new(next));
                // Who comes by the ordinary door finds no channel of the door of banks.
                ("a push to another channel", push.peer.is_some() || next_seal == Seal::Tochka)
            }
            7 if bank.to.seal != Seal::Tochka => {
                push.peer = None;
                ("a push past the door of banks", false)
            }
            8 if bank.to.seal != Seal::Tochka => {
                push.peer = der_of(&self.keys.server);
                ("a push by somebody with a certificate of another", true)
            }
            _ => {
                push.body = changed(&push.body, &mut world.chance);
                ("a push that was changed", true)
            }
        };
        if push.body.trim_ascii() == message.body && is_same(&push, &bank.to, message) {
            return Lied::idly("a push that only looked changed");
        }
        let channel = push.channel.expect("a channel").get();
        let answer = receive(&world.app.db, push).await.expect("an answer");
        assert_eq!(answer, Received::Refused, "{:?} {what}", bank.to.seal);
        if kept {
            self.note_refused(world, channel);
        }
        if what.contains("noise") { Lied::idly(what) } else { Lied::gravely(what) }
    }

    /// The bank's own signature, under what is no news, not ours, or not our money.
    async fn signed_but_untrue(&mut self, world: &mut World, at: usize) -> Lied {
        let mode = world.chance.pick(&[
            Mode::Forged,
            Mode::Altered,
            Mode::WrongAccount,
            Mode::WrongCurrency,
            Mode::Late,
            Mode::Replayed,
        ]);
        let reference = world.target().reference;
        let bank = &mut self.channels[at];
        let line = line(world, &mut bank.books, &reference);
        let told = teller(world, &self.keys).tell(&mut bank.books, &bank.to, &line, mode).expect("messages");
        let what = match mode {
            Mode::Forged => "a push forged under the bank's name",
            Mode::Altered => "a push altered by a digit",
            Mode::WrongAccount => "a push about a stranger's account",
            Mode::WrongCurrency => "a push of dollars to an account of roubles",
            Mode::Late => "a push that is late",
            _ => "an old push",
        };
        // Tochka says no moment: what is late is told as today's.
        if bank.to.seal == Seal::Tochka && matches!(mode, Mode::Late | Mode::Replayed) {
            return Lied::idly("a bank without a clock");
        }
        for message in &told {
            let push = as_sent(&self.keys, &self.channels[at].to, message);
            if receive(&world.app.db, push).await.expect("an answer") == Received::Refused {
                self.note_refused(world, self.channels[at].to.channel);
            }
        }
        Lied::gravely(what)
    }

    fn note_refused(&mut self, world: &World, channel: i64) {
        let minute = world.app.now().micros().div_euclid(60_000_000);
        *self.refused.entry((channel, minute)).or_default() += 1;
    }

    /// As many as there is room for in a minute.
    pub async fn every_refusal_is_kept(&self, world: &World) {
        let mut of_channel: BTreeMap<i64, i64> = BTreeMap::new();
        for ((channel, _), count) in &self.refused {
            *of_channel.entry(*channel).or_default() += (*count).min(KEPT_A_MINUTE);
        }
        let wanted: i64 = of_channel.values().map(|count| (*count).min(KEPT_OF_CHANNEL)).sum();
        let kept = Statement::new("select count(*) as n from bank_message where state = 'refused'");
        let kept: i64 =
            world.app.read(move |reader| reader.opt_of(&kept)?.map_or(Ok(0), |row| row.get("n"))).await;
        assert_eq!(kept, wanted, "refused messages that are kept");
    }
}

async fn connect(world: &World, keys: &BankKeys, seal: Seal) -> Subscriber {
    let (kind, code) = match seal {
        Seal::Jws => ("push", "jws"),
        Seal::Jwt => ("push", "jwt"),
        Seal::Cms => ("push", "cms"),
        Seal::Tochka => ("tochka", "jwt"),
    };
    let mut settings = Map::from_iter([("seal".to_owned(), Value::from(code))]);
    if seal != Seal::Tochka {
        settings.insert("issuer".to_owned(), ISSUER.into());
        settings.insert("peers".to_owned(), json!([keys.peer()]));
    }
    let new = NewChannel { kind: kind.to_owned(), name: format!("{seal:?}"), settings };
    let text = if seal == Seal::Tochka { keys.rsa.public_pem() } else { keys.certificate.clone() };
    let company = world.company;
    let channel = world
        .app
        .write(move |tx| {
            let permit = Permit::<ManageBankChannels>::system(company, "test");
            let channel = channels::create(tx, &permit, &new)?;
            let kid = Some(KID.to_owned());
            let key = NewKey { kid, algorithm: None, text: text.clone(), not_before: None, not_after: None };
            keys::add(tx, &permit, channel, &key)?;
            Ok(channel)
        })
        .await;
    Subscriber { channel: channel.get(), seal, account: ACCOUNT.to_owned() }
}

fn teller<'k>(world: &World, keys: &'k BankKeys) -> Teller<'k> {
    Teller { keys, entropy: &SystemEntropy, now: world.app.now() }
}

fn line(world: &World, books: &mut Books, reference: &str) -> Line {
    let purpose = format!("Оплата по счёту {reference} й");
    books.book(NewLine::credit(ACCOUNT, PRICE, &purpose), world.app.now())
}

fn as_sent(keys: &BankKeys, to: &Subscriber, message: &Message) -> Push {
    Push {
        channel: Some(ChannelId::new(to.channel)),
        body: message.body.clone(),
        signature: signature(message),
        packed: false,
        peer: (to.seal != Seal::Tochka).then(|| der_of(&keys.client)).flatten(),
    }
}

fn signature(message: &Message) -> Option<String> {
    message.headers.first().map(|(_, signature)| signature.clone())
}

/// Of a body that is the same: whether anything else matters to this bank.
fn is_same(push: &Push, to: &Subscriber, message: &Message) -> bool {
    let inside = matches!(to.seal, Seal::Jwt | Seal::Tochka);
    let peer = to.seal == Seal::Tochka || push.peer.is_some();
    push.channel == Some(ChannelId::new(to.channel))
        && peer
        && (inside || push.signature == signature(message))
}
