/**
 * How many digits a currency has after the point: 2 for MAD and EUR, 0 for JPY, 3 for TND. The database has its own list,
 * `currencies`, which a test compares with this.
 */
export function minorDigits(currency: string): number {
	return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** Minor units (centimes, an integer) as major ones, for display only. */
export function toMajor(minor: number, currency: string): number {
	return minor / 10 ** minorDigits(currency);
}

/** Whole units of a currency in minor ones. */
export function toMinor(major: number, currency: string): number {
	return Math.round(major * 10 ** minorDigits(currency));
}

/** What a person typed (`"1 250,50"`, `"1250.5"`) in minor units; null where it is no amount of this currency. */
export function parseMoney(typed: string, currency: string): number | null {
	const digits = minorDigits(currency);
	const plain = typed.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
	const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(plain);
	if (!match || (match[2]?.length ?? 0) > digits) return null;
	return Number(match[1]! + (match[2] ?? '').padEnd(digits, '0'));
}
