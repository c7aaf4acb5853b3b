import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, database, project, service, visitor } from '../testing/project.ts';

describe('storage', () => {
	const admin = service();
	let amina: Awaited<ReturnType<typeof account>>;
	let brahim: Awaited<ReturnType<typeof account>>;
	const hers = () => amina.client.storage.from('contract-private');
	const path = (name: string) => `${amina.id}/${name}`;
	const words = (text: string, type = 'text/plain') => new Blob([text], { type });

	beforeAll(async () => {
		[amina, brahim] = await Promise.all([account('amina'), account('brahim')]);
	});
	afterAll(async () => {
		await admin.storage.emptyBucket('contract-private');
		await admin.storage.emptyBucket('contract-public');
	});

	describe('uploads', () => {
		test('from a Blob: the answer names it, its type and size are kept', async () => {
			const { data, error } = await hers().upload(path('blob.txt'), words('from a blob'), { cacheControl: '60' });
			expect(error).toBeNull();
			expect(data).toMatchObject({ path: path('blob.txt'), fullPath: `contract-private/${path('blob.txt')}` });
			const { data: info } = await hers().info(path('blob.txt'));
			expect(info).toMatchObject({
				name: path('blob.txt'),
				size: 11,
				contentType: 'text/plain',
				cacheControl: 'max-age=60'
			});
		});

		test('from a File', async () => {
			const { error } = await hers().upload(
				path('file.txt'),
				new File(['from a file'], 'other name.txt', { type: 'text/plain' })
			);
			const { data } = await hers().download(path('file.txt'));
			expect([error, await data!.text(), data!.type]).toEqual([null, 'from a file', 'text/plain']);
		});

		test('from a form', async () => {
			const form = new FormData();
			form.append('', words('from a form'));
			const { error } = await hers().upload(path('form.txt'), form);
			const { data } = await hers().download(path('form.txt'));
			expect([error, await data!.text()]).toEqual([null, 'from a form']);
		});

		test('from bare bytes, with a type said beside them', async () => {
			const bytes = new Uint8Array([0, 255, 13, 10, 0]);
			const { error } = await hers().upload(path('bytes.png'), bytes.buffer, { contentType: 'image/png' });
			const { data } = await hers().download(path('bytes.png'));
			expect(error).toBeNull();
			expect(data!.type).toBe('image/png');
			expect(new Uint8Array(await data!.arrayBuffer())).toEqual(bytes);
		});

		test('keep metadata of the caller’s own, from a Blob and from bytes', async () => {
			await hers().upload(path('meta1.txt'), words('x'), { metadata: { caption: 'un' } });
			await hers().upload(path('meta2.txt'), 'x', { contentType: 'text/plain', metadata: { caption: 'deux' } });
			const infos = await Promise.all([hers().info(path('meta1.txt')), hers().info(path('meta2.txt'))]);
			expect(infos.map(({ data }) => data!.metadata)).toEqual([{ caption: 'un' }, { caption: 'deux' }]);
		});

		test('belong to the caller', async () => {
			await hers().upload(path('owned.txt'), words('x'));
			const sql = database();
			const [row] =
				await sql`select owner_id, owner::text, path_tokens, metadata ->> 'mimetype' as mimetype from storage.objects where name = ${path('owned.txt')}`;
			await sql.end();
			expect(row).toEqual({
				owner_id: amina.id,
				owner: amina.id,
				path_tokens: [amina.id, 'owned.txt'],
				mimetype: 'text/plain'
			});
		});

		test('a name that is taken is refused: 409', async () => {
			await hers().upload(path('taken.txt'), words('one'));
			const { error } = await hers().upload(path('taken.txt'), words('two'));
			expect(error).toMatchObject({ message: 'The resource already exists', statusCode: '409', status: 400 });
		});

		test('upsert replaces it', async () => {
			await hers().upload(path('upsert.txt'), words('one'));
			const { error } = await hers().upload(path('upsert.txt'), words('two'), { upsert: true });
			const { data } = await hers().download(path('upsert.txt'));
			expect([error, await data!.text()]).toEqual([null, 'two']);
		});

		test('update replaces what is there and nothing else', async () => {
			await hers().upload(path('update.txt'), words('one'));
			const done = await hers().update(path('update.txt'), words('two'));
			const { data } = await hers().download(path('update.txt'));
			expect([done.error, await data!.text()]).toEqual([null, 'two']);
		});

		test('into another’s folder are refused: 403', async () => {
			const { error } = await brahim.client.storage.from('contract-private').upload(path('his.txt'), words('x'));
			expect(error).toMatchObject({ message: 'new row violates row-level security policy', statusCode: '403' });
		});

		test('upsert needs the right to update too', async () => {
			await amina.client.storage.from('contract-public').upload(path('once.txt'), words('one'));
			const { error } = await amina.client.storage
				.from('contract-public')
				.upload(path('once.txt'), words('two'), { upsert: true });
			expect(error).toMatchObject({ statusCode: '403' });
		});

		test('a visitor may upload where a policy says so, without reading', async () => {
			const letters = visitor().storage.from('contract-private');
			const name = `letters/${crypto.randomUUID()}.txt`;
			const sent = await letters.upload(name, words('dear'));
			const read = await letters.download(name);
			expect(sent.error).toBeNull();
			expect(read.error).not.toBeNull();
		});

		test('larger than the bucket allows: 413', async () => {
			const { error } = await hers().upload(path('large.txt'), words('x'.repeat(100_001)));
			expect(error).toMatchObject({ message: 'The object exceeded the maximum allowed size', statusCode: '413' });
		});

		test('of a type that the bucket does not take: 415', async () => {
			const { error } = await hers().upload(path('page.html'), words('<p>', 'text/html'));
			expect(error).toMatchObject({ message: 'mime type text/html is not supported', statusCode: '415' });
		});

		test('to a bucket that is not there: 404', async () => {
			const { error } = await admin.storage.from('contract-missing').upload('a.txt', words('x'));
			expect(error).toMatchObject({ message: 'Bucket not found', statusCode: '404' });
		});

		test('under a name with letters that are not allowed: 400', async () => {
			const { error } = await hers().upload(path('صورة.txt'), words('x'));
			expect(error!.message).toContain('Invalid key');
		});

		test('by a signed address need no account', async () => {
			const { data } = await hers().createSignedUploadUrl(path('signed-up.txt'));
			const { error } = await visitor()
				.storage.from('contract-private')
				.uploadToSignedUrl(data!.path, data!.token, words('by address'));
			const read = await hers().download(path('signed-up.txt'));
			expect([error, await read.data!.text()]).toEqual([null, 'by address']);
		});

		test('signed addresses are not given for another’s folder, and not good for another name', async () => {
			const refused = await brahim.client.storage.from('contract-private').createSignedUploadUrl(path('x.txt'));
			const { data } = await hers().createSignedUploadUrl(path('mine.txt'));
			const misused = await visitor()
				.storage.from('contract-private')
				.uploadToSignedUrl(path('other.txt'), data!.token, words('x'));
			expect([refused.error !== null, misused.error?.message]).toEqual([true, 'Invalid signature']);
		});
	});

	describe('downloads', () => {
		beforeAll(async () => {
			await admin.storage.from('contract-private').upload(path('ten.txt'), words('0123456789'), { upsert: true });
			await admin.storage
				.from('contract-public')
				.upload('page.html', words('<script>alert(1)</script>', 'text/html'), { upsert: true, cacheControl: '600' });
		});

		test('what is not there and what is hidden look the same: 404', async () => {
			const missing = await hers().download(path('missing.txt'));
			const hidden = await brahim.client.storage.from('contract-private').info(path('ten.txt'));
			expect(missing.error).toMatchObject({ message: 'Object not found', status: 400, statusCode: '404' });
			expect(hidden.error).toMatchObject({ message: 'Object not found', statusCode: '404' });
		});

		test('exists() tells', async () => {
			const [there, away] = await Promise.all([hers().exists(path('ten.txt')), hers().exists(path('away.txt'))]);
			expect([there.data, away.data]).toEqual([true, false]);
		});

		test('a public address serves with type, cache time and no scripts', async () => {
			const { data } = admin.storage.from('contract-public').getPublicUrl('page.html');
			const answer = await fetch(data.publicUrl);
			expect(answer.status).toBe(200);
			expect(answer.headers.get('cache-control')).toContain('max-age=600');
			expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
			expect(answer.headers.get('content-security-policy')).toContain('sandbox');
			expect(await answer.text()).toBe('<script>alert(1)</script>');
		});

		test('a private bucket has no public addresses', async () => {
			const answer = await fetch(hers().getPublicUrl(path('ten.txt')).data.publicUrl);
			expect(answer.status).toBe(400);
			expect(await answer.json()).toMatchObject({ statusCode: '404', message: 'Bucket not found' });
		});

		test('a copy that is good still is not sent again', async () => {
			const { publicUrl } = admin.storage.from('contract-public').getPublicUrl('page.html').data;
			const first = await fetch(publicUrl);
			await first.arrayBuffer();
			const second = await fetch(publicUrl, {
				headers: { 'if-none-match': first.headers.get('etag')!, 'cache-control': 'max-age=0' }
			});
			expect(second.status).toBe(304);
		});

		test('parts are served by Range', async () => {
			const { data } = await hers().createSignedUrl(path('ten.txt'), 60);
			const part = await fetch(data!.signedUrl, { headers: { range: 'bytes=2-4' } });
			const beyond = await fetch(data!.signedUrl, { headers: { range: 'bytes=20-' } });
			expect([part.status, part.headers.get('content-range'), await part.text(), beyond.status]).toEqual([
				206,
				'bytes 2-4/10',
				'234',
				416
			]);
		});

		test('?download saves under a name', async () => {
			const { publicUrl } = admin.storage
				.from('contract-public')
				.getPublicUrl('page.html', { download: 'my page.html' }).data;
			const answer = await fetch(publicUrl);
			await answer.arrayBuffer();
			expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''my%20page.html");
		});
	});

	describe('signed addresses', () => {
		test('let anyone read until they end', async () => {
			const { data } = await hers().createSignedUrl(path('ten.txt'), 3);
			const now = await fetch(data!.signedUrl);
			expect(await now.text()).toBe('0123456789');
			const later = async () => {
				const answer = await fetch(data!.signedUrl);
				return answer.status === 200 ? answer.text() : [answer.status, await answer.json()];
			};
			await expect.poll(later).toMatchObject([400, { error: 'InvalidJWT' }]);
		});

		test('hold for one object alone', async () => {
			const { data } = await hers().createSignedUrl(path('ten.txt'), 60);
			const answer = await fetch(data!.signedUrl.replace('ten.txt', 'blob.txt'));
			expect(answer.status).toBe(400);
		});

		test('an access token is none', async () => {
			const { data } = await hers().createSignedUrl(path('ten.txt'), 60);
			const answer = await fetch(data!.signedUrl.replace(/token=.*/, `token=${project.publishableKey}`));
			expect(answer.status).toBe(400);
		});

		test('are not given for what the caller cannot read', async () => {
			const { error } = await brahim.client.storage.from('contract-private').createSignedUrl(path('ten.txt'), 60);
			expect(error).toMatchObject({ message: 'Object not found' });
		});

		test('many at once, each with its own answer', async () => {
			const { data } = await hers().createSignedUrls([path('ten.txt'), path('missing.txt')], 60);
			expect(data!.map(({ error, signedUrl }) => [error, Boolean(signedUrl)])).toEqual([
				[null, true],
				['Either the object does not exist or you do not have access to it', false]
			]);
		});
	});

	describe('listing', () => {
		const admins = admin.storage.from('contract-private');

		beforeAll(async () => {
			for (const name of ['b.txt', 'a.txt', 'deep/one.txt', 'deep/two.txt', 'under_score.txt']) {
				await admins.upload(`listing/${name}`, words(name), { upsert: true });
			}
		});

		test('names are relative to the prefix; folders come first, without an id', async () => {
			const { data } = await admins.list('listing');
			expect(data!.map(({ name, id }) => [name, id !== null])).toEqual([
				['deep', false],
				['a.txt', true],
				['b.txt', true],
				['under_score.txt', true]
			]);
			expect(data![1]!.metadata).toMatchObject({ size: 5, mimetype: 'text/plain' });
		});

		test('a prefix goes down a folder', async () => {
			const { data } = await admins.list('listing/deep/');
			expect(data!.map(({ name }) => name)).toEqual(['one.txt', 'two.txt']);
		});

		test('limit, offset and order', async () => {
			const { data } = await admins.list('listing', { limit: 2, offset: 1, sortBy: { column: 'name', order: 'desc' } });
			expect(data!.map(({ name }) => name)).toEqual(['under_score.txt', 'b.txt']);
		});

		test('search', async () => {
			const { data } = await admins.list('listing', { search: 'under_' });
			expect(data!.map(({ name }) => name)).toEqual(['under_score.txt']);
		});

		test('shows what the caller may read', async () => {
			const { data } = await brahim.client.storage.from('contract-private').list(amina.id);
			expect(data).toEqual([]);
		});
	});

	describe('moving, copying, removing', () => {
		test('move gives it another name', async () => {
			await hers().upload(path('from.txt'), words('moved'));
			const { error } = await hers().move(path('from.txt'), path('sub/to.txt'));
			const [gone, there] = await Promise.all([hers().exists(path('from.txt')), hers().download(path('sub/to.txt'))]);
			expect([error, gone.data, await there.data!.text()]).toEqual([null, false, 'moved']);
		});

		test('copy leaves the first', async () => {
			await hers().upload(path('first.txt'), words('copied'));
			const { data } = await hers().copy(path('first.txt'), path('second.txt'));
			await hers().remove([path('first.txt')]);
			const second = await hers().download(path('second.txt'));
			expect([data!.path, await second.data!.text()]).toEqual([`contract-private/${path('second.txt')}`, 'copied']);
		});

		test('neither out of nor into another’s folder', async () => {
			const his = brahim.client.storage.from('contract-private');
			const taken = await his.move(path('second.txt'), `${brahim.id}/second.txt`);
			const copied = await his.copy(path('second.txt'), `${brahim.id}/second.txt`);
			const pushed = await hers().copy(path('second.txt'), `${brahim.id}/gift.txt`);
			expect([taken.error!.message, copied.error!.message]).toEqual(['Object not found', 'Object not found']);
			expect(pushed.error).toMatchObject({ statusCode: '403' });
		});

		test('remove gives back what it removed, and only that', async () => {
			await hers().upload(path('bin1.txt'), words('1'));
			await hers().upload(path('bin2.txt'), words('2'));
			const denied = await brahim.client.storage.from('contract-private').remove([path('bin1.txt')]);
			const { data } = await hers().remove([path('bin1.txt'), path('bin2.txt'), path('bin3.txt')]);
			expect(denied.data).toEqual([]);
			expect(data!.map(({ name }) => name).sort()).toEqual([path('bin1.txt'), path('bin2.txt')]);
		});

		test('rows are not to be deleted past the service', async () => {
			const sql = database();
			const refused = await sql`delete from storage.objects where bucket_id = 'contract-private'`.catch(
				(error: Error) => error.message
			);
			await sql.end();
			expect(refused).toContain('Direct deletion from storage tables is not allowed');
		});
	});

	describe('buckets', () => {
		test('are made, read, changed and removed with the secret key', async () => {
			const made = await admin.storage.createBucket('contract-made', {
				public: false,
				fileSizeLimit: '1MB',
				allowedMimeTypes: ['image/png']
			});
			const read = await admin.storage.getBucket('contract-made');
			const changed = await admin.storage.updateBucket('contract-made', { public: true });
			const again = await admin.storage.getBucket('contract-made');
			const removed = await admin.storage.deleteBucket('contract-made');
			const away = await admin.storage.getBucket('contract-made');
			expect([made.data, made.error]).toEqual([{ name: 'contract-made' }, null]);
			expect(read.data).toMatchObject({
				id: 'contract-made',
				public: false,
				file_size_limit: 1_000_000,
				allowed_mime_types: ['image/png']
			});
			expect([changed.data!.message, again.data!.public, removed.data!.message]).toEqual([
				'Successfully updated',
				true,
				'Successfully deleted'
			]);
			expect(away.error).toMatchObject({ message: 'Bucket not found', statusCode: '404' });
		});

		test('a name that is taken is refused', async () => {
			const { error } = await admin.storage.createBucket('contract-public');
			expect(error).toMatchObject({ message: 'The resource already exists', statusCode: '409' });
		});

		test('one with objects in it is not removed', async () => {
			const { error } = await admin.storage.deleteBucket('contract-private');
			expect(error!.message).toBe('The bucket you tried to delete is not empty');
		});

		test('people see and make none without a policy', async () => {
			const seen = await amina.client.storage.listBuckets();
			const made = await amina.client.storage.createBucket('contract-mine');
			expect(seen.data).toEqual([]);
			expect(made.error).toMatchObject({ statusCode: '403' });
		});

		test('a token that does not verify is refused', async () => {
			const answer = await fetch(`${project.url}/storage/v1/bucket`, {
				headers: { apikey: project.publishableKey, authorization: 'Bearer a.b.c' }
			});
			expect(answer.status).toBe(400);
		});
	});
});
