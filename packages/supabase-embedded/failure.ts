/** Something a person can act on. The command line prints its message alone, without a stack. */
export class Failure extends Error {}
