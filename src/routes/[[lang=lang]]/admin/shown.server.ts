import type { AdminProvider, Verification } from '#lib/administration/queries.ts';
import { localText } from '#lib/time/zone.ts';

/* Rows as pages show them: their moments by the platform's clocks. */

export function decided<Row extends Verification>(row: Row): Row {
	return {
		...row,
		created_at: localText(row.created_at),
		decided_at: row.decided_at && localText(row.decided_at)
	};
}

export function providerShown(row: AdminProvider): AdminProvider {
	return {
		...row,
		created_at: localText(row.created_at),
		verified_at: row.verified_at && localText(row.verified_at)
	};
}
