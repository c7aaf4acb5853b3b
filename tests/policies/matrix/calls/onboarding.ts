import { makeFile, makeProvider, makeResource, makeService } from '../rows/recipe.ts';
import type { Business, Row, Scene } from '../scene.ts';
import { plain } from './call.ts';
import type { Calls, Prepare } from './call.ts';

/** A provider with all that it needs to be published. */
async function complete(scene: Scene, status: 'published' | 'draft' | 'suspended'): Promise<Row> {
	const made = await makeProvider(scene, status);
	const provider = made as unknown as Business;
	const service = await makeService(scene, provider);
	const resource = await makeResource(scene, provider);
	await scene.insert('service_resources', { service_id: service.id, resource_id: resource.id });
	await scene.insert('opening_hours', { provider_id: made.id, weekday: 1, opens: '09:00', closes: '18:00' });
	return made;
}

const about = (status: 'published' | 'draft' | 'suspended', more: Row = {}): Prepare => {
	return async (scene) => {
		const { id } = await complete(scene, status);
		return { args: { provider_id: id, ...more }, untouched: ['providers', id as string] };
	};
};

/** A request of a provider that has handed in a document. */
const asking = (status: 'draft' | 'suspended'): Prepare => {
	return async (scene) => {
		const { id } = await makeProvider(scene, status);
		await scene.insert('provider_documents', {
			provider_id: id,
			kind: 'identity',
			path: await makeFile(scene, 'documents', id as string, '.pdf')
		});
		return { args: { provider_id: id }, untouched: ['providers', id as string] };
	};
};

export const onboarding: Calls = {
	open_document: {
		'of the provider': async (scene) => ({
			args: {
				document_id: (
					await scene.insert('provider_documents', {
						provider_id: scene.published.id,
						kind: 'other',
						path: await makeFile(scene, 'documents', scene.published.id, '.webp')
					})
				).id
			}
		})
	},
	start_provider: {
		'a new one': async (scene) => {
			const [found] = await scene.db`
				select c.slug as category_slug, p.city_slug from providers p join categories c on c.id = p.category_id
				where p.id = ${scene.published.id}`;
			return {
				args: {
					business: { ...found, name: `Essai ${scene.next()}`, district: 'Centre', address: '1 rue des Essais' },
					service: { name: 'Coupe', duration_minutes: 30, price_minor: 10000, place: 'provider' },
					hours: [{ weekday: 1, opens: '09:00', closes: '18:00' }]
				}
			};
		}
	},
	publish_provider: { 'a draft': about('draft'), 'one that is suspended': about('suspended') },
	unpublish_provider: { 'one that is published': about('published'), 'one that is suspended': about('suspended') },
	request_verification: { 'of the provider': asking('draft'), 'of a suspended provider': asking('suspended') },
	begin_upload: {
		...plain('a picture of oneself', { purpose: 'avatar' }),
		'a document of the provider': (scene) => ({ args: { purpose: 'document', provider_id: scene.published.id } })
	},
	request_town: plain('in words', { town: 'Azrou' }),
	request_trade: plain('one that cannot yet', { category_slug: 'restaurant' }),
	waiting_start_requests: plain('all'),
	decide_start_request: {
		'the client’s': async (scene, client) => {
			// an account has one of each waiting
			const trade = await scene.insert('categories', {
				slug: `trade-${crypto.randomUUID()}`,
				name_fr: 'Essai',
				name_ar: 'تجربة',
				name_en: 'Trial',
				icon: 'wrench'
			});
			const { id } = await scene.insert('start_requests', { account_id: client, category_id: trade.id });
			return { args: { request_id: id, accepted: true }, untouched: ['start_requests', id as string] };
		}
	},
	decide_verification: {
		'of the provider': async (scene) => {
			const { id } = await makeProvider(scene, 'draft');
			const waiting = await scene.insert('verifications', { provider_id: id });
			return {
				args: { verification_id: waiting.id, accepted: true },
				untouched: ['verifications', waiting.id as string]
			};
		}
	},
	suspend_provider: { 'the provider': about('published', { reason: 'essai' }) },
	restore_provider: { 'the provider': about('suspended') }
};
