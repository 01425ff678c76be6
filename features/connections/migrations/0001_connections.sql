-- A shop's system and how it reaches us.
create table connection (
  company_id integer not null,
  id integer not null,
  shop_id integer not null,
  kind text not null,
  name text not null,
  paused boolean not null,
  settings text not null,
  version integer not null,
  created_at integer not null,
  primary key (company_id, id)
);

-- Tokens under which a connection's system speaks; an old one goes on for a day after a new one was issued.
create table connection_key (
  company_id integer not null,
  connection_id integer not null,
  token_id integer not null,
  hint text not null,
  issued_at integer not null,
  retires_at integer,
  primary key (company_id, connection_id, token_id),
  foreign key (company_id, connection_id) references connection (company_id, id)
);
create unique index connection_key_token on connection_key (token_id);

-- What a system sent, byte by byte, before anybody read it. Bodies hold personal data: they are thrown away when
-- they were dealt with long ago.
create table connection_message (
  company_id integer not null,
  id integer not null,
  connection_id integer not null,
  token_id integer not null,
  received_at integer not null,
  target text not null,
  media text not null,
  body blob not null,
  state text not null,
  about text,
  problem text,
  notes text,
  attempts integer not null,
  done_at integer,
  primary key (company_id, id)
);
create index connection_message_by_state on connection_message (company_id, connection_id, state, id);
create index connection_message_unfinished on connection_message (company_id, connection_id, received_at) where state = 'received';
create index connection_message_done on connection_message (company_id, connection_id, done_at) where state <> 'received' and state <> 'quarantined';

-- When a system was last heard of, and how often it was refused; written every few seconds at most.
create table connection_contact (
  company_id integer not null,
  connection_id integer not null,
  last_at integer not null,
  last_write_at integer,
  last_refused_at integer,
  last_refusal text,
  requests integer not null,
  refused integer not null,
  primary key (company_id, connection_id)
);
