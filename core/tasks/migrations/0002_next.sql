-- What a person is given who asks for the next thing to do.
-- urgent_at: the earlier of the deadline and of the promise of its order when it was opened.
alter table task add column urgent_at integer not null default 0;
-- Taken by asking for the next: until then, and from when on something has to be done with it.
alter table task add column leased_at integer;
alter table task add column leased_until integer;
-- Who gave it back, and when: they are not given it again at once.
alter table task add column put_back_by integer;
alter table task add column put_back_at integer;
-- Whose it was before they were away, and who does it for them: a person, or whoever has the role.
alter table task add column handed_from integer;
alter table task add column handed_to integer;
alter table task add column handed_role text;

update task set urgent_at = due_at;

create index task_next on task (desk_id, role, urgent_at, id, company_id) where state = 'open';
create index task_next_escalated on task (desk_id, escalated_to, urgent_at, id, company_id)
  where state = 'open' and escalated_to is not null;
create index task_next_handed on task (handed_to, desk_id, urgent_at, id, company_id)
  where state = 'open' and handed_to is not null;
create index task_next_handed_role on task (desk_id, handed_role, urgent_at, id, company_id)
  where state = 'open' and handed_role is not null;
create index task_handed_from on task (handed_from, id) where handed_from is not null;
-- What is counted beside the list of orders, and what somebody has done.
create index task_unfinished on task (desk_id, kind, due_at, company_id, order_id, state) where state <> 'closed';
create index task_done_by_person on task (assignee, closed_at) where state = 'closed';
