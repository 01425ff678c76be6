//! People who say that money came. Two of them are believed, while the bank is silent; no one else is.

use std::collections::BTreeMap;

use takt_kernel::money::{Currency, Money};
use takt_orders::{OrderId, VouchForMoney};
use takt_payments::hand::{self, HandId, Said};
use takt_staff::Permit;
use takt_store::Statement;

use super::{Lied, files::DAY};
use crate::world::{PRICE, World, stands};

/// First words that were said and wait.
#[derive(Default)]
pub struct Words {
    waiting: BTreeMap<OrderId, HandId>,
}

impl Words {
    pub async fn lie(&mut self, world: &mut World) -> Lied {
        let target = world.target();
        let said = Said {
            account: world.account,
            amount: Money::new(PRICE, Currency::RUB),
            number: "7".to_owned(),
            booked_on: DAY.to_owned(),
            payer_name: "Иванов".to_owned(),
            payer_account: String::new(),
        };
        let reference = target.reference.clone();
        match world.chance.between(0, 7) {
            0 => {
                silence(world, false).await;
                let alone = claim(world, world.company, "first", reference, said).await;
                assert!(stands(alone, "by hand"), "the bank is well");
                Lied::gravely("by hand while the bank speaks")
            }
            1 => {
                silence(world, true).await;
                let foreign = claim(world, world.other, "stranger", reference, said).await;
                assert!(stands(foreign, "by hand"), "it is another company's");
                Lied::gravely("by hand by a stranger")
            }
            2 => {
                silence(world, true).await;
                let done = world.voucher(world.company, "picker").await;
                assert!(stands(done, "by hand"), "a picker vouches for no money");
                Lied::gravely("by hand by somebody without the right")
            }
            3 => {
                let company = world.company;
                silence(world, true).await;
                let machine = world.app.try_write(move |tx| {
                    let permit = Permit::<VouchForMoney>::system(company, "test");
                    hand::claim(tx, &permit, &reference, &said)
                });
                assert!(stands(machine.await, "by hand"), "a program is no person");
                Lied::gravely("by hand by a program")
            }
            kind => self.second(world, target.order, reference, said, kind).await,
        }
    }

    /// A second word that is none, after a first that is one.
    async fn second(
        &mut self,
        world: &World,
        order: OrderId,
        reference: String,
        said: Said,
        kind: i64,
    ) -> Lied {
        silence(world, true).await;
        let first = match self.waiting.get(&order) {
            Some(first) => *first,
            None => match claim(world, world.company, "first", reference, said.clone()).await {
                Ok(first) => {
                    self.waiting.insert(order, first);
                    first
                }
                // A shop has changed it meanwhile.
                Err(fault) => {
                    assert!(
                        fault.is("payments.by_hand_not_awaited") || fault.is("payments.by_hand_too_much"),
                        "{fault:?}"
                    );
                    return Lied::idly("by hand for an order that does not wait");
                }
            },
        };
        let (company, who, said, what) = match kind {
            4 => (world.company, "first", said, "by hand by one person twice"),
            5 => (world.other, "stranger", said, "by hand confirmed by a stranger"),
            6 => {
                let other = Said { number: "8".to_owned(), ..said };
                (world.company, "second", other, "by hand confirmed in other words")
            }
            _ => {
                silence(world, false).await;
                (world.company, "second", said, "by hand confirmed when the bank spoke again")
            }
        };
        let permit = world.voucher(company, who).await.expect("a person");
        let done = world.app.try_write(move |tx| hand::confirm(tx, &permit, first, &said)).await;
        assert!(stands(done, what), "{what}");
        Lied::gravely(what)
    }
}

async fn claim(
    world: &World,
    company: takt_kernel::CompanyId,
    who: &str,
    reference: String,
    said: Said,
) -> takt_kernel::Result<HandId> {
    let permit = world.voucher(company, who).await?;
    world.app.try_write(move |tx| hand::claim(tx, &permit, &reference, &said)).await
}

/// Every bank of the company falls silent, or is heard again.
async fn silence(world: &World, silent: bool) {
    let company = world.company;
    world
        .app
        .write(move |tx| {
            let since = if silent { "1" } else { "null" };
            let noted = Statement::new(
                "insert into bank_channel_contact (company_id, channel_id, last_at, last_good_at, last_problem_at, last_problem,
                   silent_since, refused)
                 select company_id, id, null, null, null, null, ",
            )
            .push(since)
            .push(
                ", 0
                 from bank_channel
                 where company_id = :company_id
                 on conflict (company_id, channel_id) do update set silent_since = excluded.silent_since",
            );
            tx.execute_of(&noted.bind("company_id", company)).map(|_| ())
        })
        .await;
}
