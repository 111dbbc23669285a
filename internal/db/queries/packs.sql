-- Print packs and the slips in them (package packs).

-- name: AddPack :one
insert into packs (public_id, school_id, material, version, title, scope, scope_name, options, state, created_by, created_at)
values (@public_id, @school_id, @material, @version, @title, @scope, @scope_name, @options, 'waiting', @created_by, @created_at)
returning id;

-- name: PackByPublicID :one
select * from packs where school_id = @school_id and public_id = @public_id;

-- name: PackByID :one
select * from packs where school_id = @school_id and id = @id;

-- name: Packs :many
select p.*, coalesce(a.name, '') as person,
  (select count(*) from slips s where s.school_id = p.school_id and s.pack_id = p.id) as slips,
  (select count(*) from slips s where s.school_id = p.school_id and s.pack_id = p.id and s.given_at > 0) as given
from packs p
left join accounts a on a.id = p.created_by
where p.school_id = @school_id and p.id < @before
  and (cast(@all_classes as boolean) or p.created_by = cast(@account_id as bigint)
    or exists (select 1 from slips s where s.school_id = p.school_id and s.pack_id = p.id and s.class_id in (select value from json_each(cast(@classes as text)))))
order by p.id desc
limit cast(@lim as bigint);

-- name: SetPackRunning :execrows
-- No row is changed when another worker has finished it meanwhile.
update packs set state = 'running', total = @total, done = 0 where school_id = @school_id and id = @id and state <> 'finished';

-- name: SetPackDone :exec
update packs set done = @done where school_id = @school_id and id = @id and state = 'running';

-- name: FinishPack :execrows
update packs set state = 'finished', done = total, pages = @pages, blob_key = @blob_key, finished_at = @finished_at
where school_id = @school_id and id = @id and state <> 'finished';

-- name: FailPack :exec
update packs set state = 'failed', problem = @problem, finished_at = @finished_at where school_id = @school_id and id = @id and state <> 'finished';

-- name: AddSlips :exec
insert into slips (public_id, school_id, pack_id, household_id, pupil_id, class_id, code_id, lang, text_lang, position)
select cast(json_extract(value, '$.public_id') as text), cast(@school_id as bigint), cast(@pack_id as bigint),
  cast(json_extract(value, '$.household_id') as bigint), cast(json_extract(value, '$.pupil_id') as bigint),
  nullif(cast(json_extract(value, '$.class_id') as bigint), 0), nullif(cast(json_extract(value, '$.code_id') as bigint), 0),
  cast(json_extract(value, '$.lang') as text), cast(json_extract(value, '$.text_lang') as text), cast(json_extract(value, '$.position') as bigint)
from json_each(cast(@rows as text), '$');

-- name: SlipsOfPack :many
select s.id, s.public_id, s.household_id, h.public_id as household_public_id, h.label as household_label, s.pupil_id, p.given, p.family,
  cast(coalesce(s.class_id, 0) as bigint) as class_id, coalesce(c.name, '') as class_name, coalesce(c.public_id, '') as class_public_id,
  s.lang, s.text_lang, s.given_at
from slips s
join pupils p on p.id = s.pupil_id and p.school_id = s.school_id
join households h on h.id = s.household_id and h.school_id = s.school_id
left join classes c on c.id = s.class_id and c.school_id = s.school_id
where s.school_id = @school_id and s.pack_id = @pack_id
order by s.position;

-- name: SetSlipsGiven :many
-- Gives the slips that were ticked by this: not those that a colleague ticked at the same moment. "is true" makes
-- PostgreSQL look each slip of the pack up in the list: just after printing the slips are not counted yet, and it would
-- compare each of them with each of the list (20 s for 5,000).
update slips set given_at = @given_at, given_by = @given_by
where school_id = @school_id and pack_id = @pack_id and given_at = 0 and (id in (select value from json_each(cast(@ids as text)))) is true
returning id;

-- name: SetSlipNotGiven :execrows
update slips set given_at = 0, given_by = null where school_id = @school_id and id = @id and given_at <> 0;

-- name: GivenContacts :many
-- The ledger lines that say that a slip, and the letters in it, were given, and that were not taken back. In two parts: SQLite
-- would walk through the ledger of the school for what stands in an "or".
select x.public_id from (
  select c.id, c.public_id from contacts c
  where c.school_id = @school_id and c.area = 'slips' and c.ref = @slip
    and c.road = 'paper' and c.stage = 'offered' and c.corrects is null
  union all
  select c.id, c.public_id from contacts c
  where c.school_id = @school_id and c.area = 'messages'
    and c.ref in (select r.public_id from recipients r where cast(r.school_id as bigint) = @school_id and r.road = 'paper' and r.ref <> '' and r.ref = @slip)
    and c.road = 'paper' and c.stage = 'offered' and c.corrects is null
) x
where not exists (select 1 from contacts y where y.school_id = @school_id and y.corrects = x.id)
order by x.id desc;

-- name: PackSchool :one
-- The school itself is the tenant. (its own row)
select id, public_id, slug, name, lang, timezone, logo_key, logo_type, phone from schools where id = @school_id;

-- name: PackCreator :one
select st.id, st.role from staff st where st.school_id = @school_id and st.account_id = @account_id and st.ended_at = 0;

-- name: PackCreatorClasses :many
select c.id, c.public_id, c.name from staff_classes sc
join classes c on c.id = sc.class_id and c.school_id = sc.school_id
where sc.school_id = @school_id and sc.staff_id = @staff_id;

-- name: ClassOfScope :one
select id, name from classes where school_id = @school_id and public_id = @public_id and ended_at = 0;

-- name: GroupOfScope :one
select id, name from groups where school_id = @school_id and public_id = @public_id and ended_at = 0;

-- name: OldPackFiles :many
-- Files that have had their time, of any school. (across schools: a daily job of the program)
select id, school_id, blob_key from packs where blob_key <> '' and finished_at < @before
order by id limit 500;

-- name: ForgetPackFile :exec
update packs set blob_key = '' where school_id = @school_id and id = @id;
