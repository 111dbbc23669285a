-- Letters on paper: what waits for print, and what lies in a slip of a pack (package messages). A recipient in state 'paper'
-- waits while ref is empty; printed, ref is the public id of the slip that it lies in; handed out, its state is 'sent'.

-- name: PaperWaiting :many
select * from recipients
where school_id = @school_id and state = 'paper' and ref = ''
  and household_id in (select value from json_each(cast(@households as text)))
order by id;

-- name: PaperByClass :many
select cast(coalesce(class_id, 0) as bigint) as class_id, count(*) as letters from recipients
where school_id = @school_id and state = 'paper' and ref = ''
group by class_id;

-- name: SetPrinted :execrows
-- Rows are {id, slip}. What another pack has printed meanwhile stays with that one.
update recipients set road = 'paper', ref = cast((select json_extract(value, '$.slip') from json_each(cast(@rows as text), '$') where cast(json_extract(value, '$.id') as bigint) = recipients.id) as text)
where school_id = @school_id and state = 'paper' and ref = ''
  and (id in (select cast(json_extract(value, '$.id') as bigint) from json_each(cast(@rows as text), '$'))) is true;

-- name: SetHanded :many
update recipients set state = 'sent', sent_at = @at
where school_id = @school_id and state = 'paper' and road = 'paper' and ref <> ''
  and (ref in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@slips as text), '$'))) is true
returning id, public_id, household_id, guardian_id, message_id, pupils, lang;

-- name: SetNotHanded :execrows
update recipients set state = 'paper', sent_at = 0
where school_id = @school_id and state = 'sent' and road = 'paper' and ref <> '' and ref = @slip;

-- name: LettersOfSlips :many
-- What lies in the slips of a pack, for its page.
select r.ref as slip, r.public_id, m.public_id as message, cast(case when m.sensitive then '' else m.title end as text) as title, r.state from recipients r
join messages m on m.id = r.message_id and m.school_id = r.school_id
where r.school_id = @school_id and r.road = 'paper' and r.ref <> '' and r.ref in (select cast(json_extract(value, '$.id') as text) from json_each(cast(@slips as text), '$'))
order by r.id;

-- name: MessagesByID :many
select id, public_id, title, about, account_id from messages
where school_id = @school_id and id in (select value from json_each(cast(@ids as text)));
