import { expect, test } from 'vitest';
import { page, rowsPage } from './page.ts';

const table = { schema: 'public', name: 'a/b', kind: 'table' as const, rows: 2, guarded: true };
const columns = [{ name: '<id>', type: 'text', nullable: true, key: '' }];

test('what rows hold is shown, not run', async () => {
	const shown = String(
		await page([table], table, rowsPage(table, columns, [['<script>alert(1)</script>'], [null]], 0, 50))
	);
	expect(shown).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
	expect(shown).toContain('&lt;id&gt;');
	expect(shown).not.toContain('<script>');
	expect(shown).toContain('href="/table/public/a%2Fb"');
});

test('a full page leads to the next', async () => {
	const shown = String(
		await rowsPage(
			table,
			columns,
			Array.from({ length: 50 }, () => ['x']),
			50,
			50
		)
	);
	expect(shown).toContain('offset=0');
	expect(shown).toContain('offset=100');
	expect(shown).toContain('51–100');
});
