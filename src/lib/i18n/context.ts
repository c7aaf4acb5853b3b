import { createContext } from 'svelte';
import { i18nOf } from './i18n.ts';
import type { I18n } from './i18n.ts';
import type { Language } from './languages.ts';

const [get, set] = createContext<I18n>();

/** Gives everything below this component its language. The root layout calls it. */
export function provideI18n(language: Language): void {
	set(i18nOf(language));
}

/** The language of this page. Call it while a component is being made: `const t = useI18n()`, then `t('common.actions.save')`. */
export function useI18n(): I18n {
	return get();
}
