-- What pg_net shows to SQL. The requests are sent by the embedded platform, which listens on net_wake; as a
-- notification is delivered on commit, nothing is sent for a transaction that is rolled back.

create schema if not exists net;

create domain net.http_method as text
  check (lower(value) in ('get', 'post', 'delete'));

create unlogged table net.http_request_queue (
  id bigserial,
  method net.http_method not null,
  url text not null,
  headers jsonb,
  body bytea,
  timeout_milliseconds int not null
);

create unlogged table net._http_response (
  id bigint,
  status_code integer,
  content_type text,
  headers jsonb,
  content text,
  timed_out bool,
  error_msg text,
  created timestamptz not null default now()
);
create index on net._http_response (created);

create type net.request_status as enum ('PENDING', 'SUCCESS', 'ERROR');
create type net.http_response as (status_code integer, headers jsonb, body text);
create type net.http_response_result as (status net.request_status, message text, response net.http_response);

create function net.wake() returns void
language sql
as $$ select pg_notify('net_wake', '') $$;

-- RFC 3986: everything but unreserved characters, byte by byte.
create function net._urlencode_string(string varchar) returns text
language sql immutable strict
as $$
  select coalesce(string_agg(
    case when chr(byte) ~ '[A-Za-z0-9._~-]' and byte < 128 then chr(byte) else '%' || upper(lpad(to_hex(byte), 2, '0')) end,
    '' order by position
  ), '')
  from (
    select position, get_byte(bytes, position) as byte
    from (select convert_to(string, 'UTF8') as bytes) as encoded, generate_series(0, length(bytes) - 1) as position
  ) as parts
$$;

create function net._encode_url_with_params_array(url text, params_array text[]) returns text
language sql immutable strict
as $$
  select case
    when cardinality(params_array) = 0 then url
    else url || case when strpos(url, '?') > 0 then '&' else '?' end || array_to_string(params_array, '&')
  end
$$;

create function net._request(method text, url text, params jsonb, headers jsonb, body jsonb, timeout_milliseconds int)
returns bigint
language sql
as $$
  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  select
    _request.method,
    net._encode_url_with_params_array(
      _request.url,
      coalesce(array_agg(net._urlencode_string(key) || '=' || net._urlencode_string(value)) filter (where key is not null), '{}')
    ),
    _request.headers,
    convert_to(_request.body::text, 'UTF8'),
    _request.timeout_milliseconds
  from (select 1) as one left join jsonb_each_text(params) on true
  returning id
$$;

create function net.http_get(
  url text,
  params jsonb default '{}',
  headers jsonb default '{}',
  timeout_milliseconds int default 5000
) returns bigint
language plpgsql
as $$
begin
  perform net.wake();
  return net._request('GET', url, params, headers, null, timeout_milliseconds);
end;
$$;

create function net.http_post(
  url text,
  body jsonb default '{}',
  params jsonb default '{}',
  headers jsonb default '{"Content-Type": "application/json"}',
  timeout_milliseconds int default 5000
) returns bigint
language plpgsql
as $$
declare
  content_type text := (select value from jsonb_each_text(headers) where lower(key) = 'content-type' limit 1);
begin
  if content_type <> 'application/json' then
    raise exception 'Content-Type header must be "application/json"';
  end if;
  if content_type is null then
    headers := headers || '{"Content-Type": "application/json"}';
  end if;
  perform net.wake();
  return net._request('POST', url, params, headers, body, timeout_milliseconds);
end;
$$;

create function net.http_delete(
  url text,
  params jsonb default '{}',
  headers jsonb default '{}',
  timeout_milliseconds int default 5000,
  body jsonb default null
) returns bigint
language plpgsql
as $$
begin
  perform net.wake();
  return net._request('DELETE', url, params, headers, body, timeout_milliseconds);
end;
$$;

create function net._await_response(request_id bigint) returns bool
language plpgsql
as $$
begin
  while not exists (select from net._http_response where id = request_id) loop
    perform pg_sleep(0.05);
  end loop;
  return true;
end;
$$;

create function net._http_collect_response(request_id bigint, async bool default true)
returns net.http_response_result
language plpgsql
as $$
declare
  answer net._http_response;
begin
  if not async then
    perform net._await_response(request_id);
  end if;
  select * into answer from net._http_response where id = request_id;
  if answer.id is null or answer.error_msg is not null then
    return row('ERROR', coalesce(answer.error_msg, 'request matching request_id not found'), null)::net.http_response_result;
  end if;
  return row('SUCCESS', 'ok', row(answer.status_code, answer.headers, answer.content)::net.http_response)::net.http_response_result;
end;
$$;

create function net.http_collect_response(request_id bigint, async bool default true)
returns net.http_response_result
language plpgsql
as $$
begin
  raise notice 'The net.http_collect_response function is deprecated.';
  return net._http_collect_response(request_id, async);
end;
$$;

-- As since pg_net 0.12: whoever may reach the schema may send; it is not among the exposed ones.
grant usage on schema net to public;
grant all on all sequences in schema net to public;
grant all on all tables in schema net to public;

select pg_catalog.pg_notify('net_wake', '');
