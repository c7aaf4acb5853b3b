import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import postgres from 'postgres';
import { targetsOf } from '../load/fuzz/site.ts';
import { makeScene } from '../load/fuzz/scene.ts';

const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY, SUPABASE_DB_URL, SITE_URL } = process.env;

// With 10,000 of each, with visitors and with signing in: `npm run load -- fuzz`. Here those are left out, since whoever
// tests beside it at this address would share their limits.
test('whatever is asked of the site and its forms, none fails, tells of its inside, or gives back markup', async () => {
	test.setTimeout(300_000);
	const facts = {
		API_URL: SUPABASE_URL!,
		PUBLISHABLE_KEY: SUPABASE_PUBLISHABLE_KEY!,
		SECRET_KEY: SUPABASE_SECRET_KEY!
	};
	const sql = postgres(SUPABASE_DB_URL!, { max: 2, onnotice: () => {} });
	const scene = await makeScene({ facts, sql });
	const targets = await targetsOf(scene, SITE_URL!, ['customer', 'owner', 'staff', 'admin']);
	const signedIn = targets.filter(({ name }) => !/\(auth\)|sign-out|\/b\//.test(name));
	for (const { name, posts, send } of signedIn) {
		const result = await fc.check(
			fc.asyncProperty(posts, async (post) => {
				const { wrong } = await send(post);
				if (wrong) throw new Error(wrong);
			}),
			{ seed: 1, numRuns: 2 }
		);
		expect(result.failed ? `${name}: ${fc.defaultReportMessage(result)}` : null).toBeNull();
	}
	await sql.end();
});

test('a day at which calendars end is taken for none: the pages show the days that are near', async () => {
	const sql = postgres(SUPABASE_DB_URL!, { max: 1, onnotice: () => {} });
	const [table] = await sql<{ id: string }[]>`
		select s.id from services s join providers p on p.id = s.provider_id where p.slug = 'dar-zitoun' order by s.position limit 1`;
	await sql.end();
	const book = `/book/${table!.id}`;
	const answers = await Promise.all(
		['0000-01-01', '1899-12-31', '2199-12-31', '2200-01-01', '9999-12-31'].flatMap((day) =>
			[
				`/search?date=${day}`,
				`${book}?party=4&day=${day}`,
				`${book}?party=4&at=${day}T12:00:00Z`,
				`${book}/waitlist?day=${day}`
			].map(async (path) => `${(await fetch(SITE_URL! + path)).status} ${path}`)
		)
	);
	expect(answers.filter((answer) => !answer.startsWith('200'))).toEqual([]);
});
