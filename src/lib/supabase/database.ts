import type { Database as Generated } from './types.ts';

type Schema = Generated['public'];
type Composites = Schema['CompositeTypes'];

/**
 * A composite type as our functions fill it: Postgres cannot say which attributes are never null, so the caller names
 * those that may be.
 */
export type Filled<Row, MayBeNull extends keyof Row = never> = {
	[Key in keyof Row]: Key extends MayBeNull ? Row[Key] : NonNullable<Row[Key]>;
};

/** session_id is there for who asked about a service of sessions, null for all others. */
type Slot = Filled<Composites['slot']>;

/** What is in the one array with which functions answer whose rows would be too many: to the generator it is some JSON. */
interface Arrays {
	available_slots: Slot;
	slots_to_move: Slot;
	session_seats: Filled<Composites['session_seat']>;
	booking_contacts: Filled<Composites['booking_contact'], 'phone' | 'address'>;
}

/** The database as the generator knows it, and what is in those arrays. */
export type Database = Omit<Generated, 'public'> & {
	public: Omit<Schema, 'Functions'> & {
		Functions: Omit<Schema['Functions'], keyof Arrays> & {
			[Name in keyof Arrays]: Omit<Schema['Functions'][Name], 'Returns'> & { Returns: Arrays[Name][] };
		};
	};
};
