import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { expect, test } from '@playwright/test';
import postgres from 'postgres';
import { account, database, password as accountPassword } from 'supabase-embedded/testing';
import { paid } from '../policies/stripe.ts';
import { mailTo, person, signIn } from './people.ts';
import { signIn as signInAs, waitingBusiness } from './staff.ts';

const visitor = () => createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_PUBLISHABLE_KEY!);

/** The service of a demo provider that is paid at the place, or in part before, and its free starts some days ahead. */
async function freeStarts(
	days: number,
	due: 'at the place' | 'before' = 'at the place'
): Promise<{ service: string; starts: string[] }> {
	const client = visitor();
	const { data: services } = await client
		.from('services')
		.select('id, provider:providers!inner(slug)')
		.eq('provider.slug', 'plomberie-al-amal')
		.filter('deposit_percent', due === 'before' ? 'gt' : 'eq', 0);
	const service = services![0]!.id as string;
	const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
	const { data: slots } = await client.rpc('available_slots', { service_id: service, from_date: day, to_date: day });
	return {
		service,
		starts: slots.flatMap((slot: { starts_at: string; free: number }) => Array(slot.free).fill(slot.starts_at))
	};
}

async function book(service: string, startsAt: string, client = visitor(), email = `rahma.${Date.now()}@example.com`) {
	const { data, error } = await client.rpc('create_booking', {
		service_id: service,
		starts_at: startsAt,
		guest: { name: 'Rahma', email },
		address: { line: '8 rue du Souk' },
		idempotency_key: randomUUID()
	});
	expect(error).toBeNull();
	return data as { booking_id: string; manage_token: string };
}

test('a guest moves a booking by the secret link, before any script comes', async ({ browser }) => {
	const { service, starts } = await freeStarts(8);
	const { manage_token: token } = await book(service, starts[0]!);
	const context = await browser.newContext({ locale: 'fr-MA', javaScriptEnabled: false });
	const page = await context.newPage();
	await page.goto(`/b/${token}`);
	await page.getByRole('link', { name: 'Modifier la réservation' }).click();
	const times = page.locator('main a[href*="at="]');
	const wanted = new URL((await times.last().getAttribute('href'))!, 'http://site').searchParams.get('at')!;
	await times.last().click();
	await expect(page.getByText('Ensuite', { exact: true })).toBeVisible();
	await page.getByRole('button', { name: 'Confirmer le changement' }).click();
	await expect(page.getByText('votre réservation est modifiée')).toBeVisible();
	const { data } = await visitor().rpc('get_booking', { manage_token: token });
	expect(Date.parse(data.starts_at)).toBe(Date.parse(wanted));
	const at = (all: string[]) => all.filter((start) => start === starts[0]).length;
	expect(at((await freeStarts(8)).starts)).toBe(at(starts));
	await context.close();
});

test('a guest who has booked often confirms by the button that the mail leads to, and by nothing less', async ({
	browser
}) => {
	const problems: string[] = [];
	const { service, starts } = await freeStarts(9);
	const email = `fatima.${Date.now()}@example.com`;
	const sql = database();
	await sql`
		insert into private.rate_counters (name, caller, window_start, shard, calls)
		select name, private.contact_key(${email}), date_bin(per, now(), 'epoch') + n * per, 99, max_calls
		from private.rate_limits, generate_series(0, 1) as n where name = 'guest_booking_email'`;
	await sql.end();
	const page = await person(browser, problems);
	await page.goto(`/book/${service}?at=${encodeURIComponent(new Date(starts[0]!).toISOString())}`);
	await page.locator('input[name=name]').fill('Fatima');
	await page.locator('input[name=email]').fill(email);
	const line = page.locator('input[name=line]');
	if (await line.count()) await line.fill('3 rue des Orangers');
	await page.locator('main form[method=POST] button[type=submit]').click();
	await expect(page.getByTestId('booking-status')).toContainText('À confirmer par e-mail');
	// where to look for it
	await expect(page.getByText(`Nous venons d’écrire à ${email}`)).toBeVisible();

	const mail = await mailTo(email, /Confirmez votre réservation/);
	const link = new URL(/href="([^"]+)"/.exec(mail.HTML)![1]!);
	// a mail program that opens the link first changes nothing
	await fetch(new URL(link.pathname, process.env.SITE_URL));
	await page.goto(link.pathname);
	await page.reload();
	await page.getByRole('button', { name: 'Confirmer la réservation' }).click();
	await page.waitForURL(/\/b\//);
	await expect(page.getByTestId('booking-status')).toContainText('Demande envoyée');
	await mailTo(email, /Demande envoyée à/);
	expect(problems).toEqual([]);
	await page.context().close();
});

test('who waits is offered by mail what somebody else gives up', async ({ browser }) => {
	const problems: string[] = [];
	const { service, starts } = await freeStarts(9);
	const first = starts[0]!;
	const taken = [];
	for (const start of starts.filter((start) => start === first)) taken.push(await book(service, start));

	const waiting = await person(browser, problems, 'ar-MA');
	await waiting.goto(`/ar/book/${service}?day=${first.slice(0, 10)}`);
	await waiting.getByRole('link', { name: 'أعلموني عند توفّر مكان' }).click();
	await waiting.waitForURL(/waitlist/);
	const email = `batoul.${Date.now()}@example.com`;
	// That day alone, of which nothing else is free: the rest is taken as well.
	await waiting.locator('input[name=from]').fill(first.slice(0, 10));
	await waiting.locator('input[name=to]').fill(first.slice(0, 10));
	for (const start of starts.filter((start) => start !== first)) {
		const { error } = await visitor().rpc('create_booking', {
			service_id: service,
			starts_at: start,
			guest: { name: 'Somebody else', email: 'else@example.com' },
			address: { line: '8 rue du Souk' },
			idempotency_key: randomUUID()
		});
		// buffers of one may take the start of another
		if (error) expect(error.message).toBe('slot_taken');
	}
	await waiting.locator('input[name=name]').fill('بتول');
	await waiting.locator('input[name=email]').fill(email);
	await waiting.locator('input[name=line]').fill('زنقة السوق');
	await waiting.locator('main form[method=POST] button[type=submit]').click();
	await expect(waiting.getByText('تم التسجيل')).toBeVisible();

	await visitor().rpc('cancel_booking', { manage_token: taken[0]!.manage_token });
	const mail = await mailTo(email, /توفّر مكان/);
	await waiting.goto(/https?:\/\/[^\s"<>]*\/b\/[\w=-]+/.exec(mail.Text)![0]);
	await expect(waiting.getByTestId('booking-status')).toHaveText('مكان معروض عليك');
	await waiting.getByRole('button', { name: 'أريد هذا المكان' }).click();
	await expect(waiting.getByTestId('booking-status')).toHaveText('أُرسل الطلب');
	expect(problems).toEqual([]);
	await waiting.context().close();
});

test('a job paid at the place is closed by the code that the customer tells', async ({ browser }) => {
	const problems: string[] = [];
	const { service, starts } = await freeStarts(10);
	const { booking_id: id, manage_token: token } = await book(service, starts[0]!);
	const customer = await person(browser, problems);
	const plumber = await person(browser, problems);
	await signIn(plumber, 'youssef@example.com');
	await plumber.goto(`/dashboard/bookings/${id}`);
	await plumber.getByRole('button', { name: 'Confirmer' }).click();
	await expect(plumber.getByTestId('booking-status')).toHaveText('Confirmée');
	// A job is begun shortly before its time: for this one step its time has nearly come.
	await expect(plumber.getByRole('button', { name: 'Commencer' })).toBeHidden();
	const sql = postgres(process.env.SUPABASE_DB_URL!, { max: 1, onnotice: () => {} });
	const [kept] = await sql`select starts_at, ends_at from bookings where id = ${id as string}`;
	await sql`
		update bookings set starts_at = now() + interval '20 minutes', ends_at = now() + interval '80 minutes'
		where id = ${id as string}`;
	await plumber.reload();
	await plumber.getByRole('button', { name: 'Commencer' }).click();
	await plumber.getByRole('dialog').getByRole('button', { name: 'Commencer' }).click();
	await expect(plumber.getByTestId('booking-status')).toHaveText('En cours');
	await sql`update bookings set ${sql(kept!, 'starts_at', 'ends_at')} where id = ${id as string}`;
	await sql.end();
	await customer.goto(`/b/${token}`);
	const code = (await customer.getByTestId('completion-code').innerText()).trim();
	await plumber.locator('input[name=code]').fill('12345');
	await plumber.getByRole('button', { name: 'Clore la réservation' }).click();
	await expect(plumber.getByText('Ce code n’est pas le bon')).toBeVisible();
	await plumber.locator('input[name=code]').fill(code);
	await plumber.getByRole('button', { name: 'Clore la réservation' }).click();
	await expect(plumber.getByTestId('booking-status')).toHaveText('Terminée');
	await customer.reload();
	await expect(customer.getByText('Payé sur place')).toBeVisible();
	expect(problems.filter((problem) => !problem.includes('422'))).toEqual([]);
	await customer.context().close();
	await plumber.context().close();
});

test('a booking made with the account’s address, without the account, is added to it, before any script', async ({
	browser
}) => {
	const owner = await account('claims');
	const { service, starts } = await freeStarts(12);
	const { booking_id: id, manage_token: token } = await book(service, starts[0]!, visitor(), owner.email);
	const context = await browser.newContext({ locale: 'fr-MA', javaScriptEnabled: false });
	const page = await context.newPage();
	// Whoever else opens the link is offered nothing of the kind.
	await signIn(page, 'amina@example.com');
	await page.goto(`/b/${token}`);
	await expect(page.getByTestId('booking-status')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Ajouter à mon compte' })).toHaveCount(0);
	await context.clearCookies();
	await signIn(page, owner.email, accountPassword);
	await page.goto(`/b/${token}`);
	await page.getByRole('button', { name: 'Ajouter à mon compte' }).click();
	await page.waitForURL(new RegExp(`/bookings/${id}`));
	await expect(page.getByTestId('booking-status')).toBeVisible();
	expect((await page.goto(`/b/${token}`))!.status()).toBe(404);
	await context.close();
});

test('who comes back having paid is not told of the card refused before, nor asked to pay again', async ({
	browser
}) => {
	const client = visitor();
	const { service, starts } = await freeStarts(13, 'before');
	const { booking_id: id, manage_token: token } = await book(service, starts[0]!);
	const begun = await client.functions.invoke<{ url: string }>('checkout', {
		body: { booking_id: id, manage_token: token, language: 'fr' }
	});
	expect(begun.error).toBeNull();
	const sql = database();
	await sql`update payments set failure_code = 'insufficient_funds' where booking_id = ${id}`;
	await sql.end();
	const context = await browser.newContext({ locale: 'fr-MA' });
	const page = await context.newPage();
	await page.goto(`/b/${token}`);
	await expect(page.getByText('provision insuffisante')).toBeVisible();
	await expect(page.getByRole('button', { name: /^Payer/ })).toBeVisible();
	await page.goto(`/b/${token}?payment=success`);
	await expect(page.getByText('Nous attendons la confirmation de votre banque')).toBeVisible();
	await expect(page.getByText('provision insuffisante')).toHaveCount(0);
	await expect(page.getByRole('button', { name: /^Payer/ })).toHaveCount(0);
	await context.close();
});

test('an account sees what comes back before it cancels', async ({ browser }) => {
	const problems: string[] = [];
	const client = visitor();
	await client.auth.signInWithPassword({ email: 'amina@example.com', password: 'khadamat-demo' });
	const { service, starts } = await freeStarts(11 + test.info().repeatEachIndex);
	const { booking_id: id } = await book(service, starts[0]!, client);
	const amina = await person(browser, problems, 'ar-MA');
	await signIn(amina, 'amina@example.com');
	await amina.goto(`/ar/bookings/${id}`);
	await amina.getByText('إلغاء الحجز').click();
	await expect(amina.getByText('لم تدفع شيئًا: الإلغاء مجاني.')).toBeVisible();
	await amina.getByRole('button', { name: 'نعم، ألغِ الحجز' }).click();
	await expect(amina.getByTestId('booking-status')).toHaveText('ملغى');
	await expect(amina.getByRole('link', { name: 'احجز من جديد' })).toBeVisible();
	expect(problems).toEqual([]);
	await amina.context().close();
});

test('whoever cancels when less comes back than the page has said is told so, and has not cancelled', async ({
	browser
}) => {
	const client = visitor();
	const { service, starts } = await freeStarts(14 + test.info().repeatEachIndex, 'before');
	const { booking_id: id, manage_token: token } = await book(service, starts[0]!);
	const { data: payment } = await client.rpc('begin_payment', { booking_id: id, manage_token: token });
	const sql = database();
	const told = paid(payment.payment_id, { amount_total: payment.amount_minor });
	await sql`select private.apply_stripe_event(${sql.json(told as never)})`;

	const context = await browser.newContext({ locale: 'en' });
	const page = await context.newPage();
	await page.goto(`/en/b/${token}`);
	await page.getByText('Cancel the booking').click();
	await expect(page.getByText(/If you cancel now, .*[1-9]\d* comes back/)).toBeVisible();
	// the last step of its policy passes while the page is open
	await sql`update bookings set policy = '{"code": "strict", "tiers": []}', status = 'confirmed' where id = ${id}`;
	await page.getByRole('button', { name: 'Yes, cancel' }).click();
	await expect(page.getByText('have changed since you saw them')).toBeVisible();
	await expect(page.getByText(/If you cancel now, \D*0\D* comes back/)).toBeVisible();
	await expect(page.getByTestId('booking-status')).toHaveText('Confirmed');
	await page.getByRole('button', { name: 'Yes, cancel' }).click();
	await expect(page.getByTestId('booking-status')).toHaveText('Cancelled');
	await sql.end();
	await context.close();
});

test('what was booked with a business that has left stays readable', async ({ browser }) => {
	const problems: string[] = [];
	const business = await waitingBusiness();
	const customer = await account('rahma');
	const { data: services } = await customer.client.from('services').select('id').eq('provider_id', business.id);
	const service = services![0]!.id as string;
	const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
	const { data: slots } = await customer.client.rpc('available_slots', {
		service_id: service,
		from_date: day(2),
		to_date: day(9)
	});
	await book(service, (slots as { starts_at: string }[])[0]!.starts_at, customer.client);
	const sent = await customer.client.rpc('send_message', { provider_id: business.id, body: 'Bonjour' });
	expect(sent.error).toBeNull();
	const closed = await business.owner.client.rpc('unpublish_provider', { provider_id: business.id });
	expect(closed.error).toBeNull();

	const page = await person(browser, problems);
	await signInAs(page, customer);
	for (const path of ['/bookings', '/messages', '/notifications']) {
		const answer = await page.goto(path);
		expect(answer?.status()).toBe(200);
		await expect(page.getByRole('main').getByText(business.name).first()).toBeVisible();
	}
	expect((await page.goto(`/providers/${business.slug}`))?.status()).toBe(404);
	expect((await page.goto(`/book/${service}`))?.status()).toBe(404);
	expect(problems.filter((problem) => !/status of 404/.test(problem))).toEqual([]);
	await page.context().close();
});

for (const javaScriptEnabled of [true, false]) {
	test(`a guest who has lost the mail gets the link again, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async ({
		browser
	}) => {
		const { service, starts } = await freeStarts(11 + test.info().repeatEachIndex);
		const email = `nawal.${randomUUID()}@example.com`;
		const { data: made } = await visitor().rpc('create_booking', {
			service_id: service,
			starts_at: starts.at(javaScriptEnabled ? 0 : -1)!,
			guest: { name: 'Nawal', email },
			address: { line: '8 rue du Souk' },
			idempotency_key: randomUUID()
		});
		const context = await browser.newContext({ locale: 'fr-MA', javaScriptEnabled });
		const page = await context.newPage();
		// what is left of a link leads to the page that helps
		await page.goto('/b/perdu');
		await page.getByRole('main').getByRole('link', { name: 'Retrouver une réservation' }).click();
		await page.getByLabel('Référence').fill('quelque chose');
		await page.getByLabel('E-mail ou téléphone').fill('0612');
		await page.getByRole('button', { name: 'Envoyer le lien' }).click();
		await expect(page.getByText('Une référence commence par KH')).toBeVisible();
		await expect(page.getByText('Indiquez une adresse e-mail ou un numéro')).toBeVisible();

		const answer = page.getByText('Si la référence et ce que vous avez donné vont ensemble');
		for (const contact of [`autre.${email}`, email.toUpperCase()]) {
			await page.goto('/find-booking');
			await page.getByLabel('Référence').fill((made.reference as string).toLowerCase());
			await page.getByLabel('E-mail ou téléphone').fill(contact);
			await page.getByRole('button', { name: 'Envoyer le lien' }).click();
			await expect(answer).toBeVisible();
		}
		const mail = await mailTo(email, /Voici le lien de votre réservation/);
		await page.goto(new URL(/href="([^"]+)"/.exec(mail.HTML)![1]!).pathname);
		await expect(page.getByText(made.reference as string)).toBeVisible();
		// the page says where the mail went
		await expect(page.getByText(`Le lien de cette page est parti à ${email}`)).toBeVisible();
		await context.close();
	});

	test(`whoever books the same again is asked first, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async ({
		browser
	}) => {
		const { service, starts } = await freeStarts(25 + test.info().repeatEachIndex);
		// a start that two may take
		const twice = starts.filter((start, n) => starts.indexOf(start) !== n);
		const start = new Date(twice.at(javaScriptEnabled ? 0 : -1)!).toISOString();
		const context = await browser.newContext({ locale: 'fr-MA', javaScriptEnabled });
		const page = await context.newPage();
		const submit = page.locator('main form[method=POST] button[type=submit]').last();
		const fill = async () => {
			await page.goto(`/book/${service}?at=${encodeURIComponent(start)}`);
			await page.locator('input[name=name]').fill('Nawal');
			await page.locator('input[name=email]').fill(`nawal.${randomUUID()}@example.com`);
			await page.locator('input[name=line]').fill('8 rue du Souk');
		};
		await fill();
		await expect(page.getByTestId('already-booked')).toBeHidden();
		await submit.click();
		await page.waitForURL(/\/b\//);

		await fill();
		await expect(page.getByTestId('already-booked')).toContainText('a déjà été réservé sur cet appareil');
		await submit.click();
		await expect(page.getByText('Cochez la case')).toBeVisible();
		await page.getByLabel('Oui, je veux une réservation de plus').check();
		await submit.click();
		await page.waitForURL(/\/b\//);
		await expect(page.getByTestId('booking-status')).toContainText('Demande envoyée');
		await context.close();
	});
}
