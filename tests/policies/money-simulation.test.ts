import { afterAll, beforeAll, expect, test } from 'vitest';
import { database, project } from 'supabase-embedded/testing';
import { simulate } from '../load/money/proof.ts';

const sql = database();

beforeAll(async () => {
	// As for the other files beside it: all of them are one visitor.
	await sql`update private.rate_limits set max_calls = 1000000`;
});
afterAll(() => sql.end());

/** The double of Stripe; a project that asks the real one has none. */
const stripeUrl = process.env.STRIPE_URL;

// The same at full size is `npm run load -- money`.
test.runIf(stripeUrl)(
	'whatever happens to thirty bookings and their money, ledger, payments and Stripe agree, and nothing is left out',
	async () => {
		const { breaches, came, did } = await simulate(
			{
				sql,
				apiUrl: project.url,
				publishableKey: project.publishableKey,
				secretKey: project.secretKey,
				stripeUrl: stripeUrl!
			},
			{ count: 30, seed: 7, whole: false, check: () => {} }
		);
		expect(breaches).toEqual([]);
		expect(came).toBeGreaterThan(0);
		expect(did.get('booked')).toBe(30);
	},
	180_000
);
