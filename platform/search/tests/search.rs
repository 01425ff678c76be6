//! What is written is found, folded or not, on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

use std::collections::BTreeSet;

use takt_kernel::{CompanyId, ShopId, fold};
use takt_search::{Found, Needle, Search, free_words, joined, newest, put, remove};
use takt_store::{Query, params, sql};
use takt_testing::{TestApp, on_both_engines};

const KIND: &str = "thing";
const COMPANY: CompanyId = CompanyId::new(7);
const STRANGER: CompanyId = CompanyId::new(8);
const SHOP: ShopId = ShopId::new(70);
const OTHER_SHOP: ShopId = ShopId::new(71);
const COLOURS: [&str; 7] = ["красный", "оранжевый", "жёлтый", "зелёный", "голубой", "синий", "фиолетовый"];

/// The words of the thing with this number: the rarer the higher its divisor.
fn words(id: i64) -> String {
    let colour = COLOURS[usize::try_from(id % 7).expect("small")];
    joined([
        fold(&format!("T-{id}")),
        fold(colour),
        fold(if id % 1_000 == 0 { "редкость" } else { "обычно" }),
    ])
}

async fn fill(app: &TestApp, company: CompanyId, ids: std::ops::RangeInclusive<i64>) {
    let (mut from, until) = (*ids.start(), *ids.end());
    while from <= until {
        let part = from..=(from + 499).min(until);
        from += 500;
        app.write(move |tx| {
            part.clone().try_for_each(|id| {
                let shop = if id % 2 == 0 { SHOP } else { OTHER_SHOP };
                put(tx, company, KIND, id, Some(shop), &words(id))
            })
        })
        .await;
    }
}

async fn found(app: &TestApp, typed: &str, most: usize, before: Option<i64>) -> Found {
    let needle = Needle::of(typed).expect("something typed");
    app.read(move |reader| {
        let search = Search { kind: KIND, companies: &[COMPANY], shops: None, needle: &needle, before };
        newest(reader, &search, most, &mut |_, _, ids| Ok(ids.to_vec()))
    })
    .await
}

async fn ids(app: &TestApp, typed: &str) -> Vec<i64> {
    let found = found(app, typed, 1_000, None).await;
    found
        .ids
        .into_iter()
        .map(|(company, id)| {
            assert_eq!(company, COMPANY);
            id
        })
        .collect()
}

/// (ready segments by level, rows of their index that nobody needs, texts that are not folded)
async fn stored(app: &TestApp) -> (Vec<i64>, i64, i64) {
    app.read(|reader| {
        let levels = reader.all(
            sql!("select level from search_segment where state = 'ready' order by level, id limit 1000"),
            params![],
        )?;
        let levels = levels.iter().map(|row| row.get("level")).collect::<takt_kernel::Result<Vec<i64>>>()?;
        let unused = reader.one(
            sql!(
                "select count(*) as rows
                 from search_gram
                 where segment_id not in (select id from search_segment where state = 'ready')"
            ),
            params![],
        )?;
        let tail = reader.one(sql!("select count(*) as rows from search_tail"), params![])?;
        Ok((levels, unused.get("rows")?, tail.get("rows")?))
    })
    .await
}

const NAMES: [&str; 8] =
    ["Иванов", "Петрова", "Сидоренко", "Кузнецова", "Ёлкина", "Морозов", "Васильев", "Орлова"];
const FIRST_NAMES: [&str; 6] = ["Анна", "Пётр", "Вера", "Иван", "Ольга", "Юрий"];
const GOODS: [&str; 7] = [
    "Кроссовки беговые мужские, 42",
    "Чашка чайная, фарфор",
    "Чай улун, 100 г",
    "Набор чайных чашек, 6 шт.",
    "Кресло офисное с подлокотниками",
    "Office chair, black",
    "Кроссовок левый, запасной",
];
const STREETS: [&str; 5] = ["ул. Баумана", "пр. Ленина", "Невский пр.", "ул. Гагарина", "наб. Волги"];

/// What an order of a shop is found by, made of its number.
fn order_words(id: i64) -> String {
    let spread = |from: u64, step: u64| (id.unsigned_abs().wrapping_mul(step) >> 7) % from;
    let pick = |list: &[&str], step: u64| {
        fold(list[usize::try_from(spread(list.len() as u64, step)).expect("small")])
    };
    let phone = format!("79{:09}", spread(1_000_000_000, 0x9E37_79B9_7F4A_7C15));
    let name = format!("{} {}", pick(&NAMES, 7_919), pick(&FIRST_NAMES, 104_729));
    joined([
        id.to_string(),
        format!("web-{}", 500_000 + id),
        name,
        phone.clone(),
        format!("8{}", &phone[1..]),
        format!("buyer{}@example.org", spread(1_000_000, 0x2545_F491_4F6C_DD1D)),
        format!("{}, {}", pick(&STREETS, 6_700_417), spread(200, 65_537)),
        free_words([
            format!("SKU-{}", spread(5_000, 48_271)).as_str(),
            GOODS[usize::try_from(spread(6, 1_299_709)).expect("small")],
            format!("Артикул {}", spread(5_000, 16_807)).as_str(),
            GOODS[if id % 5_000 == 0 { 6 } else { 2 }],
            "Позвонить за час, домофон не работает",
        ]),
    ])
}

/// `TAKT_SEARCH_TEXTS=1000000 cargo test -p takt-search --test search quick -- --nocapture`
fn texts_wanted() -> i64 {
    std::env::var("TAKT_SEARCH_TEXTS").ok().and_then(|texts| texts.parse().ok()).unwrap_or(3_000)
}

on_both_engines! {
    async fn a_text_is_found_at_once_and_after_it_was_folded(place: Place) {
        let app = TestApp::open(place, Vec::new()).await;
        fill(&app, COMPANY, 1..=3_000).await;
        for folded in [false, true] {
            if folded {
                app.drain().await;
                let (levels, unused, tail) = stored(&app).await;
                assert!(!levels.is_empty() && unused == 0 && tail < 2_000, "{levels:?} {unused} {tail}");
            }
            assert_eq!(ids(&app, "дкос").await, [3_000, 2_000, 1_000], "folded: {folded}");
            assert_eq!(ids(&app, "T-1234").await, [1_234]);
            assert_eq!(ids(&app, "-299").await, [2_999, 2_998, 2_997, 2_996, 2_995, 2_994, 2_993, 2_992, 2_991, 2_990, 299]);
            assert_eq!(ids(&app, "Жёлт 234").await, [2_347, 2_340, 1_234]);
            assert_eq!(ids(&app, "рез").await, Vec::<i64>::new());
            assert_eq!(ids(&app, "12345").await, Vec::<i64>::new());
            assert_eq!(ids(&app, "ре").await, [3_000, 2_000, 1_000], "two letters begin a word");
            assert_eq!(ids(&app, "дк").await, Vec::<i64>::new());
            assert_eq!(ids(&app, "ж").await.len(), 429);
        }
    }

    async fn every_page_of_what_is_frequent_comes_in_order_and_once(place: Place) {
        let app = TestApp::open(place, Vec::new()).await;
        fill(&app, COMPANY, 1..=4_300).await;
        app.drain().await;
        fill(&app, COMPANY, 4_301..=4_500).await;
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = found(&app, "обычно", 700, before).await;
            seen.extend(page.ids.iter().map(|(_, id)| *id));
            before = page.more_below;
            if before.is_none() {
                break;
            }
            assert_eq!(page.ids.len(), 700);
        }
        let expected: Vec<i64> = (1..=4_500).rev().filter(|id| id % 1_000 != 0).collect();
        assert_eq!(seen, expected);
    }

    async fn what_changed_is_found_by_its_new_words_only(place: Place) {
        let app = TestApp::open(place, Vec::new()).await;
        fill(&app, COMPANY, 1..=1_500).await;
        app.drain().await;
        app.write(|tx| {
            put(tx, COMPANY, KIND, 17, Some(SHOP), "переписано")?;
            remove(tx, COMPANY, KIND, 1_000)
        })
        .await;
        for _ in 0..2 {
            assert_eq!((ids(&app, "переписано").await, ids(&app, "t-17").await.contains(&17)), (vec![17], false));
            assert_eq!(ids(&app, "редкость").await, Vec::<i64>::new());
            fill(&app, COMPANY, 2_001..=2_999).await;
            app.drain().await;
        }
    }

    async fn a_search_sees_only_its_companies_and_shops(place: Place) {
        let app = TestApp::open(place, Vec::new()).await;
        fill(&app, COMPANY, 1..=1_200).await;
        fill(&app, STRANGER, 10_001..=11_200).await;
        app.drain().await;
        assert_eq!(ids(&app, "редкость").await, [1_000]);
        let needle = Needle::of("обычно t-10").expect("words");
        let of_shop = app
            .read(move |reader| {
                let search = Search { kind: KIND, companies: &[COMPANY, STRANGER], shops: Some(&[OTHER_SHOP]), needle: &needle, before: None };
                newest(reader, &search, 1_000, &mut |_, _, ids| Ok(ids.to_vec()))
            })
            .await;
        let companies: BTreeSet<CompanyId> = of_shop.ids.iter().map(|(company, _)| *company).collect();
        assert_eq!(companies, [COMPANY, STRANGER].into());
        assert!(of_shop.ids.iter().all(|(_, id)| id % 2 == 1));
    }

    async fn small_segments_become_a_large_one_and_are_cleared_away(place: Place) {
        let app = TestApp::open(place, Vec::new()).await;
        for part in 0..18 {
            fill(&app, COMPANY, part * 1_000 + 1..=(part + 1) * 1_000).await;
            app.drain().await;
        }
        let (levels, unused, _) = stored(&app).await;
        assert!(levels.contains(&1), "{levels:?}");
        assert!(unused > 0, "a search that began before still reads them");
        assert_eq!(ids(&app, "редкость").await, (1..=18).rev().map(|id| id * 1_000).collect::<Vec<_>>());
        app.advance(70).await;
        assert_eq!(stored(&app).await.1, 0);
        assert_eq!(ids(&app, "редкость").await, (1..=18).rev().map(|id| id * 1_000).collect::<Vec<_>>());
        assert_eq!(ids(&app, "t-1777").await, [17_779, 17_778, 17_777, 17_776, 17_775, 17_774, 17_773, 17_772, 17_771, 17_770, 1_777]);
    }

    async fn what_a_stopped_job_left_is_cleared_away(place: Place) {
        let app = TestApp::open(place, Vec::new()).await;
        app.write(|tx| {
            let now = tx.now();
            tx.put(
                sql!(
                    "insert into search_segment (company_id, kind, id, level, state, texts, least_id, greatest_id, changed_at)
                     values (7, 'thing', 99, 0, 'building', 1, 1, 5, :now)"
                ),
                params![now: now],
            )?;
            tx.put(sql!("insert into search_gram (segment_id, gram, company_id, ids) values (99, 1, 7, '5')"), params![])
        })
        .await;
        fill(&app, COMPANY, 1..=1_200).await;
        app.drain().await;
        app.advance(70).await;
        assert_eq!(stored(&app).await.1, 0);
        assert_eq!(ids(&app, "редкость").await, [1_000]);
    }

    async fn nobody_is_shown_what_the_asker_leaves_out(place: Place) {
        let app = TestApp::open(place, Vec::new()).await;
        fill(&app, COMPANY, 1..=2_500).await;
        app.drain().await;
        let needle = Needle::of("обычно").expect("a word");
        let kept = app
            .read(move |reader| {
                let search = Search { kind: KIND, companies: &[COMPANY], shops: None, needle: &needle, before: None };
                newest(reader, &search, 3, &mut |_, _, ids| Ok(ids.iter().copied().filter(|id| id % 800 == 1).collect()))
            })
            .await;
        assert_eq!(kept.ids, [(COMPANY, 2_401), (COMPANY, 1_601), (COMPANY, 801)]);
    }

    async fn searches_stay_quick_however_many_texts_there_are(place: Place) {
        let app = TestApp::open(place, Vec::new()).await;
        let texts = texts_wanted();
        let began = std::time::Instant::now();
        for from in (1..=texts).step_by(1_000) {
            let until = (from + 999).min(texts);
            app.write(move |tx| (from..=until).try_for_each(|id| put(tx, COMPANY, KIND, id, Some(SHOP), &order_words(id)))).await;
            if from % 50_000 == 1 {
                app.drain().await;
            }
        }
        let written = began.elapsed();
        app.drain().await;
        app.advance(70).await;
        let (levels, unused, tail) = stored(&app).await;
        let bytes = (1..=100).map(|id| order_words(id).len()).sum::<usize>() / 100;
        println!("{bytes} bytes a text");
        println!("{texts} texts written in {written:?}, folded after {:?}; segments {levels:?}, {tail} not folded", began.elapsed());
        assert_eq!(unused, 0);
        let known = order_words(texts / 2 + 1);
        let phone = known.split('\n').find(|field| field.starts_with("79")).expect("a phone").to_owned();
        for typed in ["иванов", "елкина ольга", "ова", "-5", "web-5", &phone, &phone[3..9], "+7 (912) 345", "нет таких", "example.org", "баумана, 17", "кроссовки", "чашка", "запасных кроссовок", "sku-4999", "chairs", &format!("buyer{}", texts % 7)] {
            let mut times = Vec::new();
            let mut page = Found::default();
            for _ in 0..7 {
                let began = std::time::Instant::now();
                page = found(&app, typed, 1_001, None).await;
                times.push(began.elapsed());
            }
            times.sort_unstable();
            println!("{typed:>24}: {:>5} found{}, median {:?}", page.ids.len(), if page.more_below.is_some() { " and more" } else { "" }, times[3]);
            let needle = Needle::of(typed).expect("something");
            let expected: Vec<i64> = (1..=texts).rev().filter(|id| needle.matches(&order_words(*id))).take(page.ids.len().max(1)).collect();
            assert_eq!(page.ids.iter().map(|(_, id)| *id).collect::<Vec<_>>(), expected, "{typed}");
        }
    }
}
