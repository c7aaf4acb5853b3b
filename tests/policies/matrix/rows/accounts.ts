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
	provider_members: {
		standing: true,
		change: { role: 'owner' },
		kinds: {
			'of a published provider': (scene) =>
				found(scene, 'provider_members', { provider_id: scene.published.id, user_id: scene.spare }),
			'of a draft': (scene) => found(scene, 'provider_members', { provider_id: scene.draft.id, user_id: scene.spare })
		}
	}
};
