import { conversationOf } from './recipe.ts';
import type { Recipes } from './recipe.ts';

const kind = 'of the client with the provider';

export const messaging: Recipes = {
	conversations: {
		standing: true,
		change: { last_message_preview: 'autre' },
		kinds: { [kind]: conversationOf }
	},
	messages: {
		change: { body: 'autre' },
		kinds: {
			[kind]: async (scene, client) => {
				const { id } = await conversationOf(scene, client);
				return scene.insert('messages', {
					conversation_id: id,
					sender_id: client,
					side: 'customer',
					body: `Salam ${scene.next()}`
				});
			}
		}
	},
	conversation_reads: {
		standing: true,
		change: { read_at: '2030-01-01T00:00:00Z' },
		kinds: {
			[kind]: async (scene, client) => {
				const { id } = await conversationOf(scene, client);
				return scene.insert('conversation_reads', {
					conversation_id: id,
					user_id: scene.spare,
					read_at: new Date().toISOString()
				});
			}
		}
	}
};
