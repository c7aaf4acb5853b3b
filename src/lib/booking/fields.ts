/** The fields of our forms, by the names under which the database refuses them. */
export const bookingFields: Record<string, string> = {
	name: 'name',
	email: 'email',
	phone: 'phone',
	address: 'line',
	notes: 'notes'
};
