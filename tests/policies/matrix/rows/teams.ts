import { found, ofEach } from './recipe.ts';
import type { Recipes } from './recipe.ts';
import type { Row, Scene } from '../scene.ts';

/** An open invitation; `email` null: to an address of nobody's. */
export function invite(scene: Scene, provider: string, role: string, email: string | null = null): Promise<Row> {
	const id = crypto.randomUUID();
	return scene.db<{ row: Row }[]>`
		insert into invitations as i (id, provider_id, email, role)
		values (${id}, ${provider}, ${email ?? `${id}@example.com`}, ${role})
		returning to_jsonb(i) as row`.then(([made]) => made!.row);
}

export const teams: Recipes = {
	provider_members: {
		standing: true,
		change: { role: 'owner' },
		kinds: ofEach((scene, provider) =>
			found(scene, 'provider_members', { provider_id: provider.id, user_id: scene.spare })
		)
	},
	invitations: {
		change: { role: 'manager' },
		kinds: ofEach((scene, provider) => invite(scene, provider.id, 'staff'))
	}
};
