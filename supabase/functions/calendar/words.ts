import type { One } from '../_shared/lists.ts';

export type Language = One<'language'>;
/** of bookings that stand in a calendar */
export type Status = Extract<One<'booking_status'>, 'pending' | 'confirmed' | 'in_progress' | 'completed'>;
export type Mode = One<'booking_mode'>;

interface Words {
	/** stands before the name while the provider's answer is awaited */
	pending: string;
	/** between a label and what it labels */
	colon: string;
	comma: string;
	status: Record<Status, string>;
	/** what bookings of a mode take */
	resources: Record<Mode, string>;
	reference: string;
	state: string;
	phone: string;
	people: string;
	/** how to find the place */
	access: string;
	notes: string;
	/** places of a session that are taken, of all it has */
	places: string;
}

/** What a member reads in their calendar, in the language of their profile. */
export const wordsIn: Record<Language, Words> = {
	fr: {
		pending: 'À confirmer',
		colon: '\u00a0: ',
		comma: ', ',
		status: {
			pending: 'en attente de votre réponse',
			confirmed: 'confirmée',
			in_progress: 'en cours',
			completed: 'terminée'
		},
		resources: { appointment: 'Équipe', table: 'Table', session: 'Salle' },
		reference: 'Réservation',
		state: 'Statut',
		phone: 'Téléphone',
		people: 'Personnes',
		access: 'Accès',
		notes: 'Message',
		places: 'Places réservées'
	},
	ar: {
		pending: 'في انتظار التأكيد',
		colon: ': ',
		comma: '، ',
		status: { pending: 'في انتظار جوابك', confirmed: 'مؤكد', in_progress: 'جارٍ', completed: 'منجز' },
		resources: { appointment: 'الفريق', table: 'الطاولة', session: 'القاعة' },
		reference: 'الحجز',
		state: 'الحالة',
		phone: 'الهاتف',
		people: 'عدد الأشخاص',
		access: 'الوصول',
		notes: 'رسالة الزبون',
		places: 'الأماكن المحجوزة'
	},
	en: {
		pending: 'To confirm',
		colon: ': ',
		comma: ', ',
		status: {
			pending: 'waiting for your answer',
			confirmed: 'confirmed',
			in_progress: 'in progress',
			completed: 'completed'
		},
		resources: { appointment: 'Team', table: 'Table', session: 'Room' },
		reference: 'Booking',
		state: 'Status',
		phone: 'Phone',
		people: 'People',
		access: 'Access',
		notes: 'Message',
		places: 'Places booked'
	}
};
