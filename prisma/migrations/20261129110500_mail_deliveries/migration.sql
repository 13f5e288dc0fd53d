-- Deliveries know their event, and sent messages are counted as they are sent. Owner: libs/notifications.

-- Whose organisers are told of a message that was given up. Filled in when it is given up, so that a claim pays for nothing.
alter table email_delivery add column event_id uuid;

update email_delivery d set event_id = coalesce(o.event_id, (
  select c.event_id from cafe c
  where c.id = coalesce(o.cafe_id, (select r.cafe_id from registration r where r.id = o.registration_id))
))
from outbox o where o.id = d.outbox_id and d.status = 'bounced';

create index email_delivery_bounced on email_delivery (event_id, updated_at) where status = 'bounced';

-- How many messages were sent, ever: rows of `email_delivery` go after some time, and counting them reads the whole table. Each worker adds to
-- the row of its number modulo 16, so that workers seldom wait for each other.
create table sent_mail_count (
  shard integer primary key check (shard between 0 and 15),
  messages bigint not null
);

insert into sent_mail_count (shard, messages) select 0, count(*) from email_delivery where status = 'sent';
