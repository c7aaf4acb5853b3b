/** What a provider sees of its bookings: holds are nobody's yet. */
export const listedStatuses = [
	'pending',
	'confirmed',
	'in_progress',
	'completed',
	'cancelled',
	'rejected',
	'no_show'
] as const;

/** By start, the next or the latest first; the newest booking first; the dearest first; customers by name. */
export const sorts = ['latest', 'soonest', 'newest', 'price', 'name'] as const;

/** What many bookings at once may become. */
export const bulkMoves = ['confirmed', 'in_progress', 'completed', 'no_show', 'rejected', 'cancelled'] as const;
