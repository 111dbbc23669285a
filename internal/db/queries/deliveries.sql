-- The post (package messages): planning, claiming, settling, and what became of letters afterwards.
-- It serves all schools in the order in which letters are due, so most of these find their rows by the index
-- recipients_due(state, due_at, id), however large the table is. Where ids are given, the other conditions stand in casts: else
-- SQLite walks through the index of state, or of the school, and compares each row with the list.

-- name: PostDue :one
-- Whether there is anything to do. (across schools: one post serves all of them)
select
  cast(coalesce((select min(r.due_at) from recipients r where r.state = 'new' and r.due_at <= @now), 0) as bigint) as fresh,
  cast(coalesce((select min(r.due_at) from recipients r where r.state = 'waiting' and r.due_at <= @now), 0) as bigint) as waiting,
  cast(coalesce((select min(r.due_at) from recipients r where r.state = 'together' and r.due_at <= @now
    and exists (select 1 from recipients l where l.id = r.lead_id and l.state not in ('new', 'waiting', 'sending', 'together'))), 0) as bigint) as stray,
  cast(coalesce((select min(r.claimed_at) from recipients r where r.state = 'sending'), 0) as bigint) as claimed;

-- planning ---------------------------------------------------------------------------------------------------------

-- name: SchoolsToPlan :many
-- (across schools: the planner finds the schools that have something to plan)
select distinct x.school_id from (
  select school_id from recipients where state = 'new' and due_at <= @now order by due_at, id limit cast(@lim as bigint)
) x order by x.school_id;

-- name: PlansOf :one
select plans from schools where id = @id;

-- name: HoldSchool :one
-- One planner a school at a time: two would give a household more than its budget. It answers how many batches were planned, this
-- one too.
update schools set plans = plans + 1 where id = @id
returning plans;

-- name: FreshRecipients :many
select r.id, r.message_id, r.household_id, coalesce(r.guardian_id, 0) as guardian_id, r.pupils, r.roads, r.due_at, r.problem,
  m.public_id as message_public_id, m.account_id, m.scope, m.urgent, m.state as message_state
from recipients r join messages m on m.id = r.message_id and m.school_id = r.school_id
where r.state = 'new' and r.due_at <= @now and r.school_id = @school_id
order by r.due_at, r.id limit cast(@lim as bigint);

-- name: HomesToPlan :many
select id, amount, paused_at from households
where cast(school_id as bigint) = @school_id and id in (select value from json_each(cast(@households as text)));

-- name: PeopleToPlan :many
select g.id, g.household_id, g.email, g.phone, g.failed, g.quiet_from, g.quiet_to, g.weekend, g.stopped_at,
  cast((select count(*) from push_subscriptions p where p.school_id = g.school_id and p.guardian_id = g.id and p.ended_at = 0) as bigint) as phones
from guardians g
where g.school_id = @school_id and g.household_id in (select value from json_each(cast(@households as text))) and g.ended_at = 0;

-- name: WeekOfHomes :many
-- What households got since the beginning of the week.
select id, message_id, household_id, coalesce(guardian_id, 0) as guardian_id, road, sent_at
from recipients
where school_id = @school_id and household_id in (select value from json_each(cast(@households as text))) and sent_at >= @since;

-- name: AheadOfHomes :many
-- What waits for households.
select id, message_id, household_id, coalesce(guardian_id, 0) as guardian_id, road, due_at, coalesce(lead_id, 0) as lead_id
from recipients
where school_id = @school_id and household_id in (select value from json_each(cast(@households as text))) and sent_at = 0
  and state in ('waiting', 'sending', 'together', 'paper', 'call') and due_at >= @since;

-- name: MessagesOfWeek :many
-- The few messages that thousands of households got.
select id, scope, urgent, send_at from messages
where cast(school_id as bigint) = @school_id and id in (select value from json_each(cast(@ids as text)));

-- name: MayContact :many
-- Which pupils these guardians may be contacted about, now.
select guardian_id, pupil_id from guardian_rights
where cast(school_id as bigint) = @school_id and guardian_id in (select value from json_each(cast(@guardians as text))) and may_contact and not barred;

-- name: SetPlaces :execrows
update recipients set state = cast(json_extract(x.value, '$.s') as text), due_at = cast(json_extract(x.value, '$.d') as bigint),
  lead_id = nullif(cast(json_extract(x.value, '$.l') as bigint), 0), roads = cast(json_extract(x.value, '$.r') as text),
  road = cast(json_extract(x.value, '$.w') as text)
from json_each(cast(@rows as text), '$') as x
where cast(recipients.school_id as bigint) = @school_id and recipients.id = cast(json_extract(x.value, '$.i') as bigint) and cast(recipients.state as text) = 'new';

-- name: SetWaiting :execrows
-- SetPlaces for the many that just wait for one moment.
update recipients set state = 'waiting', due_at = @due_at
where cast(school_id as bigint) = @school_id and id in (select value from json_each(cast(@ids as text))) and cast(state as text) = 'new';

-- name: ClaimFresh :execrows
-- SetWaiting and ClaimRecipients in one, for a process that carries at once what it planned.
update recipients set state = 'sending', due_at = @due_at, claim = cast(@claim as text), claimed_at = @claimed_at
where cast(school_id as bigint) = @school_id and id in (select value from json_each(cast(@ids as text))) and cast(state as text) = 'new';

-- carrying ---------------------------------------------------------------------------------------------------------

-- name: DueRecipients :many
-- closed is a list in JSON of the roads (r) that take no more just now. (across schools: the post carries what is due, whose ever it is)
select r.id from recipients r
where r.state = 'waiting' and r.due_at <= @now
  and (cast(@closed as text) = '[]' or not exists (select 1 from json_each(cast(@closed as text), '$') where r.roads || ',' like cast(json_extract(value, '$.r') as text) || ',%'))
order by r.due_at, r.id limit cast(@lim as bigint);

-- name: DueUrgent :many
-- The same of messages that are urgent: they go first. It begins with these few messages, not with all that waits. (across schools:
-- the post carries what is due, whose ever it is)
select r.id from messages m cross join recipients r
where m.urgent and m.finished_at = 0 and r.message_id = m.id and r.school_id = m.school_id and r.state = 'waiting' and r.due_at <= @now
  and (cast(@closed as text) = '[]' or not exists (select 1 from json_each(cast(@closed as text), '$') where r.roads || ',' like cast(json_extract(value, '$.r') as text) || ',%'))
order by r.due_at, r.id limit cast(@lim as bigint);

-- name: ClaimRecipients :many
-- Whoever changes a row first has it. (across schools: the post carries what is due, whose ever it is)
update recipients set state = 'sending', claim = cast(@claim as text), claimed_at = @claimed_at
where id in (select value from json_each(cast(@ids as text))) and cast(state as text) = 'waiting'
returning id;

-- name: ClaimedRecipients :many
-- What a process had claimed. (across schools: a process carries for all of them)
select * from recipients where state = 'sending' and claim = cast(@claim as text);

-- name: ClaimedSome :many
-- Those of some rows that a process has. (across schools: a process carries for all of them)
select * from recipients
where id in (select value from json_each(cast(@ids as text))) and cast(state as text) = 'sending' and cast(claim as text) = cast(@claim as text)
order by id;

-- name: GiveBackClaim :execrows
-- (across schools: a process carries for all of them)
update recipients set state = 'waiting', claim = '', claimed_at = 0 where state = 'sending' and claim = cast(@claim as text);

-- name: GiveBackSome :execrows
-- (across schools: a process carries for all of them)
update recipients set state = 'waiting', claim = '', claimed_at = 0
where cast(state as text) = 'sending' and claim = cast(@claim as text) and id in (select value from json_each(cast(@ids as text)));

-- name: GiveBackOld :execrows
-- Claims of processes that do not come back. (across schools: a process carries for all of them)
update recipients set state = 'waiting', claim = '', claimed_at = 0 where state = 'sending' and claimed_at < @before;

-- name: FollowersOf :many
-- What goes along with these. (across schools: the rows were claimed for whichever schools they belong to)
select * from recipients where lead_id in (select value from json_each(cast(@ids as text))) and cast(state as text) = 'together';

-- name: PeopleToReach :many
-- Addresses and choices as they are now. (across schools: the rows were claimed for whichever schools they belong to)
select g.id, g.school_id, g.email, g.phone, g.failed, g.stopped_at, g.ended_at, h.paused_at
from guardians g join households h on h.id = g.household_id and h.school_id = g.school_id
where g.id in (select value from json_each(cast(@guardians as text)));

-- name: PhonesToReach :many
-- (across schools: the rows were claimed for whichever schools they belong to)
select id, guardian_id, endpoint, p256dh, auth from push_subscriptions
where guardian_id in (select value from json_each(cast(@guardians as text))) and ended_at = 0
order by id desc;

-- name: EndGonePhones :exec
-- (across schools: a push service told that these are gone)
update push_subscriptions set ended_at = @ended_at where id in (select value from json_each(cast(@ids as text))) and ended_at = 0;

-- name: SettleRecipients :many
-- Writes outcomes into rows that this process still has, and tells which they were: only these get a line in the ledger.
-- Who opened or answered it on the page meanwhile needs no road any more, nor a person. (across schools: a process carries for all of them)
update recipients set state = case
    when cast(json_extract(x.value, '$.s') as text) not in ('sent', 'paper', 'call', 'unreachable') then cast(json_extract(x.value, '$.s') as text)
    when recipients.answered_at > 0 then 'answered' when recipients.opened_at > 0 then 'opened' else cast(json_extract(x.value, '$.s') as text) end, due_at = cast(json_extract(x.value, '$.d') as bigint),
  roads = cast(json_extract(x.value, '$.r') as text), road = cast(json_extract(x.value, '$.w') as text),
  tries = cast(json_extract(x.value, '$.t') as bigint), ref = cast(json_extract(x.value, '$.f') as text),
  problem = cast(json_extract(x.value, '$.p') as text), parts = cast(json_extract(x.value, '$.n') as bigint),
  sent_at = cast(json_extract(x.value, '$.a') as bigint), claim = '', claimed_at = 0
from json_each(cast(@rows as text), '$') as x
where recipients.id = cast(json_extract(x.value, '$.i') as bigint) and cast(recipients.state as text) = 'sending' and recipients.claim = cast(@claim as text)
returning recipients.id;

-- name: SettleSent :many
-- SettleRecipients for the many that a road just took. (across schools: a process carries for all of them)
update recipients set state = case when answered_at > 0 then 'answered' when opened_at > 0 then 'opened' else 'sent' end, road = cast(@road as text), sent_at = @sent_at, ref = '', problem = '', parts = 0, claim = '', claimed_at = 0
where id in (select value from json_each(cast(@ids as text))) and cast(state as text) = 'sending' and cast(claim as text) = cast(@claim as text)
returning id;

-- name: SettleFollowers :many
-- The same for those that went along: sent_at says that they did, or they go the way of the one that leads them.
-- (across schools: a process carries for all of them)
update recipients set state = cast(json_extract(x.value, '$.s') as text), roads = cast(json_extract(x.value, '$.r') as text),
  road = cast(json_extract(x.value, '$.w') as text), problem = cast(json_extract(x.value, '$.p') as text), sent_at = cast(json_extract(x.value, '$.a') as bigint),
  lead_id = nullif(cast(json_extract(x.value, '$.l') as bigint), 0), due_at = cast(json_extract(x.value, '$.d') as bigint)
from json_each(cast(@list as text), '$') as x
where recipients.id = cast(json_extract(x.value, '$.i') as bigint) and cast(recipients.state as text) = 'together'
returning recipients.id;

-- name: FreeFollowers :execrows
-- What was to go along with letters that do not go is planned anew.
update recipients set state = 'new', lead_id = null, due_at = @due_at
where cast(school_id as bigint) = @school_id and lead_id in (select value from json_each(cast(@leads as text))) and cast(state as text) = 'together';

-- name: FreeStrays :execrows
-- The same for those whose lead went, or was called back, in the very moment in which they joined it.
-- (across schools: the post looks after all of them)
update recipients set state = 'new', lead_id = null, due_at = @now
where state = 'together' and due_at <= @now
  and exists (select 1 from recipients l where l.id = recipients.lead_id and l.state not in ('new', 'waiting', 'sending', 'together'));

-- name: AddOutbox :exec
insert into outbox (public_id, school_id, recipient_id, road, to_addr, lang, title, body_text, body_html, at)
select cast(json_extract(value, '$.public_id') as text), cast(@school_id as bigint), nullif(cast(json_extract(value, '$.recipient_id') as bigint), 0),
  cast(json_extract(value, '$.road') as text), cast(json_extract(value, '$.to') as text), cast(json_extract(value, '$.lang') as text),
  cast(json_extract(value, '$.title') as text), cast(json_extract(value, '$.text') as text), cast(json_extract(value, '$.html') as text),
  cast(json_extract(value, '$.at') as bigint)
from json_each(cast(@rows as text), '$');

-- name: FinishMessages :many
-- Messages of which nothing is on its way any more. (across schools: the messages of which a process carried the last letters)
update messages set state = 'finished', finished_at = @finished_at
where id in (select value from json_each(cast(@messages as text))) and finished_at = 0 and state in ('scheduled', 'going')
  and not exists (select 1 from recipients r where r.school_id = messages.school_id and r.message_id = messages.id
    and r.state in ('new', 'waiting', 'sending', 'together'))
returning id, school_id, public_id;

-- name: MessagesCarried :many
-- (across schools: the messages that a process carries letters of)
select id, school_id, public_id, about from messages where id in (select value from json_each(cast(@messages as text)));

-- name: SetGoing :execrows
update messages set state = 'going'
where cast(school_id as bigint) = @school_id and state = 'scheduled' and id in (select value from json_each(cast(@messages as text)));

-- the truth afterwards ---------------------------------------------------------------------------------------------

-- name: RecipientByRef :one
-- By what a road calls a letter. (across schools: a gateway or a mail server knows no schools)
select * from recipients where road = @road and ref = @ref and ref <> '' order by id desc limit 1;

-- name: RecipientOfLetter :one
-- By the id that a letter carries. (across schools: a mail server knows no schools)
select * from recipients where public_id = @public_id;

-- name: WentAlong :many
-- A letter and those that went along with it.
select * from recipients where cast(school_id as bigint) = @school_id and (id = @id or lead_id = @id);

-- name: SetDelivered :execrows
update recipients set state = 'delivered', arrived_at = @arrived_at
where cast(school_id as bigint) = @school_id and id in (select value from json_each(cast(@ids as text))) and cast(state as text) = 'sent';

-- name: SetBounced :many
-- Letters that were sent, and of which the road says that they did not arrive; what somebody opened has arrived.
update recipients set state = cast(@state as text), roads = cast(@roads as text), road = cast(@next_road as text), ref = '', problem = @problem, tries = 0,
  sent_at = 0, arrived_at = 0, due_at = @due_at, lead_id = null
where cast(school_id as bigint) = @school_id and id in (select value from json_each(cast(@ids as text))) and cast(road as text) = @road
  and cast(state as text) in ('sent', 'delivered') and opened_at = 0 and answered_at = 0
returning id, public_id;

-- name: HoldFailed :many
-- Changes nothing, but lets one process after the other come to the failed roads of a guardian: what is read before it is held
-- may be written over what another one notes meanwhile. (across schools: the rows were claimed for whichever schools they belong to)
update guardians set failed = failed where id in (select value from json_each(cast(@guardians as text)))
returning id, failed;

-- name: SetFailed :exec
-- (across schools: the rows were claimed for whichever schools they belong to)
update guardians set failed = cast(json_extract(x.value, '$.f') as text)
from json_each(cast(@rows as text), '$') as x
where guardians.id = cast(json_extract(x.value, '$.i') as bigint);

-- name: OffersOf :many
-- Lines of the ledger by which something was offered, and which nobody has taken back.
select c.* from contacts c
where c.school_id = @school_id and c.area = @area and c.stage = 'offered' and coalesce(c.corrects, 0) = 0
  and c.ref in (select cast(json_extract(value, '$.ref') as text) from json_each(cast(@refs as text), '$'))
  and not exists (select 1 from contacts x where x.school_id = c.school_id and x.corrects = c.id);
