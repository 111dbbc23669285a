-- Codes, visits, answers and the ledger (package contact).

-- name: AddCodes :many
insert into codes (public_id, school_id, household_id, pupil_id, material, version, token_hash, short_hash, lang, fill, created_at, expires_at)
select cast(json_extract(value, '$.public_id') as text), cast(@school_id as bigint),
  cast(json_extract(value, '$.household_id') as bigint), nullif(cast(json_extract(value, '$.pupil_id') as bigint), 0),
  cast(json_extract(value, '$.material') as text), cast(json_extract(value, '$.version') as bigint),
  cast(json_extract(value, '$.token_hash') as text), cast(json_extract(value, '$.short_hash') as text),
  cast(json_extract(value, '$.lang') as text), cast(json_extract(value, '$.fill') as text), cast(@created_at as bigint), cast(@expires_at as bigint)
from json_each(cast(@rows as text), '$')
returning id, public_id;

-- name: CodeBySecret :one
-- The secret (the token of the QR code or the typed short code) says which school: none is known before. (across schools: by secret)
-- The casts keep SQLite, which has no statistics, from walking through the homes and the rights of the whole school.
select c.id, c.public_id, c.school_id, c.household_id, c.pupil_id, c.material, c.version, c.lang, c.fill, c.created_at, c.expires_at, c.revoked_at, c.opened_at,
  h.public_id as household_public_id, h.page_lang, h.paused_at, h.ended_at as household_ended_at,
  coalesce(p.given, '') as given, coalesce(p.left_at, 0) as pupil_left_at,
  cast((select count(*) from household_pupils hp where cast(hp.school_id as bigint) = c.school_id and hp.household_id = c.household_id
    and (c.pupil_id is null or hp.pupil_id = c.pupil_id)) as bigint) as children,
  cast((select count(*) from guardians g where g.school_id = c.school_id and g.household_id = c.household_id and g.ended_at = 0) as bigint) as guardians,
  cast((select count(*) from guardians g join guardian_rights r on cast(r.school_id as bigint) = g.school_id and r.guardian_id = g.id
    where g.school_id = c.school_id and g.household_id = c.household_id and g.ended_at = 0
      and (c.pupil_id is null or r.pupil_id = c.pupil_id) and r.may_see and not r.barred) as bigint) as seeing,
  s.public_id as school_public_id, s.slug, s.name as school_name, s.lang as school_lang, s.timezone, s.logo_key, s.logo_type, s.phone as school_phone, s.closed_at
from codes c
join schools s on s.id = c.school_id
join households h on h.id = c.household_id and h.school_id = c.school_id
left join pupils p on p.id = c.pupil_id and p.school_id = c.school_id
where c.token_hash = @secret_hash or c.short_hash = @secret_hash;

-- name: SetCodeOpened :execrows
update codes set opened_at = @opened_at where school_id = @school_id and id = @id and opened_at = 0;

-- name: RevokeCodesOfHousehold :execrows
update codes set revoked_at = @revoked_at
where school_id = @school_id and household_id = @household_id and revoked_at = 0 and expires_at > @revoked_at;

-- name: CodesOfHousehold :many
select c.id, c.public_id, c.material, c.lang, c.created_at, c.expires_at, c.revoked_at, c.opened_at, coalesce(p.given, '') as given
from codes c
left join pupils p on p.id = c.pupil_id and p.school_id = c.school_id
where c.school_id = @school_id and c.household_id = @household_id
  and (c.pupil_id is null or c.pupil_id in (select value from json_each(cast(@pupils as text))))
order by c.id desc
limit cast(@lim as bigint);

-- name: SetHouseholdPageLang :exec
update households set page_lang = @page_lang where school_id = @school_id and id = @id;

-- name: SetHouseholdPaused :execrows
-- No row is changed when it is so already.
update households set paused_at = cast(@paused_at as bigint)
where school_id = @school_id and id = @id
  and (case when paused_at = 0 then 0 else 1 end) <> (case when cast(@paused_at as bigint) = 0 then 0 else 1 end);

-- name: AddContacts :exec
-- The offset keeps SQLite from writing out each row's JSON anew for each of its fields: twice as fast.
insert into contacts (public_id, school_id, household_id, pupil_id, guardian_id, area, ref, road, direction, stage, tone, account_id, at, lang, about, note)
select cast(json_extract(value, '$.public_id') as text), cast(@school_id as bigint),
  cast(json_extract(value, '$.household_id') as bigint), nullif(cast(json_extract(value, '$.pupil_id') as bigint), 0),
  nullif(cast(json_extract(value, '$.guardian_id') as bigint), 0),
  cast(json_extract(value, '$.area') as text), cast(json_extract(value, '$.ref') as text), cast(json_extract(value, '$.road') as text),
  cast(json_extract(value, '$.direction') as text), cast(json_extract(value, '$.stage') as text), cast(json_extract(value, '$.tone') as text),
  nullif(cast(json_extract(value, '$.account_id') as bigint), 0), cast(json_extract(value, '$.at') as bigint),
  cast(json_extract(value, '$.lang') as text), cast(json_extract(value, '$.about') as text), cast(json_extract(value, '$.note') as text)
from (select value from json_each(cast(@rows as text), '$') limit 1000000000 offset 0) given;

-- name: AddContactsAlike :exec
-- AddContacts for thousands of one kind and one moment: each row says only whom it is about.
insert into contacts (public_id, school_id, household_id, pupil_id, guardian_id, area, ref, road, direction, stage, tone, account_id, at, lang, about)
select cast(json_extract(value, '$.i') as text), cast(@school_id as bigint), cast(json_extract(value, '$.h') as bigint),
  nullif(cast(json_extract(value, '$.p') as bigint), 0), nullif(cast(json_extract(value, '$.g') as bigint), 0),
  cast(@area as text), cast(json_extract(value, '$.r') as text), cast(@road as text), cast(@direction as text), cast(@stage as text), cast(@tone as text),
  nullif(cast(@account_id as bigint), 0), cast(@at as bigint), cast(json_extract(value, '$.l') as text), cast(@about as text)
from (select value from json_each(cast(@rows as text), '$') limit 1000000000 offset 0) given;

-- name: ContactByPublicID :one
select * from contacts where school_id = @school_id and public_id = @public_id;

-- name: AddCorrection :exec
insert into contacts (public_id, school_id, household_id, pupil_id, guardian_id, area, ref, road, direction, stage, tone, account_id, corrects, at, lang, about)
select cast(@public_id as text), c.school_id, c.household_id, c.pupil_id, c.guardian_id, c.area, c.ref, c.road, c.direction, 'withdrawn', c.tone,
  cast(sqlc.narg(account_id) as bigint), c.id, cast(@at as bigint), c.lang, c.about
from contacts c where c.school_id = @school_id and c.id = @id;

-- name: ContactsSince :many
-- What happened with some households since a moment, about some pupils or about the whole household; corrected entries left out.
select c.household_id, c.pupil_id, c.area, c.road, c.direction, c.stage, c.at
from contacts c
where c.school_id = @school_id and c.at >= @since and c.corrects is null
  and c.household_id in (select value from json_each(cast(@households as text)))
  and (c.pupil_id is null or c.pupil_id in (select value from json_each(cast(@pupils as text))))
  and not exists (select 1 from contacts x where x.school_id = c.school_id and x.corrects = c.id)
order by c.at;

-- name: LastReached :many
-- For each household: when it was last reached, and the offers since. Households with no contact at all are not in it.
with seen as (
  select c.household_id, c.stage, c.at
  from contacts c
  where c.school_id = @school_id and c.corrects is null
    and c.household_id in (select value from json_each(cast(@households as text)))
    and (c.pupil_id is null or c.pupil_id in (select value from json_each(cast(@pupils as text))))
    and not exists (select 1 from contacts x where x.school_id = c.school_id and x.corrects = c.id)
), reached as (
  select household_id, max(at) as at from seen where stage in ('arrived', 'answered') group by household_id
)
select s.household_id, cast(coalesce(max(r.at), 0) as bigint) as reached_at, cast(min(s.at) as bigint) as first_at, cast(max(s.at) as bigint) as last_at,
  cast(coalesce(sum(case when s.stage in ('offered', 'tried') and s.at > coalesce(r.at, 0) then 1 else 0 end), 0) as bigint) as offers_since
from seen s left join reached r on r.household_id = s.household_id
group by s.household_id;

-- name: ContactsOfHousehold :many
-- The latest first, by when it happened: some is written down days later, or comes in later.
select c.public_id, c.pupil_id, c.area, c.ref, c.road, c.direction, c.stage, c.tone, c.at, c.account_id,
  coalesce(a.name, '') as account_name, coalesce(p.given, '') as given, coalesce(g.name, '') as guardian_name, c.note <> '' as has_note,
  cast((case when exists (select 1 from contacts x where x.school_id = c.school_id and x.corrects = c.id) then 1 else 0 end) as bigint) as corrected
from contacts c
left join accounts a on a.id = c.account_id
left join pupils p on p.id = c.pupil_id and p.school_id = c.school_id
left join guardians g on g.id = c.guardian_id and g.school_id = c.school_id
where c.school_id = @school_id and c.household_id = @household_id and c.corrects is null
  and (c.pupil_id is null or c.pupil_id in (select value from json_each(cast(@pupils as text))))
order by c.at desc, c.id desc
limit cast(@lim as bigint);

-- name: AddAnswer :exec
insert into answers (public_id, school_id, household_id, pupil_id, code_id, kind, body, lang, at, needs)
values (@public_id, @school_id, @household_id, @pupil_id, @code_id, @kind, @body, @lang, @at, @needs);

-- name: HoldCode :execrows
-- Changes nothing, but lets one transaction after the other come to the answers of a code.
update codes set opened_at = opened_at where school_id = @school_id and id = @id;

-- name: LatestAnswerOfCode :one
select kind, body, at from answers where school_id = @school_id and code_id = @code_id order by id desc limit 1;

-- name: AnswersOfCode :many
select public_id, kind, body, lang, at, handled_at, handled_how from answers
where school_id = @school_id and code_id = @code_id
order by id desc
limit 20;

-- name: CountAnswersOfCode :one
select count(*) from answers where school_id = @school_id and code_id = @code_id and at >= @since;

-- name: OpenAnswers :many
-- Answers that wait for a person since a moment or less, longest first, about pupils of some classes, or of one of these.
select a.id, a.public_id, a.household_id, a.pupil_id, a.kind, a.body, a.lang, a.at, h.public_id as household_public_id,
  coalesce(p.given, '') as given, coalesce(p.family, '') as family, coalesce(cl.name, '') as class_name, coalesce(cl.public_id, '') as class_public_id,
  c.material, c.version,
  cast(coalesce((select g.phone from guardians g where g.school_id = a.school_id and g.household_id = a.household_id and g.ended_at = 0 and g.phone <> ''
    and exists (select 1 from guardian_rights r where cast(r.school_id as bigint) = g.school_id and r.guardian_id = g.id and (a.pupil_id is null or r.pupil_id = a.pupil_id) and r.may_see and r.may_contact and not r.barred)
    order by g.position, g.id limit 1), '') as text) as phone,
  cast(coalesce((select g.reading from guardians g where g.school_id = a.school_id and g.household_id = a.household_id and g.ended_at = 0 order by g.position, g.id limit 1), '') as text) as reading
from answers a
join households h on h.id = a.household_id and h.school_id = a.school_id
join codes c on c.id = a.code_id and c.school_id = a.school_id
left join pupils p on p.id = a.pupil_id and p.school_id = a.school_id
left join enrolments e on e.school_id = a.school_id and e.pupil_id = a.pupil_id and e.to_date = ''
left join classes cl on cl.id = e.class_id and cl.school_id = a.school_id
where a.school_id = @school_id and a.needs = true and a.handled_at = 0 and a.at >= @since
  and (cast(@class as text) = '' or cl.public_id = cast(@class as text))
  and (cast(@all_classes as boolean) or e.class_id in (select value from json_each(cast(@classes as text))))
order by a.at
limit cast(@lim as bigint);

-- name: AnswerForHandling :one
select a.id, a.household_id, a.pupil_id, a.handled_at, cast(coalesce(e.class_id, 0) as bigint) as class_id
from answers a
left join enrolments e on e.school_id = a.school_id and e.pupil_id = a.pupil_id and e.to_date = ''
where a.school_id = @school_id and a.public_id = @public_id
limit 1;

-- name: SetAnswerHandled :execrows
update answers set handled_at = @handled_at, handled_by = @handled_by, handled_how = @handled_how
where school_id = @school_id and id = @id and handled_at = 0;

-- name: AnswersOfHousehold :many
select a.public_id, a.kind, a.body, a.lang, a.at, a.needs, a.handled_at, a.handled_how, coalesce(p.given, '') as given
from answers a
left join pupils p on p.id = a.pupil_id and p.school_id = a.school_id
where a.school_id = @school_id and a.household_id = @household_id
  and (a.pupil_id is null or a.pupil_id in (select value from json_each(cast(@pupils as text))))
order by a.id desc
limit cast(@lim as bigint);

-- name: OpenAnswerHouseholds :many
-- Households that wait for the school: with an answer on paper that needs somebody, or in a conversation.
select a.household_id, a.kind, min(a.at) as at from answers a
where a.school_id = @school_id and a.needs and a.handled_at = 0
  and a.household_id in (select value from json_each(cast(@households as text)))
  and (a.pupil_id is null or a.pupil_id in (select value from json_each(cast(@pupils as text))))
group by a.household_id, a.kind
union all
select c.household_id, 'question' as kind, min(c.waits_since) as at from conversations c
where c.school_id = @school_id and c.waits = 'staff'
  and c.household_id in (select value from json_each(cast(@households as text)))
  and (c.pupil_id is null or c.pupil_id in (select value from json_each(cast(@pupils as text))))
group by c.household_id;

-- name: SettleAnswers :exec
-- A talk that reached the family settles what waited for one.
update answers set handled_at = @handled_at, handled_by = @handled_by, handled_how = @handled_how
where school_id = @school_id and household_id = @household_id and needs and handled_at = 0
  and (pupil_id is null or pupil_id in (select value from json_each(cast(@pupils as text))));

-- name: ReopenAnswers :exec
-- Lets wait again what one entry of the ledger settled: it has the same person, moment and road.
update answers set handled_at = 0, handled_by = null, handled_how = ''
where school_id = @school_id and household_id = @household_id and needs and handled_at = @handled_at and handled_by = @handled_by and handled_how = @handled_how;

-- name: HouseholdPublicID :one
select public_id from households where school_id = @school_id and id = @id;

-- name: TriesOf :one
select since, tries from throttles where key = @key;

-- name: ReachByClass :many
-- For each class of today: its households, and how many of them were reached since a moment, as the page of the class
-- counts: about a child of the class or about all children, without what was taken back. A home of which nobody may see
-- what is about the child is none of its homes.
with reached as (
  select distinct c.household_id, coalesce(c.pupil_id, 0) as pupil_id from contacts c
  where c.school_id = @school_id and c.at >= @since and c.stage in ('arrived', 'answered') and c.corrects is null
    and (c.id in (select x.corrects from contacts x where x.school_id = @school_id and x.at >= @since and x.corrects is not null)) is not true
), kept as (
  select distinct g.household_id, r.pupil_id from guardians g
  join guardian_rights r on r.school_id = g.school_id and r.guardian_id = g.id
  where g.school_id = @school_id and g.ended_at = 0 and r.may_see and not r.barred
), peopled as (
  select distinct g.household_id from guardians g where g.school_id = @school_id and g.ended_at = 0
)
select e.class_id, cast(count(distinct hp.household_id) as bigint) as households,
  cast(count(distinct coalesce(ra.household_id, rc.household_id)) as bigint) as reached
from enrolments e
join pupils p on p.id = e.pupil_id and p.school_id = e.school_id and p.left_at = 0
join household_pupils hp on hp.school_id = e.school_id and hp.pupil_id = e.pupil_id
join households h on h.id = hp.household_id and h.school_id = hp.school_id and h.ended_at = 0
left join kept k on k.household_id = hp.household_id and k.pupil_id = hp.pupil_id
left join peopled g on g.household_id = hp.household_id
left join reached ra on ra.household_id = hp.household_id and ra.pupil_id = 0
left join reached rc on rc.household_id = hp.household_id and rc.pupil_id = e.pupil_id
where e.school_id = @school_id and e.to_date = '' and (k.household_id is not null or g.household_id is null)
group by e.class_id;
