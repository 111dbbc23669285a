-- Accounts, sessions, links by mail, throttles, staff, and the requests of schools (package auth).

-- name: AddAccount :one
insert into accounts (public_id, email, email_fold, name, lang, password, support, created_at)
values (@public_id, @email, @email_fold, @name, @lang, @password, @support, @created_at)
on conflict (email_fold) do nothing
returning id;

-- name: AccountByEmail :one
select id, public_id, email, name, lang, password, support, disabled_at from accounts where email_fold = @email_fold;

-- name: Account :one
select id, public_id, email, name, lang, password, support, disabled_at from accounts where id = @id;

-- name: SupportAccounts :many
select id, email, name, lang from accounts where support = true and disabled_at = 0 order by id;

-- name: SetPassword :exec
update accounts set password = @password where id = @id;

-- name: Rehash :exec
-- Only while the password is still the one that was just checked: a change in between wins.
update accounts set password = @password where id = @id and password = @old;

-- name: SetProfile :exec
update accounts set name = @name, lang = @lang where id = @id;

-- name: AddSession :one
insert into sessions (public_id, account_id, token_hash, agent, keep, created_at, seen_at, expires_at)
values (@public_id, @account_id, @token_hash, @agent, @keep, @now, @now, @expires_at)
returning id;

-- name: SessionActor :many
-- Who a session belongs to and every school where that person works: a row a school, one row without a school if there
-- is none. (across schools: it is what finds the school)
select se.id as session_id, se.account_id, se.seen_at, se.keep, a.name, a.email, a.lang, a.support,
  cast(coalesce(st.id, 0) as bigint) as staff_id, cast(coalesce(st.role, '') as text) as role,
  cast(coalesce(sc.id, 0) as bigint) as school_id, cast(coalesce(sc.public_id, '') as text) as school_public_id,
  cast(coalesce(sc.slug, '') as text) as slug, cast(coalesce(sc.name, '') as text) as school_name,
  cast(coalesce(sc.lang, '') as text) as school_lang, cast(coalesce(sc.timezone, '') as text) as timezone,
  cast(coalesce(sc.logo_key, '') as text) as logo_key
from sessions se
join accounts a on a.id = se.account_id and a.disabled_at = 0
left join staff st on st.account_id = a.id and st.joined_at > 0 and st.ended_at = 0
left join schools sc on sc.id = st.school_id and sc.closed_at = 0
where se.token_hash = @token_hash and se.ended_at = 0 and se.expires_at > @now
order by sc.name, sc.id;

-- name: TouchSession :exec
update sessions set seen_at = @now, expires_at = @expires_at where id = @id and ended_at = 0;

-- name: Sessions :many
select id, public_id, agent, keep, created_at, seen_at from sessions
where account_id = @account_id and ended_at = 0 and expires_at > @now
order by seen_at desc, id desc;

-- name: EndSession :execrows
update sessions set ended_at = @now where account_id = @account_id and public_id = @public_id and ended_at = 0;

-- name: EndSessionByToken :execrows
update sessions set ended_at = @now where token_hash = @token_hash and ended_at = 0;

-- name: EndSessions :execrows
-- All of an account but one; keep_id 0 keeps none.
update sessions set ended_at = @now where account_id = @account_id and id <> @keep_id and ended_at = 0;

-- name: PruneSessions :execrows
delete from sessions where expires_at < @before or (ended_at > 0 and ended_at < @before);

-- name: AddLink :execrows
-- Written as a selection, so that asking for an address that has no account runs the same statement.
insert into mail_links (token_hash, account_id, staff_id, purpose, created_at, expires_at)
select cast(@token_hash as text), a.id, nullif(cast(@staff_id as bigint), 0), cast(@purpose as text), cast(@now as bigint), cast(@expires_at as bigint)
from accounts a where a.id = @account_id and a.disabled_at = 0;

-- name: EndLinks :exec
-- The newest link is the only one that works: those of the same purpose (and the same school, for invitations) end.
update mail_links set used_at = @now
where account_id = @account_id and purpose = @purpose and coalesce(staff_id, 0) = cast(@staff_id as bigint) and used_at = 0;

-- name: EndAllLinks :exec
update mail_links set used_at = @now where account_id = @account_id and purpose = @purpose and used_at = 0;

-- name: Link :one
-- What a link opens, without using it. (across schools: by secret)
select l.id, l.account_id, cast(coalesce(l.staff_id, 0) as bigint) as staff_id, l.expires_at, l.used_at,
  a.public_id as account_public_id, a.email, a.name, a.lang, a.password, a.support, a.disabled_at,
  cast(coalesce(st.name, '') as text) as staff_name, cast(coalesce(st.role, '') as text) as role,
  cast(coalesce(st.ended_at, 0) as bigint) as staff_ended_at, cast(coalesce(sc.id, 0) as bigint) as school_id,
  cast(coalesce(sc.slug, '') as text) as slug, cast(coalesce(sc.name, '') as text) as school_name,
  cast(coalesce(sc.closed_at, 0) as bigint) as closed_at
from mail_links l
join accounts a on a.id = l.account_id
left join staff st on st.id = l.staff_id
left join schools sc on sc.id = st.school_id
where l.token_hash = @token_hash and l.purpose = @purpose;

-- name: UseLink :execrows
update mail_links set used_at = @now where id = @id and used_at = 0 and expires_at > @now;

-- name: PruneLinks :execrows
delete from mail_links where expires_at < @before;

-- name: TakeTry :one
-- Counts one try within its window; a window that has passed begins anew.
insert into throttles (key, since, tries) values (@key, @now, 1)
on conflict (key) do update set
  tries = case when throttles.since <= @cutoff then 1 else throttles.tries + 1 end,
  since = case when throttles.since <= @cutoff then excluded.since else throttles.since end
returning since, tries;

-- name: GiveBackTry :exec
update throttles set tries = tries - 1 where key = @key and tries > 0;

-- name: ForgetTries :exec
delete from throttles where key = @key;

-- name: PruneThrottles :execrows
delete from throttles where since < @before;

-- name: AddSchool :one
insert into schools (public_id, slug, name, town, email, phone, lang, timezone, created_at)
values (@public_id, @slug, @name, @town, @email, @phone, @lang, @timezone, @created_at)
on conflict (slug) do nothing
returning id;

-- name: AuthSchoolBySlug :one
select id, public_id, slug, name, town, email, phone, lang, timezone, logo_key, closed_at, centre from schools where slug = @slug;

-- name: AuthSchoolByID :one
select id, public_id, slug, name, town, email, phone, lang, timezone, logo_key, closed_at, centre from schools where id = @id;

-- name: CentreHouse :one
-- The support centre's own house. There is one at most.
select id, public_id, slug, name, town, email, phone, lang, timezone, logo_key, closed_at, centre from schools where centre = 1;

-- name: SetCentre :exec
update schools set centre = 1 where id = @school_id;

-- name: LockSchool :execrows
-- Makes changes to the staff of one school wait for each other, on both engines, without changing anything.
update schools set closed_at = closed_at where id = @school_id;

-- name: ListSchools :many
-- (across schools: the support centre's list)
select s.id, s.slug, s.name, s.town, s.email, s.lang, s.created_at, s.closed_at, s.centre,
  cast((select count(*) from staff st where st.school_id = s.id and st.joined_at > 0 and st.ended_at = 0) as bigint) as people
from schools s
where (s.name > @after_name or (s.name = @after_name and s.id > @after_id))
  and (cast(@find as text) = '' or s.slug like '%' || cast(@find as text) || '%')
order by s.name, s.id
limit cast(@lim as bigint);

-- name: StaffClasses :many
-- The classes of one member of staff, of this year.
select c.id, c.public_id, c.name from staff_classes sc
join classes c on c.id = sc.class_id and c.school_id = sc.school_id
where sc.school_id = @school_id and sc.staff_id = @staff_id and c.ended_at = 0;

-- name: ClassesForStaff :many
select id, public_id, name, year from classes where school_id = @school_id and ended_at = 0;

-- name: StaffOfSchool :many
select st.id, st.public_id, st.account_id, st.name as given_name, st.role, st.joined_at, a.name, a.email,
  cast(coalesce((select max(se.seen_at) from sessions se where se.account_id = st.account_id), 0) as bigint) as seen_at,
  cast(coalesce((select max(l.expires_at) from mail_links l where l.account_id = st.account_id and l.purpose = 'invite' and l.staff_id = st.id and l.used_at = 0), 0) as bigint) as link_until
from staff st join accounts a on a.id = st.account_id
where st.school_id = @school_id and st.ended_at = 0;

-- name: AllStaffClasses :many
select sc.staff_id, c.id, c.public_id, c.name from staff_classes sc
join classes c on c.id = sc.class_id and c.school_id = sc.school_id
where sc.school_id = @school_id and c.ended_at = 0;

-- name: StaffByPublicID :one
select st.id, st.public_id, st.account_id, st.name as given_name, st.role, st.joined_at, a.name, a.email, a.lang, a.public_id as account_public_id
from staff st join accounts a on a.id = st.account_id
where st.school_id = @school_id and st.public_id = @public_id and st.ended_at = 0;

-- name: StaffOfAccount :one
select id, public_id, role, joined_at, ended_at from staff where school_id = @school_id and account_id = @account_id;

-- name: AddStaff :one
insert into staff (public_id, school_id, account_id, name, role, created_at, joined_at)
values (@public_id, @school_id, @account_id, @name, @role, @now, @joined_at)
returning id;

-- name: ReturnStaff :exec
-- Somebody who had left, or who never answered the invitation, is asked again.
update staff set name = @name, role = @role, joined_at = @joined_at, ended_at = 0 where school_id = @school_id and id = @id;

-- name: JoinStaff :execrows
update staff set joined_at = @now where school_id = @school_id and id = @id and joined_at = 0 and ended_at = 0;

-- name: SetStaffRole :execrows
update staff set role = @role where school_id = @school_id and id = @id and ended_at = 0;

-- name: EndStaff :execrows
update staff set ended_at = @now where school_id = @school_id and id = @id and ended_at = 0;

-- name: OtherDirectors :one
-- Directors who have joined, beside this one.
select cast(count(*) as bigint) from staff st join accounts a on a.id = st.account_id
where st.school_id = @school_id and st.id <> @id and st.role = 'director' and st.joined_at > 0 and st.ended_at = 0 and a.disabled_at = 0;

-- name: OtherPosts :one
-- Schools beside this one where the account works. (across schools: counts only)
select cast(count(*) as bigint) from staff where account_id = @account_id and school_id <> @school_id and joined_at > 0 and ended_at = 0;

-- name: ClearStaffClasses :exec
delete from staff_classes where school_id = @school_id and staff_id = @staff_id;

-- name: SetStaffClasses :exec
insert into staff_classes (school_id, staff_id, class_id)
select c.school_id, cast(@staff_id as bigint), c.id from classes c
where c.school_id = @school_id and c.id in (select value from json_each(cast(@classes as text)));

-- name: SameRequest :one
-- A request that is waiting already. (across schools: there is no school yet, school_id is empty)
select public_id from login_requests
where state = 'waiting' and email = @email and school_name = @school_name and school_id is null
order by id limit 1;

-- name: AddRequest :exec
-- (across schools: there is no school_id yet)
insert into login_requests (public_id, school_name, town, person, role, email, phone, message, lang, created_at)
values (@public_id, @school_name, @town, @person, @role, @email, @phone, @message, @lang, @created_at);

-- name: WaitingRequests :many
-- Who waits longest stands first. (across schools: there is no school_id yet)
select public_id, school_name, town, person, role, email, phone, message, lang, state, created_at, decided_at from login_requests
where state = 'waiting' order by id limit cast(@lim as bigint);

-- name: DecidedRequests :many
-- (across schools: the support centre's desk; school_id says which school came of it)
select public_id, school_name, town, person, email, state, created_at, decided_at from login_requests
where state <> 'waiting' order by decided_at desc, id desc limit cast(@lim as bigint);

-- name: RequestByPublicID :one
-- (across schools: the support centre's desk; school_id says which school came of it)
select r.id, r.public_id, r.school_name, r.town, r.person, r.role, r.email, r.phone, r.message, r.lang, r.state, r.created_at, r.decided_at,
  cast(coalesce(s.slug, '') as text) as slug, cast(coalesce(a.name, '') as text) as decided_by_name
from login_requests r
left join schools s on s.id = r.school_id
left join accounts a on a.id = r.decided_by
where r.public_id = @public_id;

-- name: DecideRequest :execrows
-- Only one decision finds the request waiting. (across schools: it is what makes the school; see SetRequestSchool for school_id)
update login_requests set state = @state, decided_at = @now, decided_by = @decided_by
where public_id = @public_id and state = 'waiting';

-- name: SetRequestSchool :exec
update login_requests set school_id = @school_id where public_id = @public_id;

-- name: ShutAccount :execrows
update accounts set disabled_at = @now where email_fold = @email_fold and disabled_at = 0;

-- name: Invitations :many
-- Schools that have asked this account and wait for its yes. (across schools: it is what finds the school)
select st.id, st.public_id, st.role, st.school_id, sc.slug, sc.name from staff st
join schools sc on sc.id = st.school_id and sc.closed_at = 0
where st.account_id = @account_id and st.joined_at = 0 and st.ended_at = 0
order by sc.name, sc.id;

-- name: FirstDirector :one
-- The place that was made for whoever asked for the school. (across schools: the request says which)
select st.id, st.public_id, st.account_id, st.role, st.joined_at, st.school_id, a.email, s.public_id as school_public_id, s.slug, s.name as school_name, s.lang as school_lang
from login_requests r
join schools s on s.id = r.school_id
join staff st on st.school_id = r.school_id and st.ended_at = 0
join accounts a on a.id = st.account_id
where r.public_id = @request and a.email_fold = @email_fold;
