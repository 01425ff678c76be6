//! The page on made-up feeds: drawn in tests in both languages and at /_samples.

use maud::Markup;
use takt_kernel::{CompanyId, ShopId, money::Currency};
use takt_staff::shops::Shop;
use takt_ui::{FormErrors, SAMPLE_NOW, Sample, Words};

use super::{
    form::{self, Given},
    list::{self, Refused, View},
    sources,
};
use crate::{
    feed::{Counts, Feed, FeedId, Problem, Refusal, SignIn, Stamps, State},
    sources::Sources,
};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "feeds/list", render: some },
    Sample { name: "feeds/list-empty", render: nothing },
    Sample { name: "feeds/list-refused", render: refused },
    Sample { name: "feeds/one", render: one },
    Sample { name: "feeds/sources", render: chosen },
    Sample { name: "feeds/sources-seen", render: seen },
];

fn shop(id: i64, name: &str) -> Shop {
    Shop { id: ShopId::new(id), company: CompanyId::new(1), name: name.to_owned(), currency: Currency::RUB }
}

fn feed(id: i64, state: State) -> Feed {
    Feed {
        company: CompanyId::new(1),
        id: FeedId::new(id),
        shop: ShopId::new(id),
        url: format!("https://shop-{id}.example/retailcrm.xml"),
        sign_in: Some(SignIn { user: "takt".to_owned(), password: "secret".to_owned() }),
        interval_seconds: 4 * 3600,
        sources: Sources { price: Some(FeedId::new(id)), stock: None },
        paused: false,
        state,
        format: Some("icml".to_owned()),
        stamps: Stamps::default(),
        claim: 1,
        begun_at: Some(SAMPLE_NOW.plus_seconds(-30)),
        pulled_at: Some(SAMPLE_NOW.plus_seconds(-7_200)),
        next_at: Some(SAMPLE_NOW.plus_seconds(7_200)),
        failures: 0,
        may_archive: false,
        counts: Counts { read: 61_500, added: 120, changed: 34, archived: 2, refused: 3, vanished: 40_000 },
        bytes: 41_000_000,
        total_bytes: 66_000_000,
        offers: 100_000,
        problem: None,
        refusals: Vec::new(),
    }
}

fn problem(code: &str, name: &str, value: &str) -> Problem {
    Problem { code: code.to_owned(), args: vec![(name.to_owned(), value.to_owned())] }
}

fn view(feeds: Vec<Feed>) -> View {
    let names = ["Tea & Co", "Coffee", "Honey", "Cups", "New shop"];
    let shops = (1..).zip(names).map(|(id, name)| shop(id, name)).collect();
    View { feeds, shops, may_manage: true, refused: None, now: SAMPLE_NOW }
}

fn some(w: &Words) -> Markup {
    let refusals = vec![
        Refusal {
            line: 1_204,
            id: Some("TEA-7".to_owned()),
            why: problem("feeds.other_currency", "given", "USD"),
        },
        Refusal { line: 9_100, id: None, why: problem("feeds.of_another_feed", "line", "1") },
    ];
    let waiting = Feed { refusals, ..feed(1, State::Waiting) };
    let failed = Feed { problem: Some(problem("feeds.answered", "status", "500")), ..feed(3, State::Failed) };
    let paused = Feed { paused: true, format: None, pulled_at: None, ..feed(4, State::Waiting) };
    list::render(w, &str::to_owned, &view(vec![waiting, feed(2, State::Pulling), failed, paused]))
}

fn nothing(w: &Words) -> Markup {
    list::render(w, &str::to_owned, &view(Vec::new()))
}

fn refused(w: &Words) -> Markup {
    let given = Given { url: "shop".to_owned(), ..Given::default() };
    let errors = FormErrors::none().and("url", w.t("feeds-shop_required"));
    let refused = Some(Refused { given, errors });
    list::render(w, &str::to_owned, &View { refused, ..view(vec![feed(2, State::Asks)]) })
}

fn chosen(w: &Words) -> Markup {
    let other = Sources { price: Some(FeedId::new(2)), stock: Some(FeedId::new(2)) };
    let feeds = vec![Feed { sources: other, ..feed(1, State::Waiting) }, feed(2, State::Waiting)];
    sources::render(w, &str::to_owned, &view(feeds))
}

fn seen(w: &Words) -> Markup {
    let own = Feed { sources: Sources::default(), ..feed(1, State::Waiting) };
    sources::render(w, &str::to_owned, &View { may_manage: false, ..view(vec![own]) })
}

fn one(w: &Words) -> Markup {
    let feed = feed(1, State::Waiting);
    form::page(w, &str::to_owned, "Tea & Co", feed.id, &Given::of(&feed), &FormErrors::none())
}
