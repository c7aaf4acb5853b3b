import { found } from './recipe.ts';
import type { Recipes } from './recipe.ts';

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
	}
};
