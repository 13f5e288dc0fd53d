-- A batch of messages belongs to one event. Owner: libs/notifications.

-- Batches of earlier builds may have messages about several events, and 20261129140000_mail_by_event gave them the event of one message. They
-- become rows, as the relay makes them, each with the event of its registration.
with opened as (delete from outbox_batch returning *)
insert into outbox (id, kind, attendee_id, registration_id, challenge_id, event_id, created_at)
select m.registration_id, b.kind, m.attendee_id, m.registration_id, m.challenge_id, c.event_id, b.created_at
from opened b
cross join lateral unnest(b.registration_ids, b.attendee_ids, b.challenge_ids) as m (registration_id, attendee_id, challenge_id)
left join registration r on r.id = m.registration_id
left join cafe c on c.id = r.cafe_id;

-- The same for rows that a relay made of such batches between the two migrations.
update outbox o set event_id = c.event_id
from registration r join cafe c on c.id = r.cafe_id
where r.id = o.registration_id and o.done_at is null and o.event_id is distinct from c.event_id;
