import { randomUUID } from 'node:crypto';
import type { JSONValue } from 'postgres';
import { audit } from './audit.ts';
import { AuthError, failed } from './errors.ts';
import { beforeUser } from './hooks.ts';
import { createIdentity } from './identities.ts';
import type { IdentityRow } from './identities.ts';
import { sendLetter } from './letters.ts';
import type { Profile } from './providers/provider.ts';
import type { AuthRequest, Database } from './request.ts';
import type { Auth } from './service.ts';
import {
	confirmEmail,
	findUser,
	insertUser,
	isBanned,
	isConfirmed,
	mergeMetadata,
	refreshProviders,
	reload,
	updateUser
} from './users.ts';
import type { User } from './users.ts';

/** Who a profile is here: known by this identity, known by the verified address, or nobody yet. */
type Finding =
	| { kind: 'known'; user: User; identity: IdentityRow }
	| { kind: 'same address'; user: User }
	/** with the address the account gets; null when it is another's and not proved */
	| { kind: 'nobody'; email: string | null };

async function findIdentity(database: Database, provider: string, subject: string): Promise<IdentityRow | null> {
	const [identity] = await database<IdentityRow[]>`
		select * from auth.identities where provider = ${provider} and provider_id = ${subject} for update`;
	return identity ?? null;
}

async function find(auth: Auth, database: Database, provider: string, profile: Profile): Promise<Finding> {
	const identity = await findIdentity(database, provider, profile.subject);
	if (identity) return { kind: 'known', user: await reload(database, { id: identity.user_id }), identity };
	const { email } = profile;
	if (!email) return { kind: 'nobody', email: null };
	const owner = await findUser(database, { email });
	// An address that nobody vouches for opens no account that is there.
	if (!profile.verified && !auth.configuration.autoconfirm) return { kind: 'nobody', email: owner ? null : email };
	const linked = await database<{ user_id: string }[]>`
		select distinct user_id from auth.identities where email = ${email}`;
	if (linked.length > 1) {
		throw failed(
			'Multiple accounts with the same email address in the same linking domain detected: default',
			new Error('identities of several accounts have one address')
		);
	}
	if (linked[0]) return { kind: 'same address', user: await reload(database, { id: linked[0].user_id }) };
	return owner ? { kind: 'same address', user: owner } : { kind: 'nobody', email };
}

/** Asks the project's own function where a provider's profile is about to open an account. */
export async function askBeforeNew(
	auth: Auth,
	request: AuthRequest,
	provider: string,
	profile: Profile
): Promise<void> {
	if (!auth.configuration.signup) return;
	const finding = await find(auth, auth.database, provider, profile);
	if (finding.kind === 'nobody')
		await beforeUser(auth, request, { id: randomUUID(), ...newcomer(provider, profile, finding.email) });
}

const newcomer = (provider: string, { data }: Profile, email: string | null) => ({
	email,
	passwordHash: null,
	userMetadata: data,
	appMetadata: { provider, providers: [provider] }
});

/** The account of a finding with this identity on it, made when there is none. */
async function attach(
	auth: Auth,
	database: Database,
	request: AuthRequest,
	provider: string,
	profile: Profile,
	finding: Finding
): Promise<{ user: User; identity: IdentityRow }> {
	const { data } = profile;
	if (finding.kind === 'nobody') {
		if (!auth.configuration.signup)
			throw new AuthError(422, 'signup_disabled', 'Signups not allowed for this instance');
		const user = await insertUser(database, newcomer(provider, profile, finding.email));
		return { user, identity: await createIdentity(database, user.id, provider, data) };
	}
	const { user } = finding;
	let identity: IdentityRow;
	if (finding.kind === 'known') {
		identity = finding.identity;
		await database`
			update auth.identities
			set identity_data = ${database.json(data as JSONValue)}, last_sign_in_at = now(), updated_at = now()
			where id = ${identity.id}`;
	} else {
		identity = await createIdentity(database, user.id, provider, data);
		await auditIdentity(database, request, user, 'identity_linked', identity);
	}
	await mergeMetadata(database, user, 'user', data);
	await refreshProviders(database, user);
	return { user, identity };
}

const auditIdentity = (
	database: Database,
	request: AuthRequest,
	user: User,
	action: 'identity_linked' | 'identity_unlinked',
	identity: IdentityRow
) =>
	audit(database, request, user, action, {
		identity_id: identity.id,
		provider: identity.provider,
		provider_id: identity.provider_id
	});

/**
 * Whoever registered the address before it was proved may not be its owner: their password, what they said of
 * themselves and their other ways in go, and only the proved identity stays.
 */
async function takeOver(database: Database, user: User, identity: IdentityRow, profile: Profile): Promise<void> {
	await updateUser(database, user, { encrypted_password: null });
	await database`
		update auth.users set raw_user_meta_data = ${database.json(profile.data as JSONValue)} where id = ${user.id}`;
	await database`delete from auth.identities where user_id = ${user.id} and id <> ${identity.id}`;
	await refreshProviders(database, user);
}

const unverified = (provider: string, then: string) =>
	new AuthError(422, 'provider_email_needs_verification', `Unverified email with ${provider}. ${then}`);

/**
 * The account that a provider's profile signs in: the one that has this identity, the one with the same verified
 * address, or a new one. A refusal that leaves something behind (an account that waits for its mail to be confirmed) is
 * returned, so that the transaction keeps it.
 * @throws AuthError signup_disabled, user_banned, unexpected_failure
 */
export async function signInExternally(
	auth: Auth,
	database: Database,
	request: AuthRequest,
	provider: string,
	profile: Profile
): Promise<User | AuthError> {
	const finding = await find(auth, database, provider, profile);
	const { user, identity } = await attach(auth, database, request, provider, profile, finding);
	if (isBanned(user)) throw new AuthError(403, 'user_banned', 'User is banned');
	if (isConfirmed(user)) {
		await audit(database, request, user, 'login', { provider });
		return reload(database, user);
	}
	await takeOver(database, user, identity, profile);
	if (profile.verified || auth.configuration.autoconfirm) {
		await audit(database, request, user, 'user_signedup', { provider });
		await confirmEmail(database, user);
		return reload(database, user);
	}
	if (!user.email) return unverified(provider, `Verify the email with ${provider} in order to sign in`);
	await sendLetter(auth, database, request, await reload(database, user), 'signup');
	return unverified(provider, `A confirmation email has been sent to your ${provider} email`);
}

/**
 * Adds a provider's identity to an account that is signed in, whatever the address. An account without an address takes
 * the provider's.
 * @throws AuthError identity_already_exists, email_exists
 */
export async function linkIdentity(
	auth: Auth,
	database: Database,
	request: AuthRequest,
	user: User,
	provider: string,
	profile: Profile
): Promise<User | AuthError> {
	const existing = await findIdentity(database, provider, profile.subject);
	if (existing) {
		const whose = existing.user_id === user.id ? '' : ' to another user';
		throw new AuthError(422, 'identity_already_exists', `Identity is already linked${whose}`);
	}
	const identity = await createIdentity(database, user.id, provider, profile.data);
	await auditIdentity(database, request, user, 'identity_linked', identity);
	if (!user.email && profile.email) {
		if (await findUser(database, { email: profile.email })) {
			throw new AuthError(400, 'email_exists', 'A user with this email address has already been registered');
		}
		await updateUser(database, user, { email: profile.email });
		if (!profile.verified) {
			await sendLetter(auth, database, request, await reload(database, user), 'signup');
			const then = `A confirmation email has been sent to your ${provider} email`;
			return new AuthError(422, 'email_not_confirmed', `Unverified email with ${provider}. ${then}`);
		}
		await confirmEmail(database, user);
		await updateUser(database, user, { is_anonymous: false });
	}
	await refreshProviders(database, user);
	return reload(database, user);
}

const rank = ({ email, identity_data }: IdentityRow) => (!email ? 2 : identity_data.email_verified === true ? 0 : 1);

/**
 * Takes an identity from an account, which keeps at least one. When the account's address was that identity's alone, the
 * account takes the address of another, and links and codes sent to the old one end.
 * @throws AuthError email_conflict_identity_not_deletable when all other addresses are other accounts'
 */
export async function unlinkIdentity(
	database: Database,
	request: AuthRequest,
	user: User,
	identity: IdentityRow
): Promise<void> {
	await auditIdentity(database, request, user, 'identity_unlinked', identity);
	await database`delete from auth.identities where id = ${identity.id}`;
	const rest = user.identities.filter(({ id }) => id !== identity.id).sort((a, b) => rank(a) - rank(b));
	if (!rest.some(({ email }) => email === user.email)) {
		let next: IdentityRow | undefined;
		for (const candidate of rest) {
			const owner = candidate.email && (await findUser(database, { email: candidate.email }));
			if (!owner) {
				next = candidate;
				break;
			}
		}
		if (!next) {
			throw new AuthError(
				422,
				'email_conflict_identity_not_deletable',
				'Unable to unlink identity due to email conflict'
			);
		}
		await updateUser(database, user, {
			email: next.email,
			confirmation_token: '',
			recovery_token: '',
			email_change: '',
			email_change_token_new: '',
			email_change_token_current: '',
			email_change_confirm_status: 0,
			reauthentication_token: ''
		});
		await database`delete from auth.one_time_tokens where user_id = ${user.id}`;
		if (rank(next) > 0) {
			await updateUser(database, user, { email_confirmed_at: null });
			await mergeMetadata(database, user, 'user', { email_verified: false });
		}
	}
	await refreshProviders(database, user);
}
