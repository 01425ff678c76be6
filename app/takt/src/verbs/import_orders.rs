use std::time::{Duration, Instant};

use serde_json::Value;
use takt_gateway::{Report, Usual, accept};
use takt_kernel::{Fault, Result, failpoint};
use takt_orders::{Outcome, PlaceOrders};
use takt_staff::{Permit, command_line, companies, shops};
use takt_store::{Db, Tx};
use takt_ui::Arg;

use super::{Input, Output, Words};

/// Where orders taken in by this verb came from.
const SOURCE: &str = "import";
/// One transaction takes at most this many orders with this many lines in all, and begins none more
/// after this time: beside a running program others wait for the same writer.
const AT_ONCE: usize = 200;
const LINES_AT_ONCE: usize = 1_000;
const TIME_AT_ONCE: Duration = Duration::from_millis(50);

/// Takes orders in, one JSON object per line, as `POST /api/v1/orders` takes one. What a line lacks is
/// said with its number and the rest goes on; an order that is there already is recognised by its
/// `external_id`, without which no line is taken, so that the same file may be given again.
pub async fn import_orders(
    db: &Db,
    words: &Words,
    output: &Output,
    company: &str,
    shop: &str,
    input: &Input,
) -> Result<()> {
    let (company, shop) = (company.to_owned(), shop.to_owned());
    let (permit, usual) = db
        .read("takt.import_orders_begin", move |reader| {
            let company = companies::by_name_or_id(reader, &company)?.id;
            let shop = shops::by_name_or_id(reader, company, &shop)?.id;
            let permit: Permit<PlaceOrders> = command_line::permit(company);
            Ok((permit, Usual::of(reader, company, shop)?))
        })
        .await?;
    let text = std::str::from_utf8(input.bytes())
        .map_err(|error| Fault::invalid("takt.not_utf8").arg("byte", error.valid_up_to()).because(error))?;
    let total = text.lines().count();
    let lines: Vec<(usize, &str)> =
        (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).collect();
    let mut counts = Counts::default();
    let mut next = 0;
    while next < lines.len() {
        let mut group = Vec::new();
        let mut order_lines = 0;
        while group.len() < AT_ONCE && order_lines < LINES_AT_ONCE {
            let Some((number, line)) = lines.get(next).copied() else { break };
            next += 1;
            match read(&usual, line) {
                Ok(report) => {
                    order_lines += report.wanted.lines.len();
                    group.push((number, report));
                }
                Err(fault) => counts.refuse(words, output, number, &fault).await,
            }
        }
        take_in(db, &permit, words, output, group, &mut counts).await?;
        let done = lines.get(next).map_or(total, |(number, _)| number - 1);
        output.progress(&format!("{done} / {total}"));
    }
    output.progress("");
    let Counts { placed, known, refused } = counts;
    output
        .out(format!(
            "{} orders: {placed} placed, {known} known, {refused} refused\n",
            placed + known + refused
        ))
        .await;
    if refused > 0 { Err(Fault::invalid("takt.lines_refused").arg("count", refused)) } else { Ok(()) }
}

#[derive(Default)]
struct Counts {
    placed: usize,
    known: usize,
    refused: usize,
}

impl Counts {
    async fn refuse(&mut self, words: &Words, output: &Output, number: usize, fault: &Fault) {
        self.refused += 1;
        let why = words.fault(fault).replace("\n  ", " ");
        let args = [("number", Arg::from(number.to_string())), ("why", Arg::from(why))];
        output.error(format!("{}\n", words.say("takt-line_refused", &args))).await;
    }
}

fn read(usual: &Usual, line: &str) -> Result<Report> {
    let body: Value = serde_json::from_str(line).map_err(|error| {
        Fault::invalid("takt.line_unreadable").arg("column", error.column()).because(error)
    })?;
    let report = usual.read(body, SOURCE)?;
    match report.wanted.external_id {
        Some(_) => Ok(report),
        None => Err(Fault::invalid("takt.external_id_required")),
    }
}

/// Places the orders of a group, in as many transactions as it takes.
async fn take_in(
    db: &Db,
    permit: &Permit<PlaceOrders>,
    words: &Words,
    output: &Output,
    mut group: Vec<(usize, Report)>,
    counts: &mut Counts,
) -> Result<()> {
    while !group.is_empty() {
        let (permit, reports) =
            (permit.clone(), group.iter().map(|(_, report)| report.clone()).collect::<Vec<_>>());
        let outcomes = db.write("takt.import_orders", move |tx| place_some(tx, &permit, &reports)).await?;
        failpoint::reach("takt.import_orders.between_groups");
        for ((number, _), outcome) in group.drain(..outcomes.len()).zip(outcomes) {
            match outcome {
                Ok(Outcome::Created) => counts.placed += 1,
                Ok(Outcome::Same) => counts.known += 1,
                Err(fault) => counts.refuse(words, output, number, &fault).await,
            }
        }
    }
    Ok(())
}

/// The first orders, at least one: each in a part of its own, so that one that is refused takes no
/// other with it.
fn place_some(
    tx: &mut Tx<'_>,
    permit: &Permit<PlaceOrders>,
    reports: &[Report],
) -> Result<Vec<Result<Outcome>>> {
    let began = Instant::now();
    let mut outcomes = Vec::with_capacity(reports.len());
    for report in reports {
        match tx.savepoint(|tx| accept(tx, permit, report.clone(), None)) {
            Err(fault) if fault.is_retryable() || fault.kind() == takt_kernel::Kind::Unavailable => {
                return Err(fault);
            }
            placed => outcomes.push(placed.map(|placed| placed.outcome)),
        }
        if began.elapsed() > TIME_AT_ONCE {
            break;
        }
    }
    Ok(outcomes)
}
