import { makeFile, ofEach } from './recipe.ts';
import type { Recipes } from './recipe.ts';

export const onboarding: Recipes = {
	provider_documents: {
		change: { kind: 'other' },
		kinds: ofEach(async (scene, provider) =>
			scene.insert('provider_documents', {
				provider_id: provider.id,
				kind: 'identity',
				path: await makeFile(scene, 'documents', provider.id, '.pdf')
			})
		)
	},
	start_requests: {
		kinds: {
			'the client’s': (scene, client) =>
				scene.insert('start_requests', { account_id: client, town: 'Azrou', status: 'declined' })
		}
	},
	verifications: {
		change: { status: 'accepted' },
		kinds: ofEach((scene, provider) =>
			scene.insert('verifications', { provider_id: provider.id, status: 'refused', note: `${scene.next()}` })
		)
	}
};
