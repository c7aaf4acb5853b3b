import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { audit } from './audit.ts';
import { AuthError, invalid } from './errors.ts';
import { text } from './requests.ts';
import type { Body } from './requests.ts';
import type { AuthRequest, Database } from './request.ts';
import type { Auth } from './service.ts';
import { startSession } from './sessions.ts';
import type { Method, SessionResponse } from './sessions.ts';
import { findUser } from './users.ts';

/** How long a flow may take, in milliseconds. */
const lifetime = 5 * 60_000;

/** The PKCE challenge of a request; null in the implicit flow. */
export interface Challenge {
	challenge: string;
	method: 's256' | 'plain';
}

/** A row of auth.flow_state; a flow through a provider without a challenge is an implicit one and has no code. */
export interface FlowRow {
	id: string;
	user_id: string | null;
	auth_code: string | null;
	code_challenge: string | null;
	code_challenge_method: Challenge['method'] | null;
	provider_type: string;
	provider_access_token: string | null;
	provider_refresh_token: string | null;
	authentication_method: Method;
	auth_code_issued_at: Date | null;
	created_at: Date;
	/** where the person wants to go */
	referrer: string | null;
	/** the account that another identity is to be linked to */
	linking_target_id: string | null;
}

/** Whether a flow has taken too long, counted from `since`. */
export const isStale = (since: Date) => Date.now() - since.getTime() > lifetime;

export function readChallenge(body: Body): Challenge | null {
	const challenge = text(body, 'code_challenge');
	const method = text(body, 'code_challenge_method').toLowerCase();
	if ((challenge === '') !== (method === ''))
		throw invalid('PKCE flow requires code_challenge_method and code_challenge');
	if (challenge === '') return null;
	if (challenge.length < 43 || challenge.length > 128)
		throw invalid('code challenge has to be between 43 and 128 characters');
	if (!/^[a-zA-Z._~0-9-]+$/.test(challenge)) {
		throw invalid('code challenge can only contain alphanumeric characters, hyphens, periods, underscores and tildes');
	}
	if (method !== 's256' && method !== 'plain') throw invalid(`unsupported code_challenge method "${method}"`);
	return { challenge, method };
}

/** Remembers a challenge until its link has been followed and its code traded. */
export async function startFlow(
	database: Database,
	user: { id: string },
	method: Method,
	{ challenge, method: hashing }: Challenge
): Promise<void> {
	await database`
		insert into auth.flow_state (
			id, user_id, auth_code, code_challenge_method, code_challenge, provider_type, authentication_method, created_at, updated_at
		) values (${randomUUID()}, ${user.id}, ${randomUUID()}, ${hashing}, ${challenge}, ${method === 'email/signup' ? 'email' : method}, ${method}, now(), now())`;
}

/** The code for the latest flow of this kind; it goes into the address the person is sent back to. */
export async function issueCode(database: Database, user: { id: string }, method: Method): Promise<string> {
	const [flow] = await database<{ auth_code: string }[]>`
		update auth.flow_state set auth_code_issued_at = now(), updated_at = now()
		where id = (
			select id from auth.flow_state
			where user_id = ${user.id} and authentication_method = ${method}
			order by created_at desc limit 1
		)
		returning auth_code`;
	if (!flow)
		throw new AuthError(
			400,
			'flow_state_not_found',
			'No associated flow state found. No valid flow state found for user.'
		);
	return flow.auth_code;
}

/** Trades a code and the verifier kept by the browser that asked for the link for a session. A code works once. */
export async function exchangeCode(auth: Auth, request: AuthRequest, body: Body): Promise<SessionResponse> {
	const code = text(body, 'auth_code');
	const verifier = text(body, 'code_verifier');
	if (code === '' || verifier === '')
		throw invalid('invalid request: both auth code and code verifier should be non-empty');
	return auth.transaction(async (database) => {
		const [flow] = await database<FlowRow[]>`select * from auth.flow_state where auth_code = ${code} for update`;
		if (!flow?.user_id)
			throw new AuthError(404, 'flow_state_not_found', 'invalid flow state, no valid flow state found');
		// The time a mail waits to be read does not count for links that sign in.
		const since =
			flow.authentication_method === 'magiclink' ? (flow.auth_code_issued_at ?? flow.created_at) : flow.created_at;
		if (isStale(since)) throw new AuthError(422, 'flow_state_expired', 'invalid flow state, flow state has expired');
		if (!matches(verifier, flow))
			throw new AuthError(400, 'bad_code_verifier', 'code challenge does not match previously saved code verifier');
		const user = await findUser(database, { id: flow.user_id });
		if (!user) throw new AuthError(404, 'user_not_found', 'User not found');
		await audit(database, request, user, 'login', { provider_type: flow.provider_type });
		await database`delete from auth.flow_state where id = ${flow.id}`;
		const session = await startSession(auth, database, request, user, flow.authentication_method);
		return {
			...session,
			...(flow.provider_access_token && { provider_token: flow.provider_access_token }),
			...(flow.provider_refresh_token && { provider_refresh_token: flow.provider_refresh_token })
		};
	});
}

function matches(verifier: string, flow: FlowRow): boolean {
	const computed =
		flow.code_challenge_method === 's256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
	const [a, b] = [Buffer.from(computed), Buffer.from(flow.code_challenge ?? '')];
	return a.length === b.length && timingSafeEqual(a, b);
}
