-- Last of the bootstrap: membership lets `postgres` add policies and triggers in the platform's schemas. Hosted
-- projects refuse it anything more there, so this does too: what passes here must not need more than they give.
create function extensions.guard_platform_schemas() returns event_trigger
language plpgsql
set search_path = ''
as $$
declare
  command record;
begin
  if session_user <> 'postgres' then
    return;
  end if;
  for command in select * from pg_event_trigger_ddl_commands() loop
    if command.schema_name in ('auth', 'storage', 'realtime')
      and not command.in_extension
      and command.command_tag not in (
        'CREATE POLICY', 'ALTER POLICY', 'COMMENT', 'CREATE TRIGGER', 'ALTER TRIGGER'
      )
    then
      raise insufficient_privilege
        using message = format('permission denied for schema %s', command.schema_name);
    end if;
  end loop;
end;
$$;

create event trigger guard_platform_schemas on ddl_command_end
  execute function extensions.guard_platform_schemas();
