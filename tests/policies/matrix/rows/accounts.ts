import { found } from './recipe.ts';
import type { Recipes } from './recipe.ts';
import type { Row, Scene } from '../scene.ts';

export const accounts: Recipes = {
	profiles: {
		standing: true,
		change: { full_name: 'Autre nom' },
		kinds: {
			'the client’s': (scene, client) => found(scene, 'profiles', { id: client }),
			'the owner’s': (scene) => found(scene, 'profiles', { id: scene.id.owner })
		}
	},
	role_permissions: {
		change: { permission: 'everything' },
		kinds: {
			any: (scene) => scene.insert('role_permissions', { role: 'moderator', permission: `trial.${scene.next()}` })
		}
	},
	user_roles: {
		standing: true,
		change: { role: 'super_admin' },
		kinds: {
			'the moderator’s': (scene) => found(scene, 'user_roles', { user_id: scene.id.moderator }),
			'the admin’s': (scene) => found(scene, 'user_roles', { user_id: scene.id.admin })
		}
	},
	audit_log: {
		standing: true,
		change: { action: 'autre' },
		kinds: {
			any: (scene) =>
				scene.insert('audit_log', {
					actor_role: 'system',
					action: 'trial',
					table_name: 'trial',
					row_id: `${scene.next()}`
				})
		}
	},
	audit_personal: {
		standing: true,
		change: { address: 'ailleurs' },
		kinds: {
			'the client’s': (scene, client) => personalPart(scene, { account_id: client, address: '192.0.2.1' }),
			'of a published provider': (scene) =>
				personalPart(scene, { provider_id: scene.published.id, new_values: { name: 'Essai' } })
		}
	}
};

/** A new entry of the log with a personal part. */
async function personalPart(scene: Scene, values: Row): Promise<Row> {
	const entry = await scene.insert('audit_log', {
		actor_role: 'system',
		action: 'trial',
		table_name: 'trial',
		row_id: `${scene.next()}`
	});
	return scene.insert('audit_personal', { entry_id: entry.id, ...values });
}
