import { kinds, lines } from '../notation.ts';
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
	},
	functions: {
		clock_state: {
			about: 'Which clocks the database goes by, for monitors.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				as it is                                ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		}
	}
};
