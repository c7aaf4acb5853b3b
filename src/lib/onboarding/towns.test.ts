import { expect, test } from 'vitest';
import { listed } from './towns.ts';

const towns = [
	{ slug: 'fes', name_fr: 'Fès', name_ar: 'فاس', name_en: 'Fez' },
	{ slug: 'el-jadida', name_fr: 'El Jadida', name_ar: 'الجديدة', name_en: 'El Jadida' }
];

test.each([
	['fes', 'fes'],
	[' FEZ ', 'fes'],
	['فاس', 'fes'],
	['el-jadida', 'el-jadida'],
	['Azrou', undefined],
	['Fès el Bali', undefined]
])('%j is %s of the list', (typed, slug) => expect(listed(towns, typed)?.slug).toBe(slug));
