import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { account, codeFor, database, password, secondFactor } from 'supabase-embedded/testing';

type Somebody = Awaited<ReturnType<typeof account>>;

/** Somebody with a role and a second factor, and a name that is theirs alone. */
export async function staff(role: string): Promise<Somebody & { secret: string; name: string }> {
	const made = await account(role);
	const name = `Équipe ${randomUUID().slice(0, 8)}`;
	await withDatabase(async (db) => {
		await db`insert into user_roles (user_id, role) values (${made.id}, ${role})`;
		await db`update profiles set full_name = ${name} where id = ${made.id}`;
	});
	const { secret } = await secondFactor(made.client);
	return { ...made, secret, name };
}

async function withDatabase<T>(work: (db: ReturnType<typeof database>) => Promise<T>): Promise<T> {
	const db = database();
	try {
		return await work(db);
	} finally {
		await db.end();
	}
}

/** Signs in with an account of this file's, which has another password than the seed's. */
export async function signIn(page: Page, { email }: { email: string }, next = '/bookings'): Promise<void> {
	await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
	await page.locator('input[name=email]').fill(email);
	await page.locator('input[name=password]').fill(password);
	await page.locator('main form[method=POST] button[type=submit]').first().click();
	await page.waitForURL((url) => !url.pathname.includes('sign-in'));
}

/** Signs in to the area of platform staff, by way of the second factor. */
export async function enter(page: Page, who: { email: string; secret: string }): Promise<void> {
	await signIn(page, who, '/admin');
	await expect(page).toHaveURL(/\/two-factor\?next=%2Fadmin/);
	await page.locator('input[name=code]').first().fill(codeFor(who.secret));
	await page.locator('main form[method=POST] button[type=submit]').first().click();
	await page.waitForURL(/\/admin$/);
}

/** A business that has handed in a picture and a PDF and waits to be verified. */
export async function waitingBusiness(): Promise<{ id: string; slug: string; name: string; owner: Somebody }> {
	const owner = await account('owner');
	const name = `Maison ${randomUUID().slice(0, 8)}`;
	const unwrap = <T>({ data, error }: { data: T; error: unknown }) => {
		if (error) throw error as Error;
		return data;
	};
	const [made] = unwrap(
		await owner.client.rpc('start_provider', {
			business: {
				name,
				category_slug: 'plomberie',
				city_slug: 'casablanca',
				district: 'Maârif',
				address: '1 rue des Essais',
				phone: '+212522000000'
			},
			service: { name: 'Visite', duration_minutes: '60', price_minor: '10000', place: 'customer' },
			hours: [{ weekday: '1', opens: '09:00', closes: '18:00' }]
		})
	) as { provider_id: string; slug: string }[];
	const { provider_id, slug } = made!;
	unwrap(await owner.client.rpc('publish_provider', { provider_id }));
	const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#0c5f52' } })
		.webp()
		.toBuffer();
	const files = [
		['identity', picture],
		['registration', Buffer.from('%PDF-1.4\n%%EOF\n')]
	] as const;
	for (const [kind, bytes] of files) {
		const body = new FormData();
		for (const [name, value] of Object.entries({ purpose: 'document', provider_id, kind })) body.append(name, value);
		body.append('file', new Blob([new Uint8Array(bytes)]));
		unwrap(await owner.client.functions.invoke('upload', { body }));
	}
	unwrap(await owner.client.rpc('request_verification', { provider_id }));
	return { id: provider_id, slug, name, owner };
}

/** A guest's booking of a job at home, with the address that it was made with. */
export async function guestBooking(): Promise<{ reference: string; email: string }> {
	const email = `guest.${randomUUID()}@example.com`;
	const reference = await withDatabase(async (db) => {
		const [made] = await db<{ reference: string }[]>`
			insert into bookings (
				reference, provider_id, service_id, mode, status, customer_name, customer_email, language, starts_at, ends_at,
				local_starts_at, time_zone, price_minor, deposit_minor, currency, policy, idempotency_key
			)
			select private.new_reference(), s.provider_id, s.id, 'appointment', 'cancelled', 'Rahma', ${email}, 'fr',
				now() - interval '2 days', now() - interval '47 hours', now() - interval '2 days', p.time_zone, 10000, 0,
				p.currency, '{"code": "flexible", "tiers": []}', gen_random_uuid()
			from services s join providers p on p.id = s.provider_id
			where s.mode = 'appointment' and p.status = 'published' limit 1
			returning reference`;
		await db`
			insert into booking_events (booking_id, to_status, actor)
			select id, status, 'system' from bookings where reference = ${made!.reference}`;
		return made!.reference;
	});
	return { reference, email };
}
