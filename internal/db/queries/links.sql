-- Personal links of guardians, the second step, choices and push subscriptions (package contact).

-- name: LivingLinks :many
select guardian_id, public_id, expires_at from links
where school_id = @school_id and revoked_at = 0 and guardian_id in (select value from json_each(cast(@guardians as text)));

-- name: AddLinks :exec
-- A guardian has at most one living link: of two that are made at once the first stays. (The cast keeps SQLite from walking
-- through the guardians of the school and comparing each with the list.)
insert into links (public_id, school_id, guardian_id, token_hash, created_at, expires_at)
select cast(json_extract(value, '$.public_id') as text), g.school_id, g.id, cast(json_extract(value, '$.token_hash') as text),
  cast(@created_at as bigint), cast(@expires_at as bigint)
from json_each(cast(@rows as text), '$')
join guardians g on g.id = cast(json_extract(value, '$.guardian_id') as bigint)
where cast(g.school_id as bigint) = @school_id
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
-- The children of a guardian's own home that this guardian may see, and whether the child has another home. (The cast keeps
-- SQLite from walking through the rights of the whole school.)
select p.id, p.public_id, p.given, coalesce(c.id, 0) as class_id, coalesce(c.name, '') as class_name, coalesce(c.audience, '') as audience,
  cast((select count(*) from household_pupils o join households oh on oh.id = o.household_id and cast(oh.school_id as bigint) = o.school_id
    where o.school_id = hp.school_id and o.pupil_id = hp.pupil_id and oh.ended_at = 0) as bigint) as homes
from guardian_rights r
join household_pupils hp on hp.school_id = r.school_id and hp.pupil_id = r.pupil_id
join pupils p on p.id = r.pupil_id and p.school_id = r.school_id
left join enrolments e on e.school_id = p.school_id and e.pupil_id = p.id and e.to_date = ''
left join classes c on c.id = e.class_id and c.school_id = e.school_id
where cast(r.school_id as bigint) = @school_id and r.guardian_id = @guardian_id and hp.household_id = @household_id
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

-- name: PersonalPages :many
-- The guardians of a home, what each chose on the own page, and the link that works now.
select g.public_id, g.name, g.email, g.phone, g.page_lang, g.road, g.quiet_from, g.quiet_to, g.weekend, g.stopped_at, g.failed, h.amount,
  cast(coalesce(l.created_at, 0) as bigint) as link_at, cast(coalesce(l.opened_at, 0) as bigint) as opened_at
from guardians g
join households h on h.id = g.household_id and h.school_id = g.school_id
left join links l on l.school_id = g.school_id and l.guardian_id = g.id and l.revoked_at = 0 and l.expires_at > @now
where g.school_id = @school_id and g.household_id = @household_id and g.ended_at = 0
order by g.id;

-- name: RevokeLinkOf :execrows
update links set revoked_at = @revoked_at, revoked_how = @revoked_how
where school_id = @school_id and guardian_id = @guardian_id and revoked_at = 0;

-- the second step -------------------------------------------------------------------------------------------------

-- name: AddSecondStep :exec
insert into second_steps (school_id, link_id, code_hash, device_hash, created_at, expires_at, passed_at)
values (@school_id, @link_id, @code_hash, @device_hash, @created_at, @expires_at, @passed_at);

-- name: SecondCodesSince :one
select count(*) as codes, cast(coalesce(max(created_at), 0) as bigint) as last_at from second_steps
where school_id = @school_id and link_id = @link_id and code_hash <> '' and created_at >= @since;

-- name: TrySecondCode :one
-- Counts a try at the latest code, and gives it; no row when there is none, or no try is left.
update second_steps set tries = tries + 1
where second_steps.school_id = @school_id and second_steps.id = (select max(s.id) from second_steps s where s.school_id = @school_id and s.link_id = @link_id and s.code_hash <> '')
  and second_steps.passed_at = 0 and second_steps.expires_at > @now and second_steps.tries < cast(@most as bigint)
returning id, code_hash;

-- name: PassSecondStep :execrows
update second_steps set passed_at = @passed_at, device_hash = @device_hash, expires_at = @expires_at
where school_id = @school_id and id = @id and passed_at = 0;

-- name: SecondStepOfDevice :one
select count(*) from second_steps
where school_id = @school_id and link_id = @link_id and device_hash = @device_hash and passed_at > 0 and expires_at > @now;

-- name: PaperCodeOfHousehold :one
-- A code from a paper of this household, about children that the guardian may see or about all.
select count(*) from codes c
where c.school_id = @school_id and c.short_hash = @short_hash and c.household_id = @household_id and c.revoked_at = 0 and c.expires_at > @now and c.created_at > @since
  and (c.pupil_id is null or c.pupil_id in (select value from json_each(cast(@pupils as text))));

-- name: DropSecondSteps :exec
delete from second_steps where second_steps.school_id = @school_id and second_steps.link_id in (select l.id from links l where l.school_id = @school_id and l.guardian_id = @guardian_id);

-- choices -----------------------------------------------------------------------------------------------------------

-- name: GuardianAddresses :one
select email, phone, roads, failed,
  cast((select count(*) from push_subscriptions p where p.school_id = g.school_id and p.guardian_id = g.id and p.ended_at = 0) as bigint) as phones
from guardians g where g.school_id = @school_id and g.id = @id;

-- name: SetGuardianChoices :exec
update guardians set page_lang = @page_lang, road = @road, quiet_from = @quiet_from, quiet_to = @quiet_to, weekend = @weekend
where school_id = @school_id and id = @id;

-- name: SetGuardianPageLang :exec
update guardians set page_lang = @page_lang where school_id = @school_id and id = @id;

-- name: SetHouseholdAmount :exec
update households set amount = @amount where school_id = @school_id and id = @id;

-- name: SetGuardianStopped :execrows
-- No row is changed when it is so already.
update guardians set stopped_at = cast(@stopped_at as bigint)
where school_id = @school_id and id = @id
  and (case when stopped_at = 0 then 0 else 1 end) <> (case when cast(@stopped_at as bigint) = 0 then 0 else 1 end);

-- name: SetGuardianFailed :exec
update guardians set failed = @failed where school_id = @school_id and id = @id;

-- phones that get a sign ----------------------------------------------------------------------------------------------

-- name: AddPhone :exec
-- The same browser again: the newest choice counts, also when another guardian used the phone before.
insert into push_subscriptions (public_id, school_id, guardian_id, endpoint_hash, endpoint, p256dh, auth, created_at)
values (@public_id, @school_id, @guardian_id, @endpoint_hash, @endpoint, @p256dh, @auth, @created_at)
on conflict (endpoint_hash) do update set school_id = excluded.school_id, guardian_id = excluded.guardian_id, p256dh = excluded.p256dh, auth = excluded.auth, created_at = excluded.created_at, ended_at = 0;

-- name: EndPhone :exec
update push_subscriptions set ended_at = @ended_at
where school_id = @school_id and guardian_id = @guardian_id and endpoint_hash = @endpoint_hash and ended_at = 0;

-- name: EndPhones :exec
update push_subscriptions set ended_at = @ended_at where school_id = @school_id and guardian_id = @guardian_id and ended_at = 0;

-- name: CountPhones :one
select count(*) from push_subscriptions where school_id = @school_id and guardian_id = @guardian_id and ended_at = 0;

-- a letter on paper, opened by its code -------------------------------------------------------------------------------

-- name: RecipientOnPaper :one
-- Whose letter lies in a home on paper: somebody by name before "to the family of", who got it by paper before others.
select r.* from recipients r
join messages m on m.id = r.message_id and m.school_id = r.school_id
where r.school_id = @school_id and m.public_id = @message and r.household_id = @household_id and r.state <> 'cancelled'
order by case when r.guardian_id is null then 1 else 0 end, case when r.road = 'paper' then 0 else 1 end, r.id
limit 1;
