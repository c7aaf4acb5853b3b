import { fileTypeFromBuffer } from 'file-type';
import { draw } from '#lib/http/uploads.server.ts';

export type FileProblem = 'verification.upload.type' | 'verification.upload.broken';

const images = new Set(['image/jpeg', 'image/png', 'image/webp']);
const formats = ['jpeg', 'png', 'webp'];
/** Long edge in pixels: small print of an A4 page stays legible. */
const longEdge = 2600;

/**
 * Makes a document ready to be stored, by what its bytes say and not its name. Images are drawn anew, as WebP: nothing but
 * the picture is left, neither place nor device nor anything hidden behind it. PDFs stay as they are. Gives the problem to
 * show where it is neither, or cannot be read.
 */
export async function prepare(file: Blob): Promise<Uint8Array<ArrayBuffer> | FileProblem> {
	const bytes = new Uint8Array(await file.arrayBuffer());
	const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
	if (found?.mime === 'application/pdf') return bytes;
	if (!found || !images.has(found.mime)) return 'verification.upload.type';
	try {
		return await draw(bytes.buffer, formats, (picture) =>
			picture
				.autoOrient()
				.resize({ width: longEdge, height: longEdge, fit: 'inside', withoutEnlargement: true })
				.webp({ quality: 85 })
		);
	} catch {
		return 'verification.upload.broken';
	}
}
