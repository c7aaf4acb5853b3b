import type { Recipes } from './recipe.ts';

export const operations: Recipes = {
	invariant_findings: {
		change: { details: { seen: true } },
		kinds: {
			any: (scene) =>
				scene.insert('invariant_findings', {
					rule: `trial ${scene.next()}`,
					subject_id: crypto.randomUUID(),
					resolved_at: '2030-01-01T00:00:00Z'
				})
		}
	}
};
