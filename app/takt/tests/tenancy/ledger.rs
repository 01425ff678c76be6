//! Everything a database holds, as few numbers: what was changed, and whose row an id is.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use takt_store::{Engine, Query, Statement};
use takt_testing::TestApp;

/// Per table how many rows it has and what they hold together.
pub type Digest = BTreeMap<String, (usize, u64)>;

/// Whose row an id is: its table and its company.
pub type Owners = BTreeMap<i64, (String, i64)>;

pub struct Ledger {
    engine: Engine,
    tables: BTreeMap<String, Vec<String>>,
}

/// Ids are taken from blocks also for what is refused in the end.
const NOT_DATA: [&str; 1] = ["number_block"];

impl Ledger {
    pub async fn of(app: &TestApp) -> Self {
        let engine = app.db.engine();
        let columns = Statement::new(match engine {
            Engine::Sqlite => {
                "select m.name as table_name, p.name as column_name
                 from sqlite_master m join pragma_table_info(m.name) p
                 where m.type = 'table' and m.name not like 'sqlite_%' limit 10000"
            }
            Engine::Postgres => {
                "select cast(table_name as text) as table_name, cast(column_name as text) as column_name
                 from information_schema.columns where table_schema = current_schema() limit 10000"
            }
        });
        let rows = app.read(move |reader| reader.all_of(&columns)).await;
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in rows {
            let table: String = row.get("table_name").expect("a name");
            if !NOT_DATA.contains(&table.as_str()) {
                tables.entry(table).or_default().push(row.get("column_name").expect("a name"));
            }
        }
        assert!(tables.len() > 40, "{tables:?}");
        Self { engine, tables }
    }

    pub fn has_company(&self, table: &str) -> bool {
        self.tables.get(table).is_some_and(|columns| columns.iter().any(|column| column == "company_id"))
    }

    /// How many rows there are, and how far the log goes. Cheap: asked after every call.
    pub async fn counts(&self, app: &TestApp) -> Vec<i64> {
        let names: Vec<&String> = self.tables.keys().collect();
        let mut text = String::from(" ");
        for (place, name) in names.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            text.push_str(&format!("{comma}(select count(*) from {name}) as c{place}"));
        }
        let (statement, columns) = (Statement::new("select").push(&text), names.len());
        app.read(move |reader| {
            let row = reader.all_of(&statement)?.remove(0);
            (0..columns).map(|place| row.get(&format!("c{place}"))).collect()
        })
        .await
    }

    /// Every row of every table.
    pub async fn digest(&self, app: &TestApp) -> Digest {
        let mut digest = Digest::new();
        for (table, rows) in self.rows(app).await {
            let sum = rows.iter().fold(0_u64, |sum, row| {
                let mut hasher = DefaultHasher::new();
                row.hash(&mut hasher);
                sum.wrapping_add(hasher.finish())
            });
            digest.insert(table, (rows.len(), sum));
        }
        digest
    }

    /// Every row of every table as text: for saying what has changed.
    pub async fn rows(&self, app: &TestApp) -> BTreeMap<String, Vec<String>> {
        let statements: Vec<(String, Statement)> = self
            .tables
            .iter()
            .map(|(table, columns)| {
                let written: Vec<String> = columns
                    .iter()
                    .map(|column| match self.engine {
                        Engine::Sqlite => format!("quote(\"{column}\")"),
                        Engine::Postgres => format!("coalesce(cast(\"{column}\" as text), 'null')"),
                    })
                    .collect();
                let text = format!(" {} as row_text from {table} limit 1000000", written.join(" || ',' || "));
                (table.clone(), Statement::new("select").push(&text))
            })
            .collect();
        app.read(move |reader| {
            statements
                .iter()
                .map(|(table, statement)| {
                    let rows = reader.all_of(statement)?;
                    let rows =
                        rows.iter().map(|row| row.get("row_text")).collect::<Result<Vec<String>, _>>()?;
                    Ok((table.clone(), rows))
                })
                .collect()
        })
        .await
    }

    /// Which ids belong to whom: (table, company) of each.
    pub async fn owners(&self, app: &TestApp) -> Owners {
        let mut statements: Vec<(String, Statement)> = self
            .tables
            .iter()
            .filter(|(table, columns)| columns.contains(&"id".to_owned()) && self.has_company(table))
            .map(|(table, _)| {
                let text = format!(" id, company_id from {table} limit 100000");
                (table.clone(), Statement::new("select").push(&text))
            })
            .collect();
        for (table, text) in [
            ("organisation", "select id, id as company_id from organisation limit 100000"),
            ("person", "select person_id as id, organisation_id as company_id from membership limit 100000"),
            (
                "session",
                "select s.id, m.organisation_id as company_id from session s
                 join membership m on m.person_id = s.person_id limit 100000",
            ),
            ("invitation", "select id, organisation_id as company_id from invitation limit 100000"),
        ] {
            statements.push((table.to_owned(), Statement::new(text)));
        }
        app.read(move |reader| {
            let mut owners = Owners::new();
            for (table, statement) in &statements {
                for row in reader.all_of(statement)? {
                    // A row may lend its id to another table: the line of a bank and its receipt.
                    let owner = (table.clone(), row.get("company_id")?);
                    owners.entry(row.get("id")?).or_insert(owner);
                }
            }
            Ok(owners)
        })
        .await
    }
}
