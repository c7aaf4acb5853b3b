import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalJWKSet, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose';
import type { JSONWebKeySet, JWK, JWTPayload } from 'jose';

/** The API keys and the signing key of one data folder. Made once, kept beside the data, never in the repository. */
export interface Keys {
	/** opaque keys, as hosted Supabase gives them; the gateway swaps them for the role tokens below */
	publishable: string;
	secret: string;
	/** long-lived role tokens (ES256), the "anon" and "service_role" keys of old */
	anonToken: string;
	serviceToken: string;
	/** public half, as served at /auth/v1/.well-known/jwks.json */
	jwks: JSONWebKeySet;
	/** passwords of the database roles that log in */
	databasePassword: string;
	sign(claims: JWTPayload, expiresInSeconds: number): Promise<string>;
	/** Verifies signature and expiry. Raises jose's errors. */
	verify(token: string): Promise<JWTPayload>;
}

interface Stored {
	publishable: string;
	secret: string;
	databasePassword: string;
	privateKey: JWK;
}

const tenYears = 10 * 365 * 24 * 3600;

/** Reads the keys of a data folder, or makes them. */
export async function loadKeys(folder: string): Promise<Keys> {
	const file = join(folder, 'keys.json');
	let stored: Stored;
	if (existsSync(file)) {
		stored = JSON.parse(readFileSync(file, 'utf8')) as Stored;
	} else {
		const { privateKey } = await generateKeyPair('ES256', { extractable: true });
		stored = {
			publishable: `sb_publishable_${randomBytes(24).toString('base64url')}`,
			secret: `sb_secret_${randomBytes(24).toString('base64url')}`,
			databasePassword: randomBytes(18).toString('base64url'),
			privateKey: { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'ES256', use: 'sig' }
		};
		writeFileSync(file, JSON.stringify(stored, null, '\t'));
		chmodSync(file, 0o600);
	}

	const { d: _private, ...publicKey } = stored.privateKey;
	const jwks: JSONWebKeySet = { keys: [{ ...publicKey, key_ops: ['verify'], ext: true }] };
	const keySet = createLocalJWKSet(jwks);
	const key = await importJWK(stored.privateKey, 'ES256');

	const sign = (claims: JWTPayload, expiresInSeconds: number) =>
		new SignJWT(claims)
			.setProtectedHeader({ alg: 'ES256', kid: stored.privateKey.kid, typ: 'JWT' })
			.setIssuedAt()
			.setExpirationTime(Math.floor(Date.now() / 1000) + expiresInSeconds)
			.sign(key);

	return {
		publishable: stored.publishable,
		secret: stored.secret,
		databasePassword: stored.databasePassword,
		jwks,
		anonToken: await sign({ role: 'anon', iss: 'supabase' }, tenYears),
		serviceToken: await sign({ role: 'service_role', iss: 'supabase' }, tenYears),
		sign,
		verify: async (token) => (await jwtVerify(token, keySet, { clockTolerance: 0 })).payload
	};
}
