// @vitest-environment jsdom
import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeAll, describe, expect, test } from 'vitest';
import { languages } from '#lib/i18n/languages.ts';
import { loadMessages } from '#lib/i18n/messages.ts';
import { initialsOf } from './initials.ts';
import Fixture from './testing/Fixture.svelte';

beforeAll(async () => {
	await Promise.all(languages.map((language) => loadMessages(language, ['common'])));
});

describe('a field', () => {
	test('ties its label, hint and error to its control', () => {
		render(Fixture, { language: 'en', error: 'Too short.' });
		const control = screen.getByLabelText('Secret');
		const described = control.getAttribute('aria-describedby')!.split(' ');
		expect(described.map((id) => document.getElementById(id)!.textContent.trim())).toEqual([
			'At least 8',
			'Too short.'
		]);
		expect(control.getAttribute('aria-invalid')).toBe('true');
	});

	test('that is right says nothing of errors', () => {
		render(Fixture, { language: 'en' });
		expect(screen.getByLabelText('Secret').hasAttribute('aria-invalid')).toBe(false);
	});
});

test('a password shows itself when asked and hides again', async () => {
	render(Fixture, { language: 'en' });
	const control = screen.getByLabelText<HTMLInputElement>('Secret');
	expect(control.type).toBe('password');
	screen.getByRole('button', { name: 'Show password' }).click();
	await tick();
	expect(control.type).toBe('text');
	screen.getByRole('button', { name: 'Hide password' }).click();
	await tick();
	expect(control.type).toBe('password');
});

test('a rating and a price speak the language of the page', () => {
	const { container } = render(Fixture, { language: 'fr' });
	expect(container.textContent).toContain('Note\u00a0: 4,6 sur 5');
	expect(container.textContent).toContain('(128 avis)');
	expect(container.textContent).toMatch(/à partir de 150\sMAD/);
});

test.each([
	['Amina El Fassi', 'AF'],
	['amina', 'A'],
	['  ', ''],
	['أمينة الفاسي', 'أ']
])('the initials of "%s" are "%s"', (name, initials) => expect(initialsOf(name)).toBe(initials));
