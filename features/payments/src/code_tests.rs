use takt_kernel::money::Currency;

use super::*;

const BIC: &str = "044525225";

fn payee() -> Payee {
    Payee {
        name: "ООО «Чай»".to_owned(),
        inn: Some("7707083893".to_owned()),
        account: "40702810200000000001".to_owned(),
        bic: BIC.to_owned(),
        bank: Some("ПАО Сбербанк".to_owned()),
        correspondent_account: Some("30101810400000000225".to_owned()),
        ..Payee::default()
    }
}

fn rub(text: &str) -> Money {
    Money::parse(text, Currency::RUB).expect("an amount")
}

/// What another program reads from the drawing: the path is painted as a browser would paint it.
fn read(payload: &str) -> String {
    const SCALE: usize = 2;
    let (width, path) = modules(payload).expect("a code");
    let side = (width + 2 * QUIET) * SCALE;
    let mut dark = vec![false; side * side];
    for run in path.split('M').filter(|run| !run.is_empty()) {
        let (start, rest) = run.split_once('h').expect("a run");
        let (x, y) = start.split_once(' ').expect("a place");
        let length: usize = rest.split('v').next().expect("a length").parse().expect("a number");
        let (x, y): (usize, usize) = (x.parse().expect("x"), y.parse().expect("y"));
        for row in y * SCALE..(y + 1) * SCALE {
            dark[row * side + x * SCALE..row * side + (x + length) * SCALE].fill(true);
        }
    }
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(
            side,
            side,
            |x, y| {
                if dark[y * side + x] { 0 } else { 255 }
            },
        );
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code in {payload}");
    grids[0].decode().expect("it is read").1
}

/// Splits it as a bank does: the letter behind the head separates.
fn fields(payload: &str) -> Vec<(String, String)> {
    let rest = payload.strip_prefix(HEAD).expect("the head");
    let separator = rest.chars().next().expect("a separator");
    rest.split(separator)
        .skip(1)
        .map(|field| field.split_once('=').expect("key=value"))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn a_code_says_what_the_standard_asks_for() {
    let payload = payload(&payee(), "TX00102413. Оплата заказа 1001", rub("1234.50")).expect("a code");
    assert_eq!(
        payload,
        "ST00012|Name=ООО «Чай»|PersonalAcc=40702810200000000001|BankName=ПАО Сбербанк|BIC=044525225|\
         CorrespAcc=30101810400000000225|Sum=123450|Purpose=TX00102413. Оплата заказа 1001|PayeeINN=7707083893"
    );
    assert_eq!(read(&payload), payload);
}

#[test]
fn what_may_not_be_paid_has_no_code() {
    type Change = fn(&mut Payee);
    let table: [(&str, Change); 5] = [
        ("payments.code_account_wrong", |payee| payee.account = "40702810900000000001".to_owned()),
        ("payments.code_account_wrong", |payee| payee.bic = "044525716".to_owned()),
        ("payments.code_account_wrong", |payee| {
            payee.correspondent_account = Some("30101810500000000225".to_owned());
        }),
        ("payments.code_inn_wrong", |payee| payee.inn = Some("7707083894".to_owned())),
        ("payments.code_bank_unnamed", |payee| payee.bank = Some(" ".to_owned())),
    ];
    for (refusal, change) in table {
        let mut payee = payee();
        change(&mut payee);
        assert!(payload(&payee, "TX", rub("1")).is_err_and(|fault| fault.is(refusal)), "{refusal}");
    }
    let euros = Money::new(100, Currency::from_code("EUR").expect("euros"));
    assert!(payload(&payee(), "TX", euros).is_err_and(|fault| fault.is("payments.code_currency")));
    assert!(payload(&payee(), "TX", rub("0")).is_err_and(|fault| fault.is("payments.code_nothing_due")));
}

/// A small generator of its own: the same codes every time.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % below
    }
    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from_digit(u32::try_from(self.next(10)).expect("a digit"), 10).expect("a digit"))
            .collect()
    }
    fn text(&mut self, most: usize) -> String {
        const LETTERS: &[char] = &[
            'А', 'б', 'ё', 'Щ', 'ъ', 'я', 'a', 'Z', '0', '9', ' ', '«', '»', '№', '"', '\'', '|', '#', ';',
            ':', '=', '\n', '\t', '&', '<', '—', '₽',
        ];
        let length = 1 + self.next(most);
        (0..length).map(|_| LETTERS[self.next(LETTERS.len())]).chain(['Я']).collect()
    }
    /// With the key digit that fits.
    fn account(&mut self, head: &str, bic: &str) -> String {
        let rest = self.digits(11);
        let fits = |key: &char| account_fits(&format!("{head}{key}{rest}"), bic);
        let key = ('0'..='9').find(fits).expect("one of ten fits");
        format!("{head}{key}{rest}")
    }
    fn inn(&mut self) -> String {
        loop {
            let inn = self.digits(10);
            if inn_holds(&inn) {
                return inn;
            }
        }
    }
}

#[test]
fn another_program_reads_every_code_as_it_was_meant() {
    let mut chance = Chance(20_261_122);
    for n in 0..250 {
        let bic = format!("04{}", chance.digits(7));
        let payee = Payee {
            name: chance.text(180),
            inn: (n % 3 > 0).then(|| chance.inn()),
            kpp: (n % 4 == 0).then(|| chance.digits(9)),
            account: chance.account("40702810", &bic),
            bank: Some(chance.text(60)),
            correspondent_account: (n % 2 == 0).then(|| chance.account("30101810", &bic)),
            bic,
            ..Payee::default()
        };
        let purpose = format!("TX{} {}", chance.digits(8), chance.text(220));
        let due =
            Money::new(1 + i64::try_from(chance.next(1 << 30)).expect("an amount") * 1000, Currency::RUB);
        let written = payload(&payee, &purpose, due).expect("a code");
        assert_eq!(read(&written), written);
        let fields = fields(&written);
        let of = |key: &str| fields.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
        assert_eq!(of("Sum").and_then(|sum| sum.parse().ok()), Some(due.minor()));
        assert_eq!(of("PersonalAcc"), Some(payee.account.as_str()));
        assert_eq!(of("BIC"), Some(payee.bic.as_str()));
        assert_eq!(of("PayeeINN"), payee.inn.as_deref());
        assert_eq!(of("KPP"), payee.kpp.as_deref());
        assert_eq!(of("CorrespAcc"), Some(payee.correspondent_account.as_deref().unwrap_or("0")));
        let said = of("Purpose").expect("a purpose");
        assert!(
            plain(&purpose).starts_with(said) && said.len() > 10 && said.chars().count() <= 160,
            "{said}"
        );
        let name = of("Name").expect("a name");
        assert!(plain(&payee.name).starts_with(name) && !name.is_empty(), "{name}");
        let keys: Vec<&str> = fields.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys[..7], ["Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc", "Sum", "Purpose"]);
        let mandatory = written.find("Sum=").expect("a sum") - 1;
        assert!(mandatory <= MANDATORY_BYTES, "{mandatory} bytes");
        assert!(!written.chars().any(char::is_control));
    }
}
