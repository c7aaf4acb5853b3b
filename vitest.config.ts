import { defineConfig } from 'vitest/config';

/** Three kinds of test that need no browser; each says what it must find running. */
export default defineConfig({
	test: {
		projects: [
			{
				extends: './vite.config.ts',
				test: { name: 'unit', include: ['src/**/*.test.ts'] }
			},
			{
				// Outside the site's build, whose conditions would load the browser's half of packages.
				test: {
					name: 'local',
					include: ['local/**/*.test.ts', 'supabase/**/*.test.ts'],
					testTimeout: 30_000,
					hookTimeout: 60_000
				}
			},
			{
				// The contract with Supabase, run against the project named by the environment.
				test: {
					name: 'platform',
					include: ['tests/platform/**/*.test.ts'],
					globalSetup: 'tests/platform/setup.ts',
					testTimeout: 20_000,
					hookTimeout: 30_000
				}
			},
			{
				// Rules and policies of our own schema, through REST with real tokens.
				test: { name: 'policies', include: ['tests/policies/**/*.test.ts'], testTimeout: 20_000, hookTimeout: 60_000 }
			}
		]
	}
});
