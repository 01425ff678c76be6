//! Who may say that somebody is away, and what makes no sense.

use takt_kernel::{OrganisationId, PersonId, Result};
use takt_staff::{
    ManageAbsences, Permit, Role, SeeStaff,
    absences::{self, AbsenceId, AbsenceState, By, NewAbsence, Substitute},
    permit_of,
};
use takt_testing::{TestApp, on_both_engines};

use crate::house::House;

async fn set(app: &TestApp, by: By, new: NewAbsence) -> Result<AbsenceId> {
    app.try_write(move |tx| absences::set(tx, &by, &new)).await
}

fn manager(organisation: OrganisationId) -> By {
    By::Manager(Permit::<ManageAbsences>::system(organisation, "test"))
}

async fn themself(app: &TestApp, person: PersonId, organisation: OrganisationId) -> By {
    By::Themself(app.write(move |tx| permit_of::<SeeStaff>(tx, person, organisation)).await)
}

on_both_engines! {
    async fn what_makes_no_sense_is_refused_by_its_field(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Tea").await;
        let anna = house.person(company, "anna@example.org", Role::Operator).await;
        let other = house.company("Coffee").await;
        let stranger = house.person(other, "stranger@example.org", Role::Operator).await;
        let now = house.app.now();
        let absence = |from: i64, until: i64, substitute| NewAbsence {
            person: anna, from: now.plus_seconds(from), until: now.plus_seconds(until), substitute,
        };
        let year = 400 * 86_400;
        for (new, field, code) in [
            (absence(10, 10, Substitute::Nobody), "until", "staff.absence_ends_before_it_begins"),
            (absence(-20, -10, Substitute::Nobody), "until", "staff.absence_is_over"),
            (absence(0, year, Substitute::Nobody), "until", "staff.absence_too_long"),
            (absence(year, year + 1, Substitute::Nobody), "until", "staff.absence_too_long"),
            (absence(0, 10, Substitute::Person(anna)), "substitute", "staff.substitutes_themself"),
            (absence(0, 10, Substitute::Person(stranger)), "substitute", "staff.substitute_missing"),
        ] {
            let fault = set(&house.app, manager(company), new).await.expect_err(code);
            assert_eq!((fault.fields()[0].path.as_str(), fault.fields()[0].code.as_ref()), (field, code));
        }
        let foreign = NewAbsence { person: stranger, ..absence(0, 10, Substitute::Nobody) };
        let fault = set(&house.app, manager(company), foreign).await.expect_err("not here");
        assert!(fault.is("staff.person_missing"));
        set(&house.app, manager(company), absence(0, 100, Substitute::Nobody)).await.expect("away");
        let twice = set(&house.app, manager(company), absence(50, 150, Substitute::Nobody)).await.expect_err("twice");
        assert_eq!(twice.fields()[0].code, "staff.absence_overlaps");
        set(&house.app, manager(company), absence(100, 150, Substitute::Nobody)).await.expect("right after");
    }

    async fn one_speaks_for_oneself_only_unless_one_manages(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Tea").await;
        let anna = house.person(company, "anna@example.org", Role::Operator).await;
        let pavel = house.person(company, "pavel@example.org", Role::Operator).await;
        let now = house.app.now();
        let of = |person| NewAbsence {
            person, from: now.plus_seconds(10), until: now.plus_seconds(100), substitute: Substitute::Nobody,
        };
        let by = themself(&house.app, anna, company).await;
        let own = set(&house.app, by.clone(), of(anna)).await.expect("their own");
        let refused = set(&house.app, by, of(pavel)).await.expect_err("not theirs");
        assert!(refused.is("staff.person_missing"));
        let by = themself(&house.app, pavel, company).await;
        let refused = house.app.try_write(move |tx| absences::end(tx, &by, own)).await.expect_err("not theirs");
        assert!(refused.is("staff.absence_missing"));
        house.app.advance(10).await;
        let running = house.app.read(move |r| absences::list(r, company)).await;
        assert_eq!((running.len(), running[0].state), (1, AbsenceState::Running));
        let by = manager(company);
        house.app.write(move |tx| absences::end(tx, &by, own)).await;
        assert!(house.app.read(move |r| absences::away(r, anna, &[company])).await.is_none());
        let drained = house.app.advance(1_000).await;
        assert_eq!((drained.timers, house.app.facts_named("staff.person_back").await), (0, 1));
    }
}
