/** For the tests of projects that stand on the package: clients of a project, its mails, and who vouches for people. */
export { answer, follow, proofKey } from './identity.ts';
export { mailTo } from './mails.ts';
export * from './project.ts';
