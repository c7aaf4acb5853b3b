/** Chunks of a picture itself: nothing that says where it was taken, moves, or is not a picture at all. */
const ofThePicture = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ICCP']);

export interface Size {
	width: number;
	height: number;
}

/** The size in points that a frame says of itself, lossy or lossless; null where it is no frame. */
function sizeOfFrame(kind: string, frame: DataView): Size | null {
	if (kind === 'VP8L') {
		if (frame.byteLength < 5 || frame.getUint8(0) !== 0x2f) return null;
		const bits = frame.getUint32(1, true);
		return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
	}
	// The lowest bit is unset in a frame that stands for itself.
	if (frame.byteLength < 10 || (frame.getUint8(0) & 1) !== 0) return null;
	if (frame.getUint8(3) !== 0x9d || frame.getUint8(4) !== 0x01 || frame.getUint8(5) !== 0x2a) return null;
	return { width: frame.getUint16(6, true) & 0x3fff, height: frame.getUint16(8, true) & 0x3fff };
}

/**
 * The size of a WebP file that is one still picture and nothing beside it, by its container's own words (RFC 9649): null
 * where its lengths do not add up, and where it carries anything else (EXIF, XMP, further frames, what follows its end).
 */
export function sizeOfWebp(bytes: Uint8Array): Size | null {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const word = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
	if (bytes.length < 20 || word(0) !== 'RIFF' || word(8) !== 'WEBP') return null;
	if (view.getUint32(4, true) + 8 !== bytes.length) return null;
	let size: Size | null = null;
	let canvas: Size | null = null;
	let at = 12;
	while (at < bytes.length) {
		if (at + 8 > bytes.length) return null;
		const kind = word(at);
		const length = view.getUint32(at + 4, true);
		const end = at + 8 + length;
		if (end > bytes.length || !ofThePicture.has(kind)) return null;
		const content = new DataView(bytes.buffer, bytes.byteOffset + at + 8, length);
		if (kind === 'VP8X') {
			if (length < 10 || canvas) return null;
			const edge = (from: number) => content.getUint16(from, true) + (content.getUint8(from + 2) << 16) + 1;
			canvas = { width: edge(4), height: edge(7) };
		} else if (kind.startsWith('VP8')) {
			if (size) return null;
			size = sizeOfFrame(kind, content);
			if (!size) return null;
		}
		// A chunk of odd length has a byte behind it.
		at = end + (length % 2);
	}
	if (!size || (canvas && (canvas.width !== size.width || canvas.height !== size.height))) return null;
	return size;
}
