import { conversationOf } from '../rows/recipe.ts';
import type { Calls } from './call.ts';

export const others: Calls = {
	clock_state: { 'as it is': () => ({ args: {} }) },
	provider_hours: {
		'of a published provider': (scene) => ({ args: { provider_id: scene.published.id } }),
		'of a draft': (scene) => ({ args: { provider_id: scene.draft.id } })
	},
	search_providers: {
		'for a published provider': () => ({ args: { q: 'Plomberie', city: 'testville' } }),
		'for a draft': async (scene) => {
			const [draft] = await scene.db<{ name: string }[]>`select name from providers where id = ${scene.draft.id}`;
			return { args: { q: draft!.name } };
		}
	},
	send_message: {
		'in the client’s conversation': async (scene, client) => ({
			args: { conversation_id: (await conversationOf(scene, client)).id, body: 'Salam' }
		}),
		'in one with a suspended provider': async (scene, client) => ({
			args: { conversation_id: (await conversationOf(scene, client, scene.suspended)).id, body: 'Salam' }
		}),
		'to a provider': (scene) => ({ args: { provider_id: scene.published.id, body: 'Salam' } }),
		'to a provider that is a draft': (scene) => ({ args: { provider_id: scene.draft.id, body: 'Salam' } })
	},
	mark_read: {
		'the client’s conversation': async (scene, client) => ({
			args: { conversation_id: (await conversationOf(scene, client)).id }
		})
	}
};
