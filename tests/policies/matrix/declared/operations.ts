import { kinds } from '../notation.ts';
import type { Domain } from '../notation.ts';

export const operations: Domain = {
	title: 'Operations',
	tables: {
		invariant_findings: {
			about: 'What did not add up when it was last compared.',
			columns: 'id rule subject_id details found_at resolved_at',
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				any
				  select      ·       ·      ·      ·      ·      ·      ·     ·       ·       ✓
			`
		}
	}
};
