import type { Tone } from '#lib/ui/tone.ts';

/** Where a code stands: holds, is yet to, is over, has no uses left, or was switched off. */
export type PromoState = 'on' | 'later' | 'over' | 'used_up' | 'off';

export const promoTones: Record<PromoState, Tone> = {
	on: 'success',
	later: 'info',
	over: 'neutral',
	used_up: 'warning',
	off: 'neutral'
};

/** For showing only: the database decides with each booking. Dates are instants, `used` counts live bookings. */
export function stateOf(
	promo: { active: boolean; valid_from: string; valid_to: string | null; max_uses: number | null },
	used: number,
	now: Date
): PromoState {
	if (!promo.active) return 'off';
	if (promo.valid_to !== null && Date.parse(promo.valid_to) <= now.getTime()) return 'over';
	if (promo.max_uses !== null && used >= promo.max_uses) return 'used_up';
	return Date.parse(promo.valid_from) > now.getTime() ? 'later' : 'on';
}
