import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync('src/app.css', 'utf8');
const tokens = new Map(
	[...css.matchAll(/--color-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
		name!,
		{ light: light!, dark: dark! }
	])
);

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
	const [r, g, b] = [1, 3, 5]
		.map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
		.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
	return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
	const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x);
	return (lighter! + 0.05) / (darker! + 0.05);
}

const texts: [string, string[]][] = [
	['ink', ['page', 'surface', 'muted', 'strong']],
	['ink-muted', ['page', 'surface', 'muted']],
	['primary', ['page', 'surface', 'muted']],
	['primary-hover', ['page', 'surface']],
	['on-primary', ['primary', 'primary-hover']],
	['on-primary-soft', ['primary-soft']],
	['primary', ['primary-soft']],
	['ink-muted', ['primary-soft']],
	['on-accent', ['accent']],
	['accent-ink', ['page', 'surface', 'muted']],
	['on-deep', ['deep']],
	['on-deep-muted', ['deep']],
	['danger', ['page', 'surface', 'danger-soft']],
	['on-danger', ['danger', 'danger-hover']],
	['success', ['page', 'surface', 'success-soft']],
	['warning', ['page', 'surface', 'warning-soft']],
	['info', ['page', 'surface', 'info-soft']]
];
const marks: [string, string[]][] = [
	['outline', ['page', 'surface']],
	['focus', ['page', 'surface', 'muted']]
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
	const ratio = (a: string, b: string) => contrast(tokens.get(a)![theme], tokens.get(b)![theme]);
	const pairs = (list: [string, string[]][]) => list.flatMap(([a, grounds]) => grounds.map((b) => [a, b] as const));

	test.each(pairs(texts))('%s can be read on %s', (a, b) => expect(ratio(a, b)).toBeGreaterThanOrEqual(4.5));
	test.each(pairs(marks))('%s can be seen on %s', (a, b) => expect(ratio(a, b)).toBeGreaterThanOrEqual(3));
});
