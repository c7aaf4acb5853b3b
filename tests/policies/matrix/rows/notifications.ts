import type { Recipes } from './recipe.ts';
import type { Row, Scene } from '../scene.ts';

const bell = (scene: Scene, user: string): Promise<Row> =>
	scene.insert('notifications', { user_id: user, kind: 'booking_made', data: { trial: scene.next() } });

export const notifications: Recipes = {
	notifications: {
		change: { read_at: '2030-01-01T00:00:00Z' },
		kinds: {
			'the client’s': (scene, client) => bell(scene, client),
			'the owner’s': (scene) => bell(scene, scene.id.owner)
		}
	},
	notification_kinds: {
		standing: true,
		change: { bell: false },
		kinds: {
			any: async (scene) =>
				(await scene.db<Row[]>`select kind, bell from notification_kinds where kind = 'booking_made'`)[0]!
		}
	},
	templates: {
		standing: true,
		change: { subject: 'autre' },
		kinds: {
			// what is in the bell alone has no mail
			any: (scene, client) =>
				scene.insert('templates', {
					kind: 'message_received',
					language: client === scene.id.client ? 'fr' : 'ar',
					subject: 'sujet',
					body: ''
				})
		}
	},
	deliveries: {
		change: { recipient: 'elsewhere@example.com' },
		kinds: {
			'to the client': (scene) =>
				scene.insert('deliveries', {
					channel: 'email',
					kind: 'booking_confirmed',
					recipient: 'zoubida@example.com',
					language: 'fr',
					data: {},
					dedupe_key: crypto.randomUUID(),
					status: 'sent',
					attempts: scene.next()
				})
		}
	}
};
