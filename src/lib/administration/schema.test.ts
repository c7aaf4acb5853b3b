import { describe, expect, test } from 'vitest';
import { cursorText } from '#lib/list/cursor.ts';
import { listOf } from '#lib/list/schema.ts';
import { accountListSchema, auditListSchema, mistypedIds, roleSchema, suspendSchema } from './schema.ts';

const id = '0192e4a0-0000-7000-8000-000000000001';
const at = (query: string) => new URL(`https://khadamat.example/admin?${query}`);

describe('the address of a list', () => {
	test('gives the filters that fit and drops the rest', () => {
		const filter = listOf(
			auditListSchema,
			at(`table=auth.users&action=explode&actor=me&provider=${id}&from=2026-02-30&row=`)
		);
		expect(filter).toEqual({ table: 'auth.users', provider: id });
	});

	test('keeps its place, to the microsecond', () => {
		const after = { at: '2026-11-20T13:30:05.123456+00:00', id };
		const url = at(new URLSearchParams({ q: ' Amina ', after: cursorText(after) }).toString());
		expect(listOf(accountListSchema, url)).toEqual({ q: 'Amina', after });
		expect(listOf(accountListSchema, at('after=yesterday'))).toEqual({});
	});

	test('says which ids are none', () => {
		expect(mistypedIds(at(`actor=hicham&provider=${id}`))).toEqual(['actor']);
		expect(mistypedIds(at('actor='))).toEqual([]);
	});
});

test('who suspends says why', () => {
	expect(suspendSchema.safeParse({ reason: '  ' }).error?.issues[0]?.message).toBe('errors.field.required');
	expect(suspendSchema.parse({ reason: ' insults ' })).toEqual({ reason: 'insults' });
});

test('a role is one of three', () => {
	expect(roleSchema.safeParse({ role: 'king' }).success).toBe(false);
	expect(roleSchema.parse({ role: 'admin', confirmation: ' Amina@Example.com' }).confirmation).toBe(
		'amina@example.com'
	);
});
