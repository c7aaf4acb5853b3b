import { makeBooking } from './recipe.ts';
import type { Recipes } from './recipe.ts';
import type { Row, Scene } from '../scene.ts';

async function payment(scene: Scene, client: string): Promise<Row> {
	const { id } = await makeBooking(scene, client);
	return scene.insert('payments', { booking_id: id, amount_minor: 5000, currency: 'MAD', status: 'expired' });
}

let letters = 0;

export const payments: Recipes = {
	currencies: {
		change: { decimals: 1 },
		kinds: {
			// codes that no currency has
			any: (scene) =>
				scene.insert('currencies', {
					code: `Z${String.fromCharCode(65 + ((letters / 26) % 26), 65 + (letters++ % 26))}`,
					decimals: 2,
					min_charge_minor: 50
				})
		}
	},
	payments: {
		change: { status: 'succeeded' },
		kinds: { 'of the client’s booking': payment }
	},
	refunds: {
		change: { status: 'failed' },
		kinds: {
			'of the client’s booking': async (scene, client) => {
				const { id, booking_id } = await payment(scene, client);
				return scene.insert('refunds', {
					payment_id: id,
					booking_id,
					amount_minor: 5000,
					reason: 'trial',
					status: 'succeeded',
					attempts: 1
				});
			}
		}
	},
	ledger_entries: {
		standing: true,
		change: { amount_minor: 1 },
		kinds: {
			'of the client’s booking': async (scene, client) => {
				const { id } = await makeBooking(scene, client);
				const posting = crypto.randomUUID();
				// both halves in one statement: a posting sums to zero
				const [made] = await scene.db<{ row: Row }[]>`
					insert into ledger_entries as l (posting_id, account, provider_id, booking_id, amount_minor, currency)
					values (${posting}, 'stripe', ${scene.published.id}, ${id as string}, 100, 'MAD'),
						(${posting}, 'provider', ${scene.published.id}, ${id as string}, -100, 'MAD')
					returning to_jsonb(l) as row`;
				return made!.row;
			}
		}
	},
	stripe_events: {
		change: { outcome: 'autre' },
		kinds: {
			any: (scene) =>
				scene.insert('stripe_events', {
					id: `evt_trial_${crypto.randomUUID()}`,
					type: `t${scene.next()}`,
					created: '2026-01-01T00:00:00Z',
					payload: {},
					applied_at: '2026-01-01T00:00:00Z'
				})
		}
	}
};
