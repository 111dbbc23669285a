-- The journal: which account did or looked at what. Lines are added, never changed.

-- name: AddJournal :exec
insert into journal(school_id, account_id, actor, action, area, ref, detail, at)
values (sqlc.narg('school_id'), sqlc.narg('account_id'), @actor, @action, @area, @ref, @detail, @at);
