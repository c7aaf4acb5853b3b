// @vitest-environment node
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { avatarLimit, readAvatar } from './avatar.server.ts';

/** A picture whose left half is red and right half blue, with a place and an orientation in its data. */
async function photo(format: 'jpeg' | 'png' | 'webp' | 'avif' | 'gif', orientation = 1): Promise<File> {
	const half = await sharp({ create: { width: 150, height: 200, channels: 3, background: '#0000ff' } })
		.png()
		.toBuffer();
	const made = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#ff0000' } })
		.composite([{ input: half, left: 150, top: 0 }])
		.withExif({ IFD0: { Model: 'Camera of Amina' }, IFD3: { GPSLatitude: '33/1 34/1 0/1' } })
		.withMetadata({ orientation })
		.toFormat(format)
		.toBuffer();
	return new File([new Uint8Array(made)], 'photo');
}

async function colourAt(image: Uint8Array, left: number, top: number): Promise<'red' | 'blue'> {
	const { data } = await sharp(image)
		.extract({ left, top, width: 1, height: 1 })
		.raw()
		.toBuffer({ resolveWithObject: true });
	return data[0]! > data[2]! ? 'red' : 'blue';
}

describe('an uploaded picture', () => {
	test.each(['jpeg', 'png', 'webp', 'avif'] as const)(
		'of type %s becomes a small square WebP without data',
		async (format) => {
			const image = await readAvatar(await photo(format));
			const { format: kept, width, height, exif, orientation } = await sharp(image).metadata();
			expect({ kept, width, height, exif, orientation }).toEqual({ kept: 'webp', width: 256, height: 256 });
		}
	);

	test('is turned as its camera was held', async () => {
		// 6: to be turned by a quarter clockwise, so that left is above
		const image = await readAvatar(await photo('jpeg', 6));
		expect(await colourAt(image, 128, 10)).toBe('red');
		expect(await colourAt(image, 128, 245)).toBe('blue');
	});

	const refused = async (file: unknown) =>
		readAvatar(file).then(
			() => 'taken',
			(error: { key: string }) => error.key
		);

	test('is refused where it is none, whatever its name and type say', async () => {
		const script = new File(['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'], 'a.png', {
			type: 'image/png'
		});
		expect(await refused(script)).toBe('errors.field.picture_kind');
		expect(await refused(new File(['<script>alert(1)</script>'], 'a.jpg', { type: 'image/jpeg' }))).toBe(
			'errors.field.picture_kind'
		);
		expect(await refused(await photo('gif'))).toBe('errors.field.picture_kind');
	});

	test('is refused where it breaks off, is empty or too large', async () => {
		const whole = new Uint8Array(await (await photo('jpeg')).arrayBuffer());
		expect(await refused(new File([whole.slice(0, whole.length / 2)], 'a.jpg'))).toBe('errors.field.picture_kind');
		expect(await refused(new File([], 'a.jpg'))).toBe('errors.field.required');
		expect(await refused('a.jpg')).toBe('errors.field.required');
		expect(await refused(new File([new Uint8Array(avatarLimit + 1)], 'a.jpg'))).toBe('errors.field.picture_large');
	});

	test('that would fill the memory is refused', async () => {
		const vast = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: '#fff' } })
			.png()
			.toBuffer();
		expect(await refused(new File([new Uint8Array(vast)], 'a.png'))).toBe('errors.field.picture_kind');
	});
});
