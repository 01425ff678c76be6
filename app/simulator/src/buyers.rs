//! Invented buyers: one for each customer number of the data, always the same under the same seed.
//! Nobody is meant: telephone codes are ones that no operator has, e-mails end in reserved domains,
//! taxpayer numbers begin with a region there is not, bank codes with a bank there is not.

use takt_payments_port::Party;

use crate::chance::Chance;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer {
    pub name: String,
    /// Ten digits without the country.
    pub phone: String,
    pub email: String,
    pub address: String,
    /// Who stands in the bank's file.
    pub payer: Party,
    /// Who pays when the buyer asks somebody at home to.
    pub relative: Party,
    /// A firm pays for its own by invoice.
    pub firm: bool,
}

const SURNAMES: [(&str, &str); 24] = [
    ("Кузнецов", "kuznetsov"),
    ("Смирнов", "smirnov"),
    ("Васильев", "vasiliev"),
    ("Соколов", "sokolov"),
    ("Лебедев", "lebedev"),
    ("Новиков", "novikov"),
    ("Морозов", "morozov"),
    ("Волков", "volkov"),
    ("Зайцев", "zaitsev"),
    ("Павлов", "pavlov"),
    ("Семёнов", "semenov"),
    ("Голубев", "golubev"),
    ("Виноградов", "vinogradov"),
    ("Богданов", "bogdanov"),
    ("Воробьёв", "vorobiev"),
    ("Фёдоров", "fedorov"),
    ("Михайлов", "mikhailov"),
    ("Беляев", "belyaev"),
    ("Тарасов", "tarasov"),
    ("Комаров", "komarov"),
    ("Киселёв", "kiselev"),
    ("Ильин", "ilyin"),
    ("Гусев", "gusev"),
    ("Титов", "titov"),
];
const WOMEN: [&str; 14] = [
    "Анна",
    "Мария",
    "Елена",
    "Ольга",
    "Наталья",
    "Ирина",
    "Татьяна",
    "Юлия",
    "Дарья",
    "Ксения",
    "Полина",
    "Вера",
    "Алина",
    "Светлана",
];
const MEN: [&str; 12] = [
    "Алексей",
    "Дмитрий",
    "Иван",
    "Сергей",
    "Андрей",
    "Михаил",
    "Павел",
    "Николай",
    "Артём",
    "Роман",
    "Денис",
    "Егор",
];
const FATHERS: [(&str, &str); 8] = [
    ("Алексеевич", "Алексеевна"),
    ("Сергеевич", "Сергеевна"),
    ("Иванович", "Ивановна"),
    ("Андреевич", "Андреевна"),
    ("Павлович", "Павловна"),
    ("Николаевич", "Николаевна"),
    ("Викторович", "Викторовна"),
    ("Олегович", "Олеговна"),
];
const CITIES: [&str; 14] = [
    "Москва",
    "Санкт-Петербург",
    "Казань",
    "Екатеринбург",
    "Нижний Новгород",
    "Самара",
    "Воронеж",
    "Пермь",
    "Тверь",
    "Ярославль",
    "Тула",
    "Калуга",
    "Новосибирск",
    "Краснодар",
];
const STREETS: [&str; 12] = [
    "Садовая",
    "Лесная",
    "Речная",
    "Заречная",
    "Школьная",
    "Вишнёвая",
    "Берёзовая",
    "Полевая",
    "Солнечная",
    "Набережная",
    "Мельничная",
    "Цветочная",
];
const FIRMS: [&str; 10] = [
    "Уютный дом",
    "Сувенирная лавка",
    "Тёплый вечер",
    "Праздник каждый день",
    "Мастерская подарков",
    "Ёлка и свечи",
    "Домовёнок",
    "Сказка",
    "Бантик",
    "Хорошие вещи",
];
const DOMAINS: [&str; 3] = ["example.org", "example.com", "example.net"];
/// Codes that the Russian numbering plan gives to nobody.
const PHONE_CODES: [&str; 4] = ["943", "944", "945", "946"];
const BANKS: [(&str, &str); 4] = [
    ("Банк «Причал»", "000000101"),
    ("Банк «Якорь»", "000000102"),
    ("Банк «Маяк»", "000000103"),
    ("Банк «Гавань»", "000000104"),
];

/// One person with a name in the forms that are needed.
struct Person {
    surname: String,
    given: &'static str,
    father: &'static str,
    latin: String,
    woman: bool,
}

impl Person {
    fn new(surname: (&str, &str), woman: bool, chance: &mut Chance) -> Self {
        let (ending, latin_ending) = if woman { ("а", "a") } else { ("", "") };
        let (son, daughter) = chance.pick(&FATHERS);
        Self {
            surname: format!("{}{ending}", surname.0),
            given: if woman { chance.pick(&WOMEN) } else { chance.pick(&MEN) },
            father: if woman { daughter } else { son },
            latin: format!("{}{latin_ending}", surname.1),
            woman,
        }
    }

    fn payer(&self, chance: &mut Chance) -> Party {
        let name = format!("{} {} {}", self.surname, self.given, self.father);
        party(name, None, "40817810", chance)
    }
}

impl Buyer {
    /// The buyer behind a customer number, or behind an order whose customer nobody knows.
    pub fn of(seed: u64, customer: &str) -> Self {
        let mut chance = Chance::of(seed, ("buyer", customer));
        let surname = chance.pick(&SURNAMES);
        let woman = !chance.one_in(3);
        let person = Person::new(surname, woman, &mut chance);
        let firm = chance.one_in(3);
        let payer = if firm { firm_of(&mut chance) } else { person.payer(&mut chance) };
        let relative = Person::new(surname, !person.woman, &mut chance).payer(&mut chance);
        let (code, domain) = (chance.pick(&PHONE_CODES), chance.pick(&DOMAINS));
        Self {
            name: format!("{} {}", person.given, person.surname),
            phone: format!("{code}{}", chance.digits(7)),
            email: format!("{}.{}@{domain}", person.latin, customer.to_lowercase()),
            address: address(&mut chance),
            payer,
            relative,
            firm,
        }
    }

    /// The same number as different people type it.
    pub fn phone_typed(&self, chance: &mut Chance) -> String {
        let (code, rest) = self.phone.split_at(3);
        let (a, b, c) = (&rest[..3], &rest[3..5], &rest[5..]);
        match chance.between(0, 4) {
            0 => format!("8 ({code}) {a}-{b}-{c}"),
            1 => format!("+7 {code} {a} {b} {c}"),
            2 => format!("8{}", self.phone),
            3 => format!("+7{}", self.phone),
            _ => format!("{code} {a}-{b}{c}"),
        }
    }
}

fn firm_of(chance: &mut Chance) -> Party {
    let name = chance.pick(&FIRMS);
    let inn = format!("00{}", chance.digits(8));
    party(format!("ООО \"{name}\""), Some(inn), "40702810", chance)
}

fn party(name: String, inn: Option<String>, balance_account: &str, chance: &mut Chance) -> Party {
    let (bank, bic) = chance.pick(&BANKS);
    Party {
        name,
        inn,
        accounts: vec![format!("{balance_account}{}", chance.digits(12))],
        bic: Some(bic.to_owned()),
        bank: Some(bank.to_owned()),
    }
}

fn address(chance: &mut Chance) -> String {
    let (city, street) = (chance.pick(&CITIES), chance.pick(&STREETS));
    let (house, flat) = (chance.between(1, 90), chance.between(1, 140));
    format!("{city}, ул. {street}, д. {house}, кв. {flat}")
}
