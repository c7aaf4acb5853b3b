// @vitest-environment node
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { draw, receive } from './uploads.server.ts';

const status = (answer: Promise<unknown>) =>
	answer.then(
		() => 200,
		(failure: { status?: number }) => failure.status
	);

test('of one account two uploads are handled at a time, of all eight; the others are told to wait', async () => {
	let finish = () => {};
	const finished = new Promise<void>((resolve) => (finish = resolve));
	const accounts = ['amina', 'bilal', 'karim', 'youssef'];
	const under = accounts.flatMap((account) => [1, 2].map(() => receive(account, () => finished)));
	expect(await status(receive('amina', () => finished))).toBe(429);
	expect(await status(receive('zineb', () => finished))).toBe(429);
	finish();
	await Promise.all(under);
	expect(await status(receive('amina', () => Promise.resolve()))).toBe(200);
});

test('an upload that fails makes room as one that works', async () => {
	for (let n = 0; n < 20; n++)
		await expect(receive('amina', () => Promise.reject(new Error('broken')))).rejects.toThrow();
	expect(await status(receive('amina', () => Promise.resolve()))).toBe(200);
});

test('pictures are drawn as many at a time as their points fit into memory, in the order in which they came', async () => {
	const png = await sharp({ create: { width: 5000, height: 4000, channels: 3, background: 'teal' } })
		.png()
		.toBuffer();
	const bytes = new Uint8Array(png).buffer;
	let running = 0;
	let most = 0;
	const begun: number[] = [];
	const slowly = (n: number) => () =>
		({
			toBuffer: async () => {
				begun.push(n);
				most = Math.max(most, ++running);
				await new Promise((resolve) => setTimeout(resolve, 20));
				running--;
				return Buffer.alloc(1);
			}
		}) as unknown as Sharp;
	await Promise.all([1, 2, 3, 4, 5].map((n) => draw(bytes, ['png'], slowly(n))));
	expect(most).toBe(2);
	expect(begun).toHaveLength(5);
});

test('a picture of more points than memory is for is refused before it is decoded', async () => {
	// a header that says 30,000 by 30,000, and nothing behind it
	const small = await sharp({ create: { width: 3, height: 2, channels: 3, background: 'teal' } })
		.png()
		.toBuffer();
	const bomb = new Uint8Array(small);
	new DataView(bomb.buffer).setUint32(16, 30_000);
	new DataView(bomb.buffer).setUint32(20, 30_000);
	let drawn = false;
	await expect(
		draw(bomb.buffer, ['png'], (picture) => {
			drawn = true;
			return picture;
		})
	).rejects.toThrow();
	expect(drawn).toBe(false);
});
