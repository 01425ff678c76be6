//! States that last: begun, ended, acted upon once, on both engines.

use jiff::civil::date;
use takt_kernel::{Actor, Fault};
use takt_orders::{OrderId, cancel, confirm, defer, record_ready, record_taken};
use takt_playbook::{
    Checked,
    versions::{self, InFlight},
};
use takt_staff::{
    absences::{self, By, NewAbsence, Substitute},
    calendar::{self, DayHours, Holidays, NewCalendar, Week},
    permit_of, settings,
};
use takt_store::{Query, facts, params, sql};
use takt_tasks::DoTasks;
use takt_testing::on_both_engines;
use takt_ui::Texts;
use takt_work::{DueTimer, timers};

use crate::desk::{Desk, everything, moment, permit};

/// A document with one lasting rule; `BODY` is what it waits for.
fn watching(body: &str) -> String {
    format!(
        "# Регламент\n\n```rule watch\n{body}\nthen = [{{ do = 'tasks.open', kind = 'not_picked', role = 'manager', due = '15 min' }}]\nafter = [{{ do = 'tasks.close', kind = 'not_picked', outcome = 'over' }}]\n```\n"
    )
}

const UNCONFIRMED: &str = "while = ['order.may_be_packed', '!order.confirmed']\nfor = '30 min'";

impl Desk {
    async fn works_by(&self, text: &str) {
        let (company, text) = (self.company, text.to_owned());
        self.app
            .write(move |tx| {
                let now = versions::current(tx, company)?;
                versions::publish(tx, &permit(company), &Checked::of(&text)?, "", now, InFlight::Move)
                    .map(|_| ())
            })
            .await;
        self.app.drain().await;
    }

    /// Armed timers and rows of what lasts.
    async fn waiting_and_lasting(&self) -> (i64, i64) {
        let company = self.company;
        self.app
            .read(move |reader| {
                let timers = reader.one(
                    sql!(
                        "select count(*) as found from timer
                         where company_id = :company_id and kind = 'playbook.lasted'"
                    ),
                    params![company_id: company],
                )?;
                let rows = reader.one(
                    sql!("select count(*) as found from playbook_occasion where company_id = :company_id"),
                    params![company_id: company],
                )?;
                Ok((timers.get("found")?, rows.get("found")?))
            })
            .await
    }

    async fn timers(&self, kind: &'static str) -> i64 {
        let company = self.company;
        self.app
            .read(move |reader| {
                let found = reader.one(
                    sql!(
                        "select count(*) as found from timer where company_id = :company_id and kind = :kind"
                    ),
                    params![company_id: company, kind: kind],
                )?;
                found.get("found")
            })
            .await
    }

    async fn paid_tea(&self, receipt: i64) -> OrderId {
        let order = self.tea(1, "prepaid", true).await;
        self.pay(receipt, order, "100.00").await;
        self.app.drain().await;
        order
    }

    async fn named(&self, name: &'static str, hours: &'static str, zone: &'static str) {
        let company = self.company;
        let hours: DayHours = hours.parse().expect("hours");
        let week = Week(std::array::from_fn(|_| hours.clone()));
        let new = NewCalendar {
            name: name.to_owned(),
            zone: zone.to_owned(),
            week,
            holidays: Holidays::None,
            exceptions: Default::default(),
        };
        self.app.write(move |tx| calendar::save_named(tx, &permit(company), &new)).await;
        self.app.drain().await;
    }

    /// When the only timer of what lasts is set to.
    async fn due(&self) -> String {
        let company = self.company;
        let micros: i64 = self
            .app
            .read(move |reader| {
                reader
                    .one(
                        sql!(
                            "select fire_at from timer
                             where company_id = :company_id and kind = 'playbook.lasted'"
                        ),
                        params![company_id: company],
                    )?
                    .get("fire_at")
            })
            .await;
        takt_kernel::Timestamp::from_micros(micros / 1_000_000 * 1_000_000).to_string()
    }
}

fn utc(moscow: &str) -> String {
    moment(moscow).to_string()
}

on_both_engines! {
    async fn what_lasts_long_enough_is_acted_upon_once_and_closed_when_it_is_over(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.works_by(&watching(UNCONFIRMED)).await;
        let order = desk.paid_tea(1).await;
        assert_eq!(desk.waiting_and_lasting().await, (1, 1));
        desk.app.advance(1_798).await;
        assert_eq!(desk.told(order).await, "");
        desk.app.advance(4).await;
        assert_eq!(desk.told(order).await, "not_picked:open");
        assert_eq!(desk.waiting_and_lasting().await, (0, 1), "it still lasts, and was acted upon");
        let company = desk.company;
        desk.app.write(move |tx| record_taken(tx, company, order, &Actor::system("test")).map(|_| ())).await;
        desk.app.advance(86_400).await;
        assert_eq!(desk.told(order).await, "not_picked:open", "once in each occasion");
        desk.app.write(move |tx| confirm(tx, &permit(company), order).map(|_| ())).await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "not_picked:over");
        assert_eq!(desk.waiting_and_lasting().await, (0, 0));
    }

    async fn what_ends_in_time_disarms_its_timer_and_begins_anew_another_time(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.works_by(&watching(UNCONFIRMED)).await;
        let order = desk.paid_tea(1).await;
        desk.app.advance(1_000).await;
        desk.take_back(1, order, "100.00").await;
        desk.app.drain().await;
        assert_eq!(desk.waiting_and_lasting().await, (0, 0));
        desk.app.advance(10_000).await;
        assert_eq!(desk.told(order).await, "");
        desk.pay(2, order, "100.00").await;
        desk.app.drain().await;
        desk.app.advance(1_798).await;
        assert_eq!(desk.told(order).await, "", "the time before counts for nothing");
        desk.app.advance(4).await;
        assert_eq!(desk.told(order).await, "not_picked:open");
        desk.take_back(2, order, "100.00").await;
        desk.pay(3, order, "100.00").await;
        desk.app.drain().await;
        desk.app.advance(1_802).await;
        assert_eq!(desk.told(order).await, "not_picked:open not_picked:over", "another occasion, another task");
    }

    async fn facts_that_change_nothing_fire_nothing(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.works_by(&watching(UNCONFIRMED)).await;
        let order = desk.paid_tea(1).await;
        let due = desk.due().await;
        desk.app.advance(600).await;
        desk.hear_again(order, desk.app.wiring.listeners.clone()).await;
        desk.hear_again(order, desk.app.wiring.listeners.clone().into_iter().rev().collect()).await;
        assert_eq!((desk.waiting_and_lasting().await, desk.due().await), ((1, 1), due));
        desk.app.advance(1_202).await;
        desk.hear_again(order, desk.app.wiring.listeners.clone()).await;
        assert_eq!(desk.told(order).await, "not_picked:open");
    }

    async fn an_order_that_nothing_waits_for_leaves_no_row(place: Place) {
        let desk = Desk::open(place).await;
        for _ in 0..3 {
            desk.tea(1, "prepaid", true).await;
        }
        desk.app.drain().await;
        assert_eq!(desk.waiting_and_lasting().await, (0, 0));
    }

    async fn timers_follow_the_calendar_the_setting_and_the_version(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T17:50:00");
        desk.named("night", "0:00-24:00", "Europe/Moscow").await;
        let body = "while = ['order.may_be_packed', '!order.confirmed']\nfor = '=company.task_minutes'\ncalendar = 'night'";
        desk.works_by(&watching(body)).await;
        let order = desk.paid_tea(1).await;
        assert_eq!(desk.due().await, utc("2026-11-02T18:05:00"));
        // The calendar is edited while the timer is armed.
        desk.named("night", "9:00-18:00", "Europe/Moscow").await;
        assert_eq!(desk.due().await, utc("2026-11-03T09:05:00"));
        let company = desk.company;
        desk.app
            .write(move |tx| settings::set(tx, company, "playbook.task_minutes", &5, &Actor::system("test")))
            .await;
        desk.app.drain().await;
        assert_eq!(desk.due().await, utc("2026-11-02T17:55:00"));
        // A version without a calendar, and with another time.
        desk.works_by(&watching("while = ['order.may_be_packed', '!order.confirmed']\nfor = '2 h'")).await;
        assert_eq!(desk.due().await, utc("2026-11-03T10:50:00"));
        // One that waits for something else lets it go, and begins what it finds.
        desk.works_by(&watching("while = 'order.put_off'\nfor = '2 h'")).await;
        assert_eq!(desk.waiting_and_lasting().await, (0, 0));
        desk.at("2026-11-03T10:00:00");
        desk.works_by(&watching(UNCONFIRMED)).await;
        assert_eq!(desk.due().await, utc("2026-11-03T10:30:00"), "found by the new version, from now on");
        desk.app.advance(1_802).await;
        assert_eq!(desk.told(order).await, "not_picked:open");
    }

    async fn many_orders_in_flight_are_looked_at_anew_part_by_part(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.works_by(&watching("while = 'order.put_off'\nfor = '2 h'")).await;
        let orders = 60;
        for _ in 0..orders {
            desk.tea(1, "on_delivery", true).await;
        }
        desk.app.drain().await;
        desk.works_by(&watching(UNCONFIRMED)).await;
        assert_eq!(desk.waiting_and_lasting().await, (orders, orders));
        desk.works_by(&watching("while = ['order.may_be_packed', '!order.confirmed']\nfor = '1 h'")).await;
        assert_eq!(desk.waiting_and_lasting().await, (orders, orders));
        desk.app.advance(3_590).await;
        assert_eq!(desk.app.facts_named("tasks.opened").await, 0);
        desk.app.advance(10).await;
        assert_eq!(desk.app.facts_named("tasks.opened").await, orders as usize);
    }

    async fn daylight_saving_and_leap_days_are_counted_as_they_are(place: Place) {
        let desk = Desk::open(place).await;
        desk.named("berlin", "0:00-24:00", "Europe/Berlin").await;
        desk.named("berlin shop", "9:00-18:00", "Europe/Berlin").await;
        for (receipt, (calendar, lasts, paid, due)) in (1..).zip([
            // The night has 23 hours, but a duration is one of hours that pass.
            ("berlin", "24 h", "2026-03-28T23:00:00Z", "2026-03-29T23:00:00Z"),
            // Nine working hours from ten o'clock end at ten of the next day, an hour earlier in UTC.
            ("berlin shop", "9 h", "2026-03-28T09:00:00Z", "2026-03-29T08:00:00Z"),
            ("berlin shop", "9 h", "2026-10-24T08:00:00Z", "2026-10-25T09:00:00Z"),
            ("berlin shop", "9 h", "2028-02-28T09:00:00Z", "2028-02-29T09:00:00Z"),
            ("round the clock", "1 d", "2028-02-28T12:00:00Z", "2028-02-29T12:00:00Z"),
        ]) {
            desk.app.clock.set(paid.parse().expect("a moment"));
            let body = format!("while = ['order.may_be_packed', '!order.confirmed']\nfor = '{lasts}'\ncalendar = '{calendar}'");
            desk.works_by(&watching(&format!("{body} # {receipt}"))).await;
            let order = desk.paid_tea(receipt).await;
            let due_at: takt_kernel::Timestamp = due.parse().expect("a moment");
            assert_eq!(desk.due().await, due_at.to_string(), "{calendar} {lasts} {paid}");
            let company = desk.company;
            desk.app.write(move |tx| cancel(tx, &permit(company), order, None, "").map(|_| ())).await;
            desk.app.drain().await;
            assert_eq!(desk.waiting_and_lasting().await, (0, 0));
        }
    }

    async fn a_clock_that_jumps_fires_each_timer_once(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.works_by(&watching(UNCONFIRMED)).await;
        let order = desk.paid_tea(1).await;
        desk.at("2026-11-02T09:00:00");
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "");
        desk.at("2026-11-20T12:00:00");
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "not_picked:open");
        desk.at("2026-11-02T10:00:00");
        desk.app.drain().await;
        desk.at("2026-11-20T12:00:00");
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "not_picked:open");
        // A timer that rings for nothing: what it was set for is over, or was acted upon.
        let company = desk.company;
        desk.app
            .write(move |tx| {
                let subject = takt_store::Subject::new("order", order.get());
                let (key, now) = (format!("{order}/watch"), tx.now());
                timers::set(tx, company, "playbook.lasted", &key, subject, now, &serde_json::json!({}))
            })
            .await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "not_picked:open");
        assert_eq!(desk.app.facts_named("tasks.opened").await, 1);
    }

    async fn what_dies_between_its_steps_is_done_once(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.works_by(&watching(UNCONFIRMED)).await;
        let order = desk.tea(1, "prepaid", true).await;
        desk.pay(1, order, "100.00").await;
        // A process that ends before it commits leaves nothing of the step: neither row nor timer.
        let company = desk.company;
        let listeners: Vec<_> = desk.app.wiring.listeners.clone();
        let state = listeners.into_iter().find(|one| one.name == "playbook.on_state").expect("the listener");
        let died = desk
            .app
            .db
            .write("test.dies", move |tx| {
                for fact in facts::of_subject(tx, company, "order", order.get(), 0, 100)? {
                    (state.react)(tx, &fact)?;
                }
                Err::<(), _>(Fault::invalid("test.died"))
            })
            .await;
        assert!(died.is_err_and(|fault| fault.is("test.died")));
        assert_eq!(desk.waiting_and_lasting().await, (0, 0));
        desk.app.drain().await;
        assert_eq!(desk.waiting_and_lasting().await, (1, 1));
        desk.at("2026-11-02T10:31:00");
        let kind = desk.app.wiring.timers.iter().find(|one| one.kind == "playbook.lasted").copied();
        let kind = kind.expect("the timer");
        let due = DueTimer {
            company,
            kind: kind.kind.to_owned(),
            key: format!("{order}/watch"),
            subject_kind: "order".to_owned(),
            subject_id: order.get(),
            due_at: moment("2026-11-02T10:30:00"),
            payload: serde_json::json!({}),
        };
        for commits in [false, true, true] {
            let due = due.clone();
            let fired = desk
                .app
                .db
                .write("test.fires", move |tx| {
                    (kind.fire)(tx, &due)?;
                    if commits { Ok(()) } else { Err(Fault::invalid("test.died")) }
                })
                .await;
            assert_eq!(fired.is_ok(), commits);
            let told = if commits { "not_picked:open" } else { "" };
            assert_eq!(desk.told(order).await, told);
        }
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "not_picked:open");
        assert_eq!(desk.app.facts_named("tasks.opened").await, 1);
        assert_eq!(desk.waiting_and_lasting().await, (0, 1));
    }

    async fn a_text_that_names_a_calendar_nobody_has_is_refused_and_doubts_are_shown(place: Place) {
        const HREF: &str = "/settings/playbook/text";
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let given = |text: String, deed: &'static str| {
            [("text", text), ("note", String::new()), ("instead_of", "0".to_owned()), ("deed", deed.to_owned())]
        };
        let text = |calendar: &str, status: &str| {
            watching(&format!("while = [\"order.stage in ['new', 'approval']\", \"order.status == '{status}'\"]\nfor = '30 min'\ncalendar = '{calendar}'"))
        };
        desk.named("склад", "9:00-13:00, 14:00-18:00", "Europe/Moscow").await;
        let post = async |text: String, deed: &'static str| {
            let given = given(text, deed);
            let fields: Vec<(&str, &str)> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
            manager.post_form(HREF, &fields).await
        };
        let told = post(text("скалд", "new"), "check").await.expect_status(200).text();
        assert!(told.contains("нет календаря «скалд»") && told.contains("«склад»"), "{told}");
        post(text("скалд", "new"), "publish").await.expect_status(422);
        let told = post(text("склад", "nwe"), "check").await.expect_status(200).text();
        assert!(told.contains("«nwe»") && told.contains("«new»"), "{told}");
        assert!(told.contains("На этапе «Доставка» ни одно правило не заметит"), "a stage without a deadline is told of: {told}");
        let page = manager.get(HREF).await.expect_status(200).text();
        assert!(page.contains("orders.confirmed") && page.contains("order.task_ignored") && page.contains("ladder"));
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        let published = post(text("склад", "new"), "publish").await;
        assert!(published.status.is_redirection(), "{}", published.text());
    }

    async fn states_between_facts_begin_with_one_and_end_with_another(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        let order = desk.tea(6, "prepaid", true).await;
        let (company, until) = (desk.company, moment("2026-11-02T12:00:00"));
        desk.pay(1, order, "600.00").await;
        desk.app.write(move |tx| defer(tx, &permit(company), order, None, until).map(|_| ())).await;
        desk.app.drain().await;
        desk.app.advance(2 * 3_600).await;
        desk.app.advance(1_780).await;
        assert!(!desk.told(order).await.contains("deferred_due"), "{}", desk.told(order).await);
        desk.app.advance(30).await;
        assert!(desk.told(order).await.contains("deferred_due:open"), "{}", desk.told(order).await);
        desk.app.write(move |tx| record_taken(tx, company, order, &Actor::system("test")).map(|_| ())).await;
        desk.app.drain().await;
        assert!(desk.told(order).await.contains("deferred_due:over"), "{}", desk.told(order).await);
    }

    async fn a_state_between_facts_ends_with_what_is_said_of_a_task_of_the_order(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        for (receipt, body) in [
            (1, "from = 'orders.paid'\nuntil = 'tasks.opened'\nfor = '1 h'"),
            (2, "from = 'orders.paid'\nwhile = '!order.call_waits'\nfor = '1 h'"),
        ] {
            let call = "\n```rule call\nwhen = 'orders.taken'\nthen = [{ do = 'tasks.open', kind = 'call', role = 'manager', due = '1 h' }]\n```\n";
            desk.works_by(&format!("{}{call}", watching(body))).await;
            let (company, order) = (desk.company, desk.paid_tea(receipt).await);
            assert_eq!(desk.waiting_and_lasting().await, (1, 1), "{body}");
            desk.app.advance(60).await;
            desk.app.write(move |tx| record_taken(tx, company, order, &Actor::system("test")).map(|_| ())).await;
            desk.app.drain().await;
            assert_eq!(desk.waiting_and_lasting().await, (0, 0), "{body}");
            desk.app.advance(7_200).await;
            assert_eq!(desk.told(order).await, "call:open", "{body}");
        }
    }

    async fn the_document_that_takt_brings_along_watches_an_order_from_the_money_to_the_shelf(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        let order = desk.tea(6, "prepaid", true).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        desk.app.advance(1_802).await;
        assert!(desk.told(order).await.contains("long_unconfirmed:open"), "{}", desk.told(order).await);
        desk.close(order, "call", "reached").await;
        assert!(desk.told(order).await.contains("long_unconfirmed:over"), "{}", desk.told(order).await);
        desk.app.advance(5_410).await;
        assert!(desk.told(order).await.contains("not_picked:open"), "{}", desk.told(order).await);
        let company = desk.company;
        desk.app.write(move |tx| record_ready(tx, company, order, &Actor::system("test")).map(|_| ())).await;
        desk.app.drain().await;
        assert!(desk.told(order).await.contains("not_picked:over"), "{}", desk.told(order).await);
        desk.app.advance(3 * 86_400).await;
        let told = desk.told(order).await;
        assert!(told.contains("not_handed_over:open") && !told.contains("not_collected"), "nobody collects it: {told}");
        desk.app
            .write(move |tx| {
                let parts = everything(tx, company, order, true)?;
                takt_orders::record_shipped(tx, company, order, &parts, &Actor::system("test")).map(|_| ())
            })
            .await;
        desk.app.drain().await;
        let open: Vec<String> =
            desk.told(order).await.split(' ').filter(|told| told.ends_with(":open")).map(str::to_owned).collect();
        assert_eq!(open, Vec::<String>::new());
    }

    async fn a_task_that_nobody_takes_after_somebody_higher_was_asked_is_shown_to_the_owner(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        let order = desk.tea(6, "prepaid", true).await;
        desk.pay(1, order, "600.00").await;
        desk.app.drain().await;
        desk.app.advance(902).await;
        desk.app.advance(3_602).await;
        assert!(desk.told(order).await.contains("task_ignored:open"), "{}", desk.told(order).await);
        desk.close(order, "call", "reached").await;
        desk.close(order, "pick", "done").await;
        assert!(desk.told(order).await.contains("task_ignored:over"), "{}", desk.told(order).await);
    }

    async fn a_task_that_whoever_took_it_leaves_behind_is_ignored_again(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let call = "```rule call\nwhen = 'orders.placed'\nthen = [{ do = 'tasks.open', kind = 'call', role = 'operator', due = '10 min', ladder = [{ after = '10 min', role = 'manager' }] }]\n```\n";
        let ignored = "```rule ignored\nwhile = 'order.task_ignored'\nfor = '1 h'\ncalendar = 'round the clock'\nthen = [{ do = 'tasks.open', kind = 'task_ignored', role = 'owner', due = '1 h' }]\nafter = [{ do = 'tasks.close', kind = 'task_ignored', outcome = 'over' }]\n```\n";
        desk.works_by(&format!("# Регламент\n\n{call}\n{ignored}")).await;
        desk.at("2026-11-02T10:00:00");
        let order = desk.tea(1, "on_delivery", true).await;
        desk.app.drain().await;
        desk.app.advance(1_202).await;
        desk.person("operator").await;
        let members = desk.app.read(move |reader| takt_staff::people::members(reader, company)).await;
        let operator = members.iter().find(|member| member.email.starts_with("operator")).expect("one").person;
        let task = desk.waiting(order, "call").await;
        desk.app
            .write(move |tx| {
                let permit = permit_of::<DoTasks>(tx, operator, company)?;
                takt_tasks::take(tx, &permit, task).map(|_| ())
            })
            .await;
        desk.app.drain().await;
        desk.app.advance(2 * 3_600).await;
        assert!(!desk.told(order).await.contains("task_ignored"), "{}", desk.told(order).await);
        let (from, until) = (desk.app.now(), desk.app.now().plus_seconds(86_400));
        let new = NewAbsence { person: operator, from, until, substitute: Substitute::Nobody };
        let by = By::Manager(permit(company));
        desk.app.write(move |tx| absences::set(tx, &by, &new).map(|_| ())).await;
        desk.app.drain().await;
        desk.app.advance(3_602).await;
        assert!(desk.told(order).await.contains("task_ignored:open"), "{}", desk.told(order).await);
        desk.app.advance(86_400).await;
        assert!(desk.told(order).await.contains("task_ignored:over"), "they are back: {}", desk.told(order).await);
    }

    async fn a_rule_whose_calendar_is_gone_is_shown_and_goes_on_when_there_is_one_again(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.named("stock", "9:00-18:00", "Europe/Moscow").await;
        desk.works_by(&watching("while = ['order.may_be_packed', '!order.confirmed']\nfor = '30 min'\ncalendar = 'stock'")).await;
        let order = desk.paid_tea(1).await;
        let company = desk.company;
        desk.app.write(move |tx| calendar::remove_named(tx, &permit(company), "stock")).await;
        desk.app.advance(1_802).await;
        assert_eq!(desk.alarms().await, "rule_failed:open");
        desk.app.advance(60).await;
        assert_eq!(desk.alarms().await, "rule_failed:open", "tried again, told of once");
        desk.named("stock", "9:00-18:00", "Europe/Moscow").await;
        desk.app.advance(600).await;
        assert_eq!(desk.told(order).await, "not_picked:open");
    }

    async fn a_rule_is_asked_again_for_as_long_as_it_takes_and_at_once_when_the_ground_is_mended(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-06T17:50:00");
        desk.named("stock", "9:00-18:00", "Europe/Moscow").await;
        let text = "```rule pick\nwhen = 'orders.paid'\nthen = [{ do = 'tasks.open', kind = 'pick', role = 'warehouse', due = '1 h', calendar = 'stock' }]\n```\n";
        desk.works_by(text).await;
        let company = desk.company;
        desk.app.write(move |tx| calendar::remove_named(tx, &permit(company), "stock")).await;
        let order = desk.paid_tea(1).await;
        // A weekend, more than half a day of which it was tried every ten minutes.
        for _ in 0..90 {
            desk.app.advance(602).await;
        }
        desk.app.advance(47 * 3_600).await;
        assert_eq!((desk.told(order).await, desk.alarms().await), (String::new(), "rule_failed:open".to_owned()));
        desk.named("stock", "9:00-18:00", "Europe/Moscow").await;
        assert_eq!(desk.told(order).await, "pick:open", "nobody waits for the next attempt");
        assert_eq!(desk.timers("playbook.retry").await, 0);
    }

    async fn what_is_over_is_not_tried_for_ever(place: Place) {
        let desk = Desk::open(place).await;
        let text = "```rule bad\nwhen = 'orders.placed'\nif = '10 / (order.units - 1) > 1'\nthen = [{ do = 'orders.confirm' }]\n```\n";
        desk.works_by(text).await;
        let order = desk.tea(1, "on_delivery", true).await;
        desk.app.drain().await;
        let company = desk.company;
        desk.app.write(move |tx| cancel(tx, &permit(company), order, None, "").map(|_| ())).await;
        for _ in 0..74 {
            desk.app.advance(602).await;
        }
        assert_eq!(desk.timers("playbook.retry").await, 1);
        desk.app.advance(602).await;
        assert_eq!(desk.timers("playbook.retry").await, 0);
    }

    async fn a_rule_whose_deed_is_refused_is_tried_again_and_hinders_no_other(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        let text = "```rule refused\nwhen = 'orders.placed'\nthen = [{ do = 'tasks.open', kind = 'pick', role = 'warehouse', due = '1 h' }, { do = 'orders.confirm' }]\n```\n\n```rule other\nwhen = 'orders.placed'\nthen = [{ do = 'tasks.open', kind = 'call', role = 'manager', due = '1 h' }]\n```\n";
        desk.works_by(text).await;
        let order = desk.tea(1, "prepaid", true).await;
        desk.app.drain().await;
        assert_eq!((desk.told(order).await, desk.alarms().await), ("call:open".to_owned(), "rule_failed:open".to_owned()), "half a rule is not acted on");
        desk.pay(1, order, "100.00").await;
        desk.app.drain().await;
        desk.app.advance(600).await;
        assert_eq!(desk.told(order).await, "call:open pick:open");
        assert!(desk.order(order).await.confirmed_at.is_some());
        let company = desk.company;
        let left = desk.app.read(move |reader| {
            let found = facts::of_subject(reader, company, "order", order.get(), 0, 100)?;
            Ok(found.iter().filter(|fact| fact.kind == "orders.confirmed").count())
        }).await;
        assert_eq!(left, 1);
    }

    async fn two_rules_that_want_opposites_are_shown_and_not_raced(place: Place) {
        let desk = Desk::open(place).await;
        let text = "```rule first\nwhen = 'orders.placed'\nthen = [{ do = 'tasks.open', kind = 'pick', role = 'warehouse', due = '1 h' }]\n```\n\n```rule second\nwhen = 'orders.placed'\nthen = [{ do = 'tasks.close', kind = 'pick', outcome = 'done' }]\n```\n\n```rule third\nwhen = 'orders.placed'\nthen = [{ do = 'tasks.open', kind = 'call', role = 'manager', due = '1 h' }]\n```\n";
        desk.works_by(text).await;
        let order = desk.tea(1, "prepaid", true).await;
        desk.app.drain().await;
        assert_eq!((desk.told(order).await, desk.alarms().await), ("call:open".to_owned(), "rules_disagree:open".to_owned()));
    }

    async fn what_ends_with_opposites_is_shown_and_not_raced_either(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        let rule = |name: &str, kind: &str, after: &str| {
            format!("```rule {name}\n{UNCONFIRMED}\nthen = [{{ do = 'tasks.open', kind = '{kind}', role = 'manager', due = '1 h' }}]\nafter = [{after}]\n```\n\n")
        };
        let closes = "{ do = 'tasks.close', kind = 'call', outcome = 'over' }";
        let opens = "{ do = 'tasks.open', kind = 'call', role = 'manager', due = '1 h' }";
        desk.works_by(&format!("{}{}", rule("opens", "not_picked", opens), rule("closes", "still_short", closes))).await;
        let (company, order) = (desk.company, desk.paid_tea(1).await);
        desk.app.advance(1_802).await;
        assert_eq!(desk.told(order).await, "not_picked:open still_short:open");
        desk.app.write(move |tx| confirm(tx, &permit(company), order).map(|_| ())).await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "not_picked:open still_short:open", "neither");
        assert_eq!(desk.alarms().await, "rules_disagree:open");
        assert_eq!(desk.waiting_and_lasting().await, (0, 2), "what lasted, lasts until somebody has said which is right");
        desk.works_by(&format!("{}{}", rule("opens", "not_picked", opens), rule("closes", "still_short", ""))).await;
        assert_eq!(desk.told(order).await, "call:open not_picked:open still_short:open");
        assert_eq!(desk.waiting_and_lasting().await, (0, 0));
    }

    async fn a_rule_that_fails_when_all_is_looked_at_anew_is_shown(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.paid_tea(1).await;
        desk.works_by(&watching("while = '!order.left'\nfor = '=60 / (order.units - 1)'")).await;
        assert_eq!((desk.told(order).await.contains("not_picked"), desk.alarms().await), (false, "rule_failed:open".to_owned()));
    }

    async fn what_was_over_before_it_could_begin_does_not_begin_when_it_can(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.named("stock", "9:00-18:00", "Europe/Moscow").await;
        desk.works_by(&watching("from = 'orders.deferred'\nuntil = 'orders.woken'\nfor = '30 min'\ncalendar = 'stock'")).await;
        let (company, order) = (desk.company, desk.paid_tea(1).await);
        desk.app.write(move |tx| calendar::remove_named(tx, &permit(company), "stock")).await;
        let until = moment("2026-11-02T11:00:00");
        desk.app.write(move |tx| defer(tx, &permit(company), order, None, until).map(|_| ())).await;
        desk.app.drain().await;
        assert_eq!(desk.alarms().await, "rule_failed:open");
        desk.app.advance(3_700).await;
        desk.named("stock", "9:00-18:00", "Europe/Moscow").await;
        assert_eq!(desk.waiting_and_lasting().await, (0, 0), "it woke up long ago");
        desk.app.advance(3_600).await;
        assert_eq!(desk.told(order).await, "");
        assert_eq!(desk.timers("playbook.retry").await, 0);
    }

    async fn an_order_that_is_cancelled_is_put_off_no_longer(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T10:00:00");
        desk.works_by(&watching("while = 'order.put_off'\nfor = '30 min'")).await;
        let (company, order) = (desk.company, desk.paid_tea(1).await);
        let until = moment("2026-11-20T12:00:00");
        desk.app.write(move |tx| defer(tx, &permit(company), order, None, until).map(|_| ())).await;
        desk.app.drain().await;
        desk.app.advance(1_802).await;
        assert_eq!((desk.told(order).await.as_str(), desk.waiting_and_lasting().await), ("not_picked:open", (0, 1)));
        desk.app.write(move |tx| cancel(tx, &permit(company), order, None, "").map(|_| ())).await;
        desk.app.drain().await;
        assert_eq!(desk.waiting_and_lasting().await, (0, 0));
    }

    async fn a_ladder_asks_whom_the_rule_names_in_its_calendar(place: Place) {
        let desk = Desk::open(place).await;
        desk.at("2026-11-02T17:30:00");
        let text = "```rule climb\nwhen = 'orders.placed'\nthen = [{ do = 'tasks.open', kind = 'pick', role = 'warehouse', due = '15 min', calendar = 'round the clock', ladder = [{ after = '10 min', role = 'operator' }, { after = '30 min', role = 'owner' }] }]\n```\n";
        desk.works_by(text).await;
        let order = desk.tea(1, "prepaid", true).await;
        desk.app.drain().await;
        let asked = async || desk.tasks(order).await[0].escalated_to.map(|role| role.code());
        desk.app.advance(15 * 60 + 598).await;
        assert_eq!(asked().await, None);
        desk.app.advance(4).await;
        assert_eq!(asked().await, Some("operator"));
        desk.app.advance(1_798).await;
        assert_eq!(asked().await, Some("operator"));
        desk.app.advance(4).await;
        assert_eq!(asked().await, Some("owner"));
        desk.app.advance(86_400).await;
        assert_eq!(desk.app.facts_named("tasks.escalated").await, 2);
    }
}

#[test]
fn exceptions_of_a_calendar_are_written_as_people_write_them() {
    let read = calendar::exceptions_from("2026-12-31 9:00-13:00\n\n 2027-01-01 \n").expect("dates");
    assert_eq!(read.len(), 2);
    assert!(read[&date(2027, 1, 1)].is_closed());
    assert!(calendar::exceptions_from("31.12.2026").is_err_and(|fault| fault.is("staff.date_malformed")));
}
