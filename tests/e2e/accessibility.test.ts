import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { walk } from './keyboard.ts';
import { administration, people } from './pages.ts';
import { signIn } from './people.ts';
import { enter, staff } from './staff.ts';

/**
 * Each page, unfolded, by the rules of WCAG 2.2 AA, and in Arabic and dark by those of the look; nothing wider than a
 * phone; and once, all that is on it by keyboard alone. The window is as tall as the page, since what the fixed bar covers for the
 * moment would count as too small.
 */
for (const { language, scheme } of [
	{ language: '', scheme: 'light' },
	{ language: '/ar', scheme: 'dark' }
] as const) {
	for (const { who, arrive, pages } of people) {
		test(`${who} has pages that are accessible and fit a phone: ${language || '/fr'}, ${scheme}`, async ({
			browser
		}) => {
			// A dozen pages, each judged as a whole.
			test.slow();
			const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 390, height: 9000 } });
			const page = await context.newPage();
			await arrive?.(page);
			const problems: string[] = [];
			for (const path of await pages(page)) {
				await open(page, language + path);
				problems.push(...(await judge(page, path, scheme === 'light' ? undefined : ofTheLook)));
				if (scheme === 'light') problems.push(...(await walk(page, path)));
			}
			expect(problems).toEqual([]);
			await context.close();
		});
	}
}

test('the dashboard is accessible on a wide screen, with rows ticked and filters open', async ({ browser }) => {
	const context = await browser.newContext({ viewport: { width: 1280, height: 9000 } });
	const page = await context.newPage();
	await signIn(page, 'youssef@example.com');
	await page.goto('/dashboard/bookings?status=confirmed');
	await page.getByTestId('listed').getByRole('checkbox').first().check();
	await expect(page.getByTestId('bulk')).toBeVisible();
	expect(await judge(page, 'rows ticked')).toEqual([]);
	await context.close();
});

test('the area of platform staff is accessible on a wide screen', async ({ browser }) => {
	test.slow();
	const context = await browser.newContext({ viewport: { width: 1280, height: 9000 } });
	const page = await context.newPage();
	await enter(page, await staff('super_admin'));
	const problems: string[] = [];
	for (const path of await administration(page)) {
		await open(page, path);
		problems.push(...(await judge(page, path, ofTheLook)));
	}
	expect(problems).toEqual([]);
	await context.close();
});

/** Goes to a page and unfolds all that it folds. */
async function open(page: Page, path: string): Promise<void> {
	await page.goto(path);
	await page.locator('main details').evaluateAll((all) => {
		for (const folded of all) (folded as HTMLDetailsElement).open = true;
	});
}

/** The rules whose answer may differ from one theme, direction, width or language to another: what a page is built of does not. */
const ofTheLook = [
	...['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable'],
	...['html-has-lang', 'html-lang-valid', 'valid-lang', 'document-title']
];

/** What is wrong with the page that is open, each a line; by all rules, or by some. */
async function judge(page: Page, path: string, rules?: string[]): Promise<string[]> {
	const { width, height } = page.viewportSize()!;
	const tall = await page.evaluate(() => document.documentElement.scrollHeight);
	await page.setViewportSize({ width, height: Math.max(height, tall + 500) });
	// No frame of another origin is on our pages: the judgement needs no second page for each.
	const axe = new AxeBuilder({ page }).setLegacyMode(true);
	if (rules) axe.withRules(rules);
	else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
	const { violations } = await axe.analyze();
	const found = violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html}`);
	const headings = await page.locator('h1').count();
	if (headings !== 1) found.push(`${path} has ${headings} headings of the first level`);
	for (const size of width < 500 ? ['100%', '200%'] : ['100%']) {
		const overflow = await page.evaluate((fontSize) => {
			document.documentElement.style.fontSize = fontSize;
			return document.documentElement.scrollWidth - innerWidth;
		}, size);
		if (overflow > 0) found.push(`${path} is ${overflow}px too wide with text at ${size}`);
	}
	await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
	return found;
}
