//! The city of an address that people wrote as one line. Nothing but a city is ever answered: what has figures, names
//! a street, or shares a word with the buyer's name is none.

use takt_kernel::{CompanyId, Result, fold};
use takt_store::{Query, Statement, Subject, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    order::{Order, OrderId},
    rows,
};

const NAME_CITIES: &str = "orders.name_cities";
/// Orders that one transaction names the city of.
const BATCH: i64 = 200;

const LONGEST: usize = 40;
const MOST_WORDS: usize = 4;
const MARKS: &[&str] =
    &["г", "гор", "город", "пос", "поселок", "с", "село", "д", "дер", "деревня", "пгт", "city"];
/// One of these words, and it is not the city but what it lies in.
const AROUND: &[&str] = &[
    "россия",
    "рф",
    "russia",
    "беларусь",
    "belarus",
    "казахстан",
    "kazakhstan",
    "область",
    "обл",
    "край",
    "республика",
    "респ",
    "район",
    "р-н",
    "округ",
    "ао",
    "region",
    "oblast",
    "county",
    "state",
    "germany",
    "deutschland",
    "france",
    "uk",
    "usa",
];
/// One of these words, and the city was before it or was not said.
const WITHIN: &[&str] = &[
    "ул",
    "улица",
    "пр",
    "пр-т",
    "пр-кт",
    "просп",
    "проспект",
    "пер",
    "переулок",
    "ш",
    "шоссе",
    "наб",
    "набережная",
    "б-р",
    "бул",
    "бульвар",
    "пл",
    "площадь",
    "мкр",
    "микрорайон",
    "проезд",
    "аллея",
    "тупик",
    "дом",
    "кв",
    "квартира",
    "офис",
    "подъезд",
    "этаж",
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "square",
    "building",
    "flat",
    "apt",
    "floor",
    "pickup",
    "самовывоз",
    "пункт",
    "метро",
];
const SHORT: &[(&str, &str)] =
    &[("мск", "Москва"), ("спб", "Санкт-Петербург"), ("питер", "Санкт-Петербург"), ("екб", "Екатеринбург")];

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: NAME_CITIES, does: "names the city of orders that came before cities were kept", fire };

/// The city that an address names, written as cities are; `buyer` is whose address it is.
pub fn city_of(address: &str, buyer: &str) -> Option<String> {
    let person: Vec<String> = words(buyer);
    let of_person = |text: &str| words(text).iter().any(|word| person.contains(word));
    let parts = || address.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let told = parts().filter_map(marked).find(|name| looks_like_a_city(name) && !of_person(name));
    if let Some(name) = told {
        return Some(written(name));
    }
    // Elsewhere the street is written first.
    let street_first = !address.chars().any(|letter| matches!(letter, 'а'..='я' | 'А'..='Я'));
    for part in parts() {
        let folded = words(part);
        let says = |list: &[&str]| folded.iter().any(|word| list.contains(&word.as_str()));
        let index = part.chars().all(|letter| letter.is_ascii_digit() || letter == ' ');
        if index || says(AROUND) {
            continue;
        }
        if !says(WITHIN) && looks_like_a_city(part) && !of_person(part) {
            return Some(written(part));
        }
        // Behind a street and a house may stand anything.
        if !street_first && (says(WITHIN) || part.chars().any(|letter| letter.is_ascii_digit())) {
            return None;
        }
    }
    None
}

/// As two cities are compared.
pub(crate) fn of_order(order: &Order) -> Option<String> {
    let address = order.delivery.address.as_deref()?;
    city_of(address, &order.contact.name).map(|city| fold(&city))
}

/// What says of itself that people live there: «г. Тверь», «Тверь г».
fn marked(part: &str) -> Option<&str> {
    let is_mark = |word: &str| MARKS.contains(&fold(word).as_str());
    if let Some((first, rest)) = part.split_once(['.', ' ']).filter(|(first, _)| is_mark(first)) {
        return Some(rest.trim_start_matches(['.', ' ']))
            .filter(|rest| !rest.is_empty() && !first.is_empty());
    }
    let (rest, last) = part.trim_end_matches('.').rsplit_once(' ')?;
    is_mark(last).then_some(rest)
}

fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    folded.split([' ', '.', '(', ')']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn looks_like_a_city(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    letters >= 2
        && text.chars().count() <= LONGEST
        && text.split_whitespace().count() <= MOST_WORDS
        && text.chars().all(|letter| letter.is_alphabetic() || matches!(letter, ' ' | '-' | '’' | '\'' | '.'))
}

/// `москва`, `МОСКВА` and `Москва` are one city.
fn written(text: &str) -> String {
    let folded = fold(text);
    if let Some((_, whole)) = SHORT.iter().find(|(short, _)| *short == folded) {
        return (*whole).to_owned();
    }
    let alike = text.chars().all(|letter| !letter.is_lowercase())
        || text.chars().all(|letter| !letter.is_uppercase());
    if !alike {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let mut city = String::new();
    let mut begins = true;
    for letter in text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().chars() {
        if begins {
            city.extend(letter.to_uppercase())
        } else {
            city.push(letter)
        }
        begins = matches!(letter, ' ' | '-');
    }
    city
}

fn fire(tx: &mut Tx, due: &DueTimer) -> Result<()> {
    let after = due.payload.get("after").and_then(serde_json::Value::as_i64).unwrap_or(0);
    let statement = Statement::new("select ")
        .push(rows::COLUMNS)
        .push(
            "\nfrom orders
             where orders.company_id = :company_id and orders.id > :after
             order by orders.id
             limit :batch",
        )
        .bind("company_id", due.company)
        .bind("after", after)
        .bind("batch", BATCH);
    let orders = tx.all_of(&statement)?.iter().map(rows::read_order).collect::<Result<Vec<_>>>()?;
    for order in &orders {
        let Some(city) = of_order(order) else { continue };
        tx.put(
            sql!("update orders set city = :city where company_id = :company_id and id = :id"),
            params![city: city, company_id: order.company, id: order.id],
        )?;
    }
    match orders.last().map(|order| order.id) {
        Some(last) if i64::try_from(orders.len()).is_ok_and(|length| length == BATCH) => {
            go_on(tx, due.company, last)
        }
        Some(_) | None => Ok(()),
    }
}

fn go_on(tx: &mut Tx, company: CompanyId, last: OrderId) -> Result<()> {
    let (now, subject) = (tx.now(), Subject::new("company", company.get()));
    timers::set(tx, company, NAME_CITIES, "", subject, now, &serde_json::json!({ "after": last.get() }))
}

#[cfg(test)]
mod tests {
    use super::city_of;

    #[test]
    fn a_city_is_read_from_a_line_and_nothing_else_is() {
        for (address, city) in [
            ("Москва, ул. Тверская, д. 1, кв. 5", Some("Москва")),
            ("127000, Московская обл., г. Химки, ул. Лесная, 3", Some("Химки")),
            ("г.МОСКВА, Тверская 1", Some("Москва")),
            ("город санкт-петербург, Невский пр., 20", Some("Санкт-Петербург")),
            ("Россия, 630000, Новосибирская область, Новосибирск", Some("Новосибирск")),
            ("спб, Литейный 5", Some("Санкт-Петербург")),
            ("Ростов-на-Дону, Садовая, 4", Some("Ростов-на-Дону")),
            ("10115, Berlin, Invalidenstraße 43", Some("Berlin")),
            ("ул. Ленина, 5, Москва", None),
            ("Казань, ул. Баумана, 1", Some("Казань")),
            ("г. Нижний Новгород, пр. Ленина, 5", Some("Нижний Новгород")),
            ("г.Тверь, Советская 3", Some("Тверь")),
            ("420111, Респ Татарстан, г Казань, ул Баумана, д 1", Some("Казань")),
            ("150000, Ярославская обл., Ярославль г, Свободы ул., 12", Some("Ярославль")),
            ("10 Downing St, London", Some("London")),
            ("до востребования 5", None),
            ("Тверская 1, кв. 5", None),
            ("Иванов Пётр, Москва, ул. Лесная, 3", Some("Москва")),
            ("самовывоз", None),
            ("+7 912 345-67-89", None),
            ("", None),
        ] {
            assert_eq!(city_of(address, "Пётр Иванов").as_deref(), city, "{address}");
        }
    }
}
