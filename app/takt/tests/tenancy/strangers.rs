//! To a stranger nothing of a company exists: every call that names one of its ids is answered exactly
//! as if the id had never been given out, and changes nothing.

use std::collections::BTreeSet;

use takt_testing::{Client, TestApp, TestResponse, on_both_engines};

use super::{
    actors::World,
    calls::{self, Body, Call},
    doors,
    ledger::{Ledger, Owners},
    routes, world,
};

/// Never given out: ids are small in tests.
const NOWHERE: i64 = 70_000_000;

/// Fields that a form carries and its route does not read: the offer in the path says which product.
const UNREAD: [(&str, &str); 1] = [("/products/{offer}", "product")];

/// What an answer tells, with every id in question written as `0`.
fn told(answer: &TestResponse) -> String {
    let plain = |text: &str| calls::swapped(text, &|number| (number >= 8_000).then_some(0));
    let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let cookies: Vec<&str> = cookies.collect();
    format!("{} {} {cookies:?}\n{}", answer.status, plain(answer.location()), plain(&answer.text()))
}

/// Words of the company itself do not travel with the call: an echo is no leak.
fn neutral(call: &Call, mark: &str) -> Call {
    let clean = |fields: &[(String, String)]| {
        let clean = |value: &String| if value.contains(mark) { "probe".to_owned() } else { value.clone() };
        fields.iter().map(|(name, value)| (name.clone(), clean(value))).collect()
    };
    let body = match &call.body {
        Body::Form(fields) => Body::Form(clean(fields)),
        Body::Upload(field, fields) => Body::Upload(field.clone(), clean(fields)),
        Body::Nothing | Body::Json(_) => call.body.clone(),
    };
    Call { body, ..call.clone() }
}

struct Attack<'w> {
    app: &'w TestApp,
    ledger: Ledger,
    before: Vec<i64>,
    mark: &'static str,
    asked: usize,
    findings: Vec<String>,
}

impl Attack<'_> {
    /// One call with ids of the company, and the same with ids that never were. What they changed is asked after
    /// all who send the same: counting a whole database takes longer than answering.
    async fn ask(&mut self, who: &str, client: &Client, real: &Call, never: &Call) {
        if client.cookie("flash").is_some() {
            // What an earlier form left to say is said now, and not in one of the two answers.
            client.get("/profile").await;
        }
        let (first, second) = (real.send(client).await, never.send(client).await);
        self.asked += 2;
        let what = format!("{who}: {} {}", real.route, real.path);
        if told(&first) != told(&second) {
            let (first, second) = (told(&first), told(&second));
            let place = first.bytes().zip(second.bytes()).take_while(|(one, other)| one == other).count();
            let from = |text: &str| {
                text.get(place.saturating_sub(60)..).unwrap_or_default().chars().take(160).collect::<String>()
            };
            self.findings.push(format!(
                "{what} differs from an id that never was:\n  {}\n  {}",
                from(&first),
                from(&second)
            ));
        }
        if first.text().contains(self.mark) {
            self.findings.push(format!("{what} shows words of the company"));
        }
    }

    async fn nothing_was_written(&mut self, who: &str, call: &Call) {
        let now = self.ledger.counts(self.app).await;
        if now != self.before {
            self.findings.push(format!("{who}: {} {} wrote rows", call.route, call.path));
            self.before = now;
        }
    }
}

fn company_of(owners: &Owners, id: i64) -> Option<i64> {
    owners.get(&id).map(|(_, company)| *company)
}

on_both_engines! {
    async fn to_a_stranger_nothing_of_a_company_exists(place: Place) {
        let world = World::open(world::open(place).await).await;
        let all = routes::all(&world.app).await;
        let ledger = Ledger::of(&world.app).await;
        let owners = ledger.owners(&world.app).await;
        let (alpha, beta) = (world.alpha.id.get(), world.beta.id.get());
        let (calls, _) = calls::about(&world.alpha, &all, &owners).await;
        let (own, _) = calls::about(&world.beta, &all, &owners).await;
        let digest = ledger.digest(&world.app).await;
        let before = ledger.counts(&world.app).await;
        let mut attack = Attack {
            app: &world.app, ledger, before, mark: world.alpha.mark, asked: 0, findings: Vec::new(),
        };

        let is_alpha = |id: i64| company_of(&owners, id) == Some(alpha);
        let mut aimed = BTreeSet::new();
        // Letters of a link may look like an id; who holds the link is no stranger.
        let linked = |call: &&Call| doors::of(&call.route) == Some(doors::Door::Linked);
        for call in calls.iter().filter(|call| !linked(call) && !call.ids(&is_alpha).is_empty()) {
            aimed.insert(call.route.clone());
            let real = neutral(call, world.alpha.mark);
            let never = real.with_ids(&|id| is_alpha(id).then_some(id + NOWHERE));
            for actor in &world.strangers {
                attack.ask(&actor.name, &actor.client, &real, &never).await;
            }
            attack.nothing_was_written("a stranger", &real).await;
        }

        // What only leads back to a page is no id of anything.
        let without_way_back = |call: &Call| {
            let mut call = call.clone();
            if let Body::Form(fields) = &mut call.body {
                fields.retain(|(name, _)| name != "back");
            }
            call
        };
        // Somebody's own call with one id of another company in it.
        let owner = &world.beta.people[&takt_staff::Role::Owner];
        let mut smuggled = BTreeSet::new();
        for call in own.iter().map(without_way_back) {
            for id in call.ids(&|id| company_of(&owners, id) == Some(beta)) {
                let (table, _) = &owners[&id];
                if UNREAD.iter().any(|(template, unread)| call.route.template == *template && table == unread) {
                    continue;
                }
                let theirs = owners.iter().find(|(_, (known, company))| known == table && *company == alpha);
                let Some((theirs, _)) = theirs else { panic!("alpha has nothing in {table}") };
                let real = call.with_ids(&|found| (found == id).then_some(*theirs));
                let never = call.with_ids(&|found| (found == id).then_some(id + NOWHERE));
                smuggled.insert((call.route.clone(), table.clone()));
                let client = if call.route.is_api() { &world.beta.program } else { owner };
                let who = format!("smuggling {table}");
                attack.ask(&who, client, &real, &never).await;
                attack.nothing_was_written(&who, &real).await;
            }
        }
        if attack.ledger.digest(&world.app).await != digest {
            attack.findings.push("something was changed in place".to_owned());
        }
        println!(
            "{} calls of {} routes by {} strangers, {} ids smuggled into own calls: {} answers",
            calls.len(), aimed.len(), world.strangers.len(), smuggled.len(), attack.asked,
        );
        assert!(aimed.len() > 100 && world.strangers.len() > 30, "{} routes", aimed.len());
        assert!(attack.findings.is_empty(), "{} findings:\n{}", attack.findings.len(), attack.findings.join("\n"));
    }
}
