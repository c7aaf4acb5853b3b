// Keeps the list fresh, shows times as the reader's clock has them, and deletes.
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function showTimes(within) {
	for (const time of within.querySelectorAll('time')) time.textContent = clock.format(new Date(time.dateTime));
}

async function refresh() {
	const answer = await fetch(location.href);
	const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
	const list = fresh.getElementById('list');
	const seen = [...document.querySelectorAll('#list a.row')].map((row) => row.getAttribute('href')).join();
	const now = [...list.querySelectorAll('a.row')].map((row) => row.getAttribute('href')).join();
	if (seen === now) return;
	const focused = document.activeElement?.getAttribute('href');
	showTimes(list);
	document.getElementById('list').replaceWith(list);
	document.title = fresh.title;
	if (focused) list.querySelector(`a[href="${focused}"]`)?.focus();
}

showTimes(document);
if (document.querySelector('[data-live]')) {
	setInterval(() => {
		if (!document.hidden) refresh().catch(() => {});
	}, 2000);
}
for (const button of document.querySelectorAll('[data-delete]')) {
	button.addEventListener('click', async () => {
		const id = button.dataset.delete;
		if (id === 'all' && !confirm('Delete all mail?')) return;
		await fetch('/api/v1/messages', { method: 'DELETE', body: JSON.stringify(id === 'all' ? {} : { IDs: [id] }) });
		location.assign('/');
	});
}
