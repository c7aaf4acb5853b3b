import { Hono } from 'hono';
import type { Context as HonoContext } from 'hono';
import type { Context } from '../context.ts';
import type { Caller, Env, Service } from '../service.ts';
import { buckets as bucketStore } from './buckets.ts';
import { openDatabase } from './database.ts';
import { bucketNotFound, invalidRequest, objectNotFound, StorageError } from './errors.ts';
import { Files } from './files.ts';
import { objects as objectStore } from './objects.ts';
import { checkName, parseSize } from './rules.ts';
import { describe, serve } from './serve.ts';
import { signGrant, verifyGrant } from './signatures.ts';
import { uploads } from './upload.ts';

type Asked = HonoContext<Env>;

/** How long a signed address for an upload holds; seconds. */
const uploadWindow = 2 * 3600;

/** The bucket and the object's name that follow `prefix` in the path. */
function address(c: Asked, prefix: string): { bucket: string; name: string } {
	const path = new URL(c.req.url).pathname.replace(/^\/storage\/v1/, '').slice(prefix.length + 1);
	try {
		const [bucket = '', ...rest] = path.split('/').map(decodeURIComponent);
		return { bucket, name: rest.join('/') };
	} catch {
		throw invalidRequest('The address is not well encoded');
	}
}

async function json<T>(c: Asked): Promise<T> {
	try {
		return (await c.req.json()) as T;
	} catch {
		throw invalidRequest('The body must be JSON');
	}
}

/** The caller; a token that does not verify is refused here, since the gateway lets Storage say so. */
function callerOf(c: Asked): Caller {
	const caller = c.get('caller');
	if (caller.token === '') throw new StorageError(403, 'AccessDenied', 'Invalid Compact JWS', 'Unauthorized');
	return caller;
}

/**
 * The Storage service: the Storage API over storage.buckets and storage.objects, whose policies decide every operation
 * as the caller; the bytes are files in the platform's folder.
 */
export async function createStorage(context: Context): Promise<Service> {
	const { keys } = context;
	const database = openDatabase(context.databaseUrl('supabase_storage_admin'));
	const files = new Files(context.folder('storage'));
	const maxSize = parseSize(context.settings.config.storage.file_size_limit);
	const buckets = bucketStore(database, files, maxSize);
	const objects = objectStore(database, files, buckets);
	const upload = uploads({ database, files, buckets, maxSize });
	const app = new Hono<Env>();

	app.get('/status', (c) => c.body(null, 200));

	app.get('/bucket', async (c) => c.json(await buckets.list(callerOf(c))));
	app.post('/bucket', async (c) => c.json(await buckets.create(callerOf(c), await json(c))));
	app.get('/bucket/:id', async (c) => c.json(await buckets.read(callerOf(c), c.req.param('id'))));
	app.put('/bucket/:id', async (c) => c.json(await buckets.update(callerOf(c), c.req.param('id'), await json(c))));
	app.delete('/bucket/:id', async (c) => c.json(await buckets.remove(callerOf(c), c.req.param('id'))));
	app.post('/bucket/:id/empty', async (c) => c.json(await buckets.empty(callerOf(c), c.req.param('id'))));

	app.post('/object/list/:bucket', async (c) =>
		c.json(await objects.list(callerOf(c), c.req.param('bucket'), await json(c)))
	);
	app.post('/object/move', async (c) => c.json(await objects.move(callerOf(c), await json(c))));
	app.post('/object/copy', async (c) => c.json(await objects.copy(callerOf(c), await json(c))));

	// Public addresses: the bucket alone decides.
	const findPublic = async (c: Asked, prefix: string) => {
		const { bucket, name } = address(c, prefix);
		const found = await buckets.find(bucket);
		if (!found.public) throw bucketNotFound();
		return objects.findAny(bucket, name);
	};
	app.get('/object/public/*', async (c) => serve(files, await findPublic(c, '/object/public'), c.req.raw));
	app.get('/object/info/public/*', async (c) => c.json(describe(await findPublic(c, '/object/info/public'))));

	// Signed addresses: the policies were asked when they were signed.
	app.get('/object/sign/*', async (c) => {
		const { bucket, name } = address(c, '/object/sign');
		await verifyGrant(keys, c.req.query('token'), 'download', `${bucket}/${name}`);
		return serve(files, await objects.findAny(bucket, name), c.req.raw);
	});
	app.post('/object/sign/*', async (c) => {
		const { bucket, name } = address(c, '/object/sign');
		const { expiresIn, paths } = await json<{ expiresIn: number; paths?: string[] }>(c);
		if (!Number.isFinite(expiresIn) || expiresIn < 1) throw invalidRequest('body/expiresIn must be >= 1');
		const operation = name === '' ? 'storage.object.sign_many' : 'storage.object.sign';
		const sign = async (path: string) => {
			await objects.find(callerOf(c), bucket, path, operation);
			const token = await signGrant(keys, { purpose: 'download', url: `${bucket}/${path}` }, expiresIn);
			return `/object/sign/${[bucket, ...path.split('/')].map(encodeURIComponent).join('/')}?token=${token}`;
		};
		if (name !== '') return c.json({ signedURL: await sign(name) });
		return c.json(
			await Promise.all(
				(paths ?? []).map(async (path) =>
					sign(path).then(
						(signedURL) => ({ error: null, path, signedURL }),
						() => ({ error: 'Either the object does not exist or you do not have access to it', path, signedURL: null })
					)
				)
			)
		);
	});

	app.post('/object/upload/sign/*', async (c) => {
		const { bucket, name } = address(c, '/object/upload/sign');
		const caller = callerOf(c);
		const upsert = c.req.header('x-upsert') === 'true';
		checkName(name, 'object');
		await buckets.find(bucket);
		await objects.mayUpload(caller, bucket, name, upsert);
		const token = await signGrant(
			keys,
			{ purpose: 'upload', url: `${bucket}/${name}`, owner: caller.claims.sub ?? null, upsert },
			uploadWindow
		);
		return c.json({
			url: `/object/upload/sign/${[bucket, ...name.split('/')].map(encodeURIComponent).join('/')}?token=${token}`,
			token
		});
	});
	app.put('/object/upload/sign/*', async (c) => {
		const { bucket, name } = address(c, '/object/upload/sign');
		const grant = await verifyGrant(keys, c.req.query('token'), 'upload', `${bucket}/${name}`);
		// The one who signed was let in by policy; the token stands for that answer.
		const caller: Caller = {
			role: 'service_role',
			claims: grant.owner ? { sub: grant.owner } : {},
			token: keys.serviceToken
		};
		return c.json(await upload(caller, bucket, name, c.req.raw, grant.upsert ? 'upsert' : 'create'));
	});

	const read = (prefix: string) => async (c: Asked) => {
		const { bucket, name } = address(c, prefix);
		return objects.find(callerOf(c), bucket, name);
	};
	app.get('/object/info/authenticated/*', async (c) => c.json(describe(await read('/object/info/authenticated')(c))));
	app.get('/object/info/*', async (c) => c.json(describe(await read('/object/info')(c))));
	app.get('/object/authenticated/*', async (c) => serve(files, await read('/object/authenticated')(c), c.req.raw));
	app.get('/object/*', async (c) => serve(files, await read('/object')(c), c.req.raw));

	app.post('/object/*', async (c) => {
		const { bucket, name } = address(c, '/object');
		return c.json(
			await upload(callerOf(c), bucket, name, c.req.raw, c.req.header('x-upsert') === 'true' ? 'upsert' : 'create')
		);
	});
	app.put('/object/*', async (c) => {
		const { bucket, name } = address(c, '/object');
		return c.json(await upload(callerOf(c), bucket, name, c.req.raw, 'update'));
	});
	app.delete('/object/*', async (c) => {
		const { bucket, name } = address(c, '/object');
		if (name === '')
			return c.json(await objects.remove(callerOf(c), bucket, (await json<{ prefixes: string[] }>(c)).prefixes));
		if ((await objects.remove(callerOf(c), bucket, [name])).length === 0) throw objectNotFound();
		return c.json({ message: 'Successfully deleted' });
	});

	app.all('*', (c) =>
		c.json({ statusCode: '404', error: 'Not Found', message: `Route ${c.req.method}:${c.req.path} not found` }, 404)
	);
	app.onError((error) => {
		if (error instanceof StorageError) {
			if (error.statusCode === 507) context.log('storage', error.message);
			return error.answer();
		}
		context.log('storage', error.message);
		return new StorageError(500, 'InternalError', 'Internal server error').answer();
	});

	return { app, close: () => database.close() };
}
