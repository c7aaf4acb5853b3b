import type postgres from 'postgres';
import type { Context } from '../context.ts';
import { isOutage, throughOutage } from './retry.ts';

interface Row {
	id: string;
	method: string;
	url: string;
	headers: Record<string, string> | null;
	body: Buffer | null;
	timeout_milliseconds: number;
}

interface Answer {
	status_code: number | null;
	content_type: string | null;
	headers: Record<string, string> | null;
	content: string | null;
	timed_out: boolean;
	error_msg: string | null;
}

/** pg_net's batch size; here also the most that are under way at once. */
const most = 200;
const cleanEvery = 60_000;

/** curl's words for what kept a request from being answered. */
function reason(error: unknown): string {
	const cause = (error as { cause?: { code?: string; message?: string } }).cause;
	if (cause?.code === 'ECONNREFUSED') return "Couldn't connect to server";
	if (cause?.code === 'ENOTFOUND' || cause?.code === 'EAI_AGAIN') return "Couldn't resolve host name";
	return cause?.message ?? (error as Error).message;
}

async function send(row: Row, stop: AbortSignal): Promise<Answer> {
	const none: Answer = {
		status_code: null,
		content_type: null,
		headers: null,
		content: null,
		timed_out: false,
		error_msg: null
	};
	const started = performance.now();
	const timeout = AbortSignal.timeout(Math.max(1, row.timeout_milliseconds));
	try {
		if (!/^https?:\/\//i.test(row.url)) return { ...none, error_msg: 'Unsupported protocol' };
		const response = await fetch(row.url, {
			method: row.method.toUpperCase(),
			headers: { 'user-agent': 'pg_net/0.19.5', ...row.headers },
			body: row.body && new Uint8Array(row.body),
			signal: AbortSignal.any([timeout, stop])
		});
		// Postgres keeps no NUL in text.
		const content = (await response.text()).replaceAll('\0', '');
		return {
			...none,
			status_code: response.status,
			content_type: response.headers.get('content-type'),
			headers: Object.fromEntries(response.headers),
			content
		};
	} catch (error) {
		if (!timeout.aborted) return { ...none, error_msg: reason(error) };
		const total = (performance.now() - started).toFixed(3);
		return {
			...none,
			timed_out: true,
			error_msg: `Timeout of ${row.timeout_milliseconds} ms reached. Total time: ${total} ms`
		};
	}
}

/**
 * Sends what `net.http_*` has queued and keeps the answers for six hours. As with pg_net a request leaves the queue
 * when it is taken, so it is sent at most once.
 */
export function createRequests(context: Context, sql: postgres.Sql): { wake(): void; close(): Promise<void> } {
	const stop = new AbortController();
	const under = new Set<Promise<void>>();
	let draining: Promise<void> | null = null;
	let again = false;
	/** true when more may wait than could be taken */
	let backlog = false;

	const guarded = async (work: () => Promise<unknown>) => {
		try {
			await work();
		} catch (error) {
			// No such table: pg_net is not created. An outage: whoever listens for its end wakes us again.
			const quiet = stop.signal.aborted || isOutage(error) || (error as { code?: string }).code === '42P01';
			if (!quiet) context.log('net', (error as Error).message);
		}
	};

	async function answer(row: Row): Promise<void> {
		const got = await send(row, stop.signal);
		if (stop.signal.aborted) return;
		await guarded(() =>
			throughOutage(
				() => sql`insert into net._http_response ${sql({ id: row.id, ...got } as never)}`,
				() => stop.signal.aborted
			)
		);
	}

	async function drain(): Promise<void> {
		do {
			again = false;
			const free = most - under.size;
			if (free === 0) return;
			const rows = await sql<Row[]>`
				with taken as (
					delete from net.http_request_queue
					where id in (select id from net.http_request_queue order by id limit ${free} for update skip locked)
					returning *
				)
				select id, method, url, headers, body, timeout_milliseconds from taken order by id
			`;
			for (const row of rows) {
				const sending = answer(row).finally(() => {
					under.delete(sending);
					if (backlog) wake();
				});
				under.add(sending);
			}
			backlog = rows.length === free;
			if (backlog) return;
		} while (again && !stop.signal.aborted);
	}

	/** Sends what waits. A call that comes while the queue is read makes it be read once more. */
	function wake(): void {
		again = true;
		if (stop.signal.aborted) return;
		draining ??= guarded(drain).finally(() => {
			draining = null;
			if (again) wake();
		});
	}

	const cleaning = setInterval(() => {
		void guarded(() => sql`delete from net._http_response where created < now() - interval '6 hours'`);
		wake();
	}, cleanEvery);

	return {
		wake,
		close: async () => {
			clearInterval(cleaning);
			stop.abort();
			await draining;
			await Promise.all(under);
		}
	};
}
