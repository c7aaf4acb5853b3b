/** What the rooms on the ground floor are: they know no domain. Every other folder of src/lib is one. */
const ground = 'ui|i18n|form|http|list|csv|supabase|time|money';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
	forbidden: [
		{
			name: 'no-circle',
			comment: 'Two files that need each other are one, or need a third. Types count.',
			severity: 'error',
			from: {},
			to: { circular: true }
		},
		{
			name: 'product-without-platform',
			comment: 'The site and the functions run without the embedded platform.',
			severity: 'error',
			from: { path: '^(src|supabase)/' },
			to: { path: '^(local|tests)/' }
		},
		{
			name: 'ground-floor-without-domains',
			comment: 'Domains build on the ground floor, never the other way round.',
			severity: 'error',
			from: { path: `^src/lib/(${ground})/` },
			to: { path: `^src/lib/(?!(${ground})/)[^/]+/` }
		},
		{
			name: 'library-without-routes',
			comment: 'Routes use the library, never the other way round. Addresses are in src/lib/routes.ts.',
			severity: 'error',
			from: { path: '^src/lib/' },
			to: { path: '^src/routes/' }
		}
	],
	options: {
		tsPreCompilationDeps: true,
		doNotFollow: { path: 'node_modules' },
		exclude: { path: 'node_modules|[.]svelte-kit/' },
		enhancedResolveOptions: {
			exportsFields: ['exports'],
			conditionNames: ['svelte', 'types', 'import', 'node', 'default'],
			extensions: ['.ts', '.js', '.svelte', '.mjs']
		}
	}
};
