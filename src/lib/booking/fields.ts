import type { MessageKey } from '#lib/i18n/messages.ts';

/** The fields of our forms, by the names under which the database refuses them. */
export const bookingFields: Record<string, string> = {
	name: 'name',
	email: 'email',
	phone: 'phone',
	address: 'line',
	notes: 'notes'
};

/** What is wrong where the database refused a field: it was left empty, or what was typed is not of its form. */
export function fieldProblem(field: string, typed: Record<string, unknown>): MessageKey {
	const given = typed[bookingFields[field] ?? ''];
	if (given && field === 'email') return 'errors.field.email';
	if (given && field === 'phone') return 'errors.field.phone';
	return 'errors.field.required';
}
