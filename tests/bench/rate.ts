import autocannon from 'autocannon';

/** One thing to ask for, again and again. */
export interface Target {
	name: string;
	/** the address of the n-th request */
	address: (n: number) => string;
}

export interface Rate {
	name: string;
	/** requests a second */
	rate: number;
	/** 95 of 100 requests take at most this many milliseconds */
	p95: number;
	/** answers other than 200, and requests without one */
	failures: number;
}

const connections = 10;
const seconds = 4;
const rounds = 3;

/** Asks as a browser does; `n` counts on from round to round, so that an address that must be new stays new. */
async function round({ name, address }: Target, from: number): Promise<Rate & { asked: number }> {
	const url = new URL(address(from));
	const times: number[] = [];
	let n = from;
	const options: autocannon.Options = {
		url: url.origin,
		connections,
		duration: seconds,
		headers: { accept: 'text/html', 'accept-encoding': 'br' },
		requests: [
			{
				setupRequest: (request) => {
					const next = new URL(address(n++));
					return { ...request, path: next.pathname + next.search };
				}
			}
		]
	};
	const result = await new Promise<autocannon.Result>((resolve, reject) => {
		const running = autocannon(options, (error: Error | null, answer) => (error ? reject(error) : resolve(answer)));
		running.on('response', (_client, _status, _bytes, time) => void times.push(time));
	});
	times.sort((a, b) => a - b);
	return {
		name,
		rate: result.requests.average,
		p95: times[Math.floor(times.length * 0.95)] ?? 0,
		failures: result.non2xx + result.errors,
		asked: n - from
	};
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

/** The rate of each target: they take turns for some rounds, so that a slow minute of the machine meets them all. */
export async function compare(targets: Target[]): Promise<Rate[]> {
	const all: (Rate & { asked: number })[][] = targets.map(() => []);
	const asked = targets.map(() => 0);
	for (let turn = 0; turn <= rounds; turn++) {
		for (const [index, target] of targets.entries()) {
			const one = await round(target, asked[index]!);
			asked[index]! += one.asked;
			if (turn > 0) all[index]!.push(one); // the first round warms up
		}
	}
	return all.map((results) => ({
		name: results[0]!.name,
		rate: median(results.map(({ rate }) => rate)),
		p95: median(results.map(({ p95 }) => p95)),
		failures: results.reduce((sum, { failures }) => sum + failures, 0)
	}));
}
