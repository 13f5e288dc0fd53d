-- Messages know their event, and sent messages are counted by event, because organisers see the figures of their own event alone.
-- Owner: libs/notifications.

-- How many messages about an event were sent, ever, in the shards to which workers add (as sent_mail_count, which counts all).
create table event_mail_count (
  event_id uuid not null,
  shard integer not null check (shard between 0 and 15),
  messages bigint not null,
  primary key (event_id, shard)
);

insert into event_mail_count (event_id, shard, messages)
select s.event_id, 0, count(*)
from (
  select coalesce(o.event_id, (
    select c.event_id from cafe c
    where c.id = coalesce(o.cafe_id, (select r.cafe_id from registration r where r.id = o.registration_id))
  )) as event_id
  from email_delivery d join outbox o on o.id = d.outbox_id
  where d.status = 'sent'
) s
where s.event_id is not null
group by s.event_id;

-- Messages that can still be sent: those that are owed, and those that were given up and may be sent again.
update outbox o set event_id = c.event_id
from cafe c
where o.event_id is null
  and (o.done_at is null or exists (select from email_delivery d where d.outbox_id = o.id and d.status = 'bounced'))
  and c.id = coalesce(o.cafe_id, (select r.cafe_id from registration r where r.id = o.registration_id));

-- Last, because claims wait for this table until the migration is committed. A batch belongs to one event.
alter table outbox_batch add column event_id uuid;

update outbox_batch b set event_id = (
  select c.event_id from registration r join cafe c on c.id = r.cafe_id where r.id = any (b.registration_ids) limit 1
);
