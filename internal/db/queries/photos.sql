-- Photos of a school's team and for its materials (package material). The pictures lie in blob.

-- name: AddPhoto :exec
insert into photos (public_id, school_id, blob_key, type, width, height, bytes, about, created_by, created_at)
values (@public_id, @school_id, @blob_key, @type, @width, @height, @bytes, @about, @created_by, @created_at);

-- name: Photos :many
select public_id, width, height, bytes, about, created_at from photos
where school_id = @school_id and ended_at = 0
order by id desc
limit @lim;

-- name: CountPhotos :one
select count(*) from photos where school_id = @school_id and ended_at = 0;

-- name: Photo :one
select blob_key, type, about from photos where school_id = @school_id and public_id = @public_id and ended_at = 0;

-- name: EndPhoto :execrows
-- Who was on it is not kept.
update photos set ended_at = @ended_at, about = '' where school_id = @school_id and public_id = @public_id and ended_at = 0;
