-- What stands in the calendar of a school and its classes (package calendar).

-- name: Events :many
-- What lies in a range of days. since: as long before its first day as an event can take, so that the index finds it.
select e.*, coalesce(c.public_id, '') as class_public_id, coalesce(c.name, '') as class_name
from events e
left join classes c on c.id = e.class_id and c.school_id = e.school_id
where e.school_id = @school_id and e.day >= @since and e.day <= @until and (e.day >= @begins or e.to_day >= @begins)
  and (cast(@all_classes as boolean) or e.class_id is null or e.class_id in (select value from json_each(cast(@classes as text))))
order by e.day, e.from_time, e.id
limit cast(@lim as bigint);

-- name: EventByPublicID :one
select e.*, coalesce(c.public_id, '') as class_public_id, coalesce(c.name, '') as class_name
from events e
left join classes c on c.id = e.class_id and c.school_id = e.school_id
where e.school_id = @school_id and e.public_id = @public_id;

-- name: AddEvents :exec
insert into events (public_id, school_id, class_id, kind, title, lang, day, to_day, from_time, to_time, place, created_by, created_at, updated_at)
select cast(json_extract(value, '$.public_id') as text), cast(@school_id as bigint), nullif(cast(json_extract(value, '$.class_id') as bigint), 0),
  cast(json_extract(value, '$.kind') as text), cast(json_extract(value, '$.title') as text), cast(@lang as text),
  cast(json_extract(value, '$.day') as text), cast(json_extract(value, '$.to_day') as text),
  cast(json_extract(value, '$.from_time') as text), cast(json_extract(value, '$.to_time') as text), cast(json_extract(value, '$.place') as text),
  nullif(cast(@created_by as bigint), 0), cast(@at as bigint), cast(@at as bigint)
from json_each(cast(@rows as text), '$');

-- name: SetEvent :execrows
update events set class_id = @class_id, kind = @kind, title = @title, lang = @lang, day = @day, to_day = @to_day,
  from_time = @from_time, to_time = @to_time, place = @place, updated_at = @updated_at, version = version + 1
where school_id = @school_id and id = @id and version = @version;

-- name: SetEventCancelled :execrows
update events set cancelled_at = @cancelled_at, updated_at = @updated_at, version = version + 1
where school_id = @school_id and id = @id and version = @version;

-- name: DropEvent :execrows
delete from events where school_id = @school_id and id = @id and version = @version;

-- name: DaysOff :many
-- Days on which nobody of the school is there: the kinds that are Off (package calendar).
select day, to_day from events
where school_id = @school_id and class_id is null and cancelled_at = 0 and day >= @since and day <= @until
  and kind in ('dayoff', 'holiday');
