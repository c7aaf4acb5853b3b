-- What pg_cron 1.6 shows to SQL. The jobs are run by the embedded platform, which listens on cron_job_changed.
-- The functions that write are definer's; their faces pass on who calls them, since a definer's body cannot see it.

create schema cron;

create sequence cron.jobid_seq;
create sequence cron.runid_seq;

create table cron.job (
  jobid bigint primary key default nextval('cron.jobid_seq'),
  schedule text not null,
  command text not null,
  nodename text not null default 'localhost',
  nodeport int not null default inet_server_port(),
  database text not null default current_database(),
  username text not null default current_user,
  active boolean not null default true,
  jobname text,
  constraint jobname_username_uniq unique (jobname, username)
);
alter table cron.job enable row level security;
create policy cron_job_policy on cron.job using (username = current_user);

create table cron.job_run_details (
  jobid bigint,
  runid bigint primary key default nextval('cron.runid_seq'),
  job_pid integer,
  database text,
  username text,
  command text,
  status text,
  return_message text,
  start_time timestamptz,
  end_time timestamptz
);
alter table cron.job_run_details enable row level security;
create policy cron_job_run_details_policy on cron.job_run_details using (username = current_user);

create function cron.job_cache_invalidate() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform pg_catalog.pg_notify('cron_job_changed', '');
  return null;
end;
$$;

create trigger cron_job_cache_invalidate
after insert or update or delete or truncate on cron.job
for each statement execute function cron.job_cache_invalidate();

-- Numbers, names, ranges, steps and lists of one field of a cron expression.
create function cron._is_field(field text, low int, high int, names text[]) returns boolean
language plpgsql immutable
set search_path = ''
as $$
declare
  item text;
  bound text;
  step text;
  value int;
  previous int;
begin
  foreach item in array string_to_array(field, ',') loop
    step := substring(item from '/(.*)$');
    if step is not null and (step !~ '^[0-9]{1,4}$' or step::int = 0) then
      return false;
    end if;
    item := regexp_replace(item, '/.*$', '');
    continue when item = '*';
    if array_length(string_to_array(item, '-'), 1) > 2 then
      return false;
    end if;
    previous := null;
    foreach bound in array string_to_array(item, '-') loop
      value := case
        when bound ~ '^[0-9]{1,4}$' then bound::int
        else array_position(names, lower(bound)) - 1 + low
      end;
      if value is null or value not between low and high or value < previous then
        return false;
      end if;
      previous := value;
    end loop;
  end loop;
  return field <> '';
end;
$$;

-- A cron expression, a nickname, '$' for the last day of a month, or 'N seconds'. Raises XX000 as pg_cron does.
create function cron._check_schedule(schedule text) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  fields text[] := regexp_split_to_array(btrim(schedule), '\s+');
  months text[] := '{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}';
  days text[] := '{sun,mon,tue,wed,thu,fri,sat}';
begin
  if schedule ~* '^\s*([1-9]|[1-5][0-9])\s+seconds?\s*$'
    or lower(schedule) in ('@reboot', '@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly')
    or (
      array_length(fields, 1) = 5
      and cron._is_field(fields[1], 0, 59, '{}')
      and cron._is_field(fields[2], 0, 23, '{}')
      and (fields[3] = '$' or cron._is_field(fields[3], 1, 31, '{}'))
      and cron._is_field(fields[4], 1, 12, months)
      and cron._is_field(fields[5], 0, 7, days)
    )
  then
    return;
  end if;
  raise internal_error using
    message = format('invalid schedule: %s', schedule),
    hint = 'Use cron format (e.g. 5 4 * * *), or interval format ''[1-59] seconds''';
end;
$$;

create function cron._save(caller name, job_name text, schedule text, command text, database text, username text, active boolean)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
  id bigint;
begin
  perform cron._check_schedule(_save.schedule);
  if coalesce(_save.username, caller) <> caller and not (select rolsuper from pg_catalog.pg_roles where rolname = caller) then
    raise internal_error using message = 'must be superuser to create a job for another role';
  end if;
  insert into cron.job as saved (jobname, schedule, command, database, username, active)
  values (job_name, _save.schedule, _save.command, coalesce(_save.database, current_database()), coalesce(_save.username, caller), _save.active)
  on conflict on constraint jobname_username_uniq do update
    set schedule = excluded.schedule, command = excluded.command, database = excluded.database, active = excluded.active
  returning saved.jobid into id;
  return id;
end;
$$;

create function cron._remove(caller name, job_id bigint, job_name text) returns boolean
language plpgsql security definer
set search_path = ''
as $$
begin
  delete from cron.job
  where (jobid = job_id or (jobname = job_name and username = caller))
    and (username = caller or (select rolsuper from pg_catalog.pg_roles where rolname = caller));
  if not found then
    raise internal_error using
      message = 'could not find valid entry for job ' || coalesce(job_id::text, quote_literal(job_name));
  end if;
  return true;
end;
$$;

create function cron._alter(caller name, job_id bigint, schedule text, command text, database text, username text, active boolean)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
  super boolean := (select rolsuper from pg_catalog.pg_roles where rolname = caller);
begin
  if _alter.schedule is not null then
    perform cron._check_schedule(_alter.schedule);
  end if;
  if _alter.username is not null and _alter.username <> caller and not super then
    raise internal_error using message = 'must be superuser to alter username';
  end if;
  update cron.job as altered set
    schedule = coalesce(_alter.schedule, altered.schedule),
    command = coalesce(_alter.command, altered.command),
    database = coalesce(_alter.database, altered.database),
    username = coalesce(_alter.username, altered.username),
    active = coalesce(_alter.active, altered.active)
  where altered.jobid = job_id and (altered.username = caller or super);
  if not found then
    raise internal_error using message = format('Job %s does not exist or you don''t own it', job_id);
  end if;
end;
$$;

create function cron.schedule(schedule text, command text) returns bigint
language sql strict
return cron._save(current_user, null, schedule, command, null, null, true);

create function cron.schedule(job_name text, schedule text, command text) returns bigint
language sql
return cron._save(current_user, job_name, schedule, command, null, null, true);

create function cron.schedule_in_database(
  job_name text,
  schedule text,
  command text,
  database text,
  username text default null,
  active boolean default true
) returns bigint
language sql
return cron._save(current_user, job_name, schedule, command, database, username, active);

create function cron.unschedule(job_id bigint) returns boolean
language sql strict
return cron._remove(current_user, job_id, null);

create function cron.unschedule(job_name text) returns boolean
language sql strict
return cron._remove(current_user, null, job_name);

create function cron.alter_job(
  job_id bigint,
  schedule text default null,
  command text default null,
  database text default null,
  username text default null,
  active boolean default null
) returns void
language sql
return cron._alter(current_user, job_id, schedule, command, database, username, active);

-- As on a hosted project: postgres uses cron and reads jobs, but writes them through the functions alone.
revoke execute on all functions in schema cron from public;
grant usage on schema cron to postgres with grant option;
grant execute on all functions in schema cron to postgres with grant option;
grant all on all tables in schema cron to postgres with grant option;
revoke all on table cron.job from postgres;
grant select on table cron.job to postgres with grant option;
grant select on all tables in schema cron to public;

select pg_catalog.pg_notify('cron_job_changed', '');
