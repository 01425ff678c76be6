//! Orders always add up.

use proptest::prelude::*;
use takt_kernel::money::{Currency, Money, Quantity, UnitPrice, VatRate};
use takt_orders::totals::{Priced, add_up};

use crate::desk::rub;

fn line(price: &str, quantity: &str, discount: &str, vat: &str) -> Priced {
    Priced {
        quantity: Quantity::parse(quantity).expect("a quantity"),
        price: UnitPrice::parse(price).expect("a price"),
        discount: rub(discount),
        vat: VatRate::parse(vat).expect("a rate"),
    }
}

#[test]
fn an_order_is_the_sum_of_its_lines() {
    for (lines, discount, delivery, goods, vat, total) in [
        (vec![line("199.50", "2", "0", "22")], "0", "300", "399.00", "71.95", "699.00"),
        (vec![line("0.0125", "1", "0", "none")], "0", "0", "0.01", "0.00", "0.01"),
        (vec![line("33.33", "1.5", "0.01", "20")], "0", "0", "49.99", "8.33", "49.99"),
        (
            vec![line("10", "1", "0", "20"), line("10", "1", "0", "20"), line("10", "1", "0", "20")],
            "10",
            "0",
            "30.00",
            "3.33",
            "20.00",
        ),
        (vec![line("5", "1", "5", "22")], "0", "0", "0.00", "0.00", "0.00"),
    ] {
        let totals = add_up(Currency::RUB, &lines, rub(discount), rub(delivery)).expect("totals");
        assert_eq!((totals.goods, totals.vat, totals.total), (rub(goods), rub(vat), rub(total)));
    }
}

#[test]
fn every_senseless_amount_is_named_at_once() {
    let euro = Money::new(100, Currency::EUR);
    let lines = [
        line("10", "0", "0", "22"),
        line("-1", "1", "0", "22"),
        line("10", "1", "10.01", "22"),
        line("10", "1", "-1", "22"),
    ];
    let fault = add_up(Currency::RUB, &lines, euro, rub("-5")).expect_err("nonsense");
    let named: Vec<(&str, &str)> =
        fault.fields().iter().map(|field| (field.path.as_str(), &*field.code)).collect();
    assert_eq!(
        named,
        [
            ("lines[0].quantity", "orders.quantity_not_positive"),
            ("lines[1].price", "orders.negative"),
            ("lines[2].discount", "orders.discount_too_large"),
            ("lines[3].discount", "orders.negative"),
            ("delivery.price", "orders.negative"),
            ("discount", "money.mixed_currencies"),
        ]
    );
    let fault =
        add_up(Currency::RUB, &[line("10", "1", "0", "22")], rub("10.01"), rub("0")).expect_err("too much");
    assert_eq!(fault.fields()[0].path, "discount");
}

proptest! {
    #[test]
    fn whatever_is_ordered_the_parts_add_up_to_the_whole(
        lines in prop::collection::vec((0_i64..10_000_000, 1_i64..100_000, 0_i64..1000, 0_u32..3000), 1..40),
        spread in 0_i64..=1000,
        delivery in 0_i64..1_000_000,
    ) {
        let priced: Vec<Priced> = lines.iter().map(|(price, quantity, discount, vat)| {
            let (price, quantity) = (UnitPrice::from_ten_thousandths(*price), Quantity::from_thousandths(*quantity));
            let amount = takt_kernel::money::line_amount(price, quantity, Currency::RUB).expect("an amount");
            let discount = Money::new(amount.minor() * discount / 1000, Currency::RUB);
            Priced { quantity, price, discount, vat: VatRate::Percent(*vat) }
        }).collect();
        let zero = Money::zero(Currency::RUB);
        let goods = add_up(Currency::RUB, &priced, zero, zero).expect("totals").goods;
        let discount = Money::new(i64::try_from(i128::from(goods.minor()) * i128::from(spread) / 1000).expect("fits"), Currency::RUB);
        let delivery = Money::new(delivery, Currency::RUB);
        let totals = add_up(Currency::RUB, &priced, discount, delivery).expect("totals");
        let sum = |of: &dyn Fn(&takt_orders::totals::LineTotal) -> Money| totals.lines.iter().map(|line| of(line).minor()).sum::<i64>();
        prop_assert_eq!(sum(&|line| line.total) + delivery.minor(), totals.total.minor());
        prop_assert_eq!(sum(&|line| line.order_discount), discount.minor());
        prop_assert_eq!(sum(&|line| line.vat), totals.vat.minor());
        for line in &totals.lines {
            prop_assert!(!line.total.is_negative());
            prop_assert_eq!(line.amount.minor() - line.discount.minor() - line.order_discount.minor(), line.total.minor());
        }
    }
}
