import { makeBooking } from './recipe.ts';
import type { Recipes } from './recipe.ts';
import type { Row, Scene } from '../scene.ts';

const code = (scene: Scene, provider: string | null): Promise<Row> =>
	scene.insert('promo_codes', {
		provider_id: provider,
		code: crypto.randomUUID().replaceAll('-', '').slice(0, 20).toUpperCase(),
		percent: 10,
		min_price_minor: 0,
		valid_from: '2030-01-01T00:00:00Z',
		active: true
	});

export const promotions: Recipes = {
	promo_codes: {
		change: { active: false },
		kinds: {
			'of a published provider': (scene) => code(scene, scene.published.id),
			'of a suspended provider': (scene) => code(scene, scene.suspended.id),
			'of the whole platform': (scene) => code(scene, null)
		}
	},
	promo_redemptions: {
		change: { created_at: '2030-01-01T00:00:00Z' },
		kinds: {
			'of the client’s booking': async (scene, client) => {
				const { id } = await makeBooking(scene, client);
				const promo = await code(scene, scene.published.id);
				return scene.insert('promo_redemptions', { booking_id: id, promo_code_id: promo.id });
			}
		}
	}
};
