// @vitest-environment node
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { prepare } from './file.server.ts';

const picture = () => sharp({ create: { width: 40, height: 20, channels: 3, background: 'teal' } });
const blob = (bytes: Uint8Array | string, type = '') => new Blob([bytes as BlobPart], { type });

test.each(['jpeg', 'png', 'webp'] as const)(
	'a picture as %s is stored as WebP without what it says of itself',
	async (format) => {
		const taken = await picture()
			.withExif({ IFD0: { Make: 'Telephone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '33/1 35/1 0/1' } })
			.toFormat(format)
			.toBuffer();
		expect((await sharp(taken).metadata()).exif).toBeDefined();
		const stored = await prepare(blob(taken));
		if (typeof stored === 'string') throw new Error(stored);
		const { format: now, exif, width, height } = await sharp(stored).metadata();
		expect({ now, exif, width, height }).toEqual({ now: 'webp', exif: undefined, width: 40, height: 20 });
	}
);

test('a picture that was held upright stays upright', async () => {
	const taken = await picture().jpeg().withMetadata({ orientation: 6 }).toBuffer();
	const stored = await prepare(blob(taken));
	if (typeof stored === 'string') throw new Error(stored);
	const { width, height } = await sharp(stored).metadata();
	expect([width, height]).toEqual([20, 40]);
});

test('a script behind a picture is not stored', async () => {
	const taken = Buffer.concat([await picture().png().toBuffer(), Buffer.from('<script>alert(1)</script>')]);
	const stored = await prepare(blob(taken));
	if (typeof stored === 'string') throw new Error(stored);
	expect(Buffer.from(stored).includes('<script>')).toBe(false);
});

test('a PDF is stored as it is', async () => {
	const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n%%EOF');
	expect(Buffer.from((await prepare(blob(pdf))) as Uint8Array).equals(pdf)).toBe(true);
});

test.each([
	[
		'HTML under the name of a picture',
		blob('<html><script>1</script></html>', 'image/png'),
		'verification.upload.type'
	],
	[
		'an SVG',
		blob('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 'image/svg+xml'),
		'verification.upload.type'
	],
	[
		'an archive',
		blob(new Uint8Array([0x50, 0x4b, 3, 4, ...new Array<number>(40).fill(0)])),
		'verification.upload.type'
	],
	['nothing', blob(''), 'verification.upload.type'],
	[
		'a picture that ends after its first bytes',
		blob(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52])),
		'verification.upload.broken'
	]
])('%s is refused', async (_, file, problem) => {
	expect(await prepare(file)).toBe(problem);
});
