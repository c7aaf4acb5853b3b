import { expect, test } from 'vitest';
import { fieldsOf } from './form.server.ts';

const posted = (fields: Record<string, string | File>) => {
	const body = new FormData();
	for (const [name, value] of Object.entries(fields)) body.append(name, value);
	return new Request('https://khadamat.example/', { method: 'POST', body });
};

test('the fields of a form come without what Postgres cannot read, and files as they are', async () => {
	const file = new File(['a\0b'], 'a.txt');
	const fields = await fieldsOf(posted({ name: 'Dr\0iss', file }));
	expect(fields.get('name')).toBe('Driss');
	expect(await (fields.get('file') as File).text()).toBe('a\0b');
});

test('a body that is no form is refused', async () => {
	const request = new Request('https://khadamat.example/', {
		method: 'POST',
		headers: { 'content-type': 'multipart/form-data; boundary=x' },
		body: 'cut off'
	});
	await expect(fieldsOf(request)).rejects.toMatchObject({ status: 400 });
});
