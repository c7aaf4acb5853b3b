import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from 'supabase-embedded';
import { ensureBrowser } from '../../scripts/browser.ts';
import { withLifetime } from '../../scripts/lifetime.ts';
import { runProgram } from '../../scripts/programs.ts';
import { root } from '../../scripts/settings.ts';
import { serveBarePage } from './bare.ts';
import { phoneScore, scriptBytes } from './browser.ts';
import type { Score } from './browser.ts';
import { measureDatabase } from './database.ts';
import { startHouse } from './house.ts';
import { memoryOf } from './memory.ts';
import { plansPage } from './plans.ts';
import { compare } from './rate.ts';
import { report } from './report.ts';

const base = 24_310;
const file = join(root, 'docs/benchmarks.md');
const plansFile = join(root, 'docs/plans.md');
const say = (sentence: string) => console.log(sentence);

/** Address of the booking of a service, found as a person finds it: on the provider's page. */
async function bookingAddress(provider: string): Promise<string> {
	const html = await (await fetch(provider)).text();
	const path = /href="([^"]*\/book\/[0-9a-f-]{36})/.exec(html)?.[1];
	if (!path) throw new Error(`${provider} offers nothing to book`);
	return new URL(path, provider).href;
}

/** `bench`: measures the product as `npm start` starts it and writes docs/benchmarks.md. Takes some eight minutes. */
export function run(): Promise<number> {
	return withLifetime(async (lifetime) => {
		const executable = await ensureBrowser(lifetime);
		const folder = mkdtempSync(join(tmpdir(), 'khadamat-bench-'));
		chmodSync(folder, 0o711); // the account Postgres runs under when we are root must get in
		lifetime.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

		say('Starting without data and without a build …');
		rmSync(join(root, 'build'), { recursive: true, force: true });
		const first = await startHouse(join(folder, 'data'), base);
		await first.close();
		lifetime.check();
		say('Starting again …');
		const house = await startHouse(join(folder, 'data'), base);
		lifetime.defer(() => house.close());
		await new Promise((resolve) => setTimeout(resolve, 5000));
		const atRest = memoryOf(house.pid);

		say('Asking for pages …');
		const [port] = (await freePorts(1)) as [number];
		const bare = await serveBarePage(lifetime, port);
		const site = house.facts.SITE_URL;
		const rates = await compare([
			{ name: 'a bare SvelteKit page', address: () => bare },
			{ name: 'home', address: () => `${site}/` },
			{ name: 'search', address: () => `${site}/search?q=plombier` },
			{ name: 'home, each made anew', address: (n) => `${site}/?n=${n}` },
			{ name: 'search, each made anew', address: (n) => `${site}/search?q=plombier&n=${n}` }
		]);
		const afterLoad = memoryOf(house.pid);
		lifetime.check();

		say('Looking at pages on a phone …');
		const pages = async (language: string): Promise<[string, string][]> => {
			const at = `${site}${language === 'fr' ? '' : `/${language}`}`;
			const provider = `${at}/providers/plomberie-al-amal`;
			return [
				['home', `${at}/`],
				['search', `${at}/search?q=plombier`],
				['provider', provider],
				['booking', await bookingAddress(provider)]
			];
		};
		const scripts: [string, number][] = [];
		for (const [name, address] of await pages('fr')) scripts.push([name, await scriptBytes(executable, address)]);
		const scores: Score[] = [];
		for (const language of ['fr', 'ar']) {
			for (const [name, address] of await pages(language)) {
				lifetime.check();
				scores.push(await phoneScore(executable, `${name}, ${language}`, address, language));
			}
		}

		await house.close();
		say('Asking the database …');
		const database = await measureDatabase(lifetime);

		const text = report({
			cold: first.seconds,
			warm: house.seconds,
			atRest,
			afterLoad,
			rates,
			scripts,
			scores,
			database
		});
		writeFileSync(file, text);
		writeFileSync(plansFile, plansPage(database.plans));
		await runProgram(lifetime, 'prettier', ['--write', file, plansFile], { quiet: true });
		say(`\n${text}\nWritten to docs/benchmarks.md and docs/plans.md.`);
		return 0;
	}, 130);
}
