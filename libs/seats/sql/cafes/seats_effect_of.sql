-- What a change did to these registrations: how many ended, and how many moved up from the waitlist. Called by libs/programme.
create or replace function seats_effect_of(p_registration_ids uuid[]) returns table (ends integer, moves_up integer) language sql stable as $$
  select
    count(*) filter (where r.status in ('cancelled', 'expired'))::integer,
    count(*) filter (where r.cause = 'line' and r.status in ('held', 'offered', 'confirmed'))::integer
  from registration r where r.id = any (p_registration_ids)
$$;
