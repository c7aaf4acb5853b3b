import * as lists from '#lib/supabase/lists.ts';

/** What a provider sees of its bookings: holds are nobody's yet, and nobody's where they lapse. */
export const listedStatuses = lists.booking_status.filter((status) => status !== 'held' && status !== 'expired');

/** By start, the next or the latest first; the newest booking first; the dearest first; customers by name. */
export const sorts = ['latest', 'soonest', 'newest', 'price', 'name'] as const;

/** What many bookings at once may become. */
export const bulkMoves = ['confirmed', 'in_progress', 'completed', 'no_show', 'rejected', 'cancelled'] as const;
