import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account } from '../platform/project.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;

beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

/** What is hers and nobody else's: each must be gone from every table. */
const secrets = () => {
	const mark = randomUUID().slice(0, 8);
	return {
		name: `Khadija "K" Zerhouni ${mark}`,
		phone: `+2126${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
		street: `12 rue ${mark} du Puits`,
		notes: `Sonner deux fois ${mark}`,
		reason: `Ma fille ${mark} est malade`,
		message: `Bonjour, c’est ${mark}`
	};
};

/** Somebody who has left something everywhere, with a booking that was cancelled. */
async function somebody(hers: ReturnType<typeof secrets>): Promise<Person & { booking: string }> {
	const person = (await account('khadija')) as Person;
	await person.client
		.from('profiles')
		.update({ full_name: hers.name, phone: hers.phone, language: 'fr' })
		.eq('id', person.id);
	await person.client.auth.updateUser({ data: { full_name: hers.name } });
	const made = await person.client.rpc('create_booking', {
		service_id: here.plumber.service,
		starts_at: await localInstant(here.db, 4, '11:00'),
		address: { line: hers.street, district: 'Maârif', city: 'Casablanca' },
		notes: hers.notes,
		guest: { phone: hers.phone },
		idempotency_key: randomUUID()
	});
	expect(made.error).toBeNull();
	const booking = made.data!.booking_id!;
	await here.db`update bookings set status = 'pending', hold_expires_at = null where id = ${booking}`;
	await here.db`
		insert into booking_events (booking_id, from_status, to_status, actor) values (${booking}, 'held', 'pending', 'system')`;
	await person.client.rpc('send_message', { provider_id: here.plumber.id, body: hers.message });
	await here.youssef.client.rpc('send_message', {
		conversation_id: (await person.client.from('conversations').select('id').single()).data!.id,
		body: `Bonjour ${hers.name}`
	});
	await person.client.rpc('cancel_booking', { booking_id: booking, reason: hers.reason });
	await here.db`
		insert into reviews (booking_id, provider_id, author_id, author_name, rating, language)
		values (${booking}, ${here.plumber.id}, ${person.id}, ${hers.name}, 5, 'fr')`;
	await here.db`
		insert into invitations (provider_id, email, role)
		values (${here.salon.id}, ${person.email}, 'staff')`;
	await person.client.rpc('note_session', { user_agent: 'Khadija’s phone' });
	await here.db`insert into private.recovery_codes (user_id, code_hash) values (${person.id}, '\\x00')`;
	return { ...person, booking };
}

/** Tables in which a text stands, in any column. */
async function tablesWith(text: string): Promise<string[]> {
	const tables = await here.db<{ name: string }[]>`
		select format('%I.%I', n.nspname, c.relname) as name
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind = 'r' and n.nspname in ('public', 'private', 'auth', 'storage', 'realtime', 'net', 'cron')
		order by 1`;
	const found: string[] = [];
	for (const { name } of tables) {
		// as rows write themselves: quotes doubled in a row's text, escaped in JSON
		const [row] = await here.db.unsafe(
			`select exists (select from ${name} as t where strpos(translate(t::text, '"\\', ''), translate($1, '"\\', '')) > 0) as there`,
			[text]
		);
		if (row!.there) found.push(name);
	}
	return found;
}

describe('what is there of an account', () => {
	test('is given to it whole, and nothing of others', async () => {
		const hers = secrets();
		const person = await somebody(hers);
		const { data, error } = await person.client.rpc('export_my_data');
		expect(error).toBeNull();
		const files = data as Record<string, unknown>;
		expect(Object.keys(files).sort()).toEqual([
			'account.json',
			'audit.json',
			'bookings.json',
			'conversations.json',
			'notifications.json',
			'profile.json',
			'reviews.json',
			'roles.json',
			'sessions.json',
			'teams.json',
			'waitlist.json'
		]);
		const text = JSON.stringify(files);
		for (const value of Object.values(hers)) expect(text).toContain(JSON.stringify(value).slice(1, -1));
		for (const other of [here.amina.email, here.youssef.email]) expect(text).not.toContain(other);
		expect(text).not.toMatch(/token_hash|code_hash|encrypted_password/);
		expect((await here.visitor.rpc('export_my_data')).error?.code).toBe('42501');
	});
});

describe('deleting an account', () => {
	test('waits for bookings to come, and for another owner of a provider', async () => {
		const person = (await account('busy')) as Person;
		const made = await person.client.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 5, '16:00'),
			idempotency_key: randomUUID()
		});
		const asked = await person.client.rpc('account_deletion_obstacles');
		expect(asked.data).toEqual({ last_owner_of: [], upcoming_bookings: 1 });
		const refused = await person.client.rpc('delete_my_account');
		expect(refused.error).toMatchObject({ message: 'invalid_transition', details: 'bookings' });
		await person.client.rpc('cancel_booking', { booking_id: made.data!.booking_id! });
		expect((await person.client.rpc('delete_my_account')).error).toBeNull();

		expect((await here.zineb.client.rpc('account_deletion_obstacles')).data).toMatchObject({
			last_owner_of: ['Salon']
		});
		expect((await here.zineb.client.rpc('delete_my_account')).error?.message).toBe('last_owner');
	});

	test('leaves nothing personal in any table, and keeps what the law keeps without a name', async () => {
		const hers = secrets();
		const person = await somebody(hers);
		for (const value of Object.values(hers)) expect(await tablesWith(value)).not.toEqual([]);
		expect((await person.client.rpc('delete_my_account')).error).toBeNull();

		for (const value of [...Object.values(hers), person.email])
			expect([value, await tablesWith(value)]).toEqual([value, []]);
		const [kept] = await here.db`
			select customer_id, customer_name, status, price_minor from bookings where id = ${person.booking}`;
		expect(kept).toMatchObject({ customer_id: null, customer_name: '—', status: 'cancelled', price_minor: '25000' });
		const steps = await here.db`select to_status from booking_events where booking_id = ${person.booking}`;
		expect(steps.length).toBeGreaterThanOrEqual(3);

		const afterwards = await person.client.from('bookings').select('id');
		expect(afterwards.error).toMatchObject({ message: 'session_ended' });
	});
});
