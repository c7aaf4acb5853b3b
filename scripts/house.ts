import { join } from 'node:path';
import { Failure, openLog, OutdatedData } from 'supabase-embedded';
import { startBackend } from './backend.ts';
import type { Backend } from './backend.ts';
import { sayClocks } from './clocks/compare.ts';
import { completeData, prepareData, remake } from './data.ts';
import { factsOf, table } from './facts.ts';
import { withLifetime } from './lifetime.ts';
import type { Lifetime } from './lifetime.ts';
import { announce, lockFolder } from './lock.ts';
import { migrate } from './migrations.ts';
import type { Settings } from './settings.ts';

/** How `start` and `dev` differ. */
interface House {
	command: string;
	settings: Settings;
	args: string[];
	/** brings the site up and resolves when it answers */
	serve(lifetime: Lifetime, backend: Backend, say: (sentence: string) => void): Promise<unknown>;
}

/** What goes wrong inside a service is written down; the rest of the house goes on, as separate services would. */
function surviveErrors(lifetime: Lifetime, log: (service: string, line: string) => void): void {
	const note = (error: unknown) =>
		log('platform', error instanceof Error ? (error.stack ?? error.message) : String(error));
	process.on('uncaughtException', note);
	process.on('unhandledRejection', note);
	lifetime.defer(() => {
		process.off('uncaughtException', note);
		process.off('unhandledRejection', note);
	});
}

/** Runs the whole house on the project's data until it is asked to stop. Resolves to the exit code. */
export function runHouse({ command, settings, args, serve }: House): Promise<number> {
	const say = (sentence: string) => console.log(sentence);
	return withLifetime(async (lifetime) => {
		const { folder } = settings;
		lifetime.defer(lockFolder(folder, command));
		const { first } = await prepareData(folder, args.includes('--fresh'), say);

		const log = openLog(join(folder, 'platform.log'), (sentence) => console.error(sentence));
		surviveErrors(lifetime, log);

		say(first ? 'Making the database …' : 'Starting the platform …');
		const starting = startBackend(settings, log).catch((error: unknown) => {
			throw error instanceof OutdatedData ? new Failure(`${error.message} ${remake}`) : error;
		});
		const backend = await lifetime.own(starting);

		if (first) say('Applying the migrations and the seed …');
		const facts = factsOf(backend);
		await migrate(lifetime, facts, first);
		completeData(folder);
		await sayClocks(facts.DB_URL, say);

		await serve(lifetime, backend, say);
		lifetime.defer(() => say('Stopping …'));
		lifetime.defer(announce(folder, facts));
		say(`\nKhadamat is running. Ctrl-C stops it.\n\n${table(facts)}\n`);
		await lifetime.untilInterrupted();
		return 0;
	}, 0);
}
