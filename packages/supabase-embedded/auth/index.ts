import { Hono } from 'hono';
import postgres from 'postgres';
import type { Context } from '../context.ts';
import type { Env, Service } from '../service.ts';
import { assertHuman, guarded } from './captcha.ts';
import { configure } from './configuration.ts';
import { AuthError, errorResponse } from './errors.ts';
import { createLimits } from './limits.ts';
import type { LimitedKind } from './limits.ts';
import { createMailer } from './mail/mailer.ts';
import { createProviders } from './providers/index.ts';
import { about } from './routes/about.ts';
import { admin } from './routes/admin.ts';
import { external } from './routes/external.ts';
import { factors } from './routes/factors.ts';
import { links } from './routes/links.ts';
import { mails } from './routes/mails.ts';
import { signup } from './routes/signup.ts';
import { token } from './routes/token.ts';
import { user } from './routes/user.ts';
import { verify } from './routes/verify.ts';
import type { Database } from './request.ts';
import type { Auth } from './service.ts';

/** What is limited by address whatever it asks; sign-ups are where they are told from anonymous ones. */
const limited: [method: string, path: string, kind: LimitedKind][] = [
	['POST', '/token', 'token'],
	['GET', '/verify', 'verify'],
	['POST', '/verify', 'verify'],
	['POST', '/recover', 'recover'],
	['POST', '/resend', 'resend'],
	['POST', '/magiclink', 'magiclink'],
	['POST', '/otp', 'otp'],
	['PUT', '/user', 'user'],
	['POST', '/factors/:id/challenge', 'factorChallenge'],
	['POST', '/factors/:id/verify', 'factorVerify']
];

/** Supabase Auth, over the real schema `auth`: same endpoints, answers and error codes as GoTrue. */
export async function createAuth(context: Context): Promise<Service> {
	const sql = postgres(context.databaseUrl('supabase_auth_admin'), { max: 10, onnotice: () => {} });
	const configuration = configure(context.settings.config);
	const mailer = createMailer(context.settings, configuration.templates);
	const auth: Auth = {
		url: `${context.apiUrl}/auth/v1`,
		database: sql,
		transaction: (work) => sql.begin((database) => work(database as Database)) as ReturnType<typeof work>,
		configuration,
		keys: context.keys,
		mailer,
		providers: createProviders(context),
		limits: createLimits(configuration.rates),
		log: (line) => context.log('auth', line)
	};

	const app = new Hono<Env>();
	for (const [method, path, kind] of limited) {
		app.on(method, path, async (request, next) => {
			auth.limits.request(kind, request);
			await next();
		});
	}
	for (const path of guarded) {
		app.post(path, async (request, next) => {
			await assertHuman(auth, request);
			await next();
		});
	}
	for (const routes of [about, signup, token, verify, mails, user, admin, links, external, factors])
		app.route('/', routes(auth));
	app.onError((error, request) => {
		const known =
			error instanceof AuthError
				? error
				: new AuthError(500, 'unexpected_failure', 'Unexpected failure, please check server logs for more information');
		if (known.status >= 500) {
			const reason = (error.cause as Error | undefined)?.message ?? error.message;
			auth.log(`${request.req.method} ${request.req.path}: ${reason}`);
		}
		return errorResponse(request, known);
	});

	return {
		app,
		close: async () => {
			mailer.close();
			await sql.end({ timeout: 5 });
		}
	};
}
