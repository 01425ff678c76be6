//! A company with its bank, and the listeners of Takt: that of banks and the ordinary one.

use std::{
    net::SocketAddr,
    sync::{
        LazyLock,
        atomic::{AtomicI64, Ordering},
    },
};

use serde_json::{Map, Value, json};
use takt_bank_simulator::{
    books::{Books, Line, NewLine},
    keys::{BankKeys, KID},
    push::{ISSUER, Message, Mode, Seal, Subscriber, Teller},
    wire::{Identity, Target},
};
use takt_kernel::{Clock, CompanyId, ShopId, SystemEntropy, Timestamp, money::Currency};
use takt_orders::{Intake, OrderId, PlaceOrders};
use takt_payments::{
    accounts,
    channels::{
        self, ChannelId, NewChannel,
        keys::{self, NewKey},
        messages::{self, BankMessage},
    },
    invoices,
    journal::{self, Account},
    rights::{ManageBankAccounts, ManageBankChannels},
};
use takt_staff::{
    Permit, Scope, command_line,
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_testing::{Place, TestApp};
use takt_ui::Lang;
use takt_web::{
    Entrance,
    tls::{PemFiles, Tls},
};
use tokio::{net::TcpListener, sync::oneshot};

pub const ACCOUNT: &str = "40702810200000000001";

/// Made once: an RSA key takes its time.
pub static KEYS: LazyLock<BankKeys> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    BankKeys::open(folder.path(), &SystemEntropy).expect("keys")
});

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shop: ShopId,
    /// The door of banks and everybody's.
    pub mutual: SocketAddr,
    pub public: SocketAddr,
    orders: AtomicI64,
    _stop: oneshot::Sender<()>,
}

pub struct Expected {
    pub order: OrderId,
    pub reference: String,
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        let mail = takt::wiring::without_mail().expect("settings");
        let app = TestApp::open(place, takt::wiring::features(mail)).await;
        let new = NewCompany {
            name: "Светосила".to_owned(),
            kind: OrganisationKind::Company,
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            lang: Lang::Ru,
        };
        let company = command_line::create_company(&app.db, new).await.expect("a company");
        let shop = NewShop { name: "Рамки".to_owned(), currency: None };
        let shop = command_line::create_shop(&app.db, &company.to_string(), shop).await.expect("a shop");
        let new = accounts::NewBankAccount {
            account: ACCOUNT.to_owned(),
            bic: "044525225".to_owned(),
            bank_name: None,
            holder_name: None,
            inn: Some("7707083893".to_owned()),
            currency: Currency::RUB,
        };
        app.write(move |tx| {
            accounts::open(tx, &Permit::<ManageBankAccounts>::system(company, "test"), &new).map(|_| ())
        })
        .await;
        app.drain().await;
        let (mutual, public, stop) = listen(&app).await;
        Self { app, company, shop, mutual, public, orders: AtomicI64::new(0), _stop: stop }
    }

    /// Connects the bank in one of its ways.
    pub async fn connect(&self, seal: Seal) -> Subscriber {
        let (kind, code) = match seal {
            Seal::Jws => ("push", "jws"),
            Seal::Jwt => ("push", "jwt"),
            Seal::Cms => ("push", "cms"),
            Seal::Tochka => ("tochka", "jwt"),
        };
        let mut settings = Map::from_iter([("seal".to_owned(), Value::from(code))]);
        if seal != Seal::Tochka {
            settings.insert("issuer".to_owned(), ISSUER.into());
            settings.insert("peers".to_owned(), json!([KEYS.peer()]));
        }
        let new = NewChannel { kind: kind.to_owned(), name: "Банк".to_owned(), settings };
        let text = if seal == Seal::Tochka { KEYS.rsa.public_pem() } else { KEYS.certificate.clone() };
        let company = self.company;
        let channel = self
            .app
            .write(move |tx| {
                let permit = permit(company);
                let channel = channels::create(tx, &permit, &new)?;
                let key = NewKey {
                    kid: Some(KID.to_owned()),
                    algorithm: None,
                    text: text.clone(),
                    not_before: None,
                    not_after: None,
                };
                keys::add(tx, &permit, channel, &key)?;
                Ok(channel)
            })
            .await;
        Subscriber { channel: channel.get(), seal, account: ACCOUNT.to_owned() }
    }

    /// A buyer of their own orders something for 100 roubles.
    pub async fn order(&self) -> Expected {
        self.order_on("prepaid").await
    }

    pub async fn order_on(&self, terms: &str) -> Expected {
        let n = self.orders.fetch_add(1, Ordering::Relaxed) + 1;
        let body = json!({
            "external_id": format!("N{n}"),
            "currency": "RUB",
            "terms": terms,
            "customer": {"name": format!("Покупатель {n}"), "phone": format!("+7912{n:07}")},
            "lines": [{"name": "Рамка", "quantity": "1", "unit": "pcs", "price": "100.00", "vat": "22"}],
        });
        let intake =
            Intake { shop: self.shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
        let wanted = takt_orders::read_new_order(&body, &intake).expect("an order");
        let company = self.company;
        let order = self
            .app
            .write(move |tx| {
                let mut wanted = wanted.clone();
                let permit = Permit::<PlaceOrders>::system(company, "test");
                wanted.customer =
                    Some(takt_customers::recognise(tx, company, &wanted.contact, permit.actor())?);
                Ok(takt_orders::place(tx, &permit, wanted)?.id)
            })
            .await;
        let invoice = self.app.read(move |r| invoices::current_of_order(r, company, order)).await;
        Expected { order, reference: invoice.expect("an invoice").reference }
    }

    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    pub fn teller(&self) -> Teller<'static> {
        Teller { keys: &KEYS, entropy: &SystemEntropy, now: self.now() }
    }

    /// 100 roubles for this order, as the bank booked them now.
    pub fn line(&self, books: &mut Books, expected: &Expected) -> Line {
        let purpose = format!("Оплата по счёту {} й", expected.reference);
        books.book(NewLine::credit(ACCOUNT, 10_000, &purpose), self.now())
    }

    pub fn target(&self, seal: Seal) -> Target {
        if seal == Seal::Tochka {
            return Target::plain(self.public);
        }
        let shown = Identity { certificate: &KEYS.client, key: &KEYS.client_key };
        Target::tls(self.mutual, &KEYS.authority, Some(shown)).expect("a target")
    }

    pub async fn send(&self, to: &Subscriber, message: &Message) -> u16 {
        self.target(to.seal).post(&to.path(), &message.headers, &message.body).await.expect("an answer")
    }

    /// Books 100 roubles for the order and tells of it. Answers what Takt said.
    pub async fn bank_tells(
        &self,
        books: &mut Books,
        to: &Subscriber,
        expected: &Expected,
        mode: Mode,
    ) -> Vec<u16> {
        let line = self.line(books, expected);
        let messages = self.teller().tell(books, to, &line, mode).expect("messages");
        let mut answers = Vec::new();
        for message in &messages {
            answers.push(self.send(to, message).await);
        }
        self.settle().await;
        answers
    }

    /// Until nothing that was kept waits any more.
    pub async fn settle(&self) {
        let company = self.company;
        for _ in 0..2_000 {
            let channels = self.app.read(move |r| channels::standings(r, company)).await;
            if channels.iter().all(|standing| standing.waiting == 0) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        unreachable!("messages wait for ever");
    }

    pub async fn paid(&self, order: OrderId) -> String {
        let scope = Scope::Company { company: self.company, shops: None };
        self.app.read(move |r| takt_orders::get(r, &scope, order)).await.paid.to_decimal_string()
    }

    /// The newest message of a channel.
    pub async fn newest(&self, to: &Subscriber) -> Option<BankMessage> {
        let (company, channel) = (self.company, ChannelId::new(to.channel));
        self.app.read(move |r| messages::newest(r, company, channel, None, 1)).await.pop()
    }

    /// What the journal says came and was not allotted yet, or was.
    pub async fn balance(&self, account: Account) -> String {
        let company = self.company;
        let balances = self.app.read(move |r| journal::balance(r, company, account)).await;
        balances.first().map_or_else(|| "0.00".to_owned(), |money| money.to_decimal_string())
    }

    /// What came to the bank account, as the journal has it.
    pub async fn came(&self) -> String {
        let company = self.company;
        let account = self.app.read(move |r| accounts::list(r, company)).await[0].id;
        self.balance(Account::Bank(account)).await
    }

    pub async fn change(
        &self,
        does: impl Fn(&mut takt_store::Tx<'_>, &Permit<ManageBankChannels>) -> takt_kernel::Result<()>
        + Send
        + Sync
        + 'static,
    ) {
        let company = self.company;
        self.app.write(move |tx| does(tx, &permit(company))).await;
    }
}

pub fn permit(company: CompanyId) -> Permit<ManageBankChannels> {
    Permit::<ManageBankChannels>::system(company, "test")
}

async fn listen(app: &TestApp) -> (SocketAddr, SocketAddr, oneshot::Sender<()>) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    };
    let files =
        PemFiles { certificate: file("server.pem", &KEYS.server), key: file("server.key", &KEYS.server_key) };
    let now = takt_kernel::SystemClock.now();
    let tls = Tls::load_mutual(files, &file("authority.pem", &KEYS.authority), now).expect("a pair");
    let bind = async || TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let (banks, everybody) = (bind().await, bind().await);
    let addresses = (banks.local_addr().expect("bound"), everybody.local_addr().expect("bound"));
    let entrances = vec![Entrance::with_tls(banks, tls).only("/bank/v1/"), Entrance::plain(everybody)];
    let (stop, stopped) = oneshot::channel::<()>();
    let (web, router) = (app.web.clone(), app.wiring.router.clone());
    tokio::spawn(async move {
        let stop = async {
            let _ = stopped.await;
        };
        takt_web::serve(entrances, &web, router, stop).await.expect("served");
    });
    (addresses.0, addresses.1, stop)
}
