/** Something a person can act on. The command line prints its message alone, without a stack. */
export class Failure extends Error {}

/** Data that another version of the package made: it has to be made anew. */
export class OutdatedData extends Failure {}
