import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { database, project } from 'supabase-embedded/testing';
import { melee } from '../load/melee.ts';
import { prizes, rush } from '../load/rush.ts';
import { makeOwner, makeStage, storming } from '../load/stage.ts';
import type { Stage, Target } from '../load/stage.ts';

let target: Target;
let stage: Stage;

// The same storm at full size is `npm run load -- storm`.
beforeAll(async () => {
	target = {
		client: storming(project.url, project.publishableKey),
		sql: database(),
		databaseUrl: project.dbUrl
	};
	// As for the other files beside it: all of them are one visitor.
	await target.sql`update private.rate_limits set max_calls = 1000000`;
	stage = await makeStage(target.sql);
});
afterAll(() => target.sql.end());

describe.each(prizes)('forty at once for one %s', (prize) => {
	test.each([1, 2])(
		'round %i: as many book as can, the others are told so, and a repeat changes nothing',
		async (round) => {
			const { breaches, outcomes } = await rush(target, stage, prize, 40, round);
			expect(breaches).toEqual([]);
			expect(outcomes).toHaveLength(42);
		}
	);
});

test('bookings, moves, cancellations and offers at once, of sessions that move and are called off, leave everything in order', async () => {
	const owner = await makeOwner(target.sql, stage, project);
	const { breaches, outcomes } = await melee(target, stage, owner, 150, 40, 1);
	expect(breaches).toEqual([]);
	// An owner is seldom at it among so few: that moving and calling off succeed is stated in session-changes.test.ts.
	const done = Object.entries(outcomes).filter(([, of]) => of.some(({ code }) => code === 'ok'));
	expect(done.map(([change]) => change)).toEqual(
		expect.arrayContaining(['create_booking', 'reschedule_booking', 'cancel_booking', 'join_waitlist'])
	);
});
