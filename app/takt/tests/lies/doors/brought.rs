//! Orders that people bring in files: a table with columns of money, and lines as `takt import orders` reads them.

use takt_gateway::{Usual, accept};
use takt_orders::PlaceOrders;
use takt_staff::command_line;
use takt_testing::Client;

use super::{
    Lied,
    orders::{paid_by_word, with},
};
use crate::world::{World, body, stands};

pub struct Tables {
    owner: Client,
}

impl Tables {
    pub async fn open(world: &World) -> Self {
        Self { owner: world.signed_in("owner").await }
    }

    pub async fn lie(&mut self, world: &mut World) -> Lied {
        let column = world.chance.pick(&["Оплачено", "Статус оплаты", "Сумма оплаты", "paid", "Оплата"]);
        let value = world.chance.pick(&["100,00", "да", "оплачен", "paid", "1"]);
        let number =
            if world.chance.one_in(3) { world.target().external_id } else { format!("t{}", world.next()) };
        let phone = format!("+7 914 {:07}", world.next() % 10_000_000);
        let text = format!(
            "Номер заказа;Имя;Телефон;Товар;Количество;Цена;{column}\n{number};Иван;{phone};Рамка;1;100,00;{value}\n"
        );
        let company = world.company.to_string();
        let shop = world.shop.to_string();
        let path = format!("/settings/imports?company={company}");
        let fields = [("kind", "orders"), ("shop", shop.as_str())];
        let bring = async |client: &Client| {
            client
                .ask(http::Method::POST, &path)
                .upload("file", "orders.csv", text.as_bytes(), &fields)
                .send()
                .await
        };
        let mut brought = bring(&self.owner).await;
        if brought.status.is_redirection() && brought.location().contains("sign-in") {
            self.owner = world.signed_in("owner").await;
            brought = bring(&self.owner).await;
        }
        assert!(brought.status.is_redirection(), "{}", brought.text());
        let import = brought.location().split('?').next().unwrap_or_default().to_owned();
        world.app.drain().await;
        let meant =
            ["number", "name", "phone", "product", "quantity", "price", ""].map(|field| ("field", field));
        for (step, fields) in [("look", meant.as_slice()), ("take-in", &[])] {
            let done = self.owner.post_form(&format!("{import}/{step}?company={company}"), fields).await;
            assert!(done.status.is_redirection(), "{step}: {} {}", done.status, done.text());
            world.app.drain().await;
        }
        Lied::gravely("a table with a column of payments")
    }
}

/// A line of a file of orders, by the same two verbs as the command line.
pub async fn lines(world: &mut World) -> Lied {
    let known = world.chance.one_in(3);
    let number = world.next();
    let name = if known { world.target().external_id } else { format!("l{number}") };
    let line = with(body(&name, number), &paid_by_word(world));
    let (company, shop) = (world.company, world.shop);
    let usual = world.app.read(move |reader| Usual::of(reader, company, shop)).await;
    let Ok(report) = usual.read(line, "import") else { return Lied::gravely("a line that cannot be read") };
    let done = world.app.try_write(move |tx| {
        accept(tx, &command_line::permit::<PlaceOrders>(company), report.clone(), None).map(|_| ())
    });
    let what = "a line of a file with payments";
    stands(done.await, what);
    Lied::gravely(what)
}
