import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';

// What one person types and another reads, or finds in a mail: nothing in it turns around or hides what stands beside it. Names,
// which stand for somebody, are refused with such signs; prose loses them.

let here: Neighbourhood;
let category: string;
beforeAll(async () => {
	here = await makeNeighbourhood();
	category = (await here.db`select slug from categories where self_service limit 1`)[0]!.slug as string;
});
afterAll(() => here.close());

const tricks: [string, string][] = [
	['a right-to-left override', '\u202E'],
	['a left-to-right override', '\u202D'],
	['an embedding', '\u202B'],
	['the end of an embedding', '\u202C'],
	['a line separator', '\u2028'],
	['a paragraph separator', '\u2029'],
	['a bell', '\u0007'],
	['an escape', '\u001B'],
	['a delete', '\u007F'],
	['a control of the upper half', '\u0085'],
	['the anchor of a hidden remark', '\uFFF9'],
	['an invisible tag', '\u{E0041}']
];
/** Prose with all of them, and with what people may well paste: line breaks, tabs, isolates, marks of direction, joiners. */
const kept = 'un\n\tdeux \u20665 DH\u2069 \u200Fثلاثة\u200C٤ 👩\u200D🔧';
const typed = `${tricks.map(([, sign]) => sign).join('x')}${kept}\u202E`;
const clean = `${tricks.map(() => '').join('x')}${kept}`;

let day = 10;
const book = async (client: Client, more: object = {}) => {
	const { data, error } = await client.rpc('create_booking', {
		service_id: here.plumber.freeService,
		starts_at: await localInstant(here.db, day++, '10:00'),
		idempotency_key: randomUUID(),
		...more
	} as never);
	expect(error).toBeNull();
	return data!.booking_id!;
};
const one = async (table: string, column: string, id: string) =>
	(await here.db`select ${here.db(column)} as value from ${here.db(table)} where id = ${id}`)[0]!.value as unknown;
const reason = async (booking: string, to_status: string) =>
	(
		await here.db<{ reason: string }[]>`
			select reason from booking_events where booking_id = ${booking} and to_status = ${to_status} order by created_at desc`
	)[0]!.reason;
const logged = async (row: string) =>
	(
		await here.db<{ reason: string }[]>`
			select v.new_values ->> 'reason' as reason
			from audit_log l join audit_personal v on v.entry_id = l.id
			where l.row_id = ${row} and v.new_values ? 'reason' order by l.at desc`
	)[0]!.reason;
const fine = <Answer extends { error: unknown }>(answer: Answer): Answer => {
	expect(answer.error).toBeNull();
	return answer;
};

/** Each way in which prose is written: writes `typed`, and gives what others read. */
const prose: Record<string, () => Promise<unknown>> = {
	'a message': async () => {
		const sent = await here.amina.client.rpc('send_message', { provider_id: here.plumber.id, body: typed });
		return fine(sent).data!.body;
	},
	'the preview of a message': async () => {
		await here.amina.client.rpc('send_message', { provider_id: here.plumber.id, body: typed });
		const { data } = await here.youssef.client
			.from('conversations')
			.select('last_message_preview')
			.eq('provider_id', here.plumber.id)
			.eq('customer_id', here.amina.id)
			.single();
		return data!.last_message_preview;
	},
	'the notes of a booking': async () => one('bookings', 'notes', await book(here.amina.client, { notes: typed })),
	"a customer's reason": async () => {
		const booking = await book(here.amina.client);
		fine(await here.amina.client.rpc('cancel_booking', { booking_id: booking, reason: typed }));
		return reason(booking, 'cancelled');
	},
	"a business's reason for refusing": async () => {
		const booking = await book(here.amina.client);
		const refused = { booking_id: booking, to_status: 'rejected', reason: typed };
		fine(await here.youssef.client.rpc('transition_booking', refused));
		const { data } = await here.amina.client.rpc('get_booking', { booking_id: booking });
		expect(data!.end_reason).toBe(clean);
		return reason(booking, 'rejected');
	},
	'the reason of a closure': async () => {
		const at = [await localInstant(here.db, 200, '08:00'), await localInstant(here.db, 200, '09:00')];
		const row = { provider_id: here.plumber.id, period: `[${at.join()})`, reason: typed };
		return fine(await here.youssef.client.from('closures').insert(row).select('reason').single()).data!.reason;
	},
	...Object.fromEntries(
		['address', 'about_fr', 'about_ar', 'about_en'].map((column) => [
			`providers.${column}`,
			async () => {
				fine(
					await here.youssef.client
						.from('providers')
						.update({ [column]: typed } as { about_fr: string })
						.eq('id', here.plumber.id)
				);
				return one('providers', column, here.plumber.id);
			}
		])
	),
	...Object.fromEntries(
		['description_fr', 'description_ar', 'description_en'].map((column) => [
			`services.${column}`,
			async () => {
				fine(
					await here.youssef.client
						.from('services')
						.update({ [column]: typed } as { description_fr: string })
						.eq('id', here.plumber.service)
				);
				return one('services', column, here.plumber.service);
			}
		])
	),
	'a review': async () => {
		const booking = await book(here.bilal.client);
		const [row] = await here.db`
			insert into reviews (booking_id, provider_id, author_name, rating, body, language)
			values (${booking}, ${here.plumber.id}, 'Bilal', 5, ${typed}, 'fr') returning body`;
		return row!.body;
	},
	'the text of a picture': async () => {
		let row: Record<string, string> | undefined;
		await here.db
			.begin(async (sql) => {
				[row] = await sql`
					update photos set alt_fr = ${typed}, alt_ar = ${typed}, alt_en = ${typed}
					where id = (select id from photos limit 1) returning alt_fr, alt_ar, alt_en`;
				throw new Error('put back');
			})
			.catch((error: Error) => expect(error.message).toBe('put back'));
		expect([row!.alt_ar, row!.alt_en]).toEqual([clean, clean]);
		return row!.alt_fr;
	},
	'the word with a verification, in bell and mail too': async () => {
		const [row] = await here.db<{ id: string }[]>`
			insert into verifications (provider_id) values (${here.plumber.id}) returning id`;
		const refused = { verification_id: row!.id, accepted: false, note: typed };
		fine(await here.moderator.client.rpc('decide_verification', refused));
		const [told] = await here.db`
			select n.data ->> 'note' as bell, d.data ->> 'note' as mail
			from notifications n join deliveries d on d.dedupe_key = 'email:' || n.id
			where n.kind = 'verification_refused' and n.user_id = ${here.youssef.id}`;
		expect(told).toEqual({ bell: clean, mail: clean });
		return one('verifications', 'note', row!.id);
	},
	'the answer to who begins, in bell and mail too': async () => {
		const asked = fine(await here.bilal.client.rpc('request_town', { town: 'Aïn Leuh' }));
		const declined = { request_id: asked.data!, accepted: false, note: typed };
		fine(await here.moderator.client.rpc('decide_start_request', declined));
		const [told] = await here.db`
			select n.data ->> 'note' as bell, d.data ->> 'note' as mail
			from notifications n join deliveries d on d.dedupe_key = 'email:' || n.id
			where n.kind = 'start_request_declined' and n.user_id = ${here.bilal.id}`;
		expect(told).toEqual({ bell: clean, mail: clean });
		return one('start_requests', 'note', asked.data!);
	},
	"the reason of a business's suspension": async () => {
		fine(await here.moderator.client.rpc('suspend_provider', { provider_id: here.salon.id, reason: typed }));
		return logged(here.salon.id);
	},
	"the reason of an account's suspension": async () => {
		const { id } = await account('loud');
		fine(await here.admin.client.rpc('suspend_account', { user_id: id, reason: typed }));
		const [row] = await here.db<{ reason: string }[]>`
			select new_values ->> 'reason' as reason from audit_personal where account_id = ${id} and new_values ? 'reason'`;
		return row!.reason;
	},
	'the reason for seeing a contact': async () => {
		const booking = await book(here.amina.client);
		fine(await here.moderator.client.rpc('reveal_booking_contact', { booking_id: booking, reason: typed }));
		return logged(booking);
	},
	'the name of a browser': async () => {
		fine(await here.amina.client.rpc('note_session', { user_agent: typed }));
		const { data } = await here.amina.client.rpc('my_sessions');
		return data!.find(({ current }) => current)!.user_agent;
	}
};

describe('prose loses what turns around or hides the text beside it, and nothing else:', () => {
	test.each(Object.keys(prose))('%s', async (way) => {
		expect(await prose[way]!()).toBe(clean);
	});

	test('the reason for which a session is called off', async () => {
		const [service] = await here.db<{ id: string }[]>`
			insert into services (provider_id, mode, name_fr, duration_minutes, price_minor, notice_minutes)
			values (${here.plumber.id}, 'session', 'Cours', 60, 0, 0) returning id`;
		const [room] = await here.db<{ id: string }[]>`
			insert into resources (provider_id, kind, name, capacity) values (${here.plumber.id}, 'room', 'Salle', 5) returning id`;
		const starts_at = await localInstant(here.db, 40, '10:00');
		const [session] = await here.db<{ id: string }[]>`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			values (${here.plumber.id}, ${service!.id}, ${room!.id}, ${starts_at}, ${await localInstant(here.db, 40, '11:00')}, 5)
			returning id`;
		const booking = await book(here.amina.client, { service_id: service!.id, starts_at, session_id: session!.id });
		fine(await here.youssef.client.rpc('cancel_session', { session_id: session!.id, reason: typed }));
		expect(await reason(booking, 'cancelled')).toBe(clean);
	});

	test.each(tricks)('%s', async (_, sign) => {
		const body = `avant${sign}après`;
		const sent = await here.amina.client.rpc('send_message', { provider_id: here.plumber.id, body });
		expect(fine(sent).data!.body).toBe('avantaprès');
	});

	test('a message in which nothing is left is none', async () => {
		const body = tricks.map(([, sign]) => sign).join(' ');
		const { error } = await here.amina.client.rpc('send_message', { provider_id: here.plumber.id, body });
		expect(error).toMatchObject({ message: 'invalid_input', details: 'body' });
	});

	test('within lists and objects too', async () => {
		const [row] = await here.db`
			select private.without_tricks(${here.db.json({ a: ['b', 'b\u202E', { c: '\u0007', d: 1, e: null }], f: true })}) as value`;
		expect(row!.value).toEqual({ a: ['b', 'b', { c: '', d: 1, e: null }], f: true });
	});
});

/** Each name that people choose: tries to write one, and gives what is said. */
const names: Record<string, (name: string) => PromiseLike<{ error: { code: string; message: string } | null }>> = {
	'profiles.full_name': (full_name) => here.bilal.client.from('profiles').update({ full_name }).eq('id', here.bilal.id),
	'providers.name': (name) => here.youssef.client.from('providers').update({ name }).eq('id', here.plumber.id),
	'providers.name_ar': (name_ar) => here.youssef.client.from('providers').update({ name_ar }).eq('id', here.plumber.id),
	'providers.district': (district) =>
		here.youssef.client.from('providers').update({ district }).eq('id', here.plumber.id),
	'services.name_fr': (name_fr) =>
		here.youssef.client.from('services').update({ name_fr }).eq('id', here.plumber.service),
	'services.name_ar': (name_ar) =>
		here.youssef.client.from('services').update({ name_ar }).eq('id', here.plumber.service),
	'services.name_en': (name_en) =>
		here.youssef.client.from('services').update({ name_en }).eq('id', here.plumber.service),
	'resources.name': (name) => here.youssef.client.from('resources').update({ name }).eq('id', here.plumber.staff[0]!),
	'hour_profiles.name': (name) =>
		here.youssef.client
			.from('hour_profiles')
			.insert({ provider_id: here.plumber.id, name, starts_on: '2031-01-01', ends_on: '2031-01-31' }),
	'seats.label': (label) =>
		here.youssef.client.from('seats').insert({
			...{ provider_id: here.plumber.id, resource_id: here.plumber.staff[0]!, label },
			...{ row_number: 1, column_number: 1 }
		}),
	'promo_codes.code': (code) =>
		here.youssef.client.from('promo_codes').insert({ provider_id: here.plumber.id, code, percent: 10 }),
	'start_requests.town': (town) => here.bilal.client.rpc('request_town', { town }),
	'start_provider, district': (district) =>
		here.bilal.client.rpc('start_provider', {
			business: { name: 'Atelier', category_slug: category, city_slug: 'testville', district, address: '1 rue X' },
			service: { name: 'Pose', duration_minutes: 60, price_minor: 100, place: 'customer' },
			hours: [{ weekday: 1, opens: '09:00', closes: '18:00' }]
		}),
	"cities.name_fr, by the staff's answer": async (name_fr) => {
		const asked = fine(await here.bilal.client.rpc('request_town', { town: 'Azilal' }));
		return here.moderator.client.rpc('decide_start_request', {
			request_id: asked.data!,
			accepted: true,
			city: { name_fr, name_ar: 'أزيلال', name_en: 'Azilal', latitude: '31.9', longitude: '-6.5' }
		});
	},
	'bookings.customer_name': async (name) =>
		here.visitor.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 50, '10:00'),
			guest: { name, email: `guest-${randomUUID()}@example.com` },
			idempotency_key: randomUUID()
		} as never) as PromiseLike<{ error: { code: string; message: string } | null }>,
	'bookings.address': async (line) =>
		here.visitor.rpc('create_booking', {
			service_id: here.plumber.service,
			starts_at: await localInstant(here.db, 51, '10:00'),
			guest: { name: 'Salma', email: `guest-${randomUUID()}@example.com` },
			address: { line: `${line} rue des Essais` },
			idempotency_key: randomUUID()
		} as never) as PromiseLike<{ error: { code: string; message: string } | null }>
};

describe('a name with such a sign is refused:', () => {
	test.each(Object.keys(names))('%s', async (way) => {
		for (const [, sign] of tricks) {
			const { error } = await names[way]!(`AB${sign}CD`);
			expect([sign.codePointAt(0)!.toString(16), error?.code]).toEqual([
				sign.codePointAt(0)!.toString(16),
				expect.stringMatching(/^(23514|PT422)$/)
			]);
		}
		// it is the sign that it was refused for
		expect((await names[way]!('ABCD')).error).toBeNull();
	});
});

/** Columns that nobody types into, and why. */
const exempt: Record<string, string> = {
	'words that the platform writes, of a few that it knows': `
		audit_log.action audit_log.actor_role audit_log.table_name audit_log.row_id
		deliveries.dedupe_key invariant_findings.rule refunds.reason role_permissions.permission stripe_events.outcome
		private.attempt_limits.kind private.busy_workers.name private.file_removals.bucket private.file_removals.path
		private.readings.subject private.sign_in_attempts.kind`,
	'written by the log of what is no free text: that is in audit_personal': 'audit_log.new_values audit_log.old_values',
	'network addresses and hashes': `
		audit_personal.address private.session_places.address private.known_places.place private.sign_in_attempts.place
		private.rate_counters.caller private.link_requests.contact`,
	'copied from what is in order': `
		booking_seats.seat bookings.seats bookings.before_change bookings.currency bookings.policy bookings.time_zone
		conversations.last_message_preview invariant_findings.details ledger_entries.currency payments.currency
		private.promo_terms.code providers.search_text providers.search_skeletons`,
	'made by the platform': 'bookings.reference',
	'a zone whose clocks are known': 'cities.time_zone providers.time_zone private.clock_changes.zone',
	'part of the product: its migrations and owners alone write them': `
		cancellation_policies.code cancellation_policies.tiers categories.icon categories.keywords categories.name_ar
		categories.name_en categories.name_fr private.clock_release.release private.customer_caps.name
		private.customer_caps.reason private.provider_caps.name private.provider_caps.reason private.rate_limits.name
		private.settings.name private.settings.value templates.body templates.button  templates.subject`,
	'said by Stripe or by the mail server, and shown to nobody as a text': `
		deliveries.error deliveries.external_id payments.failure_code payments.stripe_payment_intent payments.stripe_session_id
		refunds.error refunds.stripe_refund_id stripe_events.id stripe_events.payload stripe_events.type`,
	'read by the one who typed it alone': 'start_requests.draft'
};

test('every column of text is cleaned, held to a form, or exempt for a reason', async () => {
	const columns = await here.db<{ column: string; cleaned: boolean; checks: string[] }[]>`
		select
			a.attrelid::regclass || '.' || a.attname as column,
			exists (
				select from pg_trigger t
				where t.tgrelid = a.attrelid and t.tgfoid = 'private.clean_text'::regproc and t.tgenabled = 'O'
					and a.attname::text = any (string_to_array(encode(t.tgargs, 'escape'), '\\000'))
					and (cardinality(t.tgattr::int2[]) = 0 or a.attnum = any (t.tgattr::int2[]))
			) as cleaned,
			array(
				select case c.contype when 'f' then 'reference' else pg_get_constraintdef(c.oid) end
				from pg_constraint c
				where c.conrelid = a.attrelid and a.attnum = any (c.conkey) and c.contype in ('c', 'f')
			) as checks
		from pg_attribute a
		join pg_class k on k.oid = a.attrelid and k.relkind in ('r', 'p')
		where k.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and a.attnum > 0 and not a.attisdropped
			and a.attgenerated = ''
			and format_type(a.atttypid, null) in ('text', 'text[]', 'character varying', 'json', 'jsonb')
		order by 1`;
	expect(columns.length).toBeGreaterThan(100);
	const reasons = new Set(Object.values(exempt).flatMap((list) => list.trim().split(/\s+/)));
	const form = (name: string) =>
		new RegExp(
			`reference|(name_ok|address_ok|email|phone)\\((COALESCE\\()?${name}\\b|\\(${name} = ANY|\\(${name} ~ '\\^[^']*\\$'`
		);
	const open = columns.filter(
		({ column, cleaned, checks }) => !cleaned && !checks.some((check) => form(column.split('.').at(-1)!).test(check))
	);
	expect(open.map(({ column }) => column).filter((column) => !reasons.has(column))).toEqual([]);
	// nothing stays exempt that is looked after, or gone
	expect([...reasons].filter((column) => !open.some((one) => one.column === column))).toEqual([]);
});

test('every text that people may write has an end', async () => {
	const open = await here.db<{ column: string }[]>`
		select a.attrelid::regclass || '.' || a.attname as column
		from pg_attribute a
		join pg_class k on k.oid = a.attrelid and k.relkind in ('r', 'p') and k.relnamespace = 'public'::regnamespace
		where a.attnum > 0 and not a.attisdropped
			and format_type(a.atttypid, null) in ('text', 'text[]', 'character varying', 'json', 'jsonb')
			and (
				has_column_privilege('authenticated', a.attrelid, a.attnum, 'insert')
				or has_column_privilege('authenticated', a.attrelid, a.attnum, 'update')
				or exists (
					select from pg_trigger t where t.tgrelid = a.attrelid and t.tgfoid = 'private.clean_text'::regproc
						and a.attname::text = any (string_to_array(encode(t.tgargs, 'escape'), '\\000'))
						-- what we write ourselves, of values that have an end
						and a.attrelid not in ('notifications'::regclass, 'deliveries'::regclass, 'audit_personal'::regclass)
				)
			)
			and not exists (
				select from pg_constraint c
				where c.conrelid = a.attrelid and a.attnum = any (c.conkey)
					and (
						c.contype = 'f'
						or pg_get_constraintdef(c.oid) ~ (
							'(char_length|octet_length)\\(' || a.attname || '|private\\.(phone|email|address_ok)\\(' || a.attname
							|| '|\\(' || a.attname || ' = ANY|\\(' || a.attname || ' ~ ''\\^[^'']*\\$'''
						)
					)
			)
		order by 1`;
	expect(open.map(({ column }) => column)).toEqual([]);
});

test('a name as long as a book is refused at a glance', async () => {
	const [row] = await here.db`
		select private.name_ok(repeat('a', 4000000)) as fine, clock_timestamp() - statement_timestamp() < interval '1 second' as quick`;
	expect(row).toEqual({ fine: false, quick: true });
});
