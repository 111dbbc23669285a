-- Schools, classes, pupils, guardians, households, groups, the roster import (package school).
-- An enrolment without to_date is the pupil's class of today; a pupil has at most one.

-- name: SchoolByID :one
select * from schools where id = @school_id;

-- name: SchoolBySlug :one
-- The slug says which school: none is known before. (across schools: by slug)
select * from schools where slug = @slug;

-- name: SetSchool :execrows
update schools set name = @name, town = @town, phone = @phone, lang = @lang, timezone = @timezone, version = version + 1
where id = @school_id and version = @version;

-- name: SetSchoolOffice :execrows
update schools set office = @office, version = version + 1 where id = @school_id and version = @version;

-- name: SetLogo :exec
update schools set logo_key = @logo_key, logo_type = @logo_type, version = version + 1 where id = @school_id;

-- name: RosterVersion :one
select roster_version from schools where id = @school_id;

-- name: BumpRoster :exec
-- Every change of people, homes and classes begins with this: it tells plans that they are old, and it makes writers of
-- one school follow each other.
update schools set roster_version = roster_version + 1 where id = @school_id;

-- name: TakeRoster :execrows
update schools set roster_version = roster_version + 1 where id = @school_id and roster_version = @roster_version;

-- homes ---------------------------------------------------------------------------------------------------------

-- name: ChildrenOfClasses :many
select hp.household_id, p.id, p.public_id, p.given, p.family, p.name_fold, e.class_id, c.public_id as class_public_id, c.name as class_name, c.audience
from enrolments e
join classes c on c.id = e.class_id and c.school_id = e.school_id
join pupils p on p.id = e.pupil_id and p.school_id = e.school_id
join household_pupils hp on hp.pupil_id = p.id and hp.school_id = p.school_id
where e.school_id = @school_id and e.to_date = '' and p.left_at = 0
  and e.class_id in (select value from json_each(cast(@classes as text)));

-- name: ChildrenByID :many
select hp.household_id, p.id, p.public_id, p.given, p.family, p.name_fold, e.class_id, c.public_id as class_public_id, c.name as class_name, c.audience
from pupils p
join enrolments e on e.pupil_id = p.id and e.school_id = p.school_id and e.to_date = ''
join classes c on c.id = e.class_id and c.school_id = p.school_id
join household_pupils hp on hp.pupil_id = p.id and hp.school_id = p.school_id
where p.school_id = @school_id and p.left_at = 0
  and p.id in (select value from json_each(cast(@pupils as text)));

-- name: HouseholdsByID :many
select id, public_id, label, address, page_lang, paused_at, created_at, ended_at, version from households
where school_id = @school_id and ended_at = 0 and id in (select value from json_each(cast(@households as text)));

-- name: GuardiansOfHouseholds :many
select * from guardians
where school_id = @school_id and ended_at = 0 and household_id in (select value from json_each(cast(@households as text)))
order by position, id;

-- name: RightsOfGuardians :many
-- Without a join: the rows of one school's import are often not counted yet, and then a join may be planned badly.
select * from guardian_rights
where school_id = @school_id and guardian_id in (select value from json_each(cast(@guardians as text)));

-- name: PupilIDsOfGroup :many
select gp.pupil_id from group_pupils gp
join groups g on g.id = gp.group_id and g.school_id = gp.school_id
where gp.school_id = @school_id and g.public_id = @public_id and g.ended_at = 0;

-- name: PupilIDsOfHousehold :many
select hp.pupil_id from household_pupils hp
join households h on h.id = hp.household_id and h.school_id = hp.school_id
where hp.school_id = @school_id and h.public_id = @public_id and h.ended_at = 0;

-- classes -------------------------------------------------------------------------------------------------------

-- name: ClassRows :many
select id, public_id, year, name, audience, version from classes
where school_id = @school_id and ended_at = 0
  and (cast(@all_classes as boolean) or id in (select value from json_each(cast(@classes as text))))
order by year, name_fold, id;

-- name: PupilCounts :many
select class_id, count(*) as pupils from enrolments
where school_id = @school_id and to_date = '' and class_id in (select value from json_each(cast(@classes as text)))
group by class_id;

-- name: HouseholdCounts :many
select e.class_id, count(distinct hp.household_id) as homes from enrolments e
join household_pupils hp on hp.school_id = e.school_id and hp.pupil_id = e.pupil_id
where e.school_id = @school_id and e.to_date = '' and e.class_id in (select value from json_each(cast(@classes as text)))
group by e.class_id;

-- name: ClassByPublicID :one
select * from classes where school_id = @school_id and public_id = @public_id;

-- name: AddClass :one
insert into classes (public_id, school_id, year, name, name_fold, audience, created_at)
values (@public_id, @school_id, @year, @name, @name_fold, @audience, @created_at)
returning id;

-- name: SetClass :execrows
update classes set year = @year, name = @name, name_fold = @name_fold, audience = @audience, version = version + 1
where school_id = @school_id and id = @id and version = @version;

-- name: ClassNamed :one
select id, ended_at from classes where school_id = @school_id and year = @year and name_fold = @name_fold;

-- name: EndClass :execrows
update classes set ended_at = @ended_at, version = version + 1 where school_id = @school_id and id = @id and ended_at = 0;

-- name: CloseEnrolmentsOfClass :exec
update enrolments set to_date = @to_date where school_id = @school_id and class_id = @class_id and to_date = '';

-- name: EndEmptyClasses :execrows
-- Classes of earlier years that nobody is in any more.
update classes set ended_at = @ended_at, version = version + 1
where classes.school_id = @school_id and classes.ended_at = 0 and year < @year
  and not exists (select 1 from enrolments e where e.school_id = @school_id and e.class_id = classes.id and e.to_date = '');

-- name: TeachersOfClasses :many
select sc.class_id, a.name from staff_classes sc
join staff st on st.id = sc.staff_id and st.school_id = sc.school_id and st.ended_at = 0
join accounts a on a.id = st.account_id
where sc.school_id = @school_id
order by a.name;

-- pupils --------------------------------------------------------------------------------------------------------

-- name: PupilByPublicID :one
select * from pupils where school_id = @school_id and public_id = @public_id;

-- name: PupilPage :many
-- Pupils by family name, from a place in the list onwards. Words are folded; '%' stands for no word. state: here, left or none (no class).
select p.id, p.public_id, p.given, p.family, p.name_fold, p.born, p.left_at,
  coalesce(c.id, 0) as class_id, coalesce(c.public_id, '') as class_public_id, coalesce(c.name, '') as class_name
from pupils p
left join enrolments e on e.school_id = p.school_id and e.pupil_id = p.id and e.to_date = ''
left join classes c on c.school_id = p.school_id and c.id = e.class_id
where p.school_id = @school_id
  and ((cast(@state as text) = 'left' and p.left_at > 0) or (cast(@state as text) <> 'left' and p.left_at = 0))
  and (cast(@state as text) <> 'none' or e.id is null)
  and (cast(@all_classes as boolean) or e.class_id in (select value from json_each(cast(@classes as text))))
  and (cast(@class_id as bigint) = 0 or e.class_id = @class_id)
  and ((p.name_fold like @word1 and p.name_fold like @word2 and p.name_fold like @word3)
    or (cast(@word1 as text) <> '%' and p.id in (
      select r.pupil_id from guardians g
      join guardian_rights r on r.guardian_id = g.id and r.school_id = g.school_id
      where g.school_id = @school_id and g.ended_at = 0 and g.name_fold like @word1 and g.name_fold like @word2 and g.name_fold like @word3)))
  and (p.name_fold > @after_name or (p.name_fold = @after_name and p.id > @after_id))
order by p.name_fold, p.id
limit cast(@lim as bigint);

-- name: EnrolmentsOfPupil :many
select e.id, e.class_id, e.from_date, e.to_date, c.public_id as class_public_id, c.name as class_name, c.year, c.audience
from enrolments e
join classes c on c.id = e.class_id and c.school_id = e.school_id
where e.school_id = @school_id and e.pupil_id = @pupil_id
order by e.from_date desc, e.id desc;

-- name: AddPupil :one
insert into pupils (public_id, school_id, given, family, name_fold, born, created_at)
values (@public_id, @school_id, @given, @family, @name_fold, @born, @created_at)
returning id;

-- name: SetPupil :execrows
update pupils set given = @given, family = @family, name_fold = @name_fold, born = @born, version = version + 1
where school_id = @school_id and id = @id and version = @version;

-- name: SetPupilLeft :execrows
update pupils set left_at = @left_at, version = version + 1 where school_id = @school_id and id = @id and version = @version;

-- name: AddEnrolment :exec
insert into enrolments (school_id, pupil_id, class_id, from_date) values (@school_id, @pupil_id, @class_id, @from_date);

-- name: DropEnrolmentsFrom :exec
-- Places that begin on the day of the change (or after it) never were.
delete from enrolments where school_id = @school_id and to_date = '' and from_date >= @day
  and pupil_id in (select value from json_each(cast(@pupils as text)));

-- name: CloseEnrolments :exec
update enrolments set to_date = @to_date where school_id = @school_id and to_date = ''
  and pupil_id in (select value from json_each(cast(@pupils as text)));

-- households ----------------------------------------------------------------------------------------------------

-- name: HouseholdByPublicID :one
select * from households where school_id = @school_id and public_id = @public_id;

-- name: HouseholdsOfPupils :many
select hp.pupil_id, hp.days, h.id, h.public_id, h.label, h.address, h.version
from household_pupils hp
join households h on h.id = hp.household_id and h.school_id = hp.school_id
where hp.school_id = @school_id and h.ended_at = 0
  and hp.pupil_id in (select value from json_each(cast(@pupils as text)))
order by h.id;

-- name: PupilsOfHouseholds :many
select hp.household_id, hp.days, p.id, p.public_id, p.given, p.family, p.name_fold, p.left_at,
  coalesce(c.id, 0) as class_id, coalesce(c.public_id, '') as class_public_id, coalesce(c.name, '') as class_name
from household_pupils hp
join pupils p on p.id = hp.pupil_id and p.school_id = hp.school_id
left join enrolments e on e.school_id = p.school_id and e.pupil_id = p.id and e.to_date = ''
left join classes c on c.school_id = p.school_id and c.id = e.class_id
where hp.school_id = @school_id and hp.household_id in (select value from json_each(cast(@households as text)))
order by p.name_fold, p.id;

-- name: AddHousehold :one
insert into households (public_id, school_id, label, address, created_at)
values (@public_id, @school_id, @label, @address, @created_at)
returning id;

-- name: SetHousehold :execrows
update households set label = @label, address = @address, version = version + 1
where school_id = @school_id and id = @id and version = @version;

-- name: EndHousehold :exec
update households set ended_at = @ended_at, version = version + 1 where school_id = @school_id and id = @id;

-- name: AddHouseholdPupil :exec
insert into household_pupils (school_id, household_id, pupil_id, days)
values (@school_id, @household_id, @pupil_id, @days)
on conflict (household_id, pupil_id) do nothing;

-- name: SetDays :exec
update household_pupils set days = @days where school_id = @school_id and household_id = @household_id and pupil_id = @pupil_id;

-- name: DropHouseholdPupils :exec
delete from household_pupils where school_id = @school_id and household_id = @household_id
  and pupil_id in (select value from json_each(cast(@pupils as text)));

-- name: CopyHouseholdPupils :exec
-- The pupils of one household live in another one too.
insert into household_pupils (school_id, household_id, pupil_id, days)
select hp.school_id, cast(@to_household as bigint), hp.pupil_id, hp.days from household_pupils hp
where hp.school_id = @school_id and hp.household_id = @from_household
on conflict (household_id, pupil_id) do nothing;

-- guardians -----------------------------------------------------------------------------------------------------

-- name: GuardianByPublicID :one
select * from guardians where school_id = @school_id and public_id = @public_id;

-- name: RightsOfGuardian :many
select * from guardian_rights where school_id = @school_id and guardian_id = @guardian_id;

-- name: NextPosition :one
select cast(coalesce(max(position), -1) + 1 as bigint) from guardians where school_id = @school_id and household_id = @household_id;

-- name: AddGuardian :one
insert into guardians (public_id, school_id, household_id, name, name_fold, relation, email, phone, lang, langs, reading, roads, share, position, created_at)
values (@public_id, @school_id, @household_id, @name, @name_fold, @relation, @email, @phone, @lang, @langs, @reading, @roads, @share, @position, @created_at)
returning id;

-- name: SetGuardian :execrows
-- A road that failed is tried again when its address was corrected.
update guardians set failed = case when failed = '' or email = @email and phone = @phone then failed
    when email = @email and json_extract(failed, '$.mail') is not null then '{"mail":' || cast(json_extract(failed, '$.mail') as text) || '}'
    when phone = @phone and json_extract(failed, '$.sms') is not null then '{"sms":' || cast(json_extract(failed, '$.sms') as text) || '}'
    else '' end,
  name = @name, name_fold = @name_fold, relation = @relation, email = @email, phone = @phone,
  lang = @lang, langs = @langs, reading = @reading, roads = @roads, share = @share, version = version + 1
where school_id = @school_id and id = @id and version = @version;

-- name: SetRights :exec
insert into guardian_rights (school_id, guardian_id, pupil_id, may_see, may_decide, may_contact, barred)
values (@school_id, @guardian_id, @pupil_id, @may_see, @may_decide, @may_contact, @barred)
on conflict (guardian_id, pupil_id) do update set may_see = excluded.may_see, may_decide = excluded.may_decide,
  may_contact = excluded.may_contact, barred = excluded.barred;

-- name: EndGuardian :execrows
update guardians set ended_at = @ended_at, version = version + 1 where school_id = @school_id and id = @id and version = @version and ended_at = 0;

-- name: MoveGuardians :exec
update guardians set household_id = @household_id, version = version + 1
where school_id = @school_id and id in (select value from json_each(cast(@guardians as text)));

-- name: MoveGuardiansOfHousehold :exec
update guardians set household_id = @to_household, version = version + 1
where school_id = @school_id and household_id = @from_household;

-- groups --------------------------------------------------------------------------------------------------------

-- name: GroupRows :many
select g.id, g.public_id, g.name, g.version,
  cast((select count(*) from group_pupils gp join pupils p on p.id = gp.pupil_id and p.school_id = gp.school_id and p.left_at = 0
    where gp.school_id = g.school_id and gp.group_id = g.id) as bigint) as pupils
from groups g
where g.school_id = @school_id and g.ended_at = 0
order by g.name_fold, g.id;

-- name: GroupByPublicID :one
select * from groups where school_id = @school_id and public_id = @public_id and ended_at = 0;

-- name: PupilsOfGroup :many
select p.id, p.public_id, p.given, p.family, p.name_fold, coalesce(c.id, 0) as class_id, coalesce(c.public_id, '') as class_public_id, coalesce(c.name, '') as class_name
from group_pupils gp
join pupils p on p.id = gp.pupil_id and p.school_id = gp.school_id
left join enrolments e on e.school_id = p.school_id and e.pupil_id = p.id and e.to_date = ''
left join classes c on c.school_id = p.school_id and c.id = e.class_id
where gp.school_id = @school_id and gp.group_id = @group_id and p.left_at = 0
order by p.name_fold, p.id;

-- name: AddGroup :one
insert into groups (public_id, school_id, name, name_fold, created_at)
values (@public_id, @school_id, @name, @name_fold, @created_at)
returning id;

-- name: SetGroup :execrows
update groups set name = @name, name_fold = @name_fold, version = version + 1
where school_id = @school_id and id = @id and version = @version;

-- name: EndGroup :execrows
update groups set ended_at = @ended_at, version = version + 1 where school_id = @school_id and id = @id and ended_at = 0;

-- name: AddGroupPupils :exec
-- Only pupils of the school, by their public ids as a JSON list.
insert into group_pupils (school_id, group_id, pupil_id)
select p.school_id, cast(@group_id as bigint), p.id from pupils p
where p.school_id = @school_id and p.left_at = 0
  and p.public_id in (select json_extract(value, '$.id') from json_each(cast(@pupils as text), '$'))
on conflict (group_id, pupil_id) do nothing;

-- name: DropGroupPupils :exec
delete from group_pupils where group_pupils.school_id = @school_id and group_id = @group_id
  and pupil_id in (select p.id from pupils p where p.school_id = @school_id
    and p.public_id in (select json_extract(value, '$.id') from json_each(cast(@pupils as text), '$')));

-- name: HouseholdByID :one
select * from households where school_id = @school_id and id = @id;

-- name: PupilsOfGuardian :many
select p.id, p.public_id, p.given, p.family, p.left_at, coalesce(c.id, 0) as class_id, coalesce(c.public_id, '') as class_public_id, coalesce(c.name, '') as class_name
from guardian_rights r
join pupils p on p.id = r.pupil_id and p.school_id = r.school_id
left join enrolments e on e.school_id = p.school_id and e.pupil_id = p.id and e.to_date = ''
left join classes c on c.school_id = p.school_id and c.id = e.class_id
where r.school_id = @school_id and r.guardian_id = @guardian_id
order by p.name_fold, p.id;

-- name: DropPupilsOfHousehold :exec
delete from household_pupils where school_id = @school_id and household_id = @household_id;

-- name: HouseholdsNamed :many
-- Homes in which a pupil or a guardian has a name with these words, for choosing one.
select distinct h.id, h.public_id, h.label, h.address from households h
left join guardians g on g.school_id = h.school_id and g.household_id = h.id and g.ended_at = 0
left join household_pupils hp on hp.school_id = h.school_id and hp.household_id = h.id
left join pupils p on p.school_id = h.school_id and p.id = hp.pupil_id
where h.school_id = @school_id and h.ended_at = 0
  and ((g.name_fold like @word1 and g.name_fold like @word2) or (p.name_fold like @word1 and p.name_fold like @word2))
order by h.id
limit cast(@lim as bigint);

-- import --------------------------------------------------------------------------------------------------------

-- name: StatePupils :many
select * from pupils where school_id = @school_id order by id;

-- name: StateEnrolments :many
select pupil_id, class_id, from_date from enrolments where school_id = @school_id and to_date = '';

-- name: StateClasses :many
select * from classes where school_id = @school_id order by year desc, id;

-- name: StateHouseholds :many
select id, public_id, address, imported from households where school_id = @school_id and ended_at = 0 order by id;

-- name: StateLinks :many
select hp.household_id, hp.pupil_id from household_pupils hp
join households h on h.id = hp.household_id and h.school_id = hp.school_id
where hp.school_id = @school_id and h.ended_at = 0
order by hp.household_id, hp.pupil_id;

-- name: StateGuardians :many
select * from guardians where school_id = @school_id order by id;

-- name: StateRights :many
select guardian_id, pupil_id from guardian_rights where school_id = @school_id;

-- name: ImportAddClasses :many
insert into classes (public_id, school_id, year, name, name_fold, audience, created_at)
select cast(json_extract(value, '$.public_id') as text), cast(@school_id as bigint), cast(json_extract(value, '$.year') as text),
  cast(json_extract(value, '$.name') as text), cast(json_extract(value, '$.name_fold') as text), cast(json_extract(value, '$.audience') as text),
  cast(@created_at as bigint)
from json_each(cast(@rows as text), '$') where true
on conflict (school_id, year, name_fold) do update set ended_at = 0, version = classes.version + 1
returning id, year, name_fold;

-- name: ImportAddPupils :many
insert into pupils (public_id, school_id, external_id, roster_key, given, family, name_fold, born, imported, created_at)
select cast(json_extract(value, '$.public_id') as text), cast(@school_id as bigint), cast(json_extract(value, '$.external_id') as text),
  cast(json_extract(value, '$.roster_key') as text), cast(json_extract(value, '$.given') as text), cast(json_extract(value, '$.family') as text),
  cast(json_extract(value, '$.name_fold') as text), cast(json_extract(value, '$.born') as text), cast(json_extract(value, '$.imported') as text),
  cast(@created_at as bigint)
from json_each(cast(@rows as text), '$') where true
returning id, public_id;

-- name: ImportSetPupils :execrows
update pupils set external_id = cast(json_extract(r.value, '$.external_id') as text), roster_key = cast(json_extract(r.value, '$.roster_key') as text),
  given = cast(json_extract(r.value, '$.given') as text), family = cast(json_extract(r.value, '$.family') as text),
  name_fold = cast(json_extract(r.value, '$.name_fold') as text), born = cast(json_extract(r.value, '$.born') as text),
  imported = cast(json_extract(r.value, '$.imported') as text), left_at = cast(json_extract(r.value, '$.left_at') as bigint),
  version = pupils.version + 1
from json_each(cast(@rows as text), '$') as r
where pupils.school_id = @school_id and pupils.id = cast(json_extract(r.value, '$.id') as bigint);

-- name: ImportLeave :execrows
update pupils set left_at = @left_at, version = version + 1
where school_id = @school_id and left_at = 0 and id in (select value from json_each(cast(@pupils as text)));

-- name: ImportAddHouseholds :many
insert into households (public_id, school_id, address, imported, created_at)
select cast(json_extract(value, '$.public_id') as text), cast(@school_id as bigint), cast(json_extract(value, '$.address') as text),
  cast(json_extract(value, '$.imported') as text), cast(@created_at as bigint)
from json_each(cast(@rows as text), '$') where true
returning id, public_id;

-- name: ImportSetHouseholds :execrows
update households set address = cast(json_extract(r.value, '$.address') as text), imported = cast(json_extract(r.value, '$.imported') as text),
  version = households.version + 1
from json_each(cast(@rows as text), '$') as r
where households.school_id = @school_id and households.id = cast(json_extract(r.value, '$.id') as bigint);

-- name: ImportAddGuardians :many
insert into guardians (public_id, school_id, household_id, external_id, roster_key, name, name_fold, relation, email, phone, lang, langs, reading, roads, imported, position, created_at)
select cast(json_extract(value, '$.public_id') as text), cast(@school_id as bigint), cast(json_extract(value, '$.household_id') as bigint),
  cast(json_extract(value, '$.external_id') as text), cast(json_extract(value, '$.roster_key') as text), cast(json_extract(value, '$.name') as text),
  cast(json_extract(value, '$.name_fold') as text), cast(json_extract(value, '$.relation') as text), cast(json_extract(value, '$.email') as text),
  cast(json_extract(value, '$.phone') as text), cast(json_extract(value, '$.lang') as text), cast(json_extract(value, '$.langs') as text), 'well',
  cast(json_extract(value, '$.roads') as text), cast(json_extract(value, '$.imported') as text), cast(json_extract(value, '$.position') as bigint),
  cast(@created_at as bigint)
from json_each(cast(@rows as text), '$') where true
returning id, public_id;

-- name: ImportSetGuardians :execrows
-- A road that failed is tried again when its address was corrected.
update guardians set failed = case when guardians.failed = '' or guardians.email = cast(json_extract(r.value, '$.email') as text) and guardians.phone = cast(json_extract(r.value, '$.phone') as text) then guardians.failed
    when guardians.email = cast(json_extract(r.value, '$.email') as text) and json_extract(guardians.failed, '$.mail') is not null then '{"mail":' || cast(json_extract(guardians.failed, '$.mail') as text) || '}'
    when guardians.phone = cast(json_extract(r.value, '$.phone') as text) and json_extract(guardians.failed, '$.sms') is not null then '{"sms":' || cast(json_extract(guardians.failed, '$.sms') as text) || '}'
    else '' end,
  household_id = cast(json_extract(r.value, '$.household_id') as bigint),
  external_id = cast(json_extract(r.value, '$.external_id') as text), roster_key = cast(json_extract(r.value, '$.roster_key') as text),
  name = cast(json_extract(r.value, '$.name') as text), name_fold = cast(json_extract(r.value, '$.name_fold') as text),
  relation = cast(json_extract(r.value, '$.relation') as text), email = cast(json_extract(r.value, '$.email') as text),
  phone = cast(json_extract(r.value, '$.phone') as text), lang = cast(json_extract(r.value, '$.lang') as text),
  langs = cast(json_extract(r.value, '$.langs') as text), imported = cast(json_extract(r.value, '$.imported') as text),
  version = guardians.version + 1
from json_each(cast(@rows as text), '$') as r
where guardians.school_id = @school_id and guardians.id = cast(json_extract(r.value, '$.id') as bigint);

-- name: ImportEndGuardians :execrows
update guardians set ended_at = @ended_at, version = version + 1
where school_id = @school_id and ended_at = 0 and id in (select value from json_each(cast(@guardians as text)));

-- name: ImportLinks :exec
insert into household_pupils (school_id, household_id, pupil_id)
select cast(@school_id as bigint), cast(json_extract(value, '$.a') as bigint), cast(json_extract(value, '$.b') as bigint)
from json_each(cast(@rows as text), '$') where true
on conflict (household_id, pupil_id) do nothing;

-- name: ImportRights :exec
insert into guardian_rights (school_id, guardian_id, pupil_id)
select cast(@school_id as bigint), cast(json_extract(value, '$.a') as bigint), cast(json_extract(value, '$.b') as bigint)
from json_each(cast(@rows as text), '$') where true
on conflict (guardian_id, pupil_id) do nothing;

-- name: ImportEnrol :exec
insert into enrolments (school_id, pupil_id, class_id, from_date)
select cast(@school_id as bigint), cast(json_extract(value, '$.a') as bigint), cast(json_extract(value, '$.b') as bigint), cast(@from_date as text)
from json_each(cast(@rows as text), '$') where true;

-- name: MappingFor :one
select mapping from roster_mappings where school_id = @school_id and fingerprint = @fingerprint;

-- name: KeepMapping :exec
insert into roster_mappings (school_id, fingerprint, mapping, used_at)
values (@school_id, @fingerprint, @mapping, @used_at)
on conflict (school_id, fingerprint) do update set mapping = excluded.mapping, used_at = excluded.used_at;

-- name: AddImport :one
insert into imports (public_id, school_id, account_id, filename, blob_key, mapping, state, created_at)
values (@public_id, @school_id, @account_id, @filename, @blob_key, @mapping, @state, @created_at)
returning id;

-- name: ImportByPublicID :one
select * from imports where school_id = @school_id and public_id = @public_id;

-- name: ImportByID :one
select * from imports where school_id = @school_id and id = @id;

-- name: ImportRows :many
select i.id, i.public_id, i.filename, i.state, i.summary, i.done, i.total, i.created_at, i.finished_at, coalesce(a.name, '') as person
from imports i
left join accounts a on a.id = i.account_id
where i.school_id = @school_id
order by i.id desc
limit cast(@lim as bigint);

-- name: UnfinishedImports :many
select id, public_id, blob_key, state, created_at from imports
where school_id = @school_id and state in ('reading', 'planned') and created_at < @before;

-- name: RunningImports :many
select public_id from imports where school_id = @school_id and state = 'running' and id <> cast(@besides as bigint);

-- name: SetImportMapping :execrows
update imports set mapping = @mapping where school_id = @school_id and id = @id and state in ('reading', 'planned');

-- name: SetImportReading :execrows
-- Read anew, the plan is void until a person has seen the columns.
update imports set mapping = @mapping, choices = @choices, plan = '', state = 'reading'
where school_id = @school_id and id = @id and state in ('reading', 'planned');

-- name: SetImportPlan :execrows
update imports set plan = @plan, choices = @choices, roster_version = @roster_version, total = @total, state = 'planned', problem = ''
where school_id = @school_id and id = @id and state in ('reading', 'planned');

-- name: StartImport :execrows
update imports set state = 'running', done = 0, choices = @choices, summary = @summary
where school_id = @school_id and id = @id and state = 'planned';

-- name: SetImportProgress :exec
update imports set done = @done, total = @total where school_id = @school_id and id = @id;

-- name: FinishImport :execrows
-- What the file said of people is not kept: the counts stay.
update imports set state = @state, summary = @summary, problem = @problem, plan = '', choices = '', mapping = '', finished_at = @finished_at
where school_id = @school_id and id = @id and state <> 'done';
