//! Compares: what a statement says against its own lines, against all lines that are known, and against the
//! statements around it. Of the two ways to add up one is enough, so that a line which came by another way
//! closes the gap of a statement that lost it.

use takt_kernel::{CompanyId, Result};
use takt_payments_port::BankReport;
use takt_store::{Query, Tx, params, sql};

use super::{
    gaps::{self, GapKind, Missing},
    statements::{self, Stated},
    view,
};
use crate::{accounts, hand, import::ImportId};

/// Days that are looked through at once.
const MOST_GAPS: i64 = 200;

/// Looks at the statements of an import, at those around them, and again at every gap of their accounts.
///
/// # Errors
/// Faults of the store.
pub(crate) fn look(tx: &mut Tx<'_>, company: CompanyId, import: ImportId) -> Result<()> {
    let stated = statements::of_import(tx, company, import)?;
    for statement in &stated {
        judge(tx, company, statement)?;
        if let Some(next) = statements::after(tx, company, &statement.account, &statement.until)? {
            judge_opening(tx, company, &next)?;
        }
    }
    let mut touched: Vec<String> = stated.into_iter().map(|statement| statement.account).collect();
    touched.extend(accounts_of_lines(tx, company, import)?);
    touched.sort_unstable();
    touched.dedup();
    for account in touched {
        look_again(tx, company, &account)?;
    }
    Ok(())
}

/// The bank says once more what it said before: that counts as said now, for the gaps that were seen since.
///
/// # Errors
/// Faults of the store.
pub(crate) fn again(tx: &mut Tx<'_>, company: CompanyId, report: &BankReport) -> Result<()> {
    let Some(accounts) = statements::said_again(tx, company, report)? else {
        let told_by: ImportId = tx.new_id();
        statements::keep(tx, company, told_by, report)?;
        return look(tx, company, told_by);
    };
    accounts.iter().try_for_each(|account| look_again(tx, company, account))
}

fn accounts_of_lines(db: &mut dyn Query, company: CompanyId, import: ImportId) -> Result<Vec<String>> {
    db.all(
        sql!(
            "select account
             from bank_account
             where company_id = :company_id and exists (select 1
               from bank_line
               where bank_line.company_id = bank_account.company_id and bank_line.import_id = :import_id
                 and bank_line.own_account_id = bank_account.id)
             order by id
             limit 200"
        ),
        params![company_id: company, import_id: import],
    )?
    .iter()
    .map(|row| row.get("account"))
    .collect()
}

/// Statements of accounts that are not ours are none of our business.
fn judge(tx: &mut Tx<'_>, company: CompanyId, statement: &Stated) -> Result<()> {
    if !is_own(tx, company, &statement.account)? {
        return Ok(());
    }
    match in_itself(tx, company, statement)? {
        Some(missing) => gaps::open_gap(tx, company, &missing)?,
        None => contradict_by_hand(tx, company, statement)?,
    }
    judge_opening(tx, company, statement)
}

/// Whoever said by hand that money came is contradicted only by days that are proved to their end.
fn contradict_by_hand(tx: &mut Tx<'_>, company: CompanyId, statement: &Stated) -> Result<()> {
    let own = accounts::list(tx, company)?;
    match own.iter().find(|own| own.account == statement.account) {
        // A day that goes on proves nothing of itself, but of those before.
        Some(own) => {
            let until = if statement.is_final { statement.until.clone() } else { previous(&statement.until) };
            hand::contradict(tx, company, own.id, &until)
        }
        None => Ok(()),
    }
}

fn judge_opening(tx: &mut Tx<'_>, company: CompanyId, statement: &Stated) -> Result<()> {
    match at_opening(tx, company, statement)? {
        Some(missing) => gaps::open_gap(tx, company, &missing),
        None => Ok(()),
    }
}

fn is_own(db: &mut dyn Query, company: CompanyId, account: &str) -> Result<bool> {
    Ok(accounts::list(db, company)?.iter().any(|own| !own.archived && own.account == account))
}

/// Whether statements that add up cover each of these days to its end.
///
/// # Errors
/// Faults of the store.
pub(crate) fn are_proved(
    db: &mut dyn Query,
    company: CompanyId,
    account: &str,
    from: &str,
    until: &str,
) -> Result<bool> {
    let whole = adding_up(db, company, account, (from, until))?;
    Ok(each_day(from, until, |day| {
        whole.iter().any(|statement| {
            let over = statement.until.as_str() > day || (statement.until == day && statement.is_final);
            statement.from.as_str() <= day && over
        })
    }))
}

/// Statements that touch these days and add up, by their own lines or by all that is known.
fn adding_up(
    db: &mut dyn Query,
    company: CompanyId,
    account: &str,
    (from, until): (&str, &str),
) -> Result<Vec<Stated>> {
    let mut whole = Vec::new();
    for statement in statements::within(db, company, account, from, until)? {
        let balances = statement.opening.is_some() && statement.closing.is_some();
        if balances && in_itself(db, company, &statement)?.is_none() {
            whole.push(statement);
        }
    }
    Ok(whole)
}

fn each_day(from: &str, until: &str, holds: impl Fn(&str) -> bool) -> bool {
    let mut day = from.to_owned();
    while day.as_str() <= until {
        if !holds(&day) {
            return false;
        }
        let next = following(&day);
        if next == day {
            break;
        }
        day = next;
    }
    true
}

/// What the statement itself lacks: by its own lines, and by all lines of its days.
fn in_itself(db: &mut dyn Query, company: CompanyId, statement: &Stated) -> Result<Option<Missing>> {
    if statement.adds_up() {
        return Ok(None);
    }
    let (came, went) = lines_of(db, company, &statement.account, &statement.from, &statement.until)?;
    let ends = match (statement.opening, statement.closing) {
        (Some(opening), Some(closing)) => {
            Some((i128::from(closing.minor()), i128::from(opening.minor()) + came - went))
        }
        _ => None,
    };
    let missing = |kind, expected, found| Missing {
        kind,
        account: statement.account.clone(),
        key: format!("{}..{}", statement.from, statement.until),
        from: statement.from.clone(),
        until: statement.until.clone(),
        currency: Some(statement.came.currency()),
        expected: i64::try_from(expected).ok(),
        found: i64::try_from(found).ok(),
        statement: Some(statement.id),
        line: None,
    };
    match ends {
        Some((expected, found)) if expected != found => Ok(Some(missing(GapKind::Balance, expected, found))),
        // The balances agree with all that is known: then a total that does not is the bank's own mistake.
        Some(_) => Ok(None),
        None if statement.totals_fit(came, went) => Ok(None),
        None => {
            let stated = |money: Option<takt_kernel::money::Money>, found: i128| {
                money.map_or(found, |money| i128::from(money.minor()))
            };
            let expected = stated(statement.incoming, came) - stated(statement.outgoing, went);
            Ok(Some(missing(GapKind::Totals, expected, came - went)))
        }
    }
}

/// What lies between the statement before and this one.
fn at_opening(db: &mut dyn Query, company: CompanyId, statement: &Stated) -> Result<Option<Missing>> {
    let Some(opening) = statement.opening else { return Ok(None) };
    let Some(before) = statements::before(db, company, &statement.account, &statement.from)? else {
        return Ok(None);
    };
    let Some(closing) = before.closing.filter(|closing| closing.currency() == opening.currency()) else {
        return Ok(None);
    };
    let day_before = previous(&statement.from);
    let next = following(&before.until);
    let between = if next <= day_before {
        lines_of(db, company, &statement.account, &next, &day_before)?
    } else {
        (0, 0)
    };
    let expected = i128::from(opening.minor());
    let found = i128::from(closing.minor()) + between.0 - between.1;
    if found == expected {
        return Ok(None);
    }
    // A statement that came before its last day was over says less than the lines of that day.
    if let Some(start) = before.opening {
        let (came, went) = lines_of(db, company, &statement.account, &before.from, &day_before)?;
        if i128::from(start.minor()) + came - went == expected {
            return Ok(None);
        }
    }
    if statement.from == statement.until && lead_to(db, company, statement, found, expected)? {
        return Ok(None);
    }
    let from = if before.is_final && next <= day_before { next } else { before.until.clone() };
    Ok(Some(Missing {
        kind: GapKind::Opening,
        account: statement.account.clone(),
        key: statement.from.clone(),
        until: day_before.max(from.clone()),
        from,
        currency: Some(opening.currency()),
        expected: i64::try_from(expected).ok(),
        found: i64::try_from(found).ok(),
        statement: Some(statement.id),
        line: None,
    }))
}

/// Of several statements of one day each goes on where the one before it ended, from the end of the day before.
fn lead_to(
    db: &mut dyn Query,
    company: CompanyId,
    statement: &Stated,
    start: i128,
    end: i128,
) -> Result<bool> {
    let mut parts = statements::within(db, company, &statement.account, &statement.from, &statement.until)?;
    parts.retain(|part| {
        part.id != statement.id && (&part.from, &part.until) == (&statement.from, &statement.until)
    });
    let mut reached = vec![start];
    while let Some(from) = reached.pop() {
        if from == end {
            return Ok(true);
        }
        let begins = |part: &Stated| part.opening.is_some_and(|opening| i128::from(opening.minor()) == from);
        let ends = |part: Stated| part.closing.map(|closing| i128::from(closing.minor()));
        let (on, others): (Vec<Stated>, Vec<Stated>) = parts.into_iter().partition(begins);
        reached.extend(on.into_iter().filter_map(ends));
        parts = others;
    }
    Ok(false)
}

fn previous(day: &str) -> String {
    shifted(day, |date| date.yesterday())
}

fn following(day: &str) -> String {
    shifted(day, |date| date.tomorrow())
}

fn shifted(
    day: &str,
    by: impl Fn(jiff::civil::Date) -> std::result::Result<jiff::civil::Date, jiff::Error>,
) -> String {
    let date = day.parse::<jiff::civil::Date>().and_then(by);
    date.map_or_else(|_| day.to_owned(), |date| date.to_string())
}

/// Every gap of an account again: what is there now may have healed it.
fn look_again(tx: &mut Tx<'_>, company: CompanyId, account: &str) -> Result<()> {
    for gap in gaps::open_of_account(tx, company, account, MOST_GAPS)? {
        let stands = match gap.kind {
            GapKind::Balance | GapKind::Totals => stands_in_itself(tx, company, &gap)?,
            GapKind::Opening => stands_at_opening(tx, company, &gap)?,
            // A number is missing between two pushes: a whole statement that came since knows what it was.
            GapKind::Sequence => !covered(tx, company, &gap)?,
            // These are healed by what confirms them.
            GapKind::Unconfirmed | GapKind::ByHand => true,
        };
        if !stands {
            gaps::heal(tx, company, &gap)?;
        }
    }
    Ok(())
}

fn stands_in_itself(db: &mut dyn Query, company: CompanyId, gap: &gaps::Gap) -> Result<bool> {
    if covered(db, company, gap)? {
        return Ok(false);
    }
    let Some(statement) = gap.statement.map(|id| statements::get(db, company, id)).transpose()?.flatten()
    else {
        return Ok(false);
    };
    Ok(in_itself(db, company, &statement)?.is_some())
}

/// Of several statements of the same days the last that came counts.
fn stands_at_opening(db: &mut dyn Query, company: CompanyId, gap: &gaps::Gap) -> Result<bool> {
    let same = statements::within(db, company, &gap.account, &gap.key, &gap.key)?;
    let latest = same
        .into_iter()
        .filter(|statement| statement.from == gap.key && statement.opening.is_some())
        .max_by_key(|statement| (statement.received_at, statement.id));
    match latest {
        Some(statement) => Ok(at_opening(db, company, &statement)?.is_some()),
        None => Ok(false),
    }
}

/// Statements that add up cover each day of the gap, together, and came after it was seen. The last of its days may
/// go on: what was missing then stands in what came since.
fn covered(db: &mut dyn Query, company: CompanyId, gap: &gaps::Gap) -> Result<bool> {
    let mut since = adding_up(db, company, &gap.account, (&gap.from, &gap.until))?;
    since.retain(|statement| statement.received_at >= gap.opened_at);
    Ok(each_day(&gap.from, &gap.until, |day| {
        since.iter().any(|statement| statement.from.as_str() <= day && statement.until.as_str() >= day)
    }))
}

/// What came to and went from an account on these days, by all lines that stand for a movement of their own.
pub(super) fn lines_of(
    db: &mut dyn Query,
    company: CompanyId,
    account: &str,
    from: &str,
    until: &str,
) -> Result<(i128, i128)> {
    let by_day = view::sums(db, company, account, from, until)?;
    let own = db.one(
        sql!(
            "select cast(coalesce(sum(amount_minor), 0) as bigint) as went
             from bank_line
             where company_id = :company_id and state = 'other' and outcome = 'payments.own_transfer'
               and payer_account = :account
               and own_account_id in (select id from bank_account where company_id = :company_id)
               and booked_on >= :from_on and booked_on <= :until_on"
        ),
        params![company_id: company, account: account, from_on: from, until_on: until],
    )?;
    let moved: i64 = own.get("went")?;
    let mut sums = (0_i128, i128::from(moved));
    for (came, went) in by_day.values() {
        sums = (sums.0 + i128::from(*came), sums.1 + i128::from(*went));
    }
    Ok(sums)
}
