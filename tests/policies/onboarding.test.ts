import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secondFactor } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood, upload } from './people.ts';
import type { Client, Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;
let category: string;
beforeAll(async () => {
	here = await makeNeighbourhood();
	const [row] = await here.db<{ slug: string }[]>`
		select k.slug from categories k join providers p on p.category_id = k.id where p.id = ${here.plumber.id}`;
	category = row!.slug;
});
afterAll(() => here.close());

type Fields = Record<string, unknown>;
const week = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '09:00', closes: '18:00' }));

/** What a person would send, with changes; a part may be replaced as a whole. */
const start = (client: Client, change: { business?: unknown; service?: unknown; hours?: unknown } = {}) =>
	client.rpc('start_provider', {
		business: {
			name: 'Atelier Bilal',
			category_slug: category,
			city_slug: 'testville',
			district: 'Médina',
			address: '3 rue des Potiers',
			phone: '+212612345678',
			...(change.business as Fields)
		},
		service: {
			name: 'Pose de carrelage',
			duration_minutes: 90,
			price_minor: 30000,
			place: 'customer',
			...(change.service as Fields)
		},
		hours: ('hours' in change ? change.hours : week) as never
	});
const said = async (answer: PromiseLike<{ error: { message: string; details?: string } | null }>) => {
	const { error } = await answer;
	return error && (error.message === 'invalid_input' ? `invalid_input ${error.details}` : error.message);
};
const started = async (person: Person, name = 'Atelier Bilal') => {
	const { data, error } = await start(person.client, { business: { name } });
	expect(error).toBeNull();
	return { id: data![0]!.provider_id, slug: data![0]!.slug };
};

describe('the guided start', () => {
	const long = (length: number) => 'x'.repeat(length);
	test.each<[string, Parameters<typeof start>[1]]>([
		['name', { business: { name: ' a ' } }],
		['name', { business: { name: null } }],
		['name', { business: { name: long(121) } }],
		['category_slug', { business: { category_slug: 'no-such' } }],
		['city_slug', { business: { city_slug: "x' or 1=1 --" } }],
		['district', { business: { district: ' ' } }],
		['address', { business: { address: long(301) } }],
		['phone', { business: { phone: '0412345678' } }],
		['service_name', { service: { name: '' } }],
		['duration_minutes', { service: { duration_minutes: 4 } }],
		['duration_minutes', { service: { duration_minutes: 1441 } }],
		['duration_minutes', { service: { duration_minutes: '9e9' } }],
		['duration_minutes', { service: { duration_minutes: { a: 1 } } }],
		['price_minor', { service: { price_minor: -1 } }],
		['price_minor', { service: { price_minor: 100000001 } }],
		['price_minor', { service: { price_minor: 99.5 } }],
		['place', { service: { place: 'moon' } }],
		['hours', { hours: [] }],
		['hours', { hours: {} }],
		['hours', { hours: null }],
		['hours', { hours: [1, 'x', null] }],
		['hours', { hours: [{ weekday: 8, opens: '09:00', closes: '18:00' }] }],
		['hours', { hours: [{ weekday: 1, opens: '24:00', closes: '18:00' }] }],
		['hours', { hours: [{ weekday: 1, opens: '09:00' }] }],
		['hours', { hours: Array.from({ length: 29 }, () => week[0]) }]
	])('refuses %s by its name: %o', async (field, change) => {
		expect(await said(start(here.bilal.client, change))).toBe(`invalid_input ${field}`);
	});

	test('refuses what is no form at all', async () => {
		for (const [business, service, field] of [
			[null, {}, 'business'],
			[[], {}, 'business'],
			['x', {}, 'business']
		] as const) {
			const answer = here.bilal.client.rpc('start_provider', { business, service, hours: week } as never);
			expect(await said(answer)).toBe(`invalid_input ${field}`);
		}
		const whole = { name: 'Atelier', category_slug: category, city_slug: 'testville', district: 'x', address: 'y' };
		const answer = here.bilal.client.rpc('start_provider', { business: whole, service: [], hours: week });
		expect(await said(answer)).toBe('invalid_input service');
		const [count] = await here.db`select count(*)::int from provider_members where user_id = ${here.bilal.id}`;
		expect(count!.count).toBe(0);
	});

	test('makes what its trade is booked by, in the zone of its town; a trade that cannot be set up yet is refused', async () => {
		for (const category_slug of ['restaurant', 'cinema', 'formation'])
			expect(await said(start(here.bilal.client, { business: { category_slug } }))).toBe('invalid_input category_slug');
		const offered = await here.visitor.from('categories').select('slug, mode, self_service').neq('mode', 'appointment');
		expect(offered.data!.map(({ slug }) => slug).sort()).toEqual(['cinema', 'formation', 'restaurant']);
		expect(offered.data!.some(({ self_service }) => self_service)).toBe(false);
		const city = `z-${randomUUID()}`;
		await here.db`
			insert into cities (slug, name_fr, name_ar, name_en, latitude, longitude, time_zone)
			values (${city}, 'Z', 'ز', 'Z', 24, -14, 'Asia/Dubai')`;
		const { data, error } = await start(here.zineb.client, { business: { city_slug: city } });
		expect(error).toBeNull();
		const [made] = await here.db`
			select p.time_zone, s.mode from providers p join services s on s.provider_id = p.id
			where p.id = ${data![0]!.provider_id}`;
		expect(made).toEqual({ time_zone: 'Asia/Dubai', mode: 'appointment' });
	});

	test('is for accounts alone, and five times a day', async () => {
		expect((await start(here.visitor)).error?.code).toBe('42501');
		await here.db`update private.rate_limits set max_calls = 5 where name = 'start_provider'`;
		const answers: (string | null)[] = [];
		for (let i = 0; i < 6; i++) answers.push(await said(start(here.amina.client)));
		await here.db`update private.rate_limits set max_calls = 1000000 where name = 'start_provider'`;
		expect(answers).toEqual([null, null, null, null, null, 'rate_limited']);
	});

	test('makes a business that can be booked once published, its founder as owner and as staff', async () => {
		const made = await started(here.bilal);
		expect(made.slug).toMatch(/^atelier-bilal/);
		const { data: team } = await here.bilal.client.rpc('provider_team', { provider_id: made.id });
		expect(team).toMatchObject([{ role: 'owner', user_id: here.bilal.id }]);
		expect(team![0]!.resource_id).not.toBeNull();
	});

	test('gives each its own address, also to those of one name who start at once, and to names in Arabic', async () => {
		const [both, arabic] = [
			await Promise.all([1, 2, 3].map(() => started(here.bilal, 'Chez Ghita'))),
			await started(here.bilal, 'ورشة بلال')
		];
		expect(new Set(both.map(({ slug }) => slug)).size).toBe(3);
		expect(arabic.slug).toMatch(/^[0-9a-f]{8}$/);
	});
});

describe('a draft', () => {
	let draft: { id: string; slug: string };
	let service: string;
	beforeAll(async () => {
		draft = await started(here.bilal, `Brouillon ${randomUUID().slice(0, 8)}`);
		service = (await here.bilal.client.from('services').select('id').eq('provider_id', draft.id).single()).data!.id;
	});
	const book = async (client: Client) =>
		said(
			client.rpc('create_booking', {
				service_id: service,
				starts_at: await localInstant(here.db, 7, '10:00'),
				guest: { name: 'Zoubida', email: 'zoubida@example.com' },
				address: { line: '1 rue' },
				idempotency_key: randomUUID()
			})
		);

	test('is seen by its team, and by platform staff, and by nobody else', async () => {
		const seen = async (client: Client) =>
			(await client.from('providers').select('id').eq('id', draft.id)).data!.length;
		expect(await seen(here.bilal.client)).toBe(1);
		expect(await seen(here.moderator.client)).toBe(1);
		for (const client of [here.visitor, here.amina.client, here.zineb.client]) {
			expect(await seen(client)).toBe(0);
			for (const table of ['services', 'resources', 'opening_hours'] as const) {
				expect((await client.from(table).select('id').eq('provider_id', draft.id)).data).toEqual([]);
			}
			const { data } = await client.rpc('search_providers', { q: 'Brouillon' });
			expect(data!.filter(({ slug }) => slug === draft.slug)).toEqual([]);
		}
	});

	test('takes no booking and no message', async () => {
		expect(await book(here.visitor)).toBe('not_found');
		expect(await said(here.amina.client.rpc('send_message', { provider_id: draft.id, body: 'Bonjour' }))).toBe(
			'not_found'
		);
	});

	test('is published by owners and managers alone', async () => {
		const publish = (client: Client) => said(client.rpc('publish_provider', { provider_id: draft.id }));
		expect(await publish(here.zineb.client)).toBe('not_found');
		await here.db`insert into provider_members (provider_id, user_id, role) values (${draft.id}, ${here.karim.id}, 'staff')`;
		expect(await publish(here.karim.client)).toBe('not_allowed');
		const direct = await here.bilal.client
			.from('providers')
			.update({ status: 'published' } as never)
			.eq('id', draft.id);
		expect(direct.error?.code).toBe('42501');
	});

	test('is not published without anything to book, or hours', async () => {
		const publish = () => said(here.bilal.client.rpc('publish_provider', { provider_id: draft.id }));
		await here.db`update services set active = false where id = ${service}`;
		expect(await publish()).toBe('invalid_input services');
		await here.db`update services set active = true where id = ${service}`;
		await here.db`update resources set active = false where provider_id = ${draft.id}`;
		expect(await publish()).toBe('invalid_input services');
		await here.db`update resources set active = true where provider_id = ${draft.id}`;
		const removed = await here.db`delete from opening_hours where provider_id = ${draft.id} returning weekday`;
		expect(await publish()).toBe('invalid_input hours');
		for (const { weekday } of removed) {
			await here.db`insert into opening_hours (provider_id, weekday, opens, closes) values (${draft.id}, ${weekday}, '09:00', '18:00')`;
		}
		expect(await publish()).toBeNull();
	});

	test('that was published is found, can be booked, and goes out of sight when it is taken back', async () => {
		const found = async () => {
			const { data } = await here.visitor.rpc('search_providers', { q: 'Brouillon' });
			return data!.some(({ slug }) => slug === draft.slug);
		};
		expect(await found()).toBe(true);
		const { data: slots } = await here.visitor.rpc('available_slots', {
			service_id: service,
			from_date: (await localInstant(here.db, 3, '10:00')).slice(0, 10),
			to_date: (await localInstant(here.db, 9, '10:00')).slice(0, 10)
		});
		expect(slots!.length).toBeGreaterThan(0);
		expect(await said(here.bilal.client.rpc('unpublish_provider', { provider_id: draft.id }))).toBeNull();
		expect(await found()).toBe(false);
	});

	test('that the platform suspended stays away until it is restored, then is a draft again', async () => {
		const reason = 'Complaints';
		const { client } = here.moderator;
		expect(await said(here.bilal.client.rpc('suspend_provider', { provider_id: draft.id, reason }))).toBe(
			'not_allowed'
		);
		expect(await said(client.rpc('suspend_provider', { provider_id: draft.id, reason: ' ' }))).toBe(
			'invalid_input reason'
		);
		expect(await said(client.rpc('suspend_provider', { provider_id: draft.id, reason }))).toBeNull();
		for (const call of ['publish_provider', 'unpublish_provider'] as const) {
			expect(await said(here.bilal.client.rpc(call, { provider_id: draft.id }))).toBe('not_allowed');
		}
		expect(await said(here.bilal.client.rpc('restore_provider', { provider_id: draft.id }))).toBe('not_allowed');
		expect(await said(client.rpc('restore_provider', { provider_id: draft.id }))).toBeNull();
		expect(await said(client.rpc('restore_provider', { provider_id: draft.id }))).toBe('not_found');
		expect(await said(here.bilal.client.rpc('publish_provider', { provider_id: draft.id }))).toBeNull();
	});

	test('is not published by an owner in the very moment of its suspension', async () => {
		for (let round = 0; round < 5; round++) {
			await Promise.all([
				here.moderator.client.rpc('suspend_provider', { provider_id: draft.id, reason: 'now' }),
				here.bilal.client.rpc('publish_provider', { provider_id: draft.id })
			]);
			const [row] = await here.db`select status from providers where id = ${draft.id}`;
			expect(row!.status).toBe('suspended');
			await here.moderator.client.rpc('restore_provider', { provider_id: draft.id });
		}
	});
});

describe('documents', () => {
	let bilals: string;
	let path: string;
	const pdf = '%PDF-1.7 …\n%%EOF\n';
	const files = (client: Client) => client.storage.from('documents');
	const handIn = (client: Client, kind = 'identity') =>
		upload(client, { purpose: 'document', provider_id: bilals, kind }, pdf);
	beforeAll(async () => {
		bilals = (await started(here.bilal, 'Papiers')).id;
		await here.db`insert into provider_members (provider_id, user_id, role) values (${bilals}, ${here.karim.id}, 'staff')`;
	});

	test('are handed in by owners and managers, in their own folder', async () => {
		expect((await handIn(here.zineb.client)).code).toBe('not_found');
		expect((await handIn(here.karim.client)).code).toBe('not_allowed');
		expect((await handIn(here.admin.client)).code).toBe('not_found');
		expect(await handIn(here.bilal.client, 'gossip')).toMatchObject({ code: 'invalid_input', message: 'kind' });
		path = (await handIn(here.bilal.client)).path!;
		expect(path).toMatch(new RegExp(`^${bilals}/[0-9a-f-]{36}\\.pdf$`));
		const { data } = await here.bilal.client.from('provider_documents').select('kind, path').eq('provider_id', bilals);
		expect(data).toEqual([{ kind: 'identity', path }]);
		for (const { client } of [here.zineb, here.karim, here.admin]) {
			const { error } = await client.from('provider_documents').insert({ provider_id: bilals, kind: 'identity', path });
			expect(error?.code).toBe('42501');
		}
		const twice = await here.bilal.client
			.from('provider_documents')
			.insert({ provider_id: bilals, kind: 'other', path });
		expect(twice.error?.code).toBe('23505');
	});

	test('are read by owners, managers and staff who verify and open them, and by nobody else', async () => {
		const rows = async (client: Client) =>
			(await client.from('provider_documents').select('id').eq('provider_id', bilals)).data?.length ?? 0;
		const opens = async (client: Client) => (await files(client).download(path)).error === null;
		const lists = async (client: Client) => (await files(client).list(bilals)).data?.length ?? 0;
		expect(await opens(here.moderator.client)).toBe(false);
		const [document] = await here.db<{ id: string }[]>`select id from provider_documents where path = ${path}`;
		await here.moderator.client.rpc('open_document', { document_id: document!.id });
		for (const { client } of [here.bilal, here.moderator]) {
			expect([await rows(client), await opens(client), await lists(client)]).toEqual([1, true, 1]);
		}
		for (const client of [here.visitor, here.zineb.client, here.karim.client, here.amina.client]) {
			expect([await rows(client), await opens(client), await lists(client)]).toEqual([0, false, 0]);
		}
		expect((await fetch(files(here.visitor).getPublicUrl(path).data.publicUrl)).ok).toBe(false);
	});

	test('are taken back by owners and managers alone, and never changed', async () => {
		for (const { client } of [here.zineb, here.karim, here.moderator]) {
			await client.from('provider_documents').delete().eq('provider_id', bilals);
			await files(client).remove([path]);
		}
		const change = await here.bilal.client
			.from('provider_documents')
			.update({ kind: 'other' } as never)
			.eq('provider_id', bilals);
		expect(change.error?.code).toBe('42501');
		expect((await files(here.bilal.client).download(path)).error).toBeNull();
		const second = (await handIn(here.bilal.client, 'other')).path!;
		await here.bilal.client.from('provider_documents').delete().eq('path', second);
		await files(here.bilal.client).remove([second]);
		expect((await files(here.bilal.client).download(second)).error).not.toBeNull();
	});

	describe('and their verification', () => {
		const ask = (client: Client, provider = bilals) =>
			said(client.rpc('request_verification', { provider_id: provider }));
		const waiting = async () => {
			const { data } = await here.bilal.client
				.from('verifications')
				.select('id')
				.eq('provider_id', bilals)
				.eq('status', 'waiting')
				.single();
			return data!.id;
		};
		const decide = (client: Client, id: string, accepted: boolean | null, note?: string) =>
			said(client.rpc('decide_verification', { verification_id: id, accepted: accepted!, note }));

		test('are asked for by owners and managers who handed some in, once at a time', async () => {
			expect(await ask(here.zineb.client)).toBe('not_found');
			expect(await ask(here.karim.client)).toBe('not_allowed');
			expect(await ask(here.zineb.client, here.salon.id)).toBe('invalid_input documents');
			const answers = await Promise.all([ask(here.bilal.client), ask(here.bilal.client)]);
			expect(answers.filter((answer) => answer === null)).toHaveLength(1);
			expect(await ask(here.bilal.client)).toBe('invalid_transition');
		});

		test('are seen by the business and staff who verify, not by whom they do not concern', async () => {
			const seen = async (client: Client) =>
				(await client.from('verifications').select('id').eq('provider_id', bilals)).data?.length ?? 0;
			expect([await seen(here.bilal.client), await seen(here.moderator.client)]).toEqual([1, 1]);
			expect([await seen(here.zineb.client), await seen(here.karim.client), await seen(here.visitor)]).toEqual([
				0, 0, 0
			]);
		});

		test('are decided by staff with the right and the second factor, with a word for a refusal', async () => {
			const id = await waiting();
			for (const { client } of [here.bilal, here.zineb, here.amina]) {
				expect(await decide(client, id, true)).toBe('not_allowed');
			}
			await here.db`insert into user_roles (user_id, role) values (${here.zineb.id}, 'moderator')`;
			expect(await decide(here.zineb.client, id, true)).toBe('step_up_required');
			expect((await here.zineb.client.from('verifications').select('id').eq('id', id)).data).toEqual([]);
			await here.db`delete from user_roles where user_id = ${here.zineb.id}`;
			expect(await decide(here.moderator.client, id, null)).toBe('invalid_input accepted');
			expect(await decide(here.moderator.client, id, false, ' ')).toBe('invalid_input note');
			expect(await decide(here.moderator.client, id, false, 'x'.repeat(1001))).toBe('invalid_input note');
			expect(await decide(here.moderator.client, id, false, 'Illisible')).toBeNull();
			expect(await decide(here.moderator.client, id, true)).toBe('not_found');
		});

		test('never by somebody of the business itself', async () => {
			expect(await ask(here.bilal.client)).toBeNull();
			await here.db`insert into user_roles (user_id, role) values (${here.bilal.id}, 'moderator')`;
			await secondFactor(here.bilal.client);
			expect(await decide(here.bilal.client, await waiting(), true)).toBe('not_allowed');
			await here.db`delete from user_roles where user_id = ${here.bilal.id}`;
		});

		test('once accepted, mark the business, tell its owner, and cannot be asked for again', async () => {
			expect(await decide(here.moderator.client, await waiting(), true)).toBeNull();
			const { data } = await here.bilal.client.from('providers').select('verified_at').eq('id', bilals).single();
			expect(data!.verified_at).not.toBeNull();
			const { data: told } = await here.bilal.client.from('notifications').select('kind, data').order('created_at');
			expect(told!.map(({ kind }) => kind)).toEqual(['verification_refused', 'verification_accepted']);
			expect(told![0]!.data).toMatchObject({ note: 'Illisible' });
			expect(await ask(here.bilal.client)).toBe('invalid_transition');
			const direct = await here.zineb.client
				.from('providers')
				.update({ verified_at: new Date().toISOString() } as never)
				.eq('id', here.salon.id);
			expect(direct.error?.code).toBe('42501');
		});

		test('mark the name that was looked at: under another the business asks anew', async () => {
			const verified = async () =>
				(await here.bilal.client.from('providers').select('name, verified_at').eq('id', bilals).single()).data!;
			const change = (change: { about_fr?: string; name?: string }) =>
				here.bilal.client.from('providers').update(change).eq('id', bilals);
			const { name } = await verified();
			await change({ about_fr: 'Depuis 1987.', name });
			expect((await verified()).verified_at).not.toBeNull();
			await change({ name: 'Attijari Banque' });
			expect((await verified()).verified_at).toBeNull();
			await change({ name });
			expect((await verified()).verified_at).toBeNull();
			expect(await ask(here.bilal.client)).toBeNull();
		});
	});
});

describe('a town that is not in the list', () => {
	const asked = async (person: Person) =>
		(await person.client.from('start_requests').select('id, town, status, city_slug, note, draft').order('created_at'))
			.data!;
	const names = { name_fr: `Azrou ${randomUUID().slice(0, 8)}`, name_ar: 'أزرو', name_en: 'Azrou' };
	const place = { latitude: '33.4344', longitude: '-5.2211' };
	const decide = (request_id: string, more: { accepted: boolean; note?: string; city?: object }) =>
		here.moderator.client.rpc('decide_start_request', { request_id, ...more } as never);

	test('is asked for in words, once at a time, with what was typed; others do not see it', async () => {
		const { client } = here.amina;
		expect((await here.visitor.rpc('request_town', { town: 'Azrou' })).error?.code).toBe('42501');
		for (const town of ['', ' a ', 'x'.repeat(81), 'a\u202eb'])
			expect(await said(client.rpc('request_town', { town }))).toBe('invalid_input town');
		for (const draft of [[], 'x', { name: 'x'.repeat(9000) }])
			expect(await said(client.rpc('request_town', { town: 'Azrou', draft } as never))).toBe('invalid_input draft');
		const first = await client.rpc('request_town', { town: ' Azrou ', draft: { name: 'Chez Amina' } });
		expect(first.error).toBeNull();
		const again = await client.rpc('request_town', { town: 'Azrou (Ifrane)', draft: { name: 'Chez Amina' } });
		expect(again.data).toBe(first.data);
		expect(await asked(here.amina)).toMatchObject([
			{ id: first.data, town: 'Azrou (Ifrane)', status: 'waiting', draft: { name: 'Chez Amina' } }
		]);
		expect((await here.bilal.client.from('start_requests').select('id')).data).toEqual([]);
		const queue = await here.moderator.client.rpc('waiting_start_requests');
		const shown = queue.data!.find(({ id }) => id === first.data)!;
		expect(shown).toMatchObject({ town: 'Azrou (Ifrane)', category_name_fr: null });
		expect(JSON.stringify(shown)).not.toContain('Amina');
		expect(Number(shown.total)).toBe(queue.data!.length);
	});

	test('is made by staff, and who asked is told and goes on with what they had typed', async () => {
		const [request] = await asked(here.amina);
		for (const [field, city] of [
			['name_fr', { ...names, ...place, name_fr: 'أزرو' }],
			['name_ar', { ...names, ...place, name_ar: '' }],
			['latitude', { ...names, ...place, latitude: '91' }],
			['longitude', { ...names, ...place, longitude: 'x' }],
			['time_zone', { ...names, ...place, time_zone: 'Mars/Base' }],
			['city', { slug: 'no-such' }]
		] as const)
			expect(await said(decide(request!.id, { accepted: true, city }))).toBe(`invalid_input ${field}`);
		expect(await said(decide(request!.id, { accepted: false }))).toBe('invalid_input note');
		const made = await decide(request!.id, { accepted: true, city: { ...names, ...place } });
		expect(made.error).toBeNull();
		const slug = made.data as unknown as string;
		expect(slug).toMatch(/^azrou-/);
		const town = await here.visitor.from('cities').select('name_ar, latitude, time_zone').eq('slug', slug).single();
		expect(town.data).toEqual({ name_ar: 'أزرو', latitude: 33.4344, time_zone: 'Africa/Casablanca' });
		expect(await asked(here.amina)).toMatchObject([
			{ status: 'accepted', city_slug: slug, draft: { name: 'Chez Amina', city_slug: slug } }
		]);
		const told = await here.amina.client.from('notifications').select('data').eq('kind', 'start_request_accepted');
		expect(told.data).toMatchObject([{ data: { what: 'Azrou (Ifrane)' } }]);
		const mails = await here.db`
			select recipient from deliveries where kind = 'start_request_accepted' and account_id = ${here.amina.id}`;
		expect(mails).toEqual([{ recipient: here.amina.email }]);
		expect(await said(decide(request!.id, { accepted: true, city: { slug } }))).toBe('not_found');

		// the next who asks for it is led to the one there is
		const { data: next } = await here.bilal.client.rpc('request_town', { town: 'azrou' });
		expect(await said(decide(next!, { accepted: true, city: { ...names, ...place } }))).toBe('invalid_input name_fr');
		expect((await decide(next!, { accepted: true, city: { slug } })).data).toBe(slug);
		// what was typed is forgotten once the business is there
		expect((await start(here.amina.client, { business: { city_slug: slug } })).error).toBeNull();
		expect((await asked(here.amina))[0]!.draft).toEqual({});
	});

	test('is declined with a word, by nobody for themselves', async () => {
		const { data: id } = await here.bilal.client.rpc('request_town', { town: 'Atlantis' });
		for (const who of [here.amina, here.youssef])
			expect(
				await said(who.client.rpc('decide_start_request', { request_id: id!, accepted: false, note: 'non' }))
			).toBe('not_allowed');
		expect((await decide(id!, { accepted: false, note: 'Elle n’existe pas.' })).error).toBeNull();
		const told = await here.bilal.client.from('notifications').select('data').eq('kind', 'start_request_declined');
		expect(told.data).toMatchObject([{ data: { what: 'Atlantis', note: 'Elle n’existe pas.' } }]);
		const own = await here.moderator.client.rpc('request_town', { town: 'Chez moi' });
		expect(await said(decide(own.data!, { accepted: false, note: 'non' }))).toBe('not_allowed');
	});
});

describe('a trade that cannot be set up yet', () => {
	test('is told of once it can, and not before', async () => {
		const { client } = here.bilal;
		expect(await said(client.rpc('request_trade', { category_slug: 'plomberie' }))).toBe('invalid_input category_slug');
		expect(await said(client.rpc('request_trade', { category_slug: '' }))).toBe('invalid_input category_slug');
		const slug = `trade-${randomUUID()}`;
		await here.db`
			insert into categories (slug, name_fr, name_ar, name_en, icon, mode)
			values (${slug}, 'Bowling', 'بولينغ', 'Bowling', 'x', 'table')`;
		const { data: id, error } = await client.rpc('request_trade', { category_slug: slug });
		expect(error).toBeNull();
		const accept = () => here.moderator.client.rpc('decide_start_request', { request_id: id!, accepted: true });
		expect(await said(accept())).toBe('invalid_transition');
		await here.db`update categories set mode = 'appointment' where slug = ${slug}`;
		expect((await accept()).error).toBeNull();
		const told = await client.from('notifications').select('data').eq('kind', 'start_request_accepted');
		expect(told.data).toContainEqual({ data: { what: 'Bowling', note: '' } });
	});
});
