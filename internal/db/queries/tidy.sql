-- What goes by itself after its time (packages contact and messages).

-- name: DropOldOutbox :execrows
-- (across schools: housekeeping)
delete from outbox where at < @before;

-- name: DropOldSeconds :execrows
-- (across schools: housekeeping)
delete from second_steps where expires_at < @before;
