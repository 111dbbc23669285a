-- A school's words in one language for materials that it did not write itself (package material).

-- name: TranslationsOfMaterials :many
select material, lang, digest, status, reviewed_by, reviewed_on, body, version, updated_at
from material_translations
where school_id = @school_id and material in (select json_extract(value, '$.slug') from json_each(cast(@slugs as text), '$'));

-- name: AddTranslation :execrows
insert into material_translations (public_id, school_id, material, lang, digest, status, reviewed_by, reviewed_on, body, updated_by, updated_at)
values (@public_id, @school_id, @material, @lang, @digest, @status, @reviewed_by, @reviewed_on, @body, @updated_by, @updated_at)
on conflict (school_id, material, lang) do nothing;

-- name: SetTranslation :execrows
-- Only whoever read the latest version may write the next: else no row is changed.
update material_translations set digest = @digest, status = @status, reviewed_by = @reviewed_by, reviewed_on = @reviewed_on, body = @body, updated_by = @updated_by,
  updated_at = @updated_at, version = version + 1
where school_id = @school_id and material = @material and lang = @lang and version = @version;

-- name: PutTranslations :exec
-- Many at once, from a file: each takes the place of what was there.
insert into material_translations (public_id, school_id, material, lang, digest, status, reviewed_by, reviewed_on, body, updated_by, updated_at)
select cast(json_extract(value, '$.public_id') as text), cast(@school_id as bigint), cast(json_extract(value, '$.material') as text), cast(json_extract(value, '$.lang') as text),
  cast(json_extract(value, '$.digest') as text), cast(json_extract(value, '$.status') as text), cast(json_extract(value, '$.reviewed_by') as text),
  cast(json_extract(value, '$.reviewed_on') as text), cast(json_extract(value, '$.body') as text), cast(sqlc.narg('updated_by') as bigint), cast(@updated_at as bigint)
from json_each(cast(@rows as text), '$')
where true
on conflict (school_id, material, lang) do update set digest = excluded.digest, status = excluded.status, reviewed_by = excluded.reviewed_by, reviewed_on = excluded.reviewed_on,
  body = excluded.body, updated_by = excluded.updated_by, updated_at = excluded.updated_at, version = material_translations.version + 1;
