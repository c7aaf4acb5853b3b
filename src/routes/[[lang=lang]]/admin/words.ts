import type { AuditEntry } from '#lib/administration/audit.ts';
import { auditedActions, auditedTables } from '#lib/administration/vocabulary.ts';
import type { I18n } from '#lib/i18n/i18n.ts';
import type { Tone } from '#lib/ui/tone.ts';

type Table = (typeof auditedTables)[number];
type WithoutDot<Name extends string> = Name extends `${infer Schema}.${infer Rest}` ? `${Schema}_${Rest}` : Name;

/** What a logged table is about; the name itself of one that the dictionary does not know yet. */
export function tableWords(t: I18n, name: string): string {
	const known = auditedTables.find((table) => table === name);
	return known ? t(`admin.audit.table.${known.replace('.', '_') as WithoutDot<Table>}`) : name;
}

export function actionWords(t: I18n, name: string): string {
	const known = auditedActions.find((action) => action === name);
	return known ? t(`admin.audit.action.${known}`) : name;
}

export function actionTone(name: string): Tone {
	switch (name) {
		case 'insert':
		case 'restored':
			return 'success';
		case 'update':
			return 'info';
		case 'delete':
		case 'suspended':
			return 'danger';
		default:
			return 'warning';
	}
}

const parts = [
	'super_admin',
	'admin',
	'moderator',
	'owner',
	'manager',
	'staff',
	'client',
	'visitor',
	'system'
] as const;

/** As what somebody acted. */
export function partWords(t: I18n, name: string): string {
	const known = parts.find((part) => part === name);
	return known ? t(`admin.audit.part.${known}`) : name;
}

/** Who acted: by name where that is known. */
export function actorWords(t: I18n, { actor, actor_gone, actor_role }: AuditEntry): string {
	if (actor) return actor;
	if (actor_gone) return t('admin.audit.deleted_actor');
	return t(actor_role === 'visitor' ? 'admin.audit.visitor' : 'admin.audit.system');
}

/** A name or an address for the middle of a sentence, kept apart from the direction of the words around it. */
export const isolated = (text: string): string => `\u2068${text}\u2069`;
