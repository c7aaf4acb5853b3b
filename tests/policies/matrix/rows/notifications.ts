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
	templates: {
		change: { subject: 'autre' },
		kinds: {
			any: (scene) =>
				scene.insert('templates', {
					kind: `trial_${crypto.randomUUID()}`,
					language: 'fr',
					subject: `${scene.next()}`,
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
