-- What comes in by mail and SMS, and what roads tell about letters (packages messages, inbound, push).

-- name: AddInbound :execrows
-- 0: it was here before. A mail is told to nobody twice, and what is not for us leaves nothing but this count.
insert into inbound (key, school_id, road, outcome, at)
values (@key, sqlc.narg('school_id'), @road, @outcome, @at)
on conflict (key) do nothing;

-- name: HasInbound :one
-- (across schools: which school a mail is for is known only after it was read)
select count(*) from inbound where key = @key;

-- name: InboundCounts :many
-- What came in since a moment, by road and outcome. (across schools: a count for who runs the installation)
select road, outcome, count(*) as n from inbound where at >= @since group by road, outcome order by road, outcome;

-- name: DropInbound :execrows
-- After this time no server sends the same mail again. (across schools: housekeeping)
delete from inbound where at < @before;

-- name: EndPush :execrows
-- The push service says that nobody is there any more. (across schools: by the hash of a secret address)
update push_subscriptions set ended_at = @ended_at where endpoint_hash = @endpoint_hash and ended_at = 0;

-- name: LettersToNumber :many
-- What an SMS from a number may answer: of each person with this number the latest letter that went by SMS, else the latest that
-- went at all; those by SMS first, the latest first. A number can stand at several schools, and at several people of one.
-- (across schools: the number is all that an SMS says)
select r.public_id, r.school_id, g.id as guardian_id
from guardians g
join recipients r on r.school_id = g.school_id and r.guardian_id = g.id
where g.phone = @phone and g.phone <> '' and g.ended_at = 0
  and r.id = coalesce(
    (select max(x.id) from recipients x where x.school_id = g.school_id and x.guardian_id = g.id and x.road = 'sms' and x.sent_at > 0),
    (select max(y.id) from recipients y where y.school_id = g.school_id and y.guardian_id = g.id and y.sent_at > 0))
order by case when r.road = 'sms' then 0 else 1 end, r.sent_at desc, r.id desc
limit 10;

-- name: GuardiansOfNumber :many
-- Whose number this is. (across schools: the number is all that is known of who wrote)
select g.id, g.school_id from guardians g
join households h on h.id = g.household_id and h.school_id = g.school_id and h.ended_at = 0
join schools s on s.id = g.school_id and s.closed_at = 0
where g.phone = @phone and g.phone <> '' and g.ended_at = 0
order by g.id
limit 10;

-- name: GuardiansOfMail :many
-- Whose mail address this is. (across schools: the address is all that is known of who wrote)
select g.id, g.school_id from guardians g
join households h on h.id = g.household_id and h.school_id = g.school_id and h.ended_at = 0
join schools s on s.id = g.school_id and s.closed_at = 0
where g.email = @email and g.email <> '' and g.ended_at = 0
order by g.id
limit 10;
