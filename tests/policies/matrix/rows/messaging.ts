import { conversationOf } from './recipe.ts';
import type { Make, Recipes } from './recipe.ts';
import type { Row, Scene } from '../scene.ts';

/** The same row for the conversation with a published provider, and with a suspended one. */
function ofBoth(make: (scene: Scene, client: string, conversation: Row) => Row | Promise<Row>): Record<string, Make> {
	return {
		'of the client with the provider': async (scene, client) =>
			make(scene, client, await conversationOf(scene, client)),
		'of the client with a suspended provider': async (scene, client) =>
			make(scene, client, await conversationOf(scene, client, scene.suspended))
	};
}

export const messaging: Recipes = {
	conversations: {
		standing: true,
		change: { last_message_preview: 'autre' },
		kinds: ofBoth((_scene, _client, conversation) => conversation)
	},
	messages: {
		change: { body: 'autre' },
		kinds: ofBoth((scene, client, { id }) =>
			scene.insert('messages', {
				conversation_id: id,
				sender_id: client,
				side: 'customer',
				body: `Salam ${scene.next()}`
			})
		)
	},
	conversation_reads: {
		standing: true,
		change: { read_at: '2030-01-01T00:00:00Z' },
		kinds: ofBoth((scene, _client, { id }) =>
			scene.insert('conversation_reads', {
				conversation_id: id,
				user_id: scene.spare,
				read_at: new Date().toISOString()
			})
		)
	}
};
