-- Messages and their recipients: writing, listing, stopping, texts and files (package messages).
-- Where rows are found by ids the school stands in a cast: SQLite would else walk through all that the school has.

-- sending ----------------------------------------------------------------------------------------------------------

-- name: AddMessage :one
insert into messages (public_id, school_id, account_id, scope, scope_ids, scope_name, title, lang, body, phrases, material, material_version, fill,
  files, about, urgent, why_urgent, sensitive, state, send_at, created_at)
values (@public_id, @school_id, @account_id, @scope, @scope_ids, @scope_name, @title, @lang, @body, @phrases, @material, @material_version, @fill,
  @files, @about, @urgent, @why_urgent, @sensitive, @state, @send_at, @created_at)
returning id;

-- name: AddRecipients :execrows
-- All recipients of a message in one statement: a row for every guardian who may be told of children in scope, with these
-- children, and one without a guardian for each home with children of whom nobody there may be told by name. What a guardian
-- chose goes before what the school knows. The rule is that of school.Homes, in SQL; a test compares them.
-- Rows that were just imported are not counted yet, and then PostgreSQL plans as if there were a handful. So who is told is found
-- by sorting, not by joining what was found, and + 0 keeps indexes of the whole school out of where a row is looked up by its id.
with chosen as (
  select e.pupil_id, e.class_id from enrolments e
  where e.school_id = @school_id and e.to_date = '' and e.class_id in (select value from json_each(cast(@classes as text)))
  union
  select e.pupil_id, e.class_id from enrolments e
  where e.school_id = @school_id and e.to_date = '' and e.pupil_id in (select value from json_each(cast(@pupils as text)))
), living as (
  select hp.household_id, c.pupil_id, c.class_id
  from chosen c
  join pupils p on p.id = c.pupil_id and p.school_id + 0 = @school_id and p.left_at = 0
  join household_pupils hp on hp.school_id = @school_id and hp.pupil_id = c.pupil_id
  join households h on h.id = hp.household_id and h.school_id + 0 = @school_id and h.ended_at = 0
  where (cast(@all_classes as boolean) or c.class_id in (select value from json_each(cast(@own_classes as text))))
    and (cast(@all_homes as boolean) or hp.household_id in (select value from json_each(cast(@households as text))))
), known as (
  select l.household_id, l.pupil_id, l.class_id, g.id as guardian_id,
    case when r.may_see and not r.barred then 1 else 0 end as sees, case when r.may_see and r.may_contact and not r.barred then 1 else 0 end as told
  from living l
  left join guardians g on g.school_id = @school_id and g.household_id = l.household_id and g.ended_at = 0
  left join guardian_rights r on r.school_id = @school_id and r.guardian_id = g.id and r.pupil_id = l.pupil_id
), judged as (
  select k.household_id, k.pupil_id, k.class_id, k.guardian_id, k.told,
    max(k.told) over (partition by k.household_id, k.pupil_id) as anybody_told,
    max(k.sees) over (partition by k.household_id, k.pupil_id) as anybody_sees,
    row_number() over (partition by k.household_id, k.pupil_id order by k.guardian_id) as nth
  from known k
), people as (
  select t.household_id, t.guardian_id, min(t.class_id) as class_id, string_agg(cast(t.pupil_id as text), ',' order by t.pupil_id) as pupils
  from judged t where t.told = 1 group by t.household_id, t.guardian_id
  union all
  select u.household_id, cast(null as bigint) as guardian_id, min(u.class_id) as class_id, string_agg(cast(u.pupil_id as text), ',' order by u.pupil_id) as pupils
  from judged u where u.nth = 1 and u.anybody_told = 0 and (u.guardian_id is null or u.anybody_sees = 1) group by u.household_id
)
insert into recipients (public_id, school_id, message_id, household_id, guardian_id, class_id, pupils, lang, roads, state, due_at)
select new_public_id(), cast(@school_id as bigint), cast(@message_id as bigint), x.household_id, x.guardian_id, x.class_id, '[' || x.pupils || ']',
  coalesce(nullif(g.page_lang, ''), nullif(g.lang, ''), nullif(h.page_lang, ''), cast(@school_lang as text)),
  case when g.id is null then 'paper' else
    case when g.road = '' then g.roads else g.road || ',' || trim(replace(',' || g.roads || ',', ',' || g.road || ',', ','), ',') end
    || case when g.road = 'paper' or ',' || g.roads || ',' like '%,paper,%' then '' else ',paper' end end,
  'new', cast(@due_at as bigint)
from people x
join households h on h.id = x.household_id and h.school_id + 0 = @school_id
left join guardians g on g.id = x.guardian_id and g.school_id + 0 = @school_id
order by x.household_id, x.guardian_id;

-- name: AddRecipient :one
-- One guardian gets a message, about the named children (none named: all) that the guardian may be told of.
with told as (
  select r.pupil_id, e.class_id
  from guardian_rights r
  join pupils p on p.school_id = r.school_id and p.id = r.pupil_id and p.left_at = 0
  left join enrolments e on e.school_id = r.school_id and e.pupil_id = r.pupil_id and e.to_date = ''
  where cast(r.school_id as bigint) = @school_id and r.guardian_id = @guardian_id and r.may_see and r.may_contact and not r.barred
    and (cast(@all_pupils as boolean) or r.pupil_id in (select value from json_each(cast(@pupils as text))))
), told_of as (
  select min(t.class_id) as class_id, string_agg(cast(t.pupil_id as text), ',' order by t.pupil_id) as pupils from told t
)
insert into recipients (public_id, school_id, message_id, household_id, guardian_id, class_id, pupils, lang, roads, state, due_at)
select new_public_id(), g.school_id, cast(@message_id as bigint), g.household_id, g.id, x.class_id, '[' || x.pupils || ']',
  coalesce(nullif(g.page_lang, ''), nullif(g.lang, ''), nullif(h.page_lang, ''), cast(@school_lang as text)),
  case when g.road = '' then g.roads else g.road || ',' || trim(replace(',' || g.roads || ',', ',' || g.road || ',', ','), ',') end
    || case when g.road = 'paper' or ',' || g.roads || ',' like '%,paper,%' then '' else ',paper' end, 'new', cast(@due_at as bigint)
from guardians g
join households h on h.school_id = g.school_id and h.id = g.household_id and h.ended_at = 0
join told_of x on x.pupils is not null
where g.school_id = @school_id and g.id = @guardian_id and g.ended_at = 0
returning id;

-- name: AddRecipientHome :one
-- A home gets a message on paper, "to the family of" the named children who live there.
with here as (
  select string_agg(cast(hp.pupil_id as text), ',' order by hp.pupil_id) as pupils
  from household_pupils hp
  join pupils p on p.school_id = hp.school_id and p.id = hp.pupil_id and p.left_at = 0
  where hp.school_id = @school_id and hp.household_id = @household_id
    and (cast(@all_pupils as boolean) or hp.pupil_id in (select value from json_each(cast(@pupils as text))))
)
insert into recipients (public_id, school_id, message_id, household_id, pupils, lang, roads, state, due_at)
select new_public_id(), h.school_id, cast(@message_id as bigint), h.id, '[' || x.pupils || ']', coalesce(nullif(h.page_lang, ''), cast(@school_lang as text)), 'paper', 'new', cast(@due_at as bigint)
from households h
join here x on x.pupils is not null
where h.school_id = @school_id and h.id = @household_id and h.ended_at = 0
returning id;

-- name: PreviewRecipients :many
-- Recipients as a preview counts them: like ones in one line, with one of them as the example.
select r.lang, r.roads, coalesce(g.email, '') <> '' as has_mail, coalesce(g.phone, '') <> '' as has_phone, coalesce(g.failed, '') as failed,
  cast(r.guardian_id is null as boolean) as nameless, cast(coalesce(g.stopped_at, 0) > 0 or h.paused_at > 0 as boolean) as quiet,
  cast(exists (select 1 from push_subscriptions p where p.school_id = r.school_id and p.guardian_id = r.guardian_id and p.ended_at = 0) as boolean) as has_push,
  count(*) as people, cast(min(r.id) as bigint) as example
from recipients r
join households h on h.school_id = r.school_id and h.id = r.household_id
left join guardians g on g.school_id = r.school_id and g.id = r.guardian_id
where r.school_id = @school_id and r.message_id = @message_id
group by 1, 2, 3, 4, 5, 6, 7, 8
order by 1, 2;

-- name: PreviewHomes :one
select count(distinct household_id) from recipients where cast(school_id as bigint) = @school_id and message_id = @message_id;

-- name: RecipientsByID :many
select * from recipients where cast(school_id as bigint) = @school_id and id in (select value from json_each(cast(@ids as text)));

-- name: SetDueNow :execrows
-- What was held back for its translation goes on.
update recipients set due_at = @due_at where school_id = @school_id and message_id = @message_id and state = 'new' and due_at > @due_at;

-- name: ClassesOfMessage :many
select id, public_id, name from classes
where school_id = @school_id and ended_at = 0
  and public_id in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@ids as text), '$'));

-- name: ClassIDsOfSchool :many
select id from classes where school_id = @school_id and ended_at = 0;

-- name: GroupsOfMessage :many
select id, public_id, name from groups
where school_id = @school_id and ended_at = 0
  and public_id in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@ids as text), '$'));

-- name: PupilsOfGroups :many
select distinct pupil_id from group_pupils
where school_id = @school_id and group_id in (select value from json_each(cast(@groups as text)));

-- name: HouseholdsOfMessage :many
-- Homes with their children of today, for those who chose families one by one. (+ 0 lets SQLite read the children of a home before
-- the classes, not all classes of the school first.)
select h.id as household_id, h.public_id as household_public_id, p.id as pupil_id, p.given, e.class_id
from households h
join household_pupils hp on hp.school_id = h.school_id and hp.household_id = h.id
join pupils p on p.school_id = hp.school_id and p.id = hp.pupil_id and p.left_at = 0
join enrolments e on e.school_id = hp.school_id and e.pupil_id = hp.pupil_id + 0 and e.to_date = ''
where cast(h.school_id as bigint) = @school_id and h.ended_at = 0
  and h.public_id in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@ids as text), '$'))
order by p.name_fold, p.id;

-- name: PupilsOfMessage :many
select p.id, p.public_id, p.given, e.class_id
from pupils p
join enrolments e on e.school_id = p.school_id and e.pupil_id = p.id and e.to_date = ''
where cast(p.school_id as bigint) = @school_id and p.left_at = 0
  and p.public_id in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@ids as text), '$'))
order by p.name_fold, p.id;

-- calling back -----------------------------------------------------------------------------------------------------

-- name: StopMessage :execrows
update messages set state = 'stopped', finished_at = @finished_at, version = version + 1
where school_id = @school_id and id = @id and state <> 'stopped';

-- name: CancelRecipients :many
-- Those to whom it has not gone. What a worker has in hand goes.
update recipients set state = 'cancelled', lead_id = null
where school_id = @school_id and message_id = @message_id
  and (state in ('new', 'waiting', 'paper', 'call', 'unreachable') or state = 'together' and sent_at = 0)
returning id;

-- letters ----------------------------------------------------------------------------------------------------------

-- name: MessagesForLetters :many
-- (across schools: a batch of letters may be of many schools, and names its messages by id)
select sqlc.embed(m), coalesce(a.name, '') as sender from messages m
left join accounts a on a.id = m.account_id
where m.id in (select value from json_each(cast(@messages as text)));

-- name: TextsForLetters :many
-- (across schools: a batch of letters may be of many schools, and names its messages by id)
select * from message_texts where message_id in (select value from json_each(cast(@messages as text)));

-- name: SchoolsForLetters :many
select id, public_id, name, lang, timezone, phone, office from schools where id in (select value from json_each(cast(@schools as text)));

-- name: PupilsForLetters :many
-- (across schools: a batch of letters may be of many schools, and names the pupils by id)
select p.id, p.given, coalesce(e.class_id, 0) as class_id, coalesce(c.name, '') as class_name
from pupils p
left join enrolments e on e.school_id = p.school_id and e.pupil_id = p.id and e.to_date = ''
left join classes c on c.school_id = p.school_id and c.id = e.class_id
where p.id in (select value from json_each(cast(@pupils as text)));

-- name: TeachersForLetters :many
-- (across schools: a batch of letters may be of many schools, and names the classes by id)
select sc.class_id, a.name from staff_classes sc
join staff st on st.id = sc.staff_id and st.school_id = sc.school_id and st.ended_at = 0
join accounts a on a.id = st.account_id
where sc.class_id in (select value from json_each(cast(@classes as text)))
order by a.name;

-- name: FilesForLetters :many
-- (across schools: a batch of letters may be of many schools, and names the files by their public ids)
select * from files
where ended_at = 0 and public_id in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@ids as text), '$'));

-- reading ----------------------------------------------------------------------------------------------------------

-- name: MessageByPublicID :one
select sqlc.embed(m), coalesce(a.name, '') as sender from messages m
left join accounts a on a.id = m.account_id
where m.school_id = @school_id and m.public_id = @public_id;

-- name: MessagePage :many
-- Messages from a place in the list downwards. Who does not see all classes sees those of one's own, and those to children of
-- one's classes: a letter about siblings has the class of one of them, and is looked for by all whom it names.
select sqlc.embed(m), coalesce(a.name, '') as sender from messages m
left join accounts a on a.id = m.account_id
where m.school_id = @school_id and m.id < @before and m.scope <> 'conversation'
  and (cast(@all_classes as boolean) or m.account_id = @account_id
    or exists (select 1 from recipients r where r.school_id = m.school_id and r.message_id = m.id
      and (r.class_id in (select value from json_each(cast(@classes as text)))
        or r.pupils like '%,%' and exists (select 1 from json_each(r.pupils) p join enrolments e on e.school_id = r.school_id and e.pupil_id = p.value and e.to_date = ''
          where e.class_id in (select value from json_each(cast(@classes as text)))))))
order by m.id desc
limit cast(@lim as bigint);

-- name: MayReadMessage :one
select exists (select 1 from recipients r where r.school_id = @school_id and r.message_id = @message_id
  and (r.class_id in (select value from json_each(cast(@classes as text)))
    or r.pupils like '%,%' and exists (select 1 from json_each(r.pupils) p join enrolments e on e.school_id = r.school_id and e.pupil_id = p.value and e.to_date = ''
      where e.class_id in (select value from json_each(cast(@classes as text))))));

-- name: CountRecipients :many
select message_id, state, lang, count(*) as people, cast(sum(parts) as bigint) as parts,
  cast(sum(case when sent_at > 0 then 1 else 0 end) as bigint) as went
from recipients
where school_id = @school_id and message_id in (select value from json_each(cast(@messages as text)))
group by message_id, state, lang;

-- name: CountRoads :many
select road, count(*) as people, cast(sum(parts) as bigint) as parts from recipients
where school_id = @school_id and message_id = @message_id and sent_at > 0
group by road order by road;

-- name: MayReadRecipient :one
-- Whether a letter is about a child of some classes.
select exists (select 1 from recipients r where r.school_id = @school_id and r.id = @id and (r.class_id in (select value from json_each(cast(@classes as text)))
  or r.pupils like '%,%' and exists (select 1 from json_each(r.pupils) p join enrolments e on e.school_id = r.school_id and e.pupil_id = p.value and e.to_date = ''
    where e.class_id in (select value from json_each(cast(@classes as text))))));

-- name: RecipientPage :many
-- Recipients from a place in the list on; states, lang and class narrow it, and who does not see all classes sees the own ones.
select sqlc.embed(r), coalesce(g.name, '') as guardian, coalesce(g.public_id, '') as guardian_public_id, h.public_id as household_public_id, h.label,
  coalesce(c.name, '') as class_name, coalesce(a.name, '') as handled_name
from recipients r
join households h on h.school_id = r.school_id and h.id = r.household_id
left join guardians g on g.school_id = r.school_id and g.id = r.guardian_id
left join classes c on c.school_id = r.school_id and c.id = r.class_id
left join accounts a on a.id = r.handled_by
where r.school_id = @school_id and r.message_id = @message_id and r.id > @after_id
  and (cast(@any_state as boolean) or r.state in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@states as text), '$')))
  and (cast(@lang as text) = '' or r.lang = @lang)
  and (cast(@all_classes as boolean) or r.class_id in (select value from json_each(cast(@classes as text)))
    or r.pupils like '%,%' and exists (select 1 from json_each(r.pupils) p join enrolments e on e.school_id = r.school_id and e.pupil_id = p.value and e.to_date = ''
      where e.class_id in (select value from json_each(cast(@classes as text)))))
order by r.id
limit cast(@lim as bigint);

-- name: TaskPage :many
-- What waits for a person: calls, and those whom no road reaches. The longest waiting first. State is asked twice: SQLite takes
-- the index of what waits only where its own condition stands here too.
select sqlc.embed(r), coalesce(g.name, '') as guardian, coalesce(g.public_id, '') as guardian_public_id, coalesce(g.phone, '') as phone,
  coalesce(g.email, '') as email, coalesce(g.langs, '') as langs, coalesce(g.failed, '') as failed,
  h.public_id as household_public_id, h.label, coalesce(c.name, '') as class_name, m.public_id as message_public_id
from recipients r
join messages m on m.school_id = r.school_id and m.id = r.message_id
join households h on h.school_id = r.school_id and h.id = r.household_id
left join guardians g on g.school_id = r.school_id and g.id = r.guardian_id
left join classes c on c.school_id = r.school_id and c.id = r.class_id
where r.school_id = @school_id and r.state in ('call', 'unreachable') and r.state in ('paper', 'call', 'unreachable') and r.id > @after_id
  and (cast(@all_classes as boolean) or r.class_id in (select value from json_each(cast(@classes as text)))
    or r.pupils like '%,%' and exists (select 1 from json_each(r.pupils) p join enrolments e on e.school_id = r.school_id and e.pupil_id = p.value and e.to_date = ''
      where e.class_id in (select value from json_each(cast(@classes as text)))))
order by r.id
limit cast(@lim as bigint);

-- name: TaskCount :one
select count(*) from recipients r
where r.school_id = @school_id and r.state in ('call', 'unreachable') and r.state in ('paper', 'call', 'unreachable')
  and (cast(@all_classes as boolean) or r.class_id in (select value from json_each(cast(@classes as text)))
    or r.pupils like '%,%' and exists (select 1 from json_each(r.pupils) p join enrolments e on e.school_id = r.school_id and e.pupil_id = p.value and e.to_date = ''
      where e.class_id in (select value from json_each(cast(@classes as text)))));

-- name: RecipientByPublicID :one
select sqlc.embed(r), m.public_id as message_public_id, m.about as message_about, m.title as message_title from recipients r
join messages m on m.school_id = r.school_id and m.id = r.message_id
where r.school_id = @school_id and r.public_id = @public_id;

-- name: SettleTask :execrows
-- A person has dealt with it: reached somebody, or leaves it.
update recipients set state = cast(@state as text), road = cast(@road as text), sent_at = case when sent_at = 0 then cast(@at as bigint) else sent_at end,
  arrived_at = cast(@at as bigint), answered_at = cast(@at as bigint), handled_at = cast(@at as bigint), handled_by = @handled_by, tries = tries + 1
where school_id = @school_id and id = @id and state in ('call', 'unreachable');

-- name: TryTask :execrows
-- A call that nobody took: it waits on.
update recipients set road = cast(@road as text), sent_at = case when sent_at = 0 then cast(@at as bigint) else sent_at end, tries = tries + 1,
  handled_at = cast(@at as bigint), handled_by = @handled_by
where school_id = @school_id and id = @id and state in ('call', 'unreachable');

-- texts ------------------------------------------------------------------------------------------------------------

-- name: SetMessageText :exec
insert into message_texts (school_id, message_id, lang, source, engine, title, body, updated_by, updated_at)
values (@school_id, @message_id, @lang, @source, @engine, @title, @body, @updated_by, @updated_at)
on conflict (message_id, lang) do update set source = excluded.source, engine = excluded.engine, title = excluded.title, body = excluded.body,
  updated_by = excluded.updated_by, updated_at = excluded.updated_at;

-- name: AddMachineText :exec
-- What a machine made never takes the place of what a person wrote.
insert into message_texts (school_id, message_id, lang, source, engine, title, body, updated_at)
values (@school_id, @message_id, @lang, 'machine', @engine, @title, @body, @updated_at)
on conflict (message_id, lang) do nothing;

-- name: TextsOfMessage :many
select t.*, coalesce(a.name, '') as updated_name from message_texts t
left join accounts a on a.id = t.updated_by
where t.school_id = @school_id and t.message_id = @message_id
order by t.lang;

-- name: TextLangs :many
-- Which languages the free texts of some messages are in.
select message_id, lang, source from message_texts
where school_id = @school_id and message_id in (select value from json_each(cast(@messages as text)));

-- name: LangsOfMessage :many
select lang, count(*) as people from recipients
where school_id = @school_id and message_id = @message_id
group by lang order by lang;

-- files ------------------------------------------------------------------------------------------------------------

-- name: AddFile :one
insert into files (public_id, school_id, household_id, blob_key, name, type, bytes, millis, created_by, created_at)
values (@public_id, @school_id, @household_id, @blob_key, @name, @type, @bytes, @millis, @created_by, @created_at)
returning id;

-- name: FilesToSend :many
-- Files that staff kept for a message of theirs.
select * from files
where cast(school_id as bigint) = @school_id and ended_at = 0 and household_id is null
  and public_id in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@ids as text), '$'));

-- name: UseFiles :exec
update files set used_at = @used_at
where cast(school_id as bigint) = @school_id and used_at = 0
  and public_id in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@ids as text), '$'));

-- name: FilesNobodyTook :many
-- (across schools: tidying looks at all of them)
select * from files where used_at = 0 and ended_at = 0 and household_id is null and created_at < @before order by created_at limit cast(@lim as bigint);

-- name: EndFile :execrows
update files set ended_at = @ended_at where school_id = @school_id and id = @id and used_at = 0 and ended_at = 0;

-- name: FileOfStaff :one
-- A file that goes with a message.
select * from files where school_id = @school_id and public_id = @public_id and ended_at = 0 and household_id is null;

-- name: ConversationsOfMessage :many
select guardian_id, public_id from conversations
where school_id = @school_id and message_id = @message_id and guardian_id in (select value from json_each(cast(@guardians as text)));

-- name: DropTask :execrows
-- Taken off the call list without anybody being reached by it.
update recipients set state = 'dropped', handled_at = cast(@at as bigint), handled_by = @handled_by
where school_id = @school_id and id = @id and state in ('call', 'unreachable');

-- name: NamesInMessage :many
-- Names that a message may have in it: of the children whom its letters are about, and of those who get them.
select p.given as name from recipients r
join json_each(r.pupils) x on true
join pupils p on p.id = x.value and cast(p.school_id as bigint) = r.school_id
where r.school_id = @school_id and r.message_id = @message_id
union
select p.family from recipients r
join json_each(r.pupils) x on true
join pupils p on p.id = x.value and cast(p.school_id as bigint) = r.school_id
where r.school_id = @school_id and r.message_id = @message_id
union
select g.name from recipients r
join guardians g on g.school_id = r.school_id and g.id = r.guardian_id
where r.school_id = @school_id and r.message_id = @message_id;
