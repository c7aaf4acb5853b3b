import { makeBooking } from '../rows/recipe.ts';
import { fromElsewhere, plain } from './call.ts';
import type { Call, Calls } from './call.ts';
import type { Scene } from '../scene.ts';

/** Opens another session of an account, past Auth. */
async function anotherSession(scene: Scene, account: string): Promise<string> {
	const [made] = await scene.db<{ id: string }[]>`
		insert into auth.sessions (id, user_id, created_at, updated_at, aal)
		values (gen_random_uuid(), ${account}, now(), now(), 'aal1') returning id`;
	return made!.id;
}

/** The platform's staff have said that they are about to read of people. */
export async function noted(scene: Scene, subject: 'accounts' | 'owners' | 'audit'): Promise<void> {
	await scene.db`
		insert into private.readings (account_id, subject)
		select id, ${subject} from unnest(${[scene.id.moderator, scene.id.admin]}::uuid[]) as id
		on conflict (account_id, subject) do update set noted_at = now()`;
}

/** Makes the spare account one of the platform's staff, or nothing at all. */
async function spareAs(scene: Scene, role: 'moderator' | 'admin' | null): Promise<void> {
	await scene.db`update auth.users set banned_until = null where id = ${scene.spare}`;
	await scene.db`delete from user_roles where user_id = ${scene.spare} and role is distinct from ${role}`;
	if (role !== null)
		await scene.db`insert into user_roles (user_id, role) values (${scene.spare}, ${role}) on conflict do nothing`;
}

const toSpare =
	(role: string) =>
	async (scene: Scene): Promise<Call> => {
		await spareAs(scene, null);
		return { args: { user_id: scene.spare, role }, untouched: ['profiles', scene.spare] };
	};

const ofSpareAs =
	(role: 'moderator' | 'admin', more: Record<string, unknown>) =>
	async (scene: Scene): Promise<Call> => {
		await spareAs(scene, role);
		return { args: { user_id: scene.spare, ...more } };
	};

const attempt = async (scene: Scene): Promise<Call> => ({
	args: { email: `${crypto.randomUUID()}@example.com` },
	from: await fromElsewhere(scene)
});

export const accounts: Calls = {
	attempt_sign_in: { 'any address': attempt },
	attempt_recovery: { 'any address': attempt },
	note_session: plain('the caller’s', { user_agent: 'Trial' }),
	my_sessions: plain('the caller’s'),
	end_session: {
		'another of the client’s': async (scene, client) => ({ args: { session_id: await anotherSession(scene, client) } })
	},
	end_other_sessions: plain('the caller’s'),
	make_recovery_codes: plain('the caller’s'),
	recovery_codes_left: plain('the caller’s'),
	use_recovery_code: {
		'one of the client’s': async (scene, client) => {
			const code = crypto.randomUUID();
			await scene.db`
				insert into private.recovery_codes (user_id, code_hash) values (${client}, private.recovery_code_hash(${code}))`;
			return { args: { code } };
		}
	},
	lacks_password: plain('the caller’s'),
	mail_link: plain('a link’s secret', { token_hash: 'f'.repeat(56) }),
	export_my_data: plain('the caller’s'),
	recently_proven: plain('the caller’s'),
	second_factor_given: plain('the caller’s'),
	account_deletion_obstacles: plain('the caller’s'),
	delete_my_account: {
		'the caller’s, with a booking': async (scene, client, caller) => {
			const account = caller === 'anonymous' ? client : scene.id[caller];
			await makeBooking(scene, account);
			return { args: {}, untouched: ['profiles', account] };
		}
	},
	grant_role: {
		'moderator, to another': toSpare('moderator'),
		'admin, to another': toSpare('admin'),
		'moderator, to themselves': (scene, client, caller) => ({
			args: { user_id: caller === 'anonymous' ? client : scene.id[caller], role: 'moderator' }
		})
	},
	revoke_role: {
		'another moderator’s': ofSpareAs('moderator', { role: 'moderator' }),
		'another admin’s': ofSpareAs('admin', { role: 'admin' })
	},
	suspend_account: {
		'another account': async (scene) => {
			await spareAs(scene, null);
			return { args: { user_id: scene.spare, reason: 'essai' } };
		},
		'another moderator': ofSpareAs('moderator', { reason: 'essai' }),
		'another admin': ofSpareAs('admin', { reason: 'essai' }),
		themselves: (scene, client, caller) => ({
			args: { user_id: caller === 'anonymous' ? client : scene.id[caller], reason: 'essai' }
		})
	},
	restore_account: {
		'another account': async (scene) => {
			await spareAs(scene, null);
			return { args: { user_id: scene.spare } };
		}
	},
	note_reading: {
		...plain('of accounts', { subject: 'accounts' }),
		...plain('of owners', { subject: 'owners' }),
		...plain('of the log', { subject: 'audit' })
	},
	find_accounts: {
		all: async (scene) => {
			await noted(scene, 'accounts');
			return { args: {} };
		}
	},
	count_accounts: plain('all'),
	audit_details: {
		'of any': async (scene) => {
			await noted(scene, 'audit');
			return { args: { entries: [scene.id.admin] } };
		}
	},
	people_in_audit: { 'the admin’s': (scene) => ({ args: { accounts: [scene.id.admin] } }) }
};
