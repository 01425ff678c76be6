//! In one's own company: every route lets in exactly who holds its permission, as `docs/permissions.md`
//! says, and whoever is turned away has changed nothing.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use takt_kernel::Slots;
use takt_staff::{PERMISSIONS, PermissionInfo, Role};
use takt_testing::{Client, Place, TestResponse};

use super::{
    actors::World,
    calls::{self, Call},
    doors::{self, Door},
    ledger::Ledger,
    routes::{self, Route},
    world,
};

/// What ends sessions or takes roles away stands last, or nobody would be left to ask the rest.
const LAST: [&str; 10] = [
    "/customers/{id}/apart",
    "/settings/webhooks/{endpoint}/remove",
    "/settings/people/{person}",
    "/organisation",
    "/drill/end",
    "/drill/begin",
    "/profile/sessions/end",
    "/profile/password",
    "/profile/sessions/end-all",
    "/sign-out",
];

fn permission(slots: &Slots, code: &str) -> PermissionInfo {
    let found = slots.of(&PERMISSIONS).copied().flatten().find(|row| row.code == code);
    *found.unwrap_or_else(|| panic!("{code} is no permission"))
}

fn turned_away(answer: &TestResponse) -> bool {
    [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::UNAUTHORIZED].contains(&answer.status)
        || answer.location().starts_with("/sign-in?")
}

struct Check<'w> {
    world: &'w World,
    ledger: Ledger,
    /// How many rows there were when nobody had come through since.
    before: Option<Vec<i64>>,
    asked: usize,
    findings: Vec<String>,
    /// Routes that somebody came through.
    opened: BTreeSet<Route>,
}

impl Check<'_> {
    async fn refused(&mut self, call: &Call, who: &str, client: &Client) {
        let before = match self.before.take() {
            Some(before) => before,
            None => self.ledger.counts(&self.world.app).await,
        };
        let answer = call.send(client).await;
        self.asked += 1;
        let after = self.ledger.counts(&self.world.app).await;
        if !turned_away(&answer) {
            self.findings.push(format!("{who} came through {} {}: {}", call.route, call.path, answer.status));
        } else if after != before {
            self.findings.push(format!("{who} was turned away at {} and changed something", call.route));
        }
        self.before = Some(after);
    }

    /// The first succeeds; the next may find it done.
    async fn let_in(&mut self, call: &Call, holders: &[(String, &Client)], all_alike: bool) {
        self.before = None;
        for (place, (who, client)) in holders.iter().enumerate() {
            let answer = call.send(client).await;
            self.asked += 1;
            let out = match place {
                0 if self.opened.insert(call.route.clone()) => turned_away(&answer),
                _ => all_alike && answer.status == StatusCode::FORBIDDEN,
            };
            if out {
                self.findings.push(format!(
                    "{who} was turned away at {} {}: {}",
                    call.route, call.path, answer.status
                ));
            }
        }
    }

    async fn route(&mut self, call: &Call, door: Door) {
        let (world, nobody) = (self.world, self.world.app.client());
        let slots = world.app.wiring.slots.clone();
        let beta = &world.beta;
        let everybody = beta.people.iter().map(|(role, client)| (*role, client));
        match door {
            Door::Open => {}
            Door::Signed | Door::Keyed | Door::Linked => {
                self.refused(call, "nobody", &nobody).await;
                self.refused(call, "the owner's browser", &beta.people[&Role::Owner]).await;
                self.refused(call, "a program", &beta.program).await;
            }
            Door::SignedIn => {
                self.refused(call, "nobody", &nobody).await;
                let holders: Vec<(String, &Client)> =
                    everybody.map(|(role, client)| (role.to_string(), client)).collect();
                self.let_in(call, &holders, true).await;
            }
            Door::Person(code) => {
                let roles = permission(&slots, code).roles;
                self.refused(call, "nobody", &nobody).await;
                self.refused(call, "a program", &beta.program).await;
                let (held, others) = everybody.partition::<Vec<_>, _>(|(role, _)| roles.contains(role));
                for (role, client) in others {
                    self.refused(call, &format!("{role} without {code}"), client).await;
                }
                let held: Vec<(String, &Client)> =
                    held.into_iter().map(|(role, client)| (format!("{role} with {code}"), client)).collect();
                // A task is of a role, too.
                self.let_in(call, &held, code != "tasks.do").await;
            }
            Door::Program(code) => {
                let needed = permission(&slots, code).scope.unwrap_or_else(|| panic!("{code} has no scope"));
                self.refused(call, "nobody", &nobody).await;
                self.refused(call, "the owner's browser", &beta.people[&Role::Owner]).await;
                for (scope, client) in beta.programs.iter().filter(|(scope, _)| **scope != needed) {
                    self.refused(call, &format!("a program with {scope}"), client).await;
                }
                self.let_in(call, &[(format!("a program with {needed}"), &beta.programs[needed])], true)
                    .await;
            }
        }
    }
}

#[tokio::test]
async fn every_route_lets_in_exactly_who_holds_its_permission() {
    let world = World::open(world::open(Place::sqlite()).await).await;
    let all = routes::all(&world.app).await;
    let ledger = Ledger::of(&world.app).await;
    let owners = ledger.owners(&world.app).await;
    let (calls, _) = calls::about(&world.beta, &all, &owners).await;
    let mut check = Check {
        world: &world,
        ledger,
        before: None,
        asked: 0,
        findings: doors::unfit(&all),
        opened: BTreeSet::new(),
    };

    let mut by_route: BTreeMap<_, Vec<&Call>> = BTreeMap::new();
    for call in &calls {
        by_route.entry(call.route.clone()).or_default().push(call);
    }
    // Whoever reads goes before whoever changes.
    let rank = |template: &str| LAST.iter().position(|last| *last == template).map_or(0, |place| place + 1);
    let mut in_order: Vec<_> = by_route.into_iter().collect();
    in_order.sort_by_key(|(route, _)| (rank(&route.template), route.method != "GET"));
    for (route, calls) in &in_order {
        let Some(door) = doors::of(route).filter(|door| *door != Door::Linked) else { continue };
        // Roles and sessions are other ones after the first of the last.
        let most = if rank(&route.template) > 0 { 1 } else { calls.len() };
        for call in calls.iter().take(most) {
            check.route(call, door).await;
        }
    }
    for route in &all {
        let Some(door @ (Door::Keyed | Door::Linked)) = doors::of(route) else { continue };
        check.route(&Call::blind(route), door).await;
    }
    let aimed: Vec<_> = in_order.iter().map(|(route, _)| route).collect();
    for route in all.iter().filter(|route| {
        !aimed.contains(route)
            && !matches!(doors::of(route), Some(Door::Open | Door::Signed | Door::Keyed | Door::Linked))
    }) {
        if route.template != "/live" {
            check
                .findings
                .push(format!("nothing on any page leads to {route}: say in BY_HAND how it is asked"));
        }
    }
    println!("{} routes, {} answers", all.len(), check.asked);
    assert!(check.findings.is_empty(), "{} findings:\n{}", check.findings.len(), check.findings.join("\n"));
}
