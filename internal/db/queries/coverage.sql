-- What coverage reads, kept beside the ledger by package contact: marks and reached. Reports of package insight.

-- name: SchoolZone :one
select timezone from schools where id = @school_id;

-- name: AddMarks :exec
-- Adds to the marks; n is below zero where a contact is taken back. The rows come sorted, so that two writers do not wait
-- for each other in a circle.
insert into marks (school_id, week, household_id, pupil_id, area, road, lang,
  offered, tried, arrived, answered, positive, neutral, worry, by_school, by_family, logistics, learning)
select cast(@school_id as bigint), x.week, x.household_id, x.pupil_id, x.area, x.road, x.lang,
  cast(sum(case when x.stage = 'offered' then x.n else 0 end) as bigint), cast(sum(case when x.stage = 'tried' then x.n else 0 end) as bigint),
  cast(sum(case when x.stage = 'arrived' then x.n else 0 end) as bigint), cast(sum(case when x.stage = 'answered' then x.n else 0 end) as bigint),
  cast(sum(case when x.tone = 'positive' then x.n else 0 end) as bigint), cast(sum(case when x.tone = 'neutral' then x.n else 0 end) as bigint),
  cast(sum(case when x.tone = 'worry' then x.n else 0 end) as bigint),
  cast(sum(case when x.direction = 'out' then x.n else 0 end) as bigint), cast(sum(case when x.direction = 'in' then x.n else 0 end) as bigint),
  cast(sum(case when x.about = 'logistics' then x.n else 0 end) as bigint), cast(sum(case when x.about = 'learning' then x.n else 0 end) as bigint)
from (
  select cast(json_extract(value, '$.w') as text) as week, cast(json_extract(value, '$.h') as bigint) as household_id, cast(json_extract(value, '$.p') as bigint) as pupil_id,
    cast(json_extract(value, '$.a') as text) as area, cast(json_extract(value, '$.r') as text) as road, cast(json_extract(value, '$.l') as text) as lang,
    cast(json_extract(value, '$.s') as text) as stage, cast(json_extract(value, '$.t') as text) as tone, cast(json_extract(value, '$.d') as text) as direction,
    cast(json_extract(value, '$.b') as text) as about, cast(json_extract(value, '$.n') as bigint) as n
  from (select value from json_each(cast(@rows as text), '$') limit 1000000000 offset 0) given
) x
where true
group by x.household_id, x.week, x.pupil_id, x.area, x.road, x.lang
order by x.household_id, x.week, x.pupil_id, x.area, x.road, x.lang
on conflict (school_id, week, household_id, pupil_id, area, road, lang) do update set
  offered = marks.offered + excluded.offered, tried = marks.tried + excluded.tried, arrived = marks.arrived + excluded.arrived, answered = marks.answered + excluded.answered,
  positive = marks.positive + excluded.positive, neutral = marks.neutral + excluded.neutral, worry = marks.worry + excluded.worry,
  by_school = marks.by_school + excluded.by_school, by_family = marks.by_family + excluded.by_family,
  logistics = marks.logistics + excluded.logistics, learning = marks.learning + excluded.learning;

-- name: AddMarksAlike :exec
-- AddMarks for many of one kind: each row says only whom it is about, and how often. No household, pupil and language twice.
insert into marks (school_id, week, household_id, pupil_id, area, road, lang,
  offered, tried, arrived, answered, positive, neutral, worry, by_school, by_family, logistics, learning)
select cast(@school_id as bigint), cast(@week as text), x.household_id, x.pupil_id, cast(@area as text), cast(@road as text), x.lang,
  x.n * cast(@offered as bigint), x.n * cast(@tried as bigint), x.n * cast(@arrived as bigint), x.n * cast(@answered as bigint),
  x.n * cast(@positive as bigint), x.n * cast(@neutral as bigint), x.n * cast(@worry as bigint), x.n * cast(@by_school as bigint),
  x.n * cast(@by_family as bigint), x.n * cast(@logistics as bigint), x.n * cast(@learning as bigint)
from (
  select cast(json_extract(value, '$.h') as bigint) as household_id, cast(json_extract(value, '$.p') as bigint) as pupil_id,
    cast(json_extract(value, '$.l') as text) as lang, cast(json_extract(value, '$.n') as bigint) as n
  from (select value from json_each(cast(@rows as text), '$') limit 1000000000 offset 0) given
) x
where true
on conflict (school_id, week, household_id, pupil_id, area, road, lang) do update set
  offered = marks.offered + excluded.offered, tried = marks.tried + excluded.tried, arrived = marks.arrived + excluded.arrived, answered = marks.answered + excluded.answered,
  positive = marks.positive + excluded.positive, neutral = marks.neutral + excluded.neutral, worry = marks.worry + excluded.worry,
  by_school = marks.by_school + excluded.by_school, by_family = marks.by_family + excluded.by_family,
  logistics = marks.logistics + excluded.logistics, learning = marks.learning + excluded.learning;

-- name: DropEmptyMarks :exec
-- Each contact has one stage: a mark without any is about nothing.
delete from marks
where school_id = @school_id and week = @week and household_id = @household_id and offered = 0 and tried = 0 and arrived = 0 and answered = 0;

-- name: TouchReached :exec
-- Keeps reached with some new contacts, a row a household: how many offers, and when it was reached (0: not). What came in
-- order is counted at once; what did not (offers -1, also when the row itself says so) is counted anew by RecountReached. It
-- also holds the household until the transaction ends, so that nobody counts it meanwhile.
insert into reached (household_id, school_id, first_at, last_at, reached_at, offers)
select cast(json_extract(value, '$.h') as bigint), cast(@school_id as bigint), cast(json_extract(value, '$.f') as bigint),
  cast(json_extract(value, '$.l') as bigint), cast(json_extract(value, '$.r') as bigint), cast(json_extract(value, '$.o') as bigint)
from (select value from json_each(cast(@rows as text), '$') limit 1000000000 offset 0) given
where true
on conflict (household_id) do update set
  first_at = case when excluded.first_at < reached.first_at then excluded.first_at else reached.first_at end,
  last_at = case when excluded.last_at > reached.last_at then excluded.last_at else reached.last_at end,
  reached_at = case when excluded.reached_at > reached.reached_at then excluded.reached_at else reached.reached_at end,
  offers = case
    when reached.offers < 0 then reached.offers
    when excluded.offers < 0 then -1
    when excluded.reached_at = 0 and excluded.first_at > reached.reached_at then reached.offers + excluded.offers
    when excluded.reached_at > 0 and excluded.reached_at <= reached.reached_at then reached.offers
    when excluded.reached_at > 0 and excluded.reached_at >= reached.last_at then 0
    else -1 end;

-- name: TouchReachedAlike :exec
-- TouchReached for offers of one moment.
insert into reached (household_id, school_id, first_at, last_at, reached_at, offers)
select cast(json_extract(value, '$.h') as bigint), cast(@school_id as bigint), cast(@at as bigint), cast(@at as bigint), 0, cast(json_extract(value, '$.o') as bigint)
from (select value from json_each(cast(@rows as text), '$') limit 1000000000 offset 0) given
where true
on conflict (household_id) do update set
  first_at = case when excluded.first_at < reached.first_at then excluded.first_at else reached.first_at end,
  last_at = case when excluded.last_at > reached.last_at then excluded.last_at else reached.last_at end,
  reached_at = case when excluded.reached_at > reached.reached_at then excluded.reached_at else reached.reached_at end,
  offers = case
    when reached.offers < 0 then reached.offers
    when excluded.offers < 0 then -1
    when excluded.reached_at = 0 and excluded.first_at > reached.reached_at then reached.offers + excluded.offers
    when excluded.reached_at > 0 and excluded.reached_at <= reached.reached_at then reached.offers
    when excluded.reached_at > 0 and excluded.reached_at >= reached.last_at then 0
    else -1 end;

-- name: MarkForRecount :exec
-- Holds some households until the transaction ends. What Rebuild is still to remake stays marked for it.
update reached set offers = case when offers = -2 and not cast(@rebuilt as boolean) then -2 else -1 end
where cast(school_id as bigint) = @school_id and household_id in (select value from json_each(cast(@households as text)));

-- name: RecountReached :exec
-- Counts households that are marked with -1 anew, from all that the ledger has about them.
with seen as (
  select c.household_id, c.stage, c.at
  from contacts c
  where c.school_id = @school_id and coalesce(c.corrects, 0) = 0
    and c.household_id in (select r.household_id from reached r where r.school_id = @school_id and r.offers < 0 and r.offers = -1)
    and not exists (select 1 from contacts x where x.school_id = c.school_id and x.corrects = c.id)
), came as (
  select household_id, max(at) as at from seen where stage in ('arrived', 'answered') group by household_id
)
insert into reached (household_id, school_id, first_at, last_at, reached_at, offers)
select s.household_id, cast(@school_id as bigint), cast(min(s.at) as bigint), cast(max(s.at) as bigint), cast(coalesce(max(came.at), 0) as bigint),
  cast(sum(case when s.stage in ('offered', 'tried') and s.at > coalesce(came.at, 0) then 1 else 0 end) as bigint)
from seen s left join came on came.household_id = s.household_id
where true
group by s.household_id
on conflict (household_id) do update set
  first_at = excluded.first_at, last_at = excluded.last_at, reached_at = excluded.reached_at, offers = excluded.offers;

-- name: DropUnreached :exec
-- What is left marked after RecountReached has no contact any more.
delete from reached where school_id = @school_id and offers < 0 and offers = -1;

-- name: MarkForRebuild :exec
insert into reached (household_id, school_id, first_at, last_at, reached_at, offers)
select c.household_id, cast(@school_id as bigint), cast(min(c.at) as bigint), cast(max(c.at) as bigint), 0, -2 from contacts c
where c.school_id = @school_id
group by c.household_id
on conflict (household_id) do update set offers = -2;

-- name: MarkStrayForRebuild :exec
-- Households with marks but without a contact.
update reached set offers = -2 where school_id = @school_id and offers <> -2;

-- name: SchoolsToRebuild :many
-- For the job after a migration. (across schools: it finds those that have work to do)
select distinct school_id from reached where offers < 0 and offers = -2 order by school_id;

-- name: HouseholdsToRebuild :many
select household_id from reached where school_id = @school_id and offers < 0 and offers = -2 order by household_id limit cast(@lim as bigint);

-- name: HoldForRebuild :exec
-- Changes nothing, but waits for whoever writes about these households, and lets them wait.
update reached set offers = -2
where cast(school_id as bigint) = @school_id and household_id in (select value from json_each(cast(@households as text)));

-- name: DropMarksOf :exec
delete from marks where school_id = @school_id and household_id in (select value from json_each(cast(@households as text)));

-- name: LedgerOf :many
-- All of some households that was not taken back.
select c.household_id, c.pupil_id, c.area, c.road, c.direction, c.stage, c.tone, c.lang, c.about, c.at
from contacts c
where c.school_id = @school_id and coalesce(c.corrects, 0) = 0
  and c.household_id in (select value from json_each(cast(@households as text)))
  and not exists (select 1 from contacts x where x.school_id = c.school_id and x.corrects = c.id);

-- name: ReachedOf :many
select household_id, first_at, last_at, reached_at, offers from reached
where cast(school_id as bigint) = @school_id and household_id in (select value from json_each(cast(@households as text)));

-- name: MarksSince :many
-- What happened with each household, week and way: the furthest stage (4 answered, 3 arrived, 2 tried, 1 offered), and what
-- the balance asks (1 positive, 2 neutral, 4 worry, 8 logistics, 16 learning, 32 began by the school, 64 by the family).
select week, household_id, pupil_id, area, road,
  cast(max(case when answered > 0 then 4 when arrived > 0 then 3 when tried > 0 then 2 else 1 end) as bigint) as stage,
  cast(max(case when positive > 0 then 1 else 0 end) + max(case when neutral > 0 then 2 else 0 end) + max(case when worry > 0 then 4 else 0 end)
    + max(case when logistics > 0 then 8 else 0 end) + max(case when learning > 0 then 16 else 0 end)
    + max(case when by_school > 0 then 32 else 0 end) + max(case when by_family > 0 then 64 else 0 end) as bigint) as flags
from marks
where school_id = @school_id and week >= @since and (cast(@everybody as boolean) or household_id in (select value from json_each(cast(@households as text))))
group by week, household_id, pupil_id, area, road;

-- name: BalanceSince :many
-- Tones, who began and what it was about, by way, about some pupils or all children of their households.
select area, cast(sum(offered) as bigint) as offered, cast(sum(positive) as bigint) as positive, cast(sum(neutral) as bigint) as neutral, cast(sum(worry) as bigint) as worry,
  cast(sum(by_school) as bigint) as by_school, cast(sum(by_family) as bigint) as by_family, cast(sum(logistics) as bigint) as logistics, cast(sum(learning) as bigint) as learning
from marks
where school_id = @school_id and week >= @since and household_id in (select value from json_each(cast(@households as text)))
  and (pupil_id = 0 or pupil_id in (select value from json_each(cast(@pupils as text))))
group by area;

-- name: ConversationsBegun :many
-- How many conversations either side began since a moment, by household and child. One in the family's name with nobody of it is
-- Brug's word that a link came to somebody else: no family began it.
select household_id, cast(coalesce(pupil_id, 0) as bigint) as pupil_id, started, count(*) as n
from conversations
where school_id = @school_id and last_at >= @since and created_at >= @since and (started <> 'family' or guardian_id is not null)
  and (cast(@everybody as boolean) or household_id in (select value from json_each(cast(@households as text))))
group by household_id, coalesce(pupil_id, 0), started;

-- name: WaitsSince :many
-- How long each answer within conversations took since a moment, in milliseconds, by who answered.
select e.direction, e.waited
from entries e join conversations c on c.id = e.conversation_id and c.school_id = e.school_id
where e.school_id = @school_id and e.at >= @since and e.waited > 0
  and (cast(@everybody as boolean) or c.household_id in (select value from json_each(cast(@households as text))) and (c.pupil_id is null or c.pupil_id in (select value from json_each(cast(@pupils as text)))))
order by e.id desc
limit 20000;

-- name: AnswerTimesSince :many
-- How long families took to answer messages about some pupils, in milliseconds.
select cast(answered_at - sent_at as bigint) as waited from recipients
where school_id = @school_id and answered_at > 0 and answered_at >= @since and sent_at > 0
  and (cast(@everybody as boolean) or household_id in (select value from json_each(cast(@households as text)))
    and (pupils = '[]' or exists (select 1 from json_each(recipients.pupils) p where p.value in (select value from json_each(cast(@about as text))))))
order by answered_at desc
limit 20000;

-- name: CentreSchools :many
-- For the support centre, page by page: families of each school, those with any contact and those reached since a moment.
-- Package insight rounds them before anybody sees them. (across schools: the support centre's counts)
select s.id, s.public_id, s.name, s.town,
  cast((select count(*) from households h where h.school_id = s.id and h.ended_at = 0) as bigint) as families,
  cast((select count(*) from reached r join households h on h.id = r.household_id and h.school_id = r.school_id
    where r.school_id = s.id and r.last_at >= @since and h.ended_at = 0) as bigint) as offered,
  cast((select count(*) from reached r join households h on h.id = r.household_id and h.school_id = r.school_id
    where r.school_id = s.id and r.reached_at >= @since and h.ended_at = 0) as bigint) as arrived
from (select c.id, c.public_id, c.name, c.town from schools c
  where c.closed_at = 0 and c.centre = 0 and (c.name > @name or c.name = @name and c.id > @id)
  order by c.name, c.id limit cast(@lim as bigint)) s
order by s.name, s.id;

-- name: CentreSchoolKey :one
select id, name from schools where public_id = @public_id;
