import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Settings } from '../../settings.ts';
import { unescapeHtml } from './escape.ts';
import { parseTemplate } from './template.ts';
import type { TemplateData } from './template.ts';

export type TemplateName = 'confirmation' | 'invite' | 'recovery' | 'magic_link' | 'email_change' | 'reauthentication';

export interface Mailer {
	/** Sends one mail; raises what the mail server said when it was not taken. */
	send(template: TemplateName, to: string, data: TemplateData): Promise<void>;
	close(): void;
}

/** What is sent when the project has no template of its own, as on hosted projects. */
const plain: Record<TemplateName, { subject: string; body: string }> = {
	confirmation: {
		subject: 'Confirm your email address',
		body: link('Follow this link to confirm your email address:')
	},
	invite: { subject: 'You have been invited', body: link('Follow this link to accept the invitation:') },
	recovery: { subject: 'Reset your password', body: link('Follow this link to choose a new password:') },
	magic_link: { subject: 'Your sign-in link', body: link('Follow this link to sign in:') },
	email_change: {
		subject: 'Confirm your new email address',
		body: link('Follow this link to confirm the change to {{ .NewEmail }}:')
	},
	reauthentication: {
		subject: 'Your verification code',
		body: '<p>Enter this code to verify your identity: {{ .Token }}</p>'
	}
};

function link(sentence: string): string {
	return `<p>${sentence}</p><p><a href="{{ .ConfirmationURL }}">{{ .ConfirmationURL }}</a></p><p>{{ .Token }}</p>`;
}

/**
 * Mails of the Auth service, sent to the mail catcher in the project's name. Templates are read at each mail, so that a
 * change to one shows at once; their paths are relative to the project's root.
 */
export function createMailer(
	{ project, brand, ports }: Pick<Settings, 'project' | 'brand' | 'ports'>,
	templates: Record<string, { subject: string; content_path: string }>
): Mailer {
	const transport = createTransport({ host: '127.0.0.1', port: ports.smtp, secure: false, ignoreTLS: true });
	return {
		send: async (name, to, data) => {
			const template = templates[name];
			const source = template
				? { subject: template.subject, body: readFileSync(join(project, template.content_path), 'utf8') }
				: plain[name];
			await transport.sendMail({
				from: { name: brand, address: 'noreply@localhost.local' },
				to,
				subject: unescapeHtml(parseTemplate(source.subject)(data)),
				html: parseTemplate(source.body)(data)
			});
		},
		close: () => transport.close()
	};
}
