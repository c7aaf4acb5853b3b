import { expect, test } from 'vitest';
import { cursorText, paged } from './cursor.ts';
import { cursor } from './schema.ts';

const place = { at: '2026-11-20T10:00:00.123456+00:00', id: '0199f0a0-0000-7000-8000-000000000001' };

test('a cursor comes back from an address to the microsecond', () => {
	expect(cursor.parse(cursorText(place))).toEqual(place);
});

test.each([undefined, '', 'x_y', '2026-11-20T10:00:00+00:00', `",id.gt.0_${place.id}`])(
	'a cursor that is %s counts as none',
	(text) => expect(cursor.parse(text)).toBeUndefined()
);

test('a page says where the next one begins as long as there is one', () => {
	const rows = ['c', 'b', 'a'].map((id) => ({ id }));
	const cursorOf = ({ id }: { id: string }) => ({ at: place.at, id });
	expect(paged(rows, 2, cursorOf)).toEqual({ rows: rows.slice(0, 2), next: `${place.at}_b` });
	expect(paged(rows, 3, cursorOf)).toEqual({ rows, next: null });
});
