-- What would have been sent on roads that are not configured (package messages).

-- name: OutboxPage :many
-- From a place in the list downwards, the latest first; road and lang narrow it where they are not empty.
select o.*, coalesce(g.name, '') as guardian, cast(case when m.sensitive then '' else coalesce(m.title, '') end as text) as message_title, coalesce(m.public_id, '') as message_public_id
from outbox o
left join recipients r on r.school_id = o.school_id and r.id = o.recipient_id
left join guardians g on g.school_id = o.school_id and g.id = r.guardian_id
left join messages m on m.school_id = o.school_id and m.id = r.message_id
where o.school_id = @school_id and o.id < @before and (cast(@road as text) = '' or o.road = @road) and (cast(@lang as text) = '' or o.lang = @lang)
order by o.id desc
limit cast(@lim as bigint);

-- name: OutboxByPublicID :one
select o.*, coalesce(g.name, '') as guardian, cast(case when m.sensitive then '' else coalesce(m.title, '') end as text) as message_title, coalesce(m.public_id, '') as message_public_id
from outbox o
left join recipients r on r.school_id = o.school_id and r.id = o.recipient_id
left join guardians g on g.school_id = o.school_id and g.id = r.guardian_id
left join messages m on m.school_id = o.school_id and m.id = r.message_id
where o.school_id = @school_id and o.public_id = @public_id;
