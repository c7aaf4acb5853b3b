import { lookup as resolve } from 'node:dns/promises';
import { request as plain } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as secure } from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Why nothing was fetched, in words that may be shown to who gave the address: they tell nothing of our network. */
export type OutgoingProblem =
	'address_refused' | 'unresolvable' | 'unreachable' | 'timed_out' | 'too_large' | 'too_many_redirects';

class OutgoingError extends Error {
	readonly problem: OutgoingProblem;

	constructor(problem: OutgoingProblem, cause?: unknown) {
		super(problem, { cause });
		this.problem = problem;
	}
}

/** Addresses of one name, as `dns.lookup` gives them. */
type Address = { address: string; family: number };

export interface OutgoingOptions {
	method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
	headers?: Record<string, string>;
	body?: string | Uint8Array;
	/** milliseconds for all of it, redirects and body included */
	timeout?: number;
	/** bytes of the answer's body */
	maxBytes?: number;
	/** how many redirects are followed; with 0 a redirect is an answer like others */
	maxRedirects?: number;
	/** origins that may be private and without TLS, for trial on one machine; by default those of OUTGOING_TRIAL_ORIGINS */
	trialOrigins?: readonly string[];
	/** looks a name up; for tests */
	resolveName?: (name: string) => Promise<Address[]>;
}

/** Public by their number, and yet of the host's own: the metadata and agent address of a large provider. */
const metadata = new Set(['168.63.129.16']);
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an IP address is one of the public internet's, and of no special use. An IPv4 address within an IPv6 one is not. */
export function isPublicAddress(text: string): boolean {
	if (!ipaddr.isValid(text)) return false;
	const address = ipaddr.parse(text);
	if (address.range() !== 'unicast' || metadata.has(address.toString())) return false;
	return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(globalUnicast);
}

/** Names that lead into one's own network, whatever they resolve to. */
const ownNames = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa|localdomain)\.?$/;

/**
 * Whether an address that somebody gave may be asked at all, as far as its text tells: https at the usual port, no
 * credentials, a name with a dot or a public IP address. URL has brought decimal, octal and hexadecimal forms of IPv4 into
 * the usual one before.
 */
export function isAllowedUrl(url: URL, trialOrigins: readonly string[] = []): boolean {
	if (url.username !== '' || url.password !== '') return false;
	if (trialOrigins.includes(url.origin)) return url.protocol === 'https:' || url.protocol === 'http:';
	if (url.protocol !== 'https:' || url.port !== '') return false;
	const host = url.hostname.replace(/^\[|\]$/g, '');
	if (ipaddr.isValid(host)) return isPublicAddress(host);
	return host.replace(/\.$/, '').includes('.') && !ownNames.test(host);
}

const trialOriginsOfEnvironment = () => (process.env.OUTGOING_TRIAL_ORIGINS ?? '').split(/[\s,]+/).filter(Boolean);

const lookUp = (name: string): Promise<Address[]> => resolve(name, { all: true });

/** The addresses of a host, every one of them public. Raises OutgoingError. */
async function publicAddresses(host: string, resolveName: (name: string) => Promise<Address[]>): Promise<Address[]> {
	const found = ipaddr.isValid(host)
		? [{ address: host, family: ipaddr.parse(host).kind() === 'ipv4' ? 4 : 6 }]
		: await resolveName(host).catch((error: unknown) => {
				throw new OutgoingError('unresolvable', error);
			});
	if (found.length === 0) throw new OutgoingError('unresolvable');
	// One that is not is enough: the name would be chosen so that it is taken now and then.
	if (!found.every(({ address }) => isPublicAddress(address))) throw new OutgoingError('address_refused');
	return found;
}

interface Hop {
	url: URL;
	method: string;
	headers: Record<string, string>;
	body: string | Uint8Array | undefined;
}

/** One request to addresses that were checked: the connection resolves nothing by itself. */
function ask(hop: Hop, addresses: Address[] | null, signal: AbortSignal): Promise<IncomingMessage> {
	const pinned: LookupFunction = (_name, options, callback) => {
		const [first] = addresses!;
		if (options.all) (callback as (error: null, all: Address[]) => void)(null, addresses!);
		else callback(null, first!.address, first!.family);
	};
	const options: RequestOptions = {
		method: hop.method,
		headers: { 'accept-encoding': 'identity', 'user-agent': 'Khadamat', ...hop.headers },
		agent: false,
		signal,
		...(addresses ? { lookup: pinned } : {})
	};
	return new Promise((done, refuse) => {
		const request = (hop.url.protocol === 'https:' ? secure : plain)(hop.url, options, (response) => {
			// Where a runtime had a resolver of its own after all, its answer is not read.
			const reached = response.socket.remoteAddress;
			if (addresses && reached !== undefined && !isPublicAddress(reached.replace(/^::ffff:(?=\d+\.)/, ''))) {
				response.destroy();
				refuse(new OutgoingError('address_refused'));
			} else done(response);
		});
		request.once('error', (error) => refuse(new OutgoingError(signal.aborted ? 'timed_out' : 'unreachable', error)));
		request.end(hop.body);
	});
}

/** Reads a body up to a number of bytes. Raises OutgoingError `too_large` beyond. */
async function read(
	response: IncomingMessage,
	maxBytes: number,
	signal: AbortSignal
): Promise<Uint8Array<ArrayBuffer>> {
	const parts: Buffer[] = [];
	let size = 0;
	try {
		for await (const part of response as AsyncIterable<Buffer>) {
			size += part.byteLength;
			if (size > maxBytes) {
				response.destroy();
				throw new OutgoingError('too_large');
			}
			parts.push(part);
		}
	} catch (error) {
		if (error instanceof OutgoingError) throw error;
		throw new OutgoingError(signal.aborted ? 'timed_out' : 'unreachable', error);
	}
	return new Uint8Array(Buffer.concat(parts));
}

/** Where a redirect leads and what is asked there, as fetch does it; to another origin nothing of the caller's goes along. */
function redirected(hop: Hop, status: number, location: string): Hop | null {
	if (!URL.canParse(location, hop.url)) return null;
	const url = new URL(location, hop.url);
	const asGet = status === 303 || ((status === 301 || status === 302) && hop.method === 'POST');
	const sameOrigin = url.origin === hop.url.origin;
	if (!asGet && hop.body !== undefined && !sameOrigin) return null;
	return {
		url,
		method: asGet && hop.method !== 'HEAD' ? 'GET' : hop.method,
		headers: sameOrigin && !asGet ? hop.headers : {},
		body: asGet ? undefined : hop.body
	};
}

/**
 * Fetches from an address that a person gave: a webhook, a calendar, a push service. Nothing but public addresses is
 * asked: each name is looked up once, all that it has must be public, and the connection goes to what was checked; the
 * same for each redirect. The answer is whole when it comes. Raises OutgoingError.
 */
export async function fetchOutgoing(address: string, options: OutgoingOptions = {}): Promise<Response> {
	const {
		timeout = 10_000,
		maxBytes = 2 ** 20,
		maxRedirects = 3,
		trialOrigins = trialOriginsOfEnvironment(),
		resolveName = lookUp
	} = options;
	if (!URL.canParse(address)) throw new OutgoingError('address_refused');
	const signal = AbortSignal.timeout(timeout);
	const late = new Promise<never>((_, refuse) => {
		signal.addEventListener('abort', () => refuse(new OutgoingError('timed_out')), { once: true });
	});
	late.catch(() => {});

	let hop: Hop = {
		url: new URL(address),
		method: options.method ?? 'GET',
		headers: options.headers ?? {},
		body: options.body
	};
	for (let hops = 0; ; hops++) {
		if (!isAllowedUrl(hop.url, trialOrigins)) throw new OutgoingError('address_refused');
		const host = hop.url.hostname.replace(/^\[|\]$/g, '');
		const trusted = trialOrigins.includes(hop.url.origin);
		const addresses = trusted ? null : await Promise.race([publicAddresses(host, resolveName), late]);
		const response = await ask(hop, addresses, signal);
		const status = response.statusCode ?? 502;
		const { location } = response.headers;
		if (maxRedirects > 0 && [301, 302, 303, 307, 308].includes(status) && location !== undefined) {
			response.destroy();
			if (hops === maxRedirects) throw new OutgoingError('too_many_redirects');
			const next = redirected(hop, status, location);
			if (!next) throw new OutgoingError('address_refused');
			hop = next;
			continue;
		}
		const body = await read(response, maxBytes, signal);
		const headers = new Headers();
		for (const [name, value] of Object.entries(response.headersDistinct))
			for (const one of value ?? []) headers.append(name, one);
		const empty = hop.method === 'HEAD' || [204, 205, 304].includes(status);
		return new Response(empty ? null : body, { status, headers });
	}
}
