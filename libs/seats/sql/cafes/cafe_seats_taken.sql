-- Whether anybody has a seat at a Café or waits for one; nobody takes one from then on until the transaction ends. Asked before it is moved.
create or replace function cafe_seats_taken(asked_cafe_id uuid) returns boolean language sql as $$
  select s.taken + s.waitlisted > 0 from cafe_seats s where s.cafe_id = asked_cafe_id for update
$$;
