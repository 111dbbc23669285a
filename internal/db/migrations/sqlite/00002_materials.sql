-- Materials of every kind: what they came from, the support centre's, translations of a school, recordings, photos.
-- The PostgreSQL twin differs in column types only, and a test compares the two.
-- +goose Up

-- 1: the support centre's own house: what it publishes is seen by every school.
alter table schools add column centre integer not null default 0;
create unique index schools_centre on schools(centre) where centre = 1;

alter table materials add column support text not null default '';
alter table materials add column reader text not null default 'family';
alter table materials add column picture text not null default '';
-- a version for one class only
alter table materials add column class_id integer references classes(id);
-- what the origin said when the school last looked: its digest and its words in all languages (JSON)
alter table materials add column origin_digest text not null default '';
alter table materials add column origin_texts text not null default '';
-- the version that the support centre's schools see, 0: none yet; and since when, 0: not now, but what was printed of it stays
alter table materials add column published integer not null default 0;
alter table materials add column published_at integer not null default 0;
create index materials_published on materials(published_at);
-- ages, practices, support, reader and picture of this version (JSON); '': as the material says
alter table material_versions add column head text not null default '';

-- The words of materials, folded and stemmed (material.Stems), for search.
-- Words are compared sign by sign, so that the beginning of a word is a range.
create table material_words (
  school_id integer not null references schools(id),
  lang text not null,
  word text not null,
  material_id integer not null references materials(id),
  weight integer not null default 1,
  primary key (school_id, lang, word, material_id)
) strict, without rowid;
create index material_words_material on material_words(material_id);

-- A school's words in one language for a material that it did not write itself.
create table material_translations (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  material text not null,
  lang text not null,
  digest text not null,
  status text not null,
  reviewed_by text not null default '',
  reviewed_on text not null default '',
  body text not null,
  updated_by integer references accounts(id),
  updated_at integer not null,
  version integer not null default 1,
  unique (school_id, material, lang)
) strict;

-- A person's voice for a text in one language.
create table recordings (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  material text not null,
  lang text not null,
  digest text not null,
  speaker text not null,
  consent_at integer not null,
  blob_key text not null,
  type text not null,
  bytes integer not null,
  millis integer not null,
  created_by integer references accounts(id),
  created_at integer not null,
  ended_at integer not null default 0
) strict;
create index recordings_material on recordings(school_id, material, lang);

-- The school's own word list: say this, not that.
create table school_words (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  say text not null,
  instead_of text not null,
  created_by integer references accounts(id),
  created_at integer not null,
  unique (school_id, instead_of)
) strict;

-- Photos of the school team and for letters: turned upright, cut down, without metadata.
create table photos (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  blob_key text not null,
  type text not null,
  width integer not null,
  height integer not null,
  bytes integer not null,
  about text not null default '',
  created_by integer references accounts(id),
  created_at integer not null,
  ended_at integer not null default 0
) strict;
create index photos_school on photos(school_id, id);

-- What the placeholders of a printed text stood for (JSON, contact.Fill), so that its page says what the paper says.
alter table codes add column fill text not null default '';

-- A link that lets one person, who is no staff, record one text in one language.
create table voice_links (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  material text not null,
  lang text not null,
  token_hash text not null unique,
  created_by integer references accounts(id),
  created_at integer not null,
  expires_at integer not null,
  used_at integer not null default 0
) strict;
create index voice_links_school on voice_links(school_id, material, lang);

-- +goose Down
drop table voice_links;
alter table codes drop column fill;
drop table photos;
drop table school_words;
drop table recordings;
drop table material_translations;
drop table material_words;
drop index materials_published;
alter table material_versions drop column head;
alter table materials drop column published_at;
alter table materials drop column published;
alter table materials drop column origin_texts;
alter table materials drop column origin_digest;
alter table materials drop column class_id;
alter table materials drop column picture;
alter table materials drop column reader;
alter table materials drop column support;
drop index schools_centre;
alter table schools drop column centre;
