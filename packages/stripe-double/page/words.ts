/** The page's languages. */
export type Language = 'fr' | 'en';

const fr = {
	badge: 'Doublure de test – aucun paiement réel',
	title: 'Paiement',
	summary: 'Récapitulatif',
	total: 'Total à payer',
	quantity: 'Qté',
	cancel: 'Annuler et revenir au site',
	contact: 'Coordonnées',
	email: 'E-mail',
	card: 'Paiement par carte',
	number: 'Numéro de carte',
	expiry: "Date d'expiration",
	expiryHint: 'MM / AA',
	cvc: 'Code CVC',
	name: 'Nom sur la carte',
	pay: 'Payer {amount}',
	book: 'Réserver et payer {amount}',
	testCards: 'Cartes de test',
	succeeds: 'paiement accepté',
	authenticates: 'demande une authentification',
	noFunds: 'refusée : fonds insuffisants',
	refused: 'refusée',
	testHint: 'Toute date future, tout code à trois chiffres.',
	fix: 'Vérifiez les champs signalés.',
	emailWrong: 'Saisissez une adresse e-mail valide.',
	numberMissing: 'Saisissez le numéro de la carte.',
	numberWrong: "Ce numéro de carte n'est pas valide.",
	numberReal: "Ce n'est pas une carte de test. N'utilisez jamais une vraie carte ici.",
	expiryWrong: "La date d'expiration est incomplète ou incorrecte.",
	expiryPast: "La date d'expiration de la carte est dépassée.",
	cvcWrong: 'Le code de sécurité est incomplet.',
	nameMissing: 'Saisissez le nom qui figure sur la carte.',
	expiredTitle: 'Cette page de paiement a expiré',
	expiredText: "Rien n'a été prélevé. Revenez au site pour recommencer.",
	completeTitle: 'Ce paiement est déjà fait',
	completeText: "Vous n'avez plus rien à payer.",
	back: 'Revenir au site',
	missingTitle: 'Page introuvable',
	missingText: 'Cette adresse ne mène à aucun paiement. Vérifiez le lien, ou revenez au site.',
	proofTitle: 'Votre banque vous demande de confirmer',
	proofText: 'Étape 3-D Secure : ici, vous choisissez vous-même la réponse de la banque pour le paiement de {amount}.',
	proofPass: "Réussir l'authentification",
	proofFail: "Échouer à l'authentification"
};

const en: typeof fr = {
	badge: 'Test double – no real payment',
	title: 'Payment',
	summary: 'Summary',
	total: 'Total due',
	quantity: 'Qty',
	cancel: 'Cancel and go back',
	contact: 'Contact',
	email: 'Email',
	card: 'Pay by card',
	number: 'Card number',
	expiry: 'Expiry date',
	expiryHint: 'MM / YY',
	cvc: 'CVC code',
	name: 'Name on card',
	pay: 'Pay {amount}',
	book: 'Book and pay {amount}',
	testCards: 'Test cards',
	succeeds: 'payment succeeds',
	authenticates: 'asks for authentication',
	noFunds: 'declined: insufficient funds',
	refused: 'declined',
	testHint: 'Any future date, any three-digit code.',
	fix: 'Check the marked fields.',
	emailWrong: 'Enter a valid email address.',
	numberMissing: 'Enter the card number.',
	numberWrong: 'This card number is not valid.',
	numberReal: 'This is not a test card. Never use a real card here.',
	expiryWrong: 'The expiry date is incomplete or wrong.',
	expiryPast: "The card's expiry date is in the past.",
	cvcWrong: 'The security code is incomplete.',
	nameMissing: 'Enter the name on the card.',
	expiredTitle: 'This payment page has expired',
	expiredText: 'Nothing was charged. Go back to the site to start again.',
	completeTitle: 'This payment is already done',
	completeText: 'There is nothing left to pay.',
	back: 'Back to the site',
	missingTitle: 'Page not found',
	missingText: 'This address leads to no payment. Check the link, or go back to the site.',
	proofTitle: 'Your bank asks you to confirm',
	proofText: "3-D Secure step: here you choose the bank's answer yourself, for the payment of {amount}.",
	proofPass: 'Complete authentication',
	proofFail: 'Fail authentication'
};

export type Words = typeof fr;
export const words: Record<Language, Words> = { fr, en };

/** Why a payment was refused, by decline code or error code. */
const refusals: Record<Language, Record<string, string>> = {
	fr: {
		insufficient_funds: 'Les fonds disponibles sur votre carte sont insuffisants. Essayez une autre carte.',
		expired_card: 'Votre carte a expiré. Essayez une autre carte.',
		incorrect_cvc: 'Le code de sécurité de votre carte est incorrect.',
		processing_error: 'Le traitement de votre carte a échoué. Réessayez dans un instant.',
		card_velocity_exceeded: 'Votre carte a été refusée après trop de tentatives. Essayez une autre carte.',
		payment_intent_authentication_failure:
			"Nous n'avons pas pu authentifier votre carte. Essayez de nouveau ou choisissez une autre carte."
	},
	en: {
		insufficient_funds: 'Your card has insufficient funds. Try a different card.',
		expired_card: 'Your card has expired. Try a different card.',
		incorrect_cvc: "Your card's security code is incorrect.",
		processing_error: 'Your card could not be processed. Try again in a moment.',
		card_velocity_exceeded: 'Your card was declined after too many attempts. Try a different card.',
		payment_intent_authentication_failure: 'We could not authenticate your card. Try again or choose a different card.'
	}
};
const refusedOtherwise: Record<Language, string> = {
	fr: 'Votre carte a été refusée. Essayez une autre carte.',
	en: 'Your card was declined. Try a different card.'
};

export function refusal(language: Language, codes: (string | undefined)[]): string {
	return (
		codes.map((code) => refusals[language][code ?? '']).find((sentence) => sentence !== undefined) ??
		refusedOtherwise[language]
	);
}

/** The page's language: the session's locale, or with `auto` the first of the browser's that the page has. */
export function languageOf(locale: string | null, acceptLanguage: string | undefined): Language {
	const wanted = locale && locale !== 'auto' ? [locale] : (acceptLanguage ?? '').split(',');
	for (const tag of wanted) {
		const language = tag.trim().slice(0, 2).toLowerCase();
		if (language === 'fr' || language === 'en') return language;
	}
	return locale && locale !== 'auto' ? 'en' : 'fr';
}
