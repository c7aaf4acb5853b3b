import { hourFrom, makeBooking, makeProvider, makeSession, ofBoth } from './recipe.ts';
import type { Make, Recipes } from './recipe.ts';
import type { Row, Scene } from '../scene.ts';

/** A row that hangs on a booking of the client's, or of a guest's. */
function onABooking(make: (scene: Scene, booking: Row) => Promise<Row>): Record<string, Make> {
	return {
		'of the client’s booking': async (scene, client) => make(scene, await makeBooking(scene, client)),
		'of a guest’s booking': async (scene) => make(scene, await makeBooking(scene, null))
	};
}

function waiting(scene: Scene, customer: string | null): Promise<Row> {
	return scene.insert('waitlist_entries', {
		provider_id: scene.published.id,
		service_id: scene.published.service,
		period: hourFrom(scene.hour()),
		party_size: 1,
		customer_id: customer,
		customer_name: 'Zoubida',
		customer_email: 'zoubida@example.com',
		language: 'fr'
	});
}

export const booking: Recipes = {
	sessions: {
		change: ({ active }) => ({ active: !active }),
		kinds: {
			...ofBoth(makeSession),
			'of a published provider, inactive': (scene) => makeSession(scene, scene.published, { active: false })
		}
	},
	bookings: {
		change: { status: 'completed' },
		kinds: {
			'the client’s': (scene, client) => makeBooking(scene, client),
			'a guest’s': (scene) => makeBooking(scene, null)
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
					from_status: `trial ${scene.next()}`,
					to_status: 'held',
					actor: 'customer'
				})
		}
	},
	occupancies: {
		change: { expires_at: '2030-01-01T00:00:00Z' },
		kinds: {
			'by the client’s booking': async (scene, client) => {
				const { id, starts_at } = await makeBooking(scene, client);
				const at = new Date(starts_at as string).toISOString();
				return scene.insert('occupancies', {
					resource_id: scene.published.staff,
					period: hourFrom(at),
					booking_id: id
				});
			}
		}
	},
	waitlist_entries: {
		change: { status: 'left' },
		kinds: {
			'the client’s': (scene, client) => waiting(scene, client),
			'a guest’s': (scene) => waiting(scene, null)
		}
	},
	calendar_feeds: {
		change: { created_at: '2030-01-01T00:00:00Z' },
		kinds: {
			'the owner’s': async (scene) =>
				scene.insert('calendar_feeds', {
					provider_id: (await makeProvider(scene, 'draft')).id,
					user_id: scene.id.owner,
					secret_hash: `\\x${crypto.randomUUID().replaceAll('-', '')}`
				})
		}
	}
};
