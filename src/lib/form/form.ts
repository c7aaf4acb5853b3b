import type { MessageKey } from '#lib/i18n/messages.ts';

/** What an action answers when it refuses a form: what was typed, and what is wrong where. */
export interface FormState {
	/** as typed; never a password */
	values: Record<string, string>;
	/** one sentence for each field that was refused */
	errors: Record<string, MessageKey>;
	/** one sentence for the form as a whole */
	problem?: MessageKey;
	/** what that sentence names, such as how long to wait */
	details?: Record<string, string | number>;
}
