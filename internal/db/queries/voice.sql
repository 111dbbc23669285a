-- Voices: recordings of texts by people (package voice). A recording of the support centre is for every school.

-- name: AddRecording :exec
insert into recordings (public_id, school_id, material, lang, digest, speaker, consent_at, blob_key, type, bytes, millis, created_by, created_at)
values (@public_id, @school_id, @material, @lang, @digest, @speaker, @consent_at, @blob_key, @type, @bytes, @millis, @created_by, @created_at);

-- name: EndRecordings :exec
-- What a new recording takes the place of, or what nobody shall hear any more. Who spoke is not kept.
update recordings set ended_at = cast(@ended_at as bigint), speaker = '', blob_key = ''
where school_id = @school_id and material = @material and lang = @lang and ended_at = 0;

-- name: OwnRecordings :many
-- The school's own for one text, without the support centre's.
select id, blob_key from recordings where school_id = @school_id and material = @material and lang = @lang and ended_at = 0;

-- name: RecordingsFor :many
-- The school's own for a text, and the support centre's. @at_centre is what the text is called in the centre's house; '' for
-- a text that is not the centre's to read.
select r.id, r.public_id, r.school_id, r.material, r.lang, r.digest, r.speaker, r.blob_key, r.type, r.bytes, r.millis, r.created_at
from recordings r
where r.ended_at = 0
  and ((r.school_id = @school_id and r.material = @material) or (r.material = @at_centre and r.school_id in (select s.id from schools s where s.centre = 1)))
order by (case when r.school_id = @school_id then 0 else 1 end), r.id desc;

-- name: Recordings :many
select r.id, r.public_id, r.school_id, r.material, r.lang, r.digest, r.speaker, r.blob_key, r.type, r.bytes, r.millis, r.created_at
from recordings r
where r.ended_at = 0 and (r.school_id = @school_id or r.school_id in (select s.id from schools s where s.centre = 1))
order by r.id desc;

-- name: RecordingByPublicID :one
select r.id, r.public_id, r.school_id, r.material, r.lang, r.digest, r.speaker, r.blob_key, r.type, r.bytes, r.millis, r.created_at
from recordings r
where r.public_id = @public_id and r.ended_at = 0
  and (r.school_id = @school_id or r.school_id in (select s.id from schools s where s.centre = 1));

-- name: VoiceNeeds :many
-- Homes by the language of their guardians, and those of them where somebody rather listens.
select g.lang, count(distinct g.household_id) as homes,
  count(distinct case when g.reading = 'listen' then g.household_id else null end) as listening
from guardians g
join households h on h.id = g.household_id and h.school_id = g.school_id
where g.school_id = @school_id and g.ended_at = 0 and h.ended_at = 0 and g.lang <> ''
group by g.lang order by g.lang;

-- name: PrintedMaterials :many
-- What was printed last, the latest first.
select material, max(id) as latest from packs where school_id = @school_id and created_at >= @since
group by material order by latest desc limit 100;

-- name: AddVoiceLink :exec
insert into voice_links (public_id, school_id, material, lang, token_hash, created_by, created_at, expires_at)
values (@public_id, @school_id, @material, @lang, @token_hash, @created_by, @created_at, @expires_at);

-- name: VoiceLinkBySecret :one
-- The secret says which school: none is known before. (across schools: by secret)
select v.id, v.public_id, v.material, v.lang, v.expires_at, v.used_at, s.id as school_id, s.public_id as school_public_id, s.slug, s.name as school_name, s.lang as school_lang, s.timezone, s.logo_key
from voice_links v join schools s on s.id = v.school_id
where v.token_hash = @token_hash and s.closed_at = 0;

-- name: UseVoiceLink :execrows
-- Whoever comes first uses it up.
update voice_links set used_at = cast(@used_at as bigint) where school_id = @school_id and id = @id and used_at = 0 and expires_at > cast(@used_at as bigint);

-- name: EndVoiceLinks :execrows
-- Links for a text and language that nobody has used.
update voice_links set used_at = cast(@used_at as bigint) where school_id = @school_id and material = @material and lang = @lang and used_at = 0;
