import { Hono } from 'hono';
import type { Context } from '../context.ts';
import type { Env, Service } from '../service.ts';
import { doubleClient } from './clients.ts';
import { facebook } from './facebook.ts';
import { google } from './google.ts';

/** Doubles of those who vouch for people, so that signing in through them works without an account anywhere. */
export async function createIdentity(context: Context): Promise<Service> {
	const app = new Hono<Env>()
		.route('/google', await google(doubleClient(context, 'google')))
		.route('/facebook', facebook(doubleClient(context, 'facebook')));
	return { app, close: async () => {} };
}
