import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { signIn } from './people.ts';

/**
 * How often a page that is left alone asks the site for its data again, in some seconds. What others do meanwhile (other
 * tests book from the same plumber) reaches it too: for each event two of its parts may fetch, and those do not count.
 */
function watch(page: Page): () => Promise<number> {
	let count = 0;
	page.on('request', (request) => {
		if (request.url().includes('__data.json')) count++;
	});
	page.on('websocket', (socket) => {
		// Events of the database come as binary frames, everything else as text.
		socket.on('framereceived', ({ payload }) => {
			if (typeof payload !== 'string') count -= 2;
		});
	});
	return async () => {
		count = 0;
		await page.waitForTimeout(4000);
		return count;
	};
}

test('a live page fetches once what it may have missed, and then stays quiet', async ({ page }) => {
	const requestsAtRest = watch(page);
	await page.goto('/providers/plomberie-al-amal');
	expect(await requestsAtRest()).toBeLessThanOrEqual(1);
	await page.locator('a[href*="/book/"]').last().click();
	await page.waitForURL(/\/book\//);
	expect(await requestsAtRest()).toBeLessThanOrEqual(2);
	await signIn(page, 'youssef@example.com');
	await page.goto('/dashboard');
	// the bookings and the bell
	expect(await requestsAtRest()).toBeLessThanOrEqual(2);
	await page.locator('a[href*="/dashboard/bookings/"]').first().click();
	await page.waitForURL(/\/dashboard\/bookings\//);
	expect(await requestsAtRest()).toBeLessThanOrEqual(3);
});

test('a time taken elsewhere disappears while one looks', async ({ page }) => {
	await page.goto('/providers/plomberie-al-amal');
	const times = page.locator('a[href*="/book/"][href*="at="]');
	const href = await times.last().getAttribute('href');
	const wanted = new URL(href!, 'http://site');
	const visitor = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_PUBLISHABLE_KEY!);
	// Let the page listen before somebody else books; both members of staff are taken.
	await page.waitForTimeout(1500);
	for (let i = 0; i < 2; i++) {
		const { error } = await visitor.rpc('create_booking', {
			service_id: wanted.pathname.split('/').at(-1),
			starts_at: wanted.searchParams.get('at'),
			guest: { name: 'Somebody else', email: `else.${i}@example.com` },
			address: { line: '1 rue Ailleurs' },
			idempotency_key: randomUUID()
		});
		expect(error?.message ?? 'booked').toMatch(/booked|slot_taken/);
	}
	await expect(page.locator(`a[href="${href}"]`)).toHaveCount(0, { timeout: 5000 });
});
