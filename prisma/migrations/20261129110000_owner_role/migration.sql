-- The owner of the installation: a role that belongs to no event. A migration of its own, because a new value of a type cannot be used in the
-- transaction that adds it.
alter type role_name add value 'owner';
