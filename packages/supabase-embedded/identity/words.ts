export type Language = 'fr' | 'ar' | 'en';

const en = {
	badge: 'Stand-in for tests – this is not {provider}',
	title: 'Sign in with {provider}',
	text: '{site} wants to know your name and your e-mail address.',
	email: 'E-mail address',
	name: 'Name',
	verified: '{provider} has verified this address',
	shared: 'Share the address',
	agree: 'Continue',
	refuse: 'Refuse',
	email_wrong: 'Enter an e-mail address.',
	name_missing: 'Enter a name.',
	broken: 'This request cannot be answered'
};

export type Words = typeof en;

const fr: Words = {
	badge: 'Doublure de test – ce n’est pas {provider}',
	title: 'Se connecter avec {provider}',
	text: '{site} demande à connaître votre nom et votre adresse e-mail.',
	email: 'Adresse e-mail',
	name: 'Nom',
	verified: '{provider} a vérifié cette adresse',
	shared: 'Donner l’adresse',
	agree: 'Continuer',
	refuse: 'Refuser',
	email_wrong: 'Saisissez une adresse e-mail.',
	name_missing: 'Saisissez un nom.',
	broken: 'Cette demande ne peut pas être traitée'
};

const ar: Words = {
	badge: 'بديل للاختبار – هذا ليس {provider}',
	title: 'تسجيل الدخول عبر {provider}',
	text: 'يطلب {site} معرفة اسمك وعنوان بريدك الإلكتروني.',
	email: 'البريد الإلكتروني',
	name: 'الاسم',
	verified: 'تحقق {provider} من هذا العنوان',
	shared: 'مشاركة العنوان',
	agree: 'متابعة',
	refuse: 'رفض',
	email_wrong: 'أدخل عنوان بريد إلكتروني.',
	name_missing: 'أدخل اسمًا.',
	broken: 'لا يمكن معالجة هذا الطلب'
};

export const words: Record<Language, Words> = { fr, ar, en };

/** The first of the languages that a browser asks for which the page speaks; French otherwise. */
export function languageOf(accepted = ''): Language {
	const wanted = accepted.split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
	return wanted.find((tag): tag is Language => Object.hasOwn(words, tag)) ?? 'fr';
}
