import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { service } from 'supabase-embedded/testing';
import { makeNeighbourhood, upload } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';

let here: Neighbourhood;
beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

const buckets = ['documents', 'photos', 'avatars', 'messages'];
const pdf = '%PDF-1.7\n%%EOF\n';
/** The smallest WebP picture there is: one point. */
const webp = new Uint8Array([
	...Buffer.from('RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0', 'latin1')
]);
/** The same with another chunk behind its own, all lengths being right. */
function withChunk(kind: string, content: string): string {
	const size = Buffer.alloc(4);
	size.writeUInt32LE(content.length);
	const chunk = kind + size.toString('latin1') + content + (content.length % 2 ? '\0' : '');
	const whole = Buffer.from(Buffer.from(webp).toString('latin1') + chunk, 'latin1');
	whole.writeUInt32LE(whole.length - 8, 4);
	return whole.toString('latin1');
}
const document = () => ({ purpose: 'document', provider_id: here.plumber.id, kind: 'identity' });

describe('a file', () => {
	test('is put into Storage by nobody but the server', async () => {
		const { client, id } = here.youssef;
		const given = (await upload(client, document(), pdf)).path!;
		for (const bucket of buckets) {
			const files = client.storage.from(bucket);
			for (const folder of [here.plumber.id, id, `${here.plumber.id}/..`, `${id}/%2e%2e`]) {
				const path = `${folder}/${randomUUID()}.webp`;
				const picture = new Blob([webp], { type: 'image/webp' });
				for (const upsert of [false, true])
					expect((await files.upload(path, picture, { upsert })).error).not.toBeNull();
				expect((await files.createSignedUploadUrl(path)).error).not.toBeNull();
				expect((await files.copy(given, path, { destinationBucket: bucket })).error).not.toBeNull();
				expect((await files.move(given, path, { destinationBucket: bucket })).error).not.toBeNull();
			}
			expect((await files.update(given, new Blob([webp], { type: 'image/webp' }))).error).not.toBeNull();
		}
		expect(await (await client.storage.from('documents').download(given)).data!.text()).toBe(pdf);
	});

	test('is what its bytes say, under a name that the server makes', async () => {
		const { client, id } = here.youssef;
		const paper = (await upload(client, document(), pdf, 'image/webp')).path!;
		expect(paper).toMatch(new RegExp(`^${here.plumber.id}/[0-9a-f-]{36}\\.pdf$`));
		const { data } = await service().storage.from('documents').info(paper);
		expect(data!.contentType).toBe('application/pdf');
		const portrait = (await upload(client, { purpose: 'avatar' }, webp, 'text/html')).path!;
		expect(portrait).toMatch(new RegExp(`^${id}/[0-9a-f-]{36}\\.webp$`));
		const profile = await client.from('profiles').select('avatar_path').eq('id', id).single();
		expect(profile.data!.avatar_path).toBe(portrait);
	});

	test.each([
		['a program', 'MZ\x90\0\x03\0\0\0\x04'],
		['a page', '<!doctype html><script>alert(1)</script>'],
		['a drawing with a script', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'],
		['an archive', 'PK\x03\x04\x14\0\0\0\0\0'],
		['a page that begins as a picture', 'RIFF\0\0\0\0WEBPVP8 <html><script>alert(1)</script>'],
		['a picture with something behind it', Buffer.from(webp).toString('latin1') + '<script>'],
		['a picture that says where it was taken', withChunk('EXIF', 'GPS 33.57')],
		['a picture that moves', withChunk('ANIM', '\0\0\0\0\0\0')],
		[
			'a picture too large to look at',
			Buffer.from(webp).toString('latin1').replace('\x2f\0\0\0\x10', '\x2f\xff\xff\xff\x1f')
		],
		['a paper without an end', '%PDF-1.7\n'],
		['nothing', '']
	])('%s that calls itself a picture or a paper is refused', async (_, content) => {
		const bytes = new Uint8Array(Buffer.from(content, 'latin1'));
		for (const about of [document(), { purpose: 'avatar' }]) {
			for (const type of ['image/webp', 'image/png', 'application/pdf'])
				expect(await upload(here.youssef.client, about, bytes, type)).toMatchObject({
					code: 'invalid_input',
					message: 'file'
				});
		}
	});

	test('larger than its bucket takes is refused, and so is a purpose that is none', async () => {
		const { client } = here.youssef;
		const large = new Uint8Array(10 * 1024 * 1024 + 1);
		large.set(Buffer.from(pdf));
		expect(await upload(client, document(), large)).toMatchObject({ code: 'invalid_input', message: 'file' });
		expect(await upload(client, { purpose: 'photo' }, pdf)).toMatchObject({
			code: 'invalid_input',
			message: 'purpose'
		});
		expect(
			(await upload(here.visitor, { purpose: 'avatar' }, webp).catch(() => ({ code: 'refused' }))).code
		).not.toBeUndefined();
	});
});

describe('a path', () => {
	/** Ways out of a folder, and names that mean another place to somebody who reads them. */
	const ways = (folder: string) => [
		`${folder}/../../../../auth/v1/logout`,
		`${folder}/../${folder}/${randomUUID()}.pdf`,
		`${folder}/./${randomUUID()}.pdf`,
		`${folder}//${randomUUID()}.pdf`,
		`${folder}\\${randomUUID()}.pdf`,
		`${folder}/%2e%2e/%2e%2e/${randomUUID()}.pdf`,
		`${folder}/..%2f${randomUUID()}.pdf`,
		`${folder}/${randomUUID()}.pdf/..`,
		`${folder}/${randomUUID()}.pdf?token=x`,
		`${folder}/${randomUUID()}.pdf#x`,
		`${folder}/${randomUUID()}.pdf\n`,
		`${folder}/`,
		`/${folder}/${randomUUID()}.pdf`,
		`${folder}/${randomUUID()}`,
		''
	];
	const refusals = ['23514', 'PT422', '42501', '22023'];

	/** Each column that holds a path, written as the one who may. */
	const columns: [
		string,
		() => string,
		(client: Client, path: string) => PromiseLike<{ error: { code: string } | null }>
	][] = [
		[
			'of a document',
			() => here.plumber.id,
			(client, path) => client.from('provider_documents').insert({ provider_id: here.plumber.id, kind: 'other', path })
		],
		[
			'of a portrait',
			() => here.youssef.id,
			(client, path) => client.from('profiles').update({ avatar_path: path }).eq('id', here.youssef.id)
		],
		[
			'of a photo',
			() => here.plumber.id,
			(client, path) =>
				client.from('photos').insert({
					...{ provider_id: here.plumber.id, path, width: 4, height: 3 },
					...{ alt_fr: 'x', alt_ar: 'x', alt_en: 'x' }
				} as never)
		]
	];

	test.each(columns)('%s that leaves its folder is refused, and so is one of no file', async (_, folder, write) => {
		for (const path of [...ways(folder()), `${folder()}/${randomUUID()}.pdf`, `${folder()}/${randomUUID()}.webp`]) {
			const { error } = await write(here.youssef.client, path);
			expect([path, refusals.includes(error?.code ?? '')]).toEqual([path, true]);
		}
	});

	test.each(columns)('%s that lies in another’s folder is refused, though there is a file', async (...[, , write]) => {
		const others = (await upload(here.zineb.client, { ...document(), provider_id: here.salon.id }, pdf)).path!;
		const portrait = (await upload(here.zineb.client, { purpose: 'avatar' }, webp)).path!;
		for (const path of [others, portrait]) {
			const { error } = await write(here.youssef.client, path);
			expect([path, refusals.includes(error?.code ?? '')]).toEqual([path, true]);
		}
	});

	test.each(columns.filter(([name]) => name !== 'of a portrait'))(
		'%s is held to its form for the server too',
		async (_, folder, write) => {
			for (const path of ways(folder())) expect((await write(service() as Client, path)).error).not.toBeNull();
		}
	);

	test('of an attachment is that of a file of its conversation', async () => {
		const { client } = here.amina;
		const first = await client.rpc('send_message', { provider_id: here.plumber.id, body: 'Salam' });
		const { conversation_id } = first.data!;
		for (const path of [...ways(conversation_id), `${conversation_id}/${randomUUID()}.pdf`]) {
			const { error } = await client.rpc('send_message', { conversation_id, body: 'x', attachment_path: path });
			expect([path, error?.message, error?.details]).toEqual([path, 'invalid_input', 'attachment_path']);
		}
	});

	test('of a stored document is read by who may at that moment, and signed for nobody', async () => {
		const path = (await upload(here.youssef.client, document(), pdf)).path!;
		const files = (client: Client) => client.storage.from('documents');
		const reads = async (client: Client) => (await (await files(client).download(path)).data?.text()) === pdf;
		// Who verifies opens it first, which is noted.
		expect(await reads(here.moderator.client)).toBe(false);
		const [row] = await here.db<{ id: string }[]>`select id from provider_documents where path = ${path}`;
		await here.moderator.client.rpc('open_document', { document_id: row!.id }).throwOnError();
		expect(await reads(here.moderator.client)).toBe(true);
		expect(await reads(here.youssef.client)).toBe(true);
		expect(await reads(here.zineb.client)).toBe(false);
		// An address that opens it without asking would outlive the right of whoever made it.
		for (const { client } of [here.moderator, here.youssef, here.zineb]) {
			expect((await files(client).createSignedUrl(path, 60)).error).not.toBeNull();
			const { data } = await files(client).createSignedUrls([path, `${here.plumber.id}/../../auth/v1/logout`], 60);
			expect(data!.map(({ error }) => error !== null)).toEqual([true, true]);
		}
		await here.db`update private.opened_documents set opened_at = now() - interval '6 minutes' where document_id = ${row!.id}`;
		expect(await reads(here.moderator.client)).toBe(false);
	});
});

describe('a file goes with the row that speaks of it', () => {
	const there = async (bucket: string, path: string) =>
		(await here.db`select from storage.objects where bucket_id = ${bucket} and name = ${path}`).length;

	test('a document that is taken back', async () => {
		const { client } = here.youssef;
		const path = (await upload(client, document(), pdf)).path!;
		expect(await there('documents', path)).toBe(1);
		expect((await client.from('provider_documents').delete().eq('path', path)).error).toBeNull();
		await expect.poll(() => there('documents', path)).toBe(0);
	});

	test('a portrait that another replaces, and the last when it is taken away', async () => {
		const { client, id } = here.youssef;
		const first = (await upload(client, { purpose: 'avatar' }, webp)).path!;
		const second = (await upload(client, { purpose: 'avatar' }, webp)).path!;
		await expect.poll(() => there('avatars', first)).toBe(0);
		expect(await there('avatars', second)).toBe(1);
		expect((await client.from('profiles').update({ avatar_path: null }).eq('id', id)).error).toBeNull();
		await expect.poll(() => there('avatars', second)).toBe(0);
	});

	test('an identity card of who has left, though its row was deleted before', async () => {
		const { client } = here.youssef;
		const path = (await upload(client, document(), pdf)).path!;
		await here.db`delete from provider_documents where path = ${path}`;
		await expect.poll(() => there('documents', path)).toBe(0);
	});
});
