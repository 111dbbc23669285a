-- Personal links of guardians, the second step, choices and push subscriptions (package contact).

-- name: LivingLinks :many
select guardian_id, public_id, expires_at from links
where school_id = @school_id and revoked_at = 0 and guardian_id in (select value from json_each(cast(@guardians as text)));

-- name: AddLinks :exec
-- A guardian has at most one living link: of two that are made at once the first stays.
insert into links (public_id, school_id, guardian_id, token_hash, created_at, expires_at)
select cast(json_extract(value, '$.public_id') as text), g.school_id, g.id, cast(json_extract(value, '$.token_hash') as text),
  cast(@created_at as bigint), cast(@expires_at as bigint)
from json_each(cast(@rows as text), '$')
join guardians g on g.id = cast(json_extract(value, '$.guardian_id') as bigint)
where g.school_id = @school_id
on conflict (guardian_id) where revoked_at = 0 do nothing;

-- name: RenewLinks :exec
update links set expires_at = @expires_at
where school_id = @school_id and revoked_at = 0 and guardian_id in (select value from json_each(cast(@guardians as text)));

-- name: LinkBySecret :one
-- The secret says which school: none is known before. (across schools: by secret)
select l.id, l.public_id, l.school_id, l.expires_at, l.revoked_at, l.opened_at,
  g.id as guardian_id, g.public_id as guardian_public_id, g.name, g.lang, g.page_lang, g.road, g.roads, g.quiet_from, g.quiet_to, g.weekend, g.stopped_at, g.ended_at as guardian_ended_at,
  h.id as household_id, h.public_id as household_public_id, h.page_lang as household_page_lang, h.paused_at, h.amount, h.ended_at as household_ended_at,
  s.public_id as school_public_id, s.slug, s.name as school_name, s.lang as school_lang, s.timezone, s.logo_key, s.phone as school_phone, s.office, s.closed_at
from links l
join guardians g on g.id = l.guardian_id and g.school_id = l.school_id
join households h on h.id = g.household_id and h.school_id = g.school_id
join schools s on s.id = l.school_id
where l.token_hash = @token_hash;

-- name: LinkChildren :many
-- The children of a guardian's own home that this guardian may see, and whether the child has another home.
select p.id, p.public_id, p.given, coalesce(c.id, 0) as class_id, coalesce(c.name, '') as class_name, coalesce(c.audience, '') as audience,
  cast((select count(*) from household_pupils o join households oh on oh.id = o.household_id and oh.school_id = o.school_id
    where o.school_id = hp.school_id and o.pupil_id = hp.pupil_id and oh.ended_at = 0) as bigint) as homes
from guardian_rights r
join household_pupils hp on hp.school_id = r.school_id and hp.pupil_id = r.pupil_id
join pupils p on p.id = r.pupil_id and p.school_id = r.school_id
left join enrolments e on e.school_id = p.school_id and e.pupil_id = p.id and e.to_date = ''
left join classes c on c.id = e.class_id and c.school_id = e.school_id
where r.school_id = @school_id and r.guardian_id = @guardian_id and hp.household_id = @household_id
  and r.may_see and not r.barred and p.left_at = 0
order by p.born desc, p.name_fold, p.id;

-- name: LinkTeachers :many
select sc.class_id, a.name from staff_classes sc
join staff st on st.id = sc.staff_id and st.school_id = sc.school_id and st.ended_at = 0
join accounts a on a.id = st.account_id
where sc.school_id = @school_id and sc.class_id in (select value from json_each(cast(@classes as text)))
order by a.name;

-- name: SetLinkOpened :exec
update links set opened_at = @opened_at where school_id = @school_id and id = @id;

-- name: RevokeLinkOf :execrows
update links set revoked_at = @revoked_at, revoked_how = @revoked_how
where school_id = @school_id and guardian_id = @guardian_id and revoked_at = 0;
