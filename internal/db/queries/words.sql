-- The school's own word list: say this, not that (package material, words.go).

-- name: SchoolWords :many
select public_id, say, instead_of from school_words where school_id = @school_id order by say, instead_of;

-- name: AddSchoolWord :exec
insert into school_words (public_id, school_id, say, instead_of, created_by, created_at)
values (@public_id, @school_id, @say, @instead_of, @created_by, @created_at);

-- name: RemoveSchoolWord :execrows
delete from school_words where school_id = @school_id and public_id = @public_id;
