//! The page of the settings on which feeds are told where to read, and watched.

mod form;
mod list;
mod samples;
mod sources;

pub(crate) use samples::SAMPLES;

use axum::{
    Router,
    extract::State as Shared,
    routing::{get, post},
};
use takt_kernel::{Fault, Kind, Result};
use takt_staff::{Permit, SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_staff::{SettingsGroup, SettingsPage, shops};
use takt_store::{Query as _, Tx};
use takt_ui::FormErrors;
use takt_web::{Answer, Form, Path, Web};

use crate::{
    commands,
    feed::{self, FeedId},
    rights::{ManageFeeds, SeeFeeds},
};
use form::Given;
use list::{Refused, View};
use sources::Chosen;

pub(crate) const HREF: &str = "/settings/feeds";

pub(crate) const SETTINGS: SettingsPage = SettingsPage {
    href: HREF,
    label_key: "feeds-title",
    permission: "feeds.see",
    group: SettingsGroup::Shops,
    place: 25,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(HREF, get(show).post(add))
        .route("/settings/feeds/{feed}", get(show_one).post(edit))
        .route("/settings/feeds/{feed}/pull", post(pull))
        .route("/settings/feeds/{feed}/pause", post(pause))
        .route("/settings/feeds/{feed}/resume", post(resume))
        .route("/settings/feeds/{feed}/archive", post(archive))
        .route(sources::PATH, get(show_sources))
        .route("/settings/feeds/{feed}/sources", post(choose))
}

async fn show(Shared(web): Shared<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<SeeFeeds>()?;
    let view = view(&web, &settings, None).await?;
    let body = list::render(&settings.words(&web), &|path| settings.href(path), &view);
    Ok(settings_page(&web, &settings, HREF, body))
}

/// Whose word counts for price and stock.
async fn show_sources(Shared(web): Shared<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<SeeFeeds>()?;
    let view = view(&web, &settings, None).await?;
    let body = sources::render(&settings.words(&web), &|path| settings.href(path), &view);
    Ok(settings_page(&web, &settings, HREF, body))
}

async fn choose(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<FeedId>,
    Form(chosen): Form<Chosen>,
) -> Answer {
    let permit = settings.permit::<ManageFeeds>()?;
    settings.company()?;
    let wanted = chosen.read()?;
    web.db.write("feeds.choose", move |tx| crate::sources::choose(tx, &permit, id, wanted)).await?;
    Ok(see_other_saying(&settings.href(sources::PATH), "feeds-sources-saved"))
}

async fn view(web: &Web, settings: &SettingsCaller, refused: Option<Refused>) -> Result<View> {
    let company = settings.company()?;
    let may_manage = settings.may::<ManageFeeds>();
    web.db
        .read("feeds.page", move |r| {
            Ok(View {
                feeds: feed::list(r, company)?,
                shops: shops::list(r, company)?,
                may_manage,
                refused: refused.clone(),
                now: r.now(),
            })
        })
        .await
}

async fn add(Shared(web): Shared<Web>, settings: SettingsCaller, Form(given): Form<Given>) -> Answer {
    let permit = settings.permit::<ManageFeeds>()?;
    settings.company()?;
    let kept = given.clone();
    let saved = match given.with_shop() {
        Ok((shop, wanted)) => {
            web.db.write("feeds.add", move |tx| commands::configure(tx, &permit, shop, &wanted)).await
        }
        Err(fault) => Err(fault),
    };
    match saved {
        Ok(_) => Ok(see_other_saying(&settings.href(HREF), "feeds-saved")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let words = settings.words(&web);
            let errors = FormErrors::from_fault(&words, &fault);
            let view = view(&web, &settings, Some(Refused { given: kept, errors })).await?;
            let body = list::render(&words, &|path| settings.href(path), &view);
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// One feed, to be changed.
async fn show_one(Shared(web): Shared<Web>, settings: SettingsCaller, Path(id): Path<FeedId>) -> Answer {
    settings.permit::<ManageFeeds>()?;
    let (feed, shop) = one(&web, &settings, id).await?;
    let (words, given) = (settings.words(&web), Given::of(&feed));
    let href = |path: &str| settings.href(path);
    let body = form::page(&words, &href, &shop, id, &given, &FormErrors::none());
    Ok(settings_page(&web, &settings, HREF, body))
}

async fn one(web: &Web, settings: &SettingsCaller, id: FeedId) -> Result<(feed::Feed, String)> {
    let company = settings.company()?;
    web.db
        .read("feeds.one", move |r| {
            let feed = feed::get(r, company, id)?;
            let shop = shops::get(r, company, feed.shop)?.name;
            Ok((feed, shop))
        })
        .await
}

async fn edit(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<FeedId>,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageFeeds>()?;
    let (feed, shop) = one(&web, &settings, id).await?;
    let wanted = given.clone().wanted();
    let saved =
        web.db.write("feeds.edit", move |tx| commands::configure(tx, &permit, feed.shop, &wanted)).await;
    match saved {
        Ok(_) => Ok(see_other_saying(&settings.href(HREF), "feeds-saved")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let words = settings.words(&web);
            let errors = FormErrors::from_fault(&words, &fault);
            let body = form::page(&words, &|path| settings.href(path), &shop, id, &given, &errors);
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn carry_out(
    web: &Web,
    settings: &SettingsCaller,
    name: &'static str,
    saying: &str,
    deed: impl Fn(&mut Tx<'_>, &Permit<ManageFeeds>) -> Result<(), Fault> + Send + 'static,
) -> Answer {
    let permit = settings.permit::<ManageFeeds>()?;
    settings.company()?;
    web.db.write(name, move |tx| deed(tx, &permit)).await?;
    Ok(see_other_saying(&settings.href(HREF), saying))
}

async fn pull(Shared(web): Shared<Web>, settings: SettingsCaller, Path(id): Path<FeedId>) -> Answer {
    let deed = move |tx: &mut Tx<'_>, permit: &Permit<ManageFeeds>| commands::pull_now(tx, permit, id);
    carry_out(&web, &settings, "feeds.pull_now", "feeds-pulling-now", deed).await
}

async fn pause(Shared(web): Shared<Web>, settings: SettingsCaller, Path(id): Path<FeedId>) -> Answer {
    let deed = move |tx: &mut Tx<'_>, permit: &Permit<ManageFeeds>| commands::pause(tx, permit, id);
    carry_out(&web, &settings, "feeds.pause", "feeds-is-paused-now", deed).await
}

async fn resume(Shared(web): Shared<Web>, settings: SettingsCaller, Path(id): Path<FeedId>) -> Answer {
    let deed = move |tx: &mut Tx<'_>, permit: &Permit<ManageFeeds>| commands::resume(tx, permit, id);
    carry_out(&web, &settings, "feeds.resume", "feeds-pulling-now", deed).await
}

async fn archive(Shared(web): Shared<Web>, settings: SettingsCaller, Path(id): Path<FeedId>) -> Answer {
    let deed = move |tx: &mut Tx<'_>, permit: &Permit<ManageFeeds>| commands::allow_archiving(tx, permit, id);
    carry_out(&web, &settings, "feeds.allow_archiving", "feeds-archiving-now", deed).await
}
