-- Search in materials of schools (package material). Words are folded and stemmed before they come here.

-- name: ForgetMaterialWords :exec
-- The plus keeps SQLite from going through all words of the school: the index on the material is the short way.
delete from material_words where material_id = @material_id and +school_id = @school_id;

-- name: AddMaterialWords :exec
insert into material_words (school_id, lang, word, material_id, weight)
select cast(@school_id as bigint), cast(json_extract(value, '$.lang') as text), cast(json_extract(value, '$.word') as text), cast(@material_id as bigint),
  cast(json_extract(value, '$.weight') as bigint)
from json_each(cast(@rows as text), '$');

-- name: SearchMaterials :many
-- The school's own materials and what support centres publish, best first. A row of @wants is one form of a word that is
-- looked for: the n-th word, its language, the form, the end of the range that it begins (the form itself where it must stand
-- whole), how much its language counts, and how many words a material must have in it. With @every 1 all materials are found.
with houses as (
  select id, name from schools where id = @school_id or (centre = 1 and cast(@own as bigint) = 0)
), wants as materialized (
  select cast(json_extract(value, '$.n') as bigint) as n, cast(json_extract(value, '$.lang') as text) as lang, cast(json_extract(value, '$.word') as text) as word,
    cast(json_extract(value, '$.until') as text) as until, cast(json_extract(value, '$.boost') as bigint) as boost, cast(json_extract(value, '$.needed') as bigint) as needed
  from json_each(cast(@wants as text), '$')
), best as (
  select w.material_id, w.lang, wants.n, wants.needed, max(w.weight * wants.boost * (case when w.word = wants.word then 2 else 1 end)) as score
  from wants
  cross join material_words w -- in this order: SQLite would go through all words otherwise
  where w.school_id in (select id from houses) and w.lang = wants.lang and w.word >= wants.word and w.word <= wants.until
  group by w.material_id, w.lang, wants.n, wants.needed
), whole as (
  select material_id, lang, sum(score) as score from best group by material_id, lang, needed having count(*) = needed
), hits as materialized (
  select material_id, max(score) as score from whole group by material_id
  union all
  select id, 0 from materials where cast(@every as bigint) = 1 and school_id in (select id from houses)
), ranked as materialized (
  select m.id, hits.score, case when m.school_id = @school_id then 0 else 1 end as theirs
  from hits
  join materials m on m.id = hits.material_id
  left join classes c on c.school_id = m.school_id and c.id = m.class_id
  where m.archived_at = 0 and (m.school_id = @school_id or m.published_at > 0)
    and (cast(@kind as text) = '' or m.kind = cast(@kind as text))
    and (cast(@class as text) = '' or m.class_id is null or c.public_id = cast(@class as text))
    and (cast(@reader as text) = '' or m.reader = cast(@reader as text))
    and (cast(@audience as text) = '' or m.audience = '' or ',' || m.audience || ',' like '%,' || cast(@audience as text) || ',%')
    and (cast(@practice as text) = '' or ',' || m.practices || ',' like '%,' || cast(@practice as text) || ',%')
    and (cast(@support as text) = '' or ',' || m.support || ',' like '%,' || cast(@support as text) || ',%')
    and (cast(@lang as text) = '' or exists (select 1 from material_texts t where t.school_id = m.school_id and t.material_id = m.id and t.version = (case when m.school_id = @school_id then m.version else m.published end) and t.lang = cast(@lang as text)))
  order by hits.score desc, case when m.school_id = @school_id then 0 else 1 end, m.updated_at desc, m.id desc
  limit cast(@most as bigint)
)
select m.id, m.public_id, m.school_id, m.slug, m.kind, m.audience, m.practices, m.support, m.reader, m.picture, m.origin, m.origin_digest, m.lang, m.version as latest, m.updated_at, m.archived_at,
  m.published, m.published_at, v.version, v.items, v.head, coalesce(m.class_id, 0) as class_id, coalesce(c.public_id, '') as class_public_id, coalesce(c.name, '') as class_name,
  cast(case when m.school_id = @school_id then '' else houses.name end as text) as centre, cast(ranked.score as bigint) as score
from ranked
join materials m on m.id = ranked.id
join houses on houses.id = m.school_id
join material_versions v on v.school_id = m.school_id and v.material_id = m.id and v.version = (case when m.school_id = @school_id then m.version else m.published end)
left join classes c on c.school_id = m.school_id and c.id = m.class_id
order by ranked.score desc, ranked.theirs, m.updated_at desc, m.id desc;

-- name: TextsOfMaterials :many
-- The texts of some materials of SearchMaterials, in the version that this school sees.
select t.material_id, t.lang, t.status, t.reviewed_by, t.reviewed_on, t.body
from material_texts t
join materials m on m.id = t.material_id and m.school_id = t.school_id
where t.material_id in (select value from json_each(cast(@ids as text))) and (m.school_id = @school_id or m.published > 0)
  and t.version = (case when m.school_id = @school_id then m.version else m.published end);
