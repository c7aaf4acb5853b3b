import { expect, test } from '@playwright/test';

const pages = [
	{ path: '/', language: 'fr', says: 'Les plus appréciés' },
	{ path: '/ar', language: 'ar', says: 'الأكثر تقديرًا' },
	{ path: '/en', language: 'en', says: 'Best loved' },
	{ path: '/search?q=plombier', language: 'fr', says: 'Tout le Maroc' },
	{ path: '/ar/search?q=plombier', language: 'ar', says: 'كل المغرب' },
	{ path: '/en/search?q=plombier', language: 'en', says: 'All of Morocco' }
];

test('of 200 pages asked for at once in three languages, none is wrong', async ({ request }) => {
	const answers = await Promise.all(
		Array.from({ length: 200 }, async (_, index) => {
			const page = pages[index % pages.length]!;
			// Half are pages that were made for the one before, half are made for this one.
			const own = index % 4 < 2 ? '' : `${page.path.includes('?') ? '&' : '?'}page=${index}`;
			const html = await (await request.get(page.path + own)).text();
			const others = pages.filter(({ language }) => language !== page.language);
			return (
				html.includes(`<html lang="${page.language}"`) &&
				html.includes(page.says) &&
				!others.some(({ says }) => html.includes(says))
			);
		})
	);
	expect(answers.filter((right) => !right)).toHaveLength(0);
});

test('who looks from another country is told plainly by whose clocks the times are', async ({ browser }) => {
	for (const [timezoneId, plainly] of [
		['Africa/Casablanca', false],
		['America/New_York', true]
	] as const) {
		const context = await browser.newContext({ locale: 'fr-MA', timezoneId });
		const page = await context.newPage();
		await page.goto('/providers/plomberie-al-amal');
		const note = page.getByTestId('zone').first();
		await expect(note).toHaveText(/Heure de Casablanca/);
		const weight = () => note.evaluate((element) => Number(getComputedStyle(element).fontWeight));
		await expect.poll(async () => (await weight()) >= 500).toBe(plainly);
		// The times themselves are the business's, whoever looks.
		const start = page.locator('a[href*="/book/"][href*="at="]').first();
		const at = new URL((await start.getAttribute('href'))!, 'http://site').searchParams.get('at')!;
		const there = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' }).format(new Date(at));
		await expect(start).toContainText(there);
		await context.close();
	}
});
