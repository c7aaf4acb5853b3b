import { makeResource, makeService, ofBoth } from './recipe.ts';
import type { Recipes } from './recipe.ts';
import type { Scene } from '../scene.ts';

const names = { name_fr: 'Essai', name_ar: 'تجربة', name_en: 'Trial' };
const slug = (scene: Scene) => `trial-${scene.next()}-${crypto.randomUUID().slice(0, 8)}`;

/** A provider with the team of the scene's. */
async function provider(scene: Scene, status: 'published' | 'draft') {
	const [made] = await scene.db<{ row: Record<string, unknown> }[]>`
		with made as (
			insert into providers (slug, name, category_id, city_slug, district, address, latitude, longitude, status, cancellation_policy_id)
			select ${slug(scene)}, 'Essai', category_id, city_slug, district, address, latitude, longitude, ${status}, cancellation_policy_id
			from providers where id = ${scene.published.id} returning *
		), team as (
			insert into provider_members (provider_id, user_id, role)
			select made.id, m.user_id, m.role from provider_members m, made where m.provider_id = ${scene.published.id}
		)
		select id from made`.then((rows) => scene.db`select to_jsonb(p) as row from providers p where id = ${rows[0]!.id}`);
	return made!.row;
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
		kinds: { published: (scene) => provider(scene, 'published'), draft: (scene) => provider(scene, 'draft') }
	},
	services: {
		change: { price_minor: 1 },
		kinds: {
			...ofBoth(makeService),
			'of a published provider, inactive': (scene) => makeService(scene, scene.published, { active: false })
		}
	},
	resources: {
		change: { name: 'Autre' },
		kinds: {
			...ofBoth(makeResource),
			'of a published provider, inactive': (scene) => makeResource(scene, scene.published, { active: false })
		}
	},
	service_resources: {
		kinds: ofBoth(async (scene, provider) => {
			const { id } = await makeResource(scene, provider, { active: false });
			return scene.insert('service_resources', { service_id: provider.service, resource_id: id });
		})
	},
	photos: {
		change: { alt_fr: 'Autre' },
		kinds: ofBoth((scene, provider) =>
			scene.insert('photos', {
				provider_id: provider.id,
				path: `${provider.id}/${scene.next()}`,
				width: 4,
				height: 3,
				alt_fr: 'Une photo',
				alt_ar: 'صورة',
				alt_en: 'A picture'
			})
		)
	}
};
