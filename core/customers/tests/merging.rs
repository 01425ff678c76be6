//! Merging whatever in whatever order: nothing is lost, all of it can be taken back, no ring, and nobody else's
//! customers are touched.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

use proptest::{
    prelude::{Strategy, any, prop, prop_oneof},
    strategy::ValueTree,
    test_runner::TestRunner,
};
use takt_customers::{Contact, CustomerId, get, merge, recognise, separate};
use takt_kernel::{Actor, CompanyId, Kind, money::Currency};
use takt_staff::{
    Scope,
    command_line::{self, permit},
    companies::{NewCompany, OrganisationKind},
};
use takt_testing::{Place, TestApp, on_both_engines};
use takt_ui::Lang;

const PEOPLE: usize = 7;
const STORIES: usize = 8;
/// Longer than any chain that a person would build by hand.
const CHAIN: usize = 60;

#[derive(Clone, Copy, Debug)]
enum Deed {
    Merge(usize, usize),
    Separate(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        3 => (0..PEOPLE, 0..PEOPLE).prop_map(|(into, other)| Deed::Merge(into, other)),
        1 => (0..PEOPLE).prop_map(Deed::Separate),
    ];
    prop::collection::vec(deed, 5..20)
}

/// What is to become of them, by the rules alone: who points at whom.
#[derive(Default)]
struct Pointers([Option<usize>; PEOPLE]);

impl Pointers {
    fn standing_for(&self, one: usize) -> usize {
        self.0[one].map_or(one, |next| self.standing_for(next))
    }

    /// The code of the refusal, when there is to be one.
    fn follow(&mut self, deed: Deed) -> Option<&'static str> {
        match deed {
            Deed::Merge(into, other) => {
                let (into, merged) = (self.standing_for(into), self.standing_for(other));
                if into == merged {
                    return Some("customers.same");
                }
                self.0[merged] = Some(into);
            }
            Deed::Separate(one) => {
                if self.0[one].take().is_none() {
                    return Some("customers.not_merged");
                }
            }
        }
        None
    }
}

struct Desk {
    app: TestApp,
    company: CompanyId,
    people: Vec<CustomerId>,
}

impl Desk {
    /// A company of people who each gave a phone and an e-mail.
    async fn open(app: TestApp, people: usize) -> Self {
        let company = company(&app).await;
        let mut desk = Self { app, company, people: Vec::new() };
        for one in 0..people {
            let appeared = desk.ordered(one, true).await;
            desk.people.push(appeared);
        }
        desk
    }

    /// To whom an order by this person's phone, or e-mail, goes today.
    async fn ordered(&self, one: usize, by_phone: bool) -> CustomerId {
        let (company, phone, email) = (self.company, phone(one), format!("p{one}@example.org"));
        let contact = if by_phone && self.people.len() <= one {
            Contact::parse(&format!("P{one}"), &phone, &email, "RU")
        } else if by_phone {
            Contact::parse("", &phone, "", "RU")
        } else {
            Contact::parse("", "", &email, "RU")
        };
        let contact = contact.expect("a contact");
        self.app.write(move |tx| recognise(tx, company, &contact, &Actor::system("test"))).await
    }

    async fn done(&self, deed: Deed) -> Option<String> {
        let (company, people) = (self.company, self.people.clone());
        let done = self.app.try_write(move |tx| match deed {
            Deed::Merge(into, other) => merge(tx, &permit(company), people[into], people[other]),
            Deed::Separate(one) => separate(tx, &permit(company), people[one]),
        });
        done.await.err().map(|fault| fault.code().to_owned())
    }

    /// Everything on everybody's card but how often and when it changed.
    async fn cards(&self) -> Vec<String> {
        let mut cards = Vec::new();
        for person in &self.people {
            let (scope, person) = (Scope::Company { company: self.company, shops: None }, *person);
            let card = self.app.read(move |reader| get(reader, &scope, person)).await;
            cards.push(format!(
                "{} {:?} {:?} {:?} {} {:?}",
                card.name, card.phone, card.email, card.identities, card.note, card.merged_into
            ));
        }
        cards
    }

    async fn everybody_of(&self, one: usize) -> Vec<CustomerId> {
        let (scope, person) = (Scope::Company { company: self.company, shops: None }, self.people[one]);
        self.app.read(move |reader| Ok(get(reader, &scope, person)?.all)).await
    }

    async fn is_as(&self, pointers: &Pointers, story: &str) {
        for one in 0..self.people.len() {
            let stands = pointers.standing_for(one);
            for by_phone in [true, false] {
                assert_eq!(self.ordered(one, by_phone).await, self.people[stands], "{one} after {story}");
            }
            let theirs: Vec<CustomerId> = (0..self.people.len())
                .filter(|other| pointers.standing_for(*other) == one && stands == one)
                .map(|other| self.people[other])
                .collect();
            if stands == one {
                assert_eq!(self.everybody_of(one).await, theirs, "{one} after {story}");
            }
        }
    }
}

fn phone(one: usize) -> String {
    format!("+7912000{one:04}")
}

async fn company(app: &TestApp) -> CompanyId {
    let new = NewCompany {
        name: "Чай".to_owned(),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    command_line::create_company(&app.db, new).await.expect("a company")
}

async fn app(place: Place) -> TestApp {
    TestApp::open(place, vec![takt_staff::feature(), takt_customers::feature()]).await
}

on_both_engines! {
    async fn any_merges_and_separations_keep_everybody_and_touch_nobody_else(place: Place) {
        let neighbour = Desk::open(app(place).await, PEOPLE).await;
        let theirs = neighbour.cards().await;
        let mut runner = TestRunner::deterministic();
        let Desk { mut app, company: of_theirs, people: their_people } = neighbour;
        for _ in 0..STORIES {
            let desk = Desk::open(app, PEOPLE).await;
            let before = desk.cards().await;
            let deeds = deeds().new_tree(&mut runner).expect("deeds").current();
            let mut pointers = Pointers::default();
            for deed in &deeds {
                assert_eq!(desk.done(*deed).await.as_deref(), pointers.follow(*deed), "{deed:?} of {deeds:?}");
            }
            desk.is_as(&pointers, &format!("{deeds:?}")).await;
            // People of another company are missing, whoever merges them into whom.
            let (ours, stranger, company) = (desk.people[0], their_people[0], desk.company);
            for (into, other) in [(ours, stranger), (stranger, ours)] {
                let refused = desk.app.try_write(move |tx| merge(tx, &permit(company), into, other)).await;
                assert!(refused.is_err_and(|fault| fault.kind() == Kind::Missing));
            }
            for one in 0..PEOPLE {
                desk.done(Deed::Separate(one)).await;
            }
            assert_eq!(desk.cards().await, before, "taken back after {deeds:?}");
            app = desk.app;
        }
        let neighbour = Desk { app, company: of_theirs, people: their_people };
        assert_eq!(neighbour.cards().await, theirs);
    }

    async fn the_same_merges_in_any_order_make_one_customer_of_the_same_people(place: Place) {
        let mut runner = TestRunner::deterministic();
        let mut app = app(place).await;
        let ways = prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), PEOPLE - 1);
        for _ in 0..STORIES {
            let desk = Desk::open(app, PEOPLE).await;
            // Each but the first is one with an earlier one; told in an order and direction of chance.
            let mut pairs: Vec<(usize, usize)> = Vec::new();
            for (place, (with, turned)) in ways.new_tree(&mut runner).expect("ways").current().into_iter().enumerate() {
                let (one, other) = (place + 1, with.index(place + 1));
                pairs.insert(with.index(pairs.len() + 1), if turned { (other, one) } else { (one, other) });
            }
            for (into, other) in &pairs {
                assert_eq!(desk.done(Deed::Merge(*into, *other)).await, None, "{pairs:?}");
            }
            let mut everybody = desk.people.clone();
            everybody.sort_unstable();
            let stands = desk.ordered(0, true).await;
            for one in 0..PEOPLE {
                assert_eq!(desk.ordered(one, false).await, stands, "{pairs:?}");
            }
            let at = desk.people.iter().position(|person| *person == stands).expect("one of them");
            assert_eq!(desk.everybody_of(at).await, everybody, "{pairs:?}");
            app = desk.app;
        }
    }

    async fn a_long_chain_of_merges_still_leads_to_its_end(place: Place) {
        let desk = Desk::open(app(place).await, CHAIN).await;
        for next in 1..CHAIN {
            assert_eq!(desk.done(Deed::Merge(next, next - 1)).await, None);
        }
        assert_eq!(desk.ordered(0, true).await, desk.people[CHAIN - 1]);
        assert_eq!(desk.everybody_of(CHAIN - 1).await.len(), CHAIN);
    }

    async fn two_who_merge_the_same_people_at_once_build_no_ring(place: Place) {
        let app = app(place).await;
        let mut app = app;
        for _ in 0..STORIES {
            let desk = Desk::open(app, 4).await;
            // 2 stands for 0 and 3 for 1; then two people say at once that 0 and 1 are one.
            assert_eq!((desk.done(Deed::Merge(2, 0)).await, desk.done(Deed::Merge(3, 1)).await), (None, None));
            let both = [(0, 1), (1, 0)].map(|(into, other)| {
                let (db, company, people) = (desk.app.db.clone(), desk.company, desk.people.clone());
                takt_testing::tokio::spawn(async move {
                    db.write("test.merge", move |tx| merge(tx, &permit(company), people[into], people[other])).await
                })
            });
            let mut refused = 0;
            for one in both {
                refused += usize::from(one.await.expect("no panic").is_err_and(|fault| fault.is("customers.same")));
            }
            let stands = desk.ordered(0, true).await;
            assert_eq!((desk.ordered(1, true).await, refused), (stands, 1));
            app = desk.app;
        }
    }
}
