use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Timestamp, TokenId};
use takt_store::Query;
use takt_ui::{
    Column, FormErrors, Icon, Row, Table, Tone, Words, badge, button, card, copy, empty, field, form,
    link_button, notice, post_button,
};
use takt_web::{Answer, Form, Path, Web};

use super::{SettingsCaller, settings_page, settings_refused};
use crate::{
    callers::see_other_saying,
    pages::{beside, form_errors},
    rights::own::ManageTokens,
    shops::{self, Shop},
    tokens::{self, Token},
};

const HREF: &str = "/settings/tokens";

#[derive(Deserialize, Default)]
pub(in crate::pages) struct Given {
    #[serde(default)]
    shop: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    scopes: Vec<String>,
}

pub(in crate::pages) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let body = body(&web, &settings, &Given::default(), &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

/// The secret is the answer itself: it is shown this once and stored nowhere.
pub(in crate::pages) async fn issue(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageTokens>()?;
    let (name, scopes) = (given.name.clone(), given.scopes.join(" "));
    let issued = match given.shop.parse() {
        Ok(shop) => {
            web.db
                .write("staff.issue_token", move |tx| tokens::issue(tx, &permit, shop, &name, &scopes))
                .await
        }
        Err(_) => Err(beside(&Fault::missing("staff.shop_missing").arg("given", &given.shop), "shop")),
    };
    let w = settings.words(&web);
    match issued {
        Ok((_, secret)) => {
            let shown = html! { p { (w.t("staff-token-once")) } p { (copy(&w, &secret)) } };
            let told = notice(Tone::Good, w.t("staff-token-issued")).body(shown);
            let below = body(&web, &settings, &Given::default(), &FormErrors::none()).await?;
            Ok(settings_page(&web, &settings, HREF, html! { (told) (below) }))
        }
        Err(fault) => {
            let errors = form_errors(&w, fault)?;
            let body = body(&web, &settings, &given, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
    }
}

pub(in crate::pages) async fn revoke(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(token): Path<TokenId>,
) -> Answer {
    let permit = settings.permit::<ManageTokens>()?;
    web.db.write("staff.revoke_token", move |tx| tokens::revoke(tx, &permit, token)).await?;
    Ok(see_other_saying(&settings.href(HREF), "staff-token-revoked"))
}

async fn body(
    web: &Web,
    settings: &SettingsCaller,
    given: &Given,
    errors: &FormErrors,
) -> takt_kernel::Result<Markup> {
    settings.permit::<ManageTokens>()?;
    let w = settings.words(web);
    if settings.is_desk() {
        return Ok(empty(Icon::Store, w.t("staff-tokens"), w.t("staff-only-companies"), None));
    }
    let company = settings.id();
    let (tokens, shops, now) = web
        .db
        .read("staff.tokens", move |reader| {
            Ok((tokens::list(reader, company)?, shops::list(reader, company)?, reader.now()))
        })
        .await?;
    let scopes = settings.caller.rights.scopes();
    Ok(html! {
        (list(&w, settings, &tokens, &shops, now))
        @if !shops.is_empty() { (issue_form(&w, settings, &shops, &scopes, given, errors)) }
    })
}

fn list(w: &Words, settings: &SettingsCaller, tokens: &[Token], shops: &[Shop], now: Timestamp) -> Markup {
    let shop_name = |token: &Token| {
        shops.iter().find(|shop| shop.id == token.shop).map_or_else(String::new, |shop| shop.name.clone())
    };
    let rows = tokens.iter().map(|token| {
        let action = match token.revoked_at {
            Some(_) => badge(w.t("staff-token-dead"), Tone::Neutral).render(),
            None => post_button(
                &settings.href(&format!("{HREF}/{}/revoke", token.id)),
                &[],
                button(w.t("staff-token-revoke")).small().danger(),
            ),
        };
        Row::new([
            html! { (token.name) },
            html! { (shop_name(token)) },
            html! { (token.scopes.iter().map(|scope| scope_name(w, scope)).collect::<Vec<_>>().join(", ")) },
            html! { (w.date(token.created_at)) },
            html! { @if let Some(used) = token.used_at { (w.moment(used, now)) } @else { "—" } },
            action,
        ])
        .dim(token.revoked_at.is_some())
    });
    // A token is of a shop: where there is none yet, it comes first.
    let first = shops.is_empty().then(|| {
        link_button(w.t("staff-shops"), settings.href("/settings/shops")).icon(Icon::Store).render()
    });
    let table = Table::new(w, w.t("staff-tokens"))
        .columns([
            Column::new(w.t("staff-name")).wide().leading(),
            Column::new(w.t("staff-shop")),
            Column::new(w.t("staff-scopes")),
            Column::new(w.t("staff-issued")),
            Column::new(w.t("staff-last-used")),
            Column::new("").actions(),
        ])
        .rows(rows)
        .empty(empty(Icon::KeyRound, w.t("staff-no-tokens"), w.t("staff-no-tokens-hint"), first));
    card(w.t("staff-tokens")).flush().body(table.render()).render()
}

/// What a program may do; whoever writes one finds the code above the name.
fn scope_name(w: &Words, scope: &str) -> String {
    let key = format!("staff-scope-{}", scope.replace(':', "-"));
    w.texts().find(w.lang(), &key, &[]).unwrap_or_else(|| scope.to_owned())
}

fn issue_form(
    w: &Words,
    settings: &SettingsCaller,
    shops: &[Shop],
    scopes: &[&str],
    given: &Given,
    errors: &FormErrors,
) -> Markup {
    let choices = shops.iter().map(|shop| (shop.id.to_string(), shop.name.clone()));
    let boxes = html! {
        div.row id="field-scopes" tabindex="-1" {
            @for scope in scopes {
                label.check title=(scope) {
                    input type="checkbox" name="scopes" value=(scope)
                        checked[given.scopes.iter().any(|chosen| chosen == scope)];
                    span { (scope_name(w, scope)) }
                }
            }
        }
    };
    let fields = html! {
        (field(w.t("staff-shop"), "shop").select(choices).value(&given.shop).half().errors(errors))
        (field(w.t("staff-name"), "name").value(&given.name).required().half()
            .hint(w.t("staff-token-name-hint")).errors(errors))
        (field(w.t("staff-scopes"), "scopes").own(boxes).errors(errors))
    };
    let actions = html! { (button(w.t("staff-token-issue")).primary()) };
    card(w.t("staff-token-new"))
        .body(form(w, settings.href(HREF)).errors(errors).body(fields).actions(actions).render())
        .render()
}
