import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runJob } from '../load/jobs.ts';
import { localInstant, makeNeighbourhood, signing } from './people.ts';
import type { At, Client, Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;
let at: At;

beforeAll(async () => {
	here = await makeNeighbourhood();
	at = await signing(here.db);
	await here.db`update providers set approval = 'automatic' where id = ${here.plumber.id}`;
});
afterAll(() => here.close());

let day = 2;
/** Books the plumber's service that nothing is paid for in advance, each time a day later. */
async function book(client: Client, guest?: { email: string; phone?: string; language?: string }) {
	const { data, error } = await client.rpc('create_booking', {
		service_id: here.plumber.freeService,
		starts_at: await localInstant(here.db, day++, '10:00'),
		guest: guest && { name: 'Nadia', ...guest },
		idempotency_key: randomUUID()
	});
	if (error) throw error;
	return data as { booking_id: string; reference: string; manage_token: string };
}

const someone = () => ({
	email: `nadia-${randomUUID()}@example.com`,
	phone: `+2126${randomInt(10_000_000, 99_999_999)}`
});

/** Asks for a booking's link, from a place that is nobody else's where none is named. */
const ask = (reference: string, contact: string, place = placeOfItsOwn(), client = here.visitor) => {
	const call = client.rpc('send_booking_link', { reference, contact });
	for (const [header, value] of Object.entries(at(place))) call.setHeader(header, value);
	return call;
};

function placeOfItsOwn(): string {
	const group = () => randomUUID().slice(0, 4);
	return `2001:db8:${group()}:${group()}::1`;
}

/** What went out for a booking because somebody asked for it. The worker may be at it, or not yet have been woken. */
async function sent(booking: string): Promise<{ kind: string; recipient: string; language: string; link: string }[]> {
	await here.db`select private.answer_link_requests()`;
	await expect.poll(async () => (await here.db`select from private.link_requests`).length, { timeout: 15_000 }).toBe(0);
	return here.db`
		select kind, recipient, language, data ->> 'link' as link from deliveries
		where booking_id = ${booking} and dedupe_key like 'email:link:%' order by id`;
}

/** Has somebody call a limit so often that `left` calls are left to them, in this window and the next. */
async function leave(left: number, limit: string, caller: string): Promise<void> {
	await here.db`
		insert into private.rate_counters (name, caller, window_start, shard, calls)
		select name, ${caller}, date_bin(per, now(), 'epoch') + n * per, 99, max_calls - ${left}::int
		from private.rate_limits, generate_series(0, 1) as n where name = ${limit}`;
}

describe('a guest who has lost the mail', () => {
	test('gets the link again by the reference and the address or the phone, however they are written', async () => {
		const guest = { ...someone(), language: 'ar' };
		const made = await book(here.visitor, guest);
		const spaced = `${made.reference.slice(0, 4)} ${made.reference.slice(4)}`.toLowerCase();
		for (const [reference, contact] of [
			[spaced, ` ${guest.email.toUpperCase()}`],
			[made.reference, `0${guest.phone.slice(4)}`]
		] as const) {
			expect(await ask(reference, contact)).toMatchObject({ data: null, error: null, status: 200 });
		}
		const mails = await sent(made.booking_id);
		expect(mails).toHaveLength(2);
		for (const mail of mails) {
			expect(mail).toMatchObject({ kind: 'booking_link', recipient: guest.email, language: 'ar' });
			expect(mail.link).toMatch(/\/ar\/b\/\{manage_token\}$/);
		}
		// the link that was given out before is the same one, and goes on
		const { data } = await here.visitor.rpc('get_booking', { manage_token: made.manage_token });
		expect(data).toMatchObject({ reference: made.reference, viewer: 'guest' });
	});

	test('is asked for the proof again while the booking waits for it', async () => {
		const guest = someone();
		const [key] = await here.db<{ key: string }[]>`select private.contact_key(${guest.email}) as key`;
		await leave(0, 'guest_booking_email', key!.key);
		const made = await book(here.visitor, guest);
		await ask(made.reference, guest.email);
		const [mail] = await sent(made.booking_id);
		expect(mail).toMatchObject({ kind: 'booking_to_prove', recipient: guest.email });
		expect(mail!.link).toMatch(/\/confirm-booking\/\{proof_token\}$/);
		const [{ proof }] = await here.db<[{ proof: string }]>`select private.proof_token(${made.booking_id}) as proof`;
		const { data } = await here.visitor.rpc('confirm_booking', { proof });
		expect(data).toMatchObject({ status: 'confirmed' });
	});

	test('gets no more than three mails an hour for a booking', async () => {
		const guest = someone();
		const made = await book(here.visitor, guest);
		await leave(3, 'booking_link_mail', made.booking_id);
		await Promise.all(Array.from({ length: 5 }, () => ask(made.reference, guest.email)));
		expect(await sent(made.booking_id)).toHaveLength(3);
	});

	test('gets none a week after the booking', async () => {
		const guest = someone();
		const made = await book(here.visitor, guest);
		await here.db`
			update bookings set starts_at = now() - interval '8 days 1 hour', ends_at = now() - interval '8 days' where id = ${made.booking_id}`;
		expect((await ask(made.reference, guest.email)).error).toBeNull();
		expect(await sent(made.booking_id)).toEqual([]);
	});
});

describe('whoever asks for a booking', () => {
	test('is told the same whether or not what they typed belongs together, and nothing goes to what they typed', async () => {
		const guest = someone();
		const other = someone();
		const made = await book(here.visitor, guest);
		const answers = [
			await ask(made.reference, guest.email),
			await ask(made.reference, other.email),
			await ask(made.reference, other.phone),
			await ask('KH22222222', guest.email)
		];
		const { data, error, status } = answers[0]!;
		for (const answer of answers) expect(answer).toMatchObject({ data, error, status });
		expect(await sent(made.booking_id)).toHaveLength(1);
		expect(await here.db`select from deliveries where recipient = ${other.email}`).toHaveLength(0);
	});

	test('leaves nothing that can be read behind, and what was asked is looked at by the minute’s job if no worker was woken', async () => {
		const guest = someone();
		const made = await book(here.visitor, guest);
		await ask(made.reference, guest.email);
		const kept = await here.db<{ contact: string }[]>`select contact from private.link_requests`;
		for (const { contact } of kept) expect(contact).toMatch(/^[0-9a-f]{64}$/);
		await here.db`
			insert into private.link_requests (reference, contact)
			values (${made.reference}, private.contact_key(${guest.email}))`;
		await runJob(here.db, 'wake workers');
		await expect
			.poll(async () => (await here.db`select from private.link_requests`).length, { timeout: 15_000 })
			.toBe(0);
		expect(await sent(made.booking_id)).toHaveLength(2);
	});

	test.each([
		['reference', '', 'nadia@example.com'],
		['reference', 'KH0000', 'nadia@example.com'],
		['contact', 'KH22222222', ''],
		['contact', 'KH22222222', 'nadia']
	])('is told of a %s that is none', async (field, reference, contact) => {
		expect((await ask(reference, contact)).error).toMatchObject({ message: 'invalid_input', details: field });
	});

	test('is counted by place, signed in or not, and for one reference, right or wrong', async () => {
		const place = placeOfItsOwn();
		const [{ network } = { network: '' }] = await here.db<{ network: string }[]>`
			select private.network(${place}) as network`;
		await leave(2, 'booking_link_reference', `KH33333333 ${network}`);
		const said = async (reference: string, client = here.visitor) =>
			(await ask(reference, 'nadia@example.com', place, client)).error?.message;
		expect([await said('KH33333333'), await said('kh33333333', here.amina.client), await said('KH33333333')]).toEqual([
			undefined,
			undefined,
			'rate_limited'
		]);
		expect(await said('KH44444444')).toBeUndefined();
		await leave(2, 'booking_link', network);
		// four calls were counted here before
		expect(await said('KH55555555')).toBe('rate_limited');
	});
});

describe('the booking of an account', () => {
	test('is found by a mail that asks to sign in, without a bell', async () => {
		const made = await book(here.amina.client);
		await ask(made.reference, here.amina.email);
		const mails = await sent(made.booking_id);
		expect(mails).toMatchObject([{ kind: 'booking_of_account', recipient: here.amina.email }]);
		expect(mails[0]!.link).toMatch(new RegExp(`/bookings/${made.booking_id}$`));
		const told = await here.amina.client.from('notifications').select('kind').eq('booking_id', made.booking_id);
		expect(told.data).toEqual([{ kind: 'booking_confirmed' }]);
	});

	test('is not, while the account is suspended', async () => {
		const made = await book(here.bilal.client);
		await here.db`update auth.users set banned_until = now() + interval '1 day' where id = ${here.bilal.id}`;
		try {
			await ask(made.reference, here.bilal.email);
			expect(await sent(made.booking_id)).toEqual([]);
		} finally {
			await here.db`update auth.users set banned_until = null where id = ${here.bilal.id}`;
		}
	});
});

describe('a second booking of a service at the same time', () => {
	const quoted = async (client: Client, starts_at: string, key?: string) => {
		const { data, error } = await client.rpc('quote_booking', {
			service_id: here.plumber.freeService,
			starts_at,
			idempotency_key: key,
			guest: { name: 'Nadia', email: here.amina.email }
		});
		if (error) throw error;
		return data.already_booked;
	};
	const bookAt = async ({ client }: Person, starts_at: string, key = randomUUID()) =>
		(await client.rpc('create_booking', { service_id: here.plumber.freeService, starts_at, idempotency_key: key }))
			.data!;

	test('is pointed out to the account that has the first, and to nobody else by its address', async () => {
		const start = await localInstant(here.db, day, '10:00');
		const within = await localInstant(here.db, day, '10:30');
		const after = await localInstant(here.db, day++, '11:00');
		expect(await quoted(here.amina.client, start)).toBeNull();
		const key = randomUUID();
		const made = await bookAt(here.amina, start, key);
		expect(await quoted(here.amina.client, start)).toBe(made.reference);
		expect(await quoted(here.amina.client, within)).toBe(made.reference);
		expect(await quoted(here.amina.client, after)).toBeNull();
		for (const stranger of [here.visitor, here.bilal.client]) expect(await quoted(stranger, start)).toBeNull();

		// sent once more, the request is the same booking and no second one
		expect(await quoted(here.amina.client, start, key)).toBeNull();
		expect(await bookAt(here.amina, start, key)).toMatchObject({ booking_id: made.booking_id });
		// who means it gets it
		expect((await bookAt(here.amina, start)).status).toBe('confirmed');
	});

	test('is none once the first is cancelled', async () => {
		const start = await localInstant(here.db, day++, '10:00');
		const made = await bookAt(here.amina, start);
		await here.amina.client.rpc('cancel_booking', { booking_id: made.booking_id! });
		expect(await quoted(here.amina.client, start)).toBeNull();
	});
});
