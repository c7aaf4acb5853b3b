import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTemplate } from 'supabase-embedded';
import { describe, expect, test } from 'vitest';
import { root } from '../../scripts/settings.ts';

describe('the mails of sign-in', () => {
	const folder = join(root, 'supabase/templates');
	const data = (language: string) => ({
		SiteURL: 'https://k.example',
		RedirectTo: 'https://k.example/a?b=c',
		TokenHash: 'pkce_ab',
		Token: '012345',
		Email: 'a@b.c',
		NewEmail: 'd@e.f',
		Data: { language }
	});

	test.each(readdirSync(folder))('%s speaks the three languages, with one link and without the code', (name) => {
		const template = parseTemplate(readFileSync(join(folder, name), 'utf8'));
		for (const [language, direction] of [
			['fr', 'ltr'],
			['ar', 'rtl'],
			['en', 'ltr']
		] as const) {
			const html = template(data(language));
			expect(html).toContain(`<html lang="${language}" dir="${direction}">`);
			expect(html.match(/<a /g)).toHaveLength(1);
			expect(html).toMatch(
				/href="https:\/\/k\.example\/auth\/confirm\?token_hash=pkce_ab&type=\w+&next=https%3A%2F%2Fk\.example%2Fa%3Fb%3Dc"/
			);
			expect(html).not.toContain('012345');
			expect(html).not.toContain('{{');
		}
	});
});
