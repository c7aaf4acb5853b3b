import type { Page } from '@playwright/test';

/** What the page notes while the Tab key goes through it. */
declare global {
	interface Window {
		reached: Set<Element>;
		unseen: Set<string>;
	}
}

/** Goes through the page that is open with the Tab key. Gives what it could not reach, or reached unseen, each a line. */
export async function walk(page: Page, path: string): Promise<string[]> {
	// A window of usual height again: a tall one is drawn anew for each stop.
	await page.setViewportSize({ width: page.viewportSize()!.width, height: 900 });
	const count = await page.evaluate(() => {
		window.reached = new Set();
		window.unseen = new Set();
		const marked = (element: Element | null | undefined) => {
			if (!element) return false;
			const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
			return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
		};
		document.addEventListener('focusin', ({ target }) => {
			const element = target as HTMLElement;
			window.reached.add(element);
			// What is drawn in place of a field shows the focus for it.
			const places = [element, element.parentElement, element.nextElementSibling, element.closest('label')];
			if (!places.some(marked)) window.unseen.add(element.outerHTML.slice(0, 150));
		});
		const stops = document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]').length;
		// Hours, minutes and the half of the day are stops of their own.
		return stops + 3 * document.querySelectorAll('[type=time], [type=date]').length;
	});
	// Pressed without waiting for each: they take their turns in the browser.
	await Promise.all(Array.from({ length: count + 2 }, () => page.keyboard.press('Tab')));
	const problems = await page.evaluate(() => {
		const groups = new Set(
			[...window.reached].map((element) => element.matches('[type=radio]') && element.getAttribute('name'))
		);
		const wanted = [
			...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex="0"]')
		].filter(
			(element) =>
				!element.matches(':disabled, [tabindex="-1"], [type=hidden]') &&
				!element.closest('[inert]') &&
				element.checkVisibility({ visibilityProperty: true }) &&
				!(element.matches('[type=radio]') && groups.has(element.getAttribute('name')))
		);
		return [
			...wanted
				.filter((element) => !window.reached.has(element))
				.map((element) => `cannot reach ${element.outerHTML.slice(0, 150)}`),
			...[...window.unseen].map((html) => `does not show the focus of ${html}`)
		];
	});
	return problems.map((problem) => `${path} ${problem}`);
}
