use super::Chance;

/// Who pays, and from where.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub inn: Option<String>,
    pub account: String,
}

const SURNAMES: [&str; 12] = [
    "Иванов",
    "Петров",
    "Сидоров",
    "Кузнецов",
    "Смирнов",
    "Попов",
    "Волков",
    "Соколов",
    "Лебедев",
    "Козлов",
    "Новиков",
    "Морозов",
];
const NAMES: [&str; 8] = ["Иван", "Пётр", "Алексей", "Сергей", "Дмитрий", "Андрей", "Михаил", "Олег"];
const FIRMS: [&str; 10] = [
    "Ромашка",
    "Вектор",
    "Техснаб",
    "Стройдом",
    "Альянс",
    "Сервис",
    "Меркурий",
    "Орион",
    "Гарант",
    "Прогресс",
];

impl Person {
    pub fn new(id: i64, chance: &mut Chance) -> Self {
        if chance.in_thousand(600) {
            let name = format!("ООО \"{}-{}\"", chance.pick(&FIRMS), chance.digits(4));
            let (inn, account) = (chance.digits(9), chance.digits(15));
            return Self { id, name, inn: Some(format!("7{inn}")), account: format!("40702{account}") };
        }
        let name = format!("{} {} {}ович", chance.pick(&SURNAMES), chance.pick(&NAMES), chance.pick(&NAMES));
        let inn = chance.in_thousand(500).then(|| format!("77{}", chance.digits(10)));
        Self { id, name, inn, account: format!("40817{}", chance.digits(15)) }
    }
}
