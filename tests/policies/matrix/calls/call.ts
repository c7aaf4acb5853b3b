import { signing } from '../../people.ts';
import type { Caller } from '../notation.ts';
import type { Row, Scene } from '../scene.ts';

/** A call of a function. */
export interface Call {
	args: Row;
	/** an address to call from that is nobody else's, where few calls are allowed from one */
	from?: Record<string, string>;
	/** a row that stays as it is when the call is refused: its table and primary key */
	untouched?: [table: string, id: string];
}

/** Prepares one call; `client` is the account that "the client" means in this try. */
export type Prepare = (scene: Scene, client: string, caller: Caller) => Call | Promise<Call>;

/** What each function is called with, by the lines of its declaration. */
export type Calls = Record<string, Record<string, Prepare>>;

/** A call that needs nothing prepared, under each of some lines' names. */
export const plain = (name: string, args: Row = {}): Record<string, Prepare> => ({ [name]: () => ({ args }) });

/** Headers of a call from a place that is nobody else's. */
export async function fromElsewhere({ db }: Scene): Promise<Record<string, string>> {
	const group = () => crypto.randomUUID().slice(0, 4);
	return (await signing(db))(`2001:db8:${group()}:${group()}::1`);
}
