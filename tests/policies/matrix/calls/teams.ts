import { makeProvider, makeResource } from '../rows/recipe.ts';
import { invite } from '../rows/teams.ts';
import type { Row, Scene } from '../scene.ts';
import type { Calls, Prepare } from './call.ts';
import { noted } from './accounts.ts';

/** A call about the spare member of a new provider, who has the given part there. */
const aboutSpare = (part: 'owner' | 'manager' | 'staff', more: Row = {}): Prepare => {
	return async (scene) => {
		const { id } = await makeProvider(scene, 'draft');
		await scene.db`
			update provider_members set role = ${part} where provider_id = ${id as string} and user_id = ${scene.spare}`;
		return { args: { provider_id: id, user_id: scene.spare, ...more }, untouched: ['providers', id as string] };
	};
};

async function secretOf(scene: Scene, { id }: Row): Promise<string> {
	const [row] = await scene.db<{ secret: string }[]>`select private.invitation_token(${id as string}) as secret`;
	return row!.secret;
}

const asked = (role: string, of: 'published' | 'suspended' = 'published'): Prepare => {
	return (scene) => ({
		args: { provider_id: scene[of].id, email: `${crypto.randomUUID()}@example.com`, role },
		untouched: ['providers', scene[of].id]
	});
};

/** The secret of an invitation that is no longer good, for the reason that a change to it gives. */
const over = (change: (scene: Scene, invitation: string) => Promise<unknown>): Prepare => {
	return async (scene) => {
		const made = await invite(scene, scene.published.id, 'staff');
		await change(scene, made.id as string);
		return { args: { token: await secretOf(scene, made) }, untouched: ['invitations', made.id as string] };
	};
};

/** The secret of an invitation into a suspended provider, sent to the client. */
const intoSuspended: Prepare = async (scene, client) => {
	const [account] = await scene.db<{ email: string }[]>`select email from auth.users where id = ${client}`;
	const { id } = await makeProvider(scene, 'suspended');
	const made = await invite(scene, id as string, 'staff', account!.email);
	return { args: { token: await secretOf(scene, made) } };
};

const takenBack = (role: string): Prepare => {
	return async (scene) => {
		const { id } = await invite(scene, scene.published.id, role);
		return { args: { invitation_id: id }, untouched: ['invitations', id as string] };
	};
};

export const teams: Calls = {
	provider_team: {
		'of the provider': (scene) => ({ args: { provider_id: scene.published.id } }),
		'of a suspended provider': (scene) => ({ args: { provider_id: scene.suspended.id } })
	},
	provider_owners: {
		'of the provider': async (scene) => {
			await noted(scene, 'owners');
			return { args: { provider_id: scene.published.id } };
		}
	},
	invite_member: {
		'as manager': asked('manager'),
		'as staff': asked('staff'),
		'of a suspended provider': asked('staff', 'suspended')
	},
	revoke_invitation: { 'of a manager': takenBack('manager'), 'of staff': takenBack('staff') },
	get_invitation: {
		'by its secret': async (scene) => ({
			args: { token: await secretOf(scene, await invite(scene, scene.published.id, 'staff')) }
		}),
		'by a wrong secret': () => ({ args: { token: 'wrong' } }),
		'past its week': over(
			(scene, id) => scene.db`update invitations set expires_at = now() - interval '1 minute' where id = ${id}`
		),
		'of a suspended provider': intoSuspended,
		'sent by a suspended account': over(
			({ db, id: { blocked } }, id) => db`
				update private.bearer_secrets set account_id = ${blocked} where subject_id = ${id}`
		)
	},
	accept_invitation: {
		'sent to the client': async (scene, client) => {
			const { id } = await makeProvider(scene, 'draft');
			const [account] = await scene.db<{ email: string }[]>`select email from auth.users where id = ${client}`;
			const made = await invite(scene, id as string, 'staff', account!.email);
			return { args: { token: await secretOf(scene, made) }, untouched: ['invitations', made.id as string] };
		},
		'by a wrong secret': () => ({ args: { token: 'wrong' } }),
		'of a suspended provider': intoSuspended
	},
	set_member_role: { 'to one of the staff': aboutSpare('staff', { role: 'manager' }) },
	remove_member: { 'one of the staff': aboutSpare('staff'), 'another manager': aboutSpare('manager') },
	leave_provider: {
		'with another owner': async (scene, client, caller) => {
			const { args } = await aboutSpare('owner')(scene, client, caller);
			return { args: { provider_id: args.provider_id } };
		},
		'without another': async (scene) => {
			const { id } = await makeProvider(scene, 'draft');
			return { args: { provider_id: id }, untouched: ['providers', id as string] };
		}
	},
	transfer_ownership: { 'to one of the staff': aboutSpare('staff') },
	assign_resource: {
		'to one of the staff': async (scene) => {
			const { id } = await makeResource(scene, scene.published);
			return { args: { resource_id: id, user_id: scene.spare }, untouched: ['resources', id as string] };
		}
	}
};
