-- The outbox. A mail belongs to nobody's page: it carries links to sign in, so only package mail reads it.

-- name: AddMail :one
insert into mails(public_id, school_id, to_addr, subject, body_text, body_html, lang, state, created_at)
values (@public_id, sqlc.narg('school_id'), @to_addr, @subject, @body_text, @body_html, @lang, 'waiting', @created_at)
returning id;

-- name: Mail :one
-- (across schools: the job that sends has the number only)
select * from mails where id = @id;

-- name: SettleMail :exec
-- Ends the waiting of a mail, and forgets what it said. (across schools: the job that sends has the number only)
update mails set state = @state, problem = @problem, sent_at = @sent_at, body_text = '', body_html = ''
where id = @id and state = 'waiting';

-- name: DivertMail :exec
-- Ends the waiting of a mail that is not sent but shown; what it says stays. (across schools: the job that sends has the number only)
update mails set state = 'diverted' where id = @id and state = 'waiting';

-- name: Outbox :many
-- (across schools: for the operator and the demo, never for a school)
select * from mails order by id desc limit cast(@lim as bigint);
