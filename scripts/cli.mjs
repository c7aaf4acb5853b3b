// The first thing that runs on a fresh clone, on whatever Node is there: it needs nothing but Node itself.
// It installs what is missing, then hands over to the commands, which run on the Node pinned in package.json.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const windows = process.platform === 'win32';

function fail(sentence) {
	console.error(sentence);
	process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < 20) {
	fail(`Khadamat needs Node 20 or newer; this is ${process.version}.`);
}

/** Installs the packages of the lock file when they are not there or when the lock has changed since. */
function install() {
	const lock = createHash('sha256')
		.update(readFileSync(join(root, 'package-lock.json')))
		.digest('hex');
	const stamp = join(root, 'node_modules', '.khadamat-lock');
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
	console.error('Installing packages …');
	const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
		cwd: root,
		stdio: ['ignore', 2, 2],
		shell: windows
	});
	if (result.status !== 0) fail('The packages could not be installed: see what npm says above, then try again.');
	writeFileSync(stamp, lock);
}

/** The Node that package.json pins for this machine, or the one that runs this when it is new enough. */
function pinnedNode() {
	const pinned = join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node');
	if (existsSync(pinned)) return pinned;
	if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
	return fail('No Node 24 is pinned for this kind of machine. Install Node 24 and start again.');
}

install();
const node = pinnedNode();
const child = spawn(
	node,
	['--disable-warning=ExperimentalWarning', join(root, 'scripts', 'main.ts'), ...process.argv.slice(2)],
	{
		cwd: root,
		// The channel tells the other that this one is gone, even when it was killed.
		stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
		env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${windows ? ';' : ':'}${process.env.PATH}` }
	}
);
// The other stops what it started; this one passes the wish on and waits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
child.on('exit', (code) => process.exit(code ?? 1));
