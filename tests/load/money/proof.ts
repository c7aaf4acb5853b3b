import { atOnce } from '../ask.ts';
import { Dice } from '../random.ts';
import type { Ground } from '../stage.ts';
import { compare, settle } from './books.ts';
import type { Books } from './books.ts';
import { live } from './life.ts';
import type { Diary } from './life.ts';
import { makeScene } from './scene.ts';
import type { Place } from './scene.ts';

/** Lives so many bookings at once, settles everything and compares the books. */
export async function simulate(
	place: Place,
	{ count, seed, whole, check }: { count: number; seed: number; whole: boolean; check: () => void }
): Promise<Books & Diary> {
	const scene = await makeScene(place);
	const diary: Diary = { did: new Map(), breaches: [] };
	await scene.test('weather', { spreadMs: 3000, twice: 0.4 });
	try {
		await atOnce(
			12,
			Array.from({ length: count }, (_, n) => async () => {
				check();
				await live(scene, new Dice(seed * 1_000_003 + n), diary);
			})
		);
	} finally {
		await scene.test('weather', null);
	}
	await settle(scene, new Dice(seed), check);
	const books = await compare(scene, whole);
	return { ...books, did: diary.did, breaches: [...diary.breaches, ...books.breaches] };
}

/**
 * What becomes of money: `sizes` are how many bookings, and the seed. Each is paid on time, late, twice, too much, refused, disputed,
 * given back by us and by others, while Stripe's events come twice and in any order. Returns the number of breaches.
 */
export async function proveMoney({ facts, sql, check }: Ground, sizes: number[]): Promise<number> {
	const [count = 2000, seed = 1] = sizes;
	const begun = performance.now();
	// The seed's own payments were never at Stripe.
	const place = {
		sql,
		apiUrl: facts.API_URL,
		publishableKey: facts.PUBLISHABLE_KEY,
		secretKey: facts.SECRET_KEY,
		stripeUrl: facts.STRIPE_URL
	};
	const { did, breaches, came, went, ledger, stripe, events } = await simulate(place, {
		count,
		seed,
		whole: true,
		check
	});
	for (const [what, times] of [...did].toSorted(([, a], [, b]) => b - a)) console.log(`  ${times} × ${what}`);
	const dirhams = (minor: number) => (minor / 10 ** 2).toFixed(2);
	console.log(
		`${count} bookings, ${events} events: ${dirhams(came)} came, ${dirhams(went)} went, the ledger has ${dirhams(ledger)}, ` +
			`Stripe holds ${dirhams(stripe)}; ${((performance.now() - begun) / 1000).toFixed(0)} s`
	);
	for (const [breach, all] of [...Map.groupBy(breaches, (one) => one)].slice(0, 30))
		console.log(`  ✗ ${breach}${all.length > 1 ? ` (${all.length} times)` : ''}`);
	return breaches.length;
}
