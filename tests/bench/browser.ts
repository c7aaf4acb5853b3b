import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { Failure } from 'supabase-embedded';
import { freePorts } from 'supabase-embedded';

const flags = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run'];

/** Bytes of JavaScript, as compressed on the wire and without headers, that a page makes a phone fetch. */
export async function scriptBytes(executablePath: string, address: string): Promise<number> {
	const browser = await chromium.launch({ executablePath, args: flags });
	try {
		const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
		await page.goto(address, { waitUntil: 'networkidle' });
		const sizes = await page.evaluate(() =>
			performance.getEntriesByType('resource').map((entry) => {
				const { name, encodedBodySize } = entry as PerformanceResourceTiming;
				return name.endsWith('.js') ? encodedBodySize : 0;
			})
		);
		return sizes.reduce((sum, size) => sum + size, 0);
	} finally {
		await browser.close();
	}
}

export interface Score {
	name: string;
	/** 0 to 100 */
	performance: number;
	accessibility: number;
	bestPractices: number;
	seo: number;
	/** ids of audits that are not at their best, performance's left out: it is a matter of degree */
	faults: string[];
}

const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;

/** Lighthouse's scores for a phone, as it measures by default: a slow processor and a slow network, simulated. */
async function judge(executablePath: string, address: string, language: string): Promise<Omit<Score, 'name'>> {
	const [port] = (await freePorts(1)) as [number];
	const browser = await chromium.launch({ executablePath, args: [...flags, `--remote-debugging-port=${port}`] });
	try {
		const run = await lighthouse(address, {
			port,
			output: 'json',
			logLevel: 'error',
			onlyCategories: [...categories],
			// The bare address leads visitors to their language; each page is to be judged where it is.
			extraHeaders: { 'accept-language': language }
		});
		if (!run || run.lhr.runtimeError) {
			throw new Failure(`Lighthouse could not judge ${address}: ${run?.lhr.runtimeError?.message ?? 'no result'}`);
		}
		const { lhr } = run;
		const score = (category: (typeof categories)[number]) => Math.round((lhr.categories[category]?.score ?? 0) * 100);
		const faults = categories
			.slice(1)
			.flatMap((category) => lhr.categories[category]?.auditRefs ?? [])
			.filter(({ id, weight }) => weight > 0 && (lhr.audits[id]?.score ?? 1) < 1)
			.map(({ id }) => id);
		return {
			performance: score('performance'),
			accessibility: score('accessibility'),
			bestPractices: score('best-practices'),
			seo: score('seo'),
			faults
		};
	} finally {
		await browser.close();
	}
}

/**
 * The run with the middle performance of three, since one run alone is a matter of luck: on a busy machine a page may
 * even be judged before it has painted anything, which counts as no run.
 */
export async function phoneScore(
	executablePath: string,
	name: string,
	address: string,
	language: string
): Promise<Score> {
	const runs: Omit<Score, 'name'>[] = [];
	for (let tries = 0; runs.length < 3; tries++) {
		try {
			runs.push(await judge(executablePath, address, language));
		} catch (error) {
			if (!(error instanceof Failure) || tries > 4) throw error;
		}
	}
	return { name, ...runs.toSorted((a, b) => a.performance - b.performance)[1]! };
}
