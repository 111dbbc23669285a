-- A school's own materials and their versions (package material). What Brug ships is in files.

-- name: AddMaterial :one
insert into materials (public_id, school_id, slug, kind, audience, practices, support, reader, picture, class_id, origin, origin_digest, origin_texts, lang, version, created_by, created_at, updated_at)
values (@public_id, @school_id, @slug, @kind, @audience, @practices, @support, @reader, @picture, @class_id, @origin, @origin_digest, @origin_texts, @lang, 1, @created_by, @created_at, @created_at)
returning id;

-- name: SetMaterialVersion :execrows
-- Only whoever read the latest version may write the next: else no row is changed.
update materials set version = cast(@next as bigint), audience = @audience, practices = @practices, support = @support, reader = @reader, picture = @picture, class_id = @class_id, updated_at = @updated_at
where school_id = @school_id and id = @id and version = @version and archived_at = 0;

-- name: ClassOfMaterial :one
select id from classes where school_id = @school_id and public_id = @public_id;

-- name: AddMaterialVersion :exec
insert into material_versions (school_id, material_id, version, items, head, created_by, created_at)
values (@school_id, @material_id, @version, @items, @head, @created_by, @created_at);

-- name: AddMaterialTexts :exec
insert into material_texts (school_id, material_id, version, lang, status, reviewed_by, reviewed_on, body)
select cast(@school_id as bigint), cast(@material_id as bigint), cast(@version as bigint), cast(json_extract(value, '$.lang') as text),
  cast(json_extract(value, '$.status') as text), cast(json_extract(value, '$.reviewed_by') as text), cast(json_extract(value, '$.reviewed_on') as text),
  cast(json_extract(value, '$.body') as text)
from json_each(cast(@rows as text), '$');

-- name: MaterialSlugs :many
select slug from materials where school_id = @school_id;

-- name: Materials :many
select m.id, m.public_id, m.school_id, m.slug, m.kind, m.audience, m.practices, m.support, m.reader, m.picture, m.origin, m.origin_digest, m.lang, m.version as latest, m.updated_at, m.archived_at,
  m.published, m.published_at, v.version, v.items, v.head, coalesce(m.class_id, 0) as class_id, coalesce(c.public_id, '') as class_public_id, coalesce(c.name, '') as class_name, '' as centre
from materials m
join material_versions v on v.school_id = m.school_id and v.material_id = m.id and v.version = m.version
left join classes c on c.school_id = m.school_id and c.id = m.class_id
where m.school_id = @school_id and m.archived_at = 0
order by m.updated_at desc, m.id desc;

-- name: MaterialBySlug :one
-- version 0 is the latest one.
select m.id, m.public_id, m.school_id, m.slug, m.kind, m.audience, m.practices, m.support, m.reader, m.picture, m.origin, m.origin_digest, m.lang, m.version as latest, m.updated_at, m.archived_at,
  m.published, m.published_at, v.version, v.items, v.head, coalesce(m.class_id, 0) as class_id, coalesce(c.public_id, '') as class_public_id, coalesce(c.name, '') as class_name, '' as centre
from materials m
join material_versions v on v.school_id = m.school_id and v.material_id = m.id
  and v.version = (case when cast(@version as bigint) = 0 then m.version else cast(@version as bigint) end)
left join classes c on c.school_id = m.school_id and c.id = m.class_id
where m.school_id = @school_id and m.slug = @slug;

-- name: LatestMaterialTexts :many
select t.material_id, t.lang, t.status, t.reviewed_by, t.reviewed_on, t.body
from material_texts t
join materials m on m.id = t.material_id and m.school_id = t.school_id and m.version = t.version
where t.school_id = @school_id and m.archived_at = 0;

-- name: MaterialTexts :many
select lang, status, reviewed_by, reviewed_on, body from material_texts
where school_id = @school_id and material_id = @material_id and version = @version;

-- name: MaterialVersions :many
select v.version, v.created_at, coalesce(a.name, '') as person
from material_versions v
left join accounts a on a.id = v.created_by
where v.school_id = @school_id and v.material_id = @material_id
order by v.version desc
limit 100;

-- name: ArchiveMaterial :execrows
update materials set archived_at = @archived_at where school_id = @school_id and id = @id and archived_at = 0;

-- name: SetTextReviewed :execrows
update material_texts set status = 'reviewed', reviewed_by = @reviewed_by, reviewed_on = @reviewed_on
where school_id = @school_id and material_id = @material_id and version = @version and lang = @lang;

-- name: FamilyLangs :many
-- The languages that guardians of a school read, those of the most people first.
select lang from guardians where school_id = @school_id and ended_at = 0 and lang <> '' group by lang order by count(*) desc, lang;

-- name: MaterialOrigin :one
-- What the origin said when the school last looked.
select origin_digest, origin_texts from materials where school_id = @school_id and id = @id;

-- name: MaterialOrigins :many
-- What the school's own versions were made from, and what that was when the school last looked.
select slug, origin, origin_digest from materials
where school_id = @school_id and archived_at = 0 and origin_digest <> ''
order by updated_at desc, id desc;

-- name: SetMaterialOrigin :execrows
-- version is the one of the own material that was read: whoever changed it meanwhile has not looked at the origin with us.
update materials set origin_digest = @origin_digest, origin_texts = @origin_texts
where school_id = @school_id and id = @id and version = @version and archived_at = 0;

-- name: SetPublished :execrows
-- The version that the support centre's schools see from now on.
update materials set published = cast(@version as bigint), published_at = @published_at
where school_id = @school_id and id = @id and version = @version and archived_at = 0;

-- name: SetWithdrawn :execrows
-- published stays: what was printed of it keeps working.
update materials set published_at = 0 where school_id = @school_id and id = @id and published_at > 0;

-- name: PublishedMaterials :many
-- (across schools: what the support centre publishes is for every school)
select m.id, m.public_id, m.school_id, m.slug, m.kind, m.audience, m.practices, m.support, m.reader, m.picture, m.origin, m.origin_digest, m.lang, m.published as latest, m.published_at as updated_at, m.archived_at,
  m.published, m.published_at, v.version, v.items, v.head, cast(0 as bigint) as class_id, '' as class_public_id, '' as class_name, s.name as centre
from materials m
join schools s on s.id = m.school_id and s.centre = 1
join material_versions v on v.school_id = m.school_id and v.material_id = m.id and v.version = m.published
where m.published_at > 0 and m.archived_at = 0 and m.school_id <> @school_id
order by m.published_at desc, m.id desc;

-- name: PublishedTexts :many
-- (across schools: what the support centre publishes is for every school)
select t.material_id, t.lang, t.status, t.reviewed_by, t.reviewed_on, t.body
from material_texts t
join materials m on m.id = t.material_id and m.school_id = t.school_id and m.published = t.version
join schools s on s.id = m.school_id and s.centre = 1
where m.published_at > 0 and m.archived_at = 0 and m.school_id <> @school_id;

-- name: PublishedBySlug :one
-- version 0 is the one that is published now. An older one is there for what was printed of it, also when it is no longer
-- published; a version after the published one is nobody's but the centre's.
-- (across schools: what the support centre publishes is for every school)
select m.id, m.public_id, m.school_id, m.slug, m.kind, m.audience, m.practices, m.support, m.reader, m.picture, m.origin, m.origin_digest, m.lang, m.published as latest, m.published_at as updated_at, m.archived_at,
  m.published, m.published_at, v.version, v.items, v.head, cast(0 as bigint) as class_id, '' as class_public_id, '' as class_name, s.name as centre
from materials m
join schools s on s.id = m.school_id and s.centre = 1
join material_versions v on v.school_id = m.school_id and v.material_id = m.id
  and v.version = (case when cast(@version as bigint) = 0 then m.published else cast(@version as bigint) end)
where m.slug = @slug and m.school_id <> @school_id and v.version <= m.published
  and (cast(@version as bigint) > 0 or m.published_at > 0 and m.archived_at = 0);
