//! Who is away leaves nothing behind: what they had taken is done by somebody else, and comes back with them.

use serde_json::json;
use takt_kernel::{OrganisationId, PersonId};
use takt_staff::{
    ManageAbsences, Permit, Role, RoleSet,
    absences::{self, AbsenceId, By, NewAbsence, Substitute},
    permit_of,
};
use takt_store::facts;
use takt_tasks::{DoTasks, Ladder, NewTask, Rung, State, TaskId, escalate, open, past, take};
use takt_testing::on_both_engines;

use super::desk::{Desk, QUARTER, desk_of, next_of, nobody, person};

const DAY: i64 = 86_400;

/// Is away from now on, for a day.
async fn leaves(
    desk: &Desk,
    organisation: OrganisationId,
    person: PersonId,
    substitute: Substitute,
) -> AbsenceId {
    is_away(desk, organisation, person, substitute, (0, DAY)).await
}

async fn is_away(
    desk: &Desk,
    organisation: OrganisationId,
    person: PersonId,
    substitute: Substitute,
    (from, until): (i64, i64),
) -> AbsenceId {
    let now = desk.app.now();
    let new = NewAbsence { person, from: now.plus_seconds(from), until: now.plus_seconds(until), substitute };
    let by = By::Manager(Permit::<ManageAbsences>::system(organisation, "test"));
    let id = desk.app.write(move |tx| absences::set(tx, &by, &new)).await;
    desk.app.drain().await;
    id
}

/// As its facts tell of it.
async fn folded(desk: &Desk, task: TaskId) -> State {
    let company = desk.company;
    desk.app.db.number_facts().await.expect("numbered");
    let said = desk.app.read(move |r| facts::of_subject(r, company, "task", task.get(), 0, 100)).await;
    let mut past = Vec::new();
    said.iter().try_for_each(|fact| past::apply(&mut past, fact)).expect("readable");
    past.pop().expect("a task").state
}

async fn taken(desk: &Desk, by: PersonId, role: Role) -> TaskId {
    let new = NewTask { due_at: desk.app.now().plus_seconds(30 * DAY), ..desk.task("call", role, None) };
    let company = desk.company;
    desk.app
        .write(move |tx| {
            let task = open(tx, new.clone(), &nobody())?.expect("a new task");
            let permit = permit_of::<DoTasks>(tx, by, company)?;
            take(tx, &permit, task)?;
            Ok(task)
        })
        .await
}

on_both_engines! {
    async fn taken_tasks_go_to_the_substitute_at_once_and_come_back(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let [anna, pavel, olga] = [
            person(&desk.app, company, "Анна", Role::Operator.into()).await,
            person(&desk.app, company, "Павел", Role::Operator.into()).await,
            person(&desk.app, company, "Ольга", Role::Operator.into()).await,
        ];
        let (first, second) = (taken(&desk, anna, Role::Operator).await, taken(&desk, anna, Role::Operator).await);
        leaves(&desk, company, anna, Substitute::Person(pavel)).await;
        for task in [first, second] {
            let handed = desk.read(task).await.handed.expect("handed on");
            assert_eq!((handed.from, handed.to), (anna, Some(pavel)));
        }
        assert_eq!(desk.app.facts_named("tasks.rerouted").await, 2);
        desk.app.db.number_facts().await.expect("numbered");
        let said = desk.app.read(move |r| facts::of_subject(r, company, "task", first.get(), 0, 10)).await;
        let body = &said.last().expect("said").body;
        assert_eq!((&body["from"], &body["to"]), (&json!(anna), &json!(pavel)));
        assert_eq!(folded(&desk, second).await, State::Open, "who is away has it in hand no more");
        assert_eq!(next_of(&desk.app, olga, &[company]).await, None, "it is for the substitute");
        assert_eq!(next_of(&desk.app, pavel, &[company]).await.map(|task| task.id), Some(first));
        desk.app.write(move |tx| {
            let permit = permit_of::<DoTasks>(tx, pavel, company)?;
            take(tx, &permit, first)
        }).await;
        desk.app.advance(DAY).await;
        assert_eq!(desk.read(first).await.assignee(), Some(pavel), "what was begun stays");
        let back = desk.read(second).await;
        assert_eq!((back.assignee(), back.handed), (Some(anna), None), "nothing is lost");
        assert_eq!(folded(&desk, second).await, back.state, "the facts alone tell the same");
        assert_eq!(desk.app.facts_named("staff.person_back").await, 1);
    }

    async fn a_planned_leave_begins_by_itself_and_can_be_withdrawn(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let anna = person(&desk.app, company, "Анна", Role::Operator.into()).await;
        let task = taken(&desk, anna, Role::Operator).await;
        let withdrawn = is_away(&desk, company, anna, Substitute::Nobody, (100, 200)).await;
        let by = By::Manager(Permit::<ManageAbsences>::system(company, "test"));
        desk.app.write(move |tx| absences::end(tx, &by, withdrawn)).await;
        is_away(&desk, company, anna, Substitute::Nobody, (300, 400)).await;
        desk.app.advance(299).await;
        assert_eq!(desk.read(task).await.assignee(), Some(anna));
        desk.app.advance(1).await;
        let open = desk.read(task).await;
        assert_eq!((open.state, open.handed.map(|handed| handed.to)), (State::Open, Some(None)));
        let refused = desk.app.try_write(move |tx| {
            let permit = permit_of::<DoTasks>(tx, anna, company)?;
            takt_tasks::take_next(tx, &[permit])
        }).await;
        assert!(refused.is_err_and(|fault| fault.is("tasks.you_are_away")), "new ones do not go to them");
        desk.app.advance(100).await;
        assert_eq!(desk.read(task).await.assignee(), Some(anna));
    }

    async fn a_role_stands_in_as_well_as_a_person(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let picker = person(&desk.app, company, "Кладовщик", Role::Warehouse.into()).await;
        let operator = person(&desk.app, company, "Анна", Role::Operator.into()).await;
        let task = taken(&desk, picker, Role::Warehouse).await;
        leaves(&desk, company, picker, Substitute::Role(Role::Operator)).await;
        assert_eq!(next_of(&desk.app, operator, &[company]).await.map(|task| task.id), Some(task));
    }

    async fn a_substitute_who_cannot_leaves_it_to_the_role(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let [picker, other] = [
            person(&desk.app, company, "Кладовщик", Role::Warehouse.into()).await,
            person(&desk.app, company, "Второй", Role::Warehouse.into()).await,
        ];
        let operator = person(&desk.app, company, "Анна", Role::Operator.into()).await;
        let task = taken(&desk, picker, Role::Warehouse).await;
        leaves(&desk, company, picker, Substitute::Person(operator)).await;
        assert_eq!(next_of(&desk.app, operator, &[company]).await, None, "rights stay their own");
        assert_eq!(next_of(&desk.app, other, &[company]).await.map(|given| given.id), Some(task));
        // And when the substitute leaves too, it goes on.
        let third = taken(&desk, other, Role::Warehouse).await;
        leaves(&desk, company, operator, Substitute::Nobody).await;
        let last = person(&desk.app, company, "Третий", Role::Warehouse.into()).await;
        leaves(&desk, company, other, Substitute::Person(last)).await;
        let of_last = desk.read(third).await.handed.and_then(|handed| handed.to);
        assert_eq!(of_last, Some(last));
        leaves(&desk, company, last, Substitute::Nobody).await;
        let handed = desk.read(third).await.handed.expect("still theirs");
        assert_eq!((handed.from, handed.to), (other, None), "who it was first does not change");
    }

    async fn who_may_no_longer_do_it_leaves_it_to_the_role(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let [anna, pavel, olga] = [
            person(&desk.app, company, "Анна", Role::Operator.into()).await,
            person(&desk.app, company, "Павел", RoleSet::from(Role::Operator).with(Role::Warehouse)).await,
            person(&desk.app, company, "Ольга", Role::Operator.into()).await,
        ];
        let picker = person(&desk.app, company, "Кладовщик", Role::Warehouse.into()).await;
        let may = async |person: PersonId, roles: RoleSet| {
            let permit = Permit::<takt_staff::ManagePeople>::system(company, "test");
            desk.app.write(move |tx| takt_staff::people::set_roles(tx, &permit, person, roles)).await;
            desk.app.drain().await;
        };
        let task = taken(&desk, anna, Role::Operator).await;
        leaves(&desk, company, anna, Substitute::Nobody).await;
        may(anna, RoleSet::EMPTY).await;
        desk.app.advance(DAY).await;
        assert_eq!(desk.read(task).await.assignee(), None, "who left does not come back to it");
        assert_eq!(next_of(&desk.app, olga, &[company]).await.map(|given| given.id), Some(task));

        // The substitute is a picker no more: what was handed to him is anybody's, and other work is his.
        let picks = [taken(&desk, picker, Role::Warehouse).await, taken(&desk, picker, Role::Warehouse).await];
        leaves(&desk, company, picker, Substitute::Person(pavel)).await;
        let begun = next_of(&desk.app, pavel, &[company]).await.expect("one of them");
        may(pavel, Role::Operator.into()).await;
        for pick in picks {
            let left = desk.read(pick).await;
            assert_eq!((left.assignee(), left.handed), (None, None));
        }
        let call = desk.opened("call", Role::Operator, None).await;
        assert_eq!(next_of(&desk.app, pavel, &[company]).await.map(|given| given.id), Some(call));
        let other = person(&desk.app, company, "Второй", Role::Warehouse.into()).await;
        assert!(next_of(&desk.app, other, &[company]).await.is_some_and(|given| picks.contains(&given.id)));
        assert!(picks.contains(&begun.id));
    }

    async fn at_a_desk_it_holds_for_all_its_companies(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let firm = desk_of(&desk.app, &[company], Role::Operator.into()).await;
        let [anna, pavel] = [
            person(&desk.app, firm, "Анна", Role::Operator.into()).await,
            person(&desk.app, firm, "Павел", Role::Operator.into()).await,
        ];
        let task = taken(&desk, anna, Role::Operator).await;
        leaves(&desk, firm, anna, Substitute::Person(pavel)).await;
        assert_eq!(next_of(&desk.app, pavel, &[company]).await.map(|given| given.id), Some(task));
    }

    async fn escalation_goes_past_who_is_away(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let [one, other] = [
            person(&desk.app, company, "Менеджер", Role::Manager.into()).await,
            person(&desk.app, company, "Второй", Role::Manager.into()).await,
        ];
        leaves(&desk, company, one, Substitute::Nobody).await;
        let asked = desk.opened("pick", Role::Warehouse, None).await;
        desk.app.advance(QUARTER).await;
        assert_eq!(desk.read(asked).await.escalated_to, Some(Role::Manager), "one manager is there");
        leaves(&desk, company, other, Substitute::Nobody).await;
        let past = desk.opened("pick", Role::Warehouse, None).await;
        desk.app.advance(QUARTER).await;
        assert_eq!(desk.read(past).await.escalated_to, Some(Role::Owner));
        let owner = person(&desk.app, company, "Владелец", Role::Owner.into()).await;
        leaves(&desk, company, owner, Substitute::Nobody).await;
        let last = desk.opened("pick", Role::Warehouse, None).await;
        assert!(desk.app.write(move |tx| escalate(tx, company, last, &nobody())).await);
        assert_eq!(desk.read(last).await.escalated_to, Some(Role::Owner), "above the owner is nobody");
    }

    async fn a_ladder_goes_past_who_is_away_and_on_without_its_calendar(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let accountant = person(&desk.app, company, "Бухгалтер", Role::Accountant.into()).await;
        let rung = |role| Rung { after_minutes: 10, role };
        let laddered = async |calendar: Option<&str>| {
            let rungs = [rung(Role::Accountant), rung(Role::Manager), rung(Role::Owner)];
            let ladder = Ladder::new(Role::Warehouse, rungs, calendar.map(str::to_owned));
            let mut args = json!({});
            ladder.put_into(&mut args);
            let new = NewTask { args, ..desk.task("pick", Role::Warehouse, None) };
            desk.app.write(move |tx| open(tx, new.clone(), &nobody())).await.expect("a new task")
        };
        let asked = laddered(Some("нет такого")).await;
        desk.app.advance(QUARTER + 600).await;
        assert_eq!(desk.read(asked).await.escalated_to, Some(Role::Accountant), "by the usual calendar");
        desk.app.advance(600).await;
        assert_eq!(desk.read(asked).await.escalated_to, Some(Role::Manager));
        leaves(&desk, company, accountant, Substitute::Nobody).await;
        let past = laddered(None).await;
        desk.app.advance(QUARTER + 600).await;
        assert_eq!(desk.read(past).await.escalated_to, Some(Role::Manager));
        // Whoever is asked may do it, whatever their role.
        let third = person(&desk.app, company, "Второй бухгалтер", Role::Accountant.into()).await;
        let theirs = laddered(None).await;
        desk.app.advance(QUARTER + 600).await;
        assert_eq!(desk.read(theirs).await.escalated_to, Some(Role::Accountant));
        assert_eq!(next_of(&desk.app, third, &[company]).await.map(|given| given.id), Some(theirs));
    }
}
