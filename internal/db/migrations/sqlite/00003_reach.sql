-- Reach: messages and who gets them, conversations, personal links, the calendar, and what coverage reads.
-- The PostgreSQL twin differs in column types only, and a test compares the two.
-- +goose Up

-- When staff answer families: JSON {"mon":["08:30","16:00"],…}; '': not told.
alter table schools add column office text not null default '';
-- Counts the batches of letters that were planned, so that who planned with an older picture of the week notices.
alter table schools add column plans integer not null default 0;

-- The key of a school for what is encrypted (package secret), wrapped by the key of the installation.
create table school_keys (
  school_id integer primary key references schools(id),
  wrapped text not null,
  created_at integer not null
) strict;

-- What a family chose on its page. amount: messages a week for the whole household; quiet hours are HH:MM in the
-- school's zone, '' as usual; road '': as the school knows; stopped_at: this guardian wants nothing from us.
alter table households add column amount integer not null default 3;
alter table guardians add column page_lang text not null default '';
alter table guardians add column road text not null default '';
alter table guardians add column quiet_from text not null default '';
alter table guardians add column quiet_to text not null default '';
alter table guardians add column weekend integer not null default 0;
alter table guardians add column stopped_at integer not null default 0;
-- A road that failed for good (a bounce, a number that is none): JSON {"mail":MILLIS,…}, until the address changes.
alter table guardians add column failed text not null default '';
-- An SMS that comes in says nothing but its number.
create index guardians_phone on guardians(phone) where phone <> '';
create index guardians_email on guardians(email) where email <> '';

-- Personal links -----------------------------------------------------------------------------------------------

create table links (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  guardian_id integer not null references guardians(id),
  token_hash text not null unique,
  created_at integer not null,
  expires_at integer not null,
  revoked_at integer not null default 0,
  revoked_how text not null default '',
  opened_at integer not null default 0
) strict;
create index links_guardian on links(school_id, guardian_id, revoked_at);
create unique index links_living on links(guardian_id) where revoked_at = 0;

-- The second step before what is sensitive: a code by SMS (code_hash), or one from paper. device_hash: the cookie of the
-- browser that passed.
create table second_steps (
  id integer primary key,
  school_id integer not null references schools(id),
  link_id integer not null references links(id),
  code_hash text not null default '',
  tries integer not null default 0,
  device_hash text not null default '',
  created_at integer not null,
  expires_at integer not null,
  passed_at integer not null default 0
) strict;
create index second_steps_link on second_steps(school_id, link_id);
create index second_steps_device on second_steps(device_hash);

create table push_subscriptions (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  guardian_id integer not null references guardians(id),
  endpoint_hash text not null unique,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  created_at integer not null,
  ended_at integer not null default 0
) strict;
create index push_subscriptions_guardian on push_subscriptions(school_id, guardian_id);
create index push_subscriptions_phone on push_subscriptions(guardian_id) where ended_at = 0;

-- Messages -----------------------------------------------------------------------------------------------------

-- Files that go with a message or came with an answer. used_at: a message or an entry has it; what nobody took is tidied away.
create table files (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  household_id integer references households(id),
  blob_key text not null,
  name text not null,
  type text not null,
  bytes integer not null,
  millis integer not null default 0,
  created_by integer references accounts(id),
  created_at integer not null,
  used_at integer not null default 0,
  ended_at integer not null default 0
) strict;
create index files_school on files(school_id, id);
create index files_idle on files(created_at) where used_at = 0 and ended_at = 0;

create table messages (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  account_id integer references accounts(id),
  scope text not null,
  scope_ids text not null default '[]',
  scope_name text not null default '',
  title text not null default '',
  lang text not null,
  body text not null default '',
  phrases text not null default '[]',
  material text not null default '',
  material_version integer not null default 0,
  fill text not null default '',
  files text not null default '[]',
  about text not null default '',
  urgent integer not null default 0,
  why_urgent text not null default '',
  sensitive integer not null default 0,
  state text not null,
  send_at integer not null,
  created_at integer not null,
  finished_at integer not null default 0,
  version integer not null default 1
) strict;
create index messages_school on messages(school_id, id);
create index messages_urgent on messages(school_id, id) where urgent and finished_at = 0; -- what goes first

-- Free text of a message in other languages: made by a machine or by staff.
create table message_texts (
  id integer primary key,
  school_id integer not null references schools(id),
  message_id integer not null references messages(id),
  lang text not null,
  source text not null,
  engine text not null default '',
  title text not null default '',
  body text not null,
  updated_by integer references accounts(id),
  updated_at integer not null,
  unique (message_id, lang)
) strict;

-- One person's place in a message. guardian_id is null where nobody of the household may be written to by name: paper "to
-- the family of". roads: those left to try, the present one first. lead_id: it went along with this other one.
create table recipients (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  message_id integer not null references messages(id),
  household_id integer not null references households(id),
  guardian_id integer references guardians(id),
  class_id integer references classes(id),
  pupils text not null default '[]',
  lang text not null,
  roads text not null,
  road text not null default '',
  state text not null,
  due_at integer not null,
  lead_id integer references recipients(id),
  claim text not null default '',
  claimed_at integer not null default 0,
  tries integer not null default 0,
  ref text not null default '',
  problem text not null default '',
  parts integer not null default 0,
  sent_at integer not null default 0,
  arrived_at integer not null default 0,
  opened_at integer not null default 0,
  answered_at integer not null default 0,
  answer text not null default '',
  handled_at integer not null default 0,
  handled_by integer references accounts(id)
) strict;
create unique index recipients_once on recipients(message_id, household_id, coalesce(guardian_id, 0));
create index recipients_message on recipients(school_id, message_id, id);
-- What is on its way: the many that arrived long ago are not in it.
create index recipients_due on recipients(state, due_at, id) where state = 'new' or state = 'waiting' or state = 'sending' or state = 'together';
create index recipients_waiting on recipients(message_id, due_at) where state = 'waiting';
create index recipients_household on recipients(school_id, household_id, sent_at);
create index recipients_guardian on recipients(school_id, guardian_id, id);
create index recipients_ref on recipients(road, ref) where ref <> '';
create index recipients_answered on recipients(school_id, answered_at) where answered_at > 0;
create index recipients_lead on recipients(lead_id) where lead_id is not null;
-- What waits for a person, or for paper.
create index recipients_tasks on recipients(school_id, state, id) where state in ('paper', 'call', 'unreachable');
create index recipients_paper on recipients(school_id, class_id) where state = 'paper';
create index recipients_call on recipients(school_id, class_id) where state = 'call';

-- What would have been sent on a road that is not configured: shown in the demo and to the operator.
create table outbox (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  recipient_id integer references recipients(id),
  road text not null,
  to_addr text not null,
  lang text not null,
  title text not null default '',
  body_text text not null,
  body_html text not null default '',
  at integer not null
) strict;
create index outbox_school on outbox(school_id, id);

-- What came in by mail or SMS, once each: key is the hash of what the sender numbered it with.
create table inbound (
  id integer primary key,
  key text not null unique,
  school_id integer references schools(id),
  road text not null,
  outcome text not null,
  at integer not null
) strict;

-- Conversations ------------------------------------------------------------------------------------------------

-- waits: who is to answer, 'staff', 'family' or ''. owner_id: the colleague who has it, null: the teachers of the class.
-- pupils: JSON of the ids of those whom it is about; pupil_id and class_id where it is one child.
create table conversations (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  household_id integer not null references households(id),
  guardian_id integer references guardians(id),
  pupil_id integer references pupils(id),
  class_id integer references classes(id),
  pupils text not null default '[]',
  message_id integer references messages(id),
  owner_id integer references accounts(id),
  title text not null default '',
  started text not null,
  sensitive integer not null default 0,
  waits text not null default '',
  waits_since integer not null default 0,
  last_at integer not null,
  seen_staff_at integer not null default 0,
  seen_family_at integer not null default 0,
  created_at integer not null,
  version integer not null default 1
) strict;
create index conversations_waits on conversations(school_id, waits, waits_since);
create index conversations_last on conversations(school_id, last_at);
create index conversations_household on conversations(school_id, household_id);
create index conversations_guardian on conversations(school_id, guardian_id, message_id);
create unique index conversations_once on conversations(guardian_id, message_id) where guardian_id is not null and message_id is not null;

-- waited: milliseconds that the other side had waited for this, 0 when it answers nothing. sealed: body and translations
-- are encrypted with the school's key.
create table entries (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  conversation_id integer not null references conversations(id),
  direction text not null,
  kind text not null,
  road text not null default 'link',
  body text not null default '',
  lang text not null default '',
  phrases text not null default '[]',
  files text not null default '[]',
  sealed integer not null default 0,
  account_id integer references accounts(id),
  recipient_id integer references recipients(id),
  waited integer not null default 0,
  at integer not null
) strict;
create index entries_conversation on entries(school_id, conversation_id, id);
create index entries_at on entries(school_id, at);
create index entries_recipient on entries(recipient_id) where recipient_id is not null;

create table entry_texts (
  id integer primary key,
  school_id integer not null references schools(id),
  entry_id integer not null references entries(id),
  lang text not null,
  source text not null,
  engine text not null default '',
  body text not null,
  updated_by integer references accounts(id),
  updated_at integer not null,
  unique (entry_id, lang)
) strict;

-- Who does what, and when to look back at it. who: school, home or both.
create table agreements (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  household_id integer not null references households(id),
  pupil_id integer references pupils(id),
  conversation_id integer references conversations(id),
  body text not null,
  lang text not null,
  texts text not null default '{}',
  who text not null,
  to_day text not null default '',
  look_back text not null default '',
  created_by integer references accounts(id),
  created_at integer not null,
  confirmed_at integer not null default 0,
  ended_at integer not null default 0,
  how text not null default ''
) strict;
create index agreements_household on agreements(school_id, household_id);
create index agreements_look_back on agreements(school_id, look_back) where ended_at = 0 and look_back <> '';

-- Calendar -----------------------------------------------------------------------------------------------------

create table events (
  id integer primary key,
  public_id text not null unique,
  school_id integer not null references schools(id),
  class_id integer references classes(id),
  kind text not null,
  title text not null default '',
  lang text not null,
  day text not null,
  to_day text not null default '',
  from_time text not null default '',
  to_time text not null default '',
  place text not null default '',
  created_by integer references accounts(id),
  created_at integer not null,
  updated_at integer not null,
  cancelled_at integer not null default 0,
  version integer not null default 1
) strict;
create index events_school on events(school_id, day);

-- The ledger and what is read from it --------------------------------------------------------------------------

-- A line that somebody wrote with a talk, encrypted with the school's key; the language the contact was in; what it was
-- about: logistics, learning or ''.
alter table contacts add column note text not null default '';
alter table contacts add column lang text not null default '';
alter table contacts add column about text not null default '';

-- Without the rows that correct nothing: SQLite took a unique index for one that finds a single row, and read all ledgers for
-- "corrects is null".
drop index contacts_corrects;
create unique index contacts_corrects on contacts(corrects) where corrects is not null;

-- Per household, week and way: how many contacts of each stage, tone and beginning. Written with the ledger, and remade
-- from it by contact.Rebuild. pupil_id: the child it was about, 0: all of the household, so that nobody counts what is about a
-- child of another teacher, and a child that moves takes its weeks along. week: its Monday, YYYY-MM-DD.
create table marks (
  school_id integer not null references schools(id),
  week text not null,
  household_id integer not null references households(id),
  pupil_id integer not null default 0,
  area text not null,
  road text not null,
  lang text not null default '',
  offered integer not null default 0,
  tried integer not null default 0,
  arrived integer not null default 0,
  answered integer not null default 0,
  positive integer not null default 0,
  neutral integer not null default 0,
  worry integer not null default 0,
  by_school integer not null default 0,
  by_family integer not null default 0,
  logistics integer not null default 0,
  learning integer not null default 0,
  primary key (school_id, week, household_id, pupil_id, area, road, lang)
) strict, without rowid;

-- Per household: when it was last reached, and how often something was offered since. offers below zero: to be counted anew,
-- -1 within the transaction that found it, -2 by contact.Rebuild (as all households that have a ledger from before).
create table reached (
  household_id integer primary key references households(id),
  school_id integer not null references schools(id),
  first_at integer not null,
  last_at integer not null,
  reached_at integer not null default 0,
  offers integer not null default 0
) strict;
create index reached_school on reached(school_id, reached_at, household_id);
create index reached_stale on reached(school_id, household_id) where offers < 0;
insert into reached (household_id, school_id, first_at, last_at, offers)
  select household_id, school_id, min(at), max(at), -2 from contacts group by household_id, school_id;

-- +goose Down
drop table reached; drop table marks;
drop index contacts_corrects; create unique index contacts_corrects on contacts(corrects);
alter table contacts drop column about; alter table contacts drop column lang; alter table contacts drop column note;
drop table events; drop table agreements; drop table entry_texts; drop table entries; drop table conversations;
drop table inbound; drop table outbox; drop table recipients; drop table message_texts; drop table messages; drop table files;
drop table push_subscriptions; drop table second_steps; drop table links;
drop index guardians_email; drop index guardians_phone;
alter table guardians drop column failed; alter table guardians drop column stopped_at; alter table guardians drop column weekend;
alter table guardians drop column quiet_to; alter table guardians drop column quiet_from; alter table guardians drop column road;
alter table guardians drop column page_lang; alter table households drop column amount;
drop table school_keys;
alter table schools drop column plans; alter table schools drop column office;
