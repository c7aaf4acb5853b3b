import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newEmail, password, secondFactor, visitor } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Neighbourhood } from './people.ts';

type Case = [how: string, typed: string, kept: string | null];

/** The site's schemas are tried with the same table (src/lib/form/contact.test.ts). */
const cases = JSON.parse(readFileSync(join(import.meta.dirname, '../contact-cases.json'), 'utf8')) as {
	phones: Case[];
	emails: Case[];
};

let here: Neighbourhood;

beforeAll(async () => {
	here = await makeNeighbourhood();
	await secondFactor(here.youssef.client);
});
afterAll(() => here.close());

/** What the database makes of each case, as one query. */
const read = async (what: 'phone' | 'email', typed: string[]) => {
	const rows = await here.db.unsafe(
		`select private.${what}(t.typed) as kept from unnest($1::text[]) with ordinality as t (typed, n) order by t.n`,
		[typed]
	);
	return rows.map(({ kept }) => kept as string | null);
};

let hour = 8;
/** Books an hour nobody has yet, as a guest. */
const book = async (guest: { name?: string; email?: string; phone?: string }) =>
	here.visitor.rpc('create_booking', {
		service_id: here.plumber.freeService,
		starts_at: await localInstant(here.db, 6, `${String(hour++).padStart(2, '0')}:00`),
		guest: { name: 'Sara', email: newEmail('sara'), ...guest },
		idempotency_key: randomUUID()
	});

describe('a phone number', () => {
	test('is read from whatever people type, the same as on the site', async () => {
		const kept = await read(
			'phone',
			cases.phones.map(([, typed]) => typed)
		);
		expect(cases.phones.map(([how], n) => [how, kept[n]])).toEqual(cases.phones.map(([how, , form]) => [how, form]));
	});

	test('is kept in one form, whoever writes it: of an account, a business and a booking', async () => {
		const typed = '+٢١٢ (٠)٦ ١٢ ٣٤ ٥٦ ٧٨';
		const { data: profile } = await here.amina.client
			.from('profiles')
			.update({ phone: typed })
			.eq('id', here.amina.id)
			.select('phone')
			.single();
		const { data: business } = await here.youssef.client
			.from('providers')
			.update({ phone: typed })
			.eq('id', here.plumber.id)
			.select('phone')
			.single();
		const { data: made } = await book({ phone: typed });
		const [booking] = await here.db`select customer_phone from bookings where id = ${made!.booking_id}`;
		expect([profile, business, booking]).toEqual([
			{ phone: '+212612345678' },
			{ phone: '+212612345678' },
			{ customer_phone: '+212612345678' }
		]);
	});

	test('that is none is refused by its name, everywhere', async () => {
		const refused = { code: 'PT422', message: 'invalid_input', details: 'phone' };
		const phone = '+212 0412 345678';
		expect(await book({ phone })).toMatchObject({ data: null, error: refused });
		const { error } = await here.amina.client.from('profiles').update({ phone }).eq('id', here.amina.id);
		expect(error).toMatchObject(refused);
		const business = await here.youssef.client.from('providers').update({ phone }).eq('id', here.plumber.id);
		expect(business.error).toMatchObject(refused);
	});

	test('is taken away by an empty one', async () => {
		const { data } = await here.amina.client
			.from('profiles')
			.update({ phone: ' ' })
			.eq('id', here.amina.id)
			.select('phone')
			.single();
		expect(data).toEqual({ phone: null });
	});
});

describe('a mail address', () => {
	test('is read from whatever people type, the same as on the site', async () => {
		const kept = await read(
			'email',
			cases.emails.map(([, typed]) => typed)
		);
		expect(cases.emails.map(([how], n) => [how, kept[n]])).toEqual(cases.emails.map(([how, , form]) => [how, form]));
	});

	test('is kept in one form, and a mail goes to that one alone', async () => {
		const mark = randomUUID().slice(0, 8);
		const { data: made } = await book({ email: `\u200eSara.${mark}@Bücher.example ` });
		const kept = `sara.${mark}@xn--bcher-kva.example`;
		expect(await here.db`select customer_email from bookings where id = ${made!.booking_id}`).toEqual([
			{ customer_email: kept }
		]);
		const [mail] = await here.db`select recipient, status from deliveries where recipient like ${`%${mark}%`}`;
		expect(mail).toMatchObject({ recipient: kept });
		expect(mail!.status).not.toBe('skipped');
	});

	test.each(['a,b@example.com', 'a;b@example.com', 'a..b@example.com', 'Sara <sara@example.com>'])(
		'that is none or two, such as %s, is refused by its name: booking, waiting, inviting',
		async (email) => {
			const refused = { code: 'PT422', message: 'invalid_input', details: 'email' };
			expect((await book({ email })).error).toMatchObject(refused);
			const from = await localInstant(here.db, 7, '08:00');
			const waiting = await here.visitor.rpc('join_waitlist', {
				service_id: here.plumber.freeService,
				period: `[${from},${await localInstant(here.db, 7, '20:00')}]`,
				guest: { name: 'Sara', email }
			});
			expect(waiting.error).toMatchObject(refused);
			const invited = await here.youssef.client.rpc('invite_member', {
				provider_id: here.plumber.id,
				email,
				role: 'staff'
			});
			expect(invited.error).toMatchObject(refused);
		}
	);

	test('of two makes no account either', async () => {
		const two = `a,${newEmail('b')}`;
		const { error } = await visitor().auth.signUp({ email: two, password });
		expect(error).not.toBeNull();
		expect(await here.db`select from auth.users where email = ${two}`).toHaveLength(0);
		await expect(here.db`update auth.users set email = ${two} where id = ${here.bilal.id}`).rejects.toThrow(
			'invalid_input'
		);
	});

	test('counts as one for attempts to sign in, however it is typed', async () => {
		const [row] = await here.db`
			select count(distinct private.account_key(t))::int as keys
			from unnest(array['sara@bücher.example', ' Sara@BÜCHER.example', 'sara@xn--bcher-kva.example']) as t`;
		expect(row).toEqual({ keys: 1 });
	});

	test('stands in no table in another form', async () => {
		const insert = (recipient: string) =>
			here.db.begin(async (sql) => {
				await sql`
				insert into deliveries (channel, kind, recipient, language, dedupe_key)
				values ('email', 'booking_confirmed', ${recipient}, 'fr', ${randomUUID()})`;
				const rows = await sql`select recipient, status from deliveries order by created_at desc, id desc limit 1`;
				await sql`update deliveries set recipient = 'a,b@example.com' where recipient = ${recipient}`;
				return rows[0];
			});
		await expect(insert('sara@example.com')).rejects.toThrow('deliveries_recipient_form');
		const [booking] = await here.db`select id from bookings where provider_id = ${here.plumber.id} limit 1`;
		await expect(
			here.db`update bookings set customer_email = 'Sara@Example.com' where id = ${booking!.id}`
		).rejects.toThrow('bookings_customer_email_form');
	});
});
