-- What can be found: one folded text per thing. Holds personal data; the text is what decides, the
-- index below only says where to look.
create table search_text (
  company_id integer not null,
  kind text not null,
  id integer not null,
  shop_id integer,
  words text not null,
  primary key (company_id, kind, id)
){pg:|sqlite:, without rowid};

-- What was written since the newest segment: such texts are looked through one by one.
create table search_tail (
  company_id integer not null,
  kind text not null,
  stamp integer not null,
  id integer not null,
  primary key (company_id, kind, stamp)
){pg:|sqlite:, without rowid};

-- A segment is an index over many texts, written once. `state`: building, ready or dead.
create table search_segment (
  company_id integer not null,
  kind text not null,
  id integer not null,
  level integer not null,
  state text not null,
  texts integer not null,
  least_id integer not null,
  greatest_id integer not null,
  changed_at integer not null,
  primary key (company_id, kind, id)
);

-- Where three letters occur in a segment. The letters are the key's 63 bits.
create table search_gram (
  segment_id integer not null,
  gram integer not null,
  company_id integer not null,
  ids text not null,
  primary key (segment_id, gram)
){pg:|sqlite:, without rowid};
