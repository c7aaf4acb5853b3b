import type { Hono } from 'hono';
import type { JWTPayload } from 'jose';

/** Who a request speaks for, worked out by the gateway from `apikey` and `Authorization`. */
export interface Caller {
	/** database role to act as: anon, authenticated, service_role or a role of the project's own */
	role: string;
	claims: JWTPayload;
	/** a role token or the person's access token: always a JWT, opaque keys are already swapped */
	token: string;
}

/** What the gateway hands to each service. */
export interface Env {
	Variables: { caller: Caller };
}

/** One part of the platform: what it answers, and how it stops. */
export interface Service {
	app: Hono<Env>;
	close(): Promise<void>;
}
