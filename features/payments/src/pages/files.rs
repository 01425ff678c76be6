use std::time::Duration;

use axum::extract::{Multipart, State};
use http::StatusCode;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{CompanyId, Fault, Kind};
use takt_orders::VouchForMoney;
use takt_staff::{Caller, PageHead, people};
use takt_store::Query as _;
use takt_ui::{
    Arg, Column, FormErrors, Icon, Pager, Row, Stat, Table, Tone, Words, crumbs, details, empty, notice,
    progress, stats,
};
use takt_web::{Answer, Path, Query, Web, see_other};

use super::{lines::upload_form, words};
use crate::{
    import::{self, BankLine, ImportId, ImportSummary, LineState, lines_of_import},
    queries,
    rights::SeeMoney,
};

const PAGE_SIZE: i64 = 200;
/// How long an upload waits for its lines before it shows the page.
const SOON: Duration = Duration::from_secs(5);

pub(super) async fn list(caller: Caller, State(web): State<Web>) -> Answer {
    files_page(&caller, &web, &FormErrors::none()).await
}

async fn files_page(caller: &Caller, web: &Web, errors: &FormErrors) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let (imports, names, now) = web
        .db
        .read("payments.files", move |r| {
            let imports = queries::imports(r, &scope, 100)?;
            let people: Vec<_> = imports.iter().filter_map(|(_, import)| import.voucher).collect();
            Ok((imports, people::names(r, &people)?, r.now()))
        })
        .await?;
    let w = caller.words(web);
    let rows = imports.iter().map(|(_, import)| {
        Row::new([
            html! { (import.file_name) },
            html! { (w.number(import.documents)) },
            html! {
                @match import.voucher {
                    Some(voucher) => (names.get(&voucher).map(String::as_str).unwrap_or("—")),
                    None => (w.t("payments-bank-itself")),
                }
            },
            html! { (w.moment(import.created_at, now)) },
        ])
        .id(format!("file-{}", import.id))
        .href(format!("/money/files/{}", import.id))
    });
    let table = Table::new(&w, w.t("payments-files"))
        .columns([
            Column::new(w.t("payments-file")).leading(),
            Column::new(w.t("payments-documents")).numeric(),
            Column::new(w.t("payments-voucher")),
            Column::new(w.t("payments-came")).narrow(),
        ])
        .rows(rows)
        .live("files", "bank_files")
        .empty(empty(Icon::Banknote, w.t("payments-no-files"), w.t("payments-no-files-text"), None));
    let body =
        html! { div.stack { (errors.summary(&w)) (upload_form(&w, caller, !errors.is_empty())) (table) } };
    let head = PageHead::new(w.t("payments-files"))
        .help(Some(w.t("payments-files-help")))
        .path("/money/files")
        .crumbs(crumbs(&[(&w.t("payments-title"), Some("/money")), (&w.t("payments-files"), None)]));
    Ok(if errors.is_empty() { caller.page(web, head, body) } else { caller.refused_page(web, head, body) })
}

/// Uploading a file is vouching for it by name. A usual file is done when its page opens; a large one
/// goes on behind, and the page shows how far it is.
pub(super) async fn upload(caller: Caller, State(web): State<Web>, parts: Multipart) -> Answer {
    let taken = match read_parts(parts).await {
        Ok((company, name, bytes)) => {
            let permit = caller.permit::<VouchForMoney>(company)?;
            import::accept(&web.db, permit, name, bytes, "upload")
                .await
                .map(|accepted| (company, accepted.import))
        }
        Err(fault) => Err(fault),
    };
    match taken {
        Ok((company, file)) => {
            let db = web.db.clone();
            let processing = tokio::spawn(async move {
                if let Err(fault) = import::process(&db, company, file, &mut |_| ()).await {
                    tracing::warn!(error = ?fault, %file, "a bank file is left to its job");
                }
            });
            // Whether it is done by then or not, the page says.
            let _ = tokio::time::timeout(SOON, processing).await;
            Ok(see_other(&format!("/money/files/{file}")))
        }
        Err(fault) if fault.kind() == Kind::Invalid => {
            files_page(&caller, &web, &FormErrors::from_fault(&caller.words(&web), &fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn read_parts(mut parts: Multipart) -> takt_kernel::Result<(CompanyId, String, Vec<u8>)> {
    let cut = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => import::too_large(),
        _ => Fault::invalid("payments.upload_cut_off").because(error.to_string()),
    };
    let (mut company, mut file) = (None, None);
    while let Some(part) = parts.next_field().await.map_err(cut)? {
        match part.name() {
            Some("company") => company = Some(part.text().await.map_err(cut)?.parse()?),
            Some("file") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                file = Some((name, part.bytes().await.map_err(cut)?.to_vec()));
            }
            Some(_) | None => {}
        }
    }
    let company = company.ok_or_else(|| Fault::field("company", "input.required"))?;
    let (name, bytes) = file
        .filter(|(_, bytes)| !bytes.is_empty())
        .ok_or_else(|| Fault::field("file", "payments.file_empty"))?;
    Ok((company, name, bytes))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    after: i64,
}

pub(super) async fn show(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<ImportId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let scope = caller.scope_where::<SeeMoney>()?;
    let (import, lines, voucher) = web
        .db
        .read("payments.file", move |r| {
            let (company, import) = queries::visible_import(r, &scope, id)?;
            let lines = lines_of_import(r, company, id, asked.after, PAGE_SIZE)?;
            let voucher = match import.voucher {
                Some(voucher) => people::names(r, &[voucher])?.remove(&voucher),
                None => None,
            };
            Ok((import, lines, voucher))
        })
        .await?;
    let w = caller.words(&web);
    let head = PageHead::new(import.file_name.clone()).crumbs(crumbs(&[
        (&w.t("payments-title"), Some("/money")),
        (&w.t("payments-files"), Some("/money/files")),
        (&import.file_name, None),
    ]));
    let next = lines
        .last()
        .filter(|last| last.n < import.documents)
        .map(|last| format!("/money/files/{id}?after={}", last.n));
    let body = html! {
        div.stack {
            (summary(&w, &import, voucher.as_deref()))
            (warnings(&w, &import))
            (table(&w, &lines))
            (Pager { words: &w, previous: None, next, count: None })
            (around(&w, &import))
        }
    };
    Ok(caller.page(&web, head, body))
}

/// What the file says beside its documents.
fn around(w: &Words, import: &ImportSummary) -> Markup {
    html! {
        @for around in &import.around {
            @let title = match &around.account {
                Some(account) => w.ta("payments-more-of-account", &[("account", account.into())]),
                None => w.t("payments-more-of-file"),
            };
            (details(title, false, words::as_written(&around.fields)))
        }
    }
}

fn summary(w: &Words, import: &ImportSummary, voucher: Option<&str>) -> Markup {
    let counted: Vec<Stat> = LineState::ALL
        .into_iter()
        .filter_map(|state| import.counts.get(state.code()).map(|count| (state, *count)))
        .map(|(state, count)| Stat {
            label: w.t(&format!("payments-state-{}", state.code())),
            value: w.number(count),
            note: None,
            href: None,
            tone: words::tone(state),
        })
        .collect();
    let key = if import.voucher.is_some() { "payments-file-vouched" } else { "payments-file-by-channel" };
    let vouched = w.ta(
        key,
        &[
            ("name", voucher.unwrap_or("—").into()),
            ("hash", import.file_hash.chars().take(12).collect::<String>().into()),
        ],
    );
    let waiting = import.counts.get(LineState::Waiting.code()).copied().unwrap_or_default();
    html! {
        div.stack id="file-summary" data-live="bank_lines" {
            @if waiting > 0 {
                (progress(w, &w.t("payments-state-waiting"), import.documents - waiting, import.documents))
            }
            (stats(&counted))
        }
        p.muted { (vouched) " " (w.date_time(import.created_at)) }
    }
}

fn warnings(w: &Words, import: &ImportSummary) -> Markup {
    if import.warnings.is_empty() {
        return html! {};
    }
    let list = html! {
        ul.small-text {
            @for warning in &import.warnings {
                li {
                    (w.ta(&warning.code.replace('.', "-"), &[
                        ("place", Arg::from(&warning.place)),
                        ("detail", Arg::from(&warning.detail)),
                    ]))
                }
            }
        }
    };
    notice(Tone::Info, w.t("payments-file-warnings")).body(list).render()
}

fn table<'a>(w: &'a Words, lines: &[BankLine]) -> Table<'a> {
    let rows = lines.iter().map(|line| {
        let party = if line.incoming == Some(false) { &line.document.payee } else { &line.document.payer };
        Row::new([
            html! { (line.n) },
            html! { (party.name) },
            html! { span.strong { (w.money(line.amount)) } },
            html! { (words::state(w, line.outcome.state)) " " (words::outcome(w, &line.outcome)) },
            html! { (line.document.purpose) },
        ])
        .id(format!("line-{}", line.id))
        .href(format!("/money/lines/{}", line.id))
        .tone(words::tone(line.outcome.state))
    });
    Table::new(w, w.t("payments-documents"))
        .columns([
            Column::new("№").narrow(),
            Column::new(w.t("payments-party")).leading(),
            Column::new(w.t("payments-amount")).numeric(),
            Column::new(w.t("payments-what-happened")).wide(),
            Column::new(w.t("payments-purpose")).wide(),
        ])
        .rows(rows)
        .live("documents", "bank_lines")
        .empty(empty(
            Icon::Banknote,
            w.t("payments-file-without-documents"),
            w.t("payments-file-without-documents-text"),
            None,
        ))
}
