import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { projectSettings, root } from './settings.ts';
import { runHouse } from './house.ts';
import type { Lifetime } from './lifetime.ts';
import { startDevelopmentSite } from './site.ts';

/** Migrations are applied at a start only; whoever edits one is told how to go on, once for each burst of changes. */
function watchMigrations(lifetime: Lifetime): void {
	const folder = join(root, 'supabase/migrations');
	if (!existsSync(folder)) return;
	let timer: NodeJS.Timeout | undefined;
	const watcher = watch(folder, () => {
		clearTimeout(timer);
		timer = setTimeout(() => {
			console.log(
				'The migrations changed. A new one is applied by starting again, an edited one by: npm run dev -- --fresh'
			);
		}, 500);
	});
	lifetime.defer(() => {
		clearTimeout(timer);
		watcher.close();
	});
}

/** `dev [--fresh]`: the same platform and data as `start`, with the site served from its sources on port 5173. */
export function run(args: string[]): Promise<number> {
	return runHouse({
		command: 'npm run dev',
		settings: projectSettings(5173),
		args,
		serve: async (lifetime, backend) => {
			await startDevelopmentSite(lifetime, backend);
			watchMigrations(lifetime);
		}
	});
}
