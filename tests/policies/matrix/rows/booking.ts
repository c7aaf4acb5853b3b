import * as lists from '../../../../src/lib/supabase/lists.ts';
import { hourFrom, makeBooking, makeProvider, makeSession, ofEach, withSuspended } from './recipe.ts';
import type { Make, Recipes } from './recipe.ts';
import type { Business, Row, Scene } from '../scene.ts';

const noSteps = (['cancelled', 'rejected', 'no_show'] as const).flatMap((from_status) =>
	lists.booking_status.flatMap((to_status) =>
		lists.booking_actor.filter((actor) => actor !== 'system').map((actor) => ({ from_status, to_status, actor }))
	)
);

/** A row that hangs on a booking of the client's, or of a guest's. */
function onABooking(make: (scene: Scene, booking: Row) => Promise<Row>): Record<string, Make> {
	return {
		'of the client’s booking': async (scene, client) => make(scene, await makeBooking(scene, client)),
		'of a guest’s booking': async (scene) => make(scene, await makeBooking(scene, null)),
		'of the client’s booking with a suspended provider': async (scene, client) =>
			make(scene, await makeBooking(scene, client, withSuspended(scene)))
	};
}

function waiting(scene: Scene, customer: string | null, provider = scene.published): Promise<Row> {
	return scene.insert('waitlist_entries', {
		provider_id: provider.id,
		service_id: provider.service,
		period: hourFrom(scene.hour()),
		party_size: 1,
		customer_id: customer,
		customer_name: 'Zoubida',
		customer_email: 'zoubida@example.com',
		language: 'fr'
	});
}

async function occupied(scene: Scene, client: string, { id: provider_id, service, staff }: Business): Promise<Row> {
	const { id, starts_at } = await makeBooking(scene, client, { provider_id, service_id: service });
	const at = new Date(starts_at as string).toISOString();
	return scene.insert('occupancies', { resource_id: staff, period: hourFrom(at), booking_id: id });
}

export const booking: Recipes = {
	sessions: {
		change: { active: false },
		kinds: {
			...ofEach(makeSession),
			'of a published provider, inactive': (scene) => makeSession(scene, scene.published, { active: false })
		}
	},
	bookings: {
		change: { status: 'completed' },
		kinds: {
			'the client’s': (scene, client) => makeBooking(scene, client),
			'a guest’s': (scene) => makeBooking(scene, null),
			'the client’s, with a suspended provider': (scene, client) => makeBooking(scene, client, withSuspended(scene))
		}
	},
	booking_events: {
		change: { reason: 'autre' },
		kinds: onABooking((scene, { id }) =>
			scene.insert('booking_events', { booking_id: id, to_status: 'in_progress', actor: 'provider' })
		)
	},
	booking_seats: {
		change: { seat: 'Z9' },
		kinds: onABooking(async (scene, { id }) => {
			const session = await makeSession(scene, scene.published);
			return scene.insert('booking_seats', { session_id: session.id, seat: 'A1', booking_id: id });
		})
	},
	clock_clashes: {
		change: { kind: 'skipped' },
		kinds: onABooking((scene, { id, provider_id, local_starts_at }) =>
			scene.insert('clock_clashes', { provider_id, booking_id: id, kind: 'overlap', local_starts_at })
		)
	},
	booking_transitions: {
		change: { actor: 'system' },
		kinds: {
			any: (scene) =>
				scene.insert('booking_transitions', {
					// from what is over goes no step of the machine
					...noSteps.pop()
				})
		}
	},
	occupancies: {
		change: { expires_at: '2030-01-01T00:00:00Z' },
		kinds: {
			'by the client’s booking': (scene, client) => occupied(scene, client, scene.published),
			'by the client’s booking with a suspended provider': (scene, client) => occupied(scene, client, scene.suspended)
		}
	},
	waitlist_entries: {
		change: { status: 'left' },
		kinds: {
			'the client’s': (scene, client) => waiting(scene, client),
			'a guest’s': (scene) => waiting(scene, null),
			'the client’s, with a suspended provider': (scene, client) => waiting(scene, client, scene.suspended)
		}
	},
	calendar_feeds: {
		change: { created_at: '2030-01-01T00:00:00Z' },
		kinds: {
			'the owner’s': async (scene) =>
				scene.insert('calendar_feeds', {
					provider_id: (await makeProvider(scene, 'draft')).id,
					user_id: scene.id.owner
				})
		}
	}
};
