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
