import { hourFrom, makeBooking, makeSession, withSuspended } from '../rows/recipe.ts';
import type { Business, Row, Scene } from '../scene.ts';
import { fromElsewhere } from './call.ts';
import type { Calls, Prepare } from './call.ts';

const guest = { name: 'Zoubida', email: 'zoubida@example.com' };
const hour = 3_600_000;
const someReference = () => `KH${crypto.randomUUID().slice(0, 8).toUpperCase().replaceAll(/[01]/g, 'X')}`;
const inAnHour = () => new Date(Date.now() + hour).toISOString();

/** The secret of a guest's link. */
async function secretOf(scene: Scene, { id }: Row): Promise<string> {
	const [row] = await scene.db<{ secret: string }[]>`select private.manage_token(${id as string}) as secret`;
	return row!.secret;
}

/** The same call for a service that anybody may book, one that was withdrawn, and one of a draft. */
function ofServices(
	prepare: (scene: Scene, service: string, provider: Business) => Promise<Row>
): Record<string, Prepare> {
	return {
		'a published provider’s service': async (scene) => ({
			args: await prepare(scene, scene.published.service, scene.published)
		}),
		'an inactive service': async (scene) => ({
			args: await prepare(scene, scene.published.inactiveService, scene.published)
		}),
		'a draft’s service': async (scene) => ({ args: await prepare(scene, scene.draft.service, scene.draft) })
	};
}

/** The same call for a booking of the client's, a guest's by its id, and a guest's by its secret. */
function ofBookings(values: Row, more: (scene: Scene) => Promise<Row> = async () => ({})): Record<string, Prepare> {
	return {
		'the client’s': async (scene, client) => {
			const { id } = await makeBooking(scene, client, values);
			return { args: { booking_id: id, ...(await more(scene)) }, untouched: ['bookings', id as string] };
		},
		'a guest’s': async (scene) => {
			const { id } = await makeBooking(scene, null, values);
			return { args: { booking_id: id, ...(await more(scene)) }, untouched: ['bookings', id as string] };
		},
		'a guest’s, by its secret': async (scene) => {
			const made = await makeBooking(scene, null, values);
			return {
				args: { manage_token: await secretOf(scene, made), ...(await more(scene)) },
				untouched: ['bookings', made.id as string]
			};
		}
	};
}

/** The same call for a booking of the client's with the suspended provider. */
function atSuspended(values: Row, more: (scene: Scene) => Promise<Row> = async () => ({})): Record<string, Prepare> {
	return {
		'the client’s, suspended provider': async (scene, client) => {
			const { id } = await makeBooking(scene, client, { ...values, ...withSuspended(scene) });
			return { args: { booking_id: id, ...(await more(scene)) }, untouched: ['bookings', id as string] };
		}
	};
}

const bySecretAtSuspended: Record<string, Prepare> = {
	'a guest’s secret, suspended provider': async (scene) => ({
		args: { manage_token: await secretOf(scene, await makeBooking(scene, null, withSuspended(scene))) }
	})
};

/** The secret of the mail that asks a guest to prove their address, and a booking that waits for it. */
async function unproven(scene: Scene, values: Row = {}): Promise<{ made: Row; proof: string }> {
	const made = await makeBooking(scene, null, { status: 'held', hold_expires_at: inAnHour(), ...values });
	const [row] = await scene.db<{ proof: string }[]>`
		select private.proof_token(${made.id as string}) as proof,
			private.give_secret('prove_booking', ${made.id as string}, private.proof_token(${made.id as string}), null)`;
	return { made, proof: row!.proof };
}

const sessionCall = (choose: (scene: Scene) => Business, values: Row = {}): Prepare => {
	return async (scene) => ({ args: { session_id: (await makeSession(scene, choose(scene), values)).id } });
};

const sessionsOf = (more: (scene: Scene) => Row): Record<string, Prepare> => {
	const of = (choose: (scene: Scene) => Business): Prepare => {
		return async (scene) => {
			const { id } = await makeSession(scene, choose(scene));
			return { args: { session_id: id, ...more(scene) }, untouched: ['sessions', id as string] };
		};
	};
	return {
		'of the provider': of((scene) => scene.published),
		'of a suspended provider': of((scene) => scene.suspended)
	};
};

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * hour).toISOString();

const contacts = (customer: (client: string) => string | null, values: Row): Prepare => {
	return async (scene, client) => ({
		args: { booking_ids: [(await makeBooking(scene, customer(client), values)).id] }
	});
};

async function waiting(scene: Scene, customer: string | null): Promise<Row> {
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

/** A place that one who waited was offered. */
async function offered(scene: Scene, customer: string | null): Promise<Row> {
	const { id } = await waiting(scene, customer);
	await scene.db`update waitlist_entries set status = 'offered' where id = ${id as string}`;
	return makeBooking(scene, customer, { status: 'held', hold_expires_at: inAnHour(), waitlist_entry_id: id });
}

/** The local day of a start. */
async function oneDay(scene: Scene) {
	const day = (await scene.start()).slice(0, 10);
	return { from_date: day, to_date: day };
}

const ofFeeds: Record<string, Prepare> = {
	'of the provider': (scene) => ({ args: { provider_id: scene.published.id } }),
	'of a suspended provider': (scene) => ({ args: { provider_id: scene.suspended.id } })
};

export const booking: Calls = {
	available_slots: ofServices(async (scene, service) => {
		const from_date = (await scene.start()).slice(0, 10);
		return { service_id: service, from_date, to_date: from_date };
	}),
	session_seats: {
		'a published provider’s session': sessionCall((scene) => scene.published),
		'an inactive session': sessionCall((scene) => scene.published, { active: false }),
		'a draft’s session': sessionCall((scene) => scene.draft)
	},
	// a time that is too far away: of a free one there would be nothing to say
	explain_slot: ofServices(async (scene, service) => ({ service_id: service, starts_at: scene.hour() })),
	quote_booking: ofServices(async (scene, service) => ({ service_id: service, starts_at: await scene.start(), guest })),
	create_booking: ofServices(async (scene, service) => ({
		service_id: service,
		starts_at: await scene.start(),
		guest,
		idempotency_key: crypto.randomUUID()
	})),
	booking_calendar: ofBookings({}),
	get_booking: {
		...ofBookings({}),
		'a guest’s, by a wrong secret': async (scene) => {
			await makeBooking(scene, null);
			return { args: { manage_token: 'wrong' } };
		},
		'a guest’s, by an ended secret': async (scene) => {
			const made = await makeBooking(scene, null, { starts_at: daysAgo(9), ends_at: daysAgo(8), status: 'completed' });
			return { args: { manage_token: await secretOf(scene, made) } };
		},
		'a guest’s, by another’s purpose': async (scene) => ({ args: { manage_token: (await unproven(scene)).proof } }),
		...atSuspended({}),
		...bySecretAtSuspended,
		'one that is not there': () => ({ args: { booking_id: crypto.randomUUID() } })
	},
	confirm_booking: {
		'by its secret': async (scene) => {
			const { made, proof } = await unproven(scene);
			return { args: { proof }, untouched: ['bookings', made.id as string] };
		},
		'by the secret of the guest’s link': async (scene) => {
			const { made } = await unproven(scene);
			return { args: { proof: await secretOf(scene, made) }, untouched: ['bookings', made.id as string] };
		},
		'of a suspended provider': async (scene) => {
			const { made, proof } = await unproven(scene, withSuspended(scene));
			return { args: { proof }, untouched: ['bookings', made.id as string] };
		}
	},
	send_booking_link: {
		'a guest’s, with its address': async (scene) => {
			const { reference, customer_email } = await makeBooking(scene, null, { reference: someReference() });
			return { args: { reference, contact: customer_email }, from: await fromElsewhere(scene) };
		},
		'a guest’s, with another address': async (scene) => {
			const { reference } = await makeBooking(scene, null, { reference: someReference() });
			return { args: { reference, contact: 'nadia@example.com' }, from: await fromElsewhere(scene) };
		},
		'one that is not there': async (scene) => ({
			args: { reference: someReference(), contact: guest.email },
			from: await fromElsewhere(scene)
		}),
		'no reference': async (scene) => ({
			args: { reference: 'mine', contact: guest.email },
			from: await fromElsewhere(scene)
		})
	},
	booking_contacts: {
		'the client’s, to come': contacts((client) => client, {}),
		'the client’s, a month ago': contacts((client) => client, {
			status: 'completed',
			starts_at: daysAgo(31),
			ends_at: daysAgo(30.5)
		}),
		'the client’s, cancelled': contacts((client) => client, { status: 'cancelled' }),
		'a guest’s, to come': contacts(() => null, {}),
		'the client’s, suspended provider': async (scene, client) => ({
			args: { booking_ids: [(await makeBooking(scene, client, withSuspended(scene))).id] }
		})
	},
	next_moves: {
		'the client’s': async (scene, client) => ({ args: { booking_ids: [(await makeBooking(scene, client)).id] } })
	},
	cancel_booking: { ...ofBookings({}), ...atSuspended({}), ...bySecretAtSuspended },
	reschedule_booking: {
		...ofBookings({}, async (scene) => ({ starts_at: await scene.start() })),
		...atSuspended({}, async (scene) => ({ starts_at: await scene.start() }))
	},
	quote_change: {
		...ofBookings({}, async (scene) => ({ starts_at: await scene.start() })),
		...atSuspended({}, async (scene) => ({ starts_at: await scene.start() }))
	},
	slots_to_move: {
		...ofBookings({}, oneDay),
		...atSuspended({}, oneDay)
	},
	find_bookings: {
		'the client’s': async (scene, client) => ({
			args: { q: (await makeBooking(scene, client)).reference }
		})
	},
	reveal_booking_contact: {
		'the client’s': async (scene, client) => {
			const { id } = await makeBooking(scene, client);
			return { args: { booking_id: id, reason: 'essai' } };
		}
	},
	revealed_contact: {
		'the client’s': async (scene, client) => {
			const { id } = await makeBooking(scene, client);
			return { args: { booking_id: id } };
		},
		'the client’s, opened by the admin': async (scene, client) => {
			const { id } = await makeBooking(scene, client);
			await scene.db`
				insert into private.revealed_bookings (account_id, booking_id) values (${scene.id.admin}, ${id as string})`;
			return { args: { booking_id: id } };
		}
	},
	claim_booking: {
		'with the client’s address': async (scene, client) => {
			const [account] = await scene.db<{ email: string }[]>`select email from auth.users where id = ${client}`;
			const { id } = await makeBooking(scene, null, { customer_email: account!.email });
			const [row] = await scene.db<{ token: string }[]>`select private.manage_token(${id as string}) as token`;
			return { args: { manage_token: row!.token }, untouched: ['bookings', id as string] };
		},
		'by a wrong secret': () => ({ args: { manage_token: 'wrong' } })
	},
	move_session: sessionsOf((scene) => ({ starts_at: scene.hour() })),
	cancel_session: sessionsOf(() => ({})),
	transition_booking: {
		'the client’s, confirming': async (scene, client) => {
			const { id } = await makeBooking(scene, client, { status: 'pending', answer_by: inAnHour() });
			return { args: { booking_id: id, to_status: 'confirmed' }, untouched: ['bookings', id as string] };
		},
		...atSuspended({ status: 'pending', answer_by: inAnHour() }, async () => ({ to_status: 'confirmed' }))
	},
	complete_booking: {
		'the client’s, with the code': async (scene, client) => {
			const { id } = await makeBooking(scene, client, { status: 'in_progress' });
			const [row] = await scene.db`select private.completion_code(${id as string}) as completion_code`;
			return { args: { booking_id: id, ...row }, untouched: ['bookings', id as string] };
		},
		...atSuspended({ status: 'in_progress' }, async () => ({ completion_code: '000000' }))
	},
	join_waitlist: ofServices(async (scene, service) => ({
		service_id: service,
		period: hourFrom(await scene.start()),
		party_size: 1,
		guest
	})),
	leave_waitlist: {
		'the client’s place': async (scene, client) => {
			const { id } = await waiting(scene, client);
			return { args: { entry_id: id }, untouched: ['waitlist_entries', id as string] };
		},
		'a guest’s, by its secret': async (scene) => {
			const made = await waiting(scene, null);
			return { args: { entry_id: made.id, manage_token: await secretOf(scene, made) } };
		},
		'a guest’s, by a wrong secret': async (scene) => {
			const { id } = await waiting(scene, null);
			return { args: { entry_id: id, manage_token: 'wrong' }, untouched: ['waitlist_entries', id as string] };
		}
	},
	accept_offer: {
		'the client’s': async (scene, client) => {
			const { id } = await offered(scene, client);
			return { args: { booking_id: id }, untouched: ['bookings', id as string] };
		},
		'a guest’s, by its secret': async (scene) => {
			const made = await offered(scene, null);
			return { args: { manage_token: await secretOf(scene, made) }, untouched: ['bookings', made.id as string] };
		},
		...atSuspended({ status: 'held', hold_expires_at: inAnHour() })
	},
	begin_payment: {
		'the client’s held booking': async (scene, client) => {
			const { id } = await makeBooking(scene, client, {
				status: 'held',
				hold_expires_at: inAnHour(),
				deposit_minor: 5000
			});
			return { args: { booking_id: id }, untouched: ['bookings', id as string] };
		},
		'a guest’s, by its secret': async (scene) => {
			const made = await makeBooking(scene, null, {
				status: 'held',
				hold_expires_at: inAnHour(),
				deposit_minor: 5000
			});
			return { args: { booking_id: made.id, manage_token: await secretOf(scene, made) } };
		},
		...atSuspended({ status: 'held', hold_expires_at: inAnHour(), deposit_minor: 5000 })
	},
	my_calendar_feed: ofFeeds,
	renew_calendar_feed: ofFeeds
};
