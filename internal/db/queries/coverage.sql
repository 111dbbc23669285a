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

-- name: MarkForRecount :exec
-- Holds some households until the transaction ends. What Rebuild is still to remake stays marked for it.
update reached set offers = case when offers = -2 and not cast(@rebuilt as boolean) then -2 else -1 end
where school_id = @school_id and household_id in (select value from json_each(cast(@households as text)));

-- name: RecountReached :exec
-- Counts households that are marked with -1 anew, from all that the ledger has about them.
with seen as (
  select c.household_id, c.stage, c.at
  from contacts c
  where c.school_id = @school_id and c.corrects is null
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
where school_id = @school_id and household_id in (select value from json_each(cast(@households as text)));

-- name: DropMarksOf :exec
delete from marks where school_id = @school_id and household_id in (select value from json_each(cast(@households as text)));

-- name: LedgerOf :many
-- All of some households that was not taken back.
select c.household_id, c.pupil_id, c.area, c.road, c.direction, c.stage, c.tone, c.lang, c.about, c.at
from contacts c
where c.school_id = @school_id and c.corrects is null
  and c.household_id in (select value from json_each(cast(@households as text)))
  and not exists (select 1 from contacts x where x.school_id = c.school_id and x.corrects = c.id);
