import { makeBooking, ofEach } from './recipe.ts';
import type { Recipes } from './recipe.ts';

export const reviews: Recipes = {
	reviews: {
		change: { rating: 1 },
		kinds: ofEach(async (scene, provider) => {
			const { id } = await makeBooking(scene, scene.id.client);
			return scene.insert('reviews', {
				booking_id: id,
				provider_id: provider.id,
				author_id: scene.id.client,
				author_name: 'Amina',
				rating: 5,
				body: `Parfait ${scene.next()}`,
				language: 'fr'
			});
		})
	}
};
