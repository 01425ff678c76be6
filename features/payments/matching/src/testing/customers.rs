use super::Chance;

/// Who pays, and from where.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub inn: Option<String>,
    pub account: String,
}

/// Few enough that namesakes meet among a few thousand customers, as they do.
const SURNAMES: [&str; 30] = [
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
    "Фёдоров",
    "Егоров",
    "Павлов",
    "Степанов",
    "Орлов",
    "Андреев",
    "Макаров",
    "Никитин",
    "Захаров",
    "Зайцев",
    "Соловьёв",
    "Борисов",
    "Яковлев",
    "Григорьев",
    "Романов",
    "Воробьёв",
    "Фролов",
    "Белов",
];
const NAMES: [&str; 16] = [
    "Иван",
    "Пётр",
    "Алексей",
    "Сергей",
    "Дмитрий",
    "Андрей",
    "Михаил",
    "Олег",
    "Егор",
    "Максим",
    "Артём",
    "Роман",
    "Кирилл",
    "Борис",
    "Антон",
    "Глеб",
];
const FATHERS: [&str; 12] = [
    "Иванович",
    "Петрович",
    "Алексеевич",
    "Сергеевич",
    "Дмитриевич",
    "Андреевич",
    "Михайлович",
    "Олегович",
    "Егорович",
    "Романович",
    "Борисович",
    "Антонович",
];
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
        let name = format!("{} {} {}", chance.pick(&SURNAMES), chance.pick(&NAMES), chance.pick(&FATHERS));
        let inn = chance.in_thousand(500).then(|| format!("77{}", chance.digits(10)));
        Self { id, name, inn, account: format!("40817{}", chance.digits(15)) }
    }

    pub fn is_firm(&self) -> bool {
        self.name.contains('"')
    }

    /// «Иванов И. П.»; a firm has no other name.
    pub fn initials(&self) -> String {
        if self.is_firm() {
            return self.name.clone();
        }
        let mut words = self.name.split(' ');
        let surname = words.next().unwrap_or_default();
        let letters: Vec<String> =
            words.filter_map(|word| word.chars().next()).map(|letter| format!("{letter}.")).collect();
        format!("{surname} {}", letters.join(" "))
    }
}
