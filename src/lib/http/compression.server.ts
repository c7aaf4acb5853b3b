import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Handle } from '@sveltejs/kit/hooks';

export type Encoding = 'br' | 'gzip';

/** Below this many bytes, compressing costs more than it saves. */
const worthwhile = 1024;
const textual = /^(text\/|application\/(json|manifest\+json|xml|ld\+json))/;
/** Quality 4 takes a fifth of the default's time for a few per cent more bytes: right for pages made on each request. */
const brotliParams = { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 };

const brotli = promisify<Uint8Array, zlib.BrotliOptions, Buffer>(zlib.brotliCompress);
const gzip = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gzip);

/** The encoding for an Accept-Encoding header: the best that it allows of ours, or null. */
export function chooseEncoding(acceptEncoding: string | null): Encoding | null {
	const allowed = new Map(
		(acceptEncoding ?? '').split(',').map((part) => {
			const [name = '', parameter = ''] = part
				.trim()
				.toLowerCase()
				.split(/\s*;\s*/);
			return [name, parameter.startsWith('q=') ? Number(parameter.slice(2)) : 1];
		})
	);
	const accepts = (name: Encoding) => (allowed.get(name) ?? allowed.get('*') ?? 0) > 0;
	return accepts('br') ? 'br' : accepts('gzip') ? 'gzip' : null;
}

/** Compresses pages and data as they leave. Files of the build are compressed beforehand and do not pass here. */
export const compress: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	const { body, headers, status } = response;
	if (!body || headers.has('content-encoding') || !textual.test(headers.get('content-type') ?? '')) return response;
	// A stream of events must leave at once, one by one.
	if (headers.get('content-type')?.startsWith('text/event-stream')) return response;

	headers.append('vary', 'accept-encoding');
	const encoding = chooseEncoding(event.request.headers.get('accept-encoding'));
	if (!encoding) return response;

	// Kit gives a page that is whole an etag; without one it is still being written.
	if (!headers.has('etag')) {
		headers.set('content-encoding', encoding);
		headers.delete('content-length');
		return new Response(streamed(body, encoding), { status, headers });
	}
	const whole = new Uint8Array(await response.arrayBuffer());
	if (whole.byteLength < worthwhile) return new Response(whole, { status, headers });
	const packed = await (encoding === 'br' ? brotli(whole, { params: brotliParams }) : gzip(whole, { level: 6 }));
	headers.set('content-encoding', encoding);
	headers.set('content-length', String(packed.byteLength));
	return new Response(packed as Uint8Array<ArrayBuffer>, { status, headers });
};

/** Compresses piece by piece, so that what is written first arrives first. */
function streamed(body: ReadableStream, encoding: Encoding): ReadableStream {
	const packer =
		encoding === 'br'
			? zlib.createBrotliCompress({ params: brotliParams, flush: zlib.constants.BROTLI_OPERATION_FLUSH })
			: zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH });
	const source = Readable.fromWeb(body as NodeReadableStream);
	source.on('error', (error) => packer.destroy(error));
	return Readable.toWeb(source.pipe(packer)) as ReadableStream;
}
