import { describe, expect, test } from 'vitest';
import { cliError, firstChange } from './migrations.ts';

describe('migrations that were applied', () => {
	test('agree with the same files and with further ones', () => {
		expect(firstChange({ 'a.sql': '1' }, { 'a.sql': '1', 'b.sql': '2' })).toBeNull();
	});

	test('disagree with an edited or a removed file', () => {
		expect(firstChange({ 'a.sql': '1', 'b.sql': '2' }, { 'a.sql': '1', 'b.sql': '3' })).toBe('b.sql');
		expect(firstChange({ 'a.sql': '1' }, {})).toBe('a.sql');
	});
});

describe('what the Supabase CLI says when it fails', () => {
	test('is its error without its progress and its advice', () => {
		const output = [
			'Connecting to remote database...',
			'Applying migration 1.sql...',
			'ERROR: relation "a" does not exist (SQLSTATE 42P01)',
			'At statement: 3',
			'Try rerunning the command with --debug to troubleshoot the error.'
		].join('\n');
		expect(cliError(output)).toBe('ERROR: relation "a" does not exist (SQLSTATE 42P01)\nAt statement: 3');
	});

	test('is its last line when it names no error', () => {
		expect(cliError('one\ntwo\n')).toBe('two');
	});
});
