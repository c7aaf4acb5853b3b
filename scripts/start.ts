import { projectSettings } from './settings.ts';
import { runHouse } from './house.ts';
import { buildSite, startSite } from './site.ts';

/** `start [--fresh]`: the platform with its data kept, and the production site on it. */
export function run(args: string[]): Promise<number> {
	return runHouse({
		command: 'npm start',
		settings: projectSettings(),
		args,
		serve: async (lifetime, backend, say) => {
			await buildSite(lifetime, say);
			await startSite(lifetime, backend);
		}
	});
}
