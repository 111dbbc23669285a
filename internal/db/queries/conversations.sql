-- Conversations, their entries, and what was agreed (package messages).
-- A conversation must cost the same in a school with many: where a row is found by its id, by a home or by a person, the school
-- stands in a cast, for SQLite would else walk through all that the school has. A test looks at its plans.

-- name: AddConversation :execrows
-- 0: this guardian has one about the message already.
insert into conversations (public_id, school_id, household_id, guardian_id, pupil_id, class_id, pupils, message_id, title, started, sensitive, last_at, created_at)
values (@public_id, @school_id, @household_id, sqlc.narg('guardian_id'), sqlc.narg('pupil_id'), sqlc.narg('class_id'), @pupils, sqlc.narg('message_id'), @title, @started, @sensitive, @at, @at)
on conflict (guardian_id, message_id) where guardian_id is not null and message_id is not null do nothing;

-- name: ConversationAbout :one
select * from conversations where school_id = @school_id and guardian_id = cast(@guardian_id as bigint) and message_id = cast(@message_id as bigint);

-- name: ConversationByPublicID :one
select * from conversations where school_id = @school_id and public_id = @public_id;

-- name: HoldConversation :one
-- Changes nothing, but lets one transaction after the other come to a conversation.
update conversations set version = version where school_id = @school_id and id = @id returning *;

-- name: ConversationOfRecipient :one
-- The conversation in which staff sent this letter.
select c.* from conversations c
join entries e on e.school_id = c.school_id and e.conversation_id = c.id
where c.school_id = @school_id and e.recipient_id = cast(@recipient_id as bigint) and e.direction = 'out'
order by e.id limit 1;

-- name: ConversationPeople :one
-- Who a conversation is with, for its page.
select h.public_id as household, coalesce(g.public_id, '') as guardian, coalesce(g.name, '') as guardian_name, coalesce(g.phone, '') as phone, coalesce(g.reading, '') as reading,
  coalesce(g.stopped_at, 0) as stopped_at, h.paused_at,
  cast(case when coalesce(g.page_lang, '') <> '' then g.page_lang when coalesce(g.lang, '') <> '' then g.lang when h.page_lang <> '' then h.page_lang else sc.lang end as text) as lang,
  coalesce(o.public_id, '') as owner, coalesce(oa.name, '') as owner_name, coalesce(m.public_id, '') as message, coalesce(m.send_at, 0) as message_at
from conversations c
join schools sc on sc.id = c.school_id
join households h on h.id = c.household_id and h.school_id = c.school_id
left join guardians g on g.id = c.guardian_id and g.school_id = c.school_id
left join staff o on o.account_id = c.owner_id and o.school_id = c.school_id
left join accounts oa on oa.id = c.owner_id
left join messages m on m.id = c.message_id and m.school_id = c.school_id
where c.school_id = @school_id and c.id = @id;

-- name: PupilsInConversations :many
-- Names and the class of today of some pupils; one without a class has class 0.
select p.id, p.public_id, p.given, p.family, cast(coalesce(e.class_id, 0) as bigint) as class_id, coalesce(c.name, '') as class_name, coalesce(c.public_id, '') as class_public_id
from pupils p
left join enrolments e on e.school_id = p.school_id and e.pupil_id = p.id and e.to_date = ''
left join classes c on c.id = e.class_id and c.school_id = e.school_id
where p.school_id = @school_id and p.id in (select value from json_each(cast(@pupils as text)))
order by p.id;

-- name: AddEntry :one
insert into entries (public_id, school_id, conversation_id, direction, kind, road, body, lang, phrases, files, sealed, account_id, recipient_id, waited, at)
values (@public_id, @school_id, @conversation_id, @direction, @kind, @road, @body, @lang, @phrases, @files, @sealed, sqlc.narg('account_id'), sqlc.narg('recipient_id'), @waited, @at)
returning id;

-- name: MoveConversation :exec
-- After an entry: whom it waits for now, and since when.
update conversations set waits = @waits, waits_since = @waits_since, last_at = @last_at, owner_id = sqlc.narg('owner_id'), version = version + 1
where school_id = @school_id and id = @id;

-- name: SettleConversation :execrows
update conversations set waits = '', waits_since = 0, version = version + 1 where school_id = @school_id and id = @id and waits = 'staff';

-- name: HandOverConversation :execrows
update conversations set owner_id = sqlc.narg('owner_id'), version = version + 1 where school_id = @school_id and id = @id;

-- name: SetConversationSensitive :execrows
update conversations set sensitive = @yes, title = '', version = version + 1 where school_id = @school_id and id = @id and sensitive <> @yes;

-- name: SetSeenByStaff :execrows
-- at: of the last word that was shown. What came in meanwhile was not seen.
update conversations set seen_staff_at = @at where school_id = @school_id and id = @id and seen_staff_at < @at;

-- name: SetSeenByFamily :execrows
-- The same, for the guardian.
update conversations set seen_family_at = @at where school_id = @school_id and id = @id and seen_family_at < @at;

-- name: EntriesOf :many
-- Entries of a conversation from a place in it backwards, the latest first.
select sqlc.embed(e), coalesce(a.name, '') as account_name
from entries e
left join accounts a on a.id = e.account_id
where e.school_id = @school_id and e.conversation_id = @conversation_id and e.id < @before
order by e.id desc
limit cast(@lim as bigint);

-- name: LatestEntriesOf :many
-- What was said last in each of some conversations, in one direction or, with '', in any: what was said in the same moment (a
-- tap, words, a recording) is several entries.
select sqlc.embed(e), coalesce(a.name, '') as account_name
from conversations c
join entries e on e.school_id = c.school_id and e.conversation_id = c.id and (cast(@direction as text) = '' or e.direction = cast(@direction as text))
  and e.at = (select max(cast(x.at as bigint)) from entries x
    where x.school_id = c.school_id and x.conversation_id = c.id and (cast(@direction as text) = '' or x.direction = cast(@direction as text)))
left join accounts a on a.id = e.account_id
where c.school_id = @school_id and c.id in (select value from json_each(cast(@conversations as text)))
order by e.conversation_id, e.id;

-- name: EntryByPublicID :one
select sqlc.embed(e), coalesce(a.name, '') as account_name
from entries e
left join accounts a on a.id = e.account_id
where e.school_id = @school_id and e.conversation_id = @conversation_id and e.public_id = @public_id;

-- name: EntryByID :one
select * from entries where school_id = @school_id and id = @id;

-- name: EntryTextsOf :many
-- What some entries say in other languages: what was kept for the entry, before what was made for its letter.
select t.entry_id, t.lang, t.source, t.engine, t.body, 1 as own from entry_texts t
where t.school_id = @school_id and t.entry_id in (select value from json_each(cast(@entries as text)))
union all
select e.id, t.lang, t.source, t.engine, t.body, 0 from entries e
join recipients r on r.id = e.recipient_id and r.school_id = e.school_id
join message_texts t on t.message_id = r.message_id and t.school_id = e.school_id
where cast(e.school_id as bigint) = @school_id and e.direction = 'out' and e.sealed = @unsealed and e.id in (select value from json_each(cast(@entries as text)));

-- name: SetEntryText :exec
insert into entry_texts (school_id, entry_id, lang, source, engine, body, updated_by, updated_at)
values (@school_id, @entry_id, @lang, @source, @engine, @body, sqlc.narg('updated_by'), @updated_at)
on conflict (entry_id, lang) do update set source = excluded.source, engine = excluded.engine, body = excluded.body, updated_by = excluded.updated_by, updated_at = excluded.updated_at;

-- name: SealEntries :exec
-- Puts sealed words and slots in the place of open ones.
update entries set body = cast(json_extract(x.value, '$.body') as text), phrases = cast(json_extract(x.value, '$.phrases') as text), sealed = @yes
from json_each(cast(@rows as text), '$') as x
where cast(entries.school_id as bigint) = @school_id and entries.id = cast(json_extract(x.value, '$.id') as bigint);

-- name: SealEntryTexts :exec
update entry_texts set body = cast(json_extract(x.value, '$.body') as text)
from json_each(cast(@rows as text), '$') as x
where cast(entry_texts.school_id as bigint) = @school_id and entry_texts.entry_id = cast(json_extract(x.value, '$.id') as bigint)
  and entry_texts.lang = cast(json_extract(x.value, '$.lang') as text);

-- name: RenameFiles :exec
-- A name can tell what is in a file.
update files set name = cast(json_extract(x.value, '$.name') as text)
from json_each(cast(@rows as text), '$') as x
where cast(files.school_id as bigint) = @school_id and files.public_id = cast(json_extract(x.value, '$.id') as text);

-- name: CountSaid :one
-- What a guardian has said since a moment.
select count(*) from entries e
join conversations c on c.id = e.conversation_id and c.school_id = e.school_id
where c.school_id = @school_id and c.guardian_id = cast(@guardian_id as bigint) and e.direction = 'in' and e.at >= @since;

-- name: InboxWaiting :many
-- Conversations that wait for staff, the longest waiting first, about pupils of some classes of today (all_classes: of all).
select c.*, h.public_id as household, coalesce(g.name, '') as guardian_name, coalesce(g.phone, '') as phone, coalesce(g.reading, '') as reading, coalesce(o.name, '') as owner_name
from conversations c
join households h on h.id = c.household_id and h.school_id = c.school_id
left join guardians g on g.id = c.guardian_id and g.school_id = c.school_id
left join accounts o on o.id = c.owner_id
where c.school_id = @school_id and c.waits = 'staff'
  and (c.waits_since > @since or (c.waits_since = @since and c.id > @after_id))
  and (cast(@all_classes as boolean) or exists (select 1 from json_each(c.pupils) p join enrolments e on e.school_id = c.school_id and e.pupil_id = p.value and e.to_date = ''
    where e.class_id in (select value from json_each(cast(@classes as text)))))
order by c.waits_since, c.id
limit cast(@lim as bigint);

-- name: InboxLatest :many
-- Conversations, the latest first, of one owner or, with 0, of all.
select c.*, h.public_id as household, coalesce(g.name, '') as guardian_name, coalesce(g.phone, '') as phone, coalesce(g.reading, '') as reading, coalesce(o.name, '') as owner_name
from conversations c
join households h on h.id = c.household_id and h.school_id = c.school_id
left join guardians g on g.id = c.guardian_id and g.school_id = c.school_id
left join accounts o on o.id = c.owner_id
where c.school_id = @school_id and (c.last_at < @before or (c.last_at = @before and c.id < @before_id))
  and (cast(@owner_id as bigint) = 0 or c.owner_id = cast(@owner_id as bigint))
  and (cast(@all_classes as boolean) or exists (select 1 from json_each(c.pupils) p join enrolments e on e.school_id = c.school_id and e.pupil_id = p.value and e.to_date = ''
    where e.class_id in (select value from json_each(cast(@classes as text)))))
order by c.last_at desc, c.id desc
limit cast(@lim as bigint);

-- name: CountWaiting :one
-- How many wait, at most lim.
select count(*) from (select 1 as one from conversations c
where c.school_id = @school_id and c.waits = 'staff'
  and (cast(@all_classes as boolean) or exists (select 1 from json_each(c.pupils) p join enrolments e on e.school_id = c.school_id and e.pupil_id = p.value and e.to_date = ''
    where e.class_id in (select value from json_each(cast(@classes as text)))))
limit cast(@lim as bigint)) w;

-- name: InboxOfHousehold :many
select c.*, h.public_id as household, coalesce(g.name, '') as guardian_name, coalesce(g.phone, '') as phone, coalesce(g.reading, '') as reading, coalesce(o.name, '') as owner_name
from conversations c
join households h on h.id = c.household_id and h.school_id = c.school_id
left join guardians g on g.id = c.guardian_id and g.school_id = c.school_id
left join accounts o on o.id = c.owner_id
where c.school_id = @school_id and c.household_id = @household_id
  and (cast(@all_classes as boolean) or exists (select 1 from json_each(c.pupils) p join enrolments e on e.school_id = c.school_id and e.pupil_id = p.value and e.to_date = ''
    where e.class_id in (select value from json_each(cast(@classes as text)))))
order by cast(c.last_at as bigint) desc, c.id desc
limit cast(@lim as bigint);

-- name: ConversationsOfGuardian :many
select sqlc.embed(c), coalesce(o.name, '') as owner_name from conversations c
left join accounts o on o.id = c.owner_id
where c.school_id = @school_id and c.guardian_id = cast(@guardian_id as bigint)
order by cast(c.last_at as bigint) desc, c.id desc
limit cast(@lim as bigint);

-- name: Colleagues :many
-- Staff who see every class, and teachers of these classes.
select st.public_id, st.account_id, st.role, cast(case when st.name <> '' then st.name else a.name end as text) as name
from staff st join accounts a on a.id = st.account_id
where st.school_id = @school_id and st.ended_at = 0 and a.disabled_at = 0
  and (st.role in ('director', 'care') or exists (select 1 from staff_classes sc where sc.school_id = st.school_id and sc.staff_id = st.id
    and sc.class_id in (select value from json_each(cast(@classes as text)))))
order by a.name, st.id;

-- name: RecipientsOnPage :many
-- What a guardian has got, the latest first; answers in conversations stand elsewhere.
select r.* from recipients r
join messages m on m.id = r.message_id and m.school_id = r.school_id
where r.school_id = @school_id and r.guardian_id = cast(@guardian_id as bigint) and r.state <> 'cancelled' and m.scope <> 'conversation' and m.send_at <= @now
  and r.id < @before
order by r.id desc
limit cast(@lim as bigint);

-- name: ConversationsAbout :many
-- The conversations of a guardian about some messages.
select message_id, public_id from conversations
where school_id = @school_id and guardian_id = cast(@guardian_id as bigint) and message_id in (select value from json_each(cast(@messages as text)));

-- name: RecipientOfGuardian :one
select r.* from recipients r
join messages m on m.id = r.message_id and m.school_id = r.school_id
where r.school_id = @school_id and r.public_id = @public_id and r.guardian_id = cast(@guardian_id as bigint) and r.state <> 'cancelled' and m.send_at <= @now;

-- name: RecipientAbout :one
-- The letter that a conversation of a guardian is about.
select r.* from recipients r
where r.school_id = @school_id and r.message_id = @message_id and r.household_id = @household_id and coalesce(r.guardian_id, 0) = cast(@guardian_id as bigint)
  and r.state <> 'cancelled';

-- name: MessageByID :one
select * from messages where school_id = @school_id and id = @id;

-- name: SetRecipientOpened :execrows
-- What is on its way keeps its state: the road goes on, and its outcome is written by who carries.
update recipients set opened_at = @at, state = case when state in ('sent', 'together', 'delivered', 'paper', 'call', 'unreachable', 'dropped') then 'opened' else state end
where school_id = @school_id and id = @id and opened_at = 0;

-- name: SetRecipientAnswered :exec
update recipients set answered_at = case when answered_at = 0 then @at else answered_at end, answer = @answer,
  state = case when state in ('sent', 'together', 'delivered', 'paper', 'call', 'unreachable', 'dropped', 'opened') then 'answered' else state end
where school_id = @school_id and id = @id;

-- name: GuardianForReply :one
-- Somebody who answered by mail or SMS, as the personal page knows them.
select g.id, g.public_id, g.name, g.household_id, h.public_id as household, g.stopped_at, h.paused_at, s.public_id as school_public_id, s.slug, s.name as school_name, s.lang as school_lang, s.timezone,
  cast(case when g.page_lang <> '' then g.page_lang when g.lang <> '' then g.lang when h.page_lang <> '' then h.page_lang else s.lang end as text) as lang
from guardians g
join households h on h.id = g.household_id and h.school_id = g.school_id
join schools s on s.id = g.school_id
where g.school_id = @school_id and g.id = @id and g.ended_at = 0 and h.ended_at = 0 and s.closed_at = 0;

-- name: HeardOn :many
-- About which of these pupils a guardian is heard: may see them, is not barred, and they are still at the school and in the home.
select p.id, p.public_id, p.given, cast(coalesce(e.class_id, 0) as bigint) as class_id
from guardian_rights r
join guardians g on g.id = r.guardian_id and g.school_id = cast(r.school_id as bigint)
join household_pupils hp on hp.school_id = r.school_id and hp.household_id = g.household_id and hp.pupil_id = r.pupil_id
join pupils p on p.id = r.pupil_id and p.school_id = r.school_id and p.left_at = 0
left join enrolments e on e.school_id = p.school_id and e.pupil_id = p.id and e.to_date = ''
where cast(r.school_id as bigint) = @school_id and r.guardian_id = @guardian_id and r.may_see and not r.barred
order by p.id;

-- name: SaidFile :one
-- A file that stands in one of a guardian's conversations.
select sqlc.embed(f), c.public_id as conversation, c.sensitive, c.pupils from conversations c
cross join entries e
join files f on f.school_id = e.school_id and f.public_id = @public_id and f.ended_at = 0
where c.school_id = @school_id and e.school_id = c.school_id and e.conversation_id = c.id and c.guardian_id = cast(@guardian_id as bigint) and e.files like '%"' || f.public_id || '"%'
limit 1;

-- name: SentFile :one
-- A file that stands in a message to a guardian.
select sqlc.embed(f), r.public_id as recipient, m.sensitive, r.pupils from recipients r
join messages m on m.id = r.message_id and m.school_id = r.school_id and m.send_at <= @now
join files f on f.school_id = r.school_id and f.public_id = @public_id and f.ended_at = 0
where r.school_id = @school_id and r.guardian_id = cast(@guardian_id as bigint) and r.state <> 'cancelled' and m.files like '%"' || f.public_id || '"%'
limit 1;

-- name: ConversationFile :one
select f.* from files f
join entries e on e.school_id = f.school_id and e.conversation_id = @conversation_id and e.files like '%"' || f.public_id || '"%'
where f.school_id = @school_id and f.public_id = @public_id and f.ended_at = 0
limit 1;

-- name: FilesByPublicID :many
select * from files where cast(school_id as bigint) = @school_id and ended_at = 0 and public_id in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@files as text), '$'));

-- name: AddAgreement :exec
insert into agreements (public_id, school_id, household_id, pupil_id, conversation_id, body, lang, texts, who, to_day, look_back, created_by, created_at)
values (@public_id, @school_id, @household_id, sqlc.narg('pupil_id'), sqlc.narg('conversation_id'), @body, @lang, @texts, @who, @to_day, @look_back, sqlc.narg('created_by'), @created_at);

-- name: AgreementByPublicID :one
select sqlc.embed(g), coalesce(c.public_id, '') as conversation, coalesce(c.sensitive, false) as sealed, coalesce(c.guardian_id, 0) as guardian_id
from agreements g
left join conversations c on c.id = g.conversation_id and c.school_id = g.school_id
where g.school_id = @school_id and g.public_id = @public_id;

-- name: AgreementsOfHousehold :many
-- Those that hold first, then what ended latest. What is sealed only for the guardian with whom it was agreed (sealed_for; 0:
-- nobody).
select g.*, coalesce(p.given, '') as given, coalesce(a.name, '') as account_name, coalesce(c.public_id, '') as conversation,
  coalesce(c.sensitive, false) as sealed, coalesce(c.guardian_id, 0) as guardian_id
from agreements g
left join pupils p on p.id = g.pupil_id and p.school_id = g.school_id
left join accounts a on a.id = g.created_by
left join conversations c on c.id = g.conversation_id and c.school_id = g.school_id
where g.school_id = @school_id and g.household_id = @household_id
  and (not coalesce(c.sensitive, false) or c.guardian_id = cast(@sealed_for as bigint))
  and (g.pupil_id is null or g.pupil_id in (select value from json_each(cast(@pupils as text))))
order by case when g.ended_at = 0 then 0 else 1 end, g.ended_at desc, g.id desc
limit cast(@lim as bigint);

-- name: AgreementsByPublicID :many
select g.*, coalesce(p.given, '') as given, coalesce(a.name, '') as account_name, coalesce(c.public_id, '') as conversation,
  coalesce(c.sensitive, false) as sealed, coalesce(c.guardian_id, 0) as guardian_id
from agreements g
left join pupils p on p.id = g.pupil_id and p.school_id = g.school_id
left join accounts a on a.id = g.created_by
left join conversations c on c.id = g.conversation_id and c.school_id = g.school_id
where cast(g.school_id as bigint) = @school_id and g.public_id in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@agreements as text), '$'));

-- name: AgreementsToLookBack :many
-- Those whose day to look back has come, of homes with a child in some classes; one that is sealed (its words stand in its
-- conversation only), where the conversation is about a child in them.
select g.public_id, g.look_back, h.public_id as household, coalesce(p.given, '') as given, coalesce(c.public_id, '') as conversation, coalesce(c.sensitive, false) as sealed,
  cast(case when c.sensitive then '' else g.body end as text) as body
from agreements g
join households h on h.id = g.household_id and h.school_id = g.school_id
left join pupils p on p.id = g.pupil_id and p.school_id = g.school_id
left join conversations c on c.id = g.conversation_id and c.school_id = g.school_id
where g.school_id = @school_id and g.ended_at = 0 and g.look_back <> '' and g.look_back <= @today
  and (cast(@all_classes as boolean)
    or not coalesce(c.sensitive, false) and exists (select 1 from household_pupils hp join enrolments e on e.school_id = hp.school_id and e.pupil_id = hp.pupil_id and e.to_date = ''
      where hp.school_id = g.school_id and hp.household_id = g.household_id and (g.pupil_id is null or hp.pupil_id = g.pupil_id)
        and e.class_id in (select value from json_each(cast(@classes as text))))
    or c.sensitive and exists (select 1 from json_each(c.pupils) x join enrolments e on e.school_id = c.school_id and e.pupil_id = x.value and e.to_date = ''
      where e.class_id in (select value from json_each(cast(@classes as text)))))
order by g.look_back, g.id
limit cast(@lim as bigint);

-- name: ConfirmAgreement :execrows
update agreements set confirmed_at = @at where school_id = @school_id and id = @id and confirmed_at = 0 and ended_at = 0;

-- name: EndAgreement :execrows
update agreements set ended_at = @at, how = @how where school_id = @school_id and id = @id and ended_at = 0;

-- name: SetAgreementTexts :execrows
update agreements set texts = @texts where school_id = @school_id and id = @id;

-- name: AddSaidFile :exec
insert into files (public_id, school_id, household_id, blob_key, name, type, bytes, millis, created_by, created_at, used_at)
values (@public_id, @school_id, @household_id, @blob_key, @name, @type, @bytes, @millis, sqlc.narg('created_by'), @created_at, @created_at);

-- name: AddEntryMachineText :exec
-- What a person wrote stays.
insert into entry_texts (school_id, entry_id, lang, source, engine, body, updated_at)
values (@school_id, @entry_id, @lang, @source, @engine, @body, @updated_at)
on conflict (entry_id, lang) do nothing;

-- name: SchoolLang :one
select lang from schools where id = @school_id;

-- name: UnseenLetters :many
-- Letters that brought answers in a conversation up to a moment and were not opened yet.
select r.* from recipients r
join entries e on e.school_id = r.school_id and e.recipient_id = r.id and e.direction = 'out'
where r.school_id = @school_id and e.conversation_id = @conversation_id and r.opened_at = 0 and cast(e.at as bigint) <= @until
order by r.id;

-- name: ChildrenOfTalks :many
select c.id, p.given from conversations c
join pupils p on cast(p.school_id as bigint) = c.school_id and p.id in (select value from json_each(c.pupils))
where cast(c.school_id as bigint) = @school_id and c.id in (select value from json_each(cast(@conversations as text)))
order by c.id, p.id;

-- name: OpenLettersOf :many
-- The letters of a conversation whose words are not sealed.
select m.* from messages m
where m.school_id = @school_id and m.scope = 'conversation' and m.sensitive <> @yes and m.id in (select r.message_id from recipients r
  join entries e on e.school_id = r.school_id and e.recipient_id = r.id and e.direction = 'out'
  where r.school_id = @school_id and e.conversation_id = @conversation_id)
order by m.id;

-- name: HoldMessage :one
-- Changes nothing, but lets who writes a text of a message and who seals it come one after the other.
update messages set version = version where school_id = @school_id and id = @id returning *;

-- name: SealLetter :exec
update messages set title = @title, body = @body, phrases = @phrases, sensitive = @yes where school_id = @school_id and id = @id;

-- name: TextsOfLetter :many
select * from message_texts where school_id = @school_id and message_id = @message_id;

-- name: NamesInConversation :many
-- Names that words in a conversation may have in them: of the children whom it is about, and of all guardians of the home.
select p.given as name from conversations c
join pupils p on cast(p.school_id as bigint) = c.school_id and p.id in (select value from json_each(c.pupils))
where c.school_id = @school_id and c.id = @conversation_id
union
select p.family from conversations c
join pupils p on cast(p.school_id as bigint) = c.school_id and p.id in (select value from json_each(c.pupils))
where c.school_id = @school_id and c.id = @conversation_id
union
select g.name from conversations c
join guardians g on g.school_id = c.school_id and g.household_id = c.household_id
where c.school_id = @school_id and c.id = @conversation_id;

-- name: AgreementsOfConversation :many
select * from agreements where school_id = @school_id and household_id = @household_id and conversation_id = cast(@conversation_id as bigint) order by id;

-- name: SealAgreement :exec
update agreements set body = @body, texts = @texts where school_id = @school_id and id = @id;

-- name: EmptyOutbox :exec
-- What was kept of the letters of a conversation loses its words.
update outbox set title = '', body_text = '', body_html = '' where outbox.school_id = @school_id and outbox.recipient_id in (select e.recipient_id from entries e
  where e.school_id = @school_id and e.conversation_id = @conversation_id and e.recipient_id is not null);
