//! Whole pages: the frame around a list, a card, a form, a phone.

use maud::{Markup, Render, html};

use super::{SAMPLE_NOW, Sample, controls, lists, order};
use crate::{
    Choice, Density, Flash, Icon, NavItem, Page, PersonMenu, Tone, Width, Words, badge, button, card, crumbs,
    field, form, notice, split,
};

pub(super) const SAMPLES: &[Sample] = &[
    Sample { name: "pages/desk", render: desk },
    Sample { name: "pages/dense", render: dense },
    Sample { name: "pages/card", render: order_card },
    Sample { name: "pages/form", render: long_form },
    Sample { name: "pages/sign-in", render: sign_in },
    Sample { name: "pages/refused", render: refused },
];

const SECTIONS: &[NavItem] = &[
    NavItem { href: "/orders", label_key: "sample-desk", icon: Icon::Inbox, shortcut: "g o", place: 1 },
    NavItem {
        href: "/tasks",
        label_key: "sample-nav-tasks",
        icon: Icon::ListChecks,
        shortcut: "g t",
        place: 2,
    },
    NavItem {
        href: "/money",
        label_key: "sample-nav-money",
        icon: Icon::Banknote,
        shortcut: "g m",
        place: 3,
    },
    NavItem { href: "/stock", label_key: "sample-nav-stock", icon: Icon::Package, shortcut: "g s", place: 4 },
    NavItem {
        href: "/customers",
        label_key: "sample-nav-customers",
        icon: Icon::Users,
        shortcut: "g c",
        place: 5,
    },
    NavItem {
        href: "/settings",
        label_key: "sample-nav-settings",
        icon: Icon::Settings,
        shortcut: "g e",
        place: 9,
    },
];

fn framed<'a>(w: &'a Words, title: String, path: &str, body: Markup) -> Page<'a> {
    let mut page = Page::new(w, title, body);
    page.path = path.to_owned();
    page.navigation = SECTIONS.iter().map(|item| item.link(w, path)).collect();
    for (link, (count, tone)) in
        page.navigation.iter_mut().zip([(128, Tone::Neutral), (3, Tone::Bad), (2, Tone::Warn)])
    {
        (link.count, link.tone) = (Some(count), tone);
    }
    page.organisations = ["sample-shop", "sample-shop-two"]
        .iter()
        .map(|key| Choice { value: (*key).to_owned(), label: w.t(key), active: *key == "sample-shop" })
        .collect();
    page.person = Some(PersonMenu {
        name: w.t("sample-person"),
        note: w.t("sample-role"),
        links: vec![(w.t("sample-nav-settings"), "/me".to_owned())],
    });
    page.live = Some(("sample".to_owned(), 4096));
    page.now = Some(SAMPLE_NOW);
    page
}

fn desk(w: &Words) -> Markup {
    let body = html! {
        (controls::some_tabs(w))
        (lists::filter(w))
        (lists::desk_list(w))
        (lists::pager_end(w))
    };
    let mut page = framed(w, w.t("sample-desk"), "/orders", body);
    page.flash = Some(Flash { tone: Tone::Good, text: w.t("sample-saved"), undo: Some("#".to_owned()) });
    page.help = Some(w.t("sample-help"));
    page.render()
}

/// As the desk, with more on one screen.
fn dense(w: &Words) -> Markup {
    let body = html! {
        (controls::some_tabs(w))
        (lists::filter(w))
        (lists::desk_list(w))
    };
    let mut page = framed(w, w.t("sample-desk"), "/orders", body);
    page.density = Density::Dense;
    page.help = Some(w.t("sample-help"));
    page.render()
}

fn order_card(w: &Words) -> Markup {
    let main = html! {
        (order::composition(w))
        (card(w.t("sample-history")).body(order::history(w)))
    };
    let side = html! {
        (card(w.t("sample-clock")).body(html! { (order::one_promise(w)) (order::blame(w)) }))
        (card(w.t("sample-column-customer")).body(order::facts(w)))
    };
    let note = form(w, "/orders/TK-1042/comment")
        .queued()
        .body(html! { (field(w.t("sample-remark"), "comment").textarea(2).required()) })
        .actions(html! { (button(w.t("sample-remark-add"))) });
    let main = html! { (main) (card(w.t("sample-remark")).id("notes").body(note.render())) };
    let mut page = framed(w, "TK-1042".to_owned(), "/orders/42", split(main, side));
    page.about = Some("order/TK-1042".to_owned());
    page.crumbs = Some(crumbs(&[(&w.t("sample-desk"), Some("/orders")), ("TK-1042", None)]));
    page.note = Some(badge(w.t("sample-status"), Tone::Info));
    page.actions = Some(html! {
        (button(w.t("sample-defer")).icon(Icon::AlarmClock).key("d"))
        (button(w.t("sample-confirm")).primary().icon(Icon::Check).key("enter"))
    });
    page.banners = vec![html! { (notice(Tone::Warn, w.t("sample-bank-late"))) }];
    page.render()
}

fn long_form(w: &Words) -> Markup {
    let body = form(w, "/customers/7")
        .body(html! {
            (field(w.t("sample-column-customer"), "name").value(w.t("sample-person")))
            (field(w.t("sample-field-password"), "password").password())
            (field(w.t("sample-remark"), "note").textarea(3))
            (field(w.t("sample-confirm"), "agreed").checkbox(false))
        })
        .actions(html! { (button(w.t("sample-confirm")).primary()) });
    framed(w, w.t("sample-column-customer"), "/customers/7", body.render()).render()
}

fn sign_in(w: &Words) -> Markup {
    let body = html! {
        (form(w, "/sign-in").body(html! {
            (field(w.t("sample-field-email"), "email").email().required().autofocus())
            (field(w.t("sample-field-password"), "password").password().required())
        }).actions(html! { (button(w.t("sample-sign-in")).primary().big()) }))
    };
    let mut page = Page::new(w, w.t("sample-sign-in"), body);
    page.width = Width::Centre;
    page.render()
}

fn refused(w: &Words) -> Markup {
    let mut page = Page::new(w, w.t("sample-status"), html! { p.lead { (w.t("ui-fault-missing")) } });
    page.width = Width::Centre;
    page.render()
}
