import { day, hourFrom, ofEach } from './recipe.ts';
import type { Recipes } from './recipe.ts';

/** Hours of one week alone: a business may not have any number of intervals on a day. */
const only = (day: string) => ({ valid_from: day, valid_to: day });

export const hours: Recipes = {
	hour_profiles: {
		change: { name: 'Autre' },
		kinds: ofEach((scene, provider) => {
			const on = day(scene);
			return scene.insert('hour_profiles', { provider_id: provider.id, name: 'Ramadan', starts_on: on, ends_on: on });
		})
	},
	opening_hours: {
		change: { closes: '21:00:00' },
		kinds: ofEach((scene, provider) =>
			scene.insert('opening_hours', {
				provider_id: provider.id,
				weekday: 1,
				opens: '09:00',
				closes: '20:00',
				...only(day(scene))
			})
		)
	},
	special_days: {
		change: { closes: '21:00:00' },
		kinds: ofEach((scene, provider) =>
			scene.insert('special_days', { provider_id: provider.id, day: day(scene), opens: '09:00', closes: '20:00' })
		)
	},
	closures: {
		change: { reason: 'Autre' },
		kinds: ofEach((scene, provider) =>
			scene.insert('closures', {
				provider_id: provider.id,
				resource_id: provider.staff,
				period: hourFrom(scene.hour()),
				reason: 'Congé'
			})
		)
	}
};
