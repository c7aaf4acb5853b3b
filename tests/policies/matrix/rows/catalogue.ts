import { makeProvider, makeResource, makeService, ofEach, slug } from './recipe.ts';
import type { Recipes } from './recipe.ts';
import type { Scene } from '../scene.ts';

const names = { name_fr: 'Essai', name_ar: 'تجربة', name_en: 'Trial' };

/** The path of a photo that is there in all its widths. */
async function makePhoto(scene: Scene, provider: string): Promise<string> {
	const path = `${provider}/${crypto.randomUUID()}`;
	await scene.db`
		insert into storage.objects (bucket_id, name)
		select 'photos', ${path} || '/' || width || '.webp' from unnest(array[480, 960, 1440]) as width`;
	return path;
}

export const catalogue: Recipes = {
	categories: {
		change: { name_fr: 'Autre' },
		kinds: { any: (scene) => scene.insert('categories', { ...names, slug: slug(scene), icon: 'wrench' }) }
	},
	cities: {
		change: { name_fr: 'Autre' },
		kinds: { any: (scene) => scene.insert('cities', { ...names, slug: slug(scene), latitude: 30, longitude: -7 }) }
	},
	cancellation_policies: {
		change: { tiers: [{ hours_before: 1, refund_percent: 100 }] },
		kinds: { any: (scene) => scene.insert('cancellation_policies', { code: slug(scene), tiers: [] }) }
	},
	providers: {
		change: { about_fr: 'Autre' },
		kinds: {
			published: (scene) => makeProvider(scene, 'published'),
			draft: (scene) => makeProvider(scene, 'draft'),
			suspended: (scene) => makeProvider(scene, 'suspended')
		}
	},
	services: {
		change: { price_minor: 1 },
		kinds: {
			...ofEach(makeService),
			'of a published provider, inactive': (scene) => makeService(scene, scene.published, { active: false })
		}
	},
	resources: {
		change: { name: 'Autre' },
		kinds: {
			...ofEach(makeResource),
			'of a published provider, inactive': (scene) => makeResource(scene, scene.published, { active: false })
		}
	},
	service_resources: {
		kinds: ofEach(async (scene, provider) => {
			const { id } = await makeResource(scene, provider, { active: false });
			return scene.insert('service_resources', { service_id: provider.service, resource_id: id });
		})
	},
	photos: {
		change: { alt_fr: 'Autre' },
		kinds: ofEach(async (scene, provider) =>
			scene.insert('photos', {
				provider_id: provider.id,
				path: await makePhoto(scene, provider.id),
				width: 4,
				height: 3,
				alt_fr: 'Une photo',
				alt_ar: 'صورة',
				alt_en: 'A picture'
			})
		)
	}
};
