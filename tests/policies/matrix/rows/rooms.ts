import { makeResource, ofEach } from './recipe.ts';
import type { Recipes } from './recipe.ts';

export const rooms: Recipes = {
	table_neighbours: {
		kinds: ofEach(async (scene, provider) => {
			const table = async () => (await makeResource(scene, provider, { kind: 'table' })).id as string;
			const [resource_id, neighbour_id] = [await table(), await table()].toSorted();
			return scene.insert('table_neighbours', { provider_id: provider.id, resource_id, neighbour_id });
		})
	},
	seats: {
		change: { wheelchair: true },
		kinds: ofEach((scene, provider) => {
			const n = scene.next();
			return scene.insert('seats', {
				provider_id: provider.id,
				resource_id: provider.hall,
				label: `S${n}`,
				row_number: 1 + Math.floor(n / 200),
				column_number: 1 + (n % 200)
			});
		})
	},
	seat_prices: {
		change: { price_minor: 1 },
		kinds: ofEach((scene, provider) =>
			scene.insert('seat_prices', {
				provider_id: provider.id,
				service_id: provider.showings,
				category: `c${scene.next()}`,
				price_minor: 9000
			})
		)
	}
};
