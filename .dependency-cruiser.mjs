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
			name: 'product-without-stand-ins',
			comment: 'The site and the functions run without the packages that stand in for others, and without our scripts.',
			severity: 'error',
			from: { path: '^(src|supabase)/' },
			to: { path: '^(packages|scripts|tests)/' }
		},
		{
			name: 'packages-without-product',
			comment: 'What stands in for Supabase and Stripe would do so for any project.',
			severity: 'error',
			from: { path: '^packages/([^/]+)/' },
			to: { path: '^(src|supabase|scripts|tests|packages/(?!$1/)[^/]+)/' }
		},
		{
			name: 'packages-by-their-face',
			comment: 'Others use what a package exports, not what is inside it.',
			severity: 'error',
			from: { path: '^(?!packages/)' },
			to: { path: '^packages/', pathNot: '^packages/[^/]+/(index|fixture|testing/(index|platform))[.]ts$' }
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
