import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Env } from '../../service.ts';
import { addressWith, errorValues, sessionAddress } from '../addresses.ts';
import { AuthError, failed, invalid } from '../errors.ts';
import { isStale, readChallenge } from '../flows.ts';
import type { FlowRow } from '../flows.ts';
import { askBeforeNew, linkIdentity, signInExternally, unlinkIdentity } from '../linking.ts';
import { knownProviders } from '../providers/index.ts';
import type { Profile, Provider } from '../providers/provider.ts';
import { authenticate, isUuid, redirectTarget } from '../requests.ts';
import type { AuthRequest } from '../request.ts';
import type { Auth } from '../service.ts';
import { startSession } from '../sessions.ts';
import { findUser } from '../users.ts';
import type { User } from '../users.ts';

/** Parameters that are this service's affair; all others are handed on to the provider. */
const own = [
	'provider',
	'scopes',
	'apikey',
	'redirect_to',
	'skip_http_redirect',
	'invite_token',
	'client_id',
	'client_secret',
	'redirect_uri',
	'response_type',
	'scope',
	'state',
	'nonce',
	'code_challenge',
	'code_challenge_method',
	'code_verifier'
];

function enabled(auth: Auth, name: string): Provider {
	const provider = auth.providers.get(name);
	if (provider) return provider;
	const reason = knownProviders.includes(name) ? 'provider is not enabled' : `Provider ${name} could not be found`;
	throw invalid(`Unsupported provider: ${reason}`);
}

/** The provider's page that a person is sent to; what they were about is kept in a flow, whose id is the `state`. */
async function begin(auth: Auth, request: AuthRequest, linkTo: User | null): Promise<string> {
	const query = request.req.query();
	const name = (query.provider ?? '').toLowerCase();
	const provider = enabled(auth, name);
	const challenge = readChallenge(query);
	const extra = Object.fromEntries(Object.entries(query).filter(([key]) => !own.includes(key.toLowerCase())));
	const id = randomUUID();
	await auth.database`
		insert into auth.flow_state (
			id, auth_code, code_challenge_method, code_challenge, provider_type, authentication_method, referrer,
			linking_target_id, created_at, updated_at
		) values (
			${id}, ${challenge && randomUUID()}, ${challenge?.method ?? null}, ${challenge?.challenge ?? null}, ${name}, 'oauth',
			${redirectTarget(auth, request)}, ${linkTo?.id ?? null}, now(), now()
		)`;
	const scopes = (query.scopes ?? '').split(/[\s,]+/).filter(Boolean);
	return provider.authorizationUrl(id, scopes, extra).catch((error: unknown) => {
		throw failed('Error reaching the external provider', error);
	});
}

/** The flow that a provider's answer belongs to. */
async function findFlow(auth: Auth, state: string): Promise<FlowRow> {
	if (state === '') throw new AuthError(400, 'bad_oauth_callback', 'OAuth state parameter missing');
	if (!isUuid(state)) throw new AuthError(400, 'bad_oauth_state', 'OAuth state parameter is invalid');
	const [flow] = await auth.database<FlowRow[]>`
		select * from auth.flow_state where id = ${state} and authentication_method = 'oauth'`;
	if (!flow) throw new AuthError(400, 'bad_oauth_state', 'OAuth state not found or expired');
	if (isStale(flow.created_at)) throw new AuthError(400, 'bad_oauth_state', 'OAuth state has expired');
	if (flow.user_id) throw used();
	return flow;
}

const used = () => new AuthError(400, 'flow_state_already_used', 'State has already been used');

async function readProfile(auth: Auth, flow: FlowRow, code: string): Promise<Profile> {
	const provider = enabled(auth, flow.provider_type);
	const profile = await provider.profile(code, flow.id).catch((error: unknown) => {
		throw failed(`Unable to exchange external code: ${code.slice(0, 4)}`, error);
	});
	if (!profile.email)
		throw failed('Error getting user email from external provider', new Error(`${flow.provider_type} gave no address`));
	return profile;
}

/** Signs in or links whom the provider vouches for, and tells the address they go on to. */
async function finish(auth: Auth, request: AuthRequest, flow: FlowRow, profile: Profile): Promise<string> {
	const target = flow.referrer ?? auth.configuration.siteUrl;
	if (!flow.linking_target_id) await askBeforeNew(auth, request, flow.provider_type, profile);
	const answer = await auth.transaction(async (database) => {
		const [current] = await database<FlowRow[]>`
			select * from auth.flow_state where id = ${flow.id} for update skip locked`;
		if (!current || current.user_id) throw used();
		let user: User | AuthError;
		if (flow.linking_target_id) {
			const linkTo = await findUser(database, { id: flow.linking_target_id });
			if (!linkTo) throw new AuthError(422, 'user_not_found', 'Linking target user not found');
			user = await linkIdentity(auth, database, request, linkTo, flow.provider_type, profile);
		} else {
			user = await signInExternally(auth, database, request, flow.provider_type, profile);
		}
		if (user instanceof AuthError) return user;
		if (flow.auth_code) {
			await database`
				update auth.flow_state
				set user_id = ${user.id}, provider_access_token = ${profile.accessToken},
					provider_refresh_token = ${profile.refreshToken ?? ''}, auth_code_issued_at = now(), updated_at = now()
				where id = ${flow.id}`;
			const url = new URL(target);
			url.searchParams.set('code', flow.auth_code);
			return url.toString();
		}
		await database`delete from auth.flow_state where id = ${flow.id}`;
		return sessionAddress(target, await startSession(auth, database, request, user, 'oauth'), {
			provider_token: profile.accessToken,
			...(profile.refreshToken && { provider_refresh_token: profile.refreshToken })
		});
	});
	if (answer instanceof AuthError) throw answer;
	return answer;
}

/** A provider sends people back here; they go on to where they wanted, with a code, a session or an error. */
async function callback(auth: Auth, request: AuthRequest): Promise<Response> {
	const answer = new URLSearchParams(
		request.req.method === 'POST' ? await request.req.text() : new URL(request.req.url).search
	);
	const given = (name: string) => answer.get(name) ?? '';
	let flow: FlowRow;
	try {
		flow = await findFlow(auth, given('state'));
	} catch (error) {
		if (!(error instanceof AuthError)) throw error;
		const url = new URL(auth.configuration.siteUrl);
		for (const [name, value] of Object.entries(errorValues(error))) url.searchParams.set(name, value);
		return request.redirect(url.toString(), 303);
	}
	const target = flow.referrer ?? auth.configuration.siteUrl;
	if (given('error')) {
		const values = { error: given('error'), error_description: given('error_description') };
		return request.redirect(addressWith(target, values, { inQuery: true }), 302);
	}
	try {
		if (!given('code')) {
			throw new AuthError(400, 'bad_oauth_callback', 'OAuth callback with missing authorization code missing');
		}
		const profile = await readProfile(auth, flow, given('code'));
		return request.redirect(await finish(auth, request, flow, profile), 302);
	} catch (error) {
		const known = error instanceof AuthError ? error : failed('Unexpected failure', error);
		if (known.status >= 500)
			auth.log(`${flow.provider_type}: ${(known.cause as Error | undefined)?.message ?? known.message}`);
		return request.redirect(addressWith(target, errorValues(known), { inQuery: true }), 302);
	}
}

function assertLinking(auth: Auth): void {
	if (!auth.configuration.manualLinking)
		throw new AuthError(404, 'manual_linking_disabled', 'Manual linking is disabled');
}

async function link(auth: Auth, request: AuthRequest): Promise<Response> {
	const { user } = await authenticate(auth, request);
	assertLinking(auth);
	const url = await begin(auth, request, user);
	return request.req.query('skip_http_redirect') === 'true' ? request.json({ url }) : request.redirect(url, 302);
}

async function unlink(auth: Auth, request: AuthRequest): Promise<Response> {
	const { user } = await authenticate(auth, request);
	assertLinking(auth);
	const id = request.req.param('id') ?? '';
	if (!isUuid(id)) throw new AuthError(404, 'validation_failed', 'identity_id must be an UUID');
	if (user.identities.length <= 1) {
		const sentence = 'User must have at least 1 identity after unlinking';
		throw new AuthError(422, 'single_identity_not_deletable', sentence);
	}
	const identity = user.identities.find((candidate) => candidate.id === id);
	if (!identity) throw new AuthError(422, 'identity_not_found', "Identity doesn't exist");
	await auth.transaction((database) => unlinkIdentity(database, request, user, identity));
	return request.json({});
}

/** Signing in through others: GET /authorize, /callback; and an account's identities with them: /user/identities. */
export function external(auth: Auth): Hono<Env> {
	return new Hono<Env>()
		.get('/authorize', async (request) => request.redirect(await begin(auth, request, null), 302))
		.get('/callback', (request) => callback(auth, request))
		.post('/callback', (request) => callback(auth, request))
		.get('/user/identities/authorize', (request) => link(auth, request))
		.delete('/user/identities/:id', (request) => unlink(auth, request));
}
