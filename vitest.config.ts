import { defineConfig } from 'vitest/config';

/** A poll ends as soon as it holds; its limit is for a busy machine, not a judgement of speed. */
const expect = { poll: { timeout: 10_000 } };

/** Kinds of test that need no browser; each says what it must find running. */
export default defineConfig({
	test: {
		// A failure says all that came out: its first line is what the summary shows.
		chaiConfig: { truncateThreshold: 2000 },
		projects: [
			{
				extends: './vite.config.ts',
				test: { name: 'unit', include: ['src/**/*.test.ts'] }
			},
			{
				// Outside the site's build, whose conditions would load the browser's half of packages.
				test: {
					name: 'tools',
					include: ['{packages,scripts,supabase,tests/functions}/**/*.test.ts'],
					exclude: ['**/node_modules/**', 'packages/*/contract/**'],
					expect,
					testTimeout: 30_000,
					hookTimeout: 60_000
				}
			},
			{
				// The contract with Supabase, run against the project named by the environment.
				test: {
					name: 'platform',
					include: ['packages/supabase-embedded/contract/**/*.test.ts'],
					globalSetup: 'packages/supabase-embedded/contract/setup.ts',
					expect,
					testTimeout: 20_000,
					hookTimeout: 30_000
				}
			},
			{
				// The deploy guide followed on a project with the migrations alone.
				test: {
					name: 'deployment',
					include: ['tests/deployment/**/*.test.ts'],
					expect,
					testTimeout: 20_000,
					hookTimeout: 60_000
				}
			},
			{
				// Rules and policies of our own schema, through REST with real tokens.
				test: {
					name: 'policies',
					include: ['tests/policies/**/*.test.ts'],
					expect,
					testTimeout: 20_000,
					hookTimeout: 60_000
				}
			}
		]
	}
});
