-- The house: schools, people, materials, packs, codes, the ledger and the journal.
-- The PostgreSQL twin differs in column types only, and a test compares the two.
-- Instants are bigint milliseconds UTC (0: not yet). Local dates are text YYYY-MM-DD ('': none). JSON is text.
-- +goose Up

create table schools (
  id integer primary key,
  public_id text not null unique,
  slug text not null unique,
  name text not null,
  town text not null default '',
  email text not null default '',
  phone text not null default '',
  lang text not null default 'nl',
  timezone text not null default 'Europe/Brussels',
  logo_key text not null default '',
  logo_type text not null default '',
  roster_version integer not null default 1,
  created_at integer not null,
  closed_at integer not null default 0,
  version integer not null default 1
) strict;

-- auth ---------------------------------------------------------------------------------------------------------

create table accounts (
  id integer primary key,
  public_id text not null unique,
  email text not null,
  email_fold text not null unique,
  name text not null,
  lang text not null default 'nl',
  password text not null default '',
  support integer not null default 0,
  created_at integer not null,
  disabled_at integer not null default 0
) strict;
create index accounts_support on accounts(support);

create table sessions (
  id integer primary key,
  public_id text not null unique,
  account_id integer not null references accounts(id),
  token_hash text not null unique,
  agent text not null default '',
  keep integer not null default 0,
  created_at integer not null,
  seen_at integer not null,
  expires_at integer not null,
  ended_at integer not null default 0
) strict;
create index sessions_account on sessions(account_id, ended_at);

create table throttles (
  key text primary key,
  since integer not null,
  tries integer not null
) strict;

create table login_requests (
  id integer primary key,
  public_id text not null unique,
  school_name text not null,
  town text not null,
  person text not null,
  role text not null default '',
  email text not null,
  phone text not null default '',
  message text not null default '',
  lang text not null,
  state text not null default 'waiting',
  created_at integer not null,
  decided_at integer not null default 0,
  decided_by integer references accounts(id),
  school_id integer references schools(id)
) strict;
create index login_requests_state on login_requests(state, id);

create table staff (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  account_id integer not null references accounts(id),
  name text not null default '',
  role text not null,
  created_at integer not null,
  joined_at integer not null default 0,
  ended_at integer not null default 0,
  unique (school_id, account_id)
) strict;
create index staff_account on staff(account_id);

create table mail_links (
  id integer primary key,
  token_hash text not null unique,
  account_id integer not null references accounts(id),
  staff_id integer references staff(id),
  purpose text not null,
  created_at integer not null,
  expires_at integer not null,
  used_at integer not null default 0
) strict;
create index mail_links_account on mail_links(account_id, purpose);

-- school -------------------------------------------------------------------------------------------------------

create table classes (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  year text not null,
  name text not null,
  name_fold text not null,
  audience text not null default '',
  created_at integer not null,
  ended_at integer not null default 0,
  version integer not null default 1,
  unique (school_id, year, name_fold)
) strict;

create table staff_classes (
  school_id integer not null references schools(id),
  staff_id integer not null references staff(id),
  class_id integer not null references classes(id),
  primary key (staff_id, class_id)
) strict;
create index staff_classes_class on staff_classes(class_id);

create table pupils (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  external_id text not null default '',
  roster_key text not null default '',
  given text not null,
  family text not null default '',
  name_fold text not null,
  born text not null default '',
  imported text not null default '{}',
  created_at integer not null,
  left_at integer not null default 0,
  version integer not null default 1
) strict;
create index pupils_school on pupils(school_id, left_at, name_fold);
create index pupils_key on pupils(school_id, roster_key);

create table enrolments (
  id integer primary key,
  school_id integer not null references schools(id),
  pupil_id integer not null references pupils(id),
  class_id integer not null references classes(id),
  from_date text not null,
  to_date text not null default ''
) strict;
create index enrolments_class on enrolments(school_id, class_id, to_date);
create index enrolments_pupil on enrolments(school_id, pupil_id);

create table households (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  label text not null default '',
  address text not null default '',
  imported text not null default '{}',
  page_lang text not null default '',
  paused_at integer not null default 0,
  created_at integer not null,
  ended_at integer not null default 0,
  version integer not null default 1
) strict;
create index households_school on households(school_id, ended_at);

create table household_pupils (
  school_id integer not null references schools(id),
  household_id integer not null references households(id),
  pupil_id integer not null references pupils(id),
  days text not null default '',
  primary key (household_id, pupil_id)
) strict;
create index household_pupils_pupil on household_pupils(school_id, pupil_id);

create table guardians (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  household_id integer not null references households(id),
  external_id text not null default '',
  roster_key text not null default '',
  name text not null,
  name_fold text not null,
  relation text not null default '',
  email text not null default '',
  phone text not null default '',
  lang text not null default '',
  langs text not null default '',
  reading text not null default 'well',
  roads text not null default 'paper',
  share text not null default '',
  imported text not null default '{}',
  position integer not null default 0,
  created_at integer not null,
  ended_at integer not null default 0,
  version integer not null default 1
) strict;
create index guardians_household on guardians(school_id, household_id);
create index guardians_name on guardians(school_id, name_fold);

create table guardian_rights (
  school_id integer not null references schools(id),
  guardian_id integer not null references guardians(id),
  pupil_id integer not null references pupils(id),
  may_see integer not null default 1,
  may_decide integer not null default 1,
  may_contact integer not null default 1,
  barred integer not null default 0,
  primary key (guardian_id, pupil_id)
) strict;
create index guardian_rights_pupil on guardian_rights(school_id, pupil_id);

create table groups (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  name text not null,
  name_fold text not null,
  created_at integer not null,
  ended_at integer not null default 0,
  version integer not null default 1
) strict;
create index groups_school on groups(school_id, ended_at);

create table group_pupils (
  school_id integer not null references schools(id),
  group_id integer not null references groups(id),
  pupil_id integer not null references pupils(id),
  primary key (group_id, pupil_id)
) strict;

create table roster_mappings (
  id integer primary key,
  school_id integer not null references schools(id),
  fingerprint text not null,
  mapping text not null,
  used_at integer not null,
  unique (school_id, fingerprint)
) strict;

create table imports (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  account_id integer references accounts(id),
  filename text not null,
  blob_key text not null,
  mapping text not null default '',
  state text not null,
  plan text not null default '',
  choices text not null default '',
  roster_version integer not null default 0,
  summary text not null default '',
  problem text not null default '',
  done integer not null default 0,
  total integer not null default 0,
  created_at integer not null,
  finished_at integer not null default 0
) strict;
create index imports_school on imports(school_id, id);

-- material -----------------------------------------------------------------------------------------------------

create table materials (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  slug text not null,
  kind text not null,
  audience text not null,
  practices text not null default '',
  origin text not null default '',
  lang text not null default 'nl',
  version integer not null default 1,
  created_by integer references accounts(id),
  created_at integer not null,
  updated_at integer not null,
  archived_at integer not null default 0,
  unique (school_id, slug)
) strict;

create table material_versions (
  id integer primary key,
  school_id integer not null references schools(id),
  material_id integer not null references materials(id),
  version integer not null,
  items text not null default '[]',
  created_by integer references accounts(id),
  created_at integer not null,
  unique (material_id, version)
) strict;

create table material_texts (
  id integer primary key,
  school_id integer not null references schools(id),
  material_id integer not null references materials(id),
  version integer not null,
  lang text not null,
  status text not null,
  reviewed_by text not null default '',
  reviewed_on text not null default '',
  body text not null,
  unique (material_id, version, lang)
) strict;

-- packs and codes ----------------------------------------------------------------------------------------------

create table packs (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  material text not null,
  version integer not null default 0,
  title text not null,
  scope text not null,
  scope_name text not null default '',
  options text not null default '{}',
  state text not null,
  done integer not null default 0,
  total integer not null default 0,
  pages integer not null default 0,
  blob_key text not null default '',
  problem text not null default '',
  created_by integer references accounts(id),
  created_at integer not null,
  finished_at integer not null default 0
) strict;
create index packs_school on packs(school_id, id);

create table codes (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  household_id integer not null references households(id),
  pupil_id integer references pupils(id),
  material text not null,
  version integer not null default 0,
  token_hash text not null unique,
  short_hash text not null unique,
  lang text not null default '',
  created_at integer not null,
  expires_at integer not null,
  revoked_at integer not null default 0,
  opened_at integer not null default 0
) strict;
create index codes_household on codes(school_id, household_id);

create table slips (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  pack_id integer not null references packs(id),
  household_id integer not null references households(id),
  pupil_id integer not null references pupils(id),
  class_id integer references classes(id),
  code_id integer references codes(id),
  lang text not null,
  text_lang text not null,
  position integer not null,
  given_at integer not null default 0,
  given_by integer references accounts(id)
) strict;
create index slips_pack on slips(school_id, pack_id, position);
create index slips_household on slips(school_id, household_id);

-- contact ------------------------------------------------------------------------------------------------------

create table contacts (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  household_id integer not null references households(id),
  pupil_id integer references pupils(id),
  guardian_id integer references guardians(id),
  area text not null,
  ref text not null default '',
  road text not null,
  direction text not null,
  stage text not null,
  tone text not null default '',
  account_id integer references accounts(id),
  corrects integer references contacts(id),
  at integer not null
) strict;
create index contacts_household on contacts(school_id, household_id, at);
create index contacts_at on contacts(school_id, at, stage, household_id);
create index contacts_ref on contacts(school_id, area, ref);
create unique index contacts_corrects on contacts(corrects);

create table answers (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  household_id integer not null references households(id),
  pupil_id integer references pupils(id),
  code_id integer not null references codes(id),
  kind text not null,
  body text not null default '',
  lang text not null,
  at integer not null,
  needs integer not null default 0,
  handled_at integer not null default 0,
  handled_by integer references accounts(id),
  handled_how text not null default ''
) strict;
create index answers_open on answers(school_id, needs, handled_at, at);
create index answers_code on answers(school_id, code_id);
create index answers_household on answers(school_id, household_id);

-- machinery ----------------------------------------------------------------------------------------------------

create table mails (
  id integer primary key,
  public_id text not null unique,
  school_id integer references schools(id),
  to_addr text not null,
  subject text not null,
  body_text text not null,
  body_html text not null default '',
  lang text not null,
  state text not null,
  problem text not null default '',
  created_at integer not null,
  sent_at integer not null default 0
) strict;
create index mails_state on mails(state, id);

create table journal (
  id integer primary key,
  school_id integer references schools(id),
  account_id integer references accounts(id),
  actor text not null,
  action text not null,
  area text not null,
  ref text not null default '',
  detail text not null default '{}',
  at integer not null
) strict;
create index journal_school on journal(school_id, id);

-- +goose Down
drop table journal; drop table mails; drop table answers; drop table contacts; drop table slips; drop table codes;
drop table packs; drop table material_texts; drop table material_versions; drop table materials; drop table imports;
drop table roster_mappings; drop table group_pupils; drop table groups; drop table guardian_rights; drop table guardians;
drop table household_pupils; drop table households; drop table enrolments; drop table pupils; drop table staff_classes;
drop table classes; drop table mail_links; drop table staff; drop table login_requests; drop table throttles;
drop table sessions; drop table accounts; drop table schools;
