-- Where answers to the messages of an event go. Owner: libs/programme.

-- Without one, answers go to the sender (`MAIL_FROM`).
alter table event add column reply_to text check (reply_to like '%@%' and length(reply_to) <= 254);
