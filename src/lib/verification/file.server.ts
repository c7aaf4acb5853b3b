import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';

/** A document as it is stored. */
export interface StoredFile {
	bytes: Uint8Array<ArrayBuffer>;
	type: 'application/pdf' | 'image/webp';
	extension: 'pdf' | 'webp';
}

export type FileProblem = 'verification.upload.type' | 'verification.upload.broken';

const images = new Set(['image/jpeg', 'image/png', 'image/webp']);
/** Long edge in pixels: small print of an A4 page stays legible. */
const longEdge = 2600;
/** A picture of more pixels than any camera's is a bomb. */
const mostPixels = 100_000_000;

/**
 * Makes a document ready to be stored, by what its bytes say and not its name. Images are drawn anew: nothing but the
 * picture is left, neither place nor device nor anything hidden behind it. PDFs stay as they are. Gives the problem to
 * show where it is neither, or cannot be read.
 */
export async function prepare(file: Blob): Promise<StoredFile | FileProblem> {
	const bytes = new Uint8Array(await file.arrayBuffer());
	const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
	if (found?.mime === 'application/pdf') return { bytes, type: 'application/pdf', extension: 'pdf' };
	if (!found || !images.has(found.mime)) return 'verification.upload.type';
	try {
		const drawn = await sharp(bytes, { limitInputPixels: mostPixels })
			.autoOrient()
			.resize({ width: longEdge, height: longEdge, fit: 'inside', withoutEnlargement: true })
			.webp({ quality: 85 })
			.toBuffer();
		return { bytes: new Uint8Array(drawn), type: 'image/webp', extension: 'webp' };
	} catch {
		return 'verification.upload.broken';
	}
}
