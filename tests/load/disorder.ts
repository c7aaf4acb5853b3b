import type { Sql } from 'postgres';
import type { Stage } from './stage.ts';

/** What does not add up at the business now, in words: by the invariant checker, and by queries of our own. */
export async function disorder(sql: Sql, { provider }: Stage): Promise<string[]> {
	const found = await sql<{ what: string; subject: string }[]>`
		with mine as (select * from bookings where provider_id = ${provider}),
		live as (select * from mine where status not in ('expired', 'cancelled', 'rejected'))
		select 'a place without a live booking' as what, o.id as subject
		from occupancies o
		join resources r on r.id = o.resource_id and r.provider_id = ${provider}
		where o.closure_id is null and o.session_id is null and o.booking_id not in (select id from live)
		union all
		select 'a live booking without its place', b.id from live b
		where b.session_id is null and not exists (
			select from occupancies o where o.booking_id = b.id and not o.kept and o.period @> tstzrange(b.starts_at, b.ends_at)
		)
		union all
		select 'a table too small', b.id from live b
		where b.mode = 'table' and b.party_size > (
			select sum(r.capacity) from occupancies o join resources r on r.id = o.resource_id where o.booking_id = b.id and not o.kept
		)
		union all
		select 'a session counted wrongly', s.id from sessions s
		where s.provider_id = ${provider}
			and s.taken <> (
				select coalesce(sum(x.places), 0)
				from (
					select b.id, max(v.places) as places
					from live b
					cross join lateral (values
						(b.session_id, b.party_size),
						((b.before_change ->> 'session_id')::uuid, (b.before_change ->> 'party_size')::int),
						(
							(b.before_change #>> '{before_change,session_id}')::uuid,
							(b.before_change #>> '{before_change,party_size}')::int
						)
					) as v (session, places)
					where v.session = s.id
					group by b.id
				) x
			)
		union all
		select 'a booking at another time than its session', b.id from live b
		join sessions s on s.id = b.session_id
		where (b.starts_at, b.ends_at) <> (s.starts_at, s.ends_at)
		union all
		select 'a booking of a session that is called off', b.id from live b
		join sessions s on s.id = b.session_id
		where not s.active
		union all
		select 'seats other than those asked for', b.id from mine b
		where b.seats is not null
			and array(select x.seat from booking_seats x where x.booking_id = b.id and x.session_id = b.session_id order by 1)
				<> case when b.status in ('expired', 'cancelled', 'rejected') then '{}' else array(select unnest(b.seats) order by 1) end
		union all
		select i.rule, i.subject_id from private.broken_invariants() i
		where i.subject_id in (select id from mine)
			or i.subject_id in (select id from sessions where provider_id = ${provider})
			or i.subject_id in (
				select o.id from occupancies o join resources r on r.id = o.resource_id where r.provider_id = ${provider}
			)`;
	return found.map(({ what, subject }) => `${what}: ${subject}`);
}
