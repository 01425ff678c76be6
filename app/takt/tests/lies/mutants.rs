//! Doors that believe. Each is noticed, or the story of [`super`] proves nothing.

use takt_store::Statement;
use takt_testing::Place;

use crate::{
    doors::{Credit, one_c},
    truth,
    world::{ACCOUNT, World},
};

/// A listener that takes whoever comes for the company's accountant.
async fn believes_whoever_comes(world: &mut World) {
    let target = world.target();
    let forged = one_c(&Credit::of(&target, world.next()));
    let permit = world.voucher(world.company, "first").await.expect("an accountant");
    takt_payments::import_bank_file(&world.app.db, permit, "push".to_owned(), forged, "test", &mut |_, _| ())
        .await
        .expect("a file");
}

/// A shop's word that is written down as a payment.
async fn believes_a_shop(world: &mut World) {
    let paid = Statement::new(
        "update orders set paid_minor = total_minor where company_id = :company_id and id = :id",
    );
    let (company, order) = (world.company, world.target().order);
    world
        .app
        .write(move |tx| {
            tx.execute_of(&paid.clone().bind("company_id", company).bind("id", order)).map(|_| ())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_door_that_believes_whoever_comes_is_caught() {
    let mut world = World::open(Place::sqlite(), 1).await;
    assert_eq!(truth::broken(&mut world).await, Vec::<String>::new());
    believes_whoever_comes(&mut world).await;
    world.app.drain().await;
    let broken = truth::broken(&mut world).await;
    assert!(
        broken.iter().any(|wrong| wrong.contains("is paid by 10000, and 0 were told of it")),
        "{broken:?}"
    );
    assert!(
        broken.iter().any(|wrong| wrong.contains("10000 RUB were received, and 0 came")),
        "{broken:?} {ACCOUNT}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_that_is_believed_is_caught() {
    let mut world = World::open(Place::sqlite(), 1).await;
    believes_a_shop(&mut world).await;
    let broken = truth::broken(&mut world).await;
    assert!(
        broken.iter().any(|wrong| wrong.contains("is paid by 10000, and 0 were told of it")),
        "{broken:?}"
    );
    assert!(
        broken.iter().any(|wrong| wrong.contains("orders whose payments are not their allocations")),
        "{broken:?}"
    );
}
