-- Keys of schools (package secret).

-- name: AddSchoolKey :exec
-- The first one stays.
insert into school_keys (school_id, wrapped, created_at) values (@school_id, @wrapped, @created_at) on conflict (school_id) do nothing;

-- name: SchoolKey :one
select wrapped from school_keys where school_id = @school_id;
