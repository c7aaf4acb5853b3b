/** The face of the package: what projects that stand on it, and their tests, may use. */
export type { Context } from './context.ts';
export { Failure, OutdatedData } from './failure.ts';
export { createFunctions } from './functions/index.ts';
export { findDeno } from './functions/deno.ts';
export { parseTemplate } from './auth/mail/template.ts';
export { loadKeys } from './keys.ts';
export type { Keys } from './keys.ts';
export { openLog } from './log.ts';
export { createMail } from './mail/index.ts';
export { checkPorts, startPlatform } from './platform.ts';
export { freePorts } from './ports.ts';
export { endLeftover } from './postgres/server.ts';
export { defaultPorts, readConfig } from './settings.ts';
export type { Config, Ports } from './settings.ts';
