//! Questions that are known to be asked: on PostgreSQL they are asked together, one round trip for all; on both engines
//! who asks again is answered from memory, until this transaction writes to one of the tables. Nobody else's writes
//! are seen within a transaction anyway.

use std::collections::HashMap;

use takt_kernel::Result;

use crate::{
    query::{Asked, Question},
    row::Row,
    sql::{Params, Sql},
    value::Value,
};

/// So many at most; what is too much is asked when it is wanted.
const MOST: usize = 1_000;

#[derive(Default)]
pub(crate) struct Foreseen {
    /// By the statement, which is written once in the program.
    kept: HashMap<usize, OfStatement>,
    count: usize,
}

struct OfStatement {
    tables: Vec<&'static str>,
    answers: Vec<Kept>,
}

struct Kept {
    params: Vec<(&'static str, Value)>,
    /// Nothing while it was not asked, or has to be asked anew.
    rows: Option<Vec<Row>>,
    /// It is among those that are just being asked together.
    is_asked: bool,
}

enum Known<'f> {
    /// Nobody said that it would be asked.
    No,
    Answered(&'f [Row]),
    /// The answer is to be kept here.
    Open(&'f mut Option<Vec<Row>>),
}

impl Foreseen {
    /// Notes that it will be asked. Answers whether its answer is wanted and nobody asks for it yet.
    fn wants(&mut self, sql: &'static Sql, params: Params<'_>) -> bool {
        let of_statement = self
            .kept
            .entry(identity(sql))
            .or_insert_with(|| OfStatement { tables: tables(sql.text()), answers: Vec::new() });
        match of_statement.answers.iter_mut().find(|kept| kept.params == params) {
            Some(kept) => kept.rows.is_none() && !std::mem::replace(&mut kept.is_asked, true),
            None if self.count < MOST && !of_statement.tables.is_empty() => {
                of_statement.answers.push(Kept { params: params.to_vec(), rows: None, is_asked: true });
                self.count += 1;
                true
            }
            None => false,
        }
    }

    fn find(&mut self, sql: &Sql, params: Params<'_>) -> Known<'_> {
        let of_statement = self.kept.get_mut(&identity(sql)).map(|known| &mut known.answers);
        match of_statement.into_iter().flatten().find(|kept| kept.params == params) {
            None => Known::No,
            Some(Kept { rows: Some(rows), .. }) => Known::Answered(rows),
            Some(kept) => Known::Open(&mut kept.rows),
        }
    }

    /// Takes these in, and has what is not known yet asked by `ask`, which answers nothing where a round trip costs
    /// nothing: there each is asked when it is wanted.
    pub fn take(
        &mut self,
        questions: &[Question],
        ask: impl FnOnce(&[Question]) -> Option<Result<Vec<Vec<Row>>>>,
    ) -> Result<()> {
        let mut open: Vec<Question> = Vec::new();
        for question in questions {
            if let Asked::Written(sql, params) = &question.0
                && self.wants(sql, params)
            {
                open.push(question.clone());
            }
        }
        if open.is_empty() {
            return Ok(());
        }
        let Some(answers) = ask(&open) else { return Ok(()) };
        for (question, rows) in open.iter().zip(answers?) {
            if let Asked::Written(sql, params) = &question.0
                && let Known::Open(answer) = self.find(sql, params)
            {
                *answer = Some(rows);
            }
        }
        Ok(())
    }

    /// Answers from memory, or asks and keeps the answer when it was foreseen.
    pub fn answer(
        &mut self,
        sql: &Sql,
        params: Params<'_>,
        ask: impl FnOnce() -> Result<Vec<Row>>,
    ) -> Result<Vec<Row>> {
        if self.kept.is_empty() {
            return ask();
        }
        match self.find(sql, params) {
            Known::No => ask(),
            Known::Answered(rows) => Ok(rows.to_vec()),
            Known::Open(answer) => Ok(answer.insert(ask()?).clone()),
        }
    }

    /// This transaction changes a table, or no one knows which.
    pub fn changing(&mut self, table: Option<&str>) {
        for of_statement in self.kept.values_mut() {
            if table.is_none_or(|table| of_statement.tables.contains(&table)) {
                of_statement.answers.iter_mut().for_each(|kept| (kept.rows, kept.is_asked) = (None, false));
            }
        }
    }
}

fn identity(sql: &Sql) -> usize {
    std::ptr::from_ref(sql).addr()
}

/// The tables that a question reads; what stands in a fragment for one engine is no table.
fn tables(text: &'static str) -> Vec<&'static str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let named = words.windows(2).filter(|pair| matches!(pair[0], "from" | "join"));
    let tables = named.map(|pair| pair[1].trim_end_matches([',', ')']));
    let is_name =
        |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    tables.filter(is_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{params, sql};

    fn cup() -> &'static Sql {
        sql!("select id from foreseen_cup where id = :id")
    }

    fn poured() -> &'static Sql {
        sql!(
            "select foreseen_cup.id
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join foreseen_cup
             join foreseen_tea on foreseen_tea.id = foreseen_cup.id
             where foreseen_cup.id = asked.value"
        )
    }

    fn is_answered(foreseen: &mut Foreseen, sql: &Sql, params: Params<'_>) -> bool {
        matches!(foreseen.find(sql, params), Known::Answered(_))
    }

    #[test]
    fn an_answer_is_kept_until_one_of_its_tables_is_written_to() {
        let (one, two): (Params<'_>, Params<'_>) = (params![id: 1_i64], params![id: 2_i64]);
        let mut foreseen = Foreseen::default();
        assert!(foreseen.wants(cup(), one));
        assert!(!foreseen.wants(cup(), one), "the same is asked once");
        assert!(foreseen.wants(poured(), params![ids: "[1]"]));
        assert!(matches!(foreseen.find(cup(), two), Known::No));
        for (sql, params) in [(cup(), one), (poured(), params![ids: "[1]"])] {
            let Known::Open(answer) = foreseen.find(sql, params) else { panic!("it was not asked yet") };
            *answer = Some(Vec::new());
        }
        for (changed, cup_stays, poured_stays) in [
            (Some("foreseen_saucer"), true, true),
            (Some("foreseen_tea"), true, false),
            (Some("foreseen_cup"), false, false),
            (None, false, false),
        ] {
            for (sql, params) in [(cup(), one), (poured(), params![ids: "[1]"])] {
                if let Known::Open(answer) = foreseen.find(sql, params) {
                    *answer = Some(Vec::new());
                }
            }
            foreseen.changing(changed);
            assert_eq!(is_answered(&mut foreseen, cup(), one), cup_stays, "{changed:?}");
            assert_eq!(
                is_answered(&mut foreseen, poured(), params![ids: "[1]"]),
                poured_stays,
                "{changed:?}"
            );
        }
    }
}
