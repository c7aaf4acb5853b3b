import { ofEach } from './recipe.ts';
import type { Recipes } from './recipe.ts';

export const onboarding: Recipes = {
	provider_documents: {
		change: { kind: 'other' },
		kinds: ofEach((scene, provider) =>
			scene.insert('provider_documents', {
				provider_id: provider.id,
				kind: 'identity',
				path: `${provider.id}/${scene.next()}.pdf`
			})
		)
	},
	verifications: {
		change: { status: 'accepted' },
		kinds: ofEach((scene, provider) =>
			scene.insert('verifications', { provider_id: provider.id, status: 'refused', note: `${scene.next()}` })
		)
	}
};
