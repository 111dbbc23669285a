-- Messages and their recipients: writing, listing, stopping, texts and files (package messages).

-- name: MessageByPublicID :one
select * from messages where school_id = @school_id and public_id = @public_id;

-- name: RecipientByPublicID :one
select * from recipients where school_id = @school_id and public_id = @public_id;
